"""What every page shows in the same way: texts made inert, moments, pseudonyms, records by their titles."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timesince import timesince
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from bot.console.conversations import french
from bot.console.conversations.models import CHANNELS, OUTCOMES, VARIETIES, Turn
from bot.delivery import events
from bot.knowledge.store import load
from bot.knowledge.text import shown
from bot.places.regions import places
from bot.transcript import Outcome

register = template.Library()

#: Characters that join or part letters in Arabic script and emoji: harmless, and part of how words look.
_HARMLESS = "\u200c\u200d\u200e\u200f\n\t"
_TONE = {
    Outcome.ANSWERED: "good",
    Outcome.SHOWN: "good",
    Outcome.OFFICE: "good",
    Outcome.OFFERED: "info",
    Outcome.JOURNEY: "info",
    Outcome.REFUSED: "warn",
    Outcome.HANDOFF: "warn",
    Outcome.STAFF: "warn",
    Outcome.FAILED: "bad",
}


def ui_language() -> str:
    """The language of the page: fr or ar."""
    return "ar" if get_language() == "ar" else "fr"


@register.filter
def inert(text: str) -> SafeString:
    """What somebody typed, harmless: markup escaped; characters that cannot be seen, or change the direction of what follows, shown by their code."""
    return mark_safe("".join(_inert(character) for character in str(text)))  # noqa: S308 - every part is escaped


def _inert(character: str) -> str:
    if character not in _HARMLESS and unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return f'<span class="inertmark">U+{ord(character):04X}</span>'
    return str(escape(character))


@register.filter
def who(sender: str) -> str:
    """A sender's pseudonym, short enough to tell apart: the address itself is not shown."""
    return sender.partition(":")[2][:8] or sender[:8]


@register.filter
def moment(value: dt.datetime | float | None) -> SafeString:
    """A moment, with how long ago it is; seconds since 1970 too."""
    if value is None:
        return SafeString("")
    at = value if isinstance(value, dt.datetime) else dt.datetime.fromtimestamp(value, dt.timezone.utc)
    local = timezone.localtime(at)
    short = date_format(local, "H:i" if local.date() == timezone.localdate() else "d/m H:i" if local.year == timezone.localdate().year else "d/m/Y H:i")
    full = date_format(local, "d/m/Y H:i:s")
    return mark_safe(f'<time datetime="{local.isoformat()}" title="{full}"><bdi>{short}</bdi></time>')  # noqa: S308 - made of numbers


@register.filter
def since(value: dt.datetime | float) -> str:
    """How long ago, in the largest unit."""
    at = value if isinstance(value, dt.datetime) else dt.datetime.fromtimestamp(value, dt.timezone.utc)
    return timesince(at, timezone.now(), depth=1)


@register.filter
def percent(value: float | None) -> str:
    """A share between 0 and 1 as a percentage."""
    return "–" if value is None else f"{number_format(round(value * 100), 0)} %"


@register.filter
def seconds(value: float | None) -> str:
    """A duration in seconds: milliseconds below one."""
    if value is None:
        return "–"
    if value < 1:
        return f"{round(value * 1000)} ms"
    if value < 90:
        return f"{number_format(round(value, 1), 1)} s"
    return f"{round(value / 60)} min" if value < 5400 else f"{number_format(round(value / 3600, 1), 1)} h"


@register.filter
def record_title(record: str) -> str:
    """A record's title in the language of the page; its id where it is no more."""
    known = load().records.get(record)
    return known.title.get(ui_language()) if known else record


@register.filter
def record_text(record: str, language: str = "fr") -> str:
    """A record as it is said, in a reply language; empty where it is no more."""
    known = load().records.get(record)
    return shown(known, language) if known else ""


@register.filter
def said_in_french(turn: Turn) -> SafeString:
    """What the bot said in a turn, in French, for who reads no Arabic."""
    return inert(french.said(turn))


@register.filter
def area_title(area: str) -> str:
    """An area's title in the language of the page."""
    known = load().areas.get(area)
    return known.title.get(ui_language()) if known else area


@register.filter
def place_name(place: str) -> str:
    """A place's name in the language of the page."""
    known = places().get(place)
    return known.name(ui_language()) if known else place


@register.filter
def entity_value(value: str, name: str) -> str | SafeString:
    """What was recognised: a place and a subject by their names, everything else as it is."""
    if name == "place" and value in places():
        return place_name(value)
    subject = load().subjects.get(value) if name == "subject" else None
    return subject.title.get(ui_language()) if subject else inert(value)


@register.filter
def outcome_label(outcome: str) -> str:
    """What became of a turn, in words."""
    return str(OUTCOMES.get(Outcome(outcome), outcome))


@register.filter
def outcome_tone(outcome: str) -> str:
    """The tone of an outcome: a CSS class."""
    return _TONE.get(Outcome(outcome), "")


@register.filter
def variety_label(variety: str) -> str:
    """What something is written in, in words."""
    return str(VARIETIES.get(variety, variety))


_EVENTS = {
    events.VOICE: _("message vocal"),
    events.PICTURE: _("image"),
    events.NOT_TEXT: _("message sans texte"),
    events.SHARED_CONTACT: _("contact partagé"),
    events.GROUP_CHAT: _("message dans un groupe"),
    events.OPT_OUT: _("a écrit STOP"),
    events.OPT_IN: _("a écrit START"),
    events.FIRST_CONTACT: _("première visite"),
    events.NOTICE: _("avis à tout le monde"),
    events.FAILED: _("panne"),
    events.SLOW_DOWN: _("messages trop rapides"),
    events.TOO_LONG: _("message trop long"),
    events.EXPIRED_BUTTON: _("bouton trop ancien"),
    events.CASE_NOTED: _("message gardé pour l'équipe"),
    events.SWITCHED_OFF: _("message pendant la pause"),
}


@register.filter
def said_text(turn: Turn) -> SafeString:
    """What a person said in a turn: what they typed, or in words what their channel said in their stead."""
    return mark_safe(f"<em>{escape(_EVENTS[turn.text])}</em>") if turn.text in _EVENTS else inert(turn.text)  # noqa: S308 - escaped


@register.filter
def channel_label(channel: str) -> str:
    """A channel's name."""
    return str(CHANNELS.get(channel, channel))


_REASONS = {"other_question": _("Pas sa question"), "unclear": _("Pas clair"), "incomplete": _("Il manque des choses"), "wrong": _("C'est faux")}


@register.filter
def reason_label(reason: str) -> str:
    """Why an answer did not help, in words."""
    return str(_REASONS.get(reason, reason))


@register.simple_tag(takes_context=True)
def query_with(context: dict[str, Any], **changes: Any) -> str:
    """The address's query with some values changed; those that are None are left out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


_FATES = {
    "waiting": _("en attente"),
    "sending": _("en cours"),
    "queued": _("remis au service"),
    "sent": _("envoyé"),
    "delivered": _("arrivé"),
    "read": _("lu"),
    "undelivered": _("non remis"),
    "failed": _("échec"),
    "dead": _("abandonné"),
}


@register.filter
def delivery_label(fate: str) -> str:
    """What became of a message that was sent, in words."""
    return str(_FATES.get(fate, fate))


@register.filter
def pairs(text: str) -> list[tuple[str, str]]:
    """The words of a text two by two."""
    found = text.split()
    return list(zip(found[::2], found[1::2]))


@register.filter
def words(text: str) -> list[str]:
    """The words of a text: a short list in a template."""
    return text.split()


@register.filter
def field(form: Any, name: str) -> Any:
    """A form's field by its name."""
    return form[name]
