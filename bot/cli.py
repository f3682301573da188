"""The command `dalil`."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import signal
import sys
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any

import click

from bot.environment import collect_seldom
from bot.knowledge.records import KnowledgeError
from bot.operations import cases, current_settings, delivery, privacy, telegram, whatsapp
from bot.settings import Settings
from bot.share import share
from bot.staff import console, observatory, staff
from bot.supervisor import PARTS, StartError, Supervisor, check_machine, services


def _check_knowledge() -> None:
    from bot.guidance.checking import check
    from bot.knowledge.store import load
    from bot.places.offices import directory

    try:
        records = len(load().records) + len(directory().offices) + check()
    except KnowledgeError as error:
        raise click.ClickException(f"The knowledge base is not valid:\n{error}") from error
    click.echo(f"Knowledge base: {records} records, valid.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Dalil (دليل): guidance on Morocco's social and solidarity economy."""
    collect_seldom()


for group in (telegram, whatsapp, delivery, cases, privacy, share, staff, console, observatory):
    main.add_command(group)


@main.command()
@click.option("--only", type=click.Choice(PARTS), multiple=True, help="Start this part alone (docs/operations.md).")
def run(only: tuple[str, ...]) -> None:
    """Start Dalil and keep it running; Ctrl-C stops it."""
    from bot.training import is_current

    current = current_settings()
    answers = not only or "rasa" in only
    # What the model in use was trained on was valid then: it is looked at again while the processes start, which takes seconds less.
    unchanged = is_current(current)
    if answers and not unchanged:
        _check_knowledge()
    if answers:
        _train(current, force=False)
    _upgrade_tables(current)
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        if not stopping:
            stopping = True
            raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    # In production whatever runs this keeps what is said (the journal, a container's log).
    supervisor = Supervisor(current, click.echo, only, log_files=not current.logs_json)
    try:
        click.echo("Starting ...")
        with supervisor.started():
            if answers and unchanged:
                _check_knowledge()
            supervisor.wait_until_ready()
            if answers:
                click.echo(f"Dalil is ready. Chat page: http://{current.host}:{current.rasa_port}/chat   (Ctrl-C stops it)")
            if not only or "console" in only:
                address = f"http://{current.console_host}:{current.console_port}/"
                click.echo(f"Staff's console: {address}   (`dalil staff add NAME --role manager` makes the first account)")
            supervisor.watch(lambda: not stopping)
    except StartError as error:
        raise click.ClickException(str(error)) from error
    except KeyboardInterrupt:
        pass
    click.echo("Stopped.")


