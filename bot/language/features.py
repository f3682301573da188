"""Text as sparse numbers: several views of one message, each a TF-IDF of its own.

A view is a way of reading a text: its words, its letters, its skeletons, its meanings. Every view is scaled to length one, then weighted,
so that no view drowns another. This module names the views and keeps a fitted vectoriser as plain arrays (no pickle).
"""

from __future__ import annotations

import json
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix, hstack

from bot.language.lexicon import meanings, reading
from bot.language.normal import WORDS, tokens
from bot.language.skeleton import skeleton

Analyser = Callable[[str], list[str]]
Places = np.ndarray[Any, np.dtype[np.int32]]
Values = np.ndarray[Any, np.dtype[np.float32]]


def _ngrams(items: Sequence[str], shortest: int, longest: int, glue: str) -> list[str]:
    return [glue.join(items[i : i + n]) for n in range(shortest, longest + 1) for i in range(len(items) - n + 1)]


def words(text: str) -> list[str]:
    """Words and pairs of words."""
    return _ngrams(tokens(text), 1, 2, " ")


@lru_cache(maxsize=WORDS)
def _letters_of(word: str) -> tuple[str, ...]:
    return tuple(_ngrams(f" {word} ", 3, 4, ""))


def letters(text: str) -> list[str]:
    """Runs of three and four letters inside words, the word's edges marked by a space."""
    return [gram for word in tokens(text) for gram in _letters_of(word)]


def skeletons(text: str) -> list[str]:
    """Consonant skeletons and pairs of them."""
    return _ngrams(skeleton(text).split(), 1, 2, " ")


def skeleton_letters(text: str) -> list[str]:
    """Runs of three and four letters inside skeletons: parts of words shared by both scripts and by inflected forms."""
    return [gram for code in skeleton(text).split() for gram in _letters_of(code)]


def concepts(text: str) -> list[str]:
    """Meanings of the thesaurus and pairs of them."""
    return _ngrams(meanings(text), 1, 2, "+")


def readings(text: str) -> list[str]:
    """Meanings where they are known, skeletons where not, and pairs of them: the text read in one language."""
    return _ngrams(reading(text), 1, 2, "+")


def raw_letters(text: str) -> list[str]:
    """Runs of one to five letters across the whole text as typed, lower-cased: what tells one language from another."""
    line = f" {' '.join(text.lower().split())} "
    return _ngrams(line, 1, 5, "")


VIEWS: Mapping[str, Analyser] = {
    "words": words,
    "letters": letters,
    "skeletons": skeletons,
    "skeleton_letters": skeleton_letters,
    "concepts": concepts,
    "readings": readings,
    "raw_letters": raw_letters,
}


@dataclass(frozen=True)
class _View:
    """What was learnt of one view: the column of each feature, and how rare each column's feature is (its inverse document frequency)."""

    vocabulary: dict[str, int]
    rarity: Values

    @classmethod
    def learn(cls, analyse: Analyser, texts: Iterable[str], rarest: int) -> tuple[_View, csr_matrix]:
        """The view of `texts`, and their rows (logarithmic counts times rarity, length one).

        The same figures as scikit-learn's `TfidfVectorizer`; counting is left to `Counter`, which takes half of the time.

        Raises:
            ValueError: where no feature is in so many texts.
        """
        from sklearn.feature_extraction.text import TfidfTransformer  # what only serves needs none of it

        numbers: defaultdict[str, int] = defaultdict(count().__next__)
        columns, counts, ends = array("i"), array("f"), array("q", [0])
        for text in texts:
            found = Counter(analyse(text))
            columns.extend(map(numbers.__getitem__, found))
            counts.extend(found.values())
            ends.append(len(columns))
        table = csr_matrix((np.asarray(counts), np.asarray(columns), np.asarray(ends)), shape=(len(ends) - 1, len(numbers)))
        kept = np.flatnonzero(np.bincount(table.indices, minlength=len(numbers)) >= rarest)
        if not len(kept):
            raise ValueError(f"no feature of {analyse.__name__} is in {rarest} texts or more")
        weighting = TfidfTransformer(sublinear_tf=True)
        rows = csr_matrix(weighting.fit_transform(table[:, kept]))
        rows.sort_indices()
        terms = list(numbers)
        return cls({terms[number]: column for column, number in enumerate(kept)}, weighting.idf_.astype(np.float32)), rows


