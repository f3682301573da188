"""A command that is run once a day beside the other processes."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from bot.logs import Log
from bot.paths import ROOT

_DAY = 86_400.0
_HOUR = 3_600.0


class DailyCommand:
    """Runs a command of Dalil's, the first time at once and then once a day; where that fails, again in an hour.

    Args:
        words: the command.
        failure: what is said when it failed.
        log: where its output goes.
        environment: its environment variables.
        say: told when it failed.

    Attributes:
        next_at: when it is run next, by `time.monotonic()`.
    """

    def __init__(self, words: list[str], failure: str, log: Log, environment: Mapping[str, str], say: Callable[[str], None]) -> None:
        self._command = [sys.executable, "-m", "bot.cli", *words]
        self._failure = failure
        self._log = log
        self._environment = dict(environment)
        self._say = say
        self._process: subprocess.Popen[bytes] | None = None
        self.next_at = time.monotonic()

    def run_when_due(self) -> bool:
        """Start it when its time has come, and look what became of it.

        Returns:
            Whether it is running.
        """
        code = self._process.poll() if self._process is not None else None
        if code is not None:
            self._process = None
            if code != 0:
                self.next_at = time.monotonic() + _HOUR
                self._say(f"{self._failure}; {self._log.reason}. It is tried again in an hour.")
        if self._process is None and time.monotonic() >= self.next_at:
            self.next_at = time.monotonic() + _DAY
            with self._log.open() as output:
                self._process = subprocess.Popen(  # noqa: S603 - our own interpreter
                    self._command, cwd=ROOT, env=self._environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
                )
        return self._process is not None

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
