"""The projection: rebuildable, idempotent, nothing lost, nothing left of who was erased."""

from __future__ import annotations

import json
import random
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from bot.console import server
from bot.console.conversations import projection
from bot.console.conversations.models import Conversation, Cursor, RasaEvent, Turn
from bot.console.conversations.projection import Projection
from bot.console.conversations.search import matching
from bot.console.database import in_dalil
from bot.console.review.models import Review
from bot.handoff import cases
from bot.privacy import erasure
from tests.console.tools import project

pytestmark = pytest.mark.usefixtures("console_url")
SENDER = "rest:ea41fd01e63beb4aeb9c269a10b3bd71"


def _recorded() -> list[dict[str, Any]]:
    """A real conversation: a greeting, a question, a thumb down with its reason, an office, a journey begun, a person asked for."""
    lines = Path(__file__).with_name("events.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _store(events: list[dict[str, Any]], first: int = 1, sender: str = SENDER) -> None:
    RasaEvent.objects.bulk_create(
        RasaEvent(id=first + n, sender_id=sender, type_name=data["event"], timestamp=data["timestamp"], data=json.dumps(data)) for n, data in enumerate(events)
    )


def _rows() -> list[dict[str, Any]]:
    return [*Turn.objects.order_by("id").values(), *Conversation.objects.order_by("sender").values()]


def test_a_real_conversation_is_told_as_it_was() -> None:
    _store(_recorded())
    project()
    told = [(turn.kind, turn.text, turn.outcome, turn.record) for turn in Turn.objects.order_by("id")]
    assert told == [
        ("text", "salam", "talk", ""),
        ("text", "chhal khass dyal nas f ta3awniya", "answered", "coop-min-membres"),
        ("button", "👎 مانفعنيش", "rated", "coop-min-membres"),
        ("button", "ماشي صحيح", "rated", "coop-min-membres"),
        ("text", "fin kayn maktab ta3awniyat f Oujda", "office", ""),
        ("text", "je veux un financement", "journey", ""),
        ("text", "Kénitra", "office", ""),
        ("text", "météo demain", "journey", ""),
        ("text", "بغيت نهضر مع شي واحد", "talk", ""),
        ("text", "3awnouni f lmilaf [tel]", "handoff", ""),
    ]
    asked = Turn.objects.get(text__startswith="chhal khass")
    assert (asked.variety, asked.language, asked.intent, asked.area) == ("ary-Latn", "ary", "ask_members", "creation")
    assert (asked.rating, asked.reason) == ("down", "wrong")
    assert asked.probability == asked.certainty == 0.958
    assert asked.runner_up[0] == "coop-capital-min"
    assert asked.latency == pytest.approx(2.6, abs=0.1)
    assert "5" in asked.said[0]["text"]
    conversation = Conversation.objects.get()
    assert (conversation.turns, conversation.thumbs_down, conversation.handed_over, conversation.refused) == (10, 1, 1, 0)
    assert Turn.objects.get(text="Kénitra").region == "04"


@pytest.mark.parametrize("seed", range(8))
def test_read_in_pieces_of_any_size_it_is_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    events = _recorded()
    _store(events)
    projection.rebuild()
    whole = _rows()
    chance = random.Random(seed)
    projection.Turn.objects.all().delete()
    projection.Conversation.objects.all().delete()
    projection.Cursor.objects.all().delete()
    projection.RasaEvent.objects.all().delete()
    position = 0
    while position < len(events):
        size = chance.choice([1, 2, 7, 30])
        _store(events[position : position + size], position + 1)
        position += size
        monkeypatch.setattr(projection, "STEP", chance.choice([1, 3, 1000]))
        projection.Projection().catch_up()
    assert _rows() == whole


def test_what_dalil_says_of_itself_belongs_to_the_turn_before(talk: Any) -> None:
    talk.asks("combien de membres")
    project()
    talk.says("/first_contact", intent="first_contact")
    talk.says_back("Vos messages sont gardés 180 jours : /privacy", "utter_first_contact")
    talk.says("/voice", intent="voice")
    talk.says_back("Je ne lis pas les messages vocaux.", "utter_voice")
    project()
    first, second = Turn.objects.order_by("id")
    assert [said["text"] for said in first.said] == ["Il faut au moins 5 personnes.", "Vos messages sont gardés 180 jours : /privacy"]
    assert (second.kind, second.text) == ("event", "/voice")


def _unreadable(talk: Any, how: str) -> None:
    """Store a turn with something in it that nobody foresaw."""
    if how == "what was understood":
        talk.event(event="user", text="a", parse_data="not an object", input_channel="telegram")
    elif how == "no JSON":
        number = talk.event(event="user", text="a", input_channel="telegram")
        RasaEvent.objects.filter(id=number).update(data="{")
    elif how == "no object":
        number = talk.event(event="user", text="a", input_channel="telegram")
        RasaEvent.objects.filter(id=number).update(data="[]")
    elif how == "the number of its message":
        talk.event(event="user", text="a", input_channel="telegram", metadata={"inbox": "abc"})
    else:
        talk.event(event="user", text="a", input_channel="telegram")
        talk.event(event="bot", text="b", data="not an object")


@pytest.mark.parametrize("how", ["what was understood", "no JSON", "no object", "the number of its message", "what was answered"])
def test_a_turn_that_cannot_be_read_is_told_as_failed_and_costs_no_other(how: str, talk: Any) -> None:
    talk.asks("avant")
    _unreadable(talk, how)
    talk.says("un\x00deux")
    talk.asks("après")
    other = type(talk)(sender="telegram:00000000000000000000000000000002")
    other.asks("et moi ?")
    project()
    told = [(turn.text, turn.kind, turn.outcome) for turn in Turn.objects.all()]
    kept = "" if how.startswith("no ") else "a"
    assert told == [
        ("avant", "text", "answered"),
        (kept, "event", "failed"),
        ("un\ufffddeux", "text", "silent"),
        ("après", "text", "answered"),
        ("et moi ?", "text", "answered"),
    ]
    assert abs(Turn.objects.get(outcome="failed").at.timestamp() - time.time()) < 60


def test_reading_everything_twice_changes_nothing() -> None:
    _store(_recorded())
    project()
    before = _rows()
    Cursor.objects.all().delete()
    project()
    assert _rows() == before


def test_a_rebuilt_projection_is_the_same_and_reviews_stay(account: Any) -> None:
    _store(_recorded())
    project()
    before = _rows()
    Review.objects.create(turn_id=10, sender=SENDER, reviewer=account("reviewer"), verdict="right")
    assert projection.rebuild() == 105
    assert _rows() == before
    assert Review.objects.get().turn.text.startswith("chhal khass")


def test_a_console_that_runs_while_all_is_made_again_takes_part_and_spoils_nothing(talk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "STEP", 150)
    monkeypatch.setattr(projection, "SLICE", 15)
    monkeypatch.setattr(server, "_EVERY", 0.0)
    for number in range(4):
        _store(_recorded(), 1 + number * 105, f"rest:{number:032x}")
    project()
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            talk.asks("et encore ?")
            time.sleep(0.02)
        connection.close()

    beside = [threading.Thread(target=server.follow, args=(stop,)), threading.Thread(target=ask)]
    for thread in beside:
        thread.start()
    try:
        for _ in range(2):
            assert projection.rebuild() >= 420
    finally:
        stop.set()
        for thread in beside:
            thread.join(30)
    project()
    told = _rows()
    assert Turn.objects.count() == 40 + RasaEvent.objects.filter(sender_id=talk.sender, type_name="user").count()
    projection.rebuild()
    assert _rows() == told


def test_making_all_again_is_taken_up_where_it_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    _store(_recorded())
    project()
    before = _rows()
    monkeypatch.setattr(projection, "SLICE", 4)
    with monkeypatch.context() as broken:
        broken.setattr(projection.time, "sleep", _killed)
        with pytest.raises(KeyboardInterrupt):
            projection.rebuild()
    assert 0 < Turn.objects.count() < 10
    project()
    assert _rows() == before


def _killed(_seconds: float) -> None:
    raise KeyboardInterrupt


def test_a_number_that_appears_late_is_not_lost(console_url: str, talk: Any) -> None:
    """On PostgreSQL a transaction may end after one that took a higher number."""
    if console_url.startswith("sqlite"):
        pytest.skip("SQLite has one writer: numbers appear in order")
    follower = Projection()
    talk.asks("première")
    late = list(RasaEvent.objects.values())
    RasaEvent.objects.all().delete()
    other = type(talk)(sender="telegram:00000000000000000000000000000002")
    RasaEvent.objects.create(**{**late[-1], "id": 500, "sender_id": other.sender})
    other.asks("deuxième")
    follower.catch_up()
    assert [turn.text for turn in Turn.objects.all()] == ["deuxième"]
    RasaEvent.objects.bulk_create(RasaEvent(**event) for event in late)
    follower.catch_up()
    assert sorted(turn.text for turn in Turn.objects.all()) == ["deuxième", "première"]
    Projection().catch_up()
    assert Turn.objects.count() == 2


@pytest.mark.parametrize("query", ["ta3awniya", "تعاونية", "TA3AWNIYA", "التعاونية", "nas ta3awniya", "chhal تعاونيه"])
def test_search_finds_a_word_in_every_script(query: str, talk: Any) -> None:
    talk.asks("chhal khass dyal nas f ta3awniya", variety="ary-Latn")
    talk.asks("شحال خاص ديال الناس فالتعاونية", variety="ary-Arab")
    talk.asks("combien coûte une SARL")
    project()
    found = {turn.text for turn in matching(Turn.objects.all(), query)}
    assert found == {"chhal khass dyal nas f ta3awniya", "شحال خاص ديال الناس فالتعاونية"}


def test_search_finds_what_was_typed_while_dalil_was_off(talk: Any) -> None:
    talk.says("/switched_off", intent="switched_off", metadata={"typed": "chhal khass dyal nas f ta3awniya"})
    talk.says_back("Dalil est en pause.", "utter_switched_off")
    talk.says("/voice", intent="voice")
    project()
    assert [turn.text for turn in matching(Turn.objects.all(), "تعاونية")] == ["chhal khass dyal nas f ta3awniya"]
    assert not matching(Turn.objects.all(), "switched off").exists()
    assert not matching(Turn.objects.all(), "voice").exists()


def test_search_finds_what_was_written_in_a_case(talk: Any) -> None:
    talk.at = time.time() - 60
    talk.asks("combien de membres")
    wish = talk.says("une personne svp", intent="human")
    talk.says_back("D'accord.", "action_open_case")
    number, _ = in_dalil(cases.open_case, talk.sender, "telegram", "fr", "une personne svp", {}, 3600.0)
    project()
    in_dalil(cases.add, number, "lmilaf dyal ta3awniya f lma7kama")
    in_dalil(cases.reply, number, "Bonjour, passez au guichet quatre.", 3600.0)
    project()
    for query in ("المحكمة", "guichet", "personne"):
        assert [turn.id for turn in matching(Turn.objects.all(), query)] == [wish], query
    talk.at = time.time()
    other = talk.asks("encore une question")
    time.sleep(0.05)  # it is asked a moment before the next line is written
    in_dalil(cases.add, number, "merci beaucoup")
    project()
    assert [turn.id for turn in matching(Turn.objects.all(), "beaucoup")] == [other]
    assert [turn.id for turn in matching(Turn.objects.all(), "guichet")] == [wish]
    projection.rebuild()
    assert [turn.id for turn in matching(Turn.objects.all(), "beaucoup")] == [other]
    assert [turn.id for turn in matching(Turn.objects.all(), "guichet")] == [wish]
    in_dalil(erasure.erase, talk.sender)
    assert not matching(Turn.objects.all(), "guichet").exists()


@pytest.mark.parametrize("query", ['"', "' OR 1=1 --", "AND OR NOT", "words:x", "(", "*", "a" * 200, "% _", "\u202e", "'; DROP TABLE conversations_turn; --"])
def test_search_takes_anything_for_text(query: str, talk: Any) -> None:
    talk.asks("combien de membres")
    project()
    list(matching(Turn.objects.all(), query))
    assert Turn.objects.count() == 1
