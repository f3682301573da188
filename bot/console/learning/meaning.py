"""What a line asks for: as reviewers say it (`Meant` and a target), and as the file of learnt lines has it (`record` or `intent`). Pure."""

from __future__ import annotations

from bot.console.review.models import OUTSIDE, Meant
from bot.learnt import LearntLine

#: `record` or `intent`, and its id.
Meaning = tuple[str, str]
#: What can be learnt of all that can be meant.
TAUGHT = (Meant.RECORD, Meant.INTENT, Meant.OUTSIDE)


def meaning_of(meant: str, target: str) -> Meaning:
    """What somebody who meant this asks for; outside the scope is an intent."""
    return ("record", target) if meant == Meant.RECORD else ("intent", OUTSIDE if meant == Meant.OUTSIDE else target)


def taught_by(line: LearntLine) -> Meaning:
    """What a learnt line asks for."""
    return ("record", line.record) if line.record is not None else ("intent", str(line.intent))


def meant_by(line: LearntLine) -> tuple[Meant, str]:
    """The same as a reviewer says it: what was meant, and its target."""
    kind, target = taught_by(line)
    if kind == "record":
        return Meant.RECORD, target
    return (Meant.OUTSIDE, "") if target == OUTSIDE else (Meant.INTENT, target)


def line_of(text: str, variety: str, meaning: Meaning) -> LearntLine:
    """The line as the file of learnt lines has it."""
    return LearntLine(text=text, variety=variety, **dict([meaning]))  # type: ignore[arg-type]
