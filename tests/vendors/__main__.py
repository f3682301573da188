"""A vendor in the terminal: what the bot sends is printed, what is typed goes to the bot.

    python -m tests.vendors telegram --port 8081
    python -m tests.vendors twilio --port 8082 --webhook http://127.0.0.1:5005/webhooks/whatsapp/webhook

A number presses the button with that number under the last message; "/loc 33.97 -6.85" shares a place, "/voice" sends a voice message.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from tests.vendors.specification import SpecificationMissing
from tests.vendors.telegram import FakeTelegram
from tests.vendors.twilio import FakeTwilio


@click.group(help="Plays Telegram or Twilio in this terminal, so that the bot can be tried without an account.")
def main() -> None:
    """Choose the vendor."""


@main.command()
@click.option("--port", default=8081, show_default=True)
@click.option("--token", default="123456:TEST-TOKEN", show_default=True)
@click.option("--language", default="fr", show_default=True, help="The language of the person's Telegram.")
def telegram(port: int, token: str, language: str) -> None:
    """Telegram: the bot polls, or sets a webhook."""
    fake = FakeTelegram(port, token)
    _talk(fake, lambda: fake.user(1001, "Salma", language), f"TELEGRAM_API_URL={fake.url} TELEGRAM_BOT_TOKEN={token}")


@main.command()
@click.option("--port", default=8082, show_default=True)
@click.option("--webhook", required=True, help="Where the bot takes WhatsApp messages.")
@click.option("--public", default="", help="The address the bot takes its webhook to have, when it is another one.")
def twilio(port: int, webhook: str, public: str) -> None:
    """Twilio: messages are posted to a webhook."""
    fake = FakeTwilio(port, webhook_url=webhook, public_url=public)
    needed = f"TWILIO_API_URL={fake.url} TWILIO_ACCOUNT_SID={fake.account_sid} TWILIO_AUTH_TOKEN={fake.auth_token} TWILIO_WHATSAPP_FROM={fake.sender}"
    _talk(fake, lambda: fake.user("+212600000001"), needed)


def _talk(fake: FakeTelegram | FakeTwilio, person: Callable[[], Any], needed: str) -> None:
    choices: list[Any] = []

    def show(message: Any) -> None:
        if isinstance(message, str):
            click.echo(f"Against the specification: {message}", err=True)
            return
        choices[:] = message.choices
        click.echo(f"\n{getattr(message, 'text', None) or getattr(message, 'body', '') or message.params}")
        for number, choice in enumerate(choices, 1):
            click.echo(f"  {number}. {choice['title']}")

    fake.on_event = show
    with fake:
        click.echo(f"Listening at {fake.url}. The bot needs: {needed}")
        user = person()
        for line in sys.stdin:
            words = line.split()
            if not words:
                continue
            if words[0].isdigit() and 0 < int(words[0]) <= len(choices):
                pressed = choices[int(words[0]) - 1]
                listed = "items" in (getattr(user.sent[-1], "content", None) or {})
                done = user.choose(pressed) if listed else user.press(pressed if isinstance(fake, FakeTwilio) else pressed["id"])
            elif words[0] == "/loc" and len(words) == 3:
                done = user.location(float(words[1]), float(words[2]))
            elif words[0] == "/voice":
                done = user.voice()
            elif words[0].startswith("/") and isinstance(fake, FakeTelegram):
                done = user.command(line.strip())
            else:
                done = user.text(line.strip())
            if isinstance(fake, FakeTwilio) and (answer := done.answer()).status != 200:
                click.echo(f"The webhook answered {answer.status}: {answer.body}", err=True)


if __name__ == "__main__":
    try:
        main()
    except SpecificationMissing as missing:
        raise SystemExit(str(missing)) from None
