"""Texts that ask the same thing, in one script or the other. Pure: the same texts give the same groups, in whatever order they come.

Texts are compared by their consonant skeletons (bot/language/skeleton.py), in which "bghit nchri tomobil" and "بغيت نشري طوموبيل" are the
same words; a text without consonants (an emoji) only by itself. The text with the most others near it makes the first group, then the same
is done with what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from bot.language.normal import normalise
from bot.language.skeleton import skeleton

#: So alike are texts of one group to its first one, of 100: the same words but for one in four or so, in any order.
ALIKE = 75.0


@dataclass(frozen=True)
class Group:
    """Texts that ask the same thing.

    Attributes:
        text: one that stands for all.
        count: how many there are, repetitions included.
        others: the other texts, each once, with how often it was said; the most frequent first.
    """

    text: str
    count: int
    others: tuple[tuple[str, int], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """All of them, the one that stands for all first."""
        return (self.text, *(text for text, _count in self.others))


def group(texts: Iterable[str]) -> list[Group]:
    """The groups, the largest first."""
    by_key: dict[str, Counter[str]] = {}
    for text in texts:
        by_key.setdefault(skeleton(text) or normalise(text) or text, Counter())[text] += 1
    keys = sorted(by_key)
    counts = [by_key[key].total() for key in keys]
    alike = process.cdist(keys, keys, scorer=fuzz.token_sort_ratio, score_cutoff=ALIKE)
    near = [{position, *row.nonzero()[0].tolist()} for position, row in enumerate(alike)]
    weight = [sum(counts[other] for other in each) for each in near]
    left = set(range(len(keys)))
    groups: list[Group] = []
    while left:
        # The one with the most said near it; of equals the one said more often itself, then the first by its skeleton.
        first = max(left, key=lambda key: (weight[key], counts[key], -key))
        members = sorted(near[first] & left)
        groups.append(_group(by_key[keys[first]], [by_key[keys[other]] for other in members]))
        left.difference_update(members)
        for gone in members:
            for other in near[gone]:
                weight[other] -= counts[gone]
    return sorted(groups, key=lambda found: (-found.count, found.text))


def _group(first: Counter[str], members: list[Counter[str]]) -> Group:
    said: Counter[str] = Counter()
    for member in members:
        said.update(member)
    text = min(first, key=lambda each: (-first[each], each))
    others = sorted((each for each in said if each != text), key=lambda each: (-said[each], each))
    return Group(text, said.total(), tuple((each, said[each]) for each in others))
