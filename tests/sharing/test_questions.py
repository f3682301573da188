"""What posters and flyers say people can ask, Dalil answers."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sharing.words import QUESTIONS

#: What answers each question: a record, or the first thing that a journey asks.
_ANSWERS = ("coop-min-membres", "asso-dossier", "form", "ae-inscription")


@pytest.mark.model
@pytest.mark.parametrize("language", QUESTIONS)
async def test_each_printed_question_is_answered_in_its_language(assistant: Any, language: str) -> None:
    for question, wanted in zip(QUESTIONS[language], _ANSWERS, strict=True):
        turn = await assistant.say(f"poster {question}", question)
        assert turn.slots["language"] == language
        decision = turn.slots["decision"] or {}
        assert wanted in [*decision.get("records", ()), turn.slots["requested_slot"]], question
