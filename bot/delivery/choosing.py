"""Which choice is meant by what was typed: its number or its title."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.delivery.messages import Choice
from bot.guidance.profile import NUMBERS
from bot.language.normal import normalise

#: A longer message is no choice.
LONGEST_CHOICE = 30


def by_number(choices: Sequence[Choice]) -> bool:
    """Whether a typed number chooses among these.

    Not where a number is itself an answer ("how many are you?"), nor where what is typed goes to a person of the staff.
    """
    return not any(choice.payload == "/back_to_bot" or _field(choice.payload) in NUMBERS for choice in choices)


def meant(typed: str, choices: Sequence[Choice]) -> str | None:
    """The payload of the choice that was typed out; None where none was."""
    said = normalise(typed)
    if said.isdecimal() and by_number(choices):
        return choices[int(said) - 1].payload if 1 <= int(said) <= len(choices) else None
    return next((choice.payload for choice in choices if said and normalise(choice.title) == said), None)


def _field(payload: str) -> str:
    """The question that a button answers; empty for a button of another kind."""
    intent, brace, values = payload.partition("{")
    return str(json.loads(brace + values).get("field", "")) if intent == "/answer" and brace else ""
