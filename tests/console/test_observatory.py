"""The observatory in the console: what is counted, published once, handed out to managers only."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bot.cli import main
from bot.console.accounts.models import AuditEntry
from bot.console.conversations.models import Cursor, Turn
from bot.console.database import in_dalil
from bot.console.observatory import counting, publishing
from bot.console.observatory.models import Publication
from bot.hours import TIME_ZONE
from bot.knowledge.store import load
from bot.observatory.months import Month, coming
from bot.privacy import erasure
from tests.console.tools import Talk, project
from tests.tools import environment

pytestmark = pytest.mark.usefixtures("console_url")

SEPTEMBER = Month(2026, 9)
LATER = dt.date(2026, 10, 8)
NINTH = "2026-09-09 12:00"
#: A month that is due whenever the tests are run.
DUE = Month.of(coming(dt.datetime.now(TIME_ZONE).date()).first - dt.timedelta(days=1))


def somebody(name: str, at: str = NINTH, place: str = "", channel: str = "telegram") -> Talk:
    """A conversation, at a time in Morocco."""
    moment = dt.datetime.strptime(at, "%Y-%m-%d %H:%M").replace(tzinfo=TIME_ZONE)
    talk = Talk(f"{channel}:{name:0>32}", channel, moment.timestamp())
    if place:
        talk.slot("place", place)
    return talk


def counted() -> set[tuple[str, ...]]:
    """What was asked in September, the pseudonyms shortened."""
    return {(row.person.partition(":")[2].lstrip("0"), *row[1:-1], str(row.questions)) for row in counting.asked(SEPTEMBER, load())}


def people(count: int, month: Month = SEPTEMBER) -> None:
    """So many people of Souss-Massa who ask how many members it takes, and are projected."""
    for number in range(count):
        somebody(f"{number}", f"{month}-09 12:00", "09").asks()
    project()


def read(publication: Publication) -> list[dict[str, str]]:
    """The rows of its CSV file."""
    return list(csv.DictReader(io.StringIO(publication.csv, newline="")))


def dalil(*words: str) -> Result:
    return CliRunner().invoke(main, ["observatory", "export", *words])


# What is counted


def test_typed_questions_shown_records_and_requests_for_a_person_count() -> None:
    talk = somebody("a", place="09")
    for _ in range(2):
        talk.asks(variety="ary-Latn")
    talk.says("que faire ?", variety="fr")
    talk.offers(["coop-min-membres", "coop-capital"])
    talk.says("et la météo ?", variety="ary-Latn")
    talk.refuses()
    talk.says('/show{"record": "coop-min-membres"}', intent="show", entities={"record": "coop-min-membres"})
    talk.says_back("Il faut au moins 5 personnes.", "action_show")
    talk.says("je veux parler à quelqu'un", variety="ar", intent="human")
    talk.says_back("Une personne vous répondra.", "action_open_case")
    project()
    assert counted() == {
        ("a", "09", "ary-Latn", "answered", "creation", "cooperative", "2"),
        ("a", "09", "fr", "offered", "creation", "cooperative", "1"),
        ("a", "09", "ary-Latn", "refused", "none", "none", "1"),
        ("a", "09", "", "answered", "creation", "cooperative", "1"),
        ("a", "09", "ar", "handed_over", "none", "none", "1"),
    }


def test_small_talk_ratings_pressed_questions_and_developers_do_not_count() -> None:
    talk = somebody("a")
    talk.says("salam", intent="greet")
    talk.says_back("Salam.")
    talk.asks('/ask_members{"subject": "cooperative"}')
    talk.rates("coop-min-membres", "up")
    somebody("b", channel="rest").asks()
    project()
    assert counted() == set()


def test_a_month_is_morocco_s() -> None:
    """In August and September Morocco is an hour ahead of UTC."""
    for name, at in (("before", "2026-08-31 23:59"), ("first", "2026-09-01 00:00"), ("last", "2026-09-30 23:59"), ("after", "2026-10-01 00:00")):
        somebody(name, at).asks()
    project()
    assert Turn.objects.count() == 4
    assert {row.person[-5:].strip("0") for row in counting.asked(SEPTEMBER, load())} == {"first", "last"}


def test_a_record_that_was_merged_counts_under_the_other_and_one_that_is_gone_under_none() -> None:
    merged, into = next((old, record) for record in load().records.values() for old in record.merges)
    talk = somebody("a")
    talk.asks(record=merged)
    talk.asks(record="gone-for-good")
    project()
    area = load().subjects[into.subject].area
    assert {(row.area, row.subject) for row in counting.asked(SEPTEMBER, load())} == {(area, into.subject), ("none", "none")}


def test_counting_reads_no_text() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL chooses by the size of the table")
    with CaptureQueriesContext(connection) as queries:
        counting.asked(SEPTEMBER, load())
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {queries[0]['sql']}".replace("%", "%%"))
        assert "COVERING INDEX figures_turn" in " ".join(row[3] for row in cursor.fetchall())


# Publishing


def test_a_month_is_published_with_its_tables_in_both_forms() -> None:
    people(12)
    made = publishing.publish(SEPTEMBER, None, LATER)
    rows = read(made)
    assert [(row["table"], row["region"], row["subject"], row["people"], row["questions"]) for row in rows] == [
        ("total", "all", "all", "10", "10"),
        ("region", "09", "all", "10", "10"),
        ("variety", "all", "all", "10", "10"),
        ("outcome", "all", "all", "10", "10"),
        ("region_outcome", "09", "all", "10", "10"),
        ("outcome_area", "all", "all", "10", "10"),
        ("region_outcome_area", "09", "all", "10", "10"),
        ("outcome_area_subject", "all", "cooperative", "10", "10"),
        ("region_outcome_area_subject", "09", "cooperative", "10", "10"),
        ("variety_outcome", "all", "all", "10", "10"),
    ]
    told = json.loads(made.json)
    assert told["month"] == "2026-09"
    assert [{name: str(value) for name, value in row.items()} for row in told["figures"]] == rows
    assert {row["region_fr"] for row in rows} == {"Ensemble", "Souss-Massa"}


def test_the_csv_file_is_plain_utf_8_and_no_cell_is_a_formula() -> None:
    people(5)
    Turn.objects.update(region="=1+1")
    content = publishing.publish(SEPTEMBER, None, LATER).files["csv"]
    assert content.startswith(b"month,table,region,")
    assert content.count(b"\r\n") == content.count(b"\n")
    assert b",'=1+1,'=1+1,'=1+1," in content


def test_a_file_of_a_month_of_few_people_is_valid_and_empty() -> None:
    people(4)
    made = publishing.publish(SEPTEMBER, None, LATER)
    assert read(made) == []
    assert made.csv.startswith("month,table,region,")
    assert json.loads(made.json) == {"month": "2026-09", "figures": []}
    assert zipfile.ZipFile(io.BytesIO(made.files["zip"])).testzip() is None


def test_a_month_is_published_once_whoever_is_erased_later() -> None:
    """The difference of two files would be the person who was erased."""
    people(10)
    before = publishing.publish(SEPTEMBER, None, LATER)
    for talk in (somebody("0"), somebody("1")):
        in_dalil(erasure.erase, talk.sender)
    somebody("late").asks()
    project()
    assert len(counting.asked(SEPTEMBER, load())) == 9
    after = publishing.publish(SEPTEMBER, None, LATER + dt.timedelta(days=40))
    assert (after.files, after.made_at) == (before.files, before.made_at)
    assert Publication.objects.count() == 1


def test_nothing_that_is_published_or_written_down_names_anybody() -> None:
    people(12)
    made = publishing.publish(SEPTEMBER, None, LATER)
    entry = AuditEntry.objects.get(action="observatory.published")
    for text in (*(content.decode() for ending, content in made.files.items() if ending != "zip"), json.dumps(entry.details), entry.target):
        assert "telegram:" not in text
        assert "membres" not in text


@pytest.mark.parametrize(
    ("today", "why"), [(dt.date(2026, 10, 7), "can be published from 2026-10-08 on"), (dt.date(2027, 3, 1), "some of its conversations are deleted")]
)
def test_a_month_that_is_not_over_or_partly_deleted_is_not_published(today: dt.date, why: str) -> None:
    people(12)
    with pytest.raises(publishing.NotDue, match=why):
        publishing.publish(SEPTEMBER, None, today)
    assert not Publication.objects.exists()


def test_conversations_that_the_console_has_not_read_yet_are_read_first() -> None:
    people(12)
    Turn.objects.all().delete()
    Cursor.objects.all().delete()
    assert read(publishing.publish(SEPTEMBER, None, LATER))[0]["people"] == "10"


def test_what_is_due_are_the_months_since_the_first_conversation() -> None:
    assert publishing.due(LATER) == []
    somebody("a", "2026-07-30 12:00").asks()
    people(5)
    assert publishing.due(LATER) == [Month(2026, 7), Month(2026, 8), SEPTEMBER]
    publishing.publish(Month(2026, 8), None, LATER)
    assert publishing.due(LATER) == [Month(2026, 7), SEPTEMBER]


# The page


def test_a_manager_publishes_the_next_month_and_takes_its_files(browse: Any) -> None:
    people(12, DUE)
    client = browse("manager")
    assert f"Publier {DUE.first:%m/%Y}" in client.get("/observatory/").content.decode()
    page = client.post("/observatory/publish/", follow=True).content.decode()
    assert f"Le mois {DUE} est publié." in page
    assert "pourra l'être à partir du" in page
    made = Publication.objects.get()
    for ending, kind in (
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("zip", "application/zip"),
        ("datapackage.json", "application/json"),
    ):
        address = f"/observatory/{DUE}/{ending}/"
        assert address in page
        answer = client.get(address)
        assert (answer.status_code, answer["Content-Type"], answer.content) == (200, kind, made.files[ending])
        assert answer["Content-Disposition"] == f'attachment; filename="dalil-observatory-{DUE}.{ending}"'
    log = list(AuditEntry.objects.filter(action__startswith="observatory.").order_by("id").values_list("action", "who", "target"))
    assert log == [("observatory.published", "manager", str(DUE)), *[("observatory.downloaded", "manager", str(DUE))] * 4]


def test_where_nothing_is_due_nothing_is_published(browse: Any) -> None:
    client = browse("manager")
    assert "Aucun mois n&#x27;est à publier." in client.post("/observatory/publish/", follow=True).content.decode()
    assert not Publication.objects.exists()


def test_the_page_says_when_conversations_are_not_kept_for_long_enough(browse: Any) -> None:
    client = browse("manager")
    assert "Il en faut 39" not in client.get("/observatory/").content.decode()
    with environment(DALIL_KEEP_MESSAGES_DAYS="38"):
        assert "Il en faut 39" in client.get("/observatory/").content.decode()


def test_a_month_or_a_file_that_there_is_not_is_not_found(browse: Any) -> None:
    client = browse("manager")
    Publication.objects.create(month="2026-09", made_at=timezone.now(), csv="", json="", sha256="")
    assert client.get("/observatory/2026-08/csv/").status_code == 404
    assert client.get("/observatory/2026-09/xlsx/").status_code == 404


def test_the_page_is_arabic_for_who_reads_arabic(account: Any, browse: Any) -> None:
    page = browse(account("manager", "layla", language="ar")).get("/observatory/").content.decode()
    assert "<h1>المرصد</h1>" in page


# The command line


def test_the_command_publishes_what_is_due_and_writes_the_files(tmp_path: Path) -> None:
    people(12, DUE)
    done = dalil("--folder", str(tmp_path / "open data"))
    assert done.exit_code == 0, done.output
    made = Publication.objects.get(month=str(DUE))
    assert f"{DUE}: published" in done.output
    assert made.sha256 in done.output
    assert {path.name: path.read_bytes() for path in (tmp_path / "open data").iterdir()} == {
        f"dalil-observatory-{DUE}.{ending}": content for ending, content in made.files.items()
    }
    assert AuditEntry.objects.get(action="observatory.published").details["by"] == "command line"
    assert "No month is due." in dalil().output


def test_the_command_hands_out_a_month_that_is_published(tmp_path: Path) -> None:
    people(12, DUE)
    dalil()
    in_dalil(erasure.erase, somebody("0").sender)
    done = dalil("--month", str(DUE), "--folder", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert (tmp_path / f"dalil-observatory-{DUE}.csv").read_bytes() == Publication.objects.get().files["csv"]
    assert AuditEntry.objects.filter(action="observatory.published").count() == 1


@pytest.mark.parametrize(
    ("month", "said"), [("2026-13", "not written like 2026-09"), ("2020-01", "some of its conversations are deleted"), ("2099-01", "from 2099-02-08 on")]
)
def test_the_command_says_in_a_sentence_why_a_month_is_not_published(month: str, said: str) -> None:
    done = dalil("--month", month)
    assert done.exit_code in (1, 2)
    assert said in done.output
    assert "Traceback" not in done.output


def test_the_command_says_when_no_month_will_ever_be_due() -> None:
    with environment(DALIL_KEEP_MESSAGES_DAYS="30"):
        assert "it takes 39" in dalil().output
