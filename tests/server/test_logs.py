"""Log lines: one JSON object each, nothing of what people wrote."""

import json
import logging
import sys
from typing import Any

import pytest

from bot.logs import JsonFormatter


def line(message: str, *arguments: object, error: bool = False) -> dict[str, Any]:
    record = logging.LogRecord("bot.delivery", logging.ERROR, __file__, 1, message, arguments, sys.exc_info() if error else None)
    found: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return found


def test_a_line_says_when_how_bad_who_and_what() -> None:
    said = line("a turn failed: %s", "KeyError")
    assert (said["level"], said["logger"], said["message"]) == ("error", "bot.delivery", "a turn failed: KeyError")
    assert said["time"].endswith("+00:00")


def test_of_an_exception_the_class_and_the_place_are_told_and_not_what_it_says() -> None:
    try:
        raise ValueError("mon numéro est 0661234567")
    except ValueError:
        said = line("a turn failed", error=True)
    assert said["error"] == "ValueError"
    assert said["place"].startswith("tests/server/test_logs.py:")
    assert "0661234567" not in json.dumps(said)


def test_rasas_structured_lines_stay_structured_without_their_tracebacks() -> None:
    told = {"event": "processor.turn", "level": "warning", "turns": 3, "exception": [{"exc_type": "KeyError", "exc_value": "0661234567", "frames": []}]}
    said = line(json.dumps(told))
    assert (said["message"], said["details"], said["error"]) == ("processor.turn", {"turns": 3}, "KeyError")
    assert "0661234567" not in json.dumps(said)


@pytest.mark.parametrize("text", ["{not json", "[1]", "", "سلام\nعليكم", "{}"])
def test_whatever_is_said_makes_one_line(text: str) -> None:
    record = logging.LogRecord("x", logging.INFO, __file__, 1, text, (), None)
    assert "\n" not in JsonFormatter().format(record)
