"""Pilotage: the pause and the notice take effect at once and are written down; people's data is shown, erased and forgotten, everywhere."""

from __future__ import annotations

import asyncio
import datetime as dt
import re
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from django.db import DatabaseError, connection
from rasa.core.channels.channel import UserMessage

from bot.channels import delivery
from bot.channels.turn import ERASE, TurnRunner
from bot.cli import main
from bot.console.accounts.models import AuditEntry, Staff
from bot.console.chambers.models import Campaign, Chamber
from bot.console.conversations.models import Conversation, RasaEvent, Turn
from bot.console.conversations.projection import Projection
from bot.console.conversations.search import matching
from bot.console.database import in_dalil
from bot.console.desk.models import CaseTaken
from bot.console.learning.models import Correction, Todo, TodoQuestion
from bot.console.review.models import Assignment, EvaluationQuestion, Review, Tag, TurnTag
from bot.console.steering import people
from bot.delivery import leases, outbox
from bot.delivery.messages import Inbound, Reply
from bot.delivery.receipt import Reception
from bot.delivery.worker import Worker
from bot.handoff import cases
from bot.privacy import copies, erasure
from bot.privacy.addresses import AddressBook
from bot.settings import settings
from bot.steering import notices, pause, switch
from bot.steering.watch import Watch
from bot.storage.database import Database
from bot.storage.tables import contacts
from tests.console.tools import Talk, project, tables_with

pytestmark = pytest.mark.usefixtures("console_url")

CHAT, OTHER_CHAT = "77001122", "88001122"
TEXTS = {"fr": "Les bureaux sont fermés lundi.", "ar": "المكاتب مغلقة يوم الإثنين.", "ary": "البيروات سادين نهار الاتنين."}
MARKUP = "<script>alert(1)</script> gras \u202etsil"
WORD = "zellige"
DAY = 86_400.0
#: The log names people by their pseudonym, and stays: it says who read and who erased.
LOG = "accounts_auditentry"
#: Tables whose rows of a person stay, without the person.
STAYS = {"learning_correction", "review_evaluationquestion"}


def _page(client: Any, address: str = "/steering/") -> str:
    return str(client.get(address).content.decode())


def _log() -> list[tuple[str, str]]:
    return [(entry.action, entry.target) for entry in AuditEntry.objects.order_by("id") if not entry.action.startswith("login")]


# --- who may


PAGES = [
    ("get", "/steering/"),
    ("post", "/steering/switch/"),
    ("post", "/steering/notice/"),
    ("post", "/steering/notice/withdraw/"),
    ("get", "/steering/privacy/"),
    ("post", "/steering/privacy/purge/"),
    ("post", "/steering/privacy/find/"),
    ("get", "/steering/privacy/web:x/"),
    ("post", "/steering/privacy/web:x/stored/"),
    ("post", "/steering/privacy/web:x/erase/"),
]


@pytest.mark.one_database
@pytest.mark.parametrize("role", ["reviewer", "editor", "chamber"])
def test_only_a_manager_steers_and_erases(browse: Callable[..., Any], role: str) -> None:
    client = browse(role)
    for method, address in PAGES:
        assert getattr(client, method)(address, {"off": "1", "sure": "on", "word": "EFFACER"}).status_code == 403, address
    assert not in_dalil(switch.state).off
    assert "/steering/" not in _page(client, "/profile/")


def test_looking_changes_nothing(browse: Callable[..., Any]) -> None:
    client = browse("manager")
    for method, address in PAGES:
        if method == "post":
            assert client.get(address).status_code == 405, address
    assert _log() == []


# --- the pause


def test_a_pause_takes_effect_in_another_process_within_two_seconds(browse: Callable[..., Any], console_url: str) -> None:
    client, bot = browse("manager"), Database(console_url)
    watch, loop = Watch(bot), asyncio.new_event_loop()

    def sees(off: bool) -> None:
        deadline = time.monotonic() + 2
        while loop.run_until_complete(watch.now()).off is not off:
            assert time.monotonic() < deadline
            time.sleep(0.05)

    sees(False)
    for off in (True, False):
        assert client.post("/steering/switch/", {"off": "1", "sure": "on"} if off else {"off": "0"}).status_code == 302
        sees(off)
    loop.close()
    bot.close()


