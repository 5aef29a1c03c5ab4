"""What design.md promises of speed, measured: one script per bar, both sides in turn."""
