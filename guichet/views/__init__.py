"""The operators' screens: translate in, one call, translate out."""
