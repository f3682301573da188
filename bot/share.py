"""The commands of who brings people to Dalil: a campaign's kit."""

from __future__ import annotations

from pathlib import Path

import click

from bot.operations import current_settings, in_database


@click.group()
def share() -> None:
    """What a chamber prints, links and pastes."""


@share.command("kit")
@click.argument("code")
@click.option("--folder", type=click.Path(path_type=Path), default=".", help="Where to put it; here where none is given.")
def share_kit(code: str, folder: Path) -> None:
    """Make the kit of a campaign: posters, flyers, cards, QR codes, texts, as a folder and as a zip. CODE is the campaign's in the console."""
    from bot.chambers.store import campaign
    from bot.sharing.kit import NoChannel, kit, zipped
    from bot.sharing.readme import MISSING

    current = current_settings()
    found = in_database(campaign, code)
    if found is None:
        raise click.ClickException(f"There is no campaign with the code {code}. Campaigns are made in the console.")
    try:
        made = kit(found, current)
    except NoChannel as error:
        raise click.ClickException(
            "No channel can be linked to: set PUBLIC_URL for the chat page, or set up WhatsApp or Telegram (docs/going-live.md)."
        ) from error
    target = folder / made.name
    try:
        target.mkdir(parents=True, exist_ok=True)
        contents = made.contents()
        for name, content in contents.items():
            (target / name).write_bytes(content)
        target.with_name(f"{made.name}.zip").write_bytes(zipped(contents, made.name, made.today))
    except OSError as error:
        raise click.ClickException(f"The kit cannot be written to {target}: {error.strerror}.") from error
    for language, links in made.links.items():
        for channel, link in links.ordered():
            if channel == "whatsapp" or language == "fr":
                click.echo(f"{channel} ({language})  {link}" if channel == "whatsapp" else f"{channel}  {link}")
    for name in made.missing:
        click.echo(MISSING[name]["en"], err=True)
    if made.fault:
        click.echo(f"{made.fault}.", err=True)
    click.echo(f"{len(contents)} files are in {target} and in {made.name}.zip beside it.")


@share.command("reports")
def share_reports() -> None:
    """Count the month that is over for every chamber that has no report of it yet. `dalil run` does so every day."""
    from bot.staff import open_console

    open_console()
    from bot.console.chambers.reports import make_due

    click.echo(f"{make_due()} reports were made.")
