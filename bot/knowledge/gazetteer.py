"""Names in a message: finding what stands in a list, in any script and with typing errors.

A gazetteer maps the names people use to ids. A name is looked for as whole words: by normal form without the Arabic article and the
particles written with a word, then by skeleton (so that either script finds the other), then, for long words, by edit distance.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz, process

from bot.language.normal import tokens
from bot.language.skeleton import without_prefix, word_skeleton

_LONGEST = 6
_PARTICLE = re.compile(r"^(?:[وفبلك](?=\w{3,})|[fblw](?=\w{4,}))")
#: Edit similarity (0-100) from which two long words count as one name.
_SIMILAR = 88.0
#: Shorter words are not compared by edit distance: too many chance hits.
_FUZZY_LENGTH = 6
#: Names shorter than this (acronyms) are not compared by skeleton.
_SPELT_LENGTH = 5


@dataclass(frozen=True)
class Match:
    """One name found: the id it stands for, the words as typed, how sure (0 to 1)."""

    id: str
    words: str
    confidence: float


def _forms(word: str) -> tuple[str, str]:
    bare = without_prefix(word)
    plural = bare[:-1] if len(bare) > 4 and bare[-1] == "s" and bare.isascii() else bare
    return plural, word_skeleton(bare)


def _without_particle(word: str) -> str:
    """The word without a particle written together with it: لمراكش، فالرباط، frabat, lcasa. Only to look up names exactly."""
    particle = _PARTICLE.match(word)
    return word[particle.end() :] if particle else word


class Gazetteer:
    """A list of names, ready to be found.

    Args:
        names: id -> the names it goes by, in any script.
        shortest_skeleton: names with a shorter skeleton are found as they are spelt only.
        never: words, alone or side by side, that are no name, however much they look like one.
    """

    def __init__(self, names: Mapping[str, Iterable[str]], shortest_skeleton: int = 3, never: Iterable[str] = ()) -> None:
        self._never = frozenset(" ".join(tokens(text)) for text in never)
        self._shortest_skeleton = shortest_skeleton
        self._by_words: dict[tuple[str, ...], str] = {}
        self._by_skeleton: dict[tuple[str, ...], str | None] = {}
        self._long: dict[str, str] = {}
        #: First word or first skeleton of a name -> of how many words the longest such name is.
        self._longest: dict[str, int] = {}
        for identifier, spellings in names.items():
            for spelling in spellings:
                self._add(identifier, spelling)
        # Several components look at the same message one after the other.
        self._found = lru_cache(maxsize=64)(self._search)

    def _add(self, identifier: str, spelling: str) -> None:
        forms = [_forms(word) for word in tokens(spelling)]
        if not forms:
            return
        words = tuple(form for form, _ in forms)
        codes = tuple(code for _, code in forms)
        self._by_words.setdefault(words, identifier)
        for first in forms[0]:
            self._longest[first] = min(max(self._longest.get(first, 1), len(forms)), _LONGEST)
        if sum(map(len, codes)) >= max(self._shortest_skeleton, 2 * len(codes)) and len("".join(words)) >= _SPELT_LENGTH:
            # Two ids with one skeleton: the skeleton alone says nothing.
            known = self._by_skeleton.setdefault(codes, identifier)
            if known != identifier:
                self._by_skeleton[codes] = None
        if len(words) == 1 and len(words[0]) >= _FUZZY_LENGTH:
            self._long.setdefault(words[0], identifier)

    def find(self, text: str) -> list[Match]:
        """Every name in `text`, longest first at each place, in the order of the text."""
        return list(self._found(text))

    def _search(self, text: str) -> tuple[Match, ...]:
        words = tokens(text)
        forms = [_forms(word) for word in words]
        found: list[Match] = []
        position = 0
        while position < len(words):
            form, code = forms[position]
            longest = max(self._longest.get(first, 1) for first in (form, code, _without_particle(form)))
            for length in range(min(longest, len(words) - position), 0, -1):
                match = self._match(words, forms, position, length)
                if match:
                    found.append(match)
                    position += length
                    break
            else:
                position += 1
        return tuple(found)

    def _match(self, words: tuple[str, ...], forms: list[tuple[str, str]], start: int, length: int) -> Match | None:
        piece = forms[start : start + length]
        typed = " ".join(words[start : start + length])
        if typed in self._never:
            return None
        identifier = self._by_words.get(tuple(form for form, _ in piece))
        if identifier:
            return Match(identifier, typed, 1.0)
        codes = tuple(code for _, code in piece)
        identifier = self._by_skeleton.get(codes) if all(codes) else None
        if identifier:
            return Match(identifier, typed, 0.9)
        identifier = self._by_words.get((_without_particle(piece[0][0]), *(form for form, _ in piece[1:])))
        if identifier:
            return Match(identifier, typed, 0.9)
        word = piece[0][0]
        if length == 1 and len(word) >= _FUZZY_LENGTH and self._long:
            near = process.extractOne(word, self._long.keys(), scorer=fuzz.ratio, score_cutoff=_SIMILAR)
            if near:
                return Match(self._long[near[0]], typed, near[1] / 100)
        return None
