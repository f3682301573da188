"""Reading what an address asks for."""

from __future__ import annotations

#: Digits of the largest number in the database.
_DIGITS = 18


def number(value: str) -> int | None:
    """A number in an address; None for anything else."""
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _DIGITS else None
