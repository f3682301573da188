"""Dalil's own tables. Conversations themselves stand in Rasa's table `events` (bot/storage/tracker_store.py).

Times are seconds since 1970. `sender` is a pseudonym (bot/privacy/pseudonym.py) everywhere; the one place that knows how to reach a person
is `contacts.address`, encrypted.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

#: Who wrote on a channel that Dalil sends to: how to reach them and whether one may.
contacts = Table(
    "contacts",
    metadata,
    Column("sender", String(80), primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("address", Text, nullable=False),
    Column("first_seen", Float, nullable=False),
    Column("last_inbound", Float, nullable=False),
    Column("start_code", String(64)),
    Column("greeted", Boolean, nullable=False, default=False),  # the notice on privacy was given
    Column("blocked_at", Float),
    Column("opted_out_at", Float),
    Column("erase_at", Float),  # everything goes once what is waiting is delivered
)

#: What arrived. A message's row is written before the vendor gets its 200; the unique key makes a replay harmless.
inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("channel", String(20), nullable=False),
    Column("external_id", String(64), nullable=False),  # keyed hash of the vendor's id
    Column("sender", String(80), nullable=False),
    Column("content", Text),  # JSON, bot/delivery/messages.py
    Column("received_at", Float, nullable=False),
    Column("state", String(10), nullable=False),  # waiting, done
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Float, nullable=False),
    UniqueConstraint("channel", "external_id"),
    Index("inbox_sender", "sender", "received_at"),
    Index("inbox_waiting", "state", "due_at"),
    sqlite_autoincrement=True,  # a number is never used again
)

#: What is to be said. A row is one message of the vendor's; it is sent in the order of ids for each sender.
outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", String(80), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("inbox_id", Integer),
    Column("content", Text, nullable=False),  # JSON, bot/delivery/messages.py
    Column("created_at", Float, nullable=False),
    Column("state", String(10), nullable=False),  # waiting, sending, sent, dead
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_at", Float, nullable=False),
    Column("sent_at", Float),
    Column("vendor_id", String(64)),
    Column("receipt", String(20)),  # the vendor's last word: sent, delivered, read, failed, undelivered
    Column("error", Text),
    Index("outbox_sender", "sender", "state", "id"),
    Index("outbox_waiting", "state", "due_at"),
    sqlite_autoincrement=True,  # a number is never used again: buttons and delivery reports name it
)

#: Who works for a sender, or polls, at the moment: one process at a time (bot/delivery/leases.py).
leases = Table(
    "leases",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("until", Float, nullable=False),
)

#: Content templates that exist at Twilio (`dalil whatsapp templates`).
templates = Table(
    "templates",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("sid", String(40), nullable=False),
)

#: Who asked for a person (bot/handoff/cases.py).
cases = Table(
    "cases",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sender", String(80), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("opened_at", Float, nullable=False),
    Column("state", String(12), nullable=False),  # waiting, taken, handed_back, closed
    Column("language", String(5), nullable=False),
    Column("wish", Text, nullable=False),
    Column("summary", Text, nullable=False),  # JSON
    Column("paused_until", Float),
    Column("told", Boolean, nullable=False, default=False),  # that what they write is kept for staff
    Index("cases_sender", "sender", "state"),
    Index("cases_state", "state", "opened_at"),
    sqlite_autoincrement=True,
)

#: What is written in a case while the bot keeps silent.
case_messages = Table(
    "case_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", Integer, nullable=False),
    Column("at", Float, nullable=False),
    Column("author", String(10), nullable=False),  # person, staff
    Column("text", Text, nullable=False),
    Column("fetched", Boolean, nullable=False, default=False),  # by the web page
    Index("case_messages_case", "case_id", "id"),
    sqlite_autoincrement=True,  # a number is never used again: the console follows the lines by their numbers
)

#: Whether Dalil is switched off (bot/steering/switch.py): one row, none while that was never so.
off_switch = Table(
    "off_switch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("off", Boolean, nullable=False),
    Column("since", Float, nullable=False),
    Column("by", String(60), nullable=False),  # a staff account's name
)

#: What is said once to everybody (bot/steering/notices.py).
notices = Table(
    "notices",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("fr", Text, nullable=False),
    Column("ar", Text, nullable=False),
    Column("ary", Text, nullable=False),
    Column("starts_at", Float, nullable=False),
    Column("ends_at", Float, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("by", String(60), nullable=False),
    sqlite_autoincrement=True,  # who has seen one is known by its number
)

#: To whom a notice was said.
notices_seen = Table(
    "notices_seen",
    metadata,
    Column("sender", String(80), primary_key=True),
    Column("notice_id", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("inbox_id", Integer),  # before the answer to which message, where it came over the inbox
)

#: When old data was deleted, and how much (bot/privacy/erasure.py).
purges = Table(
    "purges",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("rows", Text, nullable=False),  # JSON: kind -> how many
    Index("purges_at", "at"),
)
