"""What a chamber sees tells nothing about few people, whatever is subtracted from whatever."""

from __future__ import annotations

import datetime as dt
import itertools
import random
import re
from typing import Any

import numpy as np
import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from bot.console.chambers.models import Campaign, Chamber
from bot.console.figures import breakdowns, deliveries, durations, handoff, nested, overview, topics
from bot.console.figures.counting import GROUPS
from bot.console.figures.nested import Cell, guarded
from bot.console.figures.period import BACK, Month
from bot.console.figures.scope import Scope
from bot.console.figures.wall import FEW, Guarded, Part, kept_back, people_told, together
from bot.handoff import cases
from tests.console.test_figures import WEEK, at, case, sent, somebody, tiles
from tests.console.tools import project


def of(*numbers: int, rows: int | None = None) -> Part:
    """A part of these people, with one message of each if not told otherwise."""
    return Part(len(numbers) if rows is None else rows, frozenset(f"web:{number}" for number in numbers))


def many(count: int, first: int = 0) -> Part:
    """A part of so many people."""
    return of(*range(first, first + count))


# Parts of a whole


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        ({"a": many(10), "b": many(5, 10)}, set()),
        ({"a": many(10), "b": many(4, 10)}, {"a", "b"}),  # what is left of the whole would tell the one
        ({"a": many(10), "b": many(7, 10), "c": many(4, 20)}, {"b", "c"}),
        ({"a": many(10), "b": many(3, 10), "c": many(2, 20)}, {"b", "c"}),
        ({"a": many(10), "b": many(2, 10), "c": many(1, 20)}, {"a", "b", "c"}),  # three people in all are still too few
        ({"a": many(10), "b": many(3), "c": of(0, 1)}, {"a", "b", "c"}),  # and so are those that are the same
        ({"a": many(10), "b": many(6, 10), **{f"few{number}": of(0) for number in range(5)}}, {"b", *(f"few{number}" for number in range(5))}),
        ({"a": many(10), "nobody": Part()}, set()),  # nobody is nobody's secret
        ({"a": many(2)}, {"a"}),
        ({}, set()),
    ],
)
def test_parts_of_few_people_cannot_be_found_by_subtracting(parts: dict[str, Part], kept: set[str]) -> None:
    assert kept_back(parts) == kept


def test_one_person_in_five_parts_is_one_person() -> None:
    """Ten people in one part and one person in five others: the whole less the ten would be this one person."""
    same = of(99, rows=3)
    parts = {"ten": many(10), **{f"part {number}": same for number in range(5)}}
    assert kept_back(parts) == set(parts)


def test_what_stands_in_no_part_is_hidden_too() -> None:
    parts = {"a": many(10), "b": many(6, 10)}
    assert kept_back(parts, rest=of(50, 51)) == {"b"}
    assert kept_back(parts, rest=many(5, 50)) == set()
    assert kept_back(parts, rest=Part()) == set()


def test_what_is_kept_back_is_of_nobody_or_of_enough_people() -> None:
    chance = random.Random(7)
    for _ in range(3000):
        crowd = range(chance.choice((3, 8, 20)))
        parts = {name: of(*chance.sample(crowd, chance.randint(0, min(len(crowd), 9)))) for name in "abcdef"[: chance.randint(1, 6)]}
        kept = kept_back(parts)
        hidden = together(parts[name] for name in kept)
        assert not hidden.telling or kept >= {name for name, part in parts.items() if part.people}
        assert all(not parts[name].telling for name in parts if name not in kept)


# Numbers of people


def test_how_many_people_does_not_tell_how_many_others() -> None:
    whole = many(12)
    assert people_told({"a": many(10)}, whole) == {"a": FEW}  # two are not among them
    assert people_told({"a": many(7)}, whole) == {"a": 7}
    assert people_told({"a": many(12)}, whole) == {"a": 12}
    assert people_told({"a": many(7)}, whole, kept={"a"}) == {"a": FEW}


def test_how_many_people_does_not_tell_who_stands_in_two_parts() -> None:
    """Nine and eight people of fifteen in all: two must stand in both."""
    assert people_told({"a": many(9), "b": many(8, 7)}, many(15)) == {"a": 9, "b": FEW}
    assert people_told({"a": many(9), "b": many(8, 7), "nobody": Part()}, many(15)) == {"a": 9, "b": FEW, "nobody": FEW}
    assert people_told({"a": many(10), "b": many(10, 5)}, many(15)) == {"a": 10, "b": 10}


# Outcomes, areas and records


CELLS = [
    *(Cell("answered", area, record) for area, record in [("creation", "r1"), ("creation", "r2"), ("money", "r3"), ("money", "r4"), ("tax", "r5"), ("", "")]),
    *(Cell(group) for group in ("offered", "refused", "talk", "other")),
]
_CHOICES = np.array(list(itertools.product((0, 1), repeat=len(CELLS))))[1:]


