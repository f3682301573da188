"""People write in bursts: "salam", "bghit nsewlek", "3la ta3awniya". Which of the waiting messages are one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.language.completeness import is_complete

#: Pieces that follow one another within so many seconds may belong together.
TOGETHER = 1.5


@dataclass(frozen=True)
class Piece:
    """A waiting message: its text, when it came, and whether it is typed text."""

    text: str
    received_at: float
    is_text: bool


def gather(pieces: Sequence[Piece], now: float, asked: bool = False) -> tuple[int, float]:
    """How many of the first pieces to read as one message, and how long to wait for more before that.

    A piece that is complete by itself is read at once, with the incomplete ones before it. An incomplete one waits for the next.

    Args:
        pieces: at least one, in order of arrival.
        now: the time.
        asked: whether Dalil's last message to the person ended with a question.

    Returns:
        The number of pieces, and 0.0 or the seconds to wait first.
    """
    if not pieces[0].is_text:
        return 1, 0.0
    for count, piece in enumerate(pieces, 1):
        if is_complete(piece.text, asked) or (count > 1 and is_complete(joined(pieces[:count]), asked)):
            return count, 0.0
        following = pieces[count] if count < len(pieces) else None
        if following is None:
            waited = now - piece.received_at  # less than nothing: the clock was put back, or another machine's is ahead
            return count, max(0.0, TOGETHER - waited) if waited > -TOGETHER else 0.0
        if not following.is_text or following.received_at - piece.received_at > TOGETHER:
            return count, 0.0
    return len(pieces), 0.0


def joined(pieces: Sequence[Piece]) -> str:
    """The pieces as one message."""
    return " ".join(piece.text for piece in pieces)
