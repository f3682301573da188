"""The flyer, A5: what one can ask, and how to begin; by itself, or two on A4 to cut, since few offices have A5 paper.

Both languages: one on each side, so that either stays whole where only one is printed.
"""

from __future__ import annotations

from functools import partial

from bot.documents.page import Block, Paper, Sheet
from bot.sharing.codes import address_block, name_block
from bot.sharing.colours import CLAY, GREEN, INK, SAND, STONE, WHITE
from bot.sharing.head import Foot, Head
from bot.sharing.layout import Matter, Part, arrange, fitted, lettering
from bot.sharing.ornaments import code_card
from bot.sharing.questions import Questions
from bot.sharing.title import Title
from bot.sharing.words import LAST_STEP, STEPS, word

A5 = Paper(148.0, 210.0, 0.0)
#: A4 lying on its side.
TWO = Paper(297.0, 210.0, 0.0)

#: Measures in mm.
_SIDE = 9.0
_TOP, _BOTTOM, _RADIUS, _PADDING, _GAP = 8.5, 8.0, 5.0, 5.0, 3.2
_CODE, _SMALL_CODE, _BESIDE = 37.0, 18.0, 4.0
_NUMBER = 5.4


def flyer(matter: Matter) -> bytes:
    """The flyer as a PDF: a page a language."""
    return _flyers(matter, A5, 1)


def two_flyers(matter: Matter) -> bytes:
    """Two flyers side by side on A4, to cut in the middle, as a PDF: a page a language."""
    return _flyers(matter, TWO, 2)


def _flyers(matter: Matter, paper: Paper, count: int) -> bytes:
    sheet = matter.sheet(paper)
    each = paper.width / count
    for language in matter.languages:
        sheet.read_in(language)
        sheet.new_page()
        for number in range(count):
            with sheet.within(number * each + _SIDE, 0.0, each - 2 * _SIDE):
                arrange(partial(_parts, sheet, matter.side(language)), _TOP, paper.height - _BOTTOM, _GAP)
    return sheet.output()


def _parts(sheet: Sheet, matter: Matter, scale: float) -> tuple[Part, ...]:
    return (
        Head(sheet, matter, 14.0, 10.5),
        Title(sheet, matter, 20.5 * scale, 5.2, _RADIUS),
        _Asked(sheet, matter, scale),
        _Begin(sheet, matter),
        Foot(sheet, matter, 7.5),
    )


def _heading(sheet: Sheet, name: str) -> Block:
    return sheet.block(word(name, sheet.language), lettering(12, sheet.language, CLAY, bold=True), sheet.room)


class _Asked:
    """What one can ask."""

    def __init__(self, sheet: Sheet, matter: Matter, scale: float) -> None:
        self._sheet = sheet
        self._heading = _heading(sheet, "may_ask")
        self._questions = Questions(sheet, matter, 10.2 * scale, 1.7, count=4)

    @property
    def height(self) -> float:
        """In mm."""
        return self._heading.height + 1.2 + self._questions.height

    def put(self, top: float) -> None:
        """Put it on the sheet."""
        self._questions.put(self._sheet.put(self._heading, 0, top) + 1.2)


class _Begin:
    """How to begin: the large code with three steps beside it, the other channels below."""

    def __init__(self, sheet: Sheet, matter: Matter) -> None:
        self._sheet, self._matter = sheet, matter
        (self._channel, self._link), *self._others = matter.links.ordered()
        self._aside = _PADDING + _CODE + _BESIDE
        room = sheet.room - self._aside - _PADDING
        self._heading = _heading(sheet, "begin")
        language = sheet.language
        said = (*STEPS[self._channel][language], LAST_STEP[language])
        self._steps = [fitted(sheet, text, lettering(9.2, language, INK), room - _NUMBER - 2, 2, language) for text in said]
        self._address = address_block(sheet, self._link, 9.6, INK, _CODE, bold=True)

    @property
    def height(self) -> float:
        """In mm."""
        others = _SMALL_CODE + _BESIDE if self._others else 0.0
        return 2 * _PADDING + _CODE + self._address.height + 1.0 + others

    def put(self, top: float) -> None:
        """Put it on the sheet."""
        sheet = self._sheet
        sheet.panel(0, top, sheet.room, self.height, SAND, _RADIUS)
        top += _PADDING
        code_card(sheet, self._link, _PADDING, top, _CODE)
        end = sheet.put(self._address, _PADDING, top + _CODE + 1.0, "center")
        self._put_steps(top, end)
        room = (sheet.room - 2 * _PADDING) / 2
        for number, (channel, link) in enumerate(self._others):
            _put_small_code(sheet, self._matter, channel, link, _PADDING + number * room, end + _BESIDE, room - 2.0)

    def _put_steps(self, top: float, end: float) -> None:
        sheet = self._sheet
        below = sheet.put(self._heading, self._aside, top)
        gap = (end - below - sum(block.height for block in self._steps)) / len(self._steps)
        for number, block in enumerate(self._steps, 1):
            below += gap
            sheet.dot(self._aside, below + (block.type.leading - _NUMBER) / 2, _NUMBER, GREEN)
            figure = sheet.block(str(number), lettering(8.6, "fr", WHITE, bold=True), _NUMBER)
            sheet.put(figure, self._aside, below + (block.type.leading - figure.height) / 2, "center")
            below = sheet.put(block, self._aside + _NUMBER + 2, below)


def _put_small_code(sheet: Sheet, matter: Matter, channel: str, link: str, start: float, top: float, room: float) -> None:
    """A small code with its channel's name and what to type beside it.

    Args:
        sheet: the pages.
        matter: what it is made of.
        channel: where the link leads: `telegram` or `web`.
        link: what is in the code.
        start: from the margin where reading starts, mm.
        top: from the top, mm.
        room: for the code and the text, mm.
    """
    code_card(sheet, link, start, top, _SMALL_CODE)
    aside = _SMALL_CODE + 2.5
    name = name_block(sheet, matter, channel, 9, room - aside)
    address = address_block(sheet, link, 8, STONE, room - aside)
    below = top + (_SMALL_CODE - name.height - address.height) / 2
    sheet.put(address, start + aside, sheet.put(name, start + aside, below))
