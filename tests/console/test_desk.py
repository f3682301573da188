"""Taking over: the inbox, one case, replies that reach people, and two of the staff at once."""

from __future__ import annotations

import asyncio
import datetime as dt
import html
import re
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from sqlalchemy import select

from bot.channels.delivery import Conversation
from bot.channels.telegram.transport import TelegramTransport, make_bot
from bot.channels.telegram.updates import read as read_update
from bot.console.accounts.models import AuditEntry
from bot.console.conversations.models import CaseMessage, CaseRow
from bot.console.database import in_dalil
from bot.console.desk import holders, inbox
from bot.console.desk.models import LONGEST_REPLY, CannedReply, CaseTaken
from bot.console.desk.reading import fates
from bot.console.desk.waiting import unread, waits_since, waits_too_long
from bot.delivery import events, outbox
from bot.delivery.dispatcher import Dispatcher
from bot.delivery.receipt import Reception
from bot.handoff import cases
from bot.handoff.cases import PERSON, STAFF, Line, Outdated
from bot.handoff.send import WHATSAPP_WINDOW, answer_case
from bot.hours import TIME_ZONE, parse
from bot.privacy import erasure
from bot.storage.database import Database
from bot.storage.tables import case_messages, contacts
from bot.storage.tables import cases as case_table
from bot.storage.tables import outbox as outbox_table
from tests.console.tools import Talk, project
from tests.tools import environment
from tests.vendors.telegram import FakeTelegram

FATIMA, DRISS, PAGE = "telegram:fatima", "whatsapp:driss", "web:page"
PAUSE = 4 * 3600.0
EVIL = 'أريد <script>alert("x")</script> \u202egnorw'
SUMMARY = {"answers": {"people": 6, "form": "cooperative", "place": "04.281"}, "last": ["combien de membres ?"], "record": "coop-min-membres"}
WITH_SCRIPT = {"HTTP_HX_REQUEST": "true"}


def _case(sender: str = FATIMA, wish: str = "Je veux parler à une personne", ago: float = 0.0, language: str = "fr", **how: Any) -> int:
    """A case that was opened `ago` seconds ago, and how to reach its person."""
    channel, at = sender.split(":")[0], time.time() - ago
    number, _ = in_dalil(cases.open_case, sender, channel, language, wish, how.pop("summary", SUMMARY), PAUSE)
    in_dalil(lambda c: c.execute(case_table.update().where(case_table.c.id == number).values(opened_at=at)))
    in_dalil(lambda c: c.execute(case_messages.update().where(case_messages.c.case_id == number).values(at=at)))
    if channel != "web" and how.pop("known", True):
        seen = time.time() - how.pop("silent_for", 0.0)
        row = {"sender": sender, "channel": channel, "address": "x", "first_seen": seen, "last_inbound": seen, "greeted": True, **how}
        in_dalil(lambda c: c.execute(contacts.insert().values(**row)))
    return number


def _text(answer: Any) -> str:
    """What a page says, without its markup."""
    assert answer.status_code == 200
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def _seen(answer: Any) -> str:
    found = re.search(r'name="seen" value="(\d+)"', answer.content.decode())
    assert found
    return found[1]


def _typed(answer: Any) -> str:
    """What stands in the field of the reply."""
    found = re.search(r"<textarea[^>]*>\r?\n?(.*?)</textarea>", answer.content.decode(), re.DOTALL)
    assert found
    return html.unescape(found[1]).strip()


def _reply(client: Any, number: int, text: str, **values: Any) -> Any:
    """Open the page, write, send; where nothing is in the way the answer leads back to the page."""
    values = {"seen": _seen(client.get(f"/desk/{number}/")), **values}
    return client.post(f"/desk/{number}/", {"text": text, **values})


def _lines(number: int) -> list[tuple[str, str]]:
    return [(line.author, line.text) for line in in_dalil(cases.lines, number)]


def _unsent() -> list[tuple[str, str, str]]:
    rows = in_dalil(lambda c: c.execute(select(outbox_table).order_by(outbox_table.c.id)).all())
    return [(row.sender, row.channel, outbox.Reply.from_json(row.content).text) for row in rows]


def _actions(number: int) -> list[tuple[str, str]]:
    return [(entry.who, entry.action) for entry in AuditEntry.objects.filter(target=str(number)).order_by("id")]


def _listed(answer: Any) -> list[int]:
    return [int(number) for number in re.findall(r'id="case-(\d+)"', answer.content.decode())]


# --- who may


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["reviewer", "editor", "manager"])
def test_staff_may_answer_people(browse: Any, role: str) -> None:
    number = _case()
    client = browse(role)
    assert [client.get(path).status_code for path in ("/desk/", f"/desk/{number}/", f"/desk/{number}/since/0/")] == [200] * 3
    assert _reply(client, number, "Bonjour").status_code == 302


