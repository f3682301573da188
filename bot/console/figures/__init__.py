"""What is asked, and what becomes of it."""
