"""The journeys over Telegram and WhatsApp: questions as buttons, the checklist as a document, a person of the staff in the bot's stead."""

import itertools
import os
import re
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.documents.reference import ChecklistReference, verified
from bot.handoff import cases
from bot.places.regions import places
from bot.privacy.pseudonym import pseudonym
from bot.storage.tables import case_messages, outbox
from bot.storage.tables import cases as case_table
from tests.connected import PUBLIC, Connected

pytestmark = [pytest.mark.server, pytest.mark.model]

_numbers = itertools.count(5_000_000)
QUESTION = "Combien de personnes faut-il pour créer une coopérative ?"
WISH = "je voudrais qu'on relise mes statuts"


class Phone:
    """Somebody new on one of the two channels, who was told about privacy already."""

    def __init__(self, connected: Connected, channel: str) -> None:
        self.channel = channel
        self._connected = connected
        self.address = next(_numbers) if channel == "telegram" else f"+21260{next(_numbers)}"
        self.user: Any = connected.telegram.user(self.address) if channel == "telegram" else connected.twilio.user(self.address)
        self.say("Bonjour, que pouvez-vous faire ?", 2)

    @property
    def sender(self) -> str:
        return pseudonym(self.channel, str(self.address), self._connected.dalil.settings.key())

    @property
    def count(self) -> int:
        """How many messages came."""
        return len(self.user.sent)

    def wait(self, before: int, replies: int = 1) -> list[Any]:
        """What came since; so many messages."""
        self.user.wait_for(before + replies)
        return list(self.user.sent[before:])

    def say(self, text: str, replies: int = 1) -> list[Any]:
        """Write, and wait for so many messages."""
        before = self.count
        self.user.text(text)
        return self.wait(before, replies)

    def press(self, title: str, replies: int = 1) -> list[Any]:
        """Press a button of the last message; on WhatsApp a long text has its choices as a list to be typed."""
        before = self.count
        last = self.user.sent[-1]
        if self.channel == "telegram":
            self.user.press(next(choice["title"] for choice in last.choices if title in choice["title"]), of=last)
        elif last.content is None:
            self.user.text(re.search(rf"^(\d+)\. .*{re.escape(title)}", last.body, re.MULTILINE)[1])  # type: ignore[index]
        else:
            press = self.user.press if last.content["type"] == "twilio/quick-reply" else self.user.choose
            press(next(choice["title"] for choice in last.choices if title in choice["title"]))
        return self.wait(before, replies)

    def stays_silent(self, text: str) -> None:
        """Write; nothing comes back, although it has arrived."""
        before = self.count
        kept = self.kept()
        self.user.text(text)
        deadline = time.monotonic() + 8
        while self.kept() == kept and time.monotonic() < deadline:
            time.sleep(0.05)
        assert text in self.kept()
        time.sleep(0.4)
        assert self.count == before

    def kept(self) -> list[str]:
        """What stands in this person's cases."""
        query = select(case_messages.c.text).join(case_table, case_table.c.id == case_messages.c.case_id).where(case_table.c.sender == self.sender)
        return list(self._connected.database.now(lambda connection: connection.execute(query.order_by(case_messages.c.id)).scalars().all()))

    def asks_for_a_person(self) -> int:
        """The number of the case that is opened."""
        self.say("je voudrais parler à un humain")
        (opened,) = self.say(WISH)
        return int(re.search(r"numéro (\d+)", _text(opened))[1])  # type: ignore[index]


def _text(sent: Any) -> str:
    return str(sent.text if hasattr(sent, "text") else sent.body)


@pytest.fixture(params=["telegram", "whatsapp"])
def phone(connected: Connected, request: pytest.FixtureRequest) -> Phone:
    return Phone(connected, request.param)


def _to_the_checklist(phone: Phone) -> Any:
    phone.say("donnez-moi ma checklist")
    phone.press("Coopérative")
    phone.press("Artisanat")
    return phone.say("Taroudant")[0]


# --- questions and results


def test_a_form_is_advised_by_pressing_buttons(phone: Phone) -> None:
    phone.say("quel statut me conseillez-vous ?")
    phone.press("5 ou plus")
    phone.press("Gagner un revenu")
    (advice,) = phone.press("Oui")
    assert "Coopérative" in _text(advice)
    assert "Source" in _text(advice)
    (why,) = phone.press("Pourquoi pas SARL")
    assert "SARL : les raisons" in _text(why)


def test_one_word_answers_a_question_at_once(phone: Phone, measured: Callable[[str], None]) -> None:
    phone.say("je cherche une formation en couture")
    began = time.perf_counter()
    phone.say("Fès", 2)
    measured(f"one word to a question on {phone.channel}: {time.perf_counter() - began:.2f} s")
    assert time.perf_counter() - began < 1.4, "a word that answers is no piece of a burst"


