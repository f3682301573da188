"""The whole assistant inside one process: model, rules, actions, in memory, without a server.

For the terminal, the evaluation and the tests: what it answers is what the servers answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import UserUttered
from rasa.utils.endpoints import EndpointConfig

from bot import rasa_adjustments
from bot.channels.reply import Collector
from bot.delivery import events
from bot.delivery.guard import accept
from bot.local_actions import LocalActionEndpoint
from bot.privacy.redact import redact


@dataclass(frozen=True)
class Turn:
    """One turn of a conversation.

    Attributes:
        replies: the messages said, with their buttons (payloads signed).
        slots: the conversation's slots after the turn.
        parsed: what was understood.
    """

    replies: list[dict[str, Any]]
    slots: dict[str, Any]
    parsed: dict[str, Any]

    @property
    def text(self) -> str:
        """All that was said, messages separated by an empty line."""
        return "\n\n".join(reply["text"] for reply in self.replies if reply.get("text"))

    @property
    def buttons(self) -> list[dict[str, str]]:
        """All buttons shown."""
        return [button for reply in self.replies for button in reply.get("buttons", [])]


class Assistant:
    """A loaded model that can be talked to."""

    def __init__(self, agent: Agent, longest: int = 1000) -> None:
        self._agent = agent
        self._key = b"in this process only"
        self._longest = longest

    @classmethod
    def load(cls, model: Path) -> Assistant:
        """Load a trained model (about ten seconds)."""
        rasa_adjustments.apply()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
        agent = Agent.load(model, generator=EndpointConfig(type="bot.nlg.ConversationLanguageNLG"), action_endpoint=LocalActionEndpoint())
        return cls(agent)

    async def say(self, sender: str, message: str, metadata: dict[str, Any] | None = None) -> Turn:
        """Send a message (typed text or a button's payload) as `sender`, through the same guard as every channel.

        Args:
            sender: who.
            message: what.
            metadata: what a channel stores beside it.

        Raises:
            bot.delivery.guard.TooLong: when it is longer than is read.
        """
        accepted = accept(message, sender, self._key, self._longest)
        text = events.NOT_TEXT if accepted is None else accepted.text if accepted.is_payload else redact(accepted.text)
        collector = Collector(self._key)
        await self._agent.handle_message(UserMessage(text, collector, sender, input_channel="web", metadata=metadata))
        tracker = await self._agent.tracker_store.get_or_create_tracker(sender)
        # Within a form, `latest_message` is the one that began it.
        heard = tracker.get_last_event_for(UserUttered)
        parsed = dict(heard.parse_data) if isinstance(heard, UserUttered) else {}
        return Turn(collector.messages, tracker.current_slot_values(), parsed)
