"""Conversations as staff read them: the list and its filters, the transcript, what appears by itself."""

from __future__ import annotations

import datetime as dt
import html
import json
import random
import re
import time
from typing import Any

import pytest

from bot.console.accounts import audit
from bot.console.accounts.models import AuditEntry
from bot.console.chambers.models import Campaign, Chamber
from bot.console.conversations import latest, timeline, views
from bot.console.conversations.models import Turn
from bot.console.conversations.projection import rebuild
from bot.console.database import in_dalil
from bot.console.review.models import Assignment, Review, Tag, TurnTag
from bot.delivery import outbox
from bot.delivery.messages import Inbound, Reply
from bot.delivery.receipt import Reception
from bot.handoff import cases
from bot.knowledge.store import load
from bot.knowledge.text import shown
from bot.settings import settings
from bot.storage.tables import case_messages
from bot.storage.tables import outbox as outbox_table
from tests.console.tools import Talk, project

pytestmark = pytest.mark.usefixtures("console_url")

FRENCH, ARABIC, LATIN = (f"telegram:{number:032x}" for number in (1, 2, 3))
_TEXTS = (
    "channel",
    "kind",
    "text",
    "variety",
    "language",
    "intent",
    "outcome",
    "record",
    "second",
    "area",
    "place",
    "region",
    "campaign",
    "rating",
    "reason",
    "words",
    "skeletons",
)


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


def test_a_chamber_s_public_can_be_filtered(browse: Any) -> None:
    chamber = Chamber.objects.create(name_fr="Chambre d'artisanat", name_ar="غرفة الصناعة التقليدية", region="09")
    Campaign.objects.create(code="souk", chamber=chamber, title="Souk")
    Talk(LATIN, campaign="souk").asks()
    Talk(FRENCH).asks()
    project()
    assert _senders(browse("reviewer").get(f"/conversations/?chamber={chamber.id}")) == [LATIN]


def test_who_comes_by_another_link_later_is_counted_for_each_in_its_time(console_url: str) -> None:
    talk = Talk(FRENCH, campaign="souk")
    first = talk.asks()
    talk.campaign = "guichet"
    second = talk.asks()
    project()
    rebuild()
    assert dict(Turn.objects.values_list("id", "campaign")) == {first: "souk", second: "guichet"}


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


@pytest.mark.parametrize("seed", range(3))
def test_a_conversation_stands_on_one_page_however_they_are_mixed(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latest, "_FIRST", 7)
    monkeypatch.setattr(latest, "_MOST", 20)
    chance = random.Random(seed)
    senders = [f"web:{number:032x}" for number in range(30)]
    row = dict.fromkeys(_TEXTS, "") | {"entities": [], "candidates": [], "said": [], "slots": {}, "confidence": 1, "certainty": 1, "day": "2026-01-01"}
    turns = [chance.choice(senders[:3] if number % 2 else senders) for number in range(1, 400)]
    Turn.objects.bulk_create(
        Turn(id=number, conversation_id=sender, at=dt.datetime.fromtimestamp(number, dt.timezone.utc), **row) for number, sender in enumerate(turns, 1)
    )
    pages: list[list[int]] = []
    while not pages or pages[-1]:
        pages.append(latest.latest_turns(Turn.objects.all(), 4, before=pages[-1][-1] if pages else None))
    last = {sender: number for number, sender in enumerate(turns, 1)}
    assert [number for page in pages for number in page] == sorted(last.values(), reverse=True)


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
    watch = _watch(client.get(f"/conversations/{talk.sender}/"))
    assert client.get(watch).status_code == 204
    second = talk.asks("deuxième question")
    project()
    news = client.get(watch)
    assert "deuxième question" in news.content.decode()
    assert "première" not in news.content.decode()
    assert "daybreak" not in news.content.decode()
    assert f"/since/{second}/" in _watch(news)
    assert client.get(_watch(news)).status_code == 204


def _watch(page: Any) -> str:
    """Where a page, or an answer to it, looks for what comes next."""
    found = re.search(r'id="watch"[^>]* hx-get="([^"]+)"', page.content.decode())
    assert found
    return html.unescape(found[1])