def test_an_account_of_a_chamber_sees_nobody(browse: Any) -> None:
    number = _case()
    client = browse("chamber")
    assert [client.get(path).status_code for path in ("/desk/", f"/desk/{number}/", f"/desk/{number}/since/0/")] == [403] * 3
    posts = [client.post(f"/desk/{number}/{what}", {"text": "x", "seen": "9"}).status_code for what in ("", "take/", "hand-back/", "close/")]
    assert posts == [403] * 4
    assert _lines(number) == [(PERSON, "Je veux parler à une personne")]


def test_nothing_changes_by_following_a_link(browse: Any) -> None:
    number = _case()
    client = browse("reviewer")
    assert [client.get(f"/desk/{number}/{what}/").status_code for what in ("take", "hand-back", "close")] == [405] * 3
    assert in_dalil(cases.get, number).state == "waiting"


@pytest.mark.parametrize("number", ["0", "999", "2147483648", "99999999999999999999999"])
def test_a_case_that_is_not_there_is_not_found(browse: Any, number: str) -> None:
    client = browse("reviewer")
    assert [client.get(f"/desk/{number}/{what}").status_code for what in ("", "since/0/")] == [404] * 2
    assert [client.post(f"/desk/{number}/{what}", {"text": "x"}).status_code for what in ("", "take/", "hand-back/", "close/")] == [404] * 4
    assert not CaseTaken.objects.exists()


def test_who_was_erased_is_not_found(browse: Any) -> None:
    number = _case()
    client = browse("reviewer")
    client.post(f"/desk/{number}/take/")
    in_dalil(erasure.erase, FATIMA)
    assert client.get(f"/desk/{number}/").status_code == 404
    assert not CaseTaken.objects.exists()


# --- the inbox


@pytest.mark.parametrize(
    ("state", "marks", "count", "since"),
    [
        ("waiting", [], 0, 10.0),
        ("waiting", [(20.0, PERSON), (30.0, PERSON)], 2, 20.0),
        ("taken", [(20.0, PERSON), (30.0, STAFF)], 0, None),
        ("taken", [(20.0, PERSON), (30.0, STAFF), (40.0, PERSON), (50.0, PERSON)], 2, 40.0),
        ("waiting", [(20.0, PERSON), (30.0, STAFF)], 0, 30.0),
        ("handed_back", [(20.0, PERSON)], 0, None),
        ("closed", [(20.0, PERSON)], 0, None),
    ],
)
def test_somebody_waits_from_the_first_message_that_staff_have_not_answered(state: str, marks: Any, count: int, since: float | None) -> None:
    assert unread(state, marks) == count
    assert waits_since(state, 10.0, marks) == since


@pytest.mark.parametrize(
    ("since", "now", "too_long"),
    [
        ("2026-03-06 10:00", "2026-03-06 11:00", False),
        ("2026-03-06 10:00", "2026-03-06 11:01", True),
        ("2026-03-06 16:00", "2026-03-06 23:00", False),  # Friday: half an hour of opening time
        ("2026-03-06 16:00", "2026-03-09 09:30", False),  # until Monday morning it is an hour
        ("2026-03-06 16:00", "2026-03-09 09:31", True),
        ("2026-03-07 09:00", "2026-03-08 20:00", False),  # the weekend
        ("2026-02-14 12:00", "2026-02-16 10:01", True),  # the clocks change on Sunday, the 15th: Ramadan
        ("2026-02-14 12:00", "2026-02-16 09:59", False),
    ],
)
def test_only_opening_time_counts_as_waiting_too_long(since: str, now: str, too_long: bool) -> None:
    begun, looked = (dt.datetime.fromisoformat(moment).replace(tzinfo=TIME_ZONE).timestamp() for moment in (since, now))
    assert waits_too_long(begun, looked, parse("Mon-Fri 09:00-16:30")) is too_long
    assert not waits_too_long(begun, looked, [])


def test_unread_messages_come_first_and_then_who_waits_longest(browse: Any) -> None:
    silent = _case("web:a", wish="", ago=9000)
    late, early = _case("web:b", ago=100), _case("web:c", ago=5000)
    answered, back, again = _case("web:d", ago=8000), _case("web:e", ago=20000), _case("web:f", ago=7000)
    for number in (answered, again):
        in_dalil(answer_case, number, "Bonjour", PAUSE)
    in_dalil(cases.add, again, "et encore")
    in_dalil(cases.settle, back, "handed_back")
    client = browse("reviewer")
    assert _listed(client.get("/desk/")) == [early, late, again, silent, back, answered]
    assert inbox.waiting_count() == 4


