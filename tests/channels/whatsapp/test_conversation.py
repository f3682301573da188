"""WhatsApp from one end to the other: Twilio's signed forms, Rasa, answers checked against Twilio's specification."""

import itertools
import time
from typing import Any

import pytest
from sqlalchemy import select

from bot.delivery import outbox
from bot.delivery.messages import Reply
from bot.privacy.pseudonym import pseudonym
from bot.storage.tables import contacts, inbox
from bot.storage.tables import outbox as outbox_table
from tests.connected import PUBLIC, Connected
from tests.vendors.faults import Fault, Kind
from tests.vendors.twilio import Outcome
from tests.vendors.twilio_user import TwilioUser

pytestmark = [pytest.mark.server, pytest.mark.model]

_numbers = itertools.count(212600000100)
QUESTION = "Combien de personnes faut-il pour créer une coopérative ?"


@pytest.fixture
def user(connected: Connected) -> TwilioUser:
    """Somebody new, who was told about privacy already."""
    found = connected.twilio.user(f"+{next(_numbers)}")
    found.text("Bonjour, que pouvez-vous faire ?")
    found.wait_for(2)
    return found


def _said(user: TwilioUser, before: int, count: int = 1) -> list[Any]:
    user.wait_for(before + count)
    return user.sent[before:]


def _sender(connected: Connected, user: TwilioUser) -> str:
    return pseudonym("whatsapp", user.number, connected.dalil.settings.key())


def test_templates_are_made_once_however_often_the_command_runs(connected: Connected) -> None:
    before = set(connected.twilio.contents)
    assert "made" not in connected.dalil.command("whatsapp", "templates")
    assert set(connected.twilio.contents) == before
    assert len(before) == 13


def test_the_webhook_answers_with_an_empty_twiml_at_once(connected: Connected, user: TwilioUser) -> None:
    answer = user.text(QUESTION).answer(10)
    assert answer.status == 200
    assert "<Response/>" in answer.body


def test_few_choices_are_buttons_and_a_press_is_answered(connected: Connected, user: TwilioUser) -> None:
    before = len(user.sent)
    user.text(QUESTION)
    (answer,) = _said(user, before)
    assert "5" in answer.body
    assert answer.content["type"] in ("twilio/quick-reply", "twilio/list-picker")
    user.press(answer.choices[0]["title"]) if answer.content["type"] == "twilio/quick-reply" else user.choose(answer.choices[0]["title"])
    assert _said(user, before + 1)[0].body != answer.body


def test_many_choices_are_a_list(connected: Connected, user: TwilioUser) -> None:
    before = len(user.sent)
    user.text("/menu")
    (menu,) = _said(user, before)
    assert menu.content["type"] == "twilio/list-picker"
    assert len(menu.choices) > 3
    user.choose(menu.choices[1]["title"])
    assert _said(user, before + 1)[0].choices != menu.choices


@pytest.mark.parametrize("typed", ["2", "٢", "title"])
def test_a_choice_may_be_typed_by_number_or_title(connected: Connected, user: TwilioUser, typed: str) -> None:
    before = len(user.sent)
    user.text(QUESTION)
    (answer,) = _said(user, before)
    second = answer.choices[1]
    user.text(second["title"] if typed == "title" else typed)
    by_typing = _said(user, before + 1)[0].body
    user.text(QUESTION)
    again = _said(user, before + 2)[0]
    user.press(again.choices[1]["title"]) if again.content["type"] == "twilio/quick-reply" else user.choose(again.choices[1]["title"])
    assert _said(user, before + 3)[0].body == by_typing


def test_where_a_template_is_refused_choices_are_numbered(connected: Connected, user: TwilioUser) -> None:
    before = len(user.sent)
    connected.twilio.faults.add(Fault(Kind.BAD_REQUEST, method="CreateMessage"))
    user.text(QUESTION)
    (answer,) = _said(user, before)
    assert answer.content is None
    assert "\n1. " in answer.body
    assert "Écrivez le numéro" in answer.body
    user.text("1")
    assert _said(user, before + 1)[0].body != answer.body


def test_the_pieces_of_a_burst_are_one_question(connected: Connected, user: TwilioUser) -> None:
    before = len(user.sent)
    for piece in ("السلام", "بغيت نسولكم", "شحال خاص ديال الناس باش نديرو تعاونية"):
        user.text(piece).answer(10)
    assert "5" in _said(user, before)[0].body
    time.sleep(0.5)
    assert len(user.sent) == before + 1


@pytest.mark.parametrize(("kind", "content"), [("voice", ()), ("media", ("image/jpeg",)), ("media", ("application/pdf",))])
def test_what_is_not_text_gets_a_friendly_answer(connected: Connected, user: TwilioUser, kind: str, content: tuple[str, ...]) -> None:
    before = len(user.sent)
    getattr(user, kind)(*content)
    assert _said(user, before)[0].body


def test_a_location_with_its_blank_body_leads_to_the_offices_there(connected: Connected, user: TwilioUser) -> None:
    before = len(user.sent)
    user.location(34.68, -1.91)
    (offices,) = _said(user, before)
    user.choose(next(choice["title"] for choice in offices.choices if "ODCO" in choice["title"]))
    assert "Oujda" in _said(user, before + 1)[0].body


def test_stop_is_obeyed_and_start_begins_again(connected: Connected, user: TwilioUser) -> None:
    before = len(user.sent)
    user.text("stop merci")
    assert "START" in _said(user, before)[0].body
    user.text(QUESTION).answer(10)
    time.sleep(1)
    assert len(user.sent) == before + 1
    user.text("START")
    _said(user, before + 1)
    user.text(QUESTION)
    assert "5" in _said(user, before + 2)[0].body