def _told(page: Any) -> list[str]:
    """What a page tells, in its order: what was typed, and what was written in cases."""
    bubbles = re.findall(r'<div class="bubble (?:person|staff)"[^>]*>(.*?)</div>', page.content.decode(), re.DOTALL)
    return [re.sub(r"<small>.*?</small>|<[^>]+>", "", bubble, flags=re.DOTALL).strip() for bubble in bubbles]


def _line(case: int, author: str, text: str, at: float) -> None:
    in_dalil(lambda c: c.execute(case_messages.insert().values(case_id=case, at=at, author=author, text=text, fetched=False)))


@pytest.fixture
def two_cases(talk: Talk) -> list[int]:
    """Six turns, ten seconds apart, with what was written in a case after the second and after the fourth of them, and after the last."""
    start = time.time() - 1000
    case, _ = in_dalil(cases.open_case, talk.sender, "telegram", "fr", "", {}, 3600.0)
    turns = []
    for number in range(1, 7):
        talk.at = start + 10 * number
        turns.append(talk.asks(f"question {number}"))
    for number, after in (("a", 24), ("b", 29.9), ("c", 45), ("d", 65), ("e", 600)):
        _line(case, "staff" if number in "bd" else "person", f"ligne {number}", start + after)
    project()
    return turns


def test_what_was_written_in_cases_stands_where_it_was_written_on_every_page(
    two_cases: list[int], browse: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "_TURNS", 2)
    monkeypatch.setattr(views, "_LEADING", 1)
    client, address = browse("reviewer"), f"/conversations/{talk.sender}/"
    assert _told(client.get(address)) == ["question 5", "question 6", "ligne d", "ligne e"]
    assert _told(client.get(f"{address}?before={two_cases[4]}")) == ["question 3", "question 4", "ligne c"]
    assert _told(client.get(f"{address}?before={two_cases[2]}")) == ["question 1", "question 2", "ligne a", "ligne b"]
    assert _told(client.get(f"{address}?turn={two_cases[1]}")) == ["question 2", "ligne a", "ligne b", "question 3"]


def test_what_was_written_before_the_first_turn_that_is_kept_is_shown_with_it(talk: Talk, browse: Any) -> None:
    case, _ = in_dalil(cases.open_case, talk.sender, "telegram", "fr", "", {}, 3600.0)
    _line(case, "person", "il y a longtemps", time.time() - 1000)
    talk.asks("une question")
    project()
    assert _told(browse("reviewer").get(f"/conversations/{talk.sender}/")) == ["il y a longtemps", "une question"]


