"""The head of the larger sheets, the chamber's logo and name and the sign of Dalil; and the small print at their foot."""

from __future__ import annotations

from bot.documents.lines import left_to_right
from bot.documents.page import Block, Ink, Sheet
from bot.sharing.colours import GREEN, INK, STONE
from bot.sharing.layout import Matter, fitted, lettering, own_side, stacked
from bot.sharing.links import spaced_number
from bot.sharing.ornaments import sign
from bot.sharing.words import word


class Head:
    """Logo, name and telephone of the chamber where reading starts, Dalil at the other end.

    Attributes:
        height: in mm.
    """

    def __init__(self, sheet: Sheet, matter: Matter, height: float, size: float) -> None:
        """A head of a height, mm, the chamber's name in letters of `size` points where there is room."""
        self.height = height
        self._sheet, self._matter, self._size = sheet, matter, size

    def put(self, top: float) -> None:
        """Put it on the sheet."""
        sheet, matter, height = self._sheet, self._matter, self.height
        room = sheet.room - self._put_dalil(top) - height * 0.25
        start = 0.0
        if matter.logo:
            width, tall = matter.logo.fitted(room * 0.42, height)
            sheet.picture(matter.logo.png, 0, top + (height - tall) / 2, width, tall)
            start = width + height * 0.2
        put_chamber(sheet, matter, start, top, room - start, height, self._size)

    def _put_dalil(self, top: float) -> float:
        """Its sign and name at the end; returns the room they take, mm."""
        sheet, side = self._sheet, self.height * 0.6
        names = [sheet.block(word("name", each), lettering(self._size * 1.2, each, GREEN, bold=True), 99, each) for each in self._matter.languages]
        end = sheet.room
        sign(sheet, end - side, top + (self.height - side) / 2, side)
        below = top + (self.height - stacked(names, 0)) / 2
        widest = max(block.width for block in names)
        for block in names:
            below = sheet.put(block, end - side * 1.2 - block.width, below)
        return side * 1.2 + widest


def put_chamber(sheet: Sheet, matter: Matter, start: float, top: float, room: float, height: float, size: float) -> None:
    """The chamber's name in the sheet's languages and its telephone, in the middle of a height; all measures in mm, the size in points."""
    size /= len(matter.languages) ** 0.35
    phone = matter.chamber.contacts.phone
    phones = [sheet.block(left_to_right(spaced_number(phone)), lettering(size * 0.75, "fr", STONE), room)] if phone else []
    left = (height - stacked(phones, 0)) / len(matter.languages)
    names: list[Block] = []
    for language in matter.languages:
        names.append(fitted(sheet, matter.chamber.name(language), lettering(size, language, INK, bold=True), room, 3, language, left))
    below = top + (height - stacked([*names, *phones], 0)) / 2
    for block in [*names, *phones]:
        below = sheet.put(block, start, below)


class Foot:
    """That Dalil is not official: a line, each language at the side where it begins."""

    def __init__(self, sheet: Sheet, matter: Matter, size: float, ink: Ink = STONE) -> None:
        """A foot in letters of `size` points."""
        self._sheet = sheet
        room = sheet.room / len(matter.languages) * 0.98
        self._said = [(each, fitted(sheet, word("unofficial", each), lettering(size, each, ink), room, 1, each)) for each in matter.languages]

    @property
    def height(self) -> float:
        """In mm."""
        return max(block.height for _, block in self._said)

    def put(self, top: float) -> None:
        """Put it on the sheet."""
        for language, block in self._said:
            start = 0.0 if own_side(self._sheet, language) == "start" else self._sheet.room - block.width
            self._sheet.put(block, start, top + (self.height - block.height) / 2)