def test_a_replayed_message_does_nothing(connected: Connected, user: TwilioUser) -> None:
    before = len(user.sent)
    delivery = user.text(QUESTION)
    delivery.answer(10)
    _said(user, before)
    for _ in range(3):
        assert user.post(delivery.params).answer(10).status == 200
    time.sleep(0.5)
    assert len(user.sent) == before + 1


@pytest.mark.parametrize("signature", ["", "wrong", "A" * 28, "other-address"])
def test_a_forged_message_is_refused_and_leaves_no_trace(connected: Connected, user: TwilioUser, signature: str) -> None:
    def count() -> int:
        return len(connected.database.now(lambda c: c.execute(select(inbox.c.id)).all()))

    form = user.form("text", Body="forged")
    before = count()
    forged = connected.twilio.sign("https://other.example/webhooks/whatsapp/webhook", form) if signature == "other-address" else signature
    assert user.post(form, signature=forged).answer(10).status == 403
    assert count() == before


def _row(connected: Connected, user: TwilioUser, wanted: str) -> Any:
    """The last outbox row of a user once the vendor's word on it is `wanted`."""
    deadline = time.monotonic() + 8
    row = None
    query = select(outbox_table).where(outbox_table.c.sender == _sender(connected, user)).order_by(outbox_table.c.id.desc())
    while time.monotonic() < deadline:
        row = connected.database.now(lambda c: c.execute(query).first())
        if row.receipt == wanted:
            return row
        time.sleep(0.05)
    raise AssertionError(row)


def test_the_fate_of_each_message_is_recorded(connected: Connected, user: TwilioUser) -> None:
    before = len(user.sent)
    connected.twilio.outcomes.append(Outcome(("sent", "delivered", "read")))
    user.text(QUESTION)
    _said(user, before)
    assert _row(connected, user, "read").state == "sent"
    connected.twilio.outcomes.append(Outcome(("sent", "undelivered"), 63024))
    user.text("Quel est le capital minimum d'une coopérative ?")
    assert _row(connected, user, "undelivered").state == "dead"
    assert "Twilio error 63024" in connected.dalil.command("delivery", "dead")


def test_a_fate_that_twilio_did_not_sign_is_refused(connected: Connected) -> None:
    status, _, _ = connected.dalil.request("/webhooks/whatsapp/status?m=1", b"MessageStatus=failed&MessageSid=SM1", {"X-Twilio-Signature": "x"})
    assert status == 403


def test_outside_the_window_nothing_is_attempted_and_staff_can_see_it(connected: Connected, user: TwilioUser) -> None:
    before, calls = len(user.sent), len(connected.twilio.calls)
    sender = _sender(connected, user)
    day_ago = time.time() - 24 * 3600
    connected.database.now(lambda c: c.execute(contacts.update().where(contacts.c.sender == sender).values(last_inbound=day_ago)))
    connected.database.now(outbox.answer, sender, "whatsapp", [], [Reply("a late word")])
    deadline = time.monotonic() + 8
    letters: list[Any] = []
    while not letters and time.monotonic() < deadline:
        time.sleep(0.1)
        letters = [letter for letter in connected.database.now(outbox.dead_letters) if letter.sender == sender]
    assert "24 hours" in letters[0].error
    assert (len(user.sent), len(connected.twilio.calls)) == (before, calls)


@pytest.mark.parametrize("kind", [Kind.RETRY_AFTER, Kind.SERVER_ERROR, Kind.DROP, Kind.DROP_AFTER, Kind.SLOW], ids=lambda value: value.name)
def test_a_fault_of_twilios_loses_nothing_and_repeats_nothing(connected: Connected, user: TwilioUser, kind: Kind) -> None:
    """Twilio can be asked what it has: even when the connection broke after it took the message, it is not sent again."""
    before = len(user.sent)
    connected.twilio.faults.add(Fault(kind, method="CreateMessage", seconds=1))
    user.text(QUESTION)
    answers = _said(user, before)
    time.sleep(2.5)
    assert len(user.sent) == before + 1
    assert "5" in answers[0].body


def test_the_address_that_twilio_is_given_is_the_public_one(connected: Connected, user: TwilioUser) -> None:
    assert user.sent[-1].params["StatusCallback"].startswith(f"{PUBLIC}/webhooks/whatsapp/status?m=")


def test_neither_number_nor_name_is_in_logs_or_database(connected: Connected) -> None:
    user = connected.twilio.user("+212698765432", name="Khadija-Zohra")
    user.text("mon numéro est 0698765432, combien de membres pour une coopérative ?")
    user.wait_for(2)
    folder = connected.dalil.settings.data_dir
    stored = b"".join(path.read_bytes() for path in [*folder.glob("dalil.db*"), *(folder / "log").glob("*.log")])
    secrets = ("698765432", "Khadija", "whatsapp:+", connected.twilio.auth_token)
    assert [secret for secret in secrets if secret.encode() in stored] == []


def test_staff_can_erase_a_person_by_number(connected: Connected, user: TwilioUser) -> None:
    assert "que pouvez-vous faire" in connected.dalil.command("privacy", "show", "whatsapp", user.number)
    said = connected.dalil.command("privacy", "erase", "whatsapp", user.number)
    assert "1 address" in said
    assert "0 events" not in said
    assert "Nothing is stored." in connected.dalil.command("privacy", "show", "whatsapp", user.number)
    assert "Purged: 0 events" in connected.dalil.command("privacy", "purge")