def test_who_paused_and_when_is_shown_and_written_down(browse: Callable[..., Any]) -> None:
    client = browse("manager")
    assert "Dalil répond" in _page(client)
    client.post("/steering/switch/", {"off": "1", "sure": "on"})
    assert "Dalil est en pause." in _page(client)
    assert "par <bdi>manager</bdi>" in _page(client)
    client.post("/steering/switch/", {"off": "1", "sure": "on"})
    client.post("/steering/switch/", {"off": "0"})
    assert [action for action, _ in _log()] == ["dalil.paused", "dalil.resumed"], "pausing twice is done once"
    assert "Dalil mis en pause" in _page(client)
    assert "Dalil remis en marche" in _page(client)


@pytest.mark.one_database
@pytest.mark.parametrize("sent", [{"off": "1"}, {}, {"off": "maybe", "sure": "on"}])
def test_without_confirmation_nothing_is_paused(browse: Callable[..., Any], sent: dict[str, str]) -> None:
    assert browse("manager").post("/steering/switch/", sent).status_code == 400
    assert not in_dalil(switch.state).off
    assert _log() == []


def test_what_is_shown_is_what_everybody_gets(browse: Callable[..., Any]) -> None:
    shown = _page(browse("manager"))
    for text in pause.texts().values():
        for line in text.splitlines():
            assert line.replace("'", "&#x27;") in shown


# --- the notice


def _until(days: float = 1.0) -> str:
    from django.utils import timezone

    return timezone.localtime(timezone.now() + dt.timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def test_a_preview_publishes_nothing(browse: Callable[..., Any]) -> None:
    answer = browse("manager").post("/steering/notice/", {**TEXTS, "until": _until(), "do": "preview"})
    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "n'est pas encore publié" in shown
    for text in TEXTS.values():
        assert shown.count(text) == 2, "in the preview, and still in its field"
    assert in_dalil(notices.current) is None
    assert _log() == []


def test_a_notice_is_published_and_withdrawn_at_once_and_written_down(browse: Callable[..., Any]) -> None:
    client = browse("manager")
    assert client.post("/steering/notice/", {**TEXTS, "until": _until(), "do": "publish"}).status_code == 302
    notice = in_dalil(notices.current)
    assert (notice.texts, notice.by) == (TEXTS, "manager")
    assert notice.ends_at == pytest.approx(time.time() + DAY, abs=120)
    entry = AuditEntry.objects.get(action="notice.published")
    assert entry.who == "manager"
    assert {language: entry.details[language] for language in TEXTS} == TEXTS
    assert TEXTS["ary"] in _page(client)
    client.post("/steering/notice/withdraw/")
    client.post("/steering/notice/withdraw/")
    assert in_dalil(notices.current) is None
    assert [action for action, _ in _log()] == ["notice.published", "notice.withdrawn"]
    assert "Avis retiré" in _page(client)


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ary": ""}, "obligatoire"),
        ({"fr": "a" * 601}, "601 caractères"),
        ({"fr": TEXTS["ar"]}, "en français"),
        ({"ar": TEXTS["fr"]}, "en lettres arabes"),
        ({"until": _until(-1)}, "déjà passé"),
        ({"until": "demain"}, "valide"),
        ({"until": ""}, "obligatoire"),
    ],
)
def test_a_wrong_notice_is_explained_and_nothing_typed_is_lost(browse: Callable[..., Any], wrong: dict[str, str], said: str) -> None:
    sent = {**TEXTS, "until": _until(), "do": "publish", **wrong}
    answer = browse("manager").post("/steering/notice/", sent)
    shown = answer.content.decode()
    assert answer.status_code == 400
    assert said in shown
    for name in {"fr", "ar", "ary"} - set(wrong):
        assert sent[name] in shown
    assert in_dalil(notices.current) is None


def test_600_characters_with_line_breaks_fit(browse: Callable[..., Any]) -> None:
    text = "\r\n".join(["ligne " + "a" * 53] * 10) + "b"
    assert browse("manager").post("/steering/notice/", {**TEXTS, "fr": text, "until": _until(), "do": "publish"}).status_code == 302
    assert in_dalil(notices.current).texts["fr"] == text.replace("\r", "")


