"""Dalil: guidance on Morocco's social and solidarity economy, in Arabic, Darija and French."""

__version__ = "0.2.0"
