"""From corrections to a better model."""
