"""The lines that processes write: one JSON object each in production, plain text in development. No line is about what people wrote.

In JSON an exception is told by its class and the place in the code it comes from; its message may quote a person or a secret and is left out.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from bot.paths import ROOT
from bot.settings import Settings


@dataclass(frozen=True)
class Log:
    """Where a process that is started says what it has to say.

    Attributes:
        folder: the folder of log files; None: with what this process says itself.
        name: of the process.
    """

    folder: Path | None
    name: str

    @property
    def reason(self) -> str:
        """Where to look for the reason of a failure, as the end of a sentence."""
        return f"the reason stands at the end of {self.folder / f'{self.name}.log'}" if self.folder else "the reason stands above"

    @contextmanager
    def open(self) -> Iterator[IO[bytes] | None]:
        """What to give a process as its standard output; None: it shares this one's."""
        if self.folder is None:
            yield None
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{self.name}.log").open("ab") as file:
            yield file


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