def test_only_a_page_with_the_latest_turns_looks_for_news(two_cases: list[int], browse: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_TURNS", 3)
    client, address = browse("reviewer"), f"/conversations/{talk.sender}/"
    assert 'id="watch"' in client.get(address).content.decode()
    for earlier in (f"{address}?before={two_cases[5]}", f"{address}?turn={two_cases[0]}"):
        page = client.get(earlier).content.decode()
        assert 'id="watch"' not in page
        assert "Aller aux derniers messages" in page


def test_a_wish_that_opened_a_case_is_told_once_and_the_same_words_later_again(talk: Talk, browse: Any) -> None:
    start = talk.at = time.time() - 100
    talk.says("bghit nhder m3a chi wa7ed", intent="human")
    talk.says_back("وخا", "action_open_case")
    case, _ = in_dalil(cases.open_case, talk.sender, "telegram", "ary", "", {}, 3600.0)
    for after in (1, 20):
        _line(case, "person", "bghit nhder m3a chi wa7ed", start + after)
    project()
    assert _told(browse("reviewer").get(f"/conversations/{talk.sender}/")) == ["bghit nhder m3a chi wa7ed"] * 2


def test_during_a_take_over_everything_comes_by_itself(talk: Talk, browse: Any) -> None:
    """Of what a person writes while the bot is silent only the first message makes a turn."""
    talk.at = time.time() - 60
    talk.says("une personne svp", intent="human")
    talk.says_back("D'accord.", "action_open_case")
    client = browse("reviewer")
    case, _ = in_dalil(cases.open_case, talk.sender, "telegram", "fr", "", {}, 3600.0)
    project()
    watch = _watch(client.get(f"/conversations/{talk.sender}/"))
    for write in (lambda: in_dalil(cases.add, case, "mon dossier"), lambda: in_dalil(cases.reply, case, "Quel dossier ?", 60.0)):
        write()
        news = client.get(watch)
        assert len(_told(news)) == 1
        assert "daybreak" not in news.content.decode()
        watch = _watch(news)
        assert client.get(watch).status_code == 204


def test_a_wish_that_was_shown_before_its_turn_gives_way_to_it(talk: Talk, browse: Any) -> None:
    talk.at = time.time() - 60
    talk.asks("combien de membres")
    project()
    client = browse("reviewer")
    watch = _watch(client.get(f"/conversations/{talk.sender}/"))
    talk.says("une personne svp", intent="human")
    talk.says_back("D'accord.", "action_open_case")
    case, _ = in_dalil(cases.open_case, talk.sender, "telegram", "fr", "une personne svp", {}, 3600.0)
    news = client.get(watch)
    assert _told(news) == ["une personne svp"]
    (line,) = in_dalil(cases.lines, case)
    project()
    news = client.get(_watch(news))
    assert _told(news) == ["une personne svp"]
    assert f'<div id="line-{line.id}" hx-swap-oob="delete">' in news.content.decode()
    assert client.get(_watch(news)).status_code == 204


def test_a_day_is_named_where_it_begins(talk: Talk, browse: Any) -> None:
    talk.at = time.time() - 2 * 86_400
    talk.asks("avant-hier")
    project()
    client = browse("reviewer")
    page = client.get(f"/conversations/{talk.sender}/")
    assert page.content.decode().count("daybreak") == 1
    talk.at = time.time()
    talk.asks("aujourd'hui")
    project()
    news = client.get(_watch(page))
    assert news.content.decode().count("daybreak") == 1
    talk.asks("encore")
    project()
    assert client.get(_watch(news)).content.decode().count("daybreak") == 0
    assert client.get(f"/conversations/{talk.sender}/").content.decode().count("daybreak") == 2


def test_a_long_conversation_is_shown_in_pieces_and_around_a_turn(browse: Any, talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "_TURNS", 10)
    turns = [talk.asks(f"question numéro {number:02d}") for number in range(30)]
    project()
    client = browse("reviewer")

    def shown(address: str) -> list[str]:
        return re.findall(r"question numéro (\d\d)", client.get(f"/conversations/{talk.sender}/{address}").content.decode())

    def numbers(first: int, end: int) -> list[str]:
        return [f"{number:02d}" for number in range(first, end)]

    assert shown("") == numbers(20, 30)
    assert shown(f"?before={turns[20]}") == numbers(10, 20)
    assert shown(f"?turn={turns[12]}") == numbers(7, 17)
    assert shown(f"?turn={turns[29]}") == numbers(24, 30)
    assert shown("?turn=0") == numbers(0, 10)
    assert shown("?turn=999999") == numbers(24, 30)
    assert shown(f"?before={turns[0]}") == []
    for nonsense in ("?turn=x", "?before=x", "?turn=" + "9" * 5000):
        assert shown(nonsense) == numbers(20, 30), nonsense


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
    shown = client.get(f"/conversations/{talk.sender}/")
    assert "en attente" in shown.content.decode()
    in_dalil(
        lambda connection: connection.execute(outbox_table.update().where(outbox_table.c.inbox_id == message.id).values(state="sent", receipt="delivered"))
    )
    news = client.get(_watch(shown))
    assert _delivered(news) == [(str(turn), "", "arrivé")]
    in_dalil(lambda connection: connection.execute(outbox_table.update().where(outbox_table.c.inbox_id == message.id).values(receipt="undelivered")))
    news = client.get(_watch(news))
    assert _delivered(news) == [(str(turn), " bad", "non remis")]
    assert client.get(_watch(news)).status_code == 204
    in_dalil(lambda connection: connection.execute(outbox_table.update().values(state="sent", receipt="read")))
    page = client.get(f"/conversations/{talk.sender}/").content.decode()
    assert ">lu<" in page
    assert "1,5 s" in page
    assert page.index("rah khasni jawab") < page.index("مرحبا، أنا سعاد")
    assert Turn.objects.get(id=turn).outcome == "handoff"


def _delivered(news: Any) -> list[tuple[str, str, str]]:
    """What became of messages, as it is put into the page that is open: the turn, how bad that is, in words."""
    return re.findall(r'<div id="delivery-(\d+)"[^>]* hx-swap-oob="true">.*?<span class="tag([^"]*)">([^<]*)<', news.content.decode())


@pytest.mark.parametrize("address", ["/conversations/telegram:nobody/", "/conversations/x/since/1/"])
def test_an_unknown_conversation_is_not_found(address: str, browse: Any) -> None:
    assert browse("reviewer").get(address).status_code == 404


def _french(page: Any) -> list[str]:
    """The bubbles for who reads no Arabic."""
    bubbles = re.findall(r'<div class="bubble french"[^>]*>(.*?)</div>', page.content.decode(), re.DOTALL)
    return [html.unescape(bubble) for bubble in bubbles]


def test_who_reads_no_arabic_sees_beside_it_what_was_said_in_french(browse: Any, account: Any, talk: Talk) -> None:
    def says(text: str, **how: Any) -> None:
        talk.says(text, **{"variety": "ary-Arab", "language": "ary", **how})

    records = load().records
    says("شحال خاص ديال الناس")
    talk.answers("coop-min-membres", "خاصكم خمسة")
    says("تعاونية")
    talk.offers(["coop-capital-min", "coop-etapes"], "شنو بغيتو؟")
    entities = {"record": "coop-min-membres", "rating": "down"}
    says("/rate" + json.dumps(entities), intent="rate", entities=entities)
    talk.says_back("شكرا", "action_rate")
    says("الطقس")
    talk.refuses("ما نعرفش")
    says('/show{"record": "coop-etapes"}', intent="show", entities={"record": "coop-etapes"})
    talk.says_back("المراحل", "action_show")
    says("فين كاين المكتب")
    talk.says_back("هنا", "action_office")
    says("شي حاجة")
    says("bonjour", variety="fr", language="fr")
    talk.says_back("Bonjour.", "utter_greet")
    project()
    address = f"/conversations/{talk.sender}/"
    assert _french(browse(account("reviewer")).get(address)) == []
    assert _french(browse(account("reviewer", "french", reads_arabic=False)).get(address)) == [
        shown(records["coop-min-membres"], "fr"),
        f"• {records['coop-capital-min'].title.fr}\n• {records['coop-etapes'].title.fr}",
        "(avis)",
        "(hors sujet)",
        shown(records["coop-etapes"], "fr"),
        "(bureau)",
    ]


# What is read is written down


def _read(who: str) -> list[tuple[str, str]]:
    return list(AuditEntry.objects.filter(who=who, action__startswith="conversation").order_by("id").values_list("action", "target"))


def test_news_are_written_down_unless_the_conversation_was_opened(browse: Any, talk: Talk) -> None:
    first = talk.asks()
    project()
    client, news = browse("reviewer"), f"/conversations/{talk.sender}/since/0/"
    for _ in range(2):
        assert "Combien de membres" in client.get(news).content.decode()
    assert _read("reviewer") == [("conversation.read", talk.sender)]
    opened = browse("editor")
    opened.get(f"/conversations/{talk.sender}/")
    opened.get(news)
    assert _read("editor") == [("conversation.read", talk.sender)]
    manager = browse("manager")
    assert manager.get(f"{news.replace('/0/', f'/{first}/')}?sent={timeline.mark({})}").status_code == 204
    assert _read("manager") == []


def test_a_session_remembers_what_was_read_within_bounds(browse: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_MOST", 2)
    senders = [f"web:{number:032x}" for number in range(3)]
    for sender in senders:
        Talk(sender, "web").asks()
    project()
    client = browse("reviewer")
    for sender in (*senders, senders[2], senders[0]):
        client.get(f"/conversations/{sender}/since/0/")
    assert [target for _action, target in _read("reviewer")] == [*senders, senders[0]]


@pytest.mark.usefixtures("three")
def test_every_search_is_written_down_and_looking_again_is_not(browse: Any) -> None:
    client, searches = browse("reviewer"), AuditEntry.objects.filter(action="conversations.searched")
    client.get("/conversations/?q=cooperative")
    client.get("/conversations/?q=Coopérative&before=99", HTTP_HX_REQUEST="true")
    assert searches.count() == 1
    client.get("/conversations/?q=da3m", HTTP_HX_REQUEST="true")
    assert searches.count() == 2
    client.get("/conversations/?q=cooperative")
    client.get("/conversations/", HTTP_HX_REQUEST="true")
    assert list(searches.order_by("id").values_list("who", "details")) == [("reviewer", {"words": 1})] * 3
    assert "cooperative" not in str(dict(client.session))
