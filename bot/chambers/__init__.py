"""Chambers of commerce, crafts and agriculture that share Dalil with their public."""