def _shown(told: nested.Subjects, whole: Part) -> list[list[int]]:
    """What a page shows, each figure as the cells that it is the sum of."""
    figures = [] if whole.few else [[1] * len(CELLS)]
    figures += [[int(cell.group == group) for cell in CELLS] for group in GROUPS if told.groups.rows(group) is not FEW]
    figures += [[int(cell.group == "answered" and cell.area == area) for cell in CELLS] for area in told.areas.parts if told.areas.rows(area) is not FEW]
    return figures + [[int(cell.record == record) for cell in CELLS] for record in told.records.parts if told.records.rows(record) is not FEW]


def _found_out(cells: dict[Cell, Part]) -> list[Cell] | None:
    """Cells of few people whose sum follows from what is shown, by any additions and subtractions at all; None where there are none."""
    figures = _shown(guarded(cells), together(cells.values()))
    if not figures:
        return None
    _left, sizes, directions = np.linalg.svd(np.array(figures, dtype=float))
    free = directions[int((sizes > 1e-9).sum()) :]  # in which the cells can change without a figure that is shown changing
    certain = _CHOICES[(np.abs(_CHOICES @ free.T) < 1e-9).all(axis=1)]
    for choice in certain:
        chosen = [cell for cell, taken in zip(CELLS, choice) if taken and cell in cells]
        if together(cells[cell] for cell in chosen).telling:
            return chosen
    return None


def _some_cells(chance: random.Random) -> dict[Cell, Part]:
    crowd = range(chance.choice((8, 15, 30)))
    sizes = {cell: min(len(crowd), chance.choice((0, 0, 1, 2, 4, 5, 6, 8, 12))) for cell in CELLS}
    return {cell: of(*chance.sample(crowd, size), rows=size + chance.randrange(4)) for cell, size in sizes.items() if size}


def test_no_sum_of_outcomes_areas_and_records_about_few_people_can_be_calculated() -> None:
    chance, told = random.Random(5), 0
    for _ in range(400):
        cells = _some_cells(chance)
        assert _found_out(cells) is None, cells
        told += len(_shown(guarded(cells), together(cells.values())))
    assert told > 400  # not by telling nothing


