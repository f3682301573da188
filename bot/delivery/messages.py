"""What travels: a message in, a message out."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

#: Digits of the largest row number that a database holds.
_LONGEST_ROW = 9


@dataclass(frozen=True)
class Inbound:
    """A message as a channel read it, before anything is stored.

    Attributes:
        channel: telegram or whatsapp.
        external_id: the vendor's id of the message: the same for each repetition.
        address: where to answer.
        text: what was typed; empty for a message of another kind.
        event: what the channel says in the person's stead: an intent payload such as `/voice`.
        button: the reference of a button that was pressed, as `Choice.reference` made it.
        language: the language of the person's telephone, where the vendor tells it.
        start_code: the code of the link through which the person came.
        blocked: True when the person blocked the bot, False when they took it back.
    """

    channel: str
    external_id: str
    address: str
    text: str = ""
    event: str | None = None
    button: str | None = None
    language: str | None = None
    start_code: str | None = None
    blocked: bool | None = None


@dataclass(frozen=True)
class Received:
    """A message as it waits in the inbox: masked, harmless, ready for the assistant.

    Attributes:
        text: text or an intent payload.
        is_payload: whether it is a payload.
        metadata: what Rasa stores beside it.
    """

    text: str
    is_payload: bool
    metadata: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        """As it is stored."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> Received:
        """As it was stored."""
        return cls(**json.loads(stored))


@dataclass(frozen=True)
class Choice:
    """A button: what it says and the payload it stands for."""

    title: str
    payload: str


@dataclass(frozen=True)
class Reply:
    """One message to be sent.

    Attributes:
        text: its text.
        choices: its buttons.
        document: the reference of a document to send with it (bot/documents/reference.py), and the name it is given.
        erase: whether the person is forgotten once this is said (not stored).
    """

    text: str = ""
    choices: tuple[Choice, ...] = ()
    document: tuple[str, str] | None = None
    erase: bool = False

    def to_json(self) -> str:
        """As it is stored."""
        return json.dumps({"text": self.text, "choices": [asdict(choice) for choice in self.choices], "document": self.document}, ensure_ascii=False)

    @classmethod
    def from_json(cls, stored: str) -> Reply:
        """As it was stored."""
        content = json.loads(stored)
        document = content.get("document")
        return cls(content["text"], tuple(Choice(**choice) for choice in content["choices"]), tuple(document) if document else None)


def reference(outbox_id: int, index: int) -> str:
    """What a vendor keeps with a button: short, without meaning to others; only the outbox knows the payload."""
    return f"b{outbox_id}.{index}"


def referenced(button: str) -> tuple[int, int] | None:
    """The outbox row and the position that a reference names; None for anything else."""
    row, _, index = button[1:].partition(".")
    numbers = all(part.isascii() and part.isdecimal() for part in (row, index))
    return (int(row), int(index)) if button[:1] == "b" and numbers and len(row) <= _LONGEST_ROW and len(index) <= 2 else None
