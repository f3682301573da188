"""Reviewing: verdicts and what was meant, tags, who looks after a conversation, queues, blind second readings, evaluation questions."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bot import learnt
from bot.console.accounts import audit
from bot.console.accounts.models import AuditEntry
from bot.console.conversations.models import Turn
from bot.console.learning.models import TodoQuestion
from bot.console.review import order, queues
from bot.console.review.intents import choices, intents
from bot.console.review.judging import correct, judge
from bot.console.review.models import Assignment, EvaluationQuestion, Queue, Review, Tag, TurnTag, Verdict
from bot.console.review.records import found
from bot.knowledge.store import load
from bot.language.arabizi import to_arabizi
from bot.nlu.lines import written_lines
from bot.settings import settings
from tests.console.tools import Talk, project

DAY = 86_400.0
CANDIDATES = {"coop-min-membres": 6.0, "gie-min-membres": 5.0, "coop-capital-min": 4.0}


@pytest.fixture
def asked(talk: Talk) -> Turn:
    """A question that was answered with a record, not with the likeliest other one."""
    number = talk.asks("Combien de personnes au minimum ?", "coop-min-membres", candidates=CANDIDATES)
    project()
    return Turn.objects.get(id=number)


def _in_sample(talk: Talk, text: str = "Une question du lot ?", record: str = "coop-min-membres") -> Turn:
    """A turn that belongs to those that are read twice."""
    while not order.in_sample(number := talk.asks(text, record)):
        pass
    project()
    return Turn.objects.get(id=number)


def _url(turn: Turn, what: str = "judge") -> str:
    return f"/review/turn/{turn.id}/{what}/"


def _actions() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "target"))


# Verdicts


def test_a_verdict_is_stored_and_leads_back_to_the_turn(asked: Turn, browse: Any) -> None:
    answer = browse("reviewer").post(_url(asked), {"verdict": "right"})
    assert answer.url == f"/conversations/{asked.conversation_id}/?turn={asked.id}#turn-{asked.id}"
    review = Review.objects.get()
    assert (review.turn_id, review.sender, review.verdict, review.queue, review.blind) == (asked.id, asked.conversation_id, "right", "browsed", False)
    assert ("review.added", str(asked.id)) in _actions()


def test_one_may_change_ones_mind_and_stays_one_voice(asked: Turn, browse: Any) -> None:
    client = browse("reviewer")
    client.post(_url(asked), {"verdict": "wrong"})
    client.post(_url(asked, "meant"), {"meant": "outside", "note": "météo"})
    client.post(_url(asked), {"verdict": "right"})
    review = Review.objects.get()
    assert (review.verdict, review.meant, review.target, review.note) == ("right", "", "", "météo")
    assert [action for action, _target in _actions() if action.startswith("review.")] == ["review.added", "review.changed", "review.meant", "review.changed"]


def test_two_people_judge_the_same_turn_and_both_are_kept_and_seen(asked: Turn, browse: Any, account: Any) -> None:
    readers = browse(account("reviewer", name="Nadia")), browse("editor")
    for reader in readers:
        assert _shown(reader.get("/review/random/").content.decode()) == asked.id
    for reader, verdict in zip(readers, ("right", "wrong")):
        reader.post(_url(asked), {"verdict": verdict, "queue": "random"})
    assert set(Review.objects.values_list("reviewer__username", "verdict", "queue")) == {("reviewer", "right", "random"), ("editor", "wrong", "random")}
    page = browse("editor").get(f"/conversations/{asked.conversation_id}/").content.decode()
    assert "Nadia" in page
    assert re.search(r'value="wrong"[^>]*aria-pressed="true"', page)
    assert re.search(r'value="right"[^>]*aria-pressed="false"', page)


def test_only_what_was_typed_is_right_or_wrong(asked: Turn, talk: Talk, browse: Any) -> None:
    pressed = talk.rates("coop-min-membres", "up")
    project()
    page = browse("reviewer").get(f"/conversations/{asked.conversation_id}/").content.decode()
    assert f"review-{asked.id}" in page
    assert f"review-{pressed}" not in page
    assert browse("reviewer").post(f"/review/turn/{pressed}/judge/", {"verdict": "right"}).status_code == 404
    assert browse("reviewer").post("/review/turn/999999999999999999999999/judge/", {"verdict": "right"}).status_code == 404


def test_a_verdict_that_is_none_is_told_and_changes_nothing(asked: Turn, browse: Any) -> None:
    page = browse("reviewer").post(_url(asked), {"verdict": "perhaps"}, follow=True).content.decode()
    assert "Choisissez « juste » ou « faux »" in page
    assert not Review.objects.exists()


def test_htmx_gets_the_judgements_of_the_turn_only(asked: Turn, browse: Any) -> None:
    answer = browse("reviewer").post(_url(asked), {"verdict": "wrong"}, HTTP_HX_REQUEST="true")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert page.strip().startswith("<div")
    assert "Que voulait la personne ?" in page


# What was meant


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        ({"meant": "record:gie-min-membres"}, ("record", "gie-min-membres")),
        ({"meant": "intent", "intent": "find_office"}, ("intent", "find_office")),
        ({"intent": "greet"}, ("intent", "greet")),
        ({"meant": "outside", "intent": "greet"}, ("outside", "")),
        ({"meant": "missing"}, ("missing", "")),
        ({}, ("", "")),
    ],
)
def test_what_was_meant_is_stored(sent: dict[str, str], stored: tuple[str, str], asked: Turn, browse: Any) -> None:
    browse("reviewer").post(_url(asked, "meant"), {**sent, "note": "relu avec Nadia"})
    review = Review.objects.get()
    assert (review.meant, review.target) == stored
    assert (review.verdict, review.note) == ("wrong", "relu avec Nadia")


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"meant": "record:no-such-record"}, "Cette fiche n&#x27;existe plus"),
        ({"meant": "intent"}, "Choisissez ce que la personne voulait faire"),
        ({"meant": "intent", "intent": "show"}, "show"),
        ({"meant": "nonsense"}, "Choisissez une des réponses"),
        ({"meant": "missing", "note": "x" * 2001}, "2001"),
    ],
)
def test_what_cannot_be_meant_is_told_and_nothing_is_lost(sent: dict[str, str], message: str, asked: Turn, browse: Any) -> None:
    page = browse("reviewer").post(_url(asked, "meant"), {"note": "ma note", **sent}).content.decode()
    assert message in page
    assert sent.get("note", "ma note") in page
    assert not Review.objects.exists()


def test_looking_for_a_record_without_javascript_keeps_what_is_filled_in(asked: Turn, browse: Any) -> None:
    client = browse("reviewer")
    client.post(_url(asked), {"verdict": "wrong"})
    page = client.post(_url(asked, "meant"), {"look": "1", "q": "INDH dossier", "meant": "record:gie-capital", "note": "ma note"}).content.decode()
    listed = re.findall(r'value="record:([\w-]+)"[^>]*?( checked)?>', page)
    assert listed[0] == ("gie-capital", " checked")
    assert "indh-dossier" in [record for record, _checked in listed]
    assert len(listed) == 8
    assert "ma note" in page
    assert Review.objects.get().meant == ""


def test_the_candidates_of_the_turn_come_first_but_not_what_was_answered(asked: Turn, browse: Any) -> None:
    client = browse("reviewer")
    client.post(_url(asked), {"verdict": "wrong"})
    page = client.get(f"/conversations/{asked.conversation_id}/?turn={asked.id}").content.decode()
    assert re.findall(r'value="record:([\w-]+)"', page) == ["gie-min-membres", "coop-capital-min"]


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("nombre de membres coop", "coop-min-membres"),
        ("coop-min-mem", "coop-min-membres"),
        ("عدد الأعضاء", "coop-min-membres"),
        ("شحال خاص ديال الناس", "coop-min-membres"),
        ("chhal khass dyal nas", "coop-min-membres"),
        ("indh dossier", "indh-dossier"),
        ("ODCO", "odco-missions"),
    ],
)
def test_a_record_is_found_by_words_in_every_script(text: str, record: str) -> None:
    assert record in found(text, most=30)
    assert len(found(text)) <= 8


def test_the_questions_of_each_record_lead_to_it() -> None:
    """Of all first example questions in each variety, nearly every one finds its record among the eight that are shown."""
    questions = [(record.id, question) for record in load().records.values() for _variety, question in record.questions.by_variety(1)]
    missed = [record for record, question in questions if record not in found(question)]
    assert len(missed) <= len(questions) // 100


@pytest.mark.one_database
@pytest.mark.parametrize("text", ["", "   ", "🙂", "zzzqqq", "\u202e", "a" * 5000, "<script>"])
def test_looking_for_anything_else_finds_nothing_or_something_but_never_fails(text: str, asked: Turn, browse: Any) -> None:
    answer = browse("reviewer").get(_url(asked, "records"), {"q": text})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_intents_are_those_that_a_person_can_type_by_readable_names() -> None:
    assert set(intents()) == {line.intent for line in written_lines()} - {"out_of_scope"}
    named = {intent: label for _group, group in choices()[1:] for intent, label in group}
    assert named["ask_members"] == "Les membres"
    assert [intent for intent, label in named.items() if label == intent] == []


# Tags


def test_tags_are_put_on_and_taken_off(asked: Turn, browse: Any) -> None:
    tag, client = Tag.objects.create(name="à revoir"), browse("reviewer")
    for _ in range(2):
        assert client.post(_url(asked, "tag"), {"add": tag.id}).url.endswith(f"#turn-{asked.id}")
    assert TurnTag.objects.get().sender == asked.conversation_id
    assert "Retirer l'étiquette à revoir" in client.get(f"/conversations/{asked.conversation_id}/").content.decode()
    client.post(_url(asked, "tag"), {"remove": tag.id})
    assert not TurnTag.objects.exists()
    assert {("tag.added", str(asked.id)), ("tag.removed", str(asked.id))} <= set(_actions())


@pytest.mark.parametrize(("sent", "status"), [({"add": "999"}, 404), ({"remove": "999"}, 404), ({"add": "x"}, 302), ({}, 302)])
def test_a_tag_that_is_none_is_refused(sent: dict[str, str], status: int, asked: Turn, browse: Any) -> None:
    assert browse("reviewer").post(_url(asked, "tag"), sent).status_code == status


def test_tags_are_made_in_the_admin_by_editors(browse: Any) -> None:
    assert browse("editor").post("/admin/review/tag/add/", {"name": "urgent"}).status_code == 302
    tag = Tag.objects.get()
    browse("editor").post(f"/admin/review/tag/{tag.id}/delete/", {"post": "yes"})
    assert not Tag.objects.exists()
    assert [action for action, target in _actions() if target == "urgent"] == ["tag_name.added", "tag_name.deleted"]
    assert browse("reviewer").get("/admin/review/tag/").status_code == 302


# The transcript


def test_more_turns_cost_no_more_queries(asked: Turn, talk: Talk, browse: Any, account: Any) -> None:
    client, other = browse("manager"), account("reviewer")
    tag = Tag.objects.create(name="urgent")

    def add(count: int) -> None:
        for _ in range(count):
            talk.asks("Encore une question ?")
        project()
        for turn in Turn.objects.filter(reviews__isnull=True):
            judge(turn, other, Verdict.WRONG)
            TurnTag.objects.create(turn_id=turn.id, sender=turn.conversation_id, tag=tag, by=other)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(f"/conversations/{asked.conversation_id}/")
        return len(caught)

    add(2)
    client.get(f"/conversations/{asked.conversation_id}/")
    few = queries()
    add(20)
    assert queries() == few


def test_a_note_is_shown_and_does_nothing(asked: Turn, browse: Any) -> None:
    browse("reviewer").post(_url(asked, "meant"), {"note": "<script>alert(1)</script>\u202e"})
    page = browse("editor").get(f"/conversations/{asked.conversation_id}/").content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "U+202E" in page


# Who looks after a conversation


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("role", "now", "to", "status", "then"),
    [
        ("reviewer", None, "reviewer", 302, "reviewer"),
        ("reviewer", None, "editor", 403, None),
        ("reviewer", "editor", "reviewer", 302, "reviewer"),
        ("reviewer", "editor", "", 403, "editor"),
        ("reviewer", "reviewer", "", 302, None),
        ("editor", None, "reviewer", 302, "reviewer"),
        ("editor", "reviewer", "", 302, None),
        ("editor", "reviewer", "chamber", 302, "reviewer"),
        ("editor", "reviewer", "gone", 302, "reviewer"),
        ("editor", "reviewer", "nobody", 302, "reviewer"),
        ("chamber", None, "chamber", 403, None),
    ],
)
def test_who_may_give_a_conversation_to_whom(
    role: str, now: str | None, to: str, status: int, then: str | None, asked: Turn, browse: Any, account: Any
) -> None:
    staff = {name: account(name) for name in ("reviewer", "editor", "chamber")}
    staff["gone"] = account("reviewer", "gone", is_active=False)
    if now:
        Assignment.objects.create(sender=asked.conversation_id, assignee=staff[now], by=staff[now])
    sent = str(staff[to].pk) if to in staff else to
    assert browse(role).post(f"/review/assign/{asked.conversation_id}/", {"to": sent}).status_code == status
    assert Assignment.objects.values_list("assignee__username", flat=True).first() == then
    if status == 302 and then != now:
        assert {action for action, target in _actions() if target == asked.conversation_id} & {"conversation.assigned", "conversation.unassigned"}


def test_the_transcript_tells_who_looks_after_it_and_offers_what_one_may(asked: Turn, browse: Any, account: Any) -> None:
    Assignment.objects.create(sender=asked.conversation_id, assignee=account("editor", name="Salma"), by=account("manager"))
    page = browse("reviewer").get(f"/conversations/{asked.conversation_id}/").content.decode()
    assert "Salma s'en occupe" in page
    assert "Je m'en occupe" in page
    assert "Ne plus confier" not in page
    assert "Confier à" not in page
    assert "Confier à" in browse("manager").get(f"/conversations/{asked.conversation_id}/").content.decode()
    assert browse("reviewer").post("/review/assign/telegram:unknown/", {"to": ""}).status_code == 404


# Queues


def test_each_queue_holds_what_belongs_to_it(talk: Talk, account: Any) -> None:
    staff = account("reviewer")
    old = Talk(sender="web:0000000000000000000000000000000a", channel="web", at=talk.at - 31 * DAY)
    old.asks("Trop ancien ?")
    turns = {"plain": talk.asks("Une question ?"), "unsure": talk.says("Hésitant ?")}
    talk.answers("coop-min-membres", probability=0.6)
    turns["refused"] = talk.says("La météo ?")
    talk.refuses()
    turns["offered"] = talk.says("Une coopérative ?")
    talk.offers(["coop-min-membres", "coop-capital-min"])
    turns["down"] = talk.asks("Et le capital ?", "coop-capital-min")
    talk.rates("coop-capital-min", "down")
    turns["reviewed"] = talk.asks("Déjà relu ?")
    project()
    judge(Turn.objects.get(id=turns["reviewed"]), account("editor"), Verdict.RIGHT)
    expected = {
        Queue.RANDOM: {"plain", "unsure", "refused", "offered", "down", "reviewed"},
        Queue.UNSURE: {"unsure", "offered"},
        Queue.REFUSED: {"refused"},
        Queue.DOWN: {"down"},
    }
    for queue, names in expected.items():
        assert set(queues.waiting(queue, staff).values_list("id", flat=True)) == {turns[name] for name in names}, queue


def test_the_order_is_the_same_in_the_database_and_out_of_it(talk: Talk) -> None:
    for _ in range(12):
        talk.asks("Une question ?")
    project()
    # Numbers as large as Rasa's column holds.
    Turn.objects.filter(id=Turn.objects.first().id).update(id=2**31 - 1)
    for first in (0, order.start(1), order.start(77)):
        rows = dict(Turn.objects.annotate(along=order.place_in_database(first)).values_list("id", "along"))
        assert rows == {turn: order.place(turn, first) for turn in rows}
    rows = dict(Turn.objects.annotate(rest=order.sample_in_database()).values_list("id", "rest"))
    assert {turn: rest == 0 for turn, rest in rows.items()} == {turn: order.in_sample(turn) for turn in rows}


def test_the_sample_is_a_fifth_and_lies_everywhere_on_the_circle() -> None:
    numbers = range(0, 60_000, 7)
    sample = [turn for turn in numbers if order.in_sample(turn)]
    assert len(sample) == pytest.approx(len(numbers) / order.ONE_IN, rel=0.1)
    tenths = [order.place(turn) * 10 // 2**32 for turn in sample]
    assert all(tenths.count(tenth) == pytest.approx(len(sample) / 10, rel=0.35) for tenth in range(10))


def test_accounts_begin_at_different_places() -> None:
    starts = sorted(order.start(account) for account in range(1, 21))
    assert min(later - earlier for earlier, later in zip(starts, starts[1:])) > 2**32 / 100


def _shown(page: str) -> int:
    """The turn that a page asks about."""
    return int(re.findall(r'id="review-(\d+)"', page)[0])


def test_one_goes_around_once_and_meets_each_turn_once(talk: Talk, browse: Any) -> None:
    numbers = {talk.asks(f"Question {n} ?") for n in range(6)}
    project()
    client, seen = browse("reviewer"), []
    page = client.get("/review/random/").content.decode()
    while "Passer" in page:
        seen.append(_shown(page))
        if len(seen) % 2:
            page = client.post(f"/review/turn/{seen[-1]}/judge/", {"verdict": "right", "queue": "random"}, follow=True).content.decode()
        else:
            page = client.get(f"/review/random/?after={seen[-1]}").content.decode()
    assert (len(seen), set(seen)) == (6, numbers)
    assert "3 tours passés attendent encore" in page
    assert set(Review.objects.values_list("queue", flat=True)) == {"random"}
    assert _shown(client.get("/review/random/").content.decode()) == seen[1]  # from the beginning, the skipped ones


def _draw(turn: Turn, staff: Any) -> None:
    """Write into the log what the page does when chance shows a turn to somebody."""
    audit.record(staff, "turn.read", str(turn.id), queue="random")


def test_what_was_reviewed_elsewhere_is_drawn_by_chance_too_and_counts_from_then_on(asked: Turn, browse: Any) -> None:
    client = browse("reviewer")
    client.post(_url(asked), {"verdict": "wrong"})
    assert Review.objects.get().queue == "browsed"
    page = client.get("/review/random/").content.decode()
    assert _shown(page) == asked.id
    assert "Rien n'a encore été jugé dans la file" in client.get("/review/").content.decode()
    client.post(_url(asked, "meant"), {"meant": "outside", "queue": "random"})
    review = Review.objects.get()
    assert (review.queue, review.verdict, review.meant) == ("random", "wrong", "outside")
    assert "0 sur 1 tour relu" in client.get("/review/").content.decode()
    assert "Tout est relu" in client.get("/review/random/").content.decode()


def test_what_somebody_else_reviewed_elsewhere_is_drawn_by_chance_too(asked: Turn, browse: Any, account: Any) -> None:
    judge(asked, account("editor"), Verdict.WRONG, Queue.DOWN)
    client = browse("reviewer")
    assert _shown(client.get("/review/random/").content.decode()) == asked.id
    client.post(_url(asked), {"verdict": "right", "queue": "random"})
    assert set(Review.objects.values_list("reviewer__username", "queue")) == {("editor", "down"), ("reviewer", "random")}
    assert not queues.waiting(Queue.RANDOM, account("manager")).exists()


def test_nobody_chooses_what_is_drawn_by_chance(talk: Talk, browse: Any) -> None:
    for n in range(8):
        talk.asks(f"Question {n} ?")
    project()
    client = browse("reviewer")
    head = _shown(client.get("/review/random/").content.decode())
    last = Turn.objects.exclude(id=head).last()
    assert last
    for address in (f"?turn={last.id}", f"?after={last.id}", "?turn=x", "?after=" + "9" * 5000):
        assert _shown(client.get(f"/review/random/{address}").content.decode()) == head, address
    client.post(f"/review/turn/{last.id}/meant/", {"look": "1", "q": "dossier", "queue": "random"})
    assert client.post(_url(last), {"verdict": "right", "queue": "random"}).url.startswith("/conversations/")
    assert _shown(client.get(f"/review/random/?turn={last.id}").content.decode()) == head, "it was reviewed, but not drawn"
    assert Review.objects.get().queue == "browsed"


def test_one_goes_back_to_what_was_drawn(talk: Talk, browse: Any) -> None:
    for n in range(3):
        talk.asks(f"Question {n} ?")
    project()
    client = browse("reviewer")
    first = _shown(client.get("/review/random/").content.decode())
    second = _shown(client.get(f"/review/random/?after={first}").content.decode())
    assert second != first
    assert _shown(client.get(f"/review/random/?turn={first}").content.decode()) == first
    tag = Tag.objects.create(name="urgent")
    assert client.post(f"/review/turn/{second}/tag/", {"add": tag.id, "queue": "random"}).url == f"/review/random/?turn={second}"


def test_the_first_turn_is_the_same_tomorrow_and_another_one_for_somebody_else(talk: Talk, account: Any) -> None:
    for n in range(40):
        talk.asks(f"Question {n} ?")
    project()
    one, other = account("reviewer"), account("editor")
    assert queues.next_turn(Queue.RANDOM, one) == queues.next_turn(Queue.RANDOM, one)
    assert queues.next_turn(Queue.RANDOM, one) != queues.next_turn(Queue.RANDOM, other)


def test_after_wrong_the_turn_stays_until_it_is_told_what_was_meant(talk: Talk, browse: Any) -> None:
    for n in range(3):
        talk.asks(f"Question {n} ?")
    project()
    client = browse("reviewer")
    turn = _shown(client.get("/review/random/").content.decode())
    answer = client.post(f"/review/turn/{turn}/judge/", {"verdict": "wrong", "queue": "random"})
    assert answer.url == f"/review/random/?turn={turn}"
    page = client.get(answer.url).content.decode()
    assert _shown(page) == turn
    assert "Que voulait la personne ?" in page
    answer = client.post(f"/review/turn/{turn}/meant/", {"meant": "missing", "queue": "random"})
    assert answer.url == f"/review/random/?after={turn}"
    assert _shown(client.get(answer.url).content.decode()) != turn


def test_a_turn_is_shown_with_two_before_it_and_only_it_is_judged(talk: Talk, browse: Any) -> None:
    for n in range(4):
        talk.asks(f"Question {n} ?")
    number = talk.says("La météo demain ?")
    talk.refuses()
    project()
    page = browse("reviewer").get("/review/refused/").content.decode()
    assert re.findall(r"Question \d", page) == ["Question 2", "Question 3"]
    assert re.findall(r'id="review-(\d+)"', page) == [str(number)]
    assert ("turn.read", str(number)) in _actions()


def test_who_reads_no_arabic_has_the_french_text_beside_it(talk: Talk, browse: Any, account: Any) -> None:
    talk.says("شحال خاص ديال الناس", variety="ary-Arab", language="ary")
    talk.answers("coop-min-membres", "خاص خمسة", probability=0.6)
    project()
    reader = account("reviewer", "nadia", reads_arabic=False)
    assert 'class="bubble french"' in browse(reader).get("/review/unsure/").content.decode()
    assert 'class="bubble french"' not in browse("editor").get("/review/unsure/").content.decode()


def test_the_overview_counts(talk: Talk, browse: Any, account: Any) -> None:
    reviewer, other = account("reviewer"), account("editor")
    numbers = [talk.asks(f"Question {n} ?") for n in range(5)]
    project()
    turns = [Turn.objects.get(id=number) for number in numbers]
    for turn, verdict in zip(turns[:3], (Verdict.RIGHT, Verdict.RIGHT, Verdict.WRONG)):
        _draw(turn, reviewer)
        judge(turn, reviewer, verdict, Queue.RANDOM)
    _draw(turns[0], other)
    judge(turns[0], other, Verdict.WRONG, Queue.RANDOM)  # at the same time: the turn counts once
    judge(turns[3], other, Verdict.WRONG, Queue.DOWN)  # not drawn by chance
    page = browse(reviewer).get("/review/").content.decode()
    assert "2 sur 3 tours relus" in page
    assert re.findall(r'<p class="big">(\d+)</p>', page)[:4] == ["2", "0", "0", "0"]
    assert re.findall(r"<dd>(\d+)</dd>", page) == ["3", "3"]
    assert "Rien n'a encore été jugé" not in page


# Second reading


def test_the_second_reading_shows_nothing_of_the_first(talk: Talk, browse: Any, account: Any) -> None:
    before, first = talk.asks("Et avant ?"), account("reviewer", name="Nadia")
    turn = _in_sample(talk)
    judge(Turn.objects.get(id=before), first, Verdict.WRONG)
    browse(first).post(_url(turn, "meant"), {"meant": "record:gie-capital", "note": "note de la première", "queue": "random"})
    tag = Tag.objects.create(name="étiquette de la première")
    browse(first).post(_url(turn, "tag"), {"add": tag.id})
    page = browse("editor").get("/review/second/").content.decode()
    assert _shown(page) == turn.id
    assert turn.text in page
    for trace in (
        "Nadia",
        "gie-capital",
        "note de la première",
        "étiquette",
        "Étiqueter",
        'aria-pressed="true"',
        "question d'évaluation",
        "Lire la conversation",
    ):
        assert trace not in page, trace


def test_a_second_reading_is_stored_as_blind(talk: Talk, browse: Any, account: Any) -> None:
    turn = _in_sample(talk)
    judge(turn, account("reviewer"), Verdict.WRONG)
    client = browse("editor")
    answer = client.post(_url(turn), {"verdict": "wrong", "queue": "second"}, follow=True)
    page = answer.content.decode()
    assert _shown(page) == turn.id  # what was meant is asked for, still without the first one
    assert "Que voulait la personne ?" in page
    assert client.post(_url(turn, "meant"), {"meant": "outside", "queue": "second"}).url == f"/review/second/?after={turn.id}"
    review = Review.objects.get(reviewer__username="editor")
    assert (review.blind, review.queue, review.meant) == (True, "second", "outside")
    assert not queues.waiting(Queue.SECOND, account("manager")).exists()


def test_nobody_reads_a_second_time_what_they_know(talk: Talk, browse: Any, account: Any) -> None:
    turn, outside = _in_sample(talk), talk.asks("Pas dans le lot ?")
    while order.in_sample(outside):
        outside = talk.asks("Pas dans le lot ?")
    project()
    first = account("reviewer")
    assert not queues.waiting(Queue.SECOND, account("manager")).exists()  # nobody has judged it
    judge(turn, first, Verdict.RIGHT)
    judge(Turn.objects.get(id=outside), first, Verdict.RIGHT)
    assert not queues.waiting(Queue.SECOND, first).exists()  # it is their own
    editor = account("editor")
    assert [waiting.id for waiting in queues.waiting(Queue.SECOND, editor)] == [turn.id]
    browse(editor).get(f"/conversations/{turn.conversation_id}/")  # the first review stands there
    assert not queues.waiting(Queue.SECOND, editor).exists()


def test_who_has_seen_the_first_review_does_not_read_blindly_when_it_is_changed_later(talk: Talk, browse: Any, account: Any) -> None:
    turn, first, editor = _in_sample(talk), account("reviewer"), account("editor")
    judge(turn, first, Verdict.WRONG)
    browse(editor).get(f"/conversations/{turn.conversation_id}/")
    judge(turn, first, Verdict.RIGHT)
    assert not queues.waiting(Queue.SECOND, editor).exists()


def _sees(how: str, turn: Turn, client: Any) -> None:
    """Have somebody come across what was said of a turn."""
    if how == "beside the turn":
        client.get(f"/review/turn/{turn.id}/", HTTP_HX_REQUEST="true")
    elif how == "while looking for a record":
        client.post(_url(turn, "meant"), {"look": "1", "q": "dossier", "queue": "second"}, HTTP_HX_REQUEST="true")
    elif how == "drawn by chance":
        assert _shown(client.get("/review/random/").content.decode()) == turn.id
    elif how == "as news":
        client.get(f"/conversations/{turn.conversation_id}/since/0/")
    elif how == "as news of a conversation that is known":
        Review.objects.update(made_at=timezone.now() + dt.timedelta(seconds=60))  # the page was opened before
        client.get(f"/conversations/{turn.conversation_id}/")
        Review.objects.update(made_at=timezone.now())
        client.get(f"/conversations/{turn.conversation_id}/since/0/")
    elif how == "all that is stored":
        assert client.post(f"/steering/privacy/{turn.conversation_id}/stored/").status_code == 200
    elif how == "among corrections":
        assert turn.text in client.get("/learning/").content.decode()
    elif how == "declined":
        client.post(f"/learning/turns/{turn.id}/decline/")
    else:
        Review.objects.update(meant="missing")
        if how == "among what is missing":
            assert turn.text in client.get("/learning/missing/").content.decode()
        else:
            client.post(f"/learning/missing/{Review.objects.get().pk}/", {"title": "Une fiche"})
            assert TodoQuestion.objects.exists()


@pytest.mark.parametrize(
    "how",
    [
        "beside the turn",
        "while looking for a record",
        "drawn by chance",
        "as news",
        "as news of a conversation that is known",
        "all that is stored",
        "among corrections",
        "declined",
        "among what is missing",
        "sorted",
    ],
)
def test_nobody_reads_blindly_what_they_have_come_across(how: str, talk: Talk, browse: Any, account: Any) -> None:
    turn, manager = _in_sample(talk), account("manager")
    Turn.objects.exclude(id=turn.id).delete()
    review, _ = judge(turn, account("reviewer"), Verdict.WRONG)
    correct(review, "record", "gie-capital", "")
    client = browse(manager)
    assert _shown(client.get("/review/second/").content.decode()) == turn.id, "to be shown it blindly spoils nothing"
    assert queues.waiting(Queue.SECOND, manager).exists()
    _sees(how, turn, client)
    assert not queues.waiting(Queue.SECOND, manager).exists()


def test_of_what_was_decided_only_those_can_judge_blindly_who_decide_nothing(talk: Talk, browse: Any, account: Any) -> None:
    turn = _in_sample(talk)
    review, _ = judge(turn, account("reviewer"), Verdict.WRONG)
    correct(review, "record", "gie-capital", "")
    browse(account("manager")).post(f"/learning/turns/{turn.id}/decline/")
    assert not queues.waiting(Queue.SECOND, account("editor")).exists()
    assert queues.waiting(Queue.SECOND, account("reviewer", "another")).exists()


def test_reading_the_judgements_of_a_turn_is_written_down(asked: Turn, browse: Any) -> None:
    browse("reviewer").get(f"/review/turn/{asked.id}/", HTTP_HX_REQUEST="true")
    assert _actions()[-1] == ("turn.read", str(asked.id))


def test_only_what_is_blind_is_stored_as_blind(talk: Talk, browse: Any, account: Any) -> None:
    """Whatever a form says: the first judgement of a turn is not a second one, nor is one that was made with the first in sight."""
    turn = _in_sample(talk)
    browse("reviewer").post(_url(turn), {"verdict": "right", "queue": "second"})
    browse("editor").get(f"/conversations/{turn.conversation_id}/")
    browse("editor").post(_url(turn), {"verdict": "right", "queue": "second"})
    assert set(Review.objects.values_list("blind", "queue")) == {(False, "browsed")}


# Evaluation questions


def _judged(talk: Talk, staff: Any, verdict: str, meant: tuple[str, str] = ("", ""), text: str = "Il faudrait combien d'associées pour nous lancer ?") -> Turn:
    number = talk.asks(text)
    project()
    turn = Turn.objects.get(id=number)
    Review.objects.create(turn_id=turn.id, sender=turn.conversation_id, reviewer=staff, verdict=verdict, meant=meant[0], target=meant[1])
    return turn


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("verdict", "meant", "expect", "area"),
    [
        ("right", ("", ""), ["coop-min-membres"], "creation"),
        ("wrong", ("record", "indh-dossier"), ["indh-dossier"], "financing"),
        ("wrong", ("outside", ""), [], "out_of_scope"),
    ],
)
def test_a_judged_turn_becomes_an_evaluation_question(verdict: str, meant: Any, expect: list[str], area: str, talk: Talk, browse: Any, account: Any) -> None:
    turn = _judged(talk, account("reviewer"), verdict, meant)
    client = browse("editor")
    assert "En faire une question d'évaluation" in client.get(f"/conversations/{turn.conversation_id}/").content.decode()
    page = client.post(_url(turn, "question"), follow=True).content.decode()
    assert "question d&#x27;évaluation : chaque modèle" in page
    question = EvaluationQuestion.objects.get()
    assert (question.text, question.variety, question.expect, question.area) == (turn.text, "fr", expect, area)
    assert (question.turn, question.sender) == (turn.id, turn.conversation_id)
    page = client.get("/review/questions/").content.decode()
    assert "associées" in page
    client.post(f"/review/questions/{question.id}/delete/")
    assert not EvaluationQuestion.objects.exists()
    assert {("question.added", str(turn.id)), ("question.deleted", str(question.id))} <= set(_actions())


def test_a_refusal_that_was_right_must_be_refused_again(talk: Talk, browse: Any, account: Any) -> None:
    number = talk.says("Qui a gagné le match hier soir à Agadir ?")
    talk.refuses()
    project()
    judge(Turn.objects.get(id=number), account("reviewer"), Verdict.RIGHT)
    browse("editor").post(f"/review/turn/{number}/question/")
    assert EvaluationQuestion.objects.get().expect == []


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("verdict", "meant"), [("wrong", ("", "")), ("wrong", ("missing", "")), ("wrong", ("intent", "greet")), ("wrong", ("record", "gone-record"))]
)
def test_where_nobody_told_what_is_right_there_is_no_question(verdict: str, meant: Any, talk: Talk, browse: Any, account: Any) -> None:
    turn = _judged(talk, account("reviewer"), verdict, meant)
    client = browse("editor")
    assert "En faire une question" not in client.get(f"/conversations/{turn.conversation_id}/").content.decode()
    assert "Il faut d&#x27;abord savoir ce qui est juste" in client.post(_url(turn, "question"), follow=True).content.decode()
    assert not EvaluationQuestion.objects.exists()


def test_where_reviewers_contradict_each_other_there_is_no_question(talk: Talk, browse: Any, account: Any) -> None:
    turn = _judged(talk, account("reviewer"), "right")
    Review.objects.create(turn_id=turn.id, sender=turn.conversation_id, reviewer=account("manager"), verdict="wrong", meant="outside")
    browse("editor").post(_url(turn, "question"))
    assert not EvaluationQuestion.objects.exists()


def _trained() -> dict[str, str]:
    """Texts that models are trained on, in another spelling each."""
    line = next(line for line in written_lines() if line.variety == "fr" and len(line.text.split()) > 4)
    darija = next(line for line in written_lines() if line.variety == "ary-Arab" and (learnt.bones(line.text) or "") == learnt.bones(to_arabizi(line.text)))
    question = load().records["coop-min-membres"].questions.fr[0]
    return {
        "a training line": f"{line.text.upper()} !!",
        "a training line in other letters": to_arabizi(darija.text),
        "an example question": f"  {question.capitalize()}…",
        "a line that was learnt": "Kifech nbda chi coopérative dyal zitoun f Taounate ?",
    }


@pytest.mark.one_database
@pytest.mark.parametrize("kind", ["a training line", "a training line in other letters", "an example question", "a line that was learnt"])
def test_a_sentence_that_is_trained_on_measures_nothing(kind: str, talk: Talk, browse: Any, account: Any) -> None:
    line = learnt.LearntLine(text="kifech nbda chi cooperative dyal zitoun f taounate", variety="ary-Latn", record="coop-min-membres")
    learnt.file(settings()).write_text(learnt.written([line]), encoding="utf-8")
    turn = _judged(talk, account("reviewer"), "right", text=_trained()[kind])
    page = browse("editor").post(_url(turn, "question"), follow=True).content.decode()
    assert "Les modèles s&#x27;entraînent déjà sur cette phrase" in page
    assert not EvaluationQuestion.objects.exists()


@pytest.mark.one_database
def test_the_same_question_stands_once(talk: Talk, browse: Any, account: Any) -> None:
    staff = account("reviewer")
    for text in ("Il faudrait combien d'associées pour nous lancer ?", "IL FAUDRAIT combien d’associées pour nous lancer"):
        page = browse("editor").post(_url(_judged(talk, staff, "right", text=text), "question"), follow=True).content.decode()
    assert "déjà une question d&#x27;évaluation" in page
    assert EvaluationQuestion.objects.count() == 1


def test_a_message_without_words_is_no_question(talk: Talk, browse: Any, account: Any) -> None:
    page = browse("editor").post(_url(_judged(talk, account("reviewer"), "right", text="🙂 !!"), "question"), follow=True).content.decode()
    assert "pas de mots" in page


# Rights

_READING = {"/review/": True, "/review/random/": True, "/review/second/": True, "/review/questions/": False}


@pytest.mark.one_database
@pytest.mark.parametrize("path", _READING)
def test_who_may_open_the_pages(path: str, browse: Any) -> None:
    assert browse("reviewer").get(path).status_code == (200 if _READING[path] else 403)
    assert browse("editor").get(path).status_code == 200
    assert browse("manager").get(path).status_code == 200
    assert browse("chamber").get(path).status_code == 403


@pytest.mark.parametrize("path", ["/review/browsed/", "/review/nonsense/", "/review/questions/7/delete/", "/review/turn/7/question/"])
def test_what_there_is_not_is_not_found(path: str, browse: Any) -> None:
    client = browse("editor")
    assert (client.post if path.endswith(("delete/", "question/")) else client.get)(path).status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize("what", ["judge", "meant", "tag", "question"])
def test_who_may_change_something(what: str, asked: Turn, browse: Any) -> None:
    assert browse("chamber").post(_url(asked, what)).status_code == 403
    assert browse("manager").get(_url(asked, what)).status_code == 405
    assert browse("reviewer").post(_url(asked, what)).status_code == (403 if what == "question" else 302)
    assert not TurnTag.objects.exists()
    assert not EvaluationQuestion.objects.exists()