def test_the_attack_finds_what_tables_guarded_one_by_one_would_tell(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test above can fail."""
    cells = {CELLS[0]: many(6), Cell("refused"): of(0, 1), Cell("talk"): many(9)}
    assert _found_out(cells) is None

    def each_by_itself(cells: dict[Cell, Part]) -> nested.Subjects:
        tables = [nested._by(cells, lambda cell, place=place: cell[place]) for place in range(3)]
        return nested.Subjects(*(Guarded.whole({key: part for key, part in table.items() if key}) for table in tables), beside=Part())

    monkeypatch.setitem(globals(), "guarded", each_by_itself)
    assert _found_out(cells) == [Cell("refused")]


def test_a_record_is_kept_back_where_it_would_tell_an_outcome_that_is() -> None:
    """Nine messages, six of them answered: the record less the whole would be those of the two who were refused."""
    told = guarded({Cell("answered", "creation", "r1"): many(6), Cell("refused"): of(0, 1), Cell("other"): of(2)})
    assert told.records.kept == {"r1"}
    assert told.areas.kept == {"creation"}
    told = guarded({Cell("answered", "creation", "r1"): many(6), Cell("refused"): many(5)})
    assert (told.records.rows("r1"), told.areas.rows("creation"), told.groups.rows("refused")) == (6, 6, 5)


# On a chamber's page


def _public(count: int, first: int = 1, day: dt.date = WEEK.first, **where: Any) -> None:
    """People who came by the link `fes` and asked something."""
    for number in range(first, first + count):
        somebody(number, day, code="fes", **where).asks()


FES = Scope(WEEK, codes=frozenset({"fes"}))


def test_days_of_one_person_are_hidden_by_a_day_of_many(console_url: str) -> None:
    """One and the same person wrote on three days: what they wrote is not the week less the day that is shown."""
    _public(10)
    _public(6, first=20, day=WEEK.last)
    for days in (1, 2, 3):
        _public(1, first=50, day=WEEK.first + dt.timedelta(days=days))
    project()
    found = overview.overview(FES)
    assert (found.messages.turns, found.people.turns) == (19, 17)
    assert [messages for messages, _people in found.bars] == [10, FEW, FEW, FEW, FEW, FEW, FEW]


def test_with_records_of_enough_people_everything_is_told(console_url: str) -> None:
    _public(7)
    for number in range(1, 6):
        talk = somebody(number, code="fes")
        talk.says("météo", intent="out_of_scope")
        talk.refuses()
    project()
    found = overview.overview(FES)
    assert {line.key: line.turns for line in found.groups if line.turns is not FEW} == {"answered": 7, "refused": 5}
    assert [(line.key, line.turns, line.people) for line in topics.topics(FES)] == [("coop-min-membres", 7, 7)]
    (area,) = breakdowns.by(FES, "area")
    assert (area.key, area.turns, area.people, area.share) == ("creation", 7, None, 7 / 12)


def test_an_outcome_of_few_is_not_the_messages_less_the_records(console_url: str) -> None:
    _public(7)
    talk = somebody(1, code="fes")
    talk.says("météo", intent="out_of_scope")
    talk.refuses()
    project()
    assert overview.overview(FES).messages.turns == 8
    assert topics.topics(FES) == []
    assert [line.turns for line in breakdowns.by(FES, "area")] == [FEW]


def test_answers_that_few_did_not_judge_are_not_told_by_those_that_were(console_url: str) -> None:
    for number in range(1, 8):
        talk = somebody(number, code="fes")
        talk.asks()
        if number > 1:
            talk.rates("coop-min-membres", "down", "wrong")
    project()
    assert {line.turns for line in [*topics.ratings(FES), *topics.reasons(FES)]} == {FEW}
    everybody = Scope(WEEK, walled=False)
    assert {line.key: line.turns for line in topics.reasons(everybody) if line.turns} == {"wrong": 6}


def test_messages_without_an_answer_are_not_those_that_were_not_measured(console_url: str) -> None:
    _public(6)
    somebody(1, code="fes").says("et ?")
    project()
    found = durations.durations(FES)
    assert (found.answers, set(found.histogram)) == (FEW, {FEW})
    assert isinstance(found.median, float)
    _public(5, first=11)
    for number in range(11, 15):
        somebody(number, code="fes").says("et ?")
    project()
    assert durations.durations(FES).answers == 11


def test_requests_tell_neither_who_waits_nor_who_waited_long(console_url: str) -> None:
    noon = at(WEEK.first)
    for number in range(20):
        somebody(number, code="fes").asks()
        # Ten within the hour, three later, seven never.
        case(number, noon, {noon + 60: cases.STAFF} if number < 10 else {noon + 7200: cases.STAFF} if number < 13 else {})
    project()
    found = handoff.handoff(FES, at(WEEK.last))
    assert (found.cases, found.due, found.answered) == (20, 20, 13)
    assert found.in_time is FEW  # thirteen less ten are three


@pytest.mark.parametrize(
    ("arrived", "failed", "unwanted", "told"),
    [
        (20, 6, 5, (6, 5)),
        (20, 6, 1, (6, FEW)),  # among those that arrived nobody finds the one
        (20, 6, 0, (6, FEW)),
        (2, 6, 8, (FEW, 8)),
        (2, 6, 1, (FEW, FEW)),
    ],
)
def test_deliveries_tell_nothing_about_few(console_url: str, arrived: int, failed: int, unwanted: int, told: tuple[Any, Any]) -> None:
    states = [("sent", None)] * arrived + [("dead", "Telegram refused")] * failed + [("dead", "stopped by the user")] * unwanted
    for number, (state, error) in enumerate(states):
        somebody(number, code="fes").asks()
        sent(number, at(WEEK.first), state, error=error)
    project()
    found = deliveries.deliveries(FES)
    assert found.written == len(states)
    assert (found.failed, found.unwanted) == told
    assert found.failures == []


# Periods


def test_the_periods_of_a_chamber_do_not_overlap() -> None:
    last = Month.of(dt.date(2025, 6, 30))
    periods = [last.back(times) for times in range(BACK + 1)]
    days = [period.first + dt.timedelta(days=number) for period in periods for number in range(period.days)]
    assert len(set(days)) == len(days) == 30 + 31 + 30 + 31  # June, May, April, March
    assert [period.before for period in periods[:-1]] == periods[1:]


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("query", "back"), [({}, 0), ({"back": "1"}, 1), ({"back": "2"}, 2), ({"back": "3"}, 3), ({"back": "4"}, 0), ({"back": "-1"}, 0), ({"period": "7"}, 0)]
)
def test_a_chamber_chooses_among_them_and_nothing_else(browse: Any, query: dict[str, str], back: int) -> None:
    page = browse("chamber").get("/figures/", query).content.decode()
    wanted = Month.of(timezone.localdate()).back(back)
    with translation.override("fr"):
        assert f"Du {date_format(wanted.first, 'j F Y')} au {date_format(wanted.last, 'j F Y')}, comparé" in page
    assert re.findall(r'href="/figures/\?(back=\d)" aria-current', page) == [f"back={back}"] or back == 0
    assert set(re.findall(r'href="/figures/\?([^"]*)"', page)) >= {f"back={times}" for times in range(BACK + 1)}
    assert "period=" not in page


def test_what_is_told_of_the_period_before_is_what_its_own_page_tells(account: Any, browse: Any) -> None:
    chamber = Chamber.objects.create(name_fr="Fès", name_ar="فاس", region="03")
    Campaign.objects.create(code="fes", chamber=chamber, title="Foire")
    month = Month.of(timezone.localdate())
    _public(6, day=month.before.first)
    _public(2, day=month.before.before.last)
    project()
    client = browse(account("chamber", chamber=chamber))
    assert [tiles(client.get("/figures/", {"back": back}))["Messages"] for back in range(BACK + 1)] == ["moins de 5", "6", "moins de 5", "moins de 5"]
    assert "Avant : 6" in client.get("/figures/").content.decode()
