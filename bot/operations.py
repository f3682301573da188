"""The commands of those who run Dalil: its channels, what could not be delivered, people's data."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from bot.settings import Settings, SettingsError, settings

if TYPE_CHECKING:
    from bot.storage.database import Database


def current_settings() -> Settings:
    """The settings, or a message to the person at the terminal."""
    try:
        return settings()
    except SettingsError as error:
        raise click.ClickException(f"The settings are not right:\n{error}") from error


def in_database(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run `work(connection, *arguments)` in one transaction, or say to the person at the terminal that the database did not answer."""
    return _with_database(lambda database: database.now(work, *arguments))


def _fold_log() -> None:
    """What was deleted shall not lie about in SQLite's log."""
    _with_database(lambda database: database.fold_log())


def _with_database(work: Callable[[Database], Any]) -> Any:
    from sqlalchemy.exc import SQLAlchemyError

    from bot.storage.database import Database
    from bot.storage.upgrade import NewerDatabase

    database = Database(current_settings().database)
    try:
        return work(database)
    except NewerDatabase as error:
        raise click.ClickException(str(error)) from error
    except SQLAlchemyError as error:
        raise click.ClickException(f"The database did not answer: {error.__class__.__name__}.") from error
    finally:
        database.close()


@click.group()
def telegram() -> None:
    """Telegram: what is told to it once."""


@telegram.command("set-webhook")
def telegram_set_webhook() -> None:
    """Tell Telegram where to bring messages, the commands and the description. Without PUBLIC_URL: the latter two."""
    current = current_settings()
    if not current.has("telegram"):
        raise click.ClickException("TELEGRAM_BOT_TOKEN is not set: there is no Telegram channel.")
    from telegram.error import InvalidToken, TelegramError

    from bot.channels.telegram.profile import set_profile, set_webhook
    from bot.channels.telegram.transport import make_bot

    async def tell() -> str | None:
        async with make_bot(current.telegram_bot_token, current.telegram_api_url) as bot:
            await set_profile(bot)
            return await set_webhook(bot, current) if current.public_url else None

    try:
        address = asyncio.run(tell())
    except InvalidToken as error:  # its text holds the token
        raise click.ClickException("Telegram does not know TELEGRAM_BOT_TOKEN.") from error
    except TelegramError as error:
        raise click.ClickException(f"Telegram answered: {error.message}") from error
    click.echo("Commands and description are set in Arabic and French.")
    click.echo(f"Messages are brought to {address}" if address else "PUBLIC_URL is not set: messages are fetched while Dalil runs.")


@click.group()
def whatsapp() -> None:
    """WhatsApp over Twilio."""


@whatsapp.command("templates")
def whatsapp_templates() -> None:
    """Make the templates for buttons and lists at Twilio; running it again changes nothing."""
    current = current_settings()
    if not current.has("whatsapp"):
        raise click.ClickException("TWILIO_ACCOUNT_SID is not set: there is no WhatsApp channel.")
    from bot.channels.whatsapp import templates

    try:
        sids = templates.ensure(current, click.echo)
    except templates.TemplateError as error:
        raise click.ClickException(str(error)) from error
    in_database(templates.remember, sids)
    click.echo(f"{len(sids)} templates are ready.")


@click.group()
def delivery() -> None:
    """What could not be delivered."""


@delivery.command("dead")
def delivery_dead() -> None:
    """List the replies that could not be delivered, the latest first."""
    from bot.delivery import outbox

    letters = in_database(outbox.dead_letters)
    for letter in letters:
        at = dt.datetime.fromtimestamp(letter.at, dt.timezone.utc).isoformat(timespec="minutes")
        said = letter.text.split("\n")[0][:60]
        click.echo(f"{letter.id}  {at}  {letter.sender[:18]}...  {letter.error}  « {said} »")
    click.echo(f"{len(letters)} replies could not be delivered.")


@delivery.command("retry")
@click.argument("numbers", nargs=-1, type=int)
@click.option("--all", "everything", is_flag=True, help="All of them.")
def delivery_retry(numbers: tuple[int, ...], everything: bool) -> None:
    """Send replies once more, by their number in the list."""
    from bot.delivery import outbox

    if not numbers and not everything:
        raise click.UsageError("Give the numbers from `dalil delivery dead`, or --all.")
    click.echo(f"{in_database(outbox.revive, None if everything else list(numbers))} replies are sent once more.")


@click.group()
def privacy() -> None:
    """People's data."""


def _person(channel: str, address: str) -> str:
    from bot.privacy import people

    try:
        return people.find(channel, address, current_settings().key())
    except people.NoAddress as error:
        raise click.UsageError("A telephone number (+212...) or the id of a Telegram chat is expected.") from error


@privacy.command("erase")
@click.argument("channel", type=click.Choice(["telegram", "whatsapp"]))
@click.argument("address")
def privacy_erase(channel: str, address: str) -> None:
    """Delete all there is of a person: ADDRESS is their number (+212...) or their Telegram id."""
    from bot.privacy import people

    erased = people.erase(in_database, _person(channel, address))
    if erased is None:
        raise click.ClickException("A conversation with this person is under way; try again in a moment.")
    _fold_log()
    click.echo(f"Erased: {erased.events} events, {erased.inbox} messages received, {erased.outbox} sent, {erased.contacts} address.")


