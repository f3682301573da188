"""Publishing a month: once."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from bot.console.accounts import audit
from bot.console.accounts.models import Staff
from bot.console.figures.sheets import plain
from bot.console.observatory import counting
from bot.console.observatory.models import Publication
from bot.knowledge.store import load
from bot.observatory import months
from bot.observatory.months import Month, State
from bot.observatory.rows import COLUMNS, rows
from bot.observatory.tables import figures
from bot.settings import settings


class NotDue(Exception):
    """A month cannot be published; the message says why."""


def due(today: dt.date | None = None) -> list[Month]:
    """The months to publish, the earliest first."""
    published = {Month.parse(month) for month in Publication.objects.values_list("month", flat=True)}
    return months.due(counting.first_day(), published, today or timezone.localdate(), settings().keep_messages_days)


def publish(month: Month, staff: Staff | None, today: dt.date | None = None) -> Publication:
    """A month's publication; it is made where there is none yet.

    Args:
        month: which.
        staff: who wishes it; None for the command line.
        today: the day, in Morocco.

    Raises:
        NotDue: when it is too early, or some of its conversations are deleted.
    """
    known = Publication.objects.filter(month=str(month)).first()
    if known is not None:
        return known
    state = months.state(month, today or timezone.localdate(), settings().keep_messages_days)
    if state is not State.DUE:
        why = f"can be published from {month.due_from} on" if state is State.TOO_EARLY else "can be published no more: some of its conversations are deleted"
        raise NotDue(f"{month} {why}.")
    counting.catch_up(month)
    found = rows(month, figures(counting.asked(month, load())))
    table = _csv(found)
    values = {
        "made_at": timezone.now().replace(microsecond=0),
        "csv": table,
        "json": json.dumps({"month": str(month), "figures": found}, ensure_ascii=False, indent=1),
        "sha256": hashlib.sha256(table.encode()).hexdigest(),
    }
    publication, made = Publication.objects.get_or_create(month=str(month), defaults=values)  # of two at the same time the first one counts
    if made:
        by = {} if staff else {"by": "command line"}
        audit.record(staff, "observatory.published", str(month), rows=len(found), sha256=publication.sha256, **by)
    return publication


def _csv(found: Sequence[dict[str, Any]]) -> str:
    """The rows as a CSV file (RFC 4180); no cell of it is a formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([column.name for column in COLUMNS])
    writer.writerows([[plain(row[column.name]) for column in COLUMNS] for row in found])
    return file.getvalue()
