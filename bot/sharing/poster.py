"""The poster: A4, and the same larger as A3. Nothing comes nearer to the edge than 10 mm, so that office printers print all of it."""

from __future__ import annotations

from bot.documents.page import Paper
from bot.sharing.codes import Codes
from bot.sharing.head import Foot, Head
from bot.sharing.layout import Matter, Part, arrange
from bot.sharing.questions import Questions
from bot.sharing.title import Title

_LARGER = 297.0 / 210.0
A4 = Paper(210.0, 297.0, 12.0)
#: The same sheet, printed larger; A3 is not exactly as much higher as it is wider.
A3 = Paper(210.0, 420.0 / _LARGER, 12.0, _LARGER)

#: From the edges to the first and the last line, the corners of the panels, and the least space between the parts, mm.
_TOP, _BOTTOM, _RADIUS, _GAP = 12.0, 11.0, 7.0, 7.0


def poster(matter: Matter, paper: Paper) -> bytes:
    """The poster as a PDF of one page.

    Args:
        matter: what it is made of.
        paper: `A4` or `A3`.
    """
    sheet = matter.sheet(paper)
    sheet.new_page()
    count = 4 if len(matter.languages) == 1 else 3

    def build(scale: float) -> tuple[Part, ...]:
        return (
            Head(sheet, matter, 21.0, 16.5),
            Title(sheet, matter, 38.0 * scale, 9.5, _RADIUS),
            Questions(sheet, matter, 15.5 * scale, 2.6, count),
            Codes(sheet, matter, 80.0, 17.5, 7.0, _RADIUS),
            Foot(sheet, matter, 9.5),
        )

    arrange(build, _TOP, paper.height - _BOTTOM, _GAP)
    return sheet.output()
