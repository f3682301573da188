"""Pieces of a burst become one message; what is complete waits for nothing."""

from bot.delivery.bursts import TOGETHER, Piece, gather, joined


def _pieces(*texts: str, every: float = 0.5, payload: int | None = None) -> list[Piece]:
    return [Piece(text, index * every, index != payload) for index, text in enumerate(texts)]


def test_a_complete_message_is_read_at_once() -> None:
    assert gather(_pieces("kifach ndir coopérative ?"), now=0.0) == (1, 0.0)


def test_four_complete_messages_are_read_one_by_one() -> None:
    pieces = _pieces(*["combien de membres ?"] * 4, every=0.1)
    for first in range(4):
        assert gather(pieces[first:], now=0.4) == (1, 0.0)


def test_a_greeting_waits_for_the_question_but_not_for_ever() -> None:
    assert gather(_pieces("salam"), now=0.5) == (1, TOGETHER - 0.5)
    assert gather(_pieces("salam"), now=TOGETHER) == (1, 0.0)


def test_a_burst_is_one_message() -> None:
    pieces = _pieces("salam", "bghit nsewlek", "3la ta3awniya")
    assert gather(pieces, now=1.0 + TOGETHER) == (3, 0.0)
    assert joined(pieces) == "salam bghit nsewlek 3la ta3awniya"


def test_a_complete_piece_ends_the_burst() -> None:
    assert gather(_pieces("salam", "kifach ndir ta3awniya", "w chhal"), now=1.0) == (2, 0.0)


def test_pieces_far_apart_are_two_messages() -> None:
    assert gather(_pieces("salam", "3la ta3awniya", every=3.0), now=3.0) == (1, 0.0)


def test_a_button_is_never_joined() -> None:
    assert gather(_pieces("/browse", payload=0), now=0.0) == (1, 0.0)
    assert gather(_pieces("salam", "/browse", payload=1), now=0.5) == (1, 0.0)


def test_a_word_answers_a_question_at_once_but_a_greeting_or_the_beginning_of_a_question_does_not() -> None:
    assert gather(_pieces("Agadir"), now=0.0, asked=True) == (1, 0.0)
    assert gather(_pieces("salam"), now=0.5, asked=True) == (1, TOGETHER - 0.5)
    assert gather(_pieces("bghit nsewlek"), now=0.5, asked=True) == (1, TOGETHER - 0.5)
