"""A fixed order of turns that looks like chance: the same today and tomorrow, on SQLite and on PostgreSQL.

A turn's place is its number times an odd constant, modulo 2^32 (multiplicative hashing: Knuth, The Art of Computer Programming 3, section
6.4). The places form a circle, and each account begins somewhere else on it, so that two people at work do not meet at the same turn.
"""

from __future__ import annotations

from django.db.models import BigIntegerField, ExpressionWrapper, F, Value

#: The prime next to 2^32 divided by the golden ratio: neighbours are spread evenly. Rasa's numbers have 31 bits, so that products fit 63.
_FACTOR = 2_654_435_761
_CIRCLE = 2**32
#: One in so many turns belongs to the sample that is read twice.
ONE_IN = 5


def start(account: int) -> int:
    """Where on the circle an account begins."""
    return account * _FACTOR % _CIRCLE


def place(turn: int, first: int = 0) -> int:
    """How far a turn is from where one begins, going around."""
    return (turn * _FACTOR - first) % _CIRCLE


def place_in_database(first: int = 0) -> ExpressionWrapper:
    """The same, computed by the database for its column `id`."""
    along = (F("id") * Value(_FACTOR) + Value(_CIRCLE - first)) % Value(_CIRCLE)
    # Without the wider type, Django takes no place beyond 2^31 to be greater than another on PostgreSQL.
    return ExpressionWrapper(along, output_field=BigIntegerField())


def in_sample(turn: int) -> bool:
    """Whether a turn belongs to the sample that is read twice."""
    return place(turn) % ONE_IN == 0


def sample_in_database() -> ExpressionWrapper:
    """Zero for the turns of that sample, computed by the database."""
    return ExpressionWrapper(place_in_database() % Value(ONE_IN), output_field=BigIntegerField())
