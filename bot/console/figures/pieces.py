"""The parts of the page: what each needs to be shown. Each is a page of its own too, for browsers without scripts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from bot.console.figures import charts
from bot.console.figures.breakdowns import by, by_chamber, by_region
from bot.console.figures.counting import Line, change, share
from bot.console.figures.deliveries import deliveries, waits
from bot.console.figures.durations import durations, edge_labels
from bot.console.figures.handoff import handoff
from bot.console.figures.overview import GROUP_LABELS, Overview, overview
from bot.console.figures.scope import Scope
from bot.console.figures.staleness import stale
from bot.console.figures.templatetags.figures import figure
from bot.console.figures.topics import ratings, reasons, topics
from bot.console.figures.wall import Figure
from bot.console.templatetags.console import ui_language


def top(scope: Scope) -> dict[str, Any]:
    """The figures at the top, and the charts over time."""
    found = overview(scope)
    labels = [date_format(start, "j/n") for start in found.starts]
    people = [charts.Series(_("Personnes"), [_drawn(people) for _messages, people in found.bars])]
    return {
        "overview": found,
        "chart": _messages(found, labels),
        "people": charts.over_time("people", labels, people, get_language_bidi(), _written),
        "rows": _days(found),
        "weekly": scope.period.step > 1,
    }


def _messages(found: Overview, labels: Sequence[str]) -> charts.Chart:
    series = [charts.Series(str(GROUP_LABELS[name]), values) for name, values in found.stacks.items()]
    if not series:
        series = [charts.Series(_("Messages"), [_drawn(messages) for messages, _people in found.bars])]
    return charts.over_time("days", labels, series, get_language_bidi(), _written)


def _days(found: Overview) -> list[dict[str, Any]]:
    """The chart's numbers as a table."""
    return [
        {"start": start, "messages": messages, "people": people, "groups": [values[position] for values in found.stacks.values()]}
        for position, (start, (messages, people)) in enumerate(zip(found.starts, found.bars))
    ]


def _sources(scope: Scope) -> dict[str, Any]:
    titles = {"channel": _("Par canal"), "variety": _("Par langue"), "area": _("Par domaine")}
    return {"parts": [{"title": title, "lines": lines, "chart": _across(field, lines)} for field, title in titles.items() for lines in [by(scope, field)]]}


def _ratings(scope: Scope) -> dict[str, Any]:
    rated, why = ratings(scope), reasons(scope)
    return {"ratings": rated, "ratings_chart": _across("ratings", rated), "reasons": why, "reasons_chart": _across("reasons", why)}


def _durations(scope: Scope) -> dict[str, Any]:
    now = durations(scope)
    values = [_drawn(answers) for answers in now.histogram]
    return {
        "now": now,
        "before": durations(scope.before),
        "histogram": list(zip(edge_labels(), now.histogram)),
        "histogram_chart": charts.histogram("durations", edge_labels(), values, get_language_bidi(), _written),
    }


def _service(scope: Scope) -> dict[str, Any]:
    asked, asked_before = handoff(scope), handoff(scope.before)
    sent, sent_before = deliveries(scope), deliveries(scope.before)
    return {
        "asked": asked,
        "asked_before": asked_before,
        "asked_change": change(asked.cases, asked_before.cases),
        "in_time": share(asked.in_time, asked.due),
        "in_time_before": share(asked_before.in_time, asked_before.due),
        "waits": waits(scope),
        "waits_before": waits(scope.before),
        "sent": sent,
        "sent_before": sent_before,
        "failed_share": share(sent.failed, sent.written),
        "failed_change": change(sent.failed, sent_before.failed),
    }


def _topics(scope: Scope) -> dict[str, Any]:
    found = topics(scope)
    return {"lines": found, "chart": _across("topics", found)}


def _stale(_scope: Scope) -> dict[str, Any]:
    return {"facts": stale(timezone.localdate(), ui_language())}


def _places(scope: Scope) -> dict[str, Any]:
    return {"regions": by_region(scope), "chambers": by_chamber(scope)}


@dataclass(frozen=True)
class Piece:
    """A part of the page: its title, and what it needs."""

    title: str | Promise
    build: Callable[[Scope], dict[str, Any]]


PIECES = {
    "sources": Piece(gettext_lazy("Canaux, langues, domaines"), _sources),
    "topics": Piece(gettext_lazy("Ce que les gens demandent"), _topics),
    "ratings": Piece(gettext_lazy("Avis sur les réponses"), _ratings),
    "durations": Piece(gettext_lazy("Temps de réponse du bot"), _durations),
    "service": Piece(gettext_lazy("Personnes demandées et envois"), _service),
    "places": Piece(gettext_lazy("Régions et chambres"), _places),
    "stale": Piece(gettext_lazy("Fiches à relire"), _stale),
}


def _across(name: str, lines: Sequence[Line]) -> charts.Chart:
    return charts.horizontal(name, [(line.label, _drawn(line.turns), figure(line.turns)) for line in lines], get_language_bidi())


def _drawn(value: Figure) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _written(value: float) -> str:
    return number_format(round(value), force_grouping=True)
