"""Conversations as staff read them: the list and its filters, the transcript, what appears by itself."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from bot.console.chambers.models import Campaign, Chamber
from bot.console.conversations import views
from bot.console.conversations.models import Turn
from bot.console.database import in_dalil
from bot.console.review.models import Assignment, Review, Tag, TurnTag
from bot.delivery import outbox
from bot.delivery.messages import Inbound, Reply
from bot.delivery.receipt import Reception
from bot.handoff import cases
from bot.settings import settings
from bot.storage.tables import outbox as outbox_table
from tests.console.tools import Talk, project

pytestmark = pytest.mark.usefixtures("console_url")

FRENCH, ARABIC, LATIN = (f"telegram:{number:032x}" for number in (1, 2, 3))


@pytest.fixture
def three(console_url: str) -> None:
    """Three conversations that differ in everything that can be filtered."""
    first = Talk(FRENCH, at=time.time() - 10 * 86_400)
    first.asks("Combien de membres pour une coopérative ?", entities={"subject": "cooperative"})
    first.rates("coop-min-membres", "down", "unclear")
    second = Talk(ARABIC, channel="whatsapp", at=time.time() - 3600)
    second.says("ما هو الطقس غدا", variety="ar", language="ar", intent="out_of_scope", confidence=0.8)
    second.refuses()
    third = Talk(LATIN, channel="web", at=time.time() - 60)
    third.slot("place", "04.281")
    third.says("bghit da3m", variety="ary-Latn", language="ary", intent="ask_amount")
    third.offers(["forsa-montant", "intelaka-taux"])
    third.says("bghit nhder m3a chi wa7ed", variety="ary-Latn", language="ary", intent="human")
    third.says_back("وخا", "action_open_case")
    project()


def _senders(page: Any) -> list[str]:
    return re.findall(r'href="/conversations/([a-z]+:[0-9a-f]{32})/', page.content.decode())


@pytest.mark.usefixtures("three")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", [LATIN, ARABIC, FRENCH]),
        ("channel=whatsapp", [ARABIC]),
        ("variety=ary-Latn", [LATIN]),
        ("area=creation", [FRENCH]),
        ("intent=out_of_scope", [ARABIC]),
        ("outcome=refused", [ARABIC]),
        ("outcome=offered", [LATIN]),
        ("unsure=on", [LATIN]),
        ("down=on", [FRENCH]),
        ("handoff=on", [LATIN]),
        ("region=04", [LATIN]),
        ("record=coop-min-membres", [FRENCH]),
        ("q=cooperative", [FRENCH]),
        ("q=دعم", [LATIN]),
        ("q=الطقس", [ARABIC]),
        ("q=xyzxyz", []),
        ("outcome=refused&channel=web", []),
        ("since=nonsense&channel=nowhere", [LATIN, ARABIC, FRENCH]),
        ("before=abc", [LATIN, ARABIC, FRENCH]),
    ],
)
def test_the_list_shows_what_is_asked_for_the_latest_first(query: str, expected: list[str], browse: Any) -> None:
    page = browse("reviewer").get(f"/conversations/?{query}")
    assert page.status_code == 200
    assert _senders(page) == expected


@pytest.mark.usefixtures("three")
def test_dates_are_morocco_s(browse: Any) -> None:
    from django.utils.timezone import localdate

    today = localdate().isoformat()
    assert FRENCH not in _senders(browse("reviewer").get(f"/conversations/?since={today}"))
    assert FRENCH in _senders(browse("reviewer").get(f"/conversations/?until={today}"))


@pytest.mark.usefixtures("three")
def test_what_staff_did_can_be_filtered(browse: Any, account: Any) -> None:
    reviewer = account("reviewer")
    client = browse(reviewer)
    turn = Turn.objects.get(conversation_id=FRENCH, kind="text")
    Review.objects.create(turn=turn, sender=FRENCH, reviewer=reviewer, verdict="right")
    assert _senders(client.get("/conversations/?unreviewed=on")) == [LATIN, ARABIC]
    tag = Tag.objects.create(name="à revoir")
    TurnTag.objects.create(turn=turn, sender=FRENCH, tag=tag, by=reviewer)
    assert _senders(client.get(f"/conversations/?tag={tag.id}")) == [FRENCH]
    Assignment.objects.create(sender=ARABIC, assignee=reviewer, by=reviewer)
    assert _senders(client.get("/conversations/?mine=on")) == [ARABIC]


def test_a_chamber_s_public_can_be_filtered(browse: Any, talk: Talk) -> None:
    reception = Reception(settings().key(), 1000, 20)
    inbound = Inbound("telegram", "1", "77", "/start", start_code="souk")
    in_dalil(reception.take, inbound)
    talk.sender = reception.sender(inbound)
    talk.asks()
    other = Talk(FRENCH)
    other.asks()
    project()
    chamber = Chamber.objects.create(name_fr="Chambre d'artisanat", name_ar="غرفة الصناعة التقليدية", region="09")
    Campaign.objects.create(code="souk", chamber=chamber, title="Souk")
    assert _senders(browse("reviewer").get(f"/conversations/?chamber={chamber.id}")) == [talk.sender]


def test_the_list_has_pages(browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_PAGE", 3)
    start = time.time() - 1000
    senders = [f"web:{number:032x}" for number in range(8)]
    for number, sender in enumerate(senders):
        Talk(sender, "web", start + number).asks()
    project()
    client, found, address = browse("reviewer"), [], "/conversations/"
    for _ in range(3):
        page = client.get(address)
        found += _senders(page)
        more = re.search(r'href="(\?[^"]*before=\d+)" rel="next"', page.content.decode())
        address = f"/conversations/{more.group(1)}" if more else ""
    assert found == senders[::-1]
    assert address == ""


@pytest.mark.usefixtures("three")
def test_a_transcript_says_what_was_understood(browse: Any) -> None:
    page = browse("reviewer").get(f"/conversations/{FRENCH}/").content.decode()
    for said in (
        "Combien de membres pour une coopérative ?",
        "Il faut au moins 5 personnes.",
        "français",
        "ask_members",
        "coop-min-membres",
        "90",
        "Pas clair",
    ):
        assert said in page, said
    assert FRENCH.partition(":")[2][:8] in page


def test_new_messages_come_by_themselves_and_only_those(browse: Any, talk: Talk) -> None:
    first = talk.asks("première question")
    project()
    client = browse("reviewer")
    assert f"/since/{first}/" in client.get(f"/conversations/{talk.sender}/").content.decode()
    nothing = client.get(f"/conversations/{talk.sender}/since/{first}/").content.decode()
    assert "question" not in nothing
    assert f"/since/{first}/" in nothing
    second = talk.asks("deuxième question")
    project()
    news = client.get(f"/conversations/{talk.sender}/since/{first}/").content.decode()
    assert "deuxième question" in news
    assert "première" not in news
    assert f"/since/{second}/" in news


def test_a_long_conversation_is_shown_in_pieces_and_around_a_turn(browse: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_TURNS", 10)
    turns = [talk.asks(f"question numéro {number:02d}") for number in range(30)]
    project()
    client = browse("reviewer")

    def shown(address: str) -> list[str]:
        return re.findall(r"question numéro (\d\d)", client.get(f"/conversations/{talk.sender}/{address}").content.decode())

    assert shown("") == [f"{number:02d}" for number in range(20, 30)]
    assert shown(f"?before={turns[20]}") == [f"{number:02d}" for number in range(10, 20)]
    around = shown(f"?turn={turns[12]}")
    assert "12" in around
    assert "30" not in around
    assert client.get(f"/conversations/{talk.sender}/?turn=999999").status_code == 200


def test_delivery_and_what_staff_wrote_stand_in_the_transcript(browse: Any, talk: Talk) -> None:
    reception = Reception(settings().key(), 1000, 20)
    inbound = Inbound("telegram", "1", "77", "bghit nhder m3a chi wa7ed")
    in_dalil(reception.take, inbound)
    talk.sender = reception.sender(inbound)
    (message,) = in_dalil(outbox.waiting, talk.sender)
    turn = talk.says("bghit nhder m3a chi wa7ed", intent="human", metadata={"inbox": message.id, "received_at": talk.at - 1.5})
    talk.says_back("وخا", "action_open_case")
    number, _ = in_dalil(cases.open_case, talk.sender, "telegram", "ary", "", {}, 3600.0)
    in_dalil(cases.add, number, "rah khasni jawab")
    in_dalil(cases.reply, number, "مرحبا، أنا سعاد", 3600.0)
    in_dalil(outbox.answer, talk.sender, "telegram", [message.id], [Reply("وخا")])
    project()
    client = browse("reviewer")
    assert "en attente" in client.get(f"/conversations/{talk.sender}/").content.decode()
    in_dalil(lambda connection: connection.execute(outbox_table.update().values(state="sent", receipt="read")))
    page = client.get(f"/conversations/{talk.sender}/").content.decode()
    assert ">lu<" in page
    assert "1,5 s" in page
    assert page.index("rah khasni jawab") < page.index("مرحبا، أنا سعاد")
    assert Turn.objects.get(id=turn).outcome == "handoff"


@pytest.mark.parametrize("address", ["/conversations/telegram:nobody/", "/conversations/x/since/1/"])
def test_an_unknown_conversation_is_not_found_and_nothing_breaks(address: str, browse: Any) -> None:
    assert browse("reviewer").get(address).status_code in (200, 404)


def test_who_reads_no_arabic_sees_the_french_text_beside(browse: Any, account: Any, talk: Talk) -> None:
    talk.asks("شحال خاص ديال الناس", variety="ary-Arab", language="ary")
    project()
    french = "Il faut au moins"
    assert french not in browse(account("reviewer")).get(f"/conversations/{talk.sender}/").content.decode().replace("Il faut au moins 5 personnes.", "")
    reader = account("reviewer", "french", reads_arabic=False)
    assert french in browse(reader).get(f"/conversations/{talk.sender}/").content.decode().replace("Il faut au moins 5 personnes.", "")
