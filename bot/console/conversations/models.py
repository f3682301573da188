"""Conversations as staff read them: a projection of Rasa's events, made and remade by projection.py.

Nothing stands here that could not be made again: reviews, tags and assignments refer to a turn by its number and live elsewhere.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.console.conversations.sources import CaseMessage, CaseRow, Contact, RasaEvent, Sent
from bot.transcript import Kind, Outcome

__all__ = ["CaseMessage", "CaseRow", "Contact", "Conversation", "Cursor", "RasaEvent", "Sent", "Turn"]

OUTCOMES = {
    Outcome.ANSWERED: _("répondu"),
    Outcome.OFFERED: _("choix proposé"),
    Outcome.REFUSED: _("hors sujet"),
    Outcome.SHOWN: _("fiche montrée"),
    Outcome.OFFICE: _("bureau"),
    Outcome.JOURNEY: _("parcours"),
    Outcome.HANDOFF: _("personne demandée"),
    Outcome.STAFF: _("gardé pour l'équipe"),
    Outcome.RATED: _("avis"),
    Outcome.TALK: _("conversation"),
    Outcome.FAILED: _("panne"),
    Outcome.SILENT: _("sans réponse"),
}

#: What people write in, as the identifier names it (bot/language/variety.py).
VARIETIES = {
    "fr": _("français"),
    "ar": _("arabe"),
    "ary-Arab": _("darija"),
    "ary-Latn": _("darija en lettres latines"),
    "en": _("anglais"),
    "ber": _("amazighe"),
    "zgh": _("amazighe (tifinagh)"),
    "und": _("indéterminé"),
}

CHANNELS = {"telegram": "Telegram", "whatsapp": "WhatsApp", "web": _("Page web"), "rest": _("Développement")}


class Conversation(models.Model):
    """All that one sender said and was told."""

    sender = models.CharField(primary_key=True, max_length=80)
    channel = models.CharField(max_length=20)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    turns = models.PositiveIntegerField()
    refused = models.PositiveIntegerField()
    thumbs_down = models.PositiveIntegerField()
    handed_over = models.PositiveIntegerField()
    last_text = models.TextField()
    variety = models.CharField(max_length=10)
    language = models.CharField(max_length=3)
    region = models.CharField(max_length=10)
    campaign = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["-last_at"], name="conversation_last")]

    def __str__(self) -> str:
        return self.sender


#: All that is counted, so that the figures of a period are answered from an index and no text is read (figures/counting.py).
_COUNTED = ["day", "conversation", "outcome", "channel", "variety", "area", "region", "campaign", "rating", "reason", "record", "latency"]


class Turn(models.Model):
    """One turn; see bot/transcript.py for what each field means."""

    id = models.BigIntegerField(primary_key=True)
    conversation = models.ForeignKey(Conversation, models.DO_NOTHING, db_constraint=False, related_name="all_turns")
    at = models.DateTimeField()
    day = models.DateField()
    channel = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    text = models.TextField()
    variety = models.CharField(max_length=10)
    language = models.CharField(max_length=3)
    intent = models.CharField(max_length=40)
    confidence = models.FloatField()
    certainty = models.FloatField()
    entities = models.JSONField()
    outcome = models.CharField(max_length=10)
    record = models.CharField(max_length=80)
    second = models.CharField(max_length=80)
    probability = models.FloatField(null=True)
    candidates = models.JSONField()
    area = models.CharField(max_length=20)
    place = models.CharField(max_length=80)
    region = models.CharField(max_length=10)
    campaign = models.CharField(max_length=64)
    said = models.JSONField()  # [{"text", "buttons": [[title, payload]], "document"}]
    latency = models.FloatField(null=True)  # seconds
    inbox_id = models.BigIntegerField(null=True)
    rating = models.CharField(max_length=4)  # up, down, or empty
    reason = models.CharField(max_length=20)
    slots = models.JSONField()
    words = models.TextField()  # what search looks in: the words in normal form, and their skeletons; also those written in a case after it
    skeletons = models.TextField()

    class Meta:
        ordering = ("id",)
        indexes: ClassVar = [
            models.Index(fields=["conversation", "id"], name="turn_conversation"),
            models.Index(fields=["at"], name="turn_at"),
            models.Index(fields=["outcome", "at"], name="turn_outcome"),
            models.Index(fields=["rating", "at"], name="turn_rating", condition=~models.Q(rating="")),
            models.Index(fields=["record", "at"], name="turn_record"),
            models.Index(fields=_COUNTED, name="figures_turn"),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def typed(self) -> bool:
        """Whether it was typed: only that can be right or wrong."""
        return self.kind == Kind.TEXT.value

    @property
    def runner_up(self) -> Any:
        """The likeliest record that was not answered with: (id, probability); None where there is none."""
        return next((candidate for candidate in self.candidates if candidate[0] != self.record), None)


class Cursor(models.Model):
    """How far the events, and what is written in cases, are read: everything up to `event` and `line` is projected for good."""

    name = models.CharField(primary_key=True, max_length=20)
    event = models.BigIntegerField(default=0)
    line = models.BigIntegerField(default=0)
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.name}: {self.event}"
