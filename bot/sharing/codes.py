"""The codes to scan: a large one for the channel that most people have, the others beside it, each with what to type instead."""

from __future__ import annotations

from bot.documents.lines import Span, left_to_right, own_direction
from bot.documents.page import Block, Ink, Sheet
from bot.sharing.colours import CLAY, GREEN, INK, SAND, STONE
from bot.sharing.layout import Matter, Part, fitted, lettering, stacked
from bot.sharing.links import short_address
from bot.sharing.ornaments import code_card
from bot.sharing.words import CHANNELS, SCAN


class Codes:
    """A panel with the codes.

    Attributes:
        height: in mm.
    """

    def __init__(self, sheet: Sheet, matter: Matter, height: float, size: float, padding: float, radius: float, *, only_one: bool = False) -> None:
        """Codes.

        Args:
            sheet: what they are for.
            matter: what it is made of.
            height: of the panel, mm.
            size: of the letters of what to do, where there is one language, points.
            padding: between the edge of the panel and what is in it, mm.
            radius: of the corners, mm.
            only_one: whether the other channels are told in words and have no code.
        """
        self.height = height
        self._sheet, self._padding, self._radius = sheet, padding, radius
        self._large = height - 2 * padding
        self._aside = self._large + 2 * padding
        room = sheet.room - self._aside - padding
        many = len(matter.languages)
        (channel, self._link), *others = matter.links.ordered()
        small = size * 0.5 / many**0.15
        self._others: Part
        if only_one:
            self._others = _InWords(sheet, matter, others, self._aside, room, small)
        else:
            self._others = _AsCodes(sheet, matter, others, self._aside, room, small, self._large * 0.39)
        size /= many**0.35
        self._gap = small * 0.2
        self._told = [fitted(sheet, SCAN[channel][each], lettering(size, each, GREEN, bold=True), room, 3 - many, each) for each in matter.languages]
        self._told.append(address_block(sheet, self._link, size * 0.82, INK, room, bold=True))

    def put(self, top: float) -> None:
        """Put it on the sheet."""
        sheet, padding = self._sheet, self._padding
        sheet.panel(0, top, sheet.room, self.height, SAND, self._radius)
        code_card(sheet, self._link, padding, top + padding, self._large)
        spare = self._large - stacked(self._told, self._gap) - self._others.height
        below = top + padding + (min(spare / 3, padding / 2) if self._others.height else spare / 2)
        for block in self._told:
            below = sheet.put(block, self._aside, below) + self._gap
        self._others.put(top + padding + self._large - self._others.height)


class _AsCodes:
    """Other channels: a small code each, side by side, the name and what to type below it.

    Attributes:
        height: in mm.
    """

    def __init__(self, sheet: Sheet, matter: Matter, others: list[tuple[str, str]], start: float, room: float, size: float, side: float) -> None:
        self._sheet, self._start, self._side, self._each = sheet, start, side, room / 2
        self._codes = []
        for channel, link in others:
            name = name_block(sheet, matter, channel, size, self._each * 0.95)
            self._codes.append((link, name, address_block(sheet, link, size * 0.9, STONE, self._each * 0.95)))
        self._below, self._apart = side * 1.03, size * 0.05
        self.height = max((self._below + name.height + self._apart + address.height for _, name, address in self._codes), default=0.0)

    def put(self, top: float) -> None:
        """Put them on the sheet."""
        for number, (link, name, address) in enumerate(self._codes):
            start = self._start + number * self._each
            code_card(self._sheet, link, start, top, self._side)
            below = self._sheet.put(name, start, top + self._below)
            self._sheet.put(address, start, below + self._apart)


class _InWords:
    """Other channels: the name and what to type, a line each.

    Attributes:
        height: in mm.
    """

    def __init__(self, sheet: Sheet, matter: Matter, others: list[tuple[str, str]], start: float, room: float, size: float) -> None:
        self._sheet, self._start = sheet, start
        self._blocks: list[Block] = []
        for channel, link in others:
            line = [Span(f"{_names(matter, channel)}\u00a0\u00a0", bold=True), Span(left_to_right(short_address(link)))]
            self._blocks.append(fitted(sheet, line, lettering(size * 1.25, sheet.language, INK), room, 2, sheet.language))
        self.height = stacked(self._blocks, 0)

    def put(self, top: float) -> None:
        """Put them on the sheet."""
        for block in self._blocks:
            top = self._sheet.put(block, self._start, top)


def address_block(sheet: Sheet, link: str, size: float, ink: Ink, room: float, *, bold: bool = False) -> Block:
    """What to type instead of scanning, in at most two lines."""
    return fitted(sheet, left_to_right(short_address(link)), lettering(size, "fr", ink, bold=bold), room, 2, sheet.language)


def name_block(sheet: Sheet, matter: Matter, channel: str, size: float, room: float) -> Block:
    """The name of a channel, in the sheet's languages."""
    return fitted(sheet, _names(matter, channel), lettering(size, sheet.language, CLAY, bold=True), room, 1, sheet.language)


def _names(matter: Matter, channel: str) -> str:
    return " · ".join(own_direction(CHANNELS[channel][language]) for language in matter.languages)
