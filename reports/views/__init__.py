"""The accountants' and auditors' pages."""
