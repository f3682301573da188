"""The commands of who looks after the console: accounts, and the projection it reads."""

from __future__ import annotations

import sys
from typing import Any

import click

from bot.operations import current_settings

ROLES = ("reviewer", "editor", "manager", "chamber")


@click.group()
def staff() -> None:
    """The accounts of the console."""


def _ready() -> None:
    current_settings()
    from bot.console.start import migrate

    migrate()
    from django.utils import translation

    translation.activate("en")  # the command line speaks English throughout


def _set_password(account: Any, from_input: bool) -> None:
    """Ask for a password and save the account with it; a weak one is refused."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    password = sys.stdin.readline().rstrip("\n") if from_input else str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    account.set_password(password)
    account.save()


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
    _ready()
    from django.core.exceptions import ValidationError

    from bot.console.accounts import audit
    from bot.console.accounts.models import Staff

    try:
        account = Staff(username=name, role=role, chamber_id=chamber, language=language)
        account.full_clean(exclude=["password"])
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    _set_password(account, password_from_input)
    audit.record(None, "staff.added", name, role=role, by="command line")
    click.echo(f"The account {name} ({role}) is made.")


@staff.command("list")
def staff_list() -> None:
    """List the accounts."""
    _ready()
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
    _ready()
    from axes.utils import reset
    from django_otp.plugins.otp_totp.models import TOTPDevice

    from bot.console.accounts import audit
    from bot.console.accounts.models import Staff

    account = Staff.objects.filter(username=name).first()
    if account is None:
        raise click.ClickException(f"There is no account {name}. `dalil staff list` shows them.")
    _set_password(account, password_from_input)
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
    _ready()
    from bot.console.conversations.projection import rebuild

    click.echo(f"The conversations are read again: {rebuild()} events.")