def test_a_text_with_markup_is_shown_inert(browse: Callable[..., Any]) -> None:
    client = browse("manager")
    client.post("/steering/notice/", {**TEXTS, "fr": MARKUP, "until": _until(), "do": "publish"})
    shown = _page(client)
    assert "<script>alert" not in shown
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt; gras") == 3, "in the notice, in its field, in the history"
    assert in_dalil(notices.current).texts["fr"] == MARKUP.replace("\u202e", ""), "what cannot be seen is not said"


# --- one person


def _reception() -> Reception:
    return Reception(settings().key(), 1000, 100)


def _lives(chat: str = CHAT, at: float | None = None) -> str:
    """Somebody of whom something stands in every table that names people. Returns the pseudonym."""
    if not Campaign.objects.filter(code="oujda").exists():
        Campaign.objects.create(code="oujda", title="Souk", chamber=Chamber.objects.create(name_fr="Chambre", name_ar="غرفة", region="02"))
    inbound = Inbound("telegram", f"message {chat}", chat, f"combien de {WORD} ?", start_code="oujda")
    sender = _reception().sender(inbound)
    in_dalil(_reception().take, inbound)
    (message,) = in_dalil(outbox.waiting, sender)
    in_dalil(outbox.answer, sender, "telegram", [message.id], [Reply(f"Cinq {WORD}")])
    in_dalil(outbox.sent, in_dalil(outbox.next_unsent, sender).id, "1")
    in_dalil(lambda connection: connection.execute(contacts.update().values(greeted=True)))
    talk = Talk(sender, at=at or time.time() - 3600)
    turns = [talk.asks(f"combien de {WORD} ? {position}") for position in range(5)]
    talk.slot("place", "04.281")
    talk.slot("people", 7)
    project()
    number, _ = in_dalil(cases.open_case, sender, "telegram", "fr", MARKUP, {"answers": {"people": 7}, "last": [f"{WORD} ?"]}, 3600.0)
    in_dalil(cases.reply, number, "Bonjour", 3600.0)
    notice = in_dalil(notices.publish, TEXTS, time.time() + 3600, "amina")
    in_dalil(notices.mark_seen, notice.id, sender, message.id)
    staff = Staff.objects.filter(username="reader").first() or Staff.objects.add(username="reader", role="editor", password="un mot de passe assez long")
    reviews = [Review.objects.create(turn_id=turn, sender=sender, reviewer=staff, verdict="wrong", note=f"note {WORD}") for turn in turns]
    tag, _made = Tag.objects.get_or_create(name="à revoir")
    TurnTag.objects.create(turn_id=turns[0], sender=sender, tag=tag, by=staff)
    Assignment.objects.create(sender=sender, assignee=staff, by=staff)
    CaseTaken.objects.create(number=number, sender=sender, staff=staff, at=dt.datetime.now(dt.timezone.utc))
    about = {"sender": sender, "text": f"combien de {WORD}"}
    kept = {"variety": "fr", "kind": "record", "target": "coop-min-membres", "decided_by": staff}
    for turn, review, state in zip(turns, reviews, ("approved", "learnt", "declined")):
        Correction.objects.create(turn=turn, review=review, state=state, **about, **kept)
    TodoQuestion.objects.create(todo=Todo.objects.create(title="Fiche", by=staff), turn=turns[3], review=reviews[3], by=staff, **about)
    EvaluationQuestion.objects.create(turn=turns[4], variety="fr", area="creation", expect=[], by=staff, sender=sender, text=f"{WORD} {chat}")
    return sender


def _counts(sender: str) -> dict[str, int]:
    """How many rows there are of somebody, by table."""

    def count(connection: Any) -> dict[str, int]:
        known = copies.copies(connection)
        return {copy.name: connection.execute(sa.select(sa.func.count()).select_from(copy.rows).where(copy.person == sender)).scalar_one() for copy in known}

    return in_dalil(count)


