"""Handing a conversation over to a person: cases, what is written in them, office hours."""
