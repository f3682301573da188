"""Looking for a record by a few words in any script: its titles, its id, the questions people ask for it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from itertools import takewhile
from math import log

from bot.knowledge.records import Record
from bot.knowledge.store import load
from bot.language.normal import tokens
from bot.language.skeleton import skeleton

#: So many are shown.
MOST = 8
#: Skeletons of fewer consonants, and beginnings of fewer letters, match too much.
_SHORTEST = 2


class _Words:
    """Which records hold a word as it stands, a word that begins so, or one with the same skeleton."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._bones: dict[str, set[str]] = defaultdict(set)
        for record, text in texts:
            for word in tokens(text):
                self._whole[word].add(record)
        for word, records in self._whole.items():
            if bones := skeleton(word):
                self._bones[bones] |= records
        self._sorted = sorted(self._whole)

    def by_closeness(self, word: str) -> list[set[str]]:
        """The records with a word like this one: by its skeleton, by its beginning, as it stands."""
        bones = skeleton(word)
        alike = self._bones.get(bones, set()) if len(bones) >= _SHORTEST else set()
        return [alike, self._beginning(word) if len(word) >= _SHORTEST else set(), self._whole.get(word, set())]

    def _beginning(self, word: str) -> set[str]:
        begin = bisect_left(self._sorted, word)
        longer = takewhile(lambda other: other.startswith(word), self._sorted[begin:])
        return {record for other in longer for record in self._whole[other]}


def _names(record: Record) -> list[str]:
    return [record.title.fr, record.title.ar, record.title.ary, record.id.replace("-", " ")]


@lru_cache(maxsize=1)
def _index() -> tuple[_Words, _Words]:
    """What questions ask, and what titles and ids name."""
    records = load().records.values()
    asked = _Words((record.id, question) for record in records for _variety, question in record.questions.by_variety())
    return asked, _Words((record.id, name) for record in records for name in _names(record))


def found(text: str, most: int = MOST) -> list[str]:
    """The ids of the records that hold words of `text`, best first.

    A word counts the more the fewer records hold it, and the closer it is met: in a title or an id closer than in a question.
    """
    scores: dict[str, float] = defaultdict(float)
    for word in dict.fromkeys(tokens(text)):
        closeness: dict[str, int] = {}
        levels = [records for words in _index() for records in words.by_closeness(word)]
        for level, records in enumerate(levels, start=1):
            closeness.update(dict.fromkeys(records, level))
        rarity = log(1 + len(load().records) / (1 + len(closeness)))
        for record, level in closeness.items():
            scores[record] += rarity * (len(levels) + level)
    return sorted((record for record in load().records if record in scores), key=lambda record: -scores[record])[:most]
