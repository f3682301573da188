"""The commands of who looks after the console: accounts, the projection it reads, the observatory's data."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from bot.operations import current_settings

ROLES = ("reviewer", "editor", "manager", "chamber")


@click.group()
def staff() -> None:
    """The accounts of the console."""


def open_console() -> None:
    """Set up the tables of the console and speak English, for a command that works with them."""
    current_settings()
    from bot.console.start import migrate

    migrate()
    from django.utils import translation

    translation.activate("en")  # the command line speaks English throughout


def _password(from_input: bool) -> str:
    """A password, asked for."""
    return sys.stdin.readline().rstrip("\n") if from_input else str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@contextmanager
def _refusing() -> Iterator[None]:
    """Tell in a sentence why a value is refused."""
    from django.core.exceptions import ValidationError

    try:
        yield
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error


@staff.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="reviewer", show_default=True)
@click.option("--chamber", type=int, help="For the role chamber: the chamber's number in the console.")
@click.option("--language", type=click.Choice(["fr", "ar"]), default="fr", show_default=True, help="Of the console's pages.")
@click.option("--password-from-input", is_flag=True, help="Read the password from standard input.")
def staff_add(name: str, role: str, chamber: int | None, language: str, password_from_input: bool) -> None:
    """Make an account. The password is asked for: at least 12 characters, not a common one."""
    if (role == "chamber") != (chamber is not None):
        raise click.UsageError("The role chamber, and no other, needs --chamber.")
    open_console()
    from bot.console.accounts import audit
    from bot.console.accounts.models import Staff

    password = _password(password_from_input)
    with _refusing():
        Staff.objects.add(username=name, role=role, chamber_id=chamber, language=language, password=password)
    audit.record(None, "staff.added", name, role=role, by="command line")
    click.echo(f"The account {name} ({role}) is made.")


@staff.command("list")
def staff_list() -> None:
    """List the accounts."""
    open_console()
    from bot.console.accounts.models import Staff

    for account in Staff.objects.order_by("username"):
        seen = account.last_login.date().isoformat() if account.last_login else "never"
        click.echo(f"{account.username}  {account.role}  {'active' if account.is_active else 'inactive'}  last log-in {seen}")


@staff.command("password")
@click.argument("name")
@click.option("--password-from-input", is_flag=True, help="Read the password from standard input.")
@click.option("--remove-second-factor", is_flag=True, help="For somebody who lost their telephone.")
def staff_password(name: str, password_from_input: bool, remove_second_factor: bool) -> None:
    """Set a new password; the lock after too many failures is lifted."""
    open_console()
    from axes.utils import reset
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from bot.console.accounts import audit
    from bot.console.accounts.models import Staff

    account = Staff.objects.filter(username=name).first()
    if account is None:
        raise click.ClickException(f"There is no account {name}. `dalil staff list` shows them.")
    password = _password(password_from_input)
    with _refusing():
        account.set_strong_password(password)
    account.save()
    reset(username=name)
    if remove_second_factor:
        TOTPDevice.objects.filter(user=account).delete()
    audit.record(None, "password.set", name, by="command line", second_factor_removed=remove_second_factor)
    click.echo(f"The password of {name} is set.")


@click.group()
def console() -> None:
    """What the console reads."""


@console.command("rebuild")
def console_rebuild() -> None:
    """Drop the console's copy of the conversations and make it again; reviews, tags and cases stay."""
    open_console()
    from bot.console.conversations.projection import rebuild

    click.echo(f"The conversations are read again: {rebuild()} events.")


@click.group()
def observatory() -> None:
    """What founders ask, as open data (docs/observatory.md)."""


@observatory.command("export")
@click.option("--month", "wanted", help="One month, e.g. 2026-09, instead of all.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Write the files there too.")
def observatory_export(wanted: str | None, folder: Path | None) -> None:
    """Publish the months that are due, each once and for good. `dalil run` does so every day."""
    from bot.observatory.months import SHORTEST_KEEP, Month

    try:
        month = Month.parse(wanted) if wanted else None
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    open_console()
    from bot.console.observatory import publishing
    from bot.console.observatory.models import Publication

    new = [month] if month else publishing.due()
    for each in new:
        try:
            made = publishing.publish(each, None)
        except publishing.NotDue as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{made.month}: published {made.made_at:%Y-%m-%d}, SHA-256 {made.sha256}")
    if not new:
        click.echo("No month is due.")
        if (kept := current_settings().keep_messages_days) < SHORTEST_KEEP:
            click.echo(f"Conversations are kept for {kept} days (DALIL_KEEP_MESSAGES_DAYS): no month will ever be, it takes {SHORTEST_KEEP}.")
    if folder:
        publications = Publication.objects.filter(month=str(month)) if month else Publication.objects.all()
        click.echo(f"{_write_files(publications, folder)} files are written.")


def _write_files(publications: Any, folder: Path) -> int:
    from bot.observatory.dictionary import file_name
    from bot.observatory.months import Month

    folder.mkdir(parents=True, exist_ok=True)
    files = {f"{file_name(Month.parse(made.month))}.{ending}": content for made in publications for ending, content in made.files.items()}
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return len(files)
