"""The figures: counted by hand on small data, on both databases; what a chamber sees of them; how they are drawn."""

from __future__ import annotations

import datetime as dt
import random
import re
import time
import uuid
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.formats import date_format

from bot.console.accounts.models import AuditEntry
from bot.console.chambers.models import Campaign, Chamber
from bot.console.conversations.models import Conversation, RasaEvent, Turn
from bot.console.conversations.projection import rebuild
from bot.console.database import in_dalil
from bot.console.figures import breakdowns, charts, deliveries, durations, handoff, overview, refused, staleness, topics, wall
from bot.console.figures.counting import GROUPS, change, share
from bot.console.figures.grouping import group
from bot.console.figures.period import Period
from bot.console.figures.pieces import PIECES
from bot.console.figures.scope import Scope
from bot.console.figures.templatetags import figures as written
from bot.console.figures.wall import FEW
from bot.delivery.transport import STOPPED, UNWANTED
from bot.handoff import cases
from bot.hours import TIME_ZONE
from bot.knowledge.store import load
from bot.storage.tables import case_messages, inbox
from bot.storage.tables import cases as cases_table
from bot.storage.tables import outbox as outbox_table
from tests.console.tools import Talk, project

#: A week in June, when Morocco is an hour ahead of UTC, and the week before.
WEEK = Period(dt.date(2025, 6, 9), dt.date(2025, 6, 15))
PAGES = ["/figures/", "/figures/refused/", *(f"/figures/{name}/" for name in PIECES)]


def at(day: dt.date, clock: str = "12:00") -> float:
    """A moment in Morocco, in seconds since 1970."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), TIME_ZONE).timestamp()


def somebody(number: int, day: dt.date = WEEK.first, clock: str = "12:00", channel: str = "telegram", code: str = "", place: str = "") -> Talk:
    """A conversation of a person, by number; with the code of the link they came by, and the place they named."""
    talk = Talk(f"{channel}:{number:032x}", channel, at(day, clock), code)
    if place:
        talk.slot("place", place)
    return talk


def everybody(period: Period = WEEK, **limits: Any) -> Scope:
    """What staff see."""
    return Scope(period, walled=False, **limits)


def tiles(page: Any) -> dict[str, str]:
    """The large figures of a page, by what they are of."""
    return dict(re.findall(r"<dt>([^<]+)</dt>\s*<dd class=\"big\">([^<]*)</dd>", page.content.decode()))


def rows(page: Any) -> dict[str, list[str]]:
    """The lines of a page's tables."""
    found = re.findall(r"<tr><th scope=\"row\"[^>]*>(.*?)</th>(.*?)</tr>", page.content.decode())
    plain = [(re.sub(r"<[^>]+>", "", name), re.findall(r"<td[^>]*>(?:<bdi>)?([^<]*)", cells)) for name, cells in found]
    return dict(plain)


def days(period: Period) -> str:
    """How a page says which days it counts."""
    with translation.override("fr"):
        return f"Du {date_format(period.first, 'j F Y')} au {date_format(period.last, 'j F Y')},"


def told(lines: list[Any]) -> dict[Any, tuple[Any, Any, Any]]:
    """Lines as key -> (messages, people, messages before)."""
    return {line.key: (line.turns, line.people, line.before) for line in lines if (line.turns, line.before) != (0, 0)}


# Periods


def test_a_period_is_compared_with_as_many_days_just_before() -> None:
    assert Period.until(dt.date(2025, 3, 2), 7) == Period(dt.date(2025, 2, 24), dt.date(2025, 3, 2))
    assert WEEK.days == 7
    assert WEEK.before == Period(dt.date(2025, 6, 2), dt.date(2025, 6, 8))
    assert Period(dt.date(2025, 6, 9), dt.date(2025, 6, 9)).before == Period(dt.date(2025, 6, 8), dt.date(2025, 6, 8))


def test_a_period_begins_at_midnight_in_morocco_in_ramadan_too() -> None:
    assert WEEK.seconds == (dt.datetime(2025, 6, 8, 23, tzinfo=dt.timezone.utc).timestamp(), dt.datetime(2025, 6, 15, 23, tzinfo=dt.timezone.utc).timestamp())
    ramadan = Period(dt.date(2025, 3, 10), dt.date(2025, 3, 10))
    assert ramadan.seconds[0] == dt.datetime(2025, 3, 10, tzinfo=dt.timezone.utc).timestamp()


def test_a_bar_is_a_day_and_in_long_periods_a_week_that_ends_with_them() -> None:
    assert WEEK.starts() == [WEEK.first + dt.timedelta(days=days) for days in range(7)]
    long = Period.until(dt.date(2025, 6, 30), 90)
    assert long.step == 7
    assert long.starts()[:2] == [dt.date(2025, 4, 2), dt.date(2025, 4, 8)]
    assert long.starts()[-1] == dt.date(2025, 6, 24)
    assert len(long.starts()) == 13


# Arithmetic


def test_percentiles_by_hand() -> None:
    assert durations.percentile([], 0.5) is None
    assert durations.percentile([3.0], 0.95) == 3.0
    assert durations.percentile([1.0, 2.0, 3.0, 10.0], 0.5) == 2.5
    assert durations.percentile([float(n) for n in range(101)], 0.95) == 95.0
    assert durations.percentile([1.0, 2.0], 0.95) == pytest.approx(1.95)


