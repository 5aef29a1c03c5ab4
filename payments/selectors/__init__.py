"""Reading payments, refunds, vouchers and what a till took; re-computing them (spec P2)."""
