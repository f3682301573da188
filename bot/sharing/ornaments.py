"""What is drawn on the printed matter: the sign of Dalil, stars, bubbles, codes on white."""

from __future__ import annotations

import math
from dataclasses import replace

from bot.documents.page import Block, Ink, Sheet
from bot.documents.qr import QUIET, matrix
from bot.sharing.colours import GOLD, GREEN, WHITE

#: The inner corners of an eight-pointed star made of two squares, as part of the outer ones.
_INNER = math.cos(math.pi / 4) / math.cos(math.pi / 8)


def sign(sheet: Sheet, start: float, top: float, side: float, ground: Ink = GREEN, figure: Ink = GOLD) -> None:
    """Dalil's sign, a compass, as on the chat page."""
    unit = side / 64
    sheet.panel(start, top, side, side, ground, 16 * unit)
    for radius, ink in ((23, figure), (19, ground)):
        sheet.dot(start + (32 - radius) * unit, top + (32 - radius) * unit, 2 * radius * unit, ink)
    sheet.shape([(start + x * unit, top + y * unit) for x, y in ((32, 15), (39, 32), (32, 49), (25, 32))], figure)
    sheet.dot(start + 28.5 * unit, top + 28.5 * unit, 7 * unit, ground)


def star(sheet: Sheet, start: float, top: float, radius: float, ink: Ink) -> None:
    """An eight-pointed star around a point."""
    corners = []
    for corner in range(16):
        reach = radius * (_INNER if corner % 2 else 1.0)
        angle = corner * math.pi / 8
        corners.append((start + reach * math.cos(angle), top + reach * math.sin(angle)))
    sheet.shape(corners, ink)


def stars(sheet: Sheet, start: float, top: float, width: float, height: float, step: float, ink: Ink) -> None:
    """Rows of stars that grow towards the far end; none reaches beyond the rectangle."""
    across, down = int(width / step), int(height / step)
    for row in range(down):
        for column in range(across):
            grown = (column + 1) / across
            radius = step * 0.5 * grown**0.8
            star(sheet, start + width - (across - column - 0.5) * step, top + (row + 0.5) * step, radius, ink)


def bubble(sheet: Sheet, block: Block, start: float, top: float, padding: float, ink: Ink, *, align: str, tail: str) -> None:
    """A paragraph in a speech bubble that is as wide as its text.

    Args:
        sheet: the pages.
        block: the paragraph.
        start: where the bubble begins, mm.
        top: from the top, mm.
        padding: above and below the text, mm; left and right there is twice as much.
        ink: the ground.
        align: from which side the text is set, `start` or `end`.
        tail: where its square corner is, `start` or `end`.
    """
    width, height = bubble_size(block, padding)
    radius = min(padding + block.type.leading / 2, height / 2) * 0.98
    sheet.panel(start, top, width, height, ink, radius, tail)
    sheet.put(replace(block, room=block.width), start + 2 * padding, top + padding, align)


def bubble_size(block: Block, padding: float) -> tuple[float, float]:
    """Width and height of the bubble around a paragraph, mm."""
    return block.width + 4 * padding, block.height + 2 * padding


def code_card(sheet: Sheet, link: str, start: float, top: float, side: float) -> None:
    """The code of a link on a white square with the light margin that readers need.

    Raises:
        ValueError: when the link is too long for a code.
    """
    module = side / (len(matrix(link)) + 2 * QUIET)
    sheet.panel(start, top, side, side, WHITE, 3 * module)
    sheet.code(link, start + QUIET * module, top + QUIET * module, side - 2 * QUIET * module)
