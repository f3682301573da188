"""The figures of the page as rows of a file: one figure a row, so that they can be filtered and drawn anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from bot.console.figures.breakdowns import by, by_chamber, by_region
from bot.console.figures.counting import Line
from bot.console.figures.deliveries import deliveries
from bot.console.figures.durations import durations, edge_labels
from bot.console.figures.handoff import handoff
from bot.console.figures.overview import overview
from bot.console.figures.scope import Scope
from bot.console.figures.sheets import Row
from bot.console.figures.staleness import stale
from bot.console.figures.topics import ratings, reasons, topics
from bot.console.figures.wall import Figure
from bot.console.templatetags.console import channel_label, delivery_label, place_name, ui_language


def figure_rows(scope: Scope) -> Iterator[Row]:
    """The header, what is counted, then the figures of a scope, each with that of the period before where there is one.

    Raises:
        PermissionError: behind the wall: files are not for chambers.
    """
    if scope.walled:
        raise PermissionError
    yield (_("Partie"), _("Quoi"), _("Mesure"), _("Valeur"), _("Période d'avant"))
    yield from _chosen(scope)
    whole = overview(scope)
    yield _row(_("Ensemble"), "", _("messages"), whole.messages.turns, whole.messages.before)
    yield _row(_("Ensemble"), "", _("personnes"), whole.people.turns, whole.people.before)
    for start, (messages, people) in zip(whole.starts, whole.bars):
        yield _row(_("Par jour ou semaine"), start.isoformat(), _("messages"), messages)
        yield _row(_("Par jour ou semaine"), start.isoformat(), _("personnes"), people)
    yield from _of_lines(_("Résultat"), whole.groups)
    for field, part in (("channel", _("Canal")), ("variety", _("Langue")), ("area", _("Domaine"))):
        yield from _of_lines(part, by(scope, field))
    yield from _of_lines(_("Région"), (row.line for row in by_region(scope)))
    yield from _of_lines(_("Chambre"), (row.line for row in by_chamber(scope)))
    yield from _of_lines(_("Avis"), ratings(scope))
    yield from _of_lines(_("Raison du pouce en bas"), reasons(scope))
    yield from _of_lines(_("Fiche demandée"), topics(scope, None))
    yield from _service(scope)


def _chosen(scope: Scope) -> Iterator[Row]:
    part = _("Ce qui est compté")
    yield (part, _("Du"), "", scope.period.first.isoformat(), scope.period.before.first.isoformat())
    yield (part, _("Au"), "", scope.period.last.isoformat(), scope.period.before.last.isoformat())
    if scope.region:
        yield (part, _("Région"), "", place_name(scope.region), "")
    if scope.channel:
        yield (part, _("Canal"), "", channel_label(scope.channel), "")
    if scope.codes is not None:
        yield (part, _("Campagnes"), "", ", ".join(sorted(scope.codes)), "")


def _service(scope: Scope) -> Iterator[Row]:
    """How fast answers were, how requests for a person were met, what did not arrive, what is due to be read again."""
    now, before = durations(scope), durations(scope.before)
    yield _row(_("Durée de réponse"), "", _("médiane, en secondes"), now.median, before.median)
    yield _row(_("Durée de réponse"), "", _("95 sur 100, en secondes"), now.high, before.high)
    for label, answers, past in zip(edge_labels(), now.histogram, before.histogram):
        yield _row(_("Durée de réponse"), label, _("réponses"), answers, past)
    asked, asked_before = handoff(scope), handoff(scope.before)
    for measure, value, past in (
        (_("demandes"), asked.cases, asked_before.cases),
        (_("personnes"), asked.people, asked_before.people),
        (_("demandes avec réponse"), asked.answered, asked_before.answered),
        (_("médiane jusqu'à la réponse, en secondes"), asked.median, asked_before.median),
        (_("demandes d'au moins une heure, ou avec réponse"), asked.due, asked_before.due),
        (_("dont réponse en une heure au plus"), asked.in_time, asked_before.in_time),
    ):
        yield _row(_("Prise en charge"), "", measure, value, past)
    sent, sent_before = deliveries(scope), deliveries(scope.before)
    yield _row(_("Envois"), "", _("messages à envoyer"), sent.written, sent_before.written)
    yield _row(_("Envois"), "", _("messages non arrivés"), sent.failed, sent_before.failed)
    for failure in sent.failures:
        yield _row(_("Envois"), f"{delivery_label(failure.fate)} · {failure.error}", _("messages non arrivés"), failure.messages)
    for fact in stale(timezone.localdate(), ui_language()):
        yield (_("À relire"), fact.title, fact.id, fact.due.isoformat(), "")


def _of_lines(part: str, lines: Iterable[Line]) -> Iterator[Row]:
    for line in lines:
        yield _row(part, line.label, _("messages"), line.turns, line.before)
        yield _row(part, line.label, _("personnes"), line.people)


def _row(part: str, what: str, measure: str, value: Figure, before: Figure = None) -> Row:
    return (part, what, measure, _number(value), _number(before))


def _number(value: Figure) -> int | float | None:
    return round(value, 3) if isinstance(value, (int, float)) else None
