"""A document named by what it shows, not by a file: whoever sends it makes it, on any machine, and nothing is kept.

A reference travels signed in an address (`/documents/<reference>`), for WhatsApp, which fetches documents, and for the web page.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import asdict, dataclass

from bot.guidance.checklist import Checklist, checklists, make_checklist
from bot.knowledge.store import load

_SIGNED = 12


class UnknownDocument(Exception):
    """The reference names nothing that can be made."""


@dataclass(frozen=True)
class ChecklistReference:
    """A checklist: nothing about the person but the form, the sector, the town and the steps that are done.

    Attributes:
        form: a subject's id.
        language: fr, ar or ary.
        sector, place: where they are known.
        done: ids of the steps that are done.
    """

    form: str
    language: str
    sector: str | None = None
    place: str | None = None
    done: tuple[str, ...] = ()

    @classmethod
    def of(cls, checklist: Checklist) -> ChecklistReference:
        """The reference to a checklist."""
        return cls(checklist.form, checklist.language, checklist.sector, checklist.place, tuple(step.id for step in checklist.steps if step.done))

    def to_text(self) -> str:
        """As text that fits an address."""
        data = {name: value for name, value in asdict(self).items() if value}
        return base64.urlsafe_b64encode(json.dumps(data, separators=(",", ":")).encode()).decode().rstrip("=")

    @classmethod
    def from_text(cls, text: str) -> ChecklistReference:
        """Read what `to_text` wrote.

        Raises:
            UnknownDocument: when it is anything else.
        """
        try:
            data = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            found = cls(**{**data, "done": tuple(data.get("done", ()))})
        except (ValueError, TypeError, AttributeError) as error:
            raise UnknownDocument from error
        texts = (found.form, found.language, found.sector or "", found.place or "", *found.done)
        if not all(isinstance(each, str) for each in texts):
            raise UnknownDocument
        return found

    def checklist(self) -> Checklist:
        """The checklist, as the knowledge base has it today.

        Raises:
            UnknownDocument: when there is none for this form any more.
        """
        steps = checklists().get(self.form)
        if steps is None or self.language not in ("fr", "ar", "ary"):
            raise UnknownDocument
        return make_checklist(steps, load(), self.form, self.language, self.sector, self.place, self.done)


def signed(reference: str, key: bytes) -> str:
    """A reference with the signature that lets it be fetched."""
    return f"{reference}.{_signature(reference, key)}"


def verified(text: str, key: bytes) -> str:
    """The reference in a signed one.

    Raises:
        UnknownDocument: when the signature is not the installation's own.
    """
    reference, _, signature = text.partition(".")
    if not text.isascii() or not hmac.compare_digest(signature, _signature(reference, key)):
        raise UnknownDocument
    return reference


def _signature(reference: str, key: bytes) -> str:
    digest = hmac.new(key, f"document\0{reference}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_SIGNED]).decode()
