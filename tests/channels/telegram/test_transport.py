"""Buttons in sensible rows, errors told apart."""

import httpx
import pytest
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.channels.telegram.transport import TelegramTransport, keyboard, translated
from bot.delivery.messages import Choice, Reply
from bot.delivery.transport import Blocked, MaybeSent, Refused, SendError, TryLater


def test_short_titles_share_a_row_long_ones_have_their_own() -> None:
    titles = ["العربية", "الدارجة", "Français", "Qui peut être membre ici"]
    rows = keyboard(12, [Choice(title, "/x") for title in titles]).inline_keyboard
    assert [[button.text for button in row] for row in rows] == [["العربية", "الدارجة"], ["Français"], ["Qui peut être membre ici"]]
    assert rows[1][0].callback_data == "b12.2"


def test_without_choices_there_is_no_keyboard() -> None:
    assert keyboard(1, []) is None


def test_a_long_answer_has_its_buttons_under_the_last_part(tmp_path: object) -> None:
    parts = TelegramTransport(Bot("1:x")).parts(Reply("mot " * 2000, (Choice("a", "/a"),)))
    assert [len(part.choices) for part in parts] == [0, 1]
    assert all(len(part.text) <= 4096 for part in parts)


def _caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RetryAfter(7), TryLater),
        (Forbidden("Forbidden: bot was blocked by the user"), Blocked),
        (BadRequest("Chat not found"), Blocked),
        (BadRequest("Message text is empty"), Refused),
        (_caused(TimedOut(), httpx.ReadTimeout("x")), MaybeSent),
        (_caused(TimedOut(), httpx.PoolTimeout("x")), TryLater),
        (_caused(NetworkError("x"), httpx.ConnectError("x")), TryLater),
        (_caused(NetworkError("x"), httpx.RemoteProtocolError("x")), MaybeSent),
        (NetworkError("Internal Server Error"), TryLater),
    ],
)
def test_each_error_says_whether_the_message_may_have_arrived(error: TelegramError, kind: type[SendError]) -> None:
    assert type(translated(error)) is kind


def test_the_pause_that_telegram_asks_for_is_kept() -> None:
    found = translated(RetryAfter(7))
    assert isinstance(found, TryLater)
    assert found.after == 7.0