def test_every_table_of_the_console_that_names_people_is_looked_at(console_url: str) -> None:
    """What is added later is covered too, or this test says so."""
    sender = _lives()
    from django.apps import apps

    by_name = {model._meta.db_table for model in apps.get_models() if {"sender", "conversation_id"} & {field.attname for field in model._meta.fields}}
    ours = {name for name in by_name if name not in {"contacts", "outbox", "cases"}}
    assert set(_counts(sender)) == ours
    assert all(_counts(sender).values()), "and all of them are filled by these tests"
    assert tables_with(console_url, sender) == ours | {"contacts", "inbox", "outbox", "cases", "events", "notices_seen"}


class Telegram:
    """Telegram, which takes everything."""

    name = "telegram"

    def __init__(self) -> None:
        self.sent: list[str] = []

    def parts(self, reply: Reply) -> list[Reply]:
        return [reply]

    async def send(self, address: str, row: int, reply: Reply) -> str:
        self.sent.append(reply.text)
        return "1"

    async def find(self, *_: Any) -> None:
        return None

    async def typing(self, address: str) -> None:
        return None

    def may_send(self, last_inbound: float, now: float) -> bool:
        return True


class Forgetful:
    """The assistant when somebody has confirmed: it stores the turn, as Rasa does, and says its last word."""

    async def __call__(self, message: UserMessage) -> None:
        await asyncio.to_thread(self._stored, message.sender_id, message.text)
        await message.output_channel.send_text_message(message.sender_id, "C'est fait.")
        await message.output_channel.send_custom_json(message.sender_id, ERASE)

    def _stored(self, sender: str, text: str) -> None:
        Talk(sender, at=time.time()).says(text, intent="erase")


def _by_console(sender: str, browse: Callable[..., Any]) -> None:
    assert browse("manager").post(f"/steering/privacy/{sender}/erase/", {"word": "effacer"}).status_code == 302


def _by_command(sender: str, browse: Callable[..., Any]) -> None:
    assert "Erased: " in CliRunner().invoke(main, ["privacy", "erase", "telegram", CHAT]).output


def _by_case(sender: str, browse: Callable[..., Any]) -> None:
    number = next(case.id for case in in_dalil(cases.waiting) if case.sender == sender)
    assert "rows are erased" in CliRunner().invoke(main, ["cases", "erase", str(number)]).output


def _typed_on_the_page(sender: str, browse: Callable[..., Any]) -> None:
    database = Database(settings().database)
    asyncio.run(TurnRunner("web", Forgetful(), b"k" * 32, 1000, database).handle(sender, "/erase"))
    database.close()


def _typed_on_telegram(sender: str, browse: Callable[..., Any]) -> None:
    database, telegram = Database(settings().database), Telegram()
    in_dalil(_reception().take, Inbound("telegram", "erase", CHAT, event="/erase"))

    async def work() -> None:
        assert await database.run(leases.take, sender, "worker")
        asked = delivery.Conversation(Forgetful(), 1000, database)
        worker = Worker(database, sender, "worker", telegram, asked, AddressBook(settings().key()))
        assert await worker.answer_next(asyncio.Event())
        while await worker.send_next() is not None:
            pass
        await database.run(leases.release, sender, "worker")

    asyncio.run(work())
    assert telegram.sent == ["C'est fait."]
    database.close()


@pytest.mark.parametrize("path", [_by_console, _by_command, _by_case, _typed_on_the_page, _typed_on_telegram])
def test_after_erasing_there_is_no_row_of_the_person_anywhere(console_url: str, browse: Callable[..., Any], path: Callable[..., None]) -> None:
    sender, other = _lives(), _lives(OTHER_CHAT)
    before = _counts(other)
    path(sender, browse)
    project()
    assert tables_with(console_url, sender) <= {LOG}
    assert _counts(other) == before
    assert in_dalil(notices.is_due, 1, sender, None)
    assert not in_dalil(notices.is_due, 1, other, None)
    # What was approved stays, without the person and without the review that named them.
    stays = Correction.objects.filter(sender="")
    assert {(row.state, row.review_id) for row in stays} == {("approved", None), ("learnt", None)}
    assert Correction.objects.filter(sender=other).count() == 3
    assert EvaluationQuestion.objects.filter(sender="").count() == 1


