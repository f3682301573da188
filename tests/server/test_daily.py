"""What is run once a day beside the other processes: really run, one after the other."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.daily import DailyCommand
from bot.environment import rasa_environment
from bot.logs import Log
from bot.paths import ROOT
from bot.supervisor import Supervisor
from tests.tools import environment


def _until(done: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


def _command(tmp_path: Path, said: list[str], *words: str) -> DailyCommand:
    with environment(DALIL_DATA_DIR=str(tmp_path)) as own:
        return DailyCommand(list(words), "It failed", Log(tmp_path / "log", "daily"), rasa_environment(own), said.append)


def test_a_command_is_run_at_once_and_again_in_a_day(tmp_path: Path) -> None:
    said: list[str] = []
    command = _command(tmp_path, said, "--help")
    assert command.run_when_due()
    _until(lambda: not command.run_when_due())
    assert "Usage:" in (tmp_path / "log" / "daily.log").read_text(encoding="utf-8")
    assert 86_000 < command.next_at - time.monotonic() <= 86_400
    assert said == []


def test_a_command_that_fails_is_told_and_tried_again_in_an_hour(tmp_path: Path) -> None:
    said: list[str] = []
    command = _command(tmp_path, said, "no-such-command")
    _until(lambda: not command.run_when_due())
    assert said == [f"It failed; the reason stands at the end of {tmp_path / 'log' / 'daily.log'}. It is tried again in an hour."]
    assert 3_500 < command.next_at - time.monotonic() <= 3_600


def test_a_command_that_is_stopped_is_gone(tmp_path: Path) -> None:
    command = _command(tmp_path, [], "identify")
    assert command.run_when_due()
    command.stop()
    assert command._process is not None
    assert command._process.poll() is not None


def test_old_data_is_deleted_and_then_the_observatory_s_month_published(tmp_path: Path) -> None:
    said: list[str] = []
    with environment(DALIL_DATA_DIR=str(tmp_path), DATABASE_URL=f"sqlite:///{tmp_path / 'dalil.db'}") as own:
        supervisor = Supervisor(own, said.append)
        supervisor._services = []
        published = tmp_path / "log" / "observatory.log"
        end = time.monotonic() + 120
        supervisor.watch(lambda: not (published.exists() and published.read_text(encoding="utf-8")) and time.monotonic() < end)
        supervisor._stop()
    assert (tmp_path / "log" / "purge.log").read_text(encoding="utf-8").startswith("Purged:")
    assert published.read_text(encoding="utf-8") == "No month is due.\n"
    assert said == []


def test_where_logs_are_json_what_is_said_is_left_to_whatever_runs_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot.cli", "run", "--only", "daily"]
    with environment(DALIL_DATA_DIR=str(tmp_path), DALIL_LOG_FORMAT="json"):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout
        assert any(line.startswith("Purged:") for line in process.stdout)
        assert not (tmp_path / "log").exists()
        assert Log(None, "purge").reason == "the reason stands above"
    finally:
        process.terminate()
        process.wait(20)
