"""Turns as rows of a file, without names."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from bot.console.conversations.models import CHANNELS, OUTCOMES, VARIETIES, Turn
from bot.console.figures.scope import Scope
from bot.console.figures.sheets import Row
from bot.console.figures.topics import REASONS
from bot.console.templatetags.console import reason_label, ui_language
from bot.knowledge.store import load
from bot.places.regions import regions

#: Numbers that stand for people in one export.
_NUMBERS = 10**9
_READ_AT_ONCE = 2000


def turns_of(scope: Scope) -> QuerySet[Turn]:
    """The turns to hand out: those there are now, so that they can be counted before."""
    last = scope.turns().aggregate(last=Max("id"))["last"] or 0
    return scope.turns().filter(id__lte=last).order_by("id")


def turn_rows(turns: QuerySet[Turn]) -> Iterator[Row]:
    """The turns as rows, the header first, in the language of the page.

    Who said them is a number drawn for this export: it joins the rows of one person, and no two exports. No address, no pseudonym and no number
    of a turn stands here; texts are masked as they are stored.
    """
    language = ui_language()
    outcomes = {outcome.value: str(label) for outcome, label in OUTCOMES.items()}
    channels = {channel: str(label) for channel, label in CHANNELS.items()}
    varieties = {variety: str(label) for variety, label in VARIETIES.items()}
    titles = {record.id: record.title.get(language) for record in load().records.values()}
    areas = {area.id: area.title.get(language) for area in load().areas.values()}
    region_names = dict(regions(language))
    reasons = {reason: reason_label(reason) for reason in REASONS}
    thumbs = {"up": _("pouce en haut"), "down": _("pouce en bas")}
    kinds = {"text": _("écrit"), "button": _("bouton"), "event": _("autre")}
    header = turn_header()

    def rows() -> Iterator[Row]:
        yield header
        number_of: defaultdict[str, int] = defaultdict(_numbers().__next__)
        for turn in turns.values_list(*_FIELDS, named=True).iterator(_READ_AT_ONCE):
            yield (
                timezone.localtime(turn.at).replace(tzinfo=None, microsecond=0),
                number_of[turn.conversation_id],
                channels.get(turn.channel, turn.channel),
                kinds.get(turn.kind, turn.kind),
                varieties.get(turn.variety, turn.variety),
                turn.text,
                turn.intent,
                round(turn.certainty, 3),
                outcomes.get(turn.outcome, turn.outcome),
                turn.record,
                titles.get(turn.record, ""),
                areas.get(turn.area, turn.area),
                region_names.get(turn.region, ""),
                turn.campaign,
                thumbs.get(turn.rating, ""),
                reasons.get(turn.reason, turn.reason),
                None if turn.latency is None else round(turn.latency, 3),
            )

    return rows()


_FIELDS: tuple[str, ...] = ("at", "conversation_id", "channel", "kind", "variety", "text", "intent", "certainty", "outcome", "record", "area", "region")
_FIELDS += ("campaign", "rating", "reason", "latency")


def _numbers() -> Iterator[int]:
    """Numbers that are drawn, each once."""
    drawn: set[int] = set()
    while True:
        number = secrets.randbelow(_NUMBERS)
        if number not in drawn:
            drawn.add(number)
            yield number


def turn_header() -> Row:
    """The names of the columns."""
    return (
        _("Moment (heure du Maroc)"),
        _("Personne (numéro de cet export)"),
        _("Canal"),
        _("Manière"),
        _("Langue"),
        _("Texte"),
        _("Intention"),
        _("Certitude"),
        _("Résultat"),
        _("Fiche"),
        _("Titre de la fiche"),
        _("Domaine"),
        _("Région"),
        _("Campagne"),
        _("Avis"),
        _("Raison"),
        _("Temps de réponse du bot (secondes)"),
    )