@pytest.mark.parametrize(("seconds", "position"), [(0.0, 0), (0.49, 0), (0.5, 1), (1.0, 2), (29.9, 5), (30.0, 6), (999.0, 6)])
def test_a_duration_belongs_to_one_bar(seconds: float, position: int) -> None:
    assert durations.bin_of(seconds) == position


def test_change_and_share() -> None:
    assert change(15, 10) == 0.5
    assert change(0, 10) == -1.0
    assert change(3, 0) is None
    assert change(FEW, 10) is FEW
    assert share(1, 4) == 0.25
    assert share(1, 0) is None
    assert share(1, FEW) is FEW


def test_figures_are_written_as_the_language_writes_them() -> None:
    with translation.override("fr"):
        assert written.figure(32188) == "32\u00a0188"
        assert written.figure(FEW) == "moins de 5"
        assert written.figure(None) == "–"
        assert [written.share(value) for value in (0.519, 0.0094, 0.0, 1.0, None)] == ["52\u00a0%", "0,9\u00a0%", "0\u00a0%", "100\u00a0%", "–"]
        assert [written.growth(value) for value in (0.5, -0.034, 0.001, FEW)] == [
            "\u2066+50\u00a0%\u2069",
            "\u2066−3\u00a0%\u2069",
            "\u2066±0\u00a0%\u2069",
            "–",
        ]
        assert [written.took(value) for value in (0.6049, 2.26, 360.0, 9000.0, None, FEW)] == ["0,60 s", "2,3 s", "6 min", "2,5 h", "–", "moins de 5"]


# Counting


@pytest.fixture
def week(console_url: str) -> None:
    """Three people in the week, one of them twice; one of them and another the week before."""
    first = somebody(1, WEEK.first, code="fes", place="03.231")
    first.asks()
    first.rates("coop-min-membres", "down", "wrong")
    first.at = at(WEEK.last)
    first.says("météo demain", intent="out_of_scope")
    first.refuses()
    second = somebody(2, WEEK.first, "18:00", "whatsapp", code="fes")
    second.says("شحال من واحد", variety="ary-Arab", language="ary")
    second.offers(["coop-min-membres", "coop-capital-min"])
    second.says('/show{"record": "coop-min-membres"}', intent="show", entities={"record": "coop-min-membres"})
    second.says_back("Il faut au moins 5 personnes.", "action_show")
    second.rates("coop-min-membres", "up")
    third = somebody(3, WEEK.last, "23:59", "web", code="souss")
    third.says("bghit nhder m3a chi wa7ed", variety="ary-Latn", intent="human")
    third.says_back("وخا", "action_open_case")
    before = somebody(1, WEEK.before.last)
    before.asks()
    other = somebody(4, WEEK.before.first)
    other.says("salam", intent="greet")
    other.says_back("Bonjour")
    project()


@pytest.mark.usefixtures("week")
def test_messages_and_people_with_the_week_before() -> None:
    found = overview.overview(everybody())
    assert (found.messages.turns, found.messages.before, found.messages.change) == (7, 2, 2.5)
    assert (found.people.turns, found.people.before, found.people.change) == (3, 2, 0.5)
    assert told(found.groups) == {
        "answered": (2, None, 1),
        "offered": (1, None, 0),
        "refused": (1, None, 0),
        "talk": (0, None, 1),
        "other": (3, None, 0),
    }
    assert [line.share for line in found.groups if line.key == "answered"] == [2 / 7]
    assert found.bars == [(5, 2), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (2, 2)]
    assert found.stacks["answered"] == [2, 0, 0, 0, 0, 0, 0]
    assert found.stacks["refused"] == [0, 0, 0, 0, 0, 0, 1]
    assert [sum(column) for column in zip(*found.stacks.values())] == [messages for messages, _people in found.bars]


