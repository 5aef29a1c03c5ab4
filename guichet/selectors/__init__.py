"""Reading what the counter's screens show, across the apps below."""
