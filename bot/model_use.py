"""Which model each running server uses: a small file a server beside the models, written anew while it lives.

The notes stand where the models stand: whoever can put another model in place sees who has taken it (bot/console/learning).
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from bot.settings import Settings
from bot.training import in_use

#: A note that is older, in seconds, is of a server that is gone.
_LASTS = 60.0


def _folder(settings: Settings) -> Path:
    return settings.models_dir / "servers"


class Note:
    """What one server says of its model.

    Args:
        settings: where the models are.
    """

    def __init__(self, settings: Settings) -> None:
        self._path = _folder(settings) / f"{os.uname().nodename}-{os.getpid()}"
        self._said: str | None = None

    def say(self, mark: str) -> None:
        """Say that this server lives, and which model it uses.

        Args:
            mark: what the model was trained on (bot/training.py).
        """
        if mark == self._said and self._path.exists():
            os.utime(self._path)
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f".{self._path.name}")
        beside.write_text(mark, encoding="utf-8")
        beside.replace(self._path)
        self._said = mark

    def withdraw(self) -> None:
        """Say nothing any more: the server stops."""
        self._path.unlink(missing_ok=True)


def is_taken(settings: Settings) -> bool | None:
    """Whether all running servers use the model that stands in its place; None where no server runs."""
    said, mark = _said(settings), in_use(settings).mark
    if not said:
        return None
    return mark.exists() and set(said) == {mark.read_text(encoding="utf-8")}


def _said(settings: Settings) -> list[str]:
    """The marks of the models that running servers use; the notes of servers that are gone are deleted."""
    found = []
    for path in sorted(_folder(settings).glob("[!.]*")):
        try:
            if time.time() - path.stat().st_mtime <= _LASTS:
                found.append(path.read_text(encoding="utf-8"))
            else:
                path.unlink()
        except FileNotFoundError:
            pass  # its server stops at this moment
    return found
