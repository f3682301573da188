"""People who asked for a person."""
