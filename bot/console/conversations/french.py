"""What the bot said, in French, for staff who read no Arabic."""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils import translation

from bot.console.conversations.models import OUTCOMES, Turn
from bot.knowledge.store import load
from bot.knowledge.text import shown
from bot.transcript import Outcome

#: The payload of a button that shows a record (actions/context.py).
_SHOWS = re.compile(r'^/show\{"record": "([^"]+)"\}$')
_TOLD = (Outcome.ANSWERED.value, Outcome.SHOWN.value)


def said(turn: Turn) -> str:
    """The French of what was said: a record's text, the titles of the records that were offered.

    Everything else the bot says is in no record: of that only what became of the turn is told.
    """
    if turn.outcome in _TOLD and turn.record in load().records:
        return shown(load().records[turn.record], "fr")
    if turn.outcome == Outcome.OFFERED.value and (titles := [load().records[record].title.fr for record in _on_buttons(turn)]):
        return "\n".join(f"• {title}" for title in titles)
    with translation.override("fr"):
        return f"({OUTCOMES[Outcome(turn.outcome)]})"


def _on_buttons(turn: Turn) -> Iterable[str]:
    """The records that the turn's buttons show, those that there still are."""
    for message in turn.said:
        for _title, payload in message["buttons"]:
            found = _SHOWS.match(payload)
            if found and found[1] in load().records:
                yield found[1]
