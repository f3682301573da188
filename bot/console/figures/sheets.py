"""Tables as files for spreadsheets, row by row. Whatever somebody typed stays text: nothing in it is ever calculated or left unseen.

A cell that begins like a formula is dangerous in a CSV file, where a cell has no type (https://owasp.org/www-community/attacks/CSV_Injection):
there it gets an apostrophe. In XLSX a text says that it is one, and that it stays one when somebody edits it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.datetime import to_excel

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
#: Where the rows of a workbook stand.
_SHEET = "xl/worksheets/sheet1.xml"
_ROWS = re.compile("<sheetData>(.*)</sheetData>", re.DOTALL)
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
    """Write a workbook of one sheet; rows go to the disk as they come, so that any number of them takes the same memory.

    openpyxl makes the workbook; the rows are written here, as it writes them, because it takes ten times as long.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes = "A2"
    styled = _styled(sheet)
    sheet.append(list(styled.values()))
    empty = io.BytesIO()
    book.save(empty)
    styles = {kind: cell.style_id for kind, cell in styled.items()}
    with zipfile.ZipFile(empty) as made, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for part in made.namelist():
            if part != _SHEET:
                written.writestr(part, made.read(part))
        before, _rows, after = _ROWS.split(made.read(_SHEET).decode())
        with written.open(_SHEET, "w", force_zip64=True) as stream:
            stream.write(f"{before}<sheetData>".encode())
            for row in rows:
                stream.write(f"<row>{''.join([_written(cell, styles) for cell in row])}</row>".encode())
            stream.write(f"</sheetData>{after}".encode())


def _styled(sheet: Any) -> dict[type, Any]:
    """A cell of each kind that looks other than plain: moments, days, and texts that stay text when somebody edits them."""
    moment = dt.datetime(2000, 1, 1)  # noqa: DTZ001 - Excel knows no time zones
    text = WriteOnlyCell(sheet, "text")
    text.quotePrefix = True
    return {dt.datetime: WriteOnlyCell(sheet, moment), dt.date: WriteOnlyCell(sheet, moment.date()), str: text}


def _written(cell: Cell, styles: Mapping[type, int]) -> str:
    """A cell of a workbook. A text that Excel could take for a formula or an error, were it typed, is told to be text."""
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, str):
        text = visible(cell).replace("\r\n", "\n").replace("\r", "\n")
        text = text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
        style = f' s="{styles[str]}"' if like_a_formula(cell) or text.startswith("#") else ""
        return f'<c t="inlineStr"{style}><is><t xml:space="preserve">{escape(text)}</t></is></c>'
    if isinstance(cell, dt.date):  # a moment is one too
        return f'<c t="n" s="{styles[type(cell)]}"><v>{to_excel(cell)}</v></c>'
    return f'<c t="n"><v>{cell}</v></c>'
