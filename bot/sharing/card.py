"""The business card, 85 x 55 mm: one by itself with a bleed, for a print shop, and ten on A4 to cut out, for an office printer.

A print shop lays cards out itself and asks for a single one, 3 mm larger than the cut on each side; an office prints A4. Nothing on the card
comes near its edge, so ten can lie without a gap, a cut that is a little off spoils none, and the bleed is white. Both languages: one on each side.
"""

from __future__ import annotations

from dataclasses import replace

from bot.documents.page import Paper, Sheet
from bot.sharing.codes import address_block
from bot.sharing.colours import GOLD, GREEN, INK, STONE, WHITE
from bot.sharing.head import put_chamber
from bot.sharing.layout import Matter, balanced, display, fitted, lettering
from bot.sharing.ornaments import code_card
from bot.sharing.words import CHANNELS, word

#: Measures in mm.
_WIDTH, _HEIGHT, _BLEED = 85.0, 55.0, 3.0
_COLUMNS, _ROWS = 2, 5
SINGLE = Paper(_WIDTH + 2 * _BLEED, _HEIGHT + 2 * _BLEED, _BLEED, bleed=_BLEED)
TEN = Paper(210.0, 297.0, (210.0 - _COLUMNS * _WIDTH) / 2)

_SIDE = 5.0
_ROOM = _WIDTH - 2 * _SIDE
_HEAD, _TOP, _CODE = 10.0, 17.0, 28.0
_PANEL, _PADDING = 44.0, 3.2


def card(matter: Matter) -> bytes:
    """The card by itself, as a PDF with a bleed: a page a language."""
    sheet = matter.sheet(SINGLE)
    for language in matter.languages:
        sheet.read_in(language)
        sheet.new_page()
        _put_card(sheet, matter.side(language), _BLEED, _BLEED)
    return sheet.output()


def ten_cards(matter: Matter) -> bytes:
    """Ten cards on A4 with marks where to cut, as a PDF: a page a language, so that printed on both sides they meet."""
    sheet = matter.sheet(TEN)
    top = (TEN.height - _ROWS * _HEIGHT) / 2
    for language in matter.languages:
        sheet.read_in(language)
        sheet.new_page()
        for row in range(_ROWS):
            for column in range(_COLUMNS):
                _put_card(sheet, matter.side(language), TEN.side + column * _WIDTH, top + row * _HEIGHT)
        _put_cut_marks(sheet, top)
    return sheet.output()


def _put_card(sheet: Sheet, matter: Matter, left: float, top: float) -> None:
    """A card whose cut begins at a point of the page, mm."""
    with sheet.within(left + _SIDE, top, _ROOM):
        start = 0.0
        if matter.logo:
            width, tall = matter.logo.fitted(26.0, _HEAD)
            sheet.picture(matter.logo.png, 0, _SIDE + (_HEAD - tall) / 2, width, tall)
            start = width + 2.2
        put_chamber(sheet, matter, start, _SIDE, _ROOM - start, _HEAD, 7.6)
        _put_title(sheet, matter)
        _put_code(sheet, matter)


def _put_title(sheet: Sheet, matter: Matter) -> None:
    """What Dalil is for, on green; below, that it is free and not official."""
    language, room = sheet.language, _PANEL - 2 * _PADDING
    height = _HEIGHT - _SIDE - _TOP - 3.4
    sheet.panel(0, _TOP, _PANEL, height, GREEN, 2.4)
    question = fitted(sheet, word("question", language), display(11.4, language, WHITE), room, 2, language)
    question = balanced(sheet, word("question", language), question, 2, language)
    answer = sheet.block(word("ask", language), replace(question.type, ink=GOLD), room)
    free = fitted(sheet, word("free_in", language), lettering(6.6, language, WHITE), room, 1, language)
    below = _TOP + _PADDING * 0.8
    for block in (question, answer):
        below = sheet.put(block, _PADDING, below)
    sheet.put(free, _PADDING, _TOP + height - _PADDING * 0.8 - free.height)
    small = fitted(sheet, word("unofficial", language), lettering(6.0, language, STONE), _PANEL, 1, language)
    sheet.put(small, 0, _HEIGHT - _SIDE - small.height + 0.4)


def _put_code(sheet: Sheet, matter: Matter) -> None:
    """The code, its channel's name and what to type below it."""
    (channel, link), *_ = matter.links.ordered()
    start = _ROOM - _CODE
    code_card(sheet, link, start, _TOP - 1.6, _CODE)
    name = sheet.block(CHANNELS[channel][sheet.language], lettering(6.6, sheet.language, GREEN, bold=True), _CODE)
    address = address_block(sheet, link, 7.4, INK, _CODE, bold=True)
    below = _TOP - 1.6 + _CODE
    for block in (name, address):
        below = sheet.put(block, start, below, "center")


def _put_cut_marks(sheet: Sheet, top: float) -> None:
    """Short lines in the margins where the cuts begin and end."""
    length, beyond = 4.0, 1.5
    bottom = top + _ROWS * _HEIGHT
    for column in range(_COLUMNS + 1):
        for begin in (top - beyond - length, bottom + beyond):
            sheet.upright(column * _WIDTH, begin, length)
    for row in range(_ROWS + 1):
        for start in (-beyond - length, _COLUMNS * _WIDTH + beyond):
            sheet.rule(start, top + row * _HEIGHT, length)