def test_an_entry_says_what_one_must_know_to_choose(browse: Any, account: Any) -> None:
    number = _case(DRISS, "Mon dossier est bloqué", ago=7260, language="ary")
    holders.took(account("editor", "karim", name="Karim B."), in_dalil(cases.get, number))
    in_dalil(cases.take, number)
    in_dalil(cases.add, number, "Allô ?")
    with environment(DALIL_OFFICE_HOURS="Mon-Sun 00:00-23:59"):
        said = _text(browse("reviewer").get("/desk/"))
    for part in (
        "Mon dossier est bloqué",
        "attend depuis 2 heures",
        "2 messages sans réponse",
        "WhatsApp",
        "darija",
        "prise",
        "Karim B.",
        "Dalil se tait jusqu'à",
    ):
        assert part in said
    assert "attend depuis plus d'une heure d'ouverture" in said


def test_the_bot_is_said_to_answer_once_its_silence_is_over(browse: Any) -> None:
    number = _case()
    in_dalil(lambda c: c.execute(case_table.update().where(case_table.c.id == number).values(paused_until=time.time() - 1)))
    said = _text(browse("reviewer").get("/desk/"))
    assert "Dalil répond" in said
    assert "se tait" not in said


def test_mine_are_those_i_took_and_all_are_the_closed_ones_too(browse: Any) -> None:
    client = browse("reviewer")
    mine, other, closed = _case("web:a"), _case("web:b"), _case("web:c")
    client.post(f"/desk/{mine}/take/")
    browse("editor").post(f"/desk/{other}/take/")
    client.post(f"/desk/{closed}/take/")
    client.post(f"/desk/{closed}/close/")
    assert _listed(client.get("/desk/?show=mine")) == [mine]
    assert _listed(client.get("/desk/?show=all")) == [mine, other, closed]
    assert _listed(client.get("/desk/?show=nonsense&before=x")) == [mine, other]


def test_closed_cases_come_in_pages(browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "PAGE", 2)
    numbers = [_case(f"web:{n}") for n in range(5)]
    for number in numbers[:4]:
        in_dalil(cases.settle, number, "closed")
    client = browse("reviewer")
    first = client.get("/desk/?show=all")
    assert _listed(first) == [numbers[4], numbers[3], numbers[2]]
    following = re.search(r'href="(\?[^"]*before=[^"]*)"', first.content.decode())
    assert following
    assert _listed(client.get("/desk/" + html.unescape(following[1]))) == [numbers[1], numbers[0]]


def test_the_inbox_looks_for_news_and_gets_the_list_only(browse: Any) -> None:
    client = browse("reviewer")
    page = client.get("/desk/").content.decode()
    assert 'hx-trigger="every 5s"' in page
    assert "Aucune demande n'est ouverte" in page
    number = _case()
    fragment = client.get("/desk/", **WITH_SCRIPT)
    assert _listed(fragment) == [number]
    assert "<html" not in fragment.content.decode()


@pytest.mark.one_database
@pytest.mark.parametrize("path", ["/desk/", "/desk/{}/", "/desk/{}/since/0/"])
def test_what_people_wrote_is_inert(browse: Any, path: str) -> None:
    number = _case(wish=EVIL, summary={"answers": {"place": EVIL}, "last": [EVIL], "record": EVIL, "journey": EVIL})
    shown = browse("reviewer").get(path.format(number)).content.decode()
    assert "&lt;script&gt;" in shown
    assert "U+202E" in shown
    assert "<script>alert" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("state", "last", "counted"),
    [("waiting", PERSON, 1), ("waiting", None, 1), ("taken", PERSON, 1), ("taken", STAFF, 0), ("handed_back", PERSON, 0), ("closed", PERSON, 0)],
)
def test_the_badge_counts_who_needs_an_answer(console_url: str, state: str, last: str | None, counted: int) -> None:
    number = _case(PAGE, wish="")
    if last == PERSON:
        in_dalil(cases.add, number, "Bonjour")
    if last == STAFF:
        in_dalil(cases.reply, number, "Bonjour", PAUSE)
    CaseRow.objects.filter(id=number).update(state=state)
    assert inbox.waiting_count() == counted


# --- one case


@pytest.mark.parametrize(("language", "known"), [("fr", ["6 personnes", "Coopérative", "Kénitra"]), ("ar", ["6 من الأشخاص", "تعاونية", "القنيطرة"])])
def test_the_page_says_what_is_known_in_the_language_of_its_reader(browse: Any, account: Any, language: str, known: list[str]) -> None:
    number = _case(summary={**SUMMARY, "journey": "financing"})
    said = _text(browse(account("reviewer", language=language)).get(f"/desk/{number}/"))
    for part in [*known, "combien de membres ?", "coop-min-membres", "Je veux parler à une personne"]:
        assert part in said
    assert ("Trouver une aide" if language == "fr" else "البحث عن تمويل") in said


