"""The pages of `learning`."""
