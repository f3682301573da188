"""What a person may send: plain text, and only the buttons that were shown to them."""

from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.delivery import events
from bot.delivery.guard import COMMANDS, Accepted, TooLong, accept, issue, issued, plain

KEY = b"a key"


def _accept(message: str, sender: str = "web:me", longest: int = 1000) -> Accepted | None:
    return accept(message, sender, KEY, longest)


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ('/show{"record": "coop-frais"}', 'show{"record": "coop-frais"}'),
        ("/restart", "restart"),
        ("/session_start", "session_start"),
        ("  //// /restart", "restart"),
        ("\u200f/restart", "restart"),
        ("／restart", "restart"),
        ("combien\u0000 ça\u202e coûte", "combien ça coûte"),
        ("a\n\n\n\nb", "a\nb"),
        ("👩‍🌾 salam", "👩‍🌾 salam"),
    ],
)
def test_typed_text_is_never_an_intent(typed: str, seen: str) -> None:
    assert _accept(typed) == Accepted(seen, False)


@pytest.mark.parametrize(
    ("typed", "intent"),
    [("/start", "/greet"), ("/start chamber-12", "/greet"), ("/HELP", "/help"), ("/menu@DalilBot", "/menu"), ("/langue", "/change_language")],
)
def test_commands_keep_their_meaning(typed: str, intent: str) -> None:
    assert _accept(typed) == Accepted(intent, True)


@pytest.mark.parametrize("typed", ["", "   ", "/", "\u200b\u200f", "///"])
def test_nothing_is_nothing(typed: str) -> None:
    assert _accept(typed) is None


def test_a_button_issued_to_this_sender_counts() -> None:
    button = issue('/show{"record": "x"}', "web:me", KEY)
    assert _accept(button) == Accepted('/show{"record": "x"}', True)


EXPIRED = Accepted("/expired_button", True)


@pytest.mark.parametrize("tamper", [lambda b: b.replace("x", "y"), lambda b: b[:-1], lambda b: b + "A", lambda b: b.partition("~")[0] + "~"])
def test_a_forged_button_does_not(tamper: Callable[[str], str]) -> None:
    assert _accept(tamper(issue('/show{"record": "x"}', "web:me", KEY))) == EXPIRED


def test_a_button_of_somebody_else_does_not() -> None:
    assert _accept(issue('/show{"record": "x"}', "web:you", KEY)) == EXPIRED


def test_a_payload_without_signature_is_only_text() -> None:
    assert _accept('/show{"record": "x"}') == Accepted('show{"record": "x"}', False)


def test_a_button_signed_with_another_key_does_not() -> None:
    assert issued(issue("/menu", "web:me", b"old"), "web:me", KEY) is None


def test_too_long_is_said() -> None:
    with pytest.raises(TooLong):
        _accept("a" * 1001)
    assert _accept("a" * 1000) is not None


#: The payloads that somebody can bring about without a button: by a command, or by what looks like a button and is none.
TYPED = {f"/{intent}" for intent in COMMANDS.values()} | {events.EXPIRED_BUTTON}


@given(st.text(max_size=300) | st.text(st.sampled_from('/~{}":@ \nashowmenut'), max_size=40) | st.from_regex(r"/\w{0,12}(\{.*\})?~?[\w-]*"))
@example('/show{"record": "x"}~AAAAAAAAAAAA')
@example("/start chamber-12")
def test_no_text_becomes_a_payload(text: str) -> None:
    accepted = _accept(text)
    if accepted and accepted.is_payload:
        assert accepted.text in TYPED
    elif accepted:
        assert not accepted.text.startswith("/")


@given(st.text(max_size=300))
def test_plain_text_has_no_control_characters(text: str) -> None:
    assert not any(ord(character) < 32 and character != "\n" for character in plain(text))
