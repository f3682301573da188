"""From text to lines of a width: broken between words, each put in the order in which it is seen, whatever way its letters run."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import groupby

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

from bot.documents.fonts import Face, family_of, width

#: Set around text that keeps its own direction: an address in Latin letters inside Arabic.
_LEFT_TO_RIGHT, _OWN_DIRECTION, _END = "\u2066", "\u2068", "\u2069"
#: After these a word that is wider than the line may be broken.
_BREAKABLE = "/.@-_?&="
#: No line begins with these.
_NEVER_FIRST = " :;?!»·/"
_MIRRORED = str.maketrans("()[]{}<>", ")(][}{><")
#: The gap within a span that is read in pairs of digits, in em.
_PAIR_GAP = 0.17


@dataclass(frozen=True)
class Span:
    """Text of one kind.

    Attributes:
        text: in the order in which it is read; it holds no line break.
        bold: its weight.
        muted: whether it steps back behind the rest.
        link: the address it leads to.
        pairs: whether it is digits that are read two by two: a phone number.
    """

    text: str
    bold: bool = False
    muted: bool = False
    link: str | None = None
    pairs: bool = False


@dataclass(frozen=True)
class Piece:
    """Part of a line: of one span, one face and one direction.

    Attributes:
        text: in the order in which it is read.
        face: what it is set in.
        rtl: whether its letters run from right to left.
        width: in em, the gap after it included.
        span: what it is part of.
    """

    text: str
    face: Face
    rtl: bool
    width: float
    span: Span


@dataclass(frozen=True)
class Line:
    """A line.

    Attributes:
        pieces: from left to right.
        width: in em.
    """

    pieces: tuple[Piece, ...]
    width: float


@dataclass(frozen=True)
class _Letter:
    text: str
    level: int
    family: str
    span: Span


def left_to_right(text: str) -> str:
    """`text` so marked that it runs from left to right inside Arabic too: an address, a phone number, a link."""
    return f"{_LEFT_TO_RIGHT}{text}{_END}"


def own_direction(text: str) -> str:
    """`text` so marked that it runs in the direction of its first letter and does not mix with what stands around it."""
    return f"{_OWN_DIRECTION}{text}{_END}"


def plain(spans: Sequence[Span]) -> str:
    """The text of the spans without marks of direction."""
    return "".join(letter for span in spans for letter in span.text if unicodedata.category(letter) != "Cf")


def break_lines(spans: Sequence[Span], rtl: bool, room: float) -> tuple[Line, ...]:
    """The lines of a paragraph.

    Args:
        spans: the paragraph.
        rtl: whether it runs from right to left.
        room: the width of a line, in em.
    """
    lines: list[list[_Letter]] = []
    used = 0.0
    for word in _words(_letters(tuple(spans), rtl), room):
        if not lines or used + _width(_trimmed(word)) > room:
            lines.append([])
            used = 0.0
        lines[-1] += word
        used += _width(word)
    return tuple(_line(letters) for letters in lines)


@lru_cache(maxsize=512)
def _letters(spans: tuple[Span, ...], rtl: bool) -> tuple[_Letter, ...]:
    """Every letter with its level of direction; marks of direction and letters that no face has are left out."""
    owners = [span for span in spans for _ in span.text]
    paragraph = BidiParagraph("".join(span.text for span in spans), TextDirection.RTL if rtl else TextDirection.LTR)
    letters = []
    for letter in paragraph.get_characters_with_embedding_level():
        family = family_of(letter.character, letter.embedding_level % 2 == 1)
        if family:
            letters.append(_Letter(letter.character, letter.embedding_level, family, owners[letter.character_index]))
    return tuple(letters)


def _words(letters: Sequence[_Letter], room: float) -> Iterator[list[_Letter]]:
    """The words, each with the spaces after it; one that is wider than a line in parts."""
    word: list[_Letter] = []
    for letter in letters:
        if word and _may_break(word, letter):
            yield from _parts(word, room)
            word = []
        word.append(letter)
    yield from _parts(word, room)


def _may_break(word: Sequence[_Letter], following: _Letter) -> bool:
    """Whether a line may end after `word`: after a space, but neither between a number and what it counts nor before French punctuation."""
    if word[-1].text != " " or following.text in _NEVER_FIRST:
        return False
    return not (len(word) > 1 and word[-2].text.isdigit() and following.text.isalpha())


def _parts(word: list[_Letter], room: float) -> Iterator[list[_Letter]]:
    while _width(_trimmed(word)) > room:
        fitting = 1
        while _width(word[: fitting + 1]) <= room:
            fitting += 1
        end = next((count for count in range(fitting, 0, -1) if word[count - 1].text in _BREAKABLE), fitting)
        yield word[:end]
        word = word[end:]
    if word:
        yield word


def _trimmed(letters: list[_Letter]) -> list[_Letter]:
    """Without the spaces at the end."""
    end = len(letters)
    while end and letters[end - 1].text == " ":
        end -= 1
    return letters[:end]


def _width(letters: Sequence[_Letter]) -> float:
    return sum(piece.width for run in _runs(letters) for piece in _pieces(run))


def _line(letters: list[_Letter]) -> Line:
    # Letters that run from right to left are put back in the order of reading, in which they are joined.
    runs = [run[::-1] if run[0].level % 2 else run for run in _runs(_seen(_trimmed(letters)))]
    pieces = tuple(piece for run in runs for piece in _pieces(run))
    return Line(pieces, sum(piece.width for piece in pieces))


def _seen(letters: list[_Letter]) -> list[_Letter]:
    """From left to right as they are seen: rule L2 of the Unicode bidirectional algorithm, which holds for a line and not for a paragraph."""
    for level in range(max((letter.level for letter in letters), default=0), 0, -1):
        seen: list[_Letter] = []
        for above, group in groupby(letters, key=partial(_reaches, level)):
            found = list(group)
            seen += reversed(found) if above else found
        letters = seen
    return letters


def _reaches(level: int, letter: _Letter) -> bool:
    return letter.level >= level


def _runs(letters: Sequence[_Letter]) -> list[list[_Letter]]:
    return [list(group) for _, group in groupby(letters, key=lambda letter: (letter.level, letter.family, letter.span))]


def _pieces(run: Sequence[_Letter]) -> Iterator[Piece]:
    """The pieces of letters of one kind in the order of reading."""
    span, rtl, text = run[0].span, run[0].level % 2 == 1, "".join(letter.text for letter in run)
    face = Face(run[0].family, span.bold)
    if rtl and face.family == "latin":
        # Punctuation only: it is set as it is seen, so that it is found as what it looks like.
        rtl, text = False, text[::-1].translate(_MIRRORED)
    parts = [text[start : start + 2] for start in range(0, len(text), 2)] if span.pairs and text.isdecimal() else [text]
    for number, part in enumerate(parts, 1):
        yield Piece(part, face, rtl, width(part, face, rtl) + (_PAIR_GAP if number < len(parts) else 0.0), span)
