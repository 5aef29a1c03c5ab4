"""Reading payments, refunds, vouchers and what a till took."""