def test_more_answers_than_a_list_has_rows_can_all_be_chosen(phone: Phone) -> None:
    phone.say("je cherche une formation en couture")
    (asked,) = phone.say("Ouled Berhil")
    regions = [place.name("fr") for place in places().values() if place.kind == "region"]
    shown = [choice["title"] for choice in asked.choices] or re.findall(r"^\d+\. (.+)$", _text(asked), re.MULTILINE)
    assert {region[:24] for region in regions} <= {title[:24] for title in shown}
    phone.press("Souss-Massa", 2)


def test_the_checklist_comes_as_a_document(connected: Connected, phone: Phone) -> None:
    _to_the_checklist(phone)
    phone.press("C'est fait")
    document, progress = phone.press("Ma liste en PDF", 2)
    assert "1 sur" in _text(progress)
    if phone.channel == "telegram":
        assert document.method == "sendDocument"
        assert document.document.filename == "Coopérative.pdf"
        content = document.document.content
    else:
        (address,) = document.media
        assert address.startswith(f"{PUBLIC}/documents/")
        reference = verified(address.rpartition("/")[2], connected.dalil.settings.key())
        assert ChecklistReference.from_text(reference).checklist().done == 1
        status, content, headers = connected.dalil.request(address.removeprefix(PUBLIC))
        assert (status, headers["content-type"]) == (200, "application/pdf")
    assert content.startswith(b"%PDF-")


def test_a_forged_address_of_a_document_leads_nowhere(connected: Connected) -> None:
    phone = Phone(connected, "whatsapp")
    _to_the_checklist(phone)
    document, _ = phone.press("Ma liste en PDF", 2)
    path = document.media[0].removeprefix(PUBLIC)
    reference, _, signature = path.rpartition("/")[2].partition(".")
    other = ChecklistReference("association", "fr", place="09.541").to_text()
    forged = [
        f"{other}.{signature}",
        f"{reference}.{signature[:-1]}{'B' if signature.endswith('A') else 'A'}",
        f"{reference}.{'A' * len(signature)}",
        f"{reference}.",
        reference,
        f".{signature}",
        "x.y",
    ]
    forged += ["%2e%2e/secret_key", f"{reference}.{signature}é".encode().decode("latin-1").replace("Ã©", "%C3%A9"), ""]
    assert connected.dalil.request(path)[0] == 200
    assert [connected.dalil.request(f"/documents/{name}")[0] for name in forged] == [404] * len(forged)


def test_a_shared_place_leads_to_the_nearest_offices_with_a_map(phone: Phone) -> None:
    before = phone.count
    phone.user.location(34.68, -1.91)
    phone.wait(before)
    (office,) = phone.press("ODCO")
    assert "Oujda" in _text(office)
    assert "https://maps.google.com/?q=" in _text(office)


def test_a_shared_place_answers_the_question_for_the_town(phone: Phone) -> None:
    phone.say("je cherche une formation en couture")
    before = phone.count
    phone.user.location(34.68, -1.91)
    said = " ".join(_text(message) for message in phone.wait(before, 2))
    assert "Dans quelle ville ou province" not in said


# --- a person in the bot's stead


def test_a_person_takes_over_on_telegram_and_hands_back(connected: Connected) -> None:
    phone = Phone(connected, "telegram")
    number = phone.asks_for_a_person()
    command = connected.dalil.command
    listed = next(line for line in command("cases", "list").splitlines() if line.startswith(f"{number} "))
    assert all(part in listed for part in ("waiting", "telegram", "fr", "bot silent", WISH))
    (notice,) = phone.say("c'est une coopérative de Tiznit")
    assert [choice["title"] for choice in notice.choices] == ["Revenir à Dalil"]
    phone.stays_silent(QUESTION)
    shown = command("cases", "show", str(number))
    assert all(text in shown for text in (WISH, "Tiznit", QUESTION))
    before = phone.count
    assert "telegram" in command("cases", "reply", str(number), "Bonjour, envoyez-nous l'article 3.")
    assert _text(phone.wait(before)[0]) == "Bonjour, envoyez-nous l'article 3."
    phone.stays_silent("le voici : les membres sont solidaires")
    assert "taken" in command("cases", "list")
    command("cases", "hand-back", str(number))
    assert "5" in _text(phone.say(QUESTION)[0])
    command("cases", "close", str(number))
    assert f"\n{number} " not in "\n" + command("cases", "list")
    assert "closed" in next(line for line in command("cases", "list", "--all").splitlines() if line.startswith(f"{number} "))