@pytest.mark.usefixtures("week")
def test_behind_the_wall_the_same_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Groups are counted by other queries there, with people: they must agree."""
    walled = overview.overview(Scope(WEEK, walled=True))
    assert all(line.turns is FEW for line in [walled.messages, walled.people, *walled.groups])
    assert walled.stacks == {}
    monkeypatch.setattr(wall, "FEWEST", 0)
    walled, open_ = overview.overview(Scope(WEEK, walled=True)), overview.overview(everybody())
    assert [(line.key, line.turns, line.before) for line in walled.groups] == [(line.key, line.turns, line.before) for line in open_.groups]
    assert [line.key for line in walled.groups] == list(GROUPS)
    assert (walled.messages, walled.people, walled.bars) == (open_.messages, open_.people, open_.bars)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (dt.datetime(2025, 6, 9, 22, 59, 30), dt.date(2025, 6, 9)),
        (dt.datetime(2025, 6, 9, 23, 0, 30), dt.date(2025, 6, 10)),
        (dt.datetime(2025, 3, 10, 23, 59, 30), dt.date(2025, 3, 10)),  # Ramadan: Morocco has UTC
        (dt.datetime(2025, 3, 11, 0, 0, 30), dt.date(2025, 3, 11)),
    ],
)
def test_a_message_belongs_to_its_day_in_morocco(console_url: str, moment: dt.datetime, day: dt.date) -> None:
    talk = Talk(at=moment.replace(tzinfo=dt.timezone.utc).timestamp())
    talk.asks()
    project()
    assert overview.overview(everybody(Period(day, day))).messages.turns == 1
    assert overview.overview(everybody(Period(day, day).before)).messages.turns == 0


def test_over_weeks_somebody_counts_once_in_each(console_url: str) -> None:
    long = Period.until(dt.date(2025, 6, 30), 90)
    talk = somebody(1, dt.date(2025, 6, 24), "00:01")
    talk.asks()
    talk.at = at(long.last, "23:58")
    talk.asks()
    talk = somebody(2, dt.date(2025, 6, 23), "23:58")
    talk.asks()
    project()
    found = overview.overview(everybody(long))
    assert found.bars[-2:] == [(1, 1), (2, 1)]
    assert found.stacks["answered"][-2:] == [1, 2]
    assert found.people.turns == 2


@pytest.mark.usefixtures("week")
def test_by_channel_variety_and_area() -> None:
    assert told(breakdowns.by(everybody(), "channel")) == {"telegram": (3, 1, 2), "whatsapp": (3, 1, 0), "web": (1, 1, 0)}
    assert told(breakdowns.by(everybody(), "variety")) == {"fr": (2, 1, 2), "": (3, 2, 0), "ary-Arab": (1, 1, 0), "ary-Latn": (1, 1, 0)}
    assert told(breakdowns.by(everybody(), "area")) == {"creation": (3, 2, 1), "": (4, 3, 1)}


@pytest.mark.usefixtures("week")
def test_by_region_and_by_chamber() -> None:
    fes = Chamber.objects.create(name_fr="Fès", name_ar="فاس", region="03")
    Campaign.objects.create(code="fes", chamber=fes, title="Foire")
    Campaign.objects.create(code="meknes", chamber=fes, title="Marché")
    regions = {row.line.key: (row.line.turns, row.line.people, row.answered, row.refused, row.down) for row in breakdowns.by_region(everybody())}
    assert regions == {"03": (3, 1, 1, 1, 1), "": (4, 2, 1, 0, 0)}
    assert [(row.line.key, row.up, row.down) for row in breakdowns.by_region(everybody())] == [("", 1, 0), ("03", 0, 1)]
    chambers = {row.line.label: (row.line.turns, row.line.people, row.answered, row.refused, row.down) for row in breakdowns.by_chamber(everybody())}
    assert chambers == {"Fès": (6, 2, 2, 1, 1), "sans chambre": (1, 1, 0, 0, 0)}


@pytest.mark.usefixtures("week")
def test_region_chamber_and_channel_narrow_everything() -> None:
    assert overview.overview(everybody(region="03")).messages.turns == 3
    assert overview.overview(everybody(channel="whatsapp")).messages.turns == 3
    assert overview.overview(everybody(codes=frozenset({"souss"}))).messages.turns == 1
    assert overview.overview(everybody(codes=frozenset())).messages.turns == 0


@pytest.mark.usefixtures("week")
def test_thumbs_are_counted_where_the_answer_stands() -> None:
    assert told(topics.ratings(everybody())) == {"up": (1, 1, 0), "down": (1, 1, 0)}
    assert told(topics.reasons(everybody())) == {"wrong": (1, 1, 0)}


@pytest.mark.usefixtures("week")
def test_records_asked_for_are_those_that_were_the_answer() -> None:
    (line,) = topics.topics(everybody())
    assert (line.key, line.turns, line.people, line.before) == ("coop-min-membres", 2, 2, 1)
    assert line.label == load().records["coop-min-membres"].title.fr


def test_how_long_answers_take(console_url: str) -> None:
    for number, seconds in enumerate((0.2, 0.7, 1.5, 1.7, 40.0)):
        talk = somebody(number)
        talk.says("combien", metadata={"received_at": talk.at + 0.03 - seconds})
        talk.answers("coop-min-membres")
    project()
    latencies = sorted(Turn.objects.values_list("latency", flat=True))
    assert latencies == pytest.approx([0.2, 0.7, 1.5, 1.7, 40.0], abs=0.05)
    found = durations.durations(everybody())
    assert found.answers == 5
    assert found.median == latencies[2]
    assert found.high == pytest.approx(latencies[3] + 0.8 * (latencies[4] - latencies[3]))
    assert found.histogram == [1, 1, 2, 0, 0, 0, 1]


def case(number: int, opened: float, answers: dict[float, str], channel: str = "telegram") -> None:
    sender = f"{channel}:{number:032x}"

    def write(connection: Any) -> None:
        values = {"sender": sender, "channel": channel, "opened_at": opened, "state": "waiting", "language": "fr", "wish": "", "summary": "{}", "told": False}
        row = connection.execute(cases_table.insert().values(**values)).inserted_primary_key[0]
        for moment, author in answers.items():
            connection.execute(case_messages.insert().values(case_id=row, at=moment, author=author, text="…", fetched=False))

    in_dalil(write)


def test_how_requests_for_a_person_are_met(console_url: str) -> None:
    noon = at(WEEK.first)
    case(1, noon, {noon + 5: cases.PERSON, noon + 600: cases.STAFF, noon + 9000: cases.STAFF})  # ten minutes
    case(2, noon, {noon + 3600: cases.STAFF})  # an hour, not more
    case(3, noon, {noon + 7200: cases.STAFF})
    case(3, noon + 60, {})
    case(4, at(WEEK.last, "23:30"), {}, "whatsapp")  # half an hour old
    case(5, at(WEEK.before.last, "23:59"), {at(WEEK.first, "00:09"): cases.STAFF})
    case(6, at(WEEK.last, "23:59") + 60, {})  # the day after
    now = at(WEEK.last, "23:59")
    found = handoff.handoff(everybody(), now)
    assert (found.cases, found.people, found.answered, found.median) == (5, 4, 3, 3600.0)
    assert (found.due, found.in_time) == (4, 2)
    before = handoff.handoff(everybody().before, now)
    assert (before.cases, before.median, before.in_time) == (1, 600.0, 1)
    assert handoff.handoff(everybody(channel="whatsapp"), now).cases == 1
    # Of a region are those who wrote from there.
    talk = somebody(2, place="03.231")
    talk.asks()
    project()
    assert handoff.handoff(everybody(region="03"), now).cases == 1


def sent(number: int, moment: float, state: str, receipt: str | None = None, error: str | None = None) -> None:
    values = {"sender": f"telegram:{number:032x}", "channel": "telegram", "content": "{}", "created_at": moment, "state": state}
    values |= {"attempts": 1, "due_at": moment, "receipt": receipt, "error": error}
    in_dalil(lambda connection: connection.execute(outbox_table.insert().values(**values)))


def test_what_did_not_arrive_by_what_went_wrong(console_url: str) -> None:
    noon = at(WEEK.first)
    for number in range(4):
        sent(number, noon, "sent", "delivered")
    sent(1, noon, "dead", None, "Telegram refused: +212612345678 is not valid")
    sent(2, noon, "dead", None, "Telegram refused: +212698765432 is not valid")
    sent(2, noon, "dead", "failed", "63016")
    sent(3, noon, "dead", "undelivered", "undelivered")
    sent(1, at(WEEK.before.last), "dead", "failed", "63016")
    found = deliveries.deliveries(everybody())
    assert (found.written, found.failed, found.people) == (8, 4, 3)
    assert found.failures == [
        deliveries.Failure("dead", "Telegram refused: [tel] is not valid", 2),
        deliveries.Failure("failed", "63016", 1),
        deliveries.Failure("undelivered", "undelivered", 1),
    ]
    assert deliveries.deliveries(everybody().before).failed == 1


def test_who_says_stop_or_blocks_the_bot_is_no_failure(console_url: str) -> None:
    """With the words that delivery itself writes (tests/delivery and tests/channels see that it writes them)."""
    noon = at(WEEK.first)
    sent(1, noon, "sent", "delivered")
    for number, error in enumerate(UNWANTED):
        sent(number, noon, "dead", None, error)
    sent(4, noon, "dead", None, "the address is not known any more")
    sent(5, noon, "dead", None, None)
    sent(1, at(WEEK.before.last), "dead", None, STOPPED)
    found = deliveries.deliveries(everybody())
    assert (found.written, found.failed, found.people, found.unwanted) == (6, 2, 2, 3)
    assert [failure.error for failure in found.failures] == ["", "the address is not known any more"]
    before = deliveries.deliveries(everybody().before)
    assert (before.failed, before.unwanted) == (0, 1)


def _answer(number: int, arrived: float, *taken: float | None, channel: str = "telegram") -> None:
    """A message, and the messages of its answer: when the vendor took each of them, None where it did not."""
    sender = f"{channel}:{number:032x}"

    def write(connection: Any) -> None:
        row = {"channel": channel, "external_id": uuid.uuid4().hex, "sender": sender, "received_at": arrived, "state": "done", "due_at": arrived}
        answered = connection.execute(inbox.insert().values(**row)).inserted_primary_key[0]
        for moment in taken:
            values = {"sender": sender, "channel": channel, "inbox_id": answered, "content": "{}", "created_at": arrived, "due_at": arrived, "attempts": 1}
            connection.execute(outbox_table.insert().values(**values, state="sent" if moment else "dead", sent_at=moment))

    in_dalil(write)


def test_how_long_until_the_vendor_took_the_whole_answer(console_url: str) -> None:
    noon = at(WEEK.first)
    _answer(1, noon, noon + 1, noon + 2)  # the last of its messages counts
    _answer(2, noon, noon + 4)
    _answer(3, noon, noon + 90, channel="whatsapp")  # a minute and a half, after new attempts
    _answer(4, noon, noon + 1, None)  # never taken as a whole
    _answer(5, noon)  # nothing to say
    _answer(6, at(WEEK.before.last), at(WEEK.first))
    sent(7, noon, "sent")  # what staff write answers no message
    found = deliveries.waits(everybody())
    assert (found.answers, found.median) == (3, 4.0)
    assert found.high == pytest.approx(4 + 0.9 * 86)
    assert deliveries.waits(everybody(channel="whatsapp")).median == 90.0
    assert deliveries.waits(everybody().before).answers == 1
    assert deliveries.waits(everybody(Period(WEEK.last, WEEK.last))) == deliveries.Waits(0, None, None)
    behind = deliveries.waits(Scope(WEEK))
    assert (behind.answers, behind.median, behind.high) == (None, FEW, FEW)


@pytest.mark.one_database
def test_facts_are_stale_from_the_day_after(console_url: str) -> None:
    due = min(record.review_by for record in load().records.values())
    assert staleness.stale(dt.date(2000, 1, 1), "fr") == []
    first = staleness.stale(due + dt.timedelta(days=1), "fr")
    assert {fact.due for fact in first if not fact.office} == {due}
    everything = staleness.stale(dt.date(2100, 1, 1), "ar")
    assert {fact.office for fact in everything} == {True, False}
    assert [fact.due for fact in everything] == sorted(fact.due for fact in everything)


@pytest.mark.usefixtures("week")
def test_figures_follow_who_is_forgotten() -> None:
    """Nothing is kept beside the turns: what is erased is no longer counted."""
    sender = f"telegram:{1:032x}"
    RasaEvent.objects.filter(sender_id=sender).delete()
    rebuild()
    found = overview.overview(everybody())
    assert (found.messages.turns, found.people.turns, found.messages.before) == (4, 2, 1)
    assert [line.turns for line in topics.topics(everybody())] == [1]


def test_counting_reads_no_text(console_url: str) -> None:
    """The index that this app makes holds all that is counted."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by the size of the table")
    with CaptureQueriesContext(connection) as queries:
        scope = everybody(region="03", channel="web", codes=frozenset({"fes"}))
        overview.overview(scope)
        overview.overview(everybody(Period.until(WEEK.last, 90)))
        durations.durations(scope)
        for field in ("channel", "variety", "area"):
            breakdowns.by(scope, field)
        breakdowns.by_region(scope)
        breakdowns.by_chamber(scope)
        topics.topics(scope)
        topics.ratings(scope)
        topics.reasons(scope)
        walled = Scope(WEEK, codes=frozenset({"fes"}))
        overview.overview(walled)
        durations.durations(walled)
        breakdowns.by_region(walled)
        topics.ratings(walled)
    counted = [query["sql"] for query in queries if "conversations_turn" in query["sql"]]
    assert len(counted) > 20
    for sql in counted:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}".replace("%", "%%"))
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "COVERING INDEX figures_turn" in plan, sql


