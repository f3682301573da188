"""Which conversations are listed."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from bot.console.chambers.models import Chamber, region_choices
from bot.console.conversations.models import CHANNELS, OUTCOMES, VARIETIES, Turn
from bot.console.conversations.search import matching
from bot.console.review.models import Assignment, Review, Tag
from bot.console.templatetags.console import ui_language
from bot.knowledge.store import load
from bot.paths import ROOT
from bot.transcript import Kind, Outcome
from bot.yaml_files import read_yaml

_ANY = [("", _("tous"))]
#: Answers given with less probability than this are worth a look (they are given from 0.5 on, bot/knowledge/answer.py).
SURE = 0.7


def _areas() -> list[tuple[str, Any]]:
    return [*_ANY, *((area.id, area.title.get(ui_language())) for area in load().areas.values())]


@lru_cache(maxsize=1)
def _known_intents() -> tuple[str, ...]:
    """The intents of the domain: asking the turns for theirs would read them all."""
    domains = [read_yaml(path) for path in sorted((ROOT / "domain").glob("*.yml"))]
    named = [next(iter(intent)) if isinstance(intent, dict) else intent for domain in domains for intent in domain.get("intents", [])]
    return tuple(sorted({*named, "nlu_fallback"}))


def _intents() -> list[tuple[str, Any]]:
    return [*_ANY, *((intent, intent) for intent in _known_intents())]


class FilterForm(forms.Form):
    """What the list is narrowed to; everything is optional, and what is not valid is left out."""

    q = forms.CharField(label=_("Rechercher"), required=False, max_length=200, widget=forms.TextInput({"type": "search", "data-key": "/", "dir": "auto"}))
    since = forms.DateField(label=_("Depuis le"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=_("Jusqu'au"), required=False, widget=forms.DateInput({"type": "date"}))
    channel = forms.ChoiceField(label=_("Canal"), required=False, choices=[*_ANY, *CHANNELS.items()])
    variety = forms.ChoiceField(label=_("Langue"), required=False, choices=[*_ANY, *VARIETIES.items()])
    area = forms.ChoiceField(label=_("Domaine"), required=False, choices=_areas)
    intent = forms.ChoiceField(label=_("Intention"), required=False, choices=_intents)
    outcome = forms.ChoiceField(label=_("Résultat"), required=False, choices=[*_ANY, *((outcome.value, label) for outcome, label in OUTCOMES.items())])
    unsure = forms.BooleanField(label=_("Peu sûr"), required=False)
    down = forms.BooleanField(label=_("Pouce en bas"), required=False)
    handoff = forms.BooleanField(label=_("Personne demandée"), required=False)
    unreviewed = forms.BooleanField(label=_("Pas encore relu"), required=False)
    mine = forms.BooleanField(label=_("Confiées à moi"), required=False)
    chamber = forms.ModelChoiceField(Chamber.objects.all(), label=_("Chambre"), required=False, empty_label=_("toutes"))
    region = forms.ChoiceField(label=_("Région"), required=False, choices=lambda: [*_ANY, *region_choices()])
    tag = forms.ModelChoiceField(Tag.objects.all(), label=_("Étiquette"), required=False, empty_label=_("toutes"))
    record = forms.CharField(label=_("Fiche"), required=False, max_length=80, widget=forms.TextInput({"dir": "ltr"}))

    def wanted(self) -> dict[str, Any]:
        """The values that are given and valid."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value not in (None, "", False)}


def narrowed(turns: QuerySet[Turn], wanted: dict[str, Any], staff: Any) -> QuerySet[Turn]:
    """The turns that answer to every wish.

    Args:
        turns: all of them.
        wanted: what `FilterForm.wanted` gives.
        staff: the account that asks, for what is assigned to it.
    """
    for name in ("channel", "variety", "area", "intent", "outcome", "region", "record"):
        if name in wanted:
            turns = turns.filter(**{name: wanted[name]})
    if "since" in wanted:
        turns = turns.filter(at__gte=_midnight(wanted["since"]))
    if "until" in wanted:
        turns = turns.filter(at__lt=_midnight(wanted["until"]) + dt.timedelta(days=1))
    if "unsure" in wanted:
        turns = turns.filter(unsure())
    if "down" in wanted:
        turns = turns.filter(rating="down")
    if "handoff" in wanted:
        turns = turns.filter(outcome=Outcome.HANDOFF.value)
    if "unreviewed" in wanted:
        turns = turns.filter(~Exists(Review.objects.filter(turn_id=OuterRef("id"))), kind=Kind.TEXT.value)
    if "mine" in wanted:
        turns = turns.filter(conversation_id__in=Assignment.objects.filter(assignee=staff).values("sender"))
    if "chamber" in wanted:
        turns = turns.filter(campaign__in=wanted["chamber"].campaigns.values("code"))
    if "tag" in wanted:
        turns = turns.filter(tags__tag=wanted["tag"])
    return matching(turns, wanted["q"]) if "q" in wanted else turns


def unsure() -> Q:
    """Turns in which the bot was not sure what was meant: it offered a choice, or answered with little more than it needs to."""
    return Q(kind=Kind.TEXT.value) & (Q(outcome=Outcome.OFFERED.value) | Q(outcome=Outcome.ANSWERED.value, certainty__lt=SURE))


def _midnight(day: dt.date) -> dt.datetime:
    return make_aware(dt.datetime.combine(day, dt.time()))
