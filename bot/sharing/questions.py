"""What people can ask, in speech bubbles, as if they had just written it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.documents.page import Block, Sheet
from bot.sharing.colours import INK, MINT, SAND
from bot.sharing.layout import Matter, fitted, lettering, own_side
from bot.sharing.ornaments import bubble, bubble_size
from bot.sharing.words import QUESTIONS


class Questions:
    """The questions, one below the other; two languages side by side, Arabic on the right."""

    def __init__(self, sheet: Sheet, matter: Matter, size: float, padding: float, count: int) -> None:
        """Questions.

        Args:
            sheet: what they are for.
            matter: what it is made of.
            size: of the letters where there is one language, points.
            padding: above and below the text of a bubble, mm.
            count: how many there are.
        """
        self._sheet, self._padding = sheet, padding
        many = len(matter.languages)
        self._room = (sheet.room - (many - 1) * 3 * padding) / many
        size /= many**0.3
        self._columns = [(language, [self._set(text, size, language) for text in QUESTIONS[language][:count]]) for language in matter.languages]

    def _set(self, text: str, size: float, language: str) -> Block:
        return fitted(self._sheet, text, lettering(size, language, INK), self._room - 4 * self._padding, 2, language)

    @property
    def height(self) -> float:
        """In mm."""
        return max(self._heights(blocks) + self._padding * (len(blocks) - 1) for _, blocks in self._columns)

    def _heights(self, blocks: Sequence[Block]) -> float:
        return sum(bubble_size(block, self._padding)[1] for block in blocks)

    def put(self, top: float) -> None:
        """Put them on the sheet."""
        for language, blocks in self._columns:
            gap = (self.height - self._heights(blocks)) / max(1, len(blocks) - 1)
            below = top
            for number, block in enumerate(blocks):
                self._put_one(block, language, below, shifted=number % 2 == 1)
                below += bubble_size(block, self._padding)[1] + gap

    def _put_one(self, block: Block, language: str, top: float, *, shifted: bool) -> None:
        """A bubble at the side where its language begins; where there is one language every second one at the other side."""
        sheet, room = self._sheet, self._sheet.room
        width, _ = bubble_size(block, self._padding)
        own = own_side(sheet, language)
        column = 0.0 if own == "start" else room - self._room
        at_start = (own == "start") != (shifted and len(self._columns) == 1)
        start = column if at_start else column + self._room - width
        bubble(sheet, block, start, top, self._padding, MINT if shifted else SAND, align=own, tail="start" if at_start else "end")
