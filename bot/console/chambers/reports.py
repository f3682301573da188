"""A chamber's month: its figures, as a PDF and as a table for spreadsheets.

They are counted once, when the month is over, and kept: what is shown later says the same, whoever was erased meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from bot.console.chambers.models import Chamber, MonthReport
from bot.console.figures.breakdowns import by, by_chamber
from bot.console.figures.counting import Line
from bot.console.figures.handoff import handoff
from bot.console.figures.overview import overview
from bot.console.figures.period import Month
from bot.console.figures.scope import Scope, codes_of
from bot.console.figures.templatetags.figures import figure, growth, share, took
from bot.console.figures.topics import ratings, reasons, topics
from bot.documents.report import Report, Table, Tile, report_pdf

LANGUAGES = ("fr", "ar")
#: Months that can be asked for: conversations are kept for half a year (docs/privacy.md).
BACK = 5


def months(today: dt.date) -> list[Month]:
    """The months that are over, the latest first."""
    last = Month.of(today).before
    found = [last]
    while len(found) < BACK:
        found.append(found[-1].before)
    return found


def stored(chamber: Chamber, month: Month, language: str) -> MonthReport:
    """The report of a month that is over; counted now, if it was not yet."""
    known = MonthReport.objects.filter(chamber=chamber, month=month.first, language=language).first()
    if known is not None:
        return known
    with translation.override(language):
        content = asdict(_content(chamber, month))
    found, _made = MonthReport.objects.get_or_create(chamber=chamber, month=month.first, language=language, defaults={"content": content})
    return found


def make_due(today: dt.date | None = None) -> int:
    """Count the last month for every chamber. Returns how many reports were made."""
    last = months(today or timezone.localdate())[0]
    before = MonthReport.objects.count()
    for chamber in Chamber.objects.all():
        for language in LANGUAGES:
            stored(chamber, last, language)
    return MonthReport.objects.count() - before


def pdf(kept: MonthReport) -> bytes:
    """A report on paper."""
    return report_pdf(_read(kept.content), bytes(kept.chamber.logo), kept.language, timezone.localdate(kept.made_at))


def rows(kept: MonthReport) -> Iterator[tuple[str, ...]]:
    """A report as rows: table, line, column, value."""
    report = _read(kept.content)
    yield ("table", "line", "column", "value")
    for tile in report.tiles:
        yield (report.about, tile.label, "", tile.value)
    for table in report.tables:
        for line in table.rows:
            for column, value in zip(table.columns[1:], line[1:]):
                yield (table.title, line[0], column, value)


def _read(content: dict[str, Any]) -> Report:
    tables = [Table(t["title"], tuple(t["columns"]), [tuple(row) for row in t["rows"]], t["note"]) for t in content["tables"]]
    return Report(content["title"], content["about"], [Tile(**tile) for tile in content["tiles"]], tables, content["notes"])


def _content(chamber: Chamber, month: Month) -> Report:
    """The figures of a month in the language of the thread, as its public's figures are told behind the wall."""
    scope = Scope(month, codes=codes_of(chamber))
    whole, asked = overview(scope), handoff(scope)
    before = _("Mois d'avant : %(figure)s")
    tiles = [Tile(str(line.label), figure(line.turns), before % {"figure": figure(line.before)}) for line in (whole.messages, whole.people, whole.returning)]
    tiles.append(Tile(_("Personne demandée"), figure(asked.cases), _("Avec réponse : %(figure)s") % {"figure": figure(asked.answered)}))
    weeks = [(date_format(start, "j F"), figure(messages), figure(people)) for start, (messages, people) in zip(whole.starts, whole.bars)]
    tables = [
        Table(_("Semaine après semaine"), (_("Semaine du"), _("Messages"), _("Personnes")), weeks),
        _lines(_("Par code"), [row.line for row in by_chamber(scope)]),
        _lines(_("Par langue"), by(scope, "variety")),
        _lines(_("Par canal"), by(scope, "channel")),
        _lines(_("Ce que les messages sont devenus"), whole.groups, people=False),
        _lines(_("Domaines des réponses"), by(scope, "area")),
        _lines(_("Ce que les gens demandent le plus"), topics(scope)),
        _lines(_("Avis sur les réponses"), [*ratings(scope), *reasons(scope)], people=False),
    ]
    if asked.median:
        tables.append(Table(_("Personne demandée"), ("", _("Temps")), [(_("Temps médian jusqu'à la réponse"), took(asked.median))]))
    notes = [
        _("Ces chiffres comptent les gens venus par les liens et les affiches de la chambre. Une personne qui écrit sur deux canaux compte deux fois."),
        _("« Revenues » : les personnes qui avaient déjà écrit avant ce mois."),
        _("Un chiffre sur moins de 5 personnes n'est pas montré, ni parfois un autre à côté, pour que personne ne soit reconnu."),
    ]
    return Report(str(chamber), date_format(month.first, "F Y"), tiles, [table for table in tables if table.rows], notes)


def _lines(title: str, lines: Iterable[Line], people: bool = True) -> Table:
    columns = ("", _("Messages"), *((_("Personnes"),) if people else (_("Part"),)), _("Évolution"))
    found = [(str(line.label), figure(line.turns), figure(line.people) if people else share(line.share), growth(line.change)) for line in lines]
    return Table(title, columns, found)
