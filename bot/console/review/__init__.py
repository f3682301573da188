"""Right or wrong, and what was meant."""
