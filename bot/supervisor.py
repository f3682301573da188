"""Starts Dalil's processes, waits until they answer, restarts one that dies, stops them together."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field

from bot.daily import DailyCommand
from bot.environment import rasa_environment
from bot.logs import Log
from bot.paths import ROOT
from bot.settings import Settings
from bot.training import model_path

DAILY = "daily"
#: What can run apart, each in a container or on a machine of its own; `daily` deletes what is old and makes the months' reports.
PARTS = ("actions", "rasa", "console", DAILY)
#: Rasa runs the actions itself unless a server for them is named (bot/local_actions.py).
TOGETHER = ("rasa", "console", DAILY)
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - compared with, not bound to
_READY_WITHIN = 120.0
_STOP_WITHIN = 10.0
#: A process that dies more often than this in a minute is not restarted again.
_MOST_RESTARTS = 5
_LEAST_DISK = 200 * 1024 * 1024


class StartError(Exception):
    """Dalil cannot start; the message says in one sentence why."""


@dataclass
class Service:
    """One process: its command, where it listens, and what it is told beside what all are told."""

    name: str
    command: list[str]
    host: str
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    restarts: list[float] = field(default_factory=list)

    @property
    def part(self) -> str:
        """Which of PARTS it is."""
        return self.name.split("-")[0]

    @property
    def health(self) -> str:
        """The address that answers when it is ready; what listens everywhere is asked here."""
        return f"http://{'127.0.0.1' if self.host == _EVERYWHERE else self.host}:{self.port}/health"


def services(settings: Settings, wanted: Collection[str] = TOGETHER) -> list[Service]:
    """The processes of some parts on one machine; `DALIL_WORKERS` of Rasa, on ports in a row."""
    python = [sys.executable, "-m"]
    actions = [*python, "rasa_sdk", "--actions", "actions", "--port", str(settings.actions_port)]
    if settings.logs_json:
        actions += ["--logging-config_file", "logs.yml"]
    found = [
        Service("actions", actions, settings.actions_host, settings.actions_port),
        *(_rasa(settings, number) for number in range(settings.workers)),
        Service("console", [*python, "bot.console"], settings.console_host, settings.console_port),
    ]
    return [service for service in found if service.part in wanted]


def _rasa(settings: Settings, number: int) -> Service:
    port = settings.rasa_port + number
    command = [sys.executable, "-m", "bot.without_tensorflow", "run", "--interface", settings.host, "--port", str(port)]
    command += ["--model", str(model_path(settings)), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    metrics = {"DALIL_METRICS_PORT": str(settings.metrics_port + number)} if settings.metrics_port else {}
    return Service(f"rasa-{number + 1}" if number else "rasa", command, settings.host, port, metrics)


def check_machine(settings: Settings, wanted: list[Service]) -> None:
    """Refuse to start where it cannot work.

    Raises:
        StartError: a port is taken, the data directory cannot be written, or the disk is full.
    """
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        probe = settings.data_dir / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StartError(f"The data directory {settings.data_dir} cannot be written: {error.strerror}.") from error
    free = shutil.disk_usage(settings.data_dir).free
    if free < _LEAST_DISK:
        raise StartError(f"The disk of {settings.data_dir} is full: {free // 2**20} MiB free, at least {_LEAST_DISK // 2**20} MiB are needed.")
    for service in wanted:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind((service.host, service.port))
            except OSError:
                setting = f"DALIL_{service.part.upper()}_PORT"
                raise StartError(f"Port {service.port} is in use: stop what uses it or set {setting} to another one.") from None


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=3) as response:  # noqa: S310 - our own http address
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


class Supervisor:
    """Keeps the processes running.

    Args:
        settings: ports, addresses and the data directory.
        say: told what happens.
        only: the parts of PARTS that run here; where none is named all but the action server.
        log_files: whether what the processes say goes into files of the data directory; else where this process says it (journal, container).
    """

    def __init__(self, settings: Settings, say: Callable[[str], None], only: Collection[str] = (), log_files: bool = True) -> None:
        self._settings = settings
        self._say = say
        self._log_folder = settings.data_dir / "log" if log_files else None
        wanted = only or TOGETHER
        self._services = services(settings, wanted)
        self._environment = rasa_environment(settings)
        self._daily = (
            []
            if DAILY not in wanted
            else [
                self._daily_command("purge", ["privacy", "purge"], "Old data could not be deleted"),
                self._daily_command("reports", ["share", "reports"], "The chambers' reports could not be made"),
                self._daily_command("observatory", ["observatory", "export"], "The observatory's month could not be published"),
            ]
        )

    @contextlib.contextmanager
    def started(self) -> Iterator[None]:
        """Start everything, stop it at the end.

        Raises:
            StartError: when it cannot start.
        """
        check_machine(self._settings, self._services)
        try:
            for service in self._services:
                self._start(service)
            yield
        finally:
            self._stop()

    def wait_until_ready(self) -> None:
        """Wait until everything that was started answers.

        Raises:
            StartError: when one does not become ready.
        """
        deadline = time.monotonic() + _READY_WITHIN
        for service in self._services:
            while not _answers(service.health):
                if service.process is not None and service.process.poll() is not None:
                    raise StartError(f"The {service.name} process did not start; {Log(self._log_folder, service.name).reason}.")
                if time.monotonic() > deadline:
                    raise StartError(f"The {service.name} process did not answer within {_READY_WITHIN:.0f} s; {Log(self._log_folder, service.name).reason}.")
                time.sleep(0.2)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Start everything, wait until it answers, stop it at the end.

        Raises:
            StartError: when it cannot start or does not become ready.
        """
        with self.started():
            self.wait_until_ready()
            yield

    def watch(self, again: Callable[[], bool]) -> None:
        """Restart processes that die, for as long as `again` says so.

        Raises:
            StartError: when one keeps dying.
        """
        while again():
            self._run_daily()
            for service in self._services:
                code = service.process.poll() if service.process is not None else None
                if code is not None:
                    self._restart(service, code)
            time.sleep(0.5)

    def _run_daily(self) -> None:
        """Run what is due, one after the other."""
        for command in self._daily:
            if command.run_when_due():
                return

    def _daily_command(self, name: str, words: list[str], failure: str) -> DailyCommand:
        return DailyCommand(words, failure, Log(self._log_folder, name), self._environment, self._say)

    def _start(self, service: Service) -> None:
        with Log(self._log_folder, service.name).open() as output:
            service.process = subprocess.Popen(  # noqa: S603 - our own interpreter
                service.command,
                cwd=ROOT,
                env={**self._environment, **service.environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _restart(self, service: Service, code: int) -> None:
        now = time.monotonic()
        service.restarts = [moment for moment in service.restarts if now - moment < 60] + [now]
        if len(service.restarts) > _MOST_RESTARTS:
            raise StartError(f"The {service.name} process keeps stopping; {Log(self._log_folder, service.name).reason}.")
        self._say(f"The {service.name} process stopped (exit code {code}); it is started again.")
        self._start(service)

    def _stop(self) -> None:
        for command in self._daily:
            command.stop()
        running = [service.process for service in self._services if service.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_WITHIN
        for process in running:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.1, deadline - time.monotonic()))
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
