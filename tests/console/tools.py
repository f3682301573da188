"""What the console's tests talk with: conversations as Rasa stores them, without Rasa."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from bot.console.conversations.models import RasaEvent
from bot.console.conversations.projection import Projection

PASSWORD = "un mot de passe assez long"  # pragma: allowlist secret


@dataclass
class Talk:
    """A conversation under way.

    Attributes:
        sender: its pseudonym.
        channel: where.
        at: the time of the next event, in seconds since 1970.
        campaign: the code of the link by which the person came.
    """

    sender: str = "telegram:00000000000000000000000000000001"
    channel: str = "telegram"
    at: float = field(default_factory=time.time)
    campaign: str = ""

    def event(self, **data: Any) -> int:
        """Store one event, as Rasa does."""
        self.at += 0.01
        data = {"timestamp": self.at, "metadata": {}, **data}
        last = RasaEvent.objects.order_by("-id").values_list("id", flat=True).first() or 0
        RasaEvent.objects.create(id=last + 1, sender_id=self.sender, type_name=data["event"], timestamp=self.at, data=json.dumps(data, ensure_ascii=False))
        return last + 1

    def slot(self, name: str, value: Any) -> None:
        """Set a slot."""
        self.event(event="slot", name=name, value=value)

    def says(
        self,
        text: str,
        *,
        variety: str = "fr",
        language: str = "fr",
        intent: str = "ask_members",
        confidence: float = 0.9,
        entities: dict[str, str] | None = None,
        metadata: dict[str, Any] | None = None,
        candidates: dict[str, float] | None = None,
    ) -> int:
        """Somebody writes, or presses a button (a payload). Returns the number of the event, which is the number of the turn."""
        found = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
        parsed: dict[str, Any] = {"intent": {"name": intent, "confidence": confidence}, "entities": found, "text": text}
        if not text.startswith("/"):
            parsed["variety"] = {"label": variety, "probability": 0.99, "guess": variety}
            listed = [{"record": record, "logit": logit, "bare": logit, "subject": "cooperative"} for record, logit in (candidates or {}).items()]
            parsed["knowledge"] = {"candidates": listed, "named": [], "forms": [], "none": 0.0, "agrees": 0.0, "disagrees": 0.0, "other_form": 0.0}
        number = self.event(
            event="user",
            text=text,
            parse_data=parsed,
            input_channel=self.channel,
            metadata={**({"campaign": self.campaign} if self.campaign else {}), **(metadata or {})},
        )
        self.slot("language", language)
        return number

    def answers(self, record: str, text: str = "Il faut au moins 5 personnes.", *, probability: float = 0.9, runner_up: str | None = None) -> None:
        """The bot answers with a record."""
        self._decides({"outcome": "answer", "records": [record], "probability": probability, "runner_up": runner_up}, text)
        self.slot("last_record", record)

    def offers(self, records: list[str], text: str = "Que voulez-vous savoir ?") -> None:
        """The bot offers a choice."""
        buttons = [{"title": record, "payload": f'/show{{"record": "{record}"}}'} for record in records]
        self._decides({"outcome": "offer", "records": records, "probability": 0.4, "runner_up": None}, text, buttons)

    def refuses(self, text: str = "Je ne sais pas répondre à cela.") -> None:
        """The bot says that it is outside what it knows."""
        self._decides({"outcome": "refuse", "records": [], "probability": 0.1, "runner_up": None}, text)

    def says_back(self, text: str, action: str = "utter_greet", buttons: list[dict[str, str]] | None = None) -> None:
        """The bot says something else."""
        self.event(event="action", name=action)
        self.event(event="bot", text=text, data={"buttons": buttons})

    def _decides(self, decision: dict[str, Any], text: str, buttons: list[dict[str, str]] | None = None) -> None:
        self.event(event="action", name="action_answer")
        self.event(event="bot", text=text, data={"buttons": buttons})
        self.slot("decision", decision)

    def asks(self, text: str = "Combien de membres ?", record: str = "coop-min-membres", **how: Any) -> int:
        """A question that is answered. Returns the number of the turn."""
        number = self.says(text, **how)
        self.answers(record)
        return number

    def rates(self, record: str, rating: str, reason: str | None = None) -> int:
        """Somebody presses a thumb."""
        entities = {"record": record, "rating": rating, **({"reason": reason} if reason else {})}
        number = self.says("/rate" + json.dumps(entities), intent="rate", confidence=1.0, entities=entities)
        self.says_back("Merci.", "action_rate")
        return number


def project() -> None:
    """Bring the projection up to date."""
    Projection().catch_up()


def tables_with(url: str, needle: str) -> set[str]:
    """The tables that hold a text anywhere, found by looking through the whole database."""
    engine = sa.create_engine(url, future=True)
    found = set()
    with engine.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            rows = connection.exec_driver_sql(f'SELECT * FROM "{name}"').all()
            if any(needle in str(value) for row in rows for value in row):
                found.add(name)
    engine.dispose()
    return found