def test_the_page_leads_to_the_whole_conversation_where_there_is_one(browse: Any, talk: Talk) -> None:
    number = _case(talk.sender)
    client = browse("reviewer")
    assert f"/conversations/{talk.sender}/" not in client.get(f"/desk/{number}/").content.decode()
    talk.asks()
    project()
    assert f'href="/conversations/{talk.sender}/"' in client.get(f"/desk/{number}/").content.decode()


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("left", "said"), [(3 * 3600 + 12 * 60 + 30, "WhatsApp : encore 3 h 12 pour répondre."), (12 * 60 + 30, "WhatsApp : encore 12 min pour répondre.")]
)
def test_whatsapps_window_is_counted_down(browse: Any, left: float, said: str) -> None:
    number = _case(DRISS, silent_for=WHATSAPP_WINDOW - left)
    assert said in _text(browse("reviewer").get(f"/desk/{number}/"))


def test_reading_is_noted_and_looking_for_news_is_not(browse: Any) -> None:
    number = _case()
    client = browse("reviewer")
    client.get(f"/desk/{number}/")
    client.get(f"/desk/{number}/since/0/")
    assert _actions(number) == [("reviewer", "case.read")]


@pytest.mark.parametrize("how", ["news", "a canned reply", "a reply that is held back"])
def test_a_case_is_not_read_past_the_log(browse: Any, how: str) -> None:
    number = _case()
    client = browse("reviewer")
    for _ in range(2):
        if how == "news":
            assert "Je veux parler" in _text(client.get(f"/desk/{number}/since/0/"))
        else:
            assert "Je veux parler" in _text(client.post(f"/desk/{number}/", {"insert": "1"} if how == "a canned reply" else {"text": ""}))
    assert _actions(number) == [("reviewer", "case.read")]


def test_the_page_finds_new_messages_and_is_left_alone_when_there_are_none(browse: Any) -> None:
    number = _case()
    client = browse("reviewer")
    page = client.get(f"/desk/{number}/").content.decode()
    watch = re.search(r'hx-get="([^"]+)"', page)
    assert watch
    assert client.get(watch[1]).status_code == 204
    in_dalil(cases.add, number, "Vous êtes là ?")
    news = client.get(watch[1]).content.decode()
    assert "Vous êtes là ?" in news
    assert "Je veux parler à une personne" not in news
    following = re.search(r'hx-get="([^"]+)"', news)
    assert following
    assert client.get(following[1]).status_code == 204
    browse("editor").post(f"/desk/{number}/take/")
    assert "editor" in _text(client.get(following[1]))


# --- replies


@pytest.mark.parametrize(("sender", "channel"), [(FATIMA, "telegram"), (DRISS, "whatsapp")])
def test_a_reply_goes_into_the_outbox(browse: Any, sender: str, channel: str) -> None:
    number = _case(sender)
    client = browse("reviewer")
    answer = _reply(client, number, "  مرحبا بكم\r\nكيفاش نعاونوكم؟ ")
    assert answer.status_code == 302
    assert _unsent() == [(sender, channel, "مرحبا بكم\nكيفاش نعاونوكم؟")]
    found = in_dalil(cases.get, number)
    assert found.state == "taken"
    assert found.paused_until == pytest.approx(time.time() + PAUSE, abs=60)
    assert CaseTaken.objects.get(number=number).staff.username == "reviewer"
    assert _actions(number) == [("reviewer", "case.read"), ("reviewer", "case.taken"), ("reviewer", "case.replied")]
    assert "مرحبا" not in str(list(AuditEntry.objects.values_list("details", "target")))
    assert "en attente" in _text(client.get(answer.url))


def test_the_web_page_collects_a_reply_and_that_is_seen(browse: Any) -> None:
    number = _case(PAGE)
    client = browse("reviewer")
    answer = _reply(client, number, "Bonjour")
    assert _unsent() == []
    page = client.get(answer.url)
    assert "pas encore reçu par la page" in _text(page)
    watch = re.search(r'hx-get="([^"]+)"', page.content.decode())
    assert watch
    assert in_dalil(cases.collect, PAGE) == ["Bonjour"]
    assert _fates_live(client.get(watch[1]).content.decode()) == ["reçu par la page"]
    assert in_dalil(cases.collect, PAGE) == []
    said = _text(client.get(answer.url))
    assert "reçu par la page" in said
    assert "pas encore" not in said


