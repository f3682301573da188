"""Text of the printed matter set to fit: smaller where it is long, its lines of like length, each language from its own side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from bot.chambers.chamber import Chamber
from bot.documents.lines import Span, plain
from bot.documents.logo import Logo
from bot.documents.page import Block, Ink, Paper, Sheet, Type
from bot.documents.qr import matrix
from bot.sharing.links import Links
from bot.sharing.words import word, written

#: How much smaller text is tried, step by step.
_STEP = 0.97


@dataclass(frozen=True)
class Matter:
    """What a sheet is made of.

    Attributes:
        language: fr, ar or both.
        chamber: in whose name.
        logo: of the chamber; None where it has none.
        links: where the codes lead; there is at least one.
        today: the day it is made.

    Raises:
        ValueError: when a link is too long for a code.
    """

    language: str
    chamber: Chamber
    logo: Logo | None
    links: Links
    today: dt.date

    def __post_init__(self) -> None:
        for _, link in self.links.ordered():
            matrix(link)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages it is written in, the first one first."""
        return written(self.language)

    def side(self, language: str) -> Matter:
        """The same in one of its languages: a side of a sheet that has one on each."""
        return replace(self, language=language)

    def sheet(self, paper: Paper) -> Sheet:
        """A document without pages, which runs in the direction of its first language."""
        language = self.languages[0]
        return Sheet(f"{word('question', language)} {word('ask', language)}", language, self.today, paper)


def lettering(size: float, language: str, ink: Ink, *, bold: bool = False) -> Type:
    """How text is set in a language: Arabic a little larger and further apart, so that both look of one size.

    Args:
        size: of French letters, points.
        language: fr or ar.
        ink: its colour.
        bold: its weight.
    """
    return Type(size, size * 0.44, ink, bold) if language == "fr" else Type(size * 1.16, size * 0.51, ink, bold)


def display(size: float, language: str, ink: Ink) -> Type:
    """How a title is set: as `lettering`, the lines of French closer together, those of Arabic further apart."""
    kind = lettering(size, language, ink, bold=True)
    return replace(kind, leading=kind.leading * (0.95 if language == "fr" else 1.06))


def own_side(sheet: Sheet, language: str) -> str:
    """Where a paragraph in a language begins: `start` where it runs as the sheet does, else `end`."""
    return "start" if (language != "fr") == sheet.rtl else "end"


def fitted(sheet: Sheet, text: Sequence[Span] | str, kind: Type, room: float, lines: int, language: str, height: float = 1e9) -> Block:
    """A paragraph of at most so many lines and so much height, mm: set smaller until it is, and its lines made of like length."""
    block = sheet.block(text, kind, room, language)
    while len(block.lines) > lines or block.height > height:
        kind = kind.scaled(_STEP)
        block = sheet.block(text, kind, room, language)
    return balanced(sheet, text, block, len(block.lines), language)


def balanced(sheet: Sheet, text: Sequence[Span] | str, block: Block, lines: int, language: str) -> Block:
    """A paragraph in so many lines, none of them much shorter than the others."""
    if lines == 1:
        return block
    # Not narrower than the longest word, which would be torn.
    words = (text if isinstance(text, str) else plain(text)).split()
    narrow = max((sheet.block(word, block.type, block.room, language).width for word in words), default=0.0)
    wide, best = block.room, block
    for _ in range(9):
        room = (narrow + wide) / 2
        tried = sheet.block(text, block.type, room, language)
        if len(tried.lines) > lines:
            narrow = room
        else:
            wide, best = room, tried
    return replace(best, room=block.room)


def stacked(blocks: Sequence[Block], gap: float) -> float:
    """The height of paragraphs one below the other, mm."""
    return sum(block.height for block in blocks) + gap * max(0, len(blocks) - 1)


class Part(Protocol):
    """Something that takes a height and is put somewhere."""

    @property
    def height(self) -> float:
        """In mm."""

    def put(self, top: float) -> None:
        """Put it on the sheet, `top` mm from the top."""


def arrange(build: Callable[[float], Sequence[Part]], top: float, bottom: float, least: float) -> None:
    """Put parts one below the other, the first at the top, the last at the bottom, the same space between them.

    Args:
        build: makes the parts, its letters so many times their usual size.
        top: where the first begins, mm from the top of the page.
        bottom: where the last ends, the same way.
        least: the least space between them, mm; letters are set smaller until there is as much.
    """
    scale = 1.0
    while True:
        parts = build(scale)
        gap = (bottom - top - sum(part.height for part in parts)) / (len(parts) - 1)
        if gap >= least:
            break
        scale *= _STEP
    for part in parts:
        part.put(top)
        top += part.height + gap
