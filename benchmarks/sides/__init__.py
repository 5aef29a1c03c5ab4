"""The sides that are measured: what each does once, and what it does it on."""
