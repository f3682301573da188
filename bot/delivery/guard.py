"""What a person may send: text that is only text, and buttons that were really issued to them.

Rasa takes a message that begins with "/" for an intent with entities; typed by a person it would set slots or restart the conversation.
So typed text loses its leading slashes (a few commands keep their meaning), and a button's payload travels with a signature over
payload and sender: only a button shown in this very conversation comes back as an intent. Nothing has to be remembered for that, so it
holds across restarts and workers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass

from bot.delivery import events

#: What a person may type as a command, on any channel, and the intent it stands for.
COMMANDS = {
    "start": "greet",
    "help": "help",
    "menu": "menu",
    "language": "change_language",
    "langue": "change_language",
    "privacy": "privacy",
    "human": "human",
}

_SEPARATOR = "~"
_LEADING = re.compile(r"^[\s/\u2215\uff0f]+")
_NEWLINES = re.compile(r"\s*\n\s*\n\s*")
_BUTTON = re.compile(rf"^/\w+(?:\{{.*\}})?{_SEPARATOR}[\w-]*$", re.DOTALL)
_COMMAND = re.compile(r"^/([a-z]{3,12})(?:@\w+)?(?:\s|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Accepted:
    """A message fit for the assistant.

    Attributes:
        text: plain text, or an intent payload (`/intent{...}`) that the guard itself vouches for.
        is_payload: whether it is such a payload.
    """

    text: str
    is_payload: bool


class TooLong(Exception):
    """The message is longer than is read."""


def _signature(payload: str, sender: str, key: bytes) -> str:
    digest = hmac.new(key, f"button\0{sender}\0{payload}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:9]).decode()


def issue(payload: str, sender: str, key: bytes) -> str:
    """The payload as a button carries it: signed for this sender. At most 12 characters and a separator longer."""
    return f"{payload}{_SEPARATOR}{_signature(payload, sender, key)}"


def issued(message: str, sender: str, key: bytes) -> str | None:
    """The payload of a button that was issued to this sender; None for anything else."""
    payload, separator, signature = message.rpartition(_SEPARATOR)
    if not separator or not payload.startswith("/"):
        return None
    expected = _signature(payload, sender, key)
    return payload if hmac.compare_digest(expected.encode(), signature.encode()) else None


def plain(text: str) -> str:
    """Text without control and format characters (line breaks stay), without leading slashes, trimmed."""
    kept = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co") or c == "\u200d")
    return _NEWLINES.sub("\n", _LEADING.sub("", kept)).strip()


def accept(message: str, sender: str, key: bytes, longest: int) -> Accepted | None:
    """Turn what arrived into what the assistant may see.

    Args:
        message: as received; a button's payload or typed text.
        sender: the pseudonym of who sent it.
        key: the secret that signed the buttons.
        longest: how many characters are read.

    Returns:
        The accepted message, or None when nothing is left to read.

    Raises:
        TooLong: when there is more than `longest` characters.
    """
    payload = issued(message, sender, key)
    if payload is not None:
        return Accepted(payload, True)
    if _BUTTON.match(message):
        # A button of somebody else, forged, or signed with a key that is no longer in use.
        return Accepted(events.EXPIRED_BUTTON, True)
    command = _COMMAND.match(message.strip())
    if command and command.group(1).lower() in COMMANDS:
        return Accepted(f"/{COMMANDS[command.group(1).lower()]}", True)
    text = plain(message)
    if len(text) > longest:
        raise TooLong
    return Accepted(text, False) if text else None
