"""Speed and quality measured, never asserted: `make bench`."""
