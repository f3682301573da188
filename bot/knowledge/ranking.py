"""What the search is taught with and what it returns."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """One training line: what it says, its intent, the record it asks for (None for lines that name no record)."""

    text: str
    intent: str
    record: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A record that may be meant.

    Attributes:
        record: its id.
        logit: log-weight against the other candidates and against "none".
        bare: the same as if no subject had been named.
        subject: its subject id.
    """

    record: str
    logit: float
    bare: float
    subject: str


@dataclass(frozen=True)
class Ranking:
    """The candidates of a message and what a subject is worth.

    Attributes:
        candidates: best first.
        named: the subjects named in the message.
        none: log-weight of "none of them".
        agrees, disagrees, other_form: what it adds when a candidate's subject is the one meant, is another, is another legal form.
        forms: the subjects that are legal forms.
    """

    candidates: tuple[Candidate, ...]
    named: tuple[str, ...]
    none: float
    agrees: float
    disagrees: float
    other_form: float
    forms: frozenset[str]
