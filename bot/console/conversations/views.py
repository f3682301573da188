"""The list of conversations, and one conversation as a transcript."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.conversations.filters import FilterForm, narrowed
from bot.console.conversations.models import CaseMessage, Contact, Conversation, Sent, Turn
from bot.console.conversations.turns import Kind
from bot.console.review.models import Assignment, Review, TurnTag
from bot.privacy.addresses import AddressBook, UnreadableAddress
from bot.settings import settings

#: Conversations on a page of the list, turns on a page of a transcript.
_PAGE = 50
_TURNS = 40


@requires(roles.READ)
@require_GET
def listing(request: StaffRequest) -> HttpResponseBase:
    """The conversations, the latest first; asked for by the page itself, only the list."""
    form = FilterForm(request.GET)
    wanted = form.wanted()
    before = request.GET.get("before", "")
    entries = _entries(narrowed(Turn.objects.all(), wanted, request.user), int(before) if before.isdecimal() else None)
    if wanted.get("q") and not request.htmx:
        audit.record(request.user, "conversations.searched", words=len(str(wanted["q"]).split()))
    more = entries[_PAGE - 1]["turn"].id if len(entries) > _PAGE else None
    context = {"form": form, "entries": entries[:_PAGE], "more": more, "filtered": bool(wanted), "before": before}
    return render(request, "conversations/_list.html" if request.htmx else "conversations/list.html", context)


def _entries(turns: QuerySet[Turn], before: int | None) -> list[dict[str, Any]]:
    """One entry a conversation: the conversation, its latest turn among those wanted, who looks after it, how much of it is reviewed."""
    latest = turns.order_by().values("conversation_id").annotate(latest=Max("id")).order_by("-latest")
    if before is not None:
        latest = latest.filter(latest__lt=before)
    found = list(latest[: _PAGE + 1])
    by_id = Turn.objects.in_bulk([row["latest"] for row in found])
    senders = [row["conversation_id"] for row in found]
    conversations = Conversation.objects.in_bulk(senders)
    assigned = {a.sender: a.assignee for a in Assignment.objects.filter(sender__in=senders).select_related("assignee")}
    open_ = dict(
        Turn.objects.filter(conversation_id__in=senders, kind=Kind.TEXT.value, reviews__isnull=True)
        .order_by()
        .values_list("conversation_id")
        .annotate(Count("id"))
    )
    return [
        {
            "conversation": conversations[row["conversation_id"]],
            "turn": by_id[row["latest"]],
            "assignee": assigned.get(row["conversation_id"]),
            "unreviewed": open_.get(row["conversation_id"], 0),
        }
        for row in found
        if row["conversation_id"] in conversations and row["latest"] in by_id
    ]


@requires(roles.READ)
@require_GET
def transcript(request: StaffRequest, sender: str) -> HttpResponseBase:
    """One conversation: the latest turns, or those around the one asked for; earlier ones on demand."""
    conversation = get_object_or_404(Conversation, sender=sender)
    turns = Turn.objects.filter(conversation_id=sender)
    before = request.GET.get("before", "")
    if before.isdecimal():
        turns = turns.filter(id__lt=int(before))
    around = request.GET.get("turn", "")
    if around.isdecimal() and not before:
        # Everything from a few turns before the one asked for.
        first = list(turns.filter(id__lte=int(around)).order_by("-id").values_list("id", flat=True)[:6])
        shown = list(turns.filter(id__gte=first[-1]).order_by("id")[:_TURNS]) if first else []
    else:
        shown = list(turns.order_by("-id")[:_TURNS])[::-1]
    earlier = bool(shown) and Turn.objects.filter(conversation_id=sender, id__lt=shown[0].id).exists()
    later = bool(shown) and Turn.objects.filter(conversation_id=sender, id__gt=shown[-1].id).exists() and not before
    audit.record(request.user, "conversation.read", sender)
    context = {
        "conversation": conversation,
        "turns": decorated(sender, shown, whole=not before),
        "earlier": shown[0].id if earlier else None,
        "later": later,
        "last": shown[-1].id if shown else 0,
        "here": int(around) if around.isdecimal() else None,
        "assignment": Assignment.objects.filter(sender=sender).select_related("assignee").first(),
        "contact": Contact.objects.filter(sender=sender).first(),
        "pseudonym": sender,
    }
    return render(request, "conversations/_turns.html" if request.htmx else "conversations/transcript.html", context)


@requires(roles.READ)
@require_GET
def news(request: StaffRequest, sender: str, turn: int) -> HttpResponseBase:
    """The turns that came after the one given: what the page looks for by itself."""
    new = list(Turn.objects.filter(conversation_id=sender, id__gt=turn).order_by("id")[:_TURNS])
    context = {"turns": decorated(sender, new), "last": new[-1].id if new else turn, "pseudonym": sender}
    return render(request, "conversations/_news.html", context)


def decorated(sender: str, turns: list[Turn], whole: bool = False) -> list[dict[str, Any]]:
    """Turns with what belongs to them elsewhere: what became of their messages, what staff wrote, reviews, tags.

    Args:
        sender: whose turns.
        turns: in order.
        whole: whether what staff wrote after the last one belongs to it.
    """
    ids = [turn.id for turn in turns]
    sent: dict[int | None, list[Sent]] = {}
    for row in Sent.objects.filter(sender=sender, inbox_id__in=[turn.inbox_id for turn in turns if turn.inbox_id]).order_by("id"):
        sent.setdefault(row.inbox_id, []).append(row)
    reviews: dict[int, list[Review]] = {}
    for review in Review.objects.filter(turn_id__in=ids).select_related("reviewer"):
        reviews.setdefault(review.turn_id, []).append(review)
    tags: dict[int, list[TurnTag]] = {}
    for tag in TurnTag.objects.filter(turn_id__in=ids).select_related("tag"):
        tags.setdefault(tag.turn_id, []).append(tag)
    written = _written(sender, turns, whole)
    return [
        {
            "turn": turn,
            "delivery": _delivery(sent.get(turn.inbox_id, [])) if turn.inbox_id else None,
            "written": written.get(turn.id, []),
            "reviews": reviews.get(turn.id, []),
            "tags": tags.get(turn.id, []),
            "new_day": position == 0 or turns[position - 1].day != turn.day,
        }
        for position, turn in enumerate(turns)
    ]


#: From worst to best: what is said of several messages is what holds for the worst of them.
_FATES = ("dead", "failed", "undelivered", "waiting", "sending", "queued", "sent", "delivered", "read")


def _delivery(rows: list[Sent]) -> str | None:
    """The fate of a turn's messages; None where there was none."""
    fates = [row.state if row.state != "sent" or not row.receipt else row.receipt for row in rows]
    return min(fates, key=lambda fate: _FATES.index(fate) if fate in _FATES else len(_FATES), default=None)


def _written(sender: str, turns: list[Turn], whole: bool) -> dict[int, list[CaseMessage]]:
    """What was written in cases, each line with the turn before it."""
    if not turns:
        return {}
    lines = CaseMessage.objects.filter(case__sender=sender, at__gte=turns[0].at.timestamp()).order_by("id")
    if not whole:
        lines = lines.filter(at__lt=turns[-1].at.timestamp() + 1)
    found: dict[int, list[CaseMessage]] = {}
    for line in lines:
        before = [turn for turn in turns if turn.at.timestamp() <= line.at]
        # The wish that opened a case is a turn already.
        if before and not (line.author == "person" and line.text == before[-1].text):
            found.setdefault(before[-1].id, []).append(line)
    return found


@requires(roles.REVEAL)
@require_POST
def reveal(request: StaffRequest, sender: str) -> HttpResponseBase:
    """Show somebody's address, which is noted: for calling back, or for a request about their data."""
    contact = get_object_or_404(Contact, sender=sender)
    audit.record(request.user, "address.revealed", sender)
    try:
        address = AddressBook(settings().key()).decrypt(contact.address)
    except UnreadableAddress:
        address = None
    return render(request, "conversations/_address.html", {"address": address, "channel": contact.channel})
