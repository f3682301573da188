"""Sending a reply, or holding it back: nobody answers over somebody else's head, or before having read what has come."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bot.console.accounts.models import Staff
from bot.console.database import in_dalil
from bot.console.desk.holders import took
from bot.console.desk.models import CaseTaken
from bot.handoff.cases import Case, Outdated, UnknownCase
from bot.handoff.send import CannotBeReached, Obstacle, answer_case
from bot.settings import settings

OBSTACLES = {
    Obstacle.ERASED: _("Les données de cette personne ont été effacées : on ne peut plus lui écrire."),
    Obstacle.BLOCKED: _("Cette personne a bloqué Dalil : on ne peut pas lui écrire."),
    Obstacle.OPTED_OUT: _("Cette personne ne veut plus de messages : on ne peut pas lui écrire."),
    Obstacle.WINDOW: _("Les 24 heures de WhatsApp sont passées : rien ne peut partir avant que la personne écrive de nouveau."),
}
#: What becomes of a reply, by channel.
SENT = {
    "telegram": _("Votre réponse part sur Telegram."),
    "whatsapp": _("Votre réponse part sur WhatsApp."),
    "web": _("La page de la personne prendra votre réponse dans les 15 secondes, si elle est ouverte."),
}
NOWHERE = _("Votre réponse est gardée. Ce canal ne sert qu'au développement : personne ne la reçoit.")
_CLOSED = _("Cette demande a été fermée entre-temps : rien n'est parti.")
_OUTDATED = _("Quelque chose a été écrit pendant que vous répondiez. Lisez-le, puis envoyez de nouveau si votre réponse convient encore.")


@dataclass(frozen=True)
class Held:
    """A reply that was not sent.

    Attributes:
        why: the reason, in words; empty where somebody else works on the case.
        other: who that is.
    """

    why: str | Promise = ""
    other: Staff | None = None


def other_holder(case: Case, taken: CaseTaken | None, staff: Staff) -> Staff | None:
    """Who else works on a case; None where nobody does. Who handed a case back works on it no more."""
    return taken.staff if taken is not None and case.state == "taken" and taken.staff_id != staff.pk else None


def send(staff: Staff, number: int, text: str, seen: int, other: Staff | None, despite: int | None) -> Held | None:
    """Write to the person of a case, which is then looked after by who wrote.

    Args:
        staff: who writes.
        number: of the case.
        text: what.
        seen: the last message that `staff` has read.
        other: who else works on the case.
        despite: the account instead of which `staff` answers knowingly.

    Returns:
        Why it was held back; None where it was sent.
    """
    if other is not None and despite != other.pk:
        return Held(other=other)
    try:
        case = in_dalil(answer_case, number, text, settings().case_pause_hours * 3600, seen)
    except Outdated:
        return Held(_OUTDATED)
    except CannotBeReached as error:
        return Held(OBSTACLES[error.why])
    except UnknownCase:
        return Held(_CLOSED)
    took(staff, case)
    return None
