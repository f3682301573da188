"""The colours of what is shared, and the measure of how well one stands out from another."""

from __future__ import annotations

from bot.documents.page import Ink

WHITE: Ink = (255, 255, 255)
#: The green and the gold of the chat page and its sign; a lighter green for ornaments only.
GREEN: Ink = (15, 92, 74)
LEAF: Ink = (24, 106, 87)
GOLD: Ink = (246, 226, 178)
SAND: Ink = (246, 240, 227)
MINT: Ink = (223, 238, 231)
CLAY: Ink = (150, 68, 24)
INK: Ink = (29, 37, 34)
STONE: Ink = (78, 88, 83)

#: The least contrast of text, and of text of 18 points (14 where bold) or more: WCAG 2.2, success criterion 1.4.3.
LEAST_CONTRAST, LEAST_CONTRAST_LARGE = 4.5, 3.0


def contrast(one: Ink, other: Ink) -> float:
    """The contrast ratio of two colours, 1 to 21: WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(ink: Ink) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (value / 255 for value in ink)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
