"""The figures of the page as rows of a file: one figure a row, so that they can be filtered and drawn anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from bot.console.figures.breakdowns import Row as Place
from bot.console.figures.breakdowns import by, by_chamber, by_region
from bot.console.figures.counting import Line
from bot.console.figures.deliveries import deliveries, waits
from bot.console.figures.durations import durations, edge_labels
from bot.console.figures.handoff import handoff
from bot.console.figures.overview import GROUP_LABELS, overview
from bot.console.figures.refused import Question
from bot.console.figures.scope import Scope
from bot.console.figures.sheets import Row
from bot.console.figures.staleness import stale
from bot.console.figures.topics import ratings, reasons, topics
from bot.console.figures.wall import Figure
from bot.console.templatetags.console import channel_label, delivery_label, place_name, ui_language


def figure_rows(scope: Scope, questions: Iterable[Question]) -> Iterator[Row]:
    """The header, what is counted, then the figures of a scope, each with that of the period before where there is one.

    Args:
        scope: what is counted.
        questions: what was asked of it that Dalil could not answer; who hands it out has noted who reads it.

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
    yield _row(_("Ensemble"), "", _("personnes revenues"), whole.returning.turns, whole.returning.before)
    for position, (start, (messages, people)) in enumerate(zip(whole.starts, whole.bars)):
        yield _row(_("Par jour ou semaine"), start.isoformat(), _("messages"), messages)
        yield _row(_("Par jour ou semaine"), start.isoformat(), _("personnes"), people)
        for name, values in whole.stacks.items():
            yield _row(_("Par jour ou semaine"), start.isoformat(), _of_messages(str(GROUP_LABELS[name])), values[position])
    yield from _of_lines(_("Résultat"), whole.groups)
    for field, part in (("channel", _("Canal")), ("variety", _("Langue")), ("area", _("Domaine"))):
        yield from _of_lines(part, by(scope, field))
    yield from _of_places(_("Région"), by_region(scope))
    yield from _of_places(_("Chambre"), by_chamber(scope))
    yield from _of_lines(_("Avis"), ratings(scope))
    yield from _of_lines(_("Raison du pouce en bas"), reasons(scope))
    yield from _of_lines(_("Fiche demandée"), topics(scope, None))
    for question in questions:
        yield _row(_("Questions hors sujet"), question.first.text, _("messages"), question.count)
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
    """How fast answers were and were sent, how requests for a person were met, what did not arrive, what is due to be read again."""
    now, before = durations(scope), durations(scope.before)
    yield _row(_("Temps de réponse du bot"), "", _("médiane, en secondes"), now.median, before.median)
    yield _row(_("Temps de réponse du bot"), "", _("95 sur 100, en secondes"), now.high, before.high)
    for label, answers, past in zip(edge_labels(), now.histogram, before.histogram):
        yield _row(_("Temps de réponse du bot"), label, _("réponses"), answers, past)
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
    sending, sending_before = waits(scope), waits(scope.before)
    yield _row(_("Temps jusqu'à l'envoi"), "", _("réponses"), sending.answers, sending_before.answers)
    yield _row(_("Temps jusqu'à l'envoi"), "", _("médiane, en secondes"), sending.median, sending_before.median)
    yield _row(_("Temps jusqu'à l'envoi"), "", _("95 sur 100, en secondes"), sending.high, sending_before.high)
    yield _row(_("Envois"), "", _("messages à envoyer"), sent.written, sent_before.written)
    yield _row(_("Envois"), "", _("messages non arrivés"), sent.failed, sent_before.failed)
    yield _row(_("Envois"), "", _("STOP ou bot bloqué"), sent.unwanted, sent_before.unwanted)
    for failure in sent.failures:
        yield _row(_("Envois"), f"{delivery_label(failure.fate)} · {failure.error}", _("messages non arrivés"), failure.messages)
    for fact in stale(timezone.localdate(), ui_language()):
        yield (_("À relire"), fact.title, fact.id, fact.due.isoformat(), "")


def _of_lines(part: str, lines: Iterable[Line]) -> Iterator[Row]:
    for line in lines:
        yield _row(part, line.label, _("messages"), line.turns, line.before)
        yield _row(part, line.label, _("personnes"), line.people)


def _of_places(part: str, rows: Iterable[Place]) -> Iterator[Row]:
    for row in rows:
        yield from _of_lines(part, [row.line])
        for label, value in ((_("Répondu"), row.answered), (_("Hors sujet"), row.refused), (_("Pouce en haut"), row.up), (_("Pouce en bas"), row.down)):
            yield _row(part, row.line.label, _of_messages(label), value)


def _of_messages(what: str) -> str:
    return _("messages : %(what)s") % {"what": what}


def _row(part: str, what: str, measure: str, value: Figure, before: Figure = None) -> Row:
    return (part, what, measure, _number(value), _number(before))


def _number(value: Figure) -> int | float | None:
    return round(value, 3) if isinstance(value, (int, float)) else None
