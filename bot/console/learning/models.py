"""What was decided about corrections, what was trained from them, and what the knowledge base lacks.

Turns are named by their numbers, which outlive the projection; the sender stands beside them so that erasing somebody finds these rows too.
"""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from bot.console.learning.meaning import TAUGHT, line_of, meaning_of
from bot.console.review.models import Review
from bot.learnt import LearntLine

#: A run that was not heard of for longer is over: its process died.
SILENT = dt.timedelta(seconds=60)


class RunState(models.TextChoices):
    """How far a run is."""

    TRAINING = "training", _("entraînement")
    EVALUATING = "evaluating", _("évaluation")
    READY = "ready", _("à décider")
    PROMOTED = "promoted", _("mis en service")
    DISCARDED = "discarded", _("écarté")
    FAILED = "failed", _("échoué")
    ROLLED_BACK = "rolled_back", _("retiré du service")


class Step(models.TextChoices):
    """What a run does now."""

    WAITING = "waiting", _("Préparation")
    TRAINING = "training", _("Entraînement du nouveau modèle")
    OLD = "old", _("Questions posées au modèle en service")
    NEW = "new", _("Questions posées au nouveau modèle")
    DONE = "done", _("Terminé")


class Reason(models.TextChoices):
    """Why a run came to nothing."""

    DIED = "died", _("L'entraînement s'est arrêté sans prévenir. Vous pouvez le relancer.")
    TRAINING = "training", _("Le nouveau modèle n'a pas pu être entraîné.")
    FAULT = "fault", _("Une panne est survenue pendant l'entraînement ou l'évaluation.")
    REPLACED = "replaced", _("Un entraînement plus récent a pris sa place.")


class Extent(models.IntegerChoices):
    """How many of the questions both models are asked: all, or one in so many."""

    ALL = 1, _("Toutes les questions (le plus sûr)")
    SAMPLE = 10, _("Une question sur dix (plus rapide, moins précis)")


#: A run in one of these has a process.
ACTIVE = (RunState.TRAINING.value, RunState.EVALUATING.value)


class Run(models.Model):
    """A training with corrections, and how the model that it made answers the questions of the evaluation."""

    state = models.CharField(max_length=12, choices=RunState.choices, default=RunState.TRAINING)
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.WAITING)
    progress = models.FloatField(default=0.0)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    extent = models.PositiveSmallIntegerField(choices=Extent.choices, default=Extent.ALL)
    lines = models.JSONField(default=list)  # [{"text", "variety", "record" or "intent", "correction"}]
    results = models.JSONField(default=dict)  # see bot/console/learning/comparison.py
    inputs = models.TextField(blank=True)  # the mark of the model that was in use when it began (bot/training.py)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    message = models.TextField(blank=True)  # for who looks after the machine

    class Meta:
        ordering = ("-id",)
        # Among the runs under way a constant is unique: there is one.
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.Case(models.When(state__in=ACTIVE, then=models.Value(1)), output_field=models.IntegerField()), name="one_run_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.state}"

    @property
    def active(self) -> bool:
        """Whether its process is at work."""
        return self.state in ACTIVE


class Correction(models.Model):
    """What was decided about a turn that was misunderstood: the line to be learnt, or that nothing is."""

    class State(models.TextChoices):
        """What was decided."""

        APPROVED = "approved", _("approuvée")
        DECLINED = "declined", _("écartée")
        LEARNT = "learnt", _("apprise")

    turn = models.BigIntegerField(unique=True)
    sender = models.CharField(max_length=80, db_index=True)
    review = models.ForeignKey(Review, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    variety = models.CharField(max_length=10)
    kind = models.CharField(max_length=8, choices=[(meant.value, meant.label) for meant in TAUGHT])
    target = models.CharField(max_length=80, blank=True)  # the id of a record or an intent
    state = models.CharField(max_length=8, choices=State.choices)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="corrections")

    class Meta:
        ordering = ("id",)
        indexes: ClassVar = [models.Index(fields=["state"], name="correction_state")]

    def __str__(self) -> str:
        return f"{self.turn}: {self.state}"

    @property
    def line(self) -> LearntLine:
        """The line as the file of learnt lines has it."""
        return line_of(self.text, self.variety, meaning_of(self.kind, self.target))


class Todo(models.Model):
    """A record that is missing: what somebody should write."""

    class State(models.TextChoices):
        """Whether it was written."""

        OPEN = "open", _("à faire")
        DONE = "done", _("faite")

    title = models.CharField(_("titre"), max_length=120)
    state = models.CharField(max_length=4, choices=State.choices, default=State.OPEN)
    note = models.TextField(_("note"), blank=True)
    assignee = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("confiée à"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-state", "-id")

    def __str__(self) -> str:
        return self.title


class TodoQuestion(models.Model):
    """A message that asked for what is missing."""

    todo = models.ForeignKey(Todo, models.CASCADE, related_name="questions")
    turn = models.BigIntegerField(unique=True)
    sender = models.CharField(max_length=80, db_index=True)
    review = models.ForeignKey(Review, models.SET_NULL, null=True, related_name="+")
    text = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.turn)