@pytest.mark.parametrize("path", [_by_console, _typed_on_telegram])
def test_after_erasing_what_was_typed_is_nowhere_but_in_approved_lines(console_url: str, browse: Callable[..., Any], path: Callable[..., None]) -> None:
    sender = _lives()
    assert matching(Turn.objects.all(), WORD).count() == 5
    path(sender, browse)
    assert matching(Turn.objects.all(), WORD).count() == 0
    assert tables_with(console_url, WORD) == STAYS


def test_the_page_says_what_went(browse: Callable[..., Any]) -> None:
    sender, client = _lives(), browse("manager")
    answer = client.post(f"/steering/privacy/{sender}/erase/", {"word": " Effacer "}, follow=True)
    shown = re.sub(r"</?bdi>", "", answer.content.decode())
    told = dict(re.findall(r"<dt>(.*?)</dt><dd>(\d+)</dd>", shown))
    assert told["Relectures"] == "5"
    assert told["Messages reçus"] == told["Messages envoyés"] == told["Adresses"] == told["Avis vus"] == "1"
    assert told["Phrases approuvées, gardées sans aucun nom"] == "3"
    assert "_" not in "".join(told), "every kind has a name"
    assert _log() == [("person.erasing", sender), ("person.erased", sender)]
    entry = AuditEntry.objects.get(action="person.erased")
    assert (entry.who, entry.target, entry.details["rows"]["review_review"]) == ("manager", sender, 5)
    assert "Ce qui vient d" not in _page(client, "/steering/privacy/"), "told once"


@pytest.mark.one_database
@pytest.mark.parametrize("word", ["", "oui", "EFFACE"])
def test_without_the_word_nothing_is_erased(console_url: str, browse: Callable[..., Any], word: str) -> None:
    sender = _lives()
    before = tables_with(console_url, sender)
    assert browse("manager").post(f"/steering/privacy/{sender}/erase/", {"word": word}).status_code == 400
    assert tables_with(console_url, sender) == before


def test_while_a_conversation_is_under_way_it_is_said_and_nothing_is_erased(browse: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(people, "_PATIENCE", 0.1)
    sender = _lives()
    in_dalil(leases.take, sender, "worker")
    answer = browse("manager").post(f"/steering/privacy/{sender}/erase/", {"word": "EFFACER"}, follow=True)
    assert "est en cours" in answer.content.decode()
    assert Turn.objects.filter(conversation_id=sender).count() == 5
    assert _log() == [("person.erasing", sender)]


@pytest.mark.parametrize(
    ("by", "value", "inbound"),
    [
        ("telegram", CHAT, Inbound("telegram", "1", CHAT, "x")),
        ("telegram", "٧٧٠٠١١٢٢", Inbound("telegram", "1", CHAT, "x")),
        ("whatsapp", "+212661234567", Inbound("whatsapp", "1", "+212661234567", "x")),
        ("whatsapp", "06 61-23.45 67", Inbound("whatsapp", "1", "+212661234567", "x")),
        ("whatsapp", "00212 661234567", Inbound("whatsapp", "1", "+212661234567", "x")),
        ("whatsapp", "whatsapp:+33612345678", Inbound("whatsapp", "1", "+33612345678", "x")),
    ],
)
def test_somebody_is_found_by_their_address_which_is_kept_nowhere(
    console_url: str, browse: Callable[..., Any], caplog: pytest.LogCaptureFixture, by: str, value: str, inbound: Inbound
) -> None:
    in_dalil(_reception().take, inbound)
    sender = _reception().sender(inbound)
    answer = browse("manager").post("/steering/privacy/find/", {"by": by, "value": value})
    assert (answer.status_code, answer["Location"]) == (302, f"/steering/privacy/{sender}/")
    assert _log() == [("person.searched", sender)]
    for needle in (value, inbound.address):
        assert needle not in caplog.text
        assert needle not in str(list(AuditEntry.objects.values()))
        assert LOG not in tables_with(console_url, needle)


def test_somebody_is_found_by_a_case_or_from_a_transcript(browse: Callable[..., Any]) -> None:
    sender, client = _lives(), browse("manager")
    number = in_dalil(cases.waiting)[0].id
    assert client.post("/steering/privacy/find/", {"by": "case", "value": str(number)})["Location"] == f"/steering/privacy/{sender}/"
    assert client.get("/steering/privacy/", {"sender": sender})["Location"] == f"/steering/privacy/{sender}/"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("by", "value", "said"),
    [
        ("whatsapp", "+212699999999", "Rien n&#x27;est gardé"),
        ("telegram", "12", "Rien n&#x27;est gardé"),
        ("whatsapp", "bonjour", "pas un numéro de téléphone"),
        ("whatsapp", "1", "pas un numéro de téléphone"),
        ("telegram", "@fatima", "que des chiffres"),
        ("case", "12", "pas de demande"),
        ("case", "abc", "pas de demande"),
        ("case", "9" * 30, "pas de demande"),
        ("case", "-1", "pas de demande"),
        ("", "12", "obligatoire"),
        ("whatsapp", "", "obligatoire"),
    ],
)
def test_who_cannot_be_found_is_said_why(browse: Callable[..., Any], by: str, value: str, said: str) -> None:
    answer = browse("manager").post("/steering/privacy/find/", {"by": by, "value": value})
    assert answer.status_code == 400
    assert said in answer.content.decode()


