"""Judgements of turns: right or wrong, what was meant, tags, who looks after a conversation.

A turn is named by its number, which outlives the projection; the sender stands beside it so that erasing somebody finds these rows too.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from bot.console.conversations.models import Turn

#: The intent of what is outside the scope (data/nlu/out_of_scope.yml), and the area of questions that must be refused (bot/evaluation.py).
OUTSIDE = "out_of_scope"


class Verdict(models.TextChoices):
    """Whether the bot understood and answered as it should."""

    RIGHT = "right", _("juste")
    WRONG = "wrong", _("faux")


class Meant(models.TextChoices):
    """What a message that was misunderstood asked for."""

    RECORD = "record", _("une fiche")
    INTENT = "intent", _("une intention")
    OUTSIDE = "outside", _("hors du sujet de Dalil")
    MISSING = "missing", _("une fiche qui manque")


class Queue(models.TextChoices):
    """Where a turn was taken from for review; only what comes from the random queue speaks for all."""

    RANDOM = "random", _("au hasard")
    UNSURE = "unsure", _("peu sûr")
    REFUSED = "refused", _("hors sujet")
    DOWN = "down", _("pouce en bas")
    SECOND = "second", _("deuxième lecture")
    BROWSED = "browsed", _("en lisant")


class Review(models.Model):
    """One person's judgement of one turn."""

    turn = models.ForeignKey(Turn, models.DO_NOTHING, db_constraint=False, related_name="reviews")
    sender = models.CharField(max_length=80)
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    at = models.DateTimeField(auto_now=True)
    verdict = models.CharField(max_length=5, choices=Verdict.choices)
    meant = models.CharField(max_length=8, choices=Meant.choices, blank=True)
    target = models.CharField(max_length=80, blank=True)  # the id of the record or intent that was meant
    note = models.TextField(blank=True)
    queue = models.CharField(max_length=8, choices=Queue.choices, default=Queue.BROWSED)
    blind = models.BooleanField(default=False)  # made without seeing the first one
    at_first = models.CharField(max_length=5, blank=True)  # the verdict before the reviewer could know another one; empty while that is `verdict`

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["turn", "reviewer"], name="one_review_each")]
        indexes: ClassVar = [models.Index(fields=["turn", "blind"], name="review_turn"), models.Index(fields=["sender"], name="review_sender")]

    def __str__(self) -> str:
        return f"{self.turn_id}: {self.verdict}"

    @property
    def independent(self) -> str:
        """The verdict that was given without knowing anybody else's: what agreement is counted on."""
        return self.at_first or self.verdict


class Tag(models.Model):
    """A word that staff put on turns."""

    name = models.CharField(_("nom"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("étiquette")
        verbose_name_plural = _("étiquettes")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class TurnTag(models.Model):
    """A tag on a turn."""

    turn = models.ForeignKey(Turn, models.DO_NOTHING, db_constraint=False, related_name="tags")
    sender = models.CharField(max_length=80, db_index=True)
    tag = models.ForeignKey(Tag, models.CASCADE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["turn", "tag"], name="tag_once")]

    def __str__(self) -> str:
        return f"{self.turn_id}: {self.tag}"


class Assignment(models.Model):
    """Who looks after a conversation."""

    sender = models.CharField(max_length=80, unique=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"{self.sender}: {self.assignee}"


class EvaluationQuestion(models.Model):
    """A masked message that every model is asked from now on; it is never trained on (bot/console/learning)."""

    text = models.TextField(unique=True)
    variety = models.CharField(max_length=10)
    area = models.CharField(max_length=20)
    expect = models.JSONField()  # ids of records, any of which is right; empty: must be refused
    turn = models.BigIntegerField(null=True)
    sender = models.CharField(max_length=80, db_index=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.text[:60]
