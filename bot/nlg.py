"""Rasa's own responses, in the language of the conversation.

The variations of a response are conditioned on the slot `language`. That slot holds what was detected; a choice the person made goes
before it, and a guess stands in while nothing better is known.
"""

from __future__ import annotations

from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bot.language.conversation import conversation_language


class ConversationLanguageNLG(TemplatedNaturalLanguageGenerator):
    """Chooses and fills responses as Rasa does, after settling the language."""

    def __init__(self, endpoint_config: EndpointConfig | None, domain: Domain) -> None:
        """Take the responses of the domain; the endpoint's configuration has no options."""
        super().__init__(domain.responses)

    def generate_from_slots(
        self,
        utter_action: str,
        filled_slots: dict[str, Any],
        output_channel: str,
        **kwargs: Any,
    ) -> dict[str, Any] | None:
        """Return the response's variation in the language of the conversation."""
        slots = {**filled_slots, "language": conversation_language(filled_slots)}
        found: dict[str, Any] | None = super().generate_from_slots(utter_action, slots, output_channel, **kwargs)
        return found