@pytest.mark.parametrize(("method", "page"), [("get", ""), ("post", "stored/"), ("post", "erase/")])
def test_of_whom_nothing_is_kept_there_is_no_page(browse: Callable[..., Any], method: str, page: str) -> None:
    assert getattr(browse("manager"), method)(f"/steering/privacy/web:nobody/{page}", {"word": "EFFACER"}).status_code == 404
    assert _log() == []


def test_all_that_is_kept_of_somebody_is_shown_inert_and_the_reading_is_written_down(browse: Callable[..., Any]) -> None:
    sender = _lives()
    talk = Talk(sender, at=time.time())
    talk.says("/switched_off", intent="switched_off", metadata={"typed": "vous êtes là <b>?</b>"})
    shown = browse("manager").post(f"/steering/privacy/{sender}/stored/").content.decode()
    for part in (f"combien de {WORD} ? 4", "oujda", "Kénitra", "7 personnes", "Bonjour", f"{WORD} ?", f"note {WORD}", "vous êtes là &lt;b&gt;?&lt;/b&gt;"):
        assert part in shown
    assert "<script>alert" not in shown
    assert "&lt;script&gt;" in shown
    assert _log() == [("person.shown", sender)]


def test_the_command_line_shows_the_same(console_url: str) -> None:
    _lives()
    shown = CliRunner().invoke(main, ["privacy", "show", "telegram", CHAT]).output
    for part in (
        f"< combien de {WORD} ? 4",
        "came by: oujda",
        "remembered: people = 7",
        "staff: Bonjour",
        f"note = note {WORD}",
        "1 messages received, 1 sent",
    ):
        assert part in shown


# --- what is too old


def _age(sender: str, turn: int, days: float) -> None:
    """Make the first turns of somebody older."""
    RasaEvent.objects.filter(sender_id=sender, id__lt=turn).update(timestamp=time.time() - days * DAY)


def test_what_is_too_old_goes_with_everything_about_it(browse: Callable[..., Any]) -> None:
    sender, old = _lives(), _lives(OTHER_CHAT)
    turns = list(Turn.objects.filter(conversation_id=sender).order_by("id"))
    turns[0].rating = "down"
    turns[0].save()
    _age(sender, turns[3].id, 181)
    _age(old, 10**6, 181)
    number = next(case.id for case in in_dalil(cases.waiting) if case.sender == old)
    in_dalil(cases.settle, number, "closed")
    in_dalil(lambda c: c.execute(sa.text("UPDATE cases SET opened_at = opened_at - :age WHERE id = :id"), {"age": 181 * DAY, "id": number}))
    client = browse("manager")
    assert client.post("/steering/privacy/purge/").status_code == 302
    assert list(Turn.objects.values_list("id", flat=True)) == [turns[3].id, turns[4].id]
    assert list(Review.objects.order_by("turn_id").values_list("turn_id", flat=True)) == [turns[3].id, turns[4].id]
    assert TodoQuestion.objects.get().turn == turns[3].id
    assert not TurnTag.objects.exists()
    assert list(Assignment.objects.values_list("sender", flat=True)) == [sender]
    assert list(CaseTaken.objects.values_list("sender", flat=True)) == [sender]
    assert set(Correction.objects.values_list("state", "sender")) == {("approved", ""), ("learnt", "")}
    assert set(EvaluationQuestion.objects.values_list("sender", flat=True)) == {sender, ""}
    left = Conversation.objects.get()
    assert (left.sender, left.turns, left.thumbs_down) == (sender, 2, 0)
    assert left.first_at == turns[3].at


