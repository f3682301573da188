"""Which record does this message ask for?

Two steps, both learned from the records' own example questions and the training lines, in seconds:

1. Kernel ridge regression from the message's features (words, letters, skeletons, meanings) to all records and all intents at once.
   It is linear, has no local optimum, and gives the score each training line would have had if it had been left out (the closed form
   of leave-one-out for ridge regression; Rifkin and Lippert, "Notes on Regularized Least Squares", 2007).
2. Logistic regression from a few such scores to the probability that a record is what was asked for. It learns from the left-out
   scores, so its probabilities speak for messages that were never seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz
from sklearn.linear_model import LogisticRegression

from bot.knowledge.gazetteer import Gazetteer
from bot.knowledge.store import Knowledge
from bot.language.features import Vectoriser

WEIGHTS = {"words": 0.7, "letters": 1.0, "skeletons": 0.9, "skeleton_letters": 1.2, "concepts": 0.5}
_RIDGE = 1.0
#: How many records the second step looks at.
BREADTH = 10
#: The intents whose lines ask nothing that a record could answer.
_ASPECT_PREFIX = "ask_"


@dataclass(frozen=True)
class Example:
    """One training line: what it says, its intent, the record it asks for (None for lines that name no record)."""

    text: str
    intent: str
    record: str | None = None


@dataclass(frozen=True)
class Candidate:
    """A record that may be meant.

    Attributes:
        record: its id.
        logit: log-odds that it is meant, as if no subject had been named.
        subject: its subject id.
    """

    record: str
    logit: float
    subject: str


@dataclass(frozen=True)
class Ranking:
    """The candidates of a message, best first, and what naming a subject is worth."""

    candidates: tuple[Candidate, ...]
    named: tuple[str, ...]
    match: float
    mismatch: float


def subject_gazetteer(knowledge: Knowledge) -> Gazetteer:
    """The names of all subjects."""
    return Gazetteer({subject.id: subject.names for subject in knowledge.subjects.values()})


class Ranker:
    """The trained search."""

    def __init__(
        self,
        vectoriser: Vectoriser,
        rows: csr_matrix,
        duals: np.ndarray,
        records: Sequence[str],
        intents: Sequence[str],
        coefficients: np.ndarray,
        bias: float,
        knowledge: Knowledge,
    ) -> None:
        self.vectoriser = vectoriser
        self.rows = rows
        self.duals = duals
        self.records = list(records)
        self.intents = list(intents)
        self.coefficients = coefficients
        self.bias = bias
        self.knowledge = knowledge
        self.gazetteer = subject_gazetteer(knowledge)
        self._place = {record: index for index, record in enumerate(self.records)}
        place_of_intent = {intent: index for index, intent in enumerate(self.intents)}
        known = [knowledge.records[record] for record in self.records]
        self._aspects = np.array([place_of_intent[_ASPECT_PREFIX + record.aspect] for record in known])
        self._leads = np.array([float(record.lead) for record in known])
        self._subjects = [record.subject for record in known]
        self._other = np.array([not intent.startswith(_ASPECT_PREFIX) for intent in self.intents])

    # --- training

    @classmethod
    def train(cls, knowledge: Knowledge, examples: Iterable[Example]) -> Ranker:
        """Learn from the records' questions and the lines of the intents."""
        examples = list(examples)
        records = list(knowledge.records)
        intents = sorted({example.intent for example in examples} | {_ASPECT_PREFIX + aspect for aspect in knowledge.aspects})
        texts = [example.text for example in examples]
        vectoriser = Vectoriser(WEIGHTS).fit(texts)
        rows = vectoriser.transform(texts)
        targets = np.zeros((len(examples), len(records) + len(intents)), dtype=np.float32)
        place = {name: index for index, name in enumerate([*records, *(f"intent:{intent}" for intent in intents)])}
        for row, example in enumerate(examples):
            if example.record:
                targets[row, place[example.record]] = 1.0
            targets[row, place[f"intent:{example.intent}"]] = 1.0
        kernel = np.asarray((rows @ rows.T).todense(), dtype=np.float32)
        kernel[np.diag_indices_from(kernel)] += _RIDGE
        inverse = np.linalg.inv(kernel)
        duals = inverse @ targets
        left_out = targets - duals / np.diag(inverse)[:, None]
        ranker = cls(vectoriser, rows, duals, records, intents, np.zeros(0), 0.0, knowledge)
        ranker._calibrate(examples, left_out)
        return ranker

    def _calibrate(self, examples: Sequence[Example], left_out: np.ndarray) -> None:
        features: list[np.ndarray] = []
        right: list[bool] = []
        for example, scores in zip(examples, left_out):
            named = self._named(example.text)
            wanted = {example.record} if example.record else self._led_by(example.intent, named)
            best, pairs = self._pairs(example.text, scores, named)
            features.append(pairs)
            right.extend(self.records[index] in wanted for index in best)
        model = LogisticRegression(C=10, max_iter=1000).fit(np.vstack(features), right)
        self.coefficients = model.coef_[0]
        self.bias = float(model.intercept_[0])

    def _led_by(self, intent: str, named: Sequence[str]) -> set[str]:
        """The leading records that a line about an aspect asks for, when it names their subject."""
        if not intent.startswith(_ASPECT_PREFIX):
            return set()
        aspect = intent[len(_ASPECT_PREFIX) :]
        return {record.id for subject in named for record in self.knowledge.about(subject, aspect) if record.lead}

    # --- prediction

    def _named(self, text: str) -> list[str]:
        return [match.id for match in self.gazetteer.find(text)]

    def _pairs(self, text: str, scores: np.ndarray, named: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The likeliest records (as places) and the features of each, a row a record."""
        of_records, of_intents = scores[: len(self.records)], scores[len(self.records) :]
        aspects = of_intents[self._aspects]
        agrees = np.array([float(subject in named) for subject in self._subjects])
        rough = of_records + 0.3 * aspects + 0.15 * agrees + 0.15 * self._leads * aspects
        best = np.argsort(-rough)[:BREADTH]
        order = np.sort(of_records)[::-1]
        rivals = np.where(of_records[best] >= order[0], order[1] if len(order) > 1 else 0.0, order[0])
        other = of_intents[self._other]
        columns = [
            of_records[best],
            of_records[best] - rivals,
            aspects[best],
            aspects[best] - of_intents.max(),
            self._leads[best],
            self._leads[best] * aspects[best],
            agrees[best],
            (1 - agrees[best]) * float(bool(named)),
            np.full(len(best), other.max() if len(other) else 0.0),
            np.full(len(best), self.vectoriser.known_share(text)),
        ]
        return best, np.column_stack(columns)

    def scores(self, text: str) -> np.ndarray:
        """The first step alone: one score a record, then one an intent; about 1 for a perfect match, 0 for none."""
        similarities = self.vectoriser.transform([text]) @ self.rows.T
        return np.asarray(similarities @ self.duals)[0]

    def rank(self, text: str) -> Ranking:
        """The records that `text` may ask for."""
        named = self._named(text)
        best, pairs = self._pairs(text, self.scores(text), named)
        match, mismatch = float(self.coefficients[6]), float(self.coefficients[7])
        bare = pairs.copy()
        bare[:, 6:8] = 0.0
        logits = bare @ self.coefficients + self.bias
        order = np.argsort(-(pairs @ self.coefficients))
        candidates = tuple(Candidate(self.records[best[i]], float(logits[i]), self._subjects[best[i]]) for i in order)
        return Ranking(candidates, tuple(dict.fromkeys(named)), match, mismatch)

    # --- storage

    def save(self, folder: Path) -> None:
        """Write everything learned into `folder`."""
        self.vectoriser.save(folder)
        save_npz(folder / "rows.npz", self.rows)
        np.savez_compressed(folder / "duals.npz", duals=self.duals, coefficients=self.coefficients, bias=np.array(self.bias))
        names = {"records": self.records, "intents": self.intents}
        (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, knowledge: Knowledge) -> Ranker:
        """Read back what `save` wrote."""
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        with np.load(folder / "duals.npz", allow_pickle=False) as arrays:
            duals, coefficients, bias = arrays["duals"], arrays["coefficients"], float(arrays["bias"])
        rows = csr_matrix(load_npz(folder / "rows.npz"))
        return cls(Vectoriser.load(folder), rows, duals, names["records"], names["intents"], coefficients, bias, knowledge)