@pytest.mark.parametrize(
    ("state", "receipt", "said"),
    [
        ("sending", None, "en cours"),
        ("sent", None, "envoyé"),
        ("sent", "delivered", "arrivé"),
        ("sent", "read", "lu"),
        ("sent", "undelivered", "non remis"),
        ("sent", "failed", "échec"),
        ("dead", "failed", "abandonné"),
    ],
)
def test_what_became_of_a_reply_is_said_on_the_open_page_too(browse: Any, state: str, receipt: str | None, said: str) -> None:
    number = _case(DRISS)
    client = browse("reviewer")
    _reply(client, number, "Bonjour")
    page = client.get(f"/desk/{number}/").content.decode()
    in_dalil(lambda c: c.execute(outbox_table.update().values(state=state, receipt=receipt)))
    watch = re.search(r'hx-get="([^"]+)"', page)
    assert watch
    news = client.get(watch[1]).content.decode()
    assert _fates_live(news) == [said]
    following = re.search(r'hx-get="([^"]+)"', news)
    assert following
    assert client.get(following[1]).status_code == 204
    assert said in _text(client.get(f"/desk/{number}/"))


def _fates_live(news: str) -> list[str]:
    """What became of messages, as it is put into the page that is open."""
    found = re.findall(r'<small id="fate-\d+"[^>]*hx-swap-oob="true"[^>]*>(.*?)</small>', news, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", fate).strip() for fate in found]


def test_each_message_of_staff_has_the_fate_of_its_own_row() -> None:
    lines = [Line(1, 10.0, PERSON, "oui", False), Line(2, 20.0, STAFF, "oui", False), Line(3, 30.0, STAFF, "oui", False), Line(4, 40.0, STAFF, "non", False)]
    sent = [(5.0, "oui", "dead"), (20.1, "oui", "sent"), (25.0, "avis", "sent"), (30.1, "oui", "waiting")]
    assert fates(lines, sent) == {2: "sent", 3: "waiting"}


@pytest.mark.one_database
@pytest.mark.parametrize(("left", "sent"), [(20.0, True), (0.0, False), (-1.0, False)])
def test_whatsapps_window_is_respected_to_its_very_end(browse: Any, left: float, sent: bool) -> None:
    number = _case(DRISS, silent_for=WHATSAPP_WINDOW - left)
    answer = _reply(browse("reviewer"), number, "Bonjour")
    assert (answer.status_code == 302) is sent
    assert len(_unsent()) == sent
    if not sent:
        assert "Les 24 heures de WhatsApp sont passées" in _text(answer)


@pytest.mark.parametrize(
    ("sender", "contact", "said"),
    [
        (FATIMA, {"blocked_at": 1.0}, "a bloqué Dalil"),
        (FATIMA, {"opted_out_at": 1.0}, "ne veut plus de messages"),
        (DRISS, {"silent_for": 90_000.0}, "Les 24 heures de WhatsApp sont passées"),
        (DRISS, {"known": False}, "ont été effacées"),
    ],
)
def test_who_cannot_be_reached_is_not_written_to_and_nothing_typed_is_lost(browse: Any, sender: str, contact: dict[str, Any], said: str) -> None:
    number = _case(sender, **contact)
    client = browse("reviewer")
    before = in_dalil(cases.get, number)
    assert said in _text(client.get(f"/desk/{number}/"))
    answer = _reply(client, number, "Bonjour, \nvoici <b>tout</b>")
    assert said in _text(answer)
    assert _typed(answer) == "Bonjour, \nvoici <b>tout</b>"
    assert in_dalil(cases.get, number) == before
    assert (_unsent(), [author for author, _ in _lines(number)]) == ([], [PERSON])
    assert not CaseTaken.objects.exists()
    assert "case.replied" not in str(_actions(number))


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Écrivez d'abord votre réponse."),
        (" \n\t ", "Écrivez d'abord votre réponse."),
        ("x" * (LONGEST_REPLY + 1), "a 1501 caractères, 1500 au plus"),
        ("🌾" * (LONGEST_REPLY // 2 + 1), "a 1502 caractères, 1500 au plus"),
        ("avant\0après", "Le caractère nul n’est pas autorisé"),
    ],
)
def test_an_empty_or_too_long_reply_is_not_sent_and_not_lost(browse: Any, text: str, said: str) -> None:
    number = _case()
    answer = _reply(browse("reviewer"), number, text)
    assert said in _text(answer)
    assert 'role="alert"' in answer.content.decode()
    assert _typed(answer).replace("\0", "") == text.strip().replace("\0", "")
    assert _unsent() == []


def test_a_reply_may_be_as_long_as_is_said_with_line_breaks_as_one_character(browse: Any) -> None:
    number = _case()
    text = "ligne\r\n" * 249 + "x" * 6
    page = browse("reviewer")
    assert f'maxlength="{LONGEST_REPLY}"' in page.get(f"/desk/{number}/").content.decode()
    assert _reply(page, number, text).status_code == 302
    assert len(_unsent()[0][2]) == LONGEST_REPLY


# --- two at once


def test_what_came_while_somebody_wrote_is_shown_before_their_reply_leaves(browse: Any) -> None:
    number = _case()
    client = browse("reviewer")
    seen = _seen(client.get(f"/desk/{number}/"))
    in_dalil(cases.add, number, "En fait c'est réglé")
    held = client.post(f"/desk/{number}/", {"text": "Bonjour", "seen": seen})
    said = _text(held)
    assert "Quelque chose a été écrit pendant que vous répondiez" in said
    assert "En fait c'est réglé" in said.partition("Écrit entre-temps")[2]
    assert (_typed(held), _unsent()) == ("Bonjour", [])
    assert client.post(f"/desk/{number}/", {"text": "Bonjour", "seen": _seen(held)}).status_code == 302
    assert len(_unsent()) == 1


def test_a_second_click_does_not_send_twice(browse: Any) -> None:
    number = _case()
    client = browse("reviewer")
    values = {"text": "Bonjour", "seen": _seen(client.get(f"/desk/{number}/"))}
    assert [client.post(f"/desk/{number}/", values).status_code for _ in range(2)] == [302, 200]
    assert len(_unsent()) == 1


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999", None])
def test_a_page_that_does_not_say_what_was_read_sends_nothing(browse: Any, seen: str | None) -> None:
    number = _case()
    client = browse("reviewer")
    held = client.post(f"/desk/{number}/", {"text": "Bonjour", **({} if seen is None else {"seen": seen})})
    assert "Cette page n'est plus à jour" in _text(held)
    assert (_typed(held), _unsent()) == ("Bonjour", [])
    assert client.post(f"/desk/{number}/", {"text": "Bonjour", "seen": _seen(held)}).status_code == 302


def test_of_two_who_answer_at_the_same_moment_one_is_held_back(console_url: str) -> None:
    number = _case()
    (first,) = in_dalil(cases.lines, number)
    together, outcomes = threading.Barrier(2), []

    def answer(text: str) -> None:
        together.wait()
        try:
            in_dalil(answer_case, number, text, PAUSE, first.id)
            outcomes.append("sent")
        except Outdated:
            outcomes.append("held")

    threads = [threading.Thread(target=answer, args=(text,)) for text in ("un", "deux")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["held", "sent"]
    assert len(_unsent()) == 1


def test_nobody_answers_in_somebody_elses_case_without_being_asked(browse: Any, account: Any) -> None:
    number = _case()
    browse(account("editor", "karim", name="Karim B.")).post(f"/desk/{number}/take/")
    client = browse("reviewer")
    assert "Karim B. s'en charge" in _text(client.get(f"/desk/{number}/"))
    asked = _reply(client, number, "Bonjour")
    assert "Karim B. s'en charge déjà. Votre réponse n'est pas partie" in _text(asked)
    assert (_typed(asked), _unsent()) == ("Bonjour", [])
    knowingly = re.search(r'name="despite" value="(\d+)"', asked.content.decode())
    assert knowingly
    assert "s'en charge déjà" in _text(_reply(client, number, "Bonjour", despite="0")), "somebody else was meant"
    assert _reply(client, number, "Bonjour", despite=knowingly[1]).status_code == 302
    assert CaseTaken.objects.get(number=number).staff.username == "reviewer"
    assert ("reviewer", "case.taken") in _actions(number)
    assert _reply(client, number, "Encore").status_code == 302, "it is mine now"


def test_who_answers_knowingly_is_not_asked_again_when_something_came_meanwhile(browse: Any, account: Any) -> None:
    number = _case()
    karim = account("editor", "karim")
    browse(karim).post(f"/desk/{number}/take/")
    client = browse("reviewer")
    seen = _seen(client.get(f"/desk/{number}/"))
    in_dalil(cases.add, number, "Allô ?")
    held = client.post(f"/desk/{number}/", {"text": "Bonjour", "seen": seen, "despite": str(karim.pk)})
    assert f'name="despite" value="{karim.pk}"' in held.content.decode()
    assert client.post(f"/desk/{number}/", {"text": "Bonjour", "seen": _seen(held), "despite": str(karim.pk)}).status_code == 302


def test_who_handed_a_case_back_works_on_it_no_more(browse: Any) -> None:
    number = _case()
    first = browse("editor")
    _reply(first, number, "Bonjour")
    first.post(f"/desk/{number}/hand-back/")
    in_dalil(cases.open_case, FATIMA, "telegram", "fr", "encore une question", SUMMARY, PAUSE)
    assert _reply(browse("reviewer"), number, "Bonjour").status_code == 302


def test_a_case_goes_to_who_takes_it_first(browse: Any) -> None:
    number = _case()
    first, second = browse("reviewer"), browse("editor")
    assert "Vous vous en chargez" in _text(first.post(f"/desk/{number}/take/", {"instead_of": ""}, follow=True))
    late = second.post(f"/desk/{number}/take/", {"instead_of": ""}, follow=True)
    assert "reviewer vient de s'en charger" in _text(late)
    assert CaseTaken.objects.get().staff.username == "reviewer"
    assert in_dalil(cases.get, number).state == "taken"
    assert ("editor", "case.taken") not in _actions(number)
    instead = re.search(r'name="instead_of" value="(\d+)"', late.content.decode())
    assert instead
    assert "Vous vous en chargez" in _text(second.post(f"/desk/{number}/take/", {"instead_of": instead[1]}, follow=True))
    assert CaseTaken.objects.get().staff.username == "editor"


@pytest.mark.parametrize("instead_of", ["x", "-1", "12345", "99999999999999999999", "٣"])
def test_a_wrong_number_of_an_account_takes_nothing_from_anybody(browse: Any, instead_of: str) -> None:
    number = _case()
    browse("editor").post(f"/desk/{number}/take/")
    browse("reviewer").post(f"/desk/{number}/take/", {"instead_of": instead_of})
    assert CaseTaken.objects.get().staff.username == "editor"


# --- the end


def test_handing_back_lets_the_bot_speak_and_keeps_the_case_open(browse: Any) -> None:
    number = _case()
    client = browse("reviewer")
    assert in_dalil(cases.paused, FATIMA) == number
    said = _text(client.post(f"/desk/{number}/hand-back/", follow=True))
    assert "Dalil répond de nouveau à cette personne" in said
    assert "rendue au bot" in said
    assert in_dalil(cases.paused, FATIMA) is None
    assert [case.id for case in in_dalil(cases.waiting)] == [number]
    assert ("reviewer", "case.handed_back") in _actions(number)


def test_a_closed_case_leaves_the_inbox_and_takes_no_reply(browse: Any) -> None:
    number = _case()
    client = browse("reviewer")
    seen = _seen(client.get(f"/desk/{number}/"))
    assert _listed(client.post(f"/desk/{number}/close/", follow=True)) == []
    assert ("reviewer", "case.closed") in _actions(number)
    assert in_dalil(cases.paused, FATIMA) is None
    page = client.get(f"/desk/{number}/")
    assert "Cette demande est fermée" in _text(page)
    assert "<textarea" not in page.content.decode()
    late = client.post(f"/desk/{number}/", {"text": "Trop tard", "seen": seen})
    assert "rien n'est parti" in _text(late)
    assert (_typed(late), _unsent()) == ("Trop tard", [])
    assert "Cette demande est déjà fermée" in _text(client.post(f"/desk/{number}/close/", follow=True))
    assert "Cette demande est fermée" in _text(client.post(f"/desk/{number}/take/", follow=True))


# --- canned replies


def test_six_replies_are_there_in_three_languages(console_url: str) -> None:
    found = list(CannedReply.objects.all())
    assert len(found) == 6
    for reply in found:
        assert all(0 < len(reply.text(language)) <= LONGEST_REPLY for language in ("fr", "ar", "ary"))
        assert not re.search(r"[\u0600-\u06ff]", reply.fr)
        assert not re.search(r"[A-Za-z]", reply.ar + reply.ary)
        assert len({("…" in reply.text(language)) for language in ("fr", "ar", "ary")}) == 1, "the same blanks to fill in"
        assert "!" not in reply.fr + reply.ar + reply.ary


@pytest.mark.one_database
@pytest.mark.parametrize("language", ["fr", "ar", "ary"])
def test_canned_replies_are_offered_in_the_language_of_the_case_first(browse: Any, language: str) -> None:
    number = _case(language=language)
    page = browse("reviewer").get(f"/desk/{number}/").content.decode()
    buttons = [html.unescape(text) for text in re.findall(r'data-into="id_text" data-text="([^"]*)"', page)]
    assert len(buttons) == 18
    assert buttons[:6] == [reply.text(language) for reply in CannedReply.objects.all()]
    assert re.findall(r'<option value="\d+-(\w+)"', page)[:6] == [language] * 6


def test_without_a_script_a_canned_reply_is_added_to_what_was_typed(browse: Any) -> None:
    number = _case()
    client = browse("reviewer")
    reply = CannedReply.objects.first()
    assert reply
    answer = client.post(f"/desk/{number}/", {"text": "Bonjour Fatima", "canned": f"{reply.pk}-ary", "insert": "1"})
    assert _typed(answer) == f"Bonjour Fatima\n\n{reply.ary}"
    assert _unsent() == []


@pytest.mark.parametrize("choice", ["", "x", "1", "1-en", "999-fr", "-1-fr", "99999999999999999999-fr", "٣-fr"])
def test_a_canned_reply_that_is_none_adds_nothing(browse: Any, choice: str) -> None:
    number = _case()
    assert _typed(browse("reviewer").post(f"/desk/{number}/", {"text": "Bonjour", "canned": choice, "insert": "1"})) == "Bonjour"


def test_editors_change_canned_replies_in_the_admin_and_reviewers_do_not(browse: Any) -> None:
    reply = CannedReply.objects.first()
    assert reply
    address = f"/admin/desk/cannedreply/{reply.pk}/change/"
    values = {"title": "Accueil", "fr": "Bonjour.", "ar": "مرحبا.", "ary": "مرحبا بيكم.", "order": "1"}
    assert browse("reviewer").post(address, values).status_code == 302
    assert CannedReply.objects.get(pk=reply.pk).title == reply.title
    editor = browse("editor")
    assert editor.post(address, values).status_code == 302
    assert CannedReply.objects.get(pk=reply.pk).ary == "مرحبا بيكم."
    assert editor.post(f"/admin/desk/cannedreply/{reply.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(AuditEntry.objects.filter(who="editor", action__startswith="canned").order_by("id").values_list("action", "target")) == [
        ("canned_reply.changed", "Accueil"),
        ("canned_reply.deleted", "Accueil"),
    ]


# --- from one end to the other


class Assistant:
    """What stands for Rasa: it opens a case for who asks for a person, and answers everything else."""

    async def __call__(self, message: UserMessage) -> None:
        if message.text == "une personne svp":
            in_dalil(cases.open_case, message.sender_id, "telegram", "fr", message.text, SUMMARY, PAUSE)
            said = "Une personne vous répondra ici."
        else:
            said = {events.CASE_NOTED: "C'est ajouté.", events.FIRST_CONTACT: "Vos données."}.get(message.text or "", "Le bot répond.")
        await message.output_channel.send_text_message(message.sender_id, said)


@pytest.fixture
def telegram(console_url: str) -> Iterator[tuple[FakeTelegram, Callable[[dict[str, Any]], None]]]:
    """A played Telegram, and what brings one of its updates to the real delivery, which works beside the test."""
    loop, key = asyncio.new_event_loop(), b"k" * 32
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def run(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(30)

    with FakeTelegram() as played:

        async def begin() -> Dispatcher:
            database = Database(console_url)
            talk = Conversation(Assistant(), 1000, database)
            made = Dispatcher(database, Reception(key, 1000, 100), {"telegram": TelegramTransport(make_bot(played.token, played.url))}, talk, 100)
            await made.start()
            return made

        dispatcher = run(begin())

        def bring(update: dict[str, Any]) -> None:
            inbound = read_update(update)
            assert inbound
            run(dispatcher.take_in(inbound))

        yield played, bring
        run(dispatcher.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
        assert played.violations == []


def test_a_person_is_answered_by_a_person_and_then_by_the_bot_again(telegram: Any, browse: Any) -> None:
    played, bring = telegram
    salma, client = played.user(7), browse("reviewer")
    bring(salma.text("une personne svp"))
    assert [message.text for message in salma.wait_for(2)] == ["Une personne vous répondra ici.", "Vos données."]
    (number,) = _listed(client.get("/desk/"))

    assert _reply(client, number, "Bonjour, je suis Amina. De quoi s'agit-il ?").status_code == 302
    assert salma.wait_for(3)[2].text == "Bonjour, je suis Amina. De quoi s'agit-il ?"
    _until(lambda: "envoyé" in _text(client.get(f"/desk/{number}/")))

    watch = re.search(r'hx-get="([^"]+)"', client.get(f"/desk/{number}/").content.decode())
    assert watch
    bring(salma.text("De mon dossier au tribunal"))
    _until(lambda: CaseMessage.objects.filter(case=number).count() == 3)
    assert "De mon dossier au tribunal" in _text(client.get(watch[1]))
    assert _listed(client.get("/desk/")) == [number]
    assert "1 message sans réponse" in _text(client.get("/desk/"))
    assert len(salma.sent) == 3, "the bot is silent"

    client.post(f"/desk/{number}/hand-back/")
    bring(salma.text("Combien de membres ?"))
    assert salma.wait_for(4)[3].text == "Le bot répond."
    assert len(_lines(number)) == 3


def _until(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait for something that another thread does."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)