def test_the_last_deletions_are_shown_those_of_the_machine_too(browse: Callable[..., Any]) -> None:
    sender, client = _lives(), browse("manager")
    assert "Aucun encore." in _page(client, "/steering/privacy/")
    _age(sender, 10**6, 181)
    assert "Purged: " in CliRunner().invoke(main, ["privacy", "purge"]).output
    client.post("/steering/privacy/purge/")
    latest, first = in_dalil(erasure.last_purges, 5)
    assert first.kinds["conversations_turn"] == 5
    assert latest.kinds == {}
    shown = re.sub(r"</?bdi>", "", _page(client, "/steering/privacy/"))
    assert "<dt>Tours affichés dans la console</dt><dd>5</dd>" in shown
    assert "rien" in shown
    assert [action for action, _ in _log()] == ["data.purging", "data.purged"]


@pytest.mark.one_database  # it takes a table away
@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/steering/switch/", {"off": "1", "sure": "on"}),
        ("/steering/notice/", {**TEXTS, "do": "publish"}),
        ("/steering/notice/withdraw/", {}),
        ("/steering/privacy/purge/", {}),
        ("/steering/privacy/{sender}/erase/", {"word": "EFFACER"}),
    ],
)
def test_nothing_is_done_that_cannot_be_written_down(console_url: str, browse: Callable[..., Any], address: str, sent: dict[str, str]) -> None:
    sender, client = _lives(), browse("manager")
    _age(sender, 10**6, 181)
    before = tables_with(console_url, sender), in_dalil(switch.state), in_dalil(notices.current)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {LOG} RENAME TO elsewhere")
    with pytest.raises(DatabaseError):
        client.post(address.format(sender=sender), {**sent, "until": _until()})
    assert (tables_with(console_url, sender), in_dalil(switch.state), in_dalil(notices.current)) == before


def test_retention_is_shown_as_it_is_set(browse: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.tools import environment

    with environment(DALIL_KEEP_MESSAGES_DAYS="42", DALIL_KEEP_CONTACTS_DAYS="77"):
        shown = _page(browse("manager"), "/steering/privacy/")
    assert "demandes fermées : 42 jours." in shown
    assert "n'écrit plus : 77 jours." in shown


# --- at the same time


def test_a_projection_that_runs_meanwhile_brings_nothing_back_and_stops_nobody(console_url: str) -> None:
    """Staff's pages follow the conversations while people are erased: neither waits for the other for ever, and nothing of who is erased appears."""
    if console_url.startswith("sqlite"):
        pytest.skip("SQLite has one writer: they cannot meet")
    senders = [f"telegram:{number:032x}" for number in range(60)]
    talks = [Talk(sender, at=time.time()) for sender in senders]
    for _ in range(3):
        for talk in talks:
            talk.asks("combien ?")
        project()
    for talk in talks:
        talk.asks("et encore ?")
    faults: list[BaseException] = []
    stop = threading.Event()

    def follow() -> None:
        from django.db import connection

        try:
            while not stop.is_set():
                Projection().catch_up()
        except BaseException as error:
            faults.append(error)
        finally:
            connection.close()

    following = threading.Thread(target=follow)
    following.start()
    try:
        for sender in senders:
            in_dalil(erasure.erase, sender)
    finally:
        stop.set()
        following.join(30)
    assert faults == []
    assert not Turn.objects.exists()
    assert not Conversation.objects.exists()