@privacy.command("show")
@click.argument("channel", type=click.Choice(["telegram", "whatsapp"]))
@click.argument("address")
def privacy_show(channel: str, address: str) -> None:
    """Show what is stored of a person who asks for it (law 09-08, article 7), for them only."""
    from bot.privacy import access

    stored = in_database(access.stored, _person(channel, address))
    click.echo("\n".join(stored) if stored else "Nothing is stored.")


@privacy.command("purge")
def privacy_purge() -> None:
    """Delete what is older than DALIL_KEEP_MESSAGES_DAYS and DALIL_KEEP_CONTACTS_DAYS allow. `dalil run` does so every day."""
    from bot.privacy import erasure

    current = current_settings()
    erased = in_database(erasure.purge, current.keep_messages_days, current.keep_contacts_days)
    _fold_log()
    click.echo(f"Purged: {erased.events} events, {erased.inbox} messages received, {erased.outbox} sent, {erased.contacts} addresses.")


@click.group()
def cases() -> None:
    """People who asked for a person."""


@cases.command("list")
@click.option("--all", "everything", is_flag=True, help="Closed ones too.")
def cases_list(everything: bool) -> None:
    """List the open cases, the longest waiting first."""
    from bot.handoff import cases as cases_

    found = in_database(cases_.waiting, everything)
    for case in found:
        hours = (time.time() - case.opened_at) / 3600
        silent = "bot silent" if case.paused_until and case.paused_until > time.time() else "bot answers"
        click.echo(f"{case.id}  {hours:.1f} h  {case.state}  {case.channel}  {case.language}  unread {case.unread}  {silent}  « {case.wish[:60]} »")
    click.echo(f"{len(found)} cases.")


@cases.command("show")
@click.argument("number", type=int)
def cases_show(number: int) -> None:
    """Show a case: what was known when it was opened, and what was written since."""
    from bot.guidance.profile import FIELDS
    from bot.guidance.text import answer_text
    from bot.handoff import cases as cases_
    from bot.knowledge.store import load

    case = _case(cases_.get, number)
    said = {field: value for field, value in case.summary.get("answers", {}).items() if field in FIELDS}
    answers = [f"{field}: {answer_text(field, value, load(), 'fr')}" for field, value in said.items()]
    click.echo(f"Case {case.id}, {case.state}, opened {_moment(case.opened_at)} on {case.channel}, answered in {case.language}")
    click.echo(f"Said of themselves: {', '.join(answers) or '-'}")
    click.echo(f"Last answer: {case.summary.get('record') or '-'}")
    for text in case.summary.get("last", []):
        click.echo(f"  before: {text}")
    for line in in_database(cases_.lines, number):
        click.echo(f"{_moment(line.at)} {line.author}: {line.text}")


#: WhatsApp takes 1,600.
_LONGEST_REPLY = 1500


@cases.command("reply")
@click.argument("number", type=int)
@click.argument("text")
def cases_reply(number: int, text: str) -> None:
    """Write to the person of a case, where they wrote; the bot keeps silent meanwhile."""
    from bot.handoff.send import CannotBeReached, answer_case

    if not text.strip():
        raise click.UsageError("There is nothing to send.")
    if len(text) > _LONGEST_REPLY:
        raise click.UsageError(f"A message has at most {_LONGEST_REPLY} characters, this one has {len(text)}. Send it in parts.")
    try:
        case = _case(answer_case, number, text, current_settings().case_pause_hours * 3600)
    except CannotBeReached as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Sent over {case.channel}." if case.channel in ("telegram", "whatsapp") else "The page of the person fetches it within 15 seconds.")


@cases.command("hand-back")
@click.argument("number", type=int)
def cases_hand_back(number: int) -> None:
    """Let the bot answer again; the case stays open."""
    from bot.handoff import cases as cases_

    _case(cases_.settle, number, "handed_back")
    click.echo(f"The bot answers again; case {number} stays open.")


@cases.command("close")
@click.argument("number", type=int)
def cases_close(number: int) -> None:
    """Close a case; the bot answers again."""
    from bot.handoff import cases as cases_

    _case(cases_.settle, number, "closed")
    click.echo(f"Case {number} is closed.")


@cases.command("erase")
@click.argument("number", type=int)
def cases_erase(number: int) -> None:
    """Erase all there is of the person of a case, at their request (docs/privacy.md); for the web page the only way."""
    from bot.handoff import cases as cases_
    from bot.privacy import people

    erased = people.erase(in_database, _case(cases_.get, number).sender)
    if erased is None:
        raise click.ClickException("A conversation with this person is under way; try again in a moment.")
    _fold_log()
    click.echo(f"{erased.total} rows are erased.")


def _case(work: Callable[..., Any], number: int, *arguments: Any) -> Any:
    from bot.handoff.cases import UnknownCase

    try:
        return in_database(work, number, *arguments)
    except UnknownCase as error:
        raise click.ClickException(f"There is no open case {number}. `dalil cases list` shows them.") from error


def _moment(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds, dt.timezone.utc).isoformat(sep=" ", timespec="minutes")
