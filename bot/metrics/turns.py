"""Counts turns as Rasa stores them: what was understood and what became of it stands in their events."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from bot import transcript
from bot.knowledge.store import load
from bot.metrics.meters import TURN_SECONDS, TURNS

logger = logging.getLogger(__name__)


def count(events: Iterable[Mapping[str, Any]]) -> None:
    """Count the turns that new events of one sender make; whatever they are, the conversation goes on.

    Args:
        events: their data as Rasa stores them.
    """
    try:
        for turn in transcript.fold([transcript.Event(number, data) for number, data in enumerate(events)], transcript.State(), load()):
            if turn.kind is not transcript.Kind.EVENT:
                TURNS.labels(turn.channel, turn.variety or "none", turn.outcome.value).inc()
                if turn.latency is not None:
                    TURN_SECONDS.labels(turn.channel).observe(turn.latency)
    except Exception as error:
        logger.error("a turn could not be counted: %s", error.__class__.__name__)
