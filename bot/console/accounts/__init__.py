"""Staff accounts, their rights, what they did."""
