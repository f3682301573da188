"""The title of the larger sheets: what Dalil is for, in large letters on green."""

from __future__ import annotations

from dataclasses import replace

from bot.documents.page import Block, Sheet
from bot.sharing.colours import GOLD, GREEN, LEAF, WHITE
from bot.sharing.layout import Matter, balanced, display, fitted, lettering, own_side, stacked
from bot.sharing.ornaments import stars
from bot.sharing.words import word


class Title:
    """A panel with the question, the answer, and that it is free."""

    def __init__(self, sheet: Sheet, matter: Matter, size: float, padding: float, radius: float) -> None:
        """A title.

        Args:
            sheet: what it is for.
            matter: what it is made of.
            size: of the letters where there is one language, points.
            padding: between the edge of the panel and the text, mm.
            radius: of the corners, mm.
        """
        self._sheet, self._languages, self._padding, self._radius = sheet, matter.languages, padding, radius
        self._room = sheet.room - 2 * padding
        many = len(matter.languages)
        size /= many**0.45
        lines = 3 - many
        self._said: list[tuple[str, Block]] = []
        for language in matter.languages:
            text = word("question", language)
            question = fitted(sheet, text, display(size, language, WHITE), self._room, lines, language)
            question = balanced(sheet, text, question, lines, language)
            answer = sheet.block(word("ask", language), replace(question.type, ink=GOLD), self._room, language)
            self._said += [(language, question), (language, answer)]
        self._small = size * (0.42 if many == 1 else 0.48)
        self._pill = self._small * 0.74
        self._gap = padding * 0.7

    @property
    def height(self) -> float:
        """In mm."""
        return 2 * self._padding + stacked([block for _, block in self._said], 0) + self._gap * len(self._languages) + self._pill

    def put(self, top: float) -> None:
        """Put it on the sheet."""
        sheet, room = self._sheet, self._sheet.room
        sheet.panel(0, top, room, self.height, GREEN, self._radius)
        step = self.height / 9
        # Beside the first language; where a second one stands below it, not behind that.
        high = self.height - step if len(self._languages) == 1 else self.height * 0.4
        stars(sheet, room * 0.6, top + step / 2, room * 0.4 - step / 2, high, step, LEAF)
        below = top + self._padding * 0.85
        for number, (language, block) in enumerate(self._said):
            below = sheet.put(block, self._padding, below, own_side(sheet, language))
            below += self._gap if number % 2 else 0.0
        for language in self._languages:
            self._put_pill(language, top + self.height - self._padding - self._pill)

    def _put_pill(self, language: str, top: float) -> None:
        """That it is free, and in which languages it answers."""
        sheet, height = self._sheet, self._pill
        free = sheet.block(word("free", language), lettering(self._small, language, GREEN, bold=True), self._room, language)
        spoken = sheet.block(word("languages", language), lettering(self._small * 0.9, language, WHITE), self._room, language)
        wide, between = free.width + 1.2 * height, height * 0.45
        at_start = own_side(sheet, language) == "start"
        start = self._padding if at_start else sheet.room - self._padding - wide
        sheet.panel(start, top, wide, height, GOLD, height * 0.495)
        sheet.put(free, start + 0.6 * height, top + (height - free.height) / 2)
        sheet.put(spoken, start + wide + between if at_start else start - between - spoken.width, top + (height - spoken.height) / 2)
