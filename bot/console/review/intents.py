"""The intents that a person can type, with names that staff can read."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from bot.console.review.models import OUTSIDE
from bot.console.templatetags.console import ui_language
from bot.knowledge.store import load
from bot.nlu.lines import written_intents

_ASPECT = "ask_"

_NAMES = {
    "affirm": _("Dire oui"),
    "ask_source": _("Demander la source"),
    "change_language": _("Changer de langue"),
    "checklist": _("Suivre les étapes"),
    "choose_form": _("Choisir une forme juridique"),
    "complain": _("Se plaindre"),
    "delete_data": _("Faire effacer ses données"),
    "deny": _("Dire non"),
    "find_office": _("Chercher un bureau"),
    "goodbye": _("Dire au revoir"),
    "greet": _("Saluer"),
    "help": _("Demander ce que Dalil sait faire"),
    "how_are_you": _("Demander comment ça va"),
    "human": _("Demander une personne"),
    "is_official": _("Demander si Dalil est officiel"),
    "leave": _("Quitter un parcours"),
    "menu": _("Demander le menu"),
    "not_useful": _("Dire que la réponse n'aide pas"),
    "privacy": _("Demander ce que deviennent ses données"),
    "repeat": _("Faire répéter"),
    "resume": _("Reprendre un parcours"),
    "seek_financing": _("Chercher un financement"),
    "seek_training": _("Chercher une formation"),
    "start_over": _("Recommencer"),
    "step_done": _("Dire qu'une étape est faite"),
    "thank": _("Remercier"),
    "useful": _("Dire que la réponse aide"),
    "when_checked": _("Demander la date de vérification"),
    "who_are_you": _("Demander qui est Dalil"),
    "who_made_you": _("Demander qui a fait Dalil"),
    "why_not": _("Demander pourquoi pas"),
}


def intents() -> list[str]:
    """The intents that a person can type, but for the one that is outside: that is said with an answer of its own (Meant.OUTSIDE)."""
    return sorted(written_intents() - {OUTSIDE})


def name(intent: str) -> str:
    """An intent in words, in the language of the page; its id where it has none."""
    aspect = load().aspects.get(intent.removeprefix(_ASPECT)) if intent.startswith(_ASPECT) else None
    if aspect:
        return aspect.title.get(ui_language())
    return str(_NAMES.get(intent, intent))


def choices() -> list[tuple[str, Any]]:
    """The intents for a select: questions about a subject first, then the others."""
    named = [(intent, name(intent)) for intent in intents()]
    asked = [(intent, label) for intent, label in named if intent.startswith(_ASPECT)]
    others = [(intent, label) for intent, label in named if not intent.startswith(_ASPECT)]
    return [("", _text("Choisir…")), (_text("Une question sur un sujet"), _by_label(asked)), (_text("Autre chose"), _by_label(others))]


def _by_label(named: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(named, key=lambda choice: choice[1])
