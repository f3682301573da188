"""The lines that processes write: one JSON object each in production, plain text in development. Neither holds what people wrote.

An exception is told by its class and the place in the code it comes from; its message may quote a person or a secret and is left out.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import traceback
from types import TracebackType
from typing import Any

from bot.paths import ROOT
from bot.settings import Settings


class JsonFormatter(logging.Formatter):
    """A record as one line of JSON: time (UTC), level, logger, message, and error and place where there was an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": dt.datetime.fromtimestamp(record.created, dt.timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            **_message(record),
        }
        if record.exc_info and record.exc_info[0]:
            line |= {"error": record.exc_info[0].__name__, "place": _place(record.exc_info[2])}
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> dict[str, Any]:
    """What is said. Rasa's structured loggers say an object already: of its tracebacks nothing is kept but the class."""
    text = record.getMessage()
    try:
        said = json.loads(text) if text.startswith("{") else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        return {"message": text}
    errors = [error.get("exc_type") for error in said.pop("exception", None) or [] if isinstance(error, dict)]
    said.pop("level", None)
    return {"message": str(said.pop("event", "")), **({"details": said} if said else {}), **({"error": errors[0]} if errors else {})}


def _place(trace: TracebackType | None) -> str:
    """The innermost line of Dalil's own code, else the innermost of all."""
    frames = traceback.extract_tb(trace)
    own = [frame for frame in frames if frame.filename.startswith(str(ROOT)) and "site-packages" not in frame.filename]
    for frame in (own or list(frames))[-1:]:
        return f"{frame.filename.removeprefix(f'{ROOT}/')}:{frame.lineno}"
    return ""


def set_up(settings: Settings) -> None:
    """Have this process write JSON lines, where `DALIL_LOG_FORMAT` says so; else leave its log as it is."""
    if not settings.logs_json:
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.getLogger().handlers = [handler]
