"""The forms of the four journeys that ask, one class each: Rasa calls them by name."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.asking import JourneyForm
from bot.guidance.checklist import checklists
from bot.guidance.journeys import Journey


class ValidateChooseForm(JourneyForm):
    """Which form suits me?"""

    journey = Journey.FORM


class ValidateChecklist(JourneyForm):
    """My checklist."""

    journey = Journey.CHECKLIST

    def known_at_the_start(self, tracker: Tracker, answers: dict[str, Any]) -> dict[str, Any]:
        """As for every journey; the form advised is taken where none is known."""
        known = super().known_at_the_start(tracker, answers)
        advised = tracker.get_slot("advised")
        return known if known.get("form") or answers["form"] in checklists() or advised not in checklists() else {**known, "form": advised}


class ValidateFinancing(JourneyForm):
    """Money for me."""

    journey = Journey.FINANCING


class ValidateTraining(JourneyForm):
    """Training for me."""

    journey = Journey.TRAINING
