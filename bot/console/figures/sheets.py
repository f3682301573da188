"""Tables as files for spreadsheets, row by row. Whatever somebody typed stays text: nothing in it is ever calculated or left unseen.

A cell that begins like a formula is dangerous in a CSV file, where a cell has no type (https://owasp.org/www-community/attacks/CSV_Injection):
there it gets an apostrophe. In XLSX a text says that it is one, and that it stays one when somebody edits it.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

Cell = str | int | float | dt.datetime | dt.date | None
Row = Sequence[Cell]

#: Excel takes UTF-8 for something else without it.
_BOM = "\ufeff"
#: What Excel separates cells by where a decimal comma is used: French, and French and Arabic in Morocco.
SEPARATOR = ";"
#: Rows that are sent at once.
_PIECE = 500
#: Longest text that a cell of Excel's holds.
LONGEST = 32_767
_STARTS = frozenset("=+-@\t\r")
#: Control characters; halves of characters, and what no text may hold (XML 1.0, section 2.2).
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """`text` with the control characters that files cannot hold as signs for them (NUL as ␀), and broken characters as �."""
    return _UNSEEN.sub(lambda found: _sign(ord(found.group())), text)


def _sign(code: int) -> str:
    return "\ufffd" if code > 0x7F else "␡" if code == 0x7F else chr(0x2400 + code)


def like_a_formula(text: str) -> bool:
    """Whether a spreadsheet could take `text` for a formula: by its first sign that is seen, a wide or small variant of it too."""
    if text[:1].isalnum():
        return False  # nearly all texts
    if text[:1] in _STARTS:
        return True
    first = next((character for character in text if not character.isspace() and unicodedata.category(character) not in ("Cc", "Cf", "Mn")), "")
    return unicodedata.normalize("NFKC", first)[:1] in _STARTS


def plain(cell: Cell) -> str:
    """A cell of a CSV file."""
    if isinstance(cell, str):
        text = visible(cell)
        return f"'{text}" if like_a_formula(cell) else text
    if isinstance(cell, dt.datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    return "" if cell is None else str(cell)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_pieces(rows: Iterable[Row]) -> Iterator[bytes]:
    """A CSV file in pieces; every cell is quoted, so that no text begins a cell of its own."""
    writer = csv.writer(_Echo(), delimiter=SEPARATOR, quoting=csv.QUOTE_ALL)
    piece = [_BOM]
    for row in rows:
        piece.append(writer.writerow([plain(cell) for cell in row]))
        if len(piece) >= _PIECE:
            yield "".join(piece).encode()
            piece.clear()
    yield "".join(piece).encode()


def write_xlsx(file: IO[bytes], title: str, rows: Iterable[Row]) -> None:
    """Write a workbook of one sheet; rows go to the disk as they come, so that any number of them takes the same memory."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append([_typed(sheet, cell) for cell in row])
    book.save(file)


def _typed(sheet: Any, cell: Cell) -> Any:
    """A cell as openpyxl writes it. It takes a text for a formula or an error by its beginning: then it is told that it is text."""
    if not isinstance(cell, str) or not cell:
        return None if cell == "" else cell
    text = visible(cell).replace("\r\n", "\n").replace("\r", "\n")
    text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
    if not like_a_formula(cell) and not text.startswith("#"):
        return text
    typed = WriteOnlyCell(sheet, text)
    typed.data_type = "s"
    typed.quotePrefix = True
    return typed
