"""A report of figures on paper: A4 pages with the main figures at the top, then tables. What it says is given; this sets it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.documents.logo import read_logo
from bot.documents.page import ACCENT, BOTTOM, GREY, HEIGHT, ROOM, TOP, Block, Sheet, Type
from bot.documents.texts import text

_TITLE = Type(21, 9.6, ACCENT, bold=True)
_ABOUT = Type(11.5, 6.0, bold=True)
_SMALL = Type(9, 4.6, GREY)
_HEAD = Type(13, 7.0, ACCENT, bold=True)
_LABEL = Type(9.4, 4.8, GREY)
_BIG = Type(22, 10.0, bold=True)
_CELL = Type(10, 5.2)
_CELL_HEAD = Type(9, 4.8, GREY, bold=True)

#: Measures in mm: a column of numbers; the space in and around the rows of a table; tiles in a row, and the space between them.
_NUMBER = 31.0
_ROW_GAP = 1.3
_TABLE_GAP = 7.0
_TILES, _TILE_GAP = 4, 5.0
_LOGO = 24.0


@dataclass(frozen=True)
class Tile:
    """A figure at the top: what it is, its value, and a line below."""

    label: str
    value: str
    below: str = ""


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        title: above it.
        columns: the first one of words, the others of numbers.
        rows: as many cells as columns.
        note: below it.
    """

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    note: str = ""


@dataclass(frozen=True)
class Report:
    """What a report says, in its language.

    Attributes:
        title, about: whose and of when.
        tiles: the main figures.
        tables: the others.
        notes: what the figures mean and what is left out.
    """

    title: str
    about: str
    tiles: Sequence[Tile]
    tables: Sequence[Table]
    notes: Sequence[str]


def report_pdf(report: Report, logo: bytes, language: str, today: dt.date) -> bytes:
    """A report as a PDF.

    Args:
        report: what it says.
        logo: a PNG; empty for none.
        language: fr or ar.
        today: the day it is made.
    """
    sheet = Sheet(f"{report.title}, {report.about}", language, today)
    pages = _Pages(sheet)
    _head(pages, report, logo)
    _tiles(pages, report.tiles)
    for table in report.tables:
        _table(pages, table)
    for note in report.notes:
        pages.paragraph(sheet.block(note, _SMALL, ROOM), 1.2)
    pages.end()
    return sheet.output()


class _Pages:
    """Where on which page one is; a new one is begun where what comes does not fit. Page numbers are set as pages end: how many there are is not known."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self._number = 0
        self.top = 0.0
        self.turn()

    def turn(self) -> None:
        if self._number:
            self.end()
        self.sheet.new_page()
        self._number += 1
        self.top = TOP

    def need(self, height: float) -> None:
        """Go on where there is so much room, mm."""
        if self.top + height > HEIGHT - BOTTOM:
            self.turn()

    def paragraph(self, block: Block, above: float = 0.0) -> None:
        self.need(above + block.height)
        self.top = self.sheet.put(block, 0.0, self.top + above)

    def end(self) -> None:
        """Set the foot of the page."""
        sheet, kind = self.sheet, Type(7.6, 3.8, GREY)
        top = HEIGHT - BOTTOM + 4.0
        sheet.rule(0.0, top - 1.5, ROOM)
        sheet.put(sheet.block(text("report_footer", sheet.language), kind, ROOM - 20), 0.0, top)
        sheet.put(sheet.block(str(self._number), kind, 18.0), ROOM - 18.0, top, "end")


def _head(pages: _Pages, report: Report, png: bytes) -> None:
    sheet = pages.sheet
    logo, began = read_logo(png), pages.top
    width, height = logo.fitted(_LOGO, _LOGO) if logo else (0.0, 0.0)
    room = ROOM - width - 6.0 if logo else ROOM
    if logo:
        sheet.picture(logo.png, ROOM - width, began, width, height)
    pages.paragraph(sheet.block(report.title, _TITLE, room))
    pages.paragraph(sheet.block(report.about, _ABOUT, room), 1.0)
    pages.top = max(pages.top, began + height) + 4.0
    sheet.rule(0.0, pages.top, ROOM, ACCENT, 0.6)
    pages.top += 5.0


def _tiles(pages: _Pages, tiles: Sequence[Tile]) -> None:
    sheet = pages.sheet
    width = (ROOM - (_TILES - 1) * _TILE_GAP) / _TILES
    for begin in range(0, len(tiles), _TILES):
        row = [
            [sheet.block(tile.label, _LABEL, width), _large(sheet, tile.value, width), sheet.block(tile.below, _LABEL, width)]
            for tile in tiles[begin:][:_TILES]
        ]
        height = max(sum(block.height for block in blocks) for blocks in row)
        pages.need(height + 4.0)
        for place, blocks in enumerate(row):
            top = pages.top
            for block in blocks:
                top = sheet.put(block, place * (width + _TILE_GAP), top)
        pages.top += height + 4.0


def _large(sheet: Sheet, value: str, width: float) -> Block:
    """A main figure; words in its place are set smaller, on one line."""
    block = sheet.block(value, _BIG, width)
    return block if len(block.lines) == 1 else sheet.block(value, replace(_BIG, size=_BIG.size * 0.6), width)


def _table(pages: _Pages, table: Table) -> None:
    sheet = pages.sheet
    numbers = len(table.columns) - 1
    widths = [ROOM - numbers * _NUMBER, *[_NUMBER] * numbers]

    def blocks(cells: Sequence[str], kind: Type) -> list[Block]:
        return [sheet.block(cell, kind, width - 2.0) for cell, width in zip(cells, widths)]

    def put(row: Sequence[Block]) -> None:
        height, start = max(block.height for block in row), 0.0
        for position, (block, width) in enumerate(zip(row, widths)):
            sheet.put(block, start if position == 0 else start + 2.0, pages.top + _ROW_GAP, "start" if position == 0 else "end")
            start += width
        pages.top += height + 2 * _ROW_GAP
        sheet.rule(0.0, pages.top, ROOM)

    head = blocks(table.columns, _CELL_HEAD)
    rows = [blocks(row, _CELL) for row in table.rows]
    first = max((block.height for block in rows[0]), default=0.0) if rows else 0.0
    title = sheet.block(table.title, _HEAD, ROOM)
    # The title does not stand alone at the foot of a page.
    pages.need(_TABLE_GAP + title.height + max(block.height for block in head) + first + 6 * _ROW_GAP)
    pages.paragraph(title, _TABLE_GAP)
    put(head)
    for row in rows:
        if pages.top + max(block.height for block in row) + 2 * _ROW_GAP > HEIGHT - BOTTOM:
            pages.turn()
            put(head)
        put(row)
    if table.note:
        pages.paragraph(sheet.block(table.note, _SMALL, ROOM), 1.5)