def test_the_index_outlives_a_change_of_the_table(console_url: str) -> None:
    """SQLite makes a table anew where a field changes: with the indexes that Django knows."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL changes its tables in place")
    before, after = Turn._meta.get_field("reason"), Turn._meta.get_field("reason").clone()
    after.max_length = 30
    after.set_attributes_from_name("reason")
    with connection.schema_editor() as editor:
        editor.alter_field(Turn, before, after)
    with connection.cursor() as cursor:
        assert "figures_turn" in connection.introspection.get_constraints(cursor, Turn._meta.db_table)


# Grouping


def test_the_same_question_in_both_scripts_is_one_group() -> None:
    texts = ["bghit nchri tomobil", "بغيت نشري طوموبيل", "bghit nchri tomobile", "Bghit nchri tomobil!", "météo demain à Rabat", "meteo demain", "bghit ntzwj"]
    found = {frozenset(one.texts) for one in group(texts)}
    assert found == {frozenset(texts[:4]), frozenset(texts[4:6]), frozenset(texts[6:])}


def test_groups_are_the_same_in_whatever_order_texts_come() -> None:
    texts = [question for record in list(load().records.values())[:12] for _variety, question in record.questions.by_variety()]
    texts += texts[:30] + ["👍", "👍", "", "؟؟"]
    expected = group(texts)
    assert sum(one.count for one in expected) == len(texts)
    chance = random.Random(3)
    for _ in range(5):
        chance.shuffle(texts)
        assert group(texts) == expected


def test_the_text_said_most_often_stands_for_its_group() -> None:
    (found,) = group(["bghit nchri tomobil", "بغيت نشري طوموبيل", "بغيت نشري طوموبيل"])
    assert (found.text, found.count, found.others) == ("بغيت نشري طوموبيل", 3, (("bghit nchri tomobil", 1),))
    assert [one.count for one in group(["👍", "👍", "🙏", "oui"])] == [2, 1, 1]
    assert group([]) == []


def test_refused_questions_lead_to_the_latest_conversation(console_url: str, browse: Any) -> None:
    numbers = []
    for number, text in enumerate(["bghit nchri tomobil", "بغيت نشري طوموبيل", "<script>alert(1)</script>", "\u202ekhali"]):
        talk = somebody(number)
        numbers.append(talk.says(text, intent="out_of_scope"))
        talk.refuses()
    project()
    page = browse("reviewer").get("/figures/refused/", {"since": WEEK.first, "until": WEEK.last}).content.decode()
    assert f'href="/conversations/{quote(f"telegram:{1:032x}", safe=":")}/?turn={numbers[1]}#turn-{numbers[1]}"' in page
    assert "2 fois" in page
    assert "1 autre formulation" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "U+202E" in page
    entry = AuditEntry.objects.get(action="refused.read")
    assert entry.details == {"since": "2025-06-09", "until": "2025-06-15", "texts": 4}


def test_at_most_the_latest_texts_are_compared(console_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refused, "MOST", 2)
    talk = somebody(1)
    for text in ("premier sujet", "deuxième chose", "troisième affaire"):
        talk.says(text, intent="out_of_scope")
        talk.refuses()
    project()
    questions, compared = refused.refused(everybody())
    assert compared == 2
    assert {question.first.text for question in questions} == {"deuxième chose", "troisième affaire"}


# Charts


def _places(chart: charts.Chart) -> list[float]:
    return [float(bar.x.removesuffix("%")) + float(bar.width.removesuffix("%")) / 2 for bar in chart.bars]


def test_bars_over_time_stand_one_upon_the_other() -> None:
    chart = charts.over_time("days", ["1/6", "2/6"], [charts.Series("A", [10, 0]), charts.Series("B", [5, 20])])
    first, upon, second = chart.bars
    assert float(upon.y) + float(upon.height) == pytest.approx(float(first.y), abs=0.2)
    assert float(first.height) == pytest.approx(2 * float(upon.height), abs=0.2)
    assert [bar.pattern for bar in chart.bars] == [0, 1, 1]
    assert upon.title == "1/6 · B · 5"
    assert chart.legend == [(0, "A"), (1, "B")]
    assert [text.text for text in chart.scale] == ["0", "5", "10", "15", "20"]
    assert float(second.y) == pytest.approx(float(chart.rules[-1]))


def test_from_right_to_left_time_runs_so_too() -> None:
    labels, series = ["1/6", "2/6", "3/6"], [charts.Series("A", [1, 2, 3])]
    forward, back = charts.over_time("d", labels, series), charts.over_time("d", labels, series, right_to_left=True)
    assert _places(forward) == sorted(_places(forward))
    assert _places(back) == pytest.approx([100 - place for place in _places(forward)], abs=0.05)
    assert [bar.title for bar in back.bars] == [bar.title for bar in forward.bars]
    assert {text.x for text in forward.scale} == {"0%"}
    assert {text.x for text in back.scale} == {"100%"}
    (bar,) = charts.horizontal("h", [("x", 1.0, "1"), ("y", 2.0, "2")], right_to_left=True).bars[:1]
    assert (bar.x, bar.width) == ("50.00%", "50.00%")


def test_what_is_kept_back_is_not_drawn() -> None:
    assert charts.histogram("h", ["a", "b"], [None, 3.0]).bars[0].title == "b · 3.0"
    assert len(charts.over_time("d", ["a", "b"], [charts.Series("", [None, 2.0])]).bars) == 1
    assert charts.horizontal("h", [("a", None, "moins de 5")]).bars[0].width == "0.00%"


@pytest.mark.parametrize(("highest", "steps"), [(0, [0, 1]), (1, [0, 1]), (3, [0, 1, 2, 3]), (1166, [0, 500, 1000, 1500]), (999_999, [0, 500_000, 1_000_000])])
def test_the_scale_has_round_numbers(highest: float, steps: list[int]) -> None:
    assert charts.scale(highest) == steps


def test_charts_of_nothing_are_charts() -> None:
    assert charts.over_time("d", ["1/6"], [charts.Series("A", [0])]).bars == []
    assert charts.over_time("d", [], []).bars == []
    assert charts.histogram("h", [], []).bars == []
    assert charts.horizontal("h", []).height == 0


@pytest.mark.one_database
def test_places_in_a_chart_do_not_depend_on_the_language(browse: Any, week: None) -> None:
    page = browse("manager").get("/figures/", {"since": WEEK.first, "until": WEEK.last}).content.decode()
    svg = re.search(r"<svg class=\"plot.*?</svg>", page, re.DOTALL)
    assert svg
    assert 'role="img"' in svg.group()
    assert "<title" in svg.group()
    assert "<desc" in svg.group()
    assert "style=" not in page
    for value in re.findall(r' (?:x|y|width|height)="([^"]*)"', svg.group()):
        assert re.fullmatch(r"\d+(\.\d+)?%?", value), value


# The pages


def test_the_page_shows_what_was_counted_and_asks_for_its_parts(browse: Any, week: None) -> None:
    page = browse("manager").get("/figures/", {"since": "2025-06-09", "until": "2025-06-15"}).content.decode()
    assert re.search(r"<dt>Messages</dt>\s*<dd class=\"big\">7</dd>", page)
    assert "29\u00a0% de 7" in page
    assert "Avant : 2 (\u2066+250\u00a0%\u2069)" in page
    for name in [*PIECES, "refused"]:
        address = f"/figures/{name}/?since=2025-06-09&amp;until=2025-06-15"
        assert f'hx-get="{address}"' in page
        assert f'href="{address}"' in page


@pytest.mark.one_database
@pytest.mark.parametrize("name", [*PIECES, "refused"])
def test_a_part_is_a_page_without_scripts_and_a_piece_with_them(browse: Any, week: None, name: str) -> None:
    client = browse("manager")
    whole = client.get(f"/figures/{name}/", {"since": WEEK.first, "until": WEEK.last}).content.decode()
    piece = client.get(f"/figures/{name}/", {"since": WEEK.first, "until": WEEK.last}, headers={"HX-Request": "true"}).content.decode()
    assert whole.startswith("<!doctype html>")
    assert piece.startswith("<section")
    assert piece.strip() in whole
    assert "<summary>Ce que cela compte</summary>" in piece
    assert "HX-Request" in client.get(f"/figures/{name}/")["Vary"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_with_nothing_to_count_every_page_is_shown(account: Any, browse: Any, path: str, language: str) -> None:
    assert browse(account("manager", "m", language=language)).get(path).status_code == 200
    if path != "/figures/refused/":
        assert browse(account("chamber", "c", language=language)).get(path).status_code == 200


@pytest.mark.one_database
@pytest.mark.parametrize("path", PAGES)
def test_who_may_see_which_page(browse: Any, path: str) -> None:
    allowed = {role for role in ("reviewer", "editor", "manager", "chamber") if browse(role).get(path).status_code == 200}
    assert allowed == {"reviewer", "editor", "manager"} | (set() if path == "/figures/refused/" else {"chamber"})


@pytest.mark.one_database
def test_only_reading_is_answered(browse: Any) -> None:
    client = browse("manager")
    assert [client.post(path).status_code for path in PAGES] == [405] * len(PAGES)
    assert client.get("/figures/nothing/").status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"since": "2025-06-15", "until": "2025-06-09"}, "Le dernier jour est avant le premier."),
        ({"since": "2023-01-01", "until": "2025-01-01"}, "Choisissez un an au plus."),
        ({"since": "0001-01-01", "until": "0001-01-02"}, "Dalil n&#x27;existait pas encore."),
        ({"since": "9999-12-30", "until": "9999-12-31"}, "Ce jour est encore à venir."),
        ({"since": "hier"}, "Saisissez une date valide."),
        ({"region": "99"}, "Sélectionnez un choix valide"),
        ({"channel": "fax"}, "Sélectionnez un choix valide"),
        ({"chamber": "-1"}, "Sélectionnez un choix valide"),
    ],
)
def test_what_is_not_right_is_said_and_the_usual_days_shown(browse: Any, query: dict[str, str], said: str) -> None:
    page = browse("manager").get("/figures/", query)
    assert page.status_code == 200
    assert said in page.content.decode()
    assert days(Period.until(timezone.localdate(), 30)) in page.content.decode()


@pytest.mark.one_database
@pytest.mark.parametrize("period", ["7", "30", "90", "8", "", "x", "-1", "٧"])
def test_periods_until_today(browse: Any, period: str) -> None:
    wanted = Period.until(timezone.localdate(), int(period) if period in ("7", "30", "90") else 30)
    assert days(wanted) in browse("manager").get("/figures/", {"period": period}).content.decode()


# The chamber's wall


@pytest.fixture
def campaigns(console_url: str) -> tuple[Chamber, Chamber]:
    """Two chambers. By the first one's links came six people who asked, five who were refused, one of whom judged; ten by the second one's."""
    ours = Chamber.objects.create(name_fr="Chambre de Fès", name_ar="غرفة فاس", region="03")
    theirs = Chamber.objects.create(name_fr="Chambre d'Agadir", name_ar="غرفة أكادير", region="09")
    Campaign.objects.create(code="fes", chamber=ours, title="Foire de Fès")
    Campaign.objects.create(code="souss", chamber=theirs, title="Foire d'Agadir")
    today = timezone.localdate()  # a chamber sees this month, and it may begin today
    for number in range(1, 7):
        talk = somebody(number, today, "00:00", code="fes", place="03.231")
        talk.asks("combien de membres secret")
        if number <= 5:
            talk.says("question secrète hors sujet", intent="out_of_scope")
            talk.refuses()
    talk.rates("coop-min-membres", "down", "wrong")
    for number in range(11, 21):
        talk = somebody(number, today, "00:00", "whatsapp", code="souss", place="09.001")
        talk.asks("combien de capital", record="coop-capital-min")
    project()
    return ours, theirs


FORGED = [
    {},
    {"chamber": "2"},
    {"chamber": ["1", "2"]},
    {"region": "09", "channel": "whatsapp"},
    {"channel": "whatsapp"},
    {"since": "2020-01-01", "until": "2020-01-02"},
    {"codes": "souss", "campaign": "souss", "walled": "False"},
]


def _areas() -> set[str]:
    return {load().areas["creation"].title.fr}


@pytest.mark.one_database
@pytest.mark.parametrize("query", FORGED)
def test_a_chamber_sees_its_own_public_whatever_it_asks_for(account: Any, browse: Any, campaigns: tuple[Chamber, Chamber], query: dict[str, Any]) -> None:
    client = browse(account("chamber", chamber=campaigns[0]))
    page = client.get("/figures/", query)
    assert (tiles(page)["Messages"], tiles(page)["Personnes"]) == ("12", "6")
    assert rows(client.get("/figures/topics/", query)) == {load().records["coop-min-membres"].title.fr: ["6", "6", "moins de 5", "–"]}
    assert set(rows(client.get("/figures/places/", query))) == {"Fès-Meknès", "Foire de Fès"}
    assert set(rows(client.get("/figures/sources/", query))) == {"Telegram", "français", "boutons, rien d&#x27;écrit", *_areas()}
    for name in PIECES:
        assert "Agadir" not in client.get(f"/figures/{name}/", query).content.decode() or name == "stale"


@pytest.mark.one_database
@pytest.mark.parametrize("name", ["", *PIECES])
def test_a_chamber_reads_no_message_and_reaches_no_conversation(account: Any, browse: Any, campaigns: tuple[Chamber, Chamber], name: str) -> None:
    client = browse(account("chamber", chamber=campaigns[0]))
    text = client.get(f"/figures/{name}/" if name else "/figures/").content.decode()
    assert "secr" not in text
    assert "/conversations/" not in text
    assert "telegram:" not in text
    assert "/figures/refused/" not in text
    assert "/figures/export/" not in text
    assert 'name="region"' not in text


def test_what_a_chamber_may_not_see_is_refused(account: Any, browse: Any, campaigns: tuple[Chamber, Chamber]) -> None:
    client = browse(account("chamber", chamber=campaigns[0]))
    assert client.get("/figures/refused/").status_code == 403
    assert client.post("/figures/export/", {"what": "turns", "kind": "csv"}).status_code == 403
    assert client.post("/figures/export/", {"what": "figures", "kind": "xlsx"}).status_code == 403
    with pytest.raises(PermissionError):
        refused.refused(Scope(WEEK, codes=frozenset({"fes"})))


def test_figures_about_few_people_are_kept_back(account: Any, browse: Any, campaigns: tuple[Chamber, Chamber]) -> None:
    client = browse(account("chamber", chamber=campaigns[0]))
    found = tiles(client.get("/figures/"))
    # The one thumb is kept back, and with it the five refused: the other messages would tell it.
    assert (found.pop("Messages"), found.pop("Personnes"), found.pop("Répondu")) == ("12", "6", "6")
    assert set(found.values()) == {"moins de 5"}
    assert all(cells[0] == "moins de 5" for cells in rows(client.get("/figures/ratings/")).values())
    assert all(cells[0] == "moins de 5" for name, cells in rows(client.get("/figures/durations/")).items() if name != "&lt; 0,5")
    assert list(rows(client.get("/figures/topics/"))) == [load().records["coop-min-membres"].title.fr]
    assert [cells[0] for cells in rows(client.get("/figures/places/")).values()] == ["12", "12"]
    assert set(tiles(client.get("/figures/service/")).values()) == {"moins de 5", "–"}


def test_no_number_about_few_people_stands_anywhere_behind_the_wall(account: Any, browse: Any, campaigns: tuple[Chamber, Chamber]) -> None:
    """With four people of its own a chamber sees no number at all but those of its wall, its dates and the facts to be read again."""
    few = Chamber.objects.create(name_fr="Petite", name_ar="صغيرة", region="01")
    Campaign.objects.create(code="petite", chamber=few, title="Petite foire")
    for number in range(31, 35):
        talk = somebody(number, timezone.localdate(), "00:00", code="petite")
        talk.asks()
        talk.says_back("Merci.", "utter_thank")
    case(31, time.time() - 10, {time.time(): cases.STAFF})
    sent(31, time.time() - 10, "dead", "failed", "secret 63016")
    project()
    client = browse(account("chamber", chamber=few))
    for path in ["/figures/", *(f"/figures/{name}/" for name in PIECES if name != "stale")]:
        text = client.get(path).content.decode()
        numbers = re.findall(r"<(?:dd|td)[^>]*>(?:<bdi>)?\s*([^<]*?)\s*(?:</bdi>)?</(?:dd|td)>", text)
        assert [each for each in numbers if re.search(r"\d", each.replace("moins de 5", "").replace("–", ""))] == [], path
        assert "secret" not in text
        assert not re.search(r"· \d", text), path


def test_a_chamber_without_campaigns_sees_nobody(account: Any, browse: Any, week: None) -> None:
    client = browse("chamber")
    assert set(tiles(client.get("/figures/")).values()) == {"moins de 5"}


def test_handoff_behind_the_wall_tells_neither_a_part_nor_what_is_left(console_url: str) -> None:
    noon = at(WEEK.first)
    for number in range(12):
        talk = somebody(number, code="fes")
        talk.asks()
        answers = {noon + 60: cases.STAFF} if number < 6 else {noon + 7200: cases.STAFF} if number < 9 else {}
        case(number, noon, answers)
    project()
    found = handoff.handoff(Scope(WEEK, codes=frozenset({"fes"})), at(WEEK.last))
    assert (found.cases, found.people) == (12, 12)
    assert found.answered is FEW  # nine were answered: three were not
    assert found.median == 60.0
    assert found.in_time == 6
    assert handoff.handoff(Scope(WEEK, codes=frozenset({"souss"})), at(WEEK.last)).cases is FEW


def test_conversations_and_figures_agree(week: None) -> None:
    """What the list counts is what the figures count."""
    assert sum(Conversation.objects.values_list("turns", flat=True)) == 9
    everything = overview.overview(everybody(Period(WEEK.before.first, WEEK.last)))
    assert everything.messages.turns == 9
