"""What is counted: the questions of a month, those of one person that are of one kind together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

#: Where no place was named.
UNKNOWN = "unknown"
#: Of a question that no record, and so no subject, belongs to; of a variety that was not recognised.
NONE = "none"
UNDETERMINED = "und"

ANSWERED, OFFERED, REFUSED, HANDED_OVER = "answered", "offered", "refused", "handed_over"
#: The outcomes of questions that have a subject: what was refused, or is for a person of the staff, has none.
WITH_SUBJECT = frozenset((ANSWERED, OFFERED))


class Asked(NamedTuple):
    """Questions of one person.

    Attributes:
        person: a pseudonym.
        region: the code of a region, or `UNKNOWN`.
        variety: what the person wrote in; empty for a button.
        outcome: what became of the questions.
        area, subject: what they were about, or `NONE`.
        questions: how many there are.
    """

    person: str
    region: str
    variety: str
    outcome: str
    area: str
    subject: str
    questions: int


def with_varieties(asked: Iterable[Asked]) -> list[Asked]:
    """The same, each button under the variety in which its person wrote most questions of the month."""
    rows = list(asked)
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.variety:
            written[row.person][row.variety] += row.questions
    usual = {person: min(counts, key=lambda variety: (-counts[variety], variety)) for person, counts in written.items()}
    return [row if row.variety else row._replace(variety=usual.get(row.person, UNDETERMINED)) for row in rows]