class Vectoriser:
    """Several weighted TF-IDF views side by side.

    Args:
        weights: view name -> weight; the names are keys of VIEWS.
        rarest: in how many training texts a feature must occur to be kept.
    """

    def __init__(self, weights: Mapping[str, float], rarest: int = 1) -> None:
        self.weights = dict(weights)
        self.rarest = rarest
        self._views: dict[str, _View] = {}

    def fit(self, texts: Sequence[str]) -> Vectoriser:
        """Learn the vocabulary and the document frequencies of each view from `texts`."""
        self.fit_transform(texts)
        return self

    def fit_transform(self, texts: Sequence[str]) -> csr_matrix:
        """Learn from `texts` and return their features, without reading them twice."""
        blocks = []
        for name, weight in self.weights.items():
            self._views[name], rows = _View.learn(VIEWS[name], texts, self.rarest)
            blocks.append(rows * weight)
        return csr_matrix(hstack(blocks, format="csr", dtype=np.float32))

    def features(self, text: str) -> tuple[Places, Values]:
        """The columns of one text's features in rising order, and their values.

        The same figures as scikit-learn's `TfidfVectorizer` (logarithmic counts, length one), without its cost for a single text.
        """
        columns: list[Places] = [np.zeros(0, dtype=np.int32)]
        values: list[Values] = [np.zeros(0, dtype=np.float32)]
        for start, weight, vocabulary, rarity, analyse in self._tables:
            counts = Counter(map(vocabulary.get, analyse(text)))
            counts.pop(None, None)
            if counts:
                places = np.fromiter(counts, dtype=np.int32, count=len(counts))
                order = np.argsort(places)
                places = places[order]
                row = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts))[order])) * rarity[places]
                columns.append(places + np.int32(start))
                values.append(row * np.float32(weight / np.sqrt(row @ row)))
        return np.concatenate(columns), np.concatenate(values)

    def transform(self, texts: Iterable[str]) -> csr_matrix:
        """One row a text, the views' columns side by side."""
        rows = [self.features(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns = np.concatenate([columns for columns, _ in rows]) if rows else np.zeros(0, dtype=np.int32)
        values = np.concatenate([values for _, values in rows]) if rows else np.zeros(0, dtype=np.float32)
        return csr_matrix((values, columns, ends), shape=(len(rows), self._width))

    @cached_property
    def _tables(self) -> list[tuple[int, float, dict[str, int], np.ndarray[Any, np.dtype[np.float32]], Analyser]]:
        """Per view: its first column, weight, vocabulary, inverse document frequencies, analyser."""
        tables, start = [], 0
        for name, view in self._views.items():
            tables.append((start, self.weights[name], view.vocabulary, view.rarity, VIEWS[name]))
            start += len(view.vocabulary)
        return tables

    @cached_property
    def _width(self) -> int:
        return sum(len(view.vocabulary) for view in self._views.values())

    def save(self, folder: Path) -> None:
        """Write everything learned into `folder`, as JSON and arrays."""
        folder.mkdir(parents=True, exist_ok=True)
        state: dict[str, Any] = {"weights": self.weights, "rarest": self.rarest, "vocabulary": {}}
        arrays = {}
        for name, view in self._views.items():
            state["vocabulary"][name] = list(view.vocabulary)  # in the order of the columns
            arrays[name] = view.rarity
        (folder / "vectoriser.json").write_text(json.dumps(state, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(folder / "vectoriser.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> Vectoriser:
        """Read back what `save` wrote."""
        state = json.loads((folder / "vectoriser.json").read_text(encoding="utf-8"))
        vectoriser = cls(state["weights"], state["rarest"])
        with np.load(folder / "vectoriser.npz", allow_pickle=False) as arrays:
            for name, terms in state["vocabulary"].items():
                vectoriser._views[name] = _View({term: column for column, term in enumerate(terms)}, arrays[name])
        return vectoriser
