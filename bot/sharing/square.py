"""The square for social networks: 1080 x 1080 pixels, and the same as PDF."""

from __future__ import annotations

from bot.documents.page import Paper
from bot.sharing.codes import Codes
from bot.sharing.colours import GREEN, WHITE
from bot.sharing.head import Foot, Head
from bot.sharing.layout import Matter, Part, arrange
from bot.sharing.title import Title

#: Ten pixels a mm.
PIXELS = 1080
SQUARE = Paper(PIXELS / 10, PIXELS / 10, 5.5)

#: From the edges to the first and the last line, the height of the head and what is below it, the corners of the panels, the least space, mm.
_TOP, _BOTTOM, _HEAD, _BELOW_HEAD, _RADIUS, _GAP = 3.5, 2.6, 12.0, 3.5, 4.0, 2.0


def square(matter: Matter) -> bytes:
    """The square as a PDF of one page. It has one code only: it is looked at on a telephone, and what is typed there has to be large.

    Args:
        matter: what it is made of.

    Raises:
        ValueError: when the link is too long for a code.
    """
    sheet = matter.sheet(SQUARE)
    sheet.new_page()
    sheet.panel(-SQUARE.side, 0, SQUARE.width, SQUARE.height, GREEN)
    sheet.panel(-SQUARE.side, 0, SQUARE.width, _TOP + _HEAD + _BELOW_HEAD, WHITE)

    def build(scale: float) -> tuple[Part, ...]:
        return (
            Title(sheet, matter, 23.5 * scale, 4.0, 0.0),
            Codes(sheet, matter, 36.0, 11.0, 3.2, _RADIUS, only_one=True),
            Foot(sheet, matter, 6.4, WHITE),
        )

    Head(sheet, matter, _HEAD, 9.0).put(_TOP)
    arrange(build, _TOP + _HEAD + _BELOW_HEAD + _GAP, SQUARE.height - _BOTTOM, _GAP)
    return sheet.output()
