"""The assistant's own tables, to read only: Rasa's events, and those of bot/storage/tables.py. Django neither makes nor changes them."""

from __future__ import annotations

from django.db import models


class RasaEvent(models.Model):
    """One event of a conversation, as Rasa stores it."""

    id = models.BigIntegerField(primary_key=True)
    sender_id = models.CharField(max_length=255)
    type_name = models.CharField(max_length=255)
    timestamp = models.FloatField()
    data = models.TextField()

    class Meta:
        managed = False
        db_table = "events"


class Contact(models.Model):
    """Who wrote, on a channel that Dalil sends to."""

    sender = models.CharField(max_length=80, primary_key=True)
    channel = models.CharField(max_length=20)
    address = models.TextField()
    last_inbound = models.FloatField()
    start_code = models.CharField(max_length=64, null=True)
    blocked_at = models.FloatField(null=True)
    opted_out_at = models.FloatField(null=True)

    class Meta:
        managed = False
        db_table = "contacts"


class Arrived(models.Model):
    """One message of a person's on a channel that Dalil sends to, as it arrived."""

    id = models.IntegerField(primary_key=True)
    received_at = models.FloatField()

    class Meta:
        managed = False
        db_table = "inbox"


class Sent(models.Model):
    """One message to a person, and what became of it."""

    id = models.IntegerField(primary_key=True)
    sender = models.CharField(max_length=80)
    channel = models.CharField(max_length=20)
    inbox = models.ForeignKey(Arrived, models.DO_NOTHING, null=True, db_constraint=False, related_name="+")  # what it answers
    created_at = models.FloatField()
    state = models.CharField(max_length=10)
    sent_at = models.FloatField(null=True)
    receipt = models.CharField(max_length=20, null=True)
    error = models.TextField(null=True)

    class Meta:
        managed = False
        db_table = "outbox"


class CaseRow(models.Model):
    """A request for a person."""

    id = models.IntegerField(primary_key=True)
    sender = models.CharField(max_length=80)
    channel = models.CharField(max_length=20)
    opened_at = models.FloatField()
    state = models.CharField(max_length=12)
    language = models.CharField(max_length=5)
    wish = models.TextField()
    paused_until = models.FloatField(null=True)

    class Meta:
        managed = False
        db_table = "cases"


class CaseMessage(models.Model):
    """What was written in a case while the bot was silent."""

    id = models.IntegerField(primary_key=True)
    case = models.ForeignKey(CaseRow, models.DO_NOTHING, db_column="case_id", db_constraint=False, related_name="messages")
    at = models.FloatField()
    author = models.CharField(max_length=10)
    text = models.TextField()

    class Meta:
        managed = False
        db_table = "case_messages"
