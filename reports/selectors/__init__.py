"""Reading the ledger for accountants: rows and totals from one query each."""