@main.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy database, models and learnt lines into FILE (docs/operations.md); Dalil may run meanwhile."""
    from bot.backup import BackupError, back_up

    try:
        names = back_up(current_settings(), file)
    except (BackupError, OSError) as error:
        raise click.ClickException(f"No copy was made. {error}") from error
    click.echo(
        f"{file}: {len(names)} files, {file.stat().st_size / 2**20:.1f} MiB. Keep DALIL_SECRET_KEY apart: it is not in it, and nothing can be read without it."
    )


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="What is there may be lost.")
def restore(file: Path, replace: bool) -> None:
    """Bring back what `dalil backup` copied. Dalil must not run."""
    from bot.backup import BackupError
    from bot.backup import restore as bring_back

    current = current_settings()
    try:
        check_machine(current, services(current))
        names = bring_back(current, file, replace)
    except (StartError, BackupError, OSError) as error:
        raise click.ClickException(f"Nothing was brought back. {error}") from error
    click.echo(f"{len(names)} files are brought back.")


def _upgrade_tables(current: Settings) -> None:
    from sqlalchemy.exc import OperationalError

    from bot.storage.database import Database
    from bot.storage.upgrade import NewerDatabase

    database = Database(current.database)
    told = ""
    while True:
        try:
            database.now(lambda _connection: None)
        except NewerDatabase as error:
            raise click.ClickException(str(error)) from error
        except OperationalError as error:
            reason = " ".join(str(error.orig).split())
            if reason != told:
                click.echo(f"The database cannot be used yet, Dalil waits for it: {reason}", err=True)
            told = reason
            time.sleep(3)
        else:
            database.close()
            return


def _train(current: Settings, force: bool) -> None:
    from bot.training import TrainingError, is_current, train

    if is_current(current) and not force:
        click.echo("Model: up to date.")
        return
    click.echo("Training the model (a minute or so) ...")
    try:
        train(current, click.echo, force)
    except TrainingError as error:
        raise click.ClickException(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"The model could not be written: {error}.") from error


@main.command()
@click.option("--force", is_flag=True, help="Train although nothing changed.")
def train(force: bool) -> None:
    """Train the model if anything it learns from has changed."""
    _check_knowledge()
    _train(current_settings(), force)


class _Server:
    """The running server, spoken to over its development channel."""

    def __init__(self, current: Settings) -> None:
        self._base = f"http://{current.host}:{current.rasa_port}"
        self._sender = uuid.uuid4().hex

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self._base}/health", timeout=3) as response:  # noqa: S310
                return bool(response.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def say(self, message: str) -> list[dict[str, Any]]:
        body = json.dumps({"sender": self._sender, "message": message}).encode()
        request = urllib.request.Request(f"{self._base}/webhooks/rest/webhook", body, {"Content-Type": "application/json"})  # noqa: S310
        with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
            replies: list[dict[str, Any]] = json.load(response)
            return replies


class _InProcess:
    """The assistant inside this process, for when no server runs."""

    def __init__(self, current: Settings) -> None:
        from bot.environment import quiet

        quiet()
        from bot.assistant import Assistant
        from bot.training import model_path

        self._assistant = Assistant.load(model_path(current))
        self._loop = asyncio.new_event_loop()

    def say(self, message: str) -> list[dict[str, Any]]:
        return self._loop.run_until_complete(self._assistant.say("terminal", message)).replies


def _partner() -> _Server | _InProcess:
    current = current_settings()
    server = _Server(current)
    if server.is_up():
        return server
    _check_knowledge()
    _train(current, force=False)
    click.echo("No server is running; loading the model here ...", err=True)
    return _InProcess(current)


def _print(replies: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Print replies; buttons are numbered. Returns the buttons in order."""
    buttons: list[dict[str, str]] = []
    for reply in replies:
        if reply.get("text"):
            click.echo(reply["text"])
        for button in reply.get("buttons", []):
            buttons.append(button)
            click.echo(f"  [{len(buttons)}] {button['title']}")
    return buttons


@main.command()
@click.argument("question", nargs=-1, required=True)
def ask(question: tuple[str, ...]) -> None:
    """Ask one question and print the answer."""
    _print(_partner().say(" ".join(question)))


@main.command()
def chat() -> None:
    """Talk with Dalil in the terminal; a number presses a button, an empty line or Ctrl-D leaves."""
    partner = _partner()
    buttons = _print(partner.say("/start"))
    while True:
        try:
            text = input("> ").strip()
        except (EOFError, KeyboardInterrupt):
            click.echo()
            return
        if not text:
            return
        if text.isdecimal() and 1 <= int(text) <= len(buttons):
            text = buttons[int(text) - 1]["payload"]
        buttons = _print(partner.say(text))


@main.command()
def identify() -> None:
    """Print the variety of each line on standard input: ar, ary-Arab, ary-Latn, fr, en, ber, zgh or und."""
    from bot.nlu.trained import trained_identifier

    current = current_settings()
    identifier = trained_identifier(current, lambda line: click.echo(line, err=True))
    with open(0, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            click.echo(identifier.identify(line.rstrip("\n")).variety.value)


@main.command()
@click.option("--share", type=click.Choice(["open", "sealed", "both"]), default="both", help="Which questions to ask.")
def evaluate(share: str) -> None:
    """Ask the questions of tests/questions/ and print how many were answered right."""
    current = current_settings()
    _check_knowledge()
    _train(current, force=False)
    from bot.environment import quiet

    quiet()
    from bot.assistant import Assistant
    from bot.evaluation import SHARES, ask_all, read_questions, report
    from bot.training import model_path

    assistant = Assistant.load(model_path(current))
    for name in SHARES if share == "both" else (share,):
        results = asyncio.run(ask_all(assistant, read_questions(name)))
        click.echo(report(results, name) + "\n")


@main.group()
def knowledge() -> None:
    """The knowledge base."""


@knowledge.command("check")
def knowledge_check() -> None:
    """Check every record of every file."""
    _check_knowledge()


@knowledge.command("stale")
def knowledge_stale() -> None:
    """List the records that should have been read again by now."""
    from bot.knowledge.store import load

    _check_knowledge()
    stale = load().stale(dt.datetime.now(dt.timezone.utc).date())
    for record in stale:
        click.echo(f"{record.review_by}  {record.id}  ({record.sources[0].publisher})")
    click.echo(f"{len(stale)} of {len(load().records)} records are past their date.")


if __name__ == "__main__":
    sys.exit(main())