def test_a_person_takes_over_on_whatsapp_and_hands_back(connected: Connected) -> None:
    phone = Phone(connected, "whatsapp")
    number = phone.asks_for_a_person()
    phone.say("c'est une coopérative de Tiznit")
    phone.stays_silent(QUESTION)
    before = phone.count
    assert "whatsapp" in connected.dalil.command("cases", "reply", str(number), "Bonjour, envoyez-nous l'article 3.")
    assert _text(phone.wait(before)[0]) == "Bonjour, envoyez-nous l'article 3."
    phone.stays_silent("le voici : les membres sont solidaires")
    connected.database.now(cases.settle, number, "handed_back")
    assert "5" in _text(phone.say(QUESTION)[0])
    connected.database.now(cases.settle, number, "closed")
    assert number not in [case.id for case in connected.database.now(cases.waiting)]


def test_the_bot_comes_back_by_its_button_and_the_case_stays_open(connected: Connected, phone: Phone) -> None:
    number = phone.asks_for_a_person()
    (back,) = phone.press("Revenir à Dalil")
    assert "reste ouverte" in _text(back)
    assert "5" in _text(phone.say(QUESTION)[0])
    assert connected.database.now(cases.get, number).state == "waiting"


def test_other_buttons_wait_while_a_person_answers(connected: Connected) -> None:
    phone = Phone(connected, "telegram")
    (answer,) = phone.say(QUESTION)
    phone.asks_for_a_person()
    before = phone.count
    phone.user.press(answer.choices[0]["title"], of=answer)
    (notice,) = phone.wait(before)
    assert [choice["title"] for choice in notice.choices] == ["Revenir à Dalil"]


def test_what_was_answered_in_a_journey_stands_in_the_case(connected: Connected, phone: Phone) -> None:
    phone.say("quel statut me conseillez-vous ?")
    phone.say("on est 7")
    number = phone.asks_for_a_person()
    case = connected.database.now(cases.get, number)
    assert (case.summary["answers"]["people"], case.channel, case.language) == (7, phone.channel, "fr")


def test_erasing_removes_the_case(connected: Connected, phone: Phone) -> None:
    number = phone.asks_for_a_person()
    phone.press("Revenir à Dalil")
    phone.say("supprimez toutes mes données")
    phone.press("Oui, tout effacer")
    deadline = time.monotonic() + 5
    while phone.kept() and time.monotonic() < deadline:
        time.sleep(0.05)
    left = connected.database.now(lambda c: c.execute(select(func.count()).select_from(case_messages).where(case_messages.c.case_id == number)).scalar_one())
    assert left == 0
    with pytest.raises(cases.UnknownCase):
        connected.database.now(cases.get, number)


def test_staff_can_erase_somebody_with_their_case(connected: Connected) -> None:
    phone = Phone(connected, "telegram")
    number = phone.asks_for_a_person()
    connected.dalil.command("privacy", "erase", "telegram", str(phone.address))
    with pytest.raises(cases.UnknownCase):
        connected.database.now(cases.get, number)


# --- after a restart


def _restart(connected: Connected) -> None:
    """Kill the server once all is marked as sent (what is not may come twice: tests/faults counts that), and have it started again."""
    unmarked = select(outbox.c.id).where(outbox.c.state.in_(("waiting", "sending")))
    deadline = time.monotonic() + 8
    while connected.database.now(lambda connection: connection.execute(unmarked).first()) and time.monotonic() < deadline:
        time.sleep(0.05)
    supervisor = connected.dalil.supervisor
    process = next(service for service in supervisor._services if service.name == "rasa").process
    assert process is not None
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)

    def is_down() -> bool:
        try:
            return connected.dalil.request("/health")[0] != 200
        except OSError:
            return True

    supervisor.watch(is_down)


def test_a_journey_goes_on_after_the_server_was_killed(connected: Connected) -> None:
    asked, listed, silent = Phone(connected, "telegram"), Phone(connected, "whatsapp"), Phone(connected, "telegram")
    asked.say("quel statut me conseillez-vous ?")
    asked.say("on est 7")
    _to_the_checklist(listed)
    listed.press("C'est fait")
    silent.asks_for_a_person()
    silent.say("c'est urgent, je dois déposer demain")
    _restart(connected)
    (goal,) = asked.say("gagner un revenu avec nos tapis")
    assert "partager" in _text(goal)
    (progress,) = listed.say("j'ai terminé l'étape 2")
    assert "2 sur" in _text(progress)
    silent.stays_silent("vous êtes toujours là ?")
