"""What was known of somebody when they asked for a person, as staff read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.guidance.journeys import Journey
from bot.guidance.profile import FIELDS
from bot.guidance.text import answer_text, journey_name
from bot.knowledge.store import load

#: What each answer is about.
_ABOUT = {
    "people": _("Personnes au départ"),
    "goal": _("But"),
    "sharing": _("Bénéfices"),
    "turnover": _("Ventes par an"),
    "salaried": _("A déjà un emploi"),
    "money": _("Mise de départ"),
    "form": _("Forme juridique"),
    "sector": _("Secteur"),
    "place": _("Lieu"),
    "age": _("Âge"),
    "led": _("Projet porté par"),
    "amount": _("Somme cherchée"),
    "years": _("Existe depuis"),
    "need": _("Veut apprendre"),
    "teaching": _("Langue de la formation"),
}


def answers(summary: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """What somebody said of themselves: what it is about, and the answer in words."""
    said = summary.get("answers") or {}
    return [(str(_ABOUT[field]), answer_text(field, said[field], load(), language)) for field in FIELDS if field in said]


def journey(summary: Mapping[str, Any], language: str) -> str:
    """The journey that was under way; empty where there was none."""
    begun = summary.get("journey")
    return journey_name(Journey(begun), language) if begun in {each.value for each in Journey} else ""
