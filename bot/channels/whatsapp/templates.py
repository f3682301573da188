"""Content templates: the frames in which WhatsApp shows buttons and lists (https://www.twilio.com/docs/content).

All their texts are variables, so a frame serves every language and every answer: one for each number of buttons, one for each length of
list. They are sent inside the 24 hours after a person's message only, so WhatsApp need not approve them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import requests
from sqlalchemy import select
from sqlalchemy.engine import Connection

from bot.delivery.messages import Choice, reference
from bot.settings import Settings
from bot.storage.tables import templates

#: WhatsApp's limits: buttons, their titles; rows of a list, their titles; the text above either.
MOST_BUTTONS, LONGEST_BUTTON = 3, 20
MOST_ROWS, LONGEST_ROW = 10, 24
LONGEST_TEXT = 1024
_SECONDS = 20


class TemplateError(Exception):
    """Twilio did not do as asked; the message says what it answered."""


def name_of(choices: Sequence[Choice]) -> str | None:
    """The template that shows these choices; None where none can."""
    count = len(choices)
    longest = max((len(choice.title) for choice in choices), default=0)
    if 1 <= count <= MOST_BUTTONS and longest <= LONGEST_BUTTON:
        return f"dalil_buttons_{count}"
    return f"dalil_list_{count}" if 1 <= count <= MOST_ROWS and longest <= LONGEST_ROW else None


def variables(row: int, text: str, choices: Sequence[Choice], list_label: str) -> str:
    """The variables of a template for a reply, as JSON: the text, the list's label, then title and reference of each choice."""
    values = [text, list_label] if (name_of(choices) or "").startswith("dalil_list") else [text]
    for index, choice in enumerate(choices):
        values += [choice.title, reference(row, index)]
    return json.dumps({str(number): value for number, value in enumerate(values, 1)}, ensure_ascii=False)


def definitions() -> dict[str, dict[str, Any]]:
    """Every template by name, as Twilio's Content API takes it."""
    found = {}
    for count in range(1, MOST_BUTTONS + 1):
        actions = [{"type": "QUICK_REPLY", "title": f"{{{{{2 * i + 2}}}}}", "id": f"{{{{{2 * i + 3}}}}}"} for i in range(count)]
        found[f"dalil_buttons_{count}"] = _definition(f"dalil_buttons_{count}", 1 + 2 * count, "twilio/quick-reply", {"body": "{{1}}", "actions": actions})
    for count in range(1, MOST_ROWS + 1):
        items = [{"item": f"{{{{{2 * i + 3}}}}}", "id": f"{{{{{2 * i + 4}}}}}"} for i in range(count)]
        content = {"body": "{{1}}", "button": "{{2}}", "items": items}
        found[f"dalil_list_{count}"] = _definition(f"dalil_list_{count}", 2 + 2 * count, "twilio/list-picker", content)
    return found


def _definition(name: str, count: int, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    samples = {str(number): f"texte {number}" for number in range(1, count + 1)}
    return {"friendly_name": name, "language": "fr", "variables": samples, "types": {kind: content}}


def ensure(settings: Settings, say: Callable[[str], None]) -> dict[str, str]:
    """Make the templates that Twilio does not have yet. Running it again changes nothing.

    Args:
        settings: account and addresses.
        say: told what was made.

    Returns:
        The sid of each template.

    Raises:
        TemplateError: when Twilio refuses or cannot be reached.
    """
    there = _existing(settings)
    for name, definition in definitions().items():
        if name not in there:
            there[name] = _call(settings, "POST", "/v1/Content", json=definition)["sid"]
            say(f"{name}: made")
    return {name: there[name] for name in definitions()}


def _existing(settings: Settings) -> dict[str, str]:
    found: dict[str, str] = {}
    page: str | None = "/v1/Content?PageSize=100"
    while page:
        answer = _call(settings, "GET", page)
        found |= {content["friendly_name"]: content["sid"] for content in answer["contents"] if content.get("friendly_name")}
        following = answer["meta"].get("next_page_url")
        page = following[following.index("/v1/") :] if following else None
    return found


def _call(settings: Settings, method: str, path: str, **content: Any) -> Any:
    address = (settings.twilio_api_url or "https://content.twilio.com") + path
    try:
        answer = requests.request(method, address, auth=(settings.twilio_account_sid, settings.twilio_auth_token), timeout=_SECONDS, **content)
        found = answer.json()
    except (requests.RequestException, ValueError) as error:
        raise TemplateError(f"Twilio could not be reached: {error.__class__.__name__}") from error
    if not answer.ok:
        raise TemplateError(f"Twilio answered {answer.status_code}: {found.get('message', '')}")
    return found


def remember(connection: Connection, sids: dict[str, str]) -> None:
    """Write down which template has which sid."""
    connection.execute(templates.delete())
    connection.execute(templates.insert(), [{"name": name, "sid": sid} for name, sid in sids.items()])


def known(connection: Connection) -> dict[str, str]:
    """The sids written down."""
    return {row.name: row.sid for row in connection.execute(select(templates))}
