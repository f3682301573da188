"""What is remembered of a person, in words that they understand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from bot.console.templatetags.console import record_title, ui_language
from bot.guidance.profile import FIELDS
from bot.guidance.questions import SKIP, questions
from bot.guidance.text import answer_text
from bot.knowledge.store import load

_NAMES = {
    "language": _("Langue"),
    "language_guess": _("Langue devinée"),
    "chosen_language": _("Langue choisie"),
    "last_record": _("Dernière réponse"),
    "record": _("Dernière réponse"),
    "topic": _("Sujet"),
    "journey": _("Parcours"),
    "steps_done": _("Étapes faites"),
    "advised": _("Forme conseillée"),
    "office": _("Bureau cherché"),
    "wish": _("Souhait"),
}


def remembered(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a conversation remembers: an answer of a journey beside its question, the rest by its name."""
    return [(_name(name), _value(name, value)) for name, value in values.items() if value not in (None, "", [], {})]


def summary(stored: str) -> list[tuple[str, str]]:
    """What was known of somebody when their case was opened, as the case keeps it (bot/handoff/cases.py)."""
    known: dict[str, Any] = json.loads(stored)
    answers, last = known.pop("answers", None) or {}, known.pop("last", None) or []
    return [*remembered(answers), *((str(_("Avant la demande")), str(text)) for text in last), *remembered(known)]


def _name(name: str) -> str:
    return questions()[name].ask.get(ui_language()) if name in FIELDS else str(_NAMES.get(name, name))


def _value(name: str, value: Any) -> str:
    if name in FIELDS and value != SKIP:
        return answer_text(name, value, load(), ui_language())
    if name in ("record", "last_record"):
        return str(record_title(str(value)))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
