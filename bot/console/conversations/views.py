"""The list of conversations, and one conversation as a transcript."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_GET, require_POST

from bot.console.accounts import audit, roles
from bot.console.accounts.access import StaffRequest, requires
from bot.console.addresses import number
from bot.console.conversations import timeline
from bot.console.conversations.filters import FilterForm, narrowed
from bot.console.conversations.latest import latest_turns
from bot.console.conversations.models import CaseMessage, Contact, Conversation, Turn
from bot.console.review.models import Assignment
from bot.language.normal import tokens
from bot.privacy.addresses import AddressBook, UnreadableAddress
from bot.settings import settings
from bot.transcript import Kind

#: Conversations on a page of the list, turns on a page of a transcript, turns up to the one that is asked for.
_PAGE = 50
_TURNS = 40
_LEADING = 6
#: What was searched for last in a session: a mark, not the words.
_SEARCHED = "searched"


@requires(roles.READ)
@require_GET
def listing(request: StaffRequest) -> HttpResponseBase:
    """The conversations, the latest first; asked for by the page itself, only the list."""
    form = FilterForm(request.GET)
    wanted = form.wanted()
    before = number(request.GET.get("before", ""))
    entries = _entries(narrowed(Turn.objects.all(), wanted, request.user), before)
    if "q" in wanted:
        _note_search(request, str(wanted["q"]))
    more = entries[_PAGE - 1]["turn"].id if len(entries) > _PAGE else None
    context = {"form": form, "entries": entries[:_PAGE], "more": more, "filtered": bool(wanted), "before": before}
    return render(request, "conversations/_list.html" if request.htmx else "conversations/list.html", context)


def _note_search(request: StaffRequest, text: str) -> None:
    """Write down that somebody searched, unless it is for the words of the last time: pages of the list look again by themselves."""
    words = tokens(text)
    searched = salted_hmac(_SEARCHED, " ".join(words)).hexdigest()[:16]
    if request.session.get(_SEARCHED) != searched:
        audit.record(request.user, "conversations.searched", words=len(words))
        request.session[_SEARCHED] = searched


def _entries(turns: QuerySet[Turn], before: int | None) -> list[dict[str, Any]]:
    """One entry a conversation: the conversation, its latest turn among those wanted, who looks after it, how much of it is reviewed."""
    latest = list(Turn.objects.filter(id__in=latest_turns(turns, _PAGE + 1, before)).order_by("-id"))
    senders = [turn.conversation_id for turn in latest]
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
            "conversation": conversations[turn.conversation_id],
            "turn": turn,
            "assignee": assigned.get(turn.conversation_id),
            "unreviewed": open_.get(turn.conversation_id, 0),
        }
        for turn in latest
        if turn.conversation_id in conversations
    ]


@requires(roles.READ)
@require_GET
def transcript(request: StaffRequest, sender: str) -> HttpResponseBase:
    """One conversation: the latest turns, or those around the one asked for; earlier ones on demand."""
    conversation = get_object_or_404(Conversation, sender=sender)
    latest = CaseMessage.objects.filter(case__sender=sender).order_by("-id").values_list("id", flat=True).first() or 0
    around = number(request.GET.get("turn", ""))
    shown = _turns(sender, number(request.GET.get("before", "")), around)
    everything = Turn.objects.filter(conversation_id=sender)
    first, last = (shown[0], shown[-1]) if shown else (None, None)
    earlier = first is not None and everything.filter(id__lt=first.id).exists()
    following = everything.filter(id__gt=last.id).order_by("id").first() if last else None
    lines = timeline.written(sender, first if earlier else None, following) if shown else []
    items, _ = timeline.merged(shown, lines)
    audit.read(request, "conversation.read", sender)
    context = {
        "conversation": conversation,
        "entries": timeline.entries(sender, items),
        "earlier": first.id if first and earlier else None,
        "later": following is not None,
        "here": around,
        "assignment": Assignment.objects.filter(sender=sender).select_related("assignee").first(),
        "contact": Contact.objects.filter(sender=sender).first(),
        **_watch(sender, last.id if last else 0, max([latest, *(line.id for line in lines)])),
    }
    return render(request, "conversations/transcript.html", context)


def _turns(sender: str, before: int | None, around: int | None) -> list[Turn]:
    """The turns on a page: those before one, those from a few before one on, or the latest."""
    turns = Turn.objects.filter(conversation_id=sender)
    if before is None and around is not None:
        leading = list(turns.filter(id__lte=around).order_by("-id").values_list("id", flat=True)[:_LEADING])
        return list(turns.filter(id__gte=leading[-1] if leading else 0).order_by("id")[:_TURNS])
    if before is not None:
        turns = turns.filter(id__lt=before)
    return list(turns.order_by("-id")[:_TURNS])[::-1]


def _watch(sender: str, turn: int, line: int) -> dict[str, Any]:
    """What a page that is up to date looks for news from: its last turn, the last line of a case, what became of the last messages."""
    return {"pseudonym": sender, "last": turn, "line": line, "sent": timeline.mark(timeline.watched(sender, turn))}


@requires(roles.READ)
@require_GET
def news(request: StaffRequest, sender: str, turn: int) -> HttpResponseBase:
    """What came after a turn, and after a line of a case; what became of the messages before: what the page looks for by itself."""
    get_object_or_404(Conversation, sender=sender)
    line = number(request.GET.get("line", "")) or 0
    turns = list(Turn.objects.filter(conversation_id=sender, id__gt=turn).order_by("id")[:_TURNS])
    wanted = Q(id__gt=line) | Q(at__gte=turns[0].at.timestamp()) if turns else Q(id__gt=line)
    lines = list(CaseMessage.objects.filter(wanted, case__sender=sender).order_by("id"))
    before = Turn.objects.filter(conversation_id=sender, id__lte=turn).order_by("-id").first()
    items, repeated = timeline.merged(turns, lines, before)
    new = [item for item in items if isinstance(item, Turn) or item.id > line]
    # A wish is written at once, its turn comes a second later: then the line is the turn already.
    gone = [each.id for each in repeated if each.id <= line]
    fates = timeline.watched(sender, turn)
    if timeline.mark(fates) == request.GET.get("sent"):
        fates = {}
        if not new and not gone:
            return HttpResponse(status=204)
    entries = timeline.entries(sender, new, _last_day(sender, before, line))
    if entries:
        # What others judged may stand there for the first time.
        audit.read(request, "conversation.read", sender, again=any(entry.get("reviews") for entry in entries))
    watch = _watch(sender, turns[-1].id if turns else turn, max([line, *(each.id for each in lines)]))
    return render(request, "conversations/_news.html", {**watch, "entries": entries, "gone": gone, "deliveries": fates.items()})


def _last_day(sender: str, turn: Turn | None, line: int) -> dt.date | None:
    """The day of what a page shows last; None where it shows nothing."""
    last = CaseMessage.objects.filter(case__sender=sender, id__lte=line).order_by("-id").first()
    return max((timeline.day_of(item) for item in (turn, last) if item is not None), default=None)


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
