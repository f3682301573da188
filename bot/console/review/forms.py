"""What a reviewer fills in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bot.console.review.intents import choices
from bot.console.review.models import Meant, Verdict
from bot.knowledge.store import load

#: How a record stands among the values of `meant`: records and kinds are one group of radio buttons.
RECORD = f"{Meant.RECORD.value}:"
_LONGEST_NOTE = 2000


class VerdictForm(forms.Form):
    """Right or wrong."""

    verdict = forms.ChoiceField(choices=Verdict.choices)


class MeantForm(forms.Form):
    """What was meant instead: everything is optional, for one may know that an answer is wrong and no more.

    Attributes:
        chosen: the record that is chosen so far; empty where it is something else.
    """

    meant = forms.CharField(required=False)
    intent = forms.ChoiceField(label=_("Laquelle"), required=False, choices=choices)
    note = forms.CharField(label=_("Note"), required=False, max_length=_LONGEST_NOTE, widget=forms.Textarea({"rows": 2, "dir": "auto"}))
    q = forms.CharField(required=False, max_length=200)

    @property
    def chosen(self) -> str:
        """The record that is chosen so far; empty where it is something else."""
        return record_in(str(self["meant"].value() or ""))

    def clean(self) -> dict[str, Any]:
        """Make `meant` a kind, and `target` the id of the record or intent."""
        cleaned = super().clean() or {}
        meant, intent = cleaned.get("meant", ""), cleaned.get("intent", "")
        if not meant and intent:
            meant = Meant.INTENT.value
        target = record_in(meant) or (intent if meant == Meant.INTENT else "")
        if meant == Meant.INTENT and not target:
            self.add_error("intent", _("Choisissez ce que la personne voulait faire."))
        if record_in(meant):
            meant = Meant.RECORD.value
            if target not in load().records:
                self.add_error("meant", _("Cette fiche n'existe plus : choisissez-en une autre."))
        elif meant and meant not in (Meant.INTENT, Meant.OUTSIDE, Meant.MISSING):
            self.add_error("meant", _("Choisissez une des réponses proposées."))
        return {**cleaned, "meant": meant, "target": target}


def record_in(meant: str) -> str:
    """The record that a value of `meant` names; empty where it names none."""
    return meant.removeprefix(RECORD) if meant.startswith(RECORD) else ""


class TagForm(forms.Form):
    """A tag put on a turn, or taken off."""

    add = forms.IntegerField(required=False)
    remove = forms.IntegerField(required=False)
