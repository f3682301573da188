"""What the templates of review ask for."""

from __future__ import annotations

from typing import Any

from django import template

from bot.console.accounts import roles
from bot.console.accounts.models import Staff
from bot.console.review import intents
from bot.console.review.boxes import Box, shared
from bot.console.review.models import Meant, Review
from bot.console.templatetags.console import record_title, ui_language
from bot.knowledge.store import load

register = template.Library()


@register.simple_tag(takes_context=True)
def review_box(context: dict[str, Any]) -> Box | None:
    """The box of the entry that a list of turns is at; None for a turn that only stands there as context."""
    turn, entry, queue = context["turn"], context["entry"], context.get("queue", "")
    here = context.get("here") == turn.id
    if not turn.typed or (context.get("alone") and not here):
        return None
    made = Box(turn, entry["reviews"], entry["tags"], context["user"], shared(context["request"]), queue, form=context.get("form") if here else None)
    made.asks = here and (made.wrong or made.form is not None)
    return made


@register.simple_tag
def assignable() -> list[Staff]:
    """The accounts a conversation can be given to."""
    return [staff for staff in Staff.objects.filter(is_active=True) if staff.has_perm(roles.READ)]


@register.filter
def intent_name(intent: str) -> str:
    """An intent in words."""
    return intents.name(intent)


@register.filter
def meant_target(review: Review) -> str:
    """The record or the intent that was meant, in words; empty where it was neither."""
    if review.meant == Meant.RECORD:
        return record_title(review.target)
    return intents.name(review.target) if review.meant == Meant.INTENT else ""


@register.filter
def record_question(record: str) -> str:
    """How people ask for a record, in the language of the page; empty where it is no more."""
    known = load().records.get(record)
    if known is None:
        return ""
    return str((known.questions.ar if ui_language() == "ar" else known.questions.fr)[0])
