"""Conversations as staff read them."""
