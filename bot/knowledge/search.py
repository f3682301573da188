"""Which record does this message ask for?

Two steps, both learned from the records' own example questions and the training lines, in seconds:

1. Kernel ridge regression from the message's features (words, letters, skeletons, meanings) to all records at once, and the similarity to
   the centre of each record's and each intent's lines. Ridge is linear, has no local optimum, and gives the score each training line
   would have had if it had been left out (the closed form of leave-one-out; Rifkin and Lippert, "Notes on Regularized Least Squares",
   2007). Centres are left-one-out by subtraction.
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
#: What the second step looks at, per record; "agrees" and "disagrees" speak of the subject named in the message.
FEATURES = (
    "ridge",
    "ridge_ahead",
    "centre",
    "centre_ahead",
    "aspect_to_best",
    "aspect_to_small_talk",
    "lead",
    "lead_aspect",
    "agrees",
    "disagrees",
    "known_share",
)
#: The intents of questions; all others ask nothing that a record could answer.
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


class Centres:
    """The mean direction of the lines of each label.

    Args:
        sums: one row a label, the sum of its lines' features.
    """

    def __init__(self, sums: csr_matrix) -> None:
        self.sums = sums
        self._columns = csr_matrix(sums.T)
        self._lengths = np.sqrt(np.asarray(sums.multiply(sums).sum(axis=1)).ravel()) + 1e-9

    @classmethod
    def of(cls, rows: csr_matrix, labels: np.ndarray, count: int) -> Centres:
        """The centres of `count` labels; a line labelled -1 belongs to none."""
        belonging = np.flatnonzero(labels >= 0)
        indicator = csr_matrix((np.ones(len(belonging), dtype=np.float32), (labels[belonging], belonging)), shape=(count, rows.shape[0]))
        return cls(csr_matrix(indicator @ rows))

    def similarities(self, rows: csr_matrix) -> np.ndarray:
        """Cosine-like similarity of each row to each centre."""
        return np.asarray((rows @ self._columns).todense()) / self._lengths

    def left_out(self, rows: csr_matrix, labels: np.ndarray) -> np.ndarray:
        """The same for the training lines, each compared with its own centre as if it were not part of it."""
        products = np.asarray((rows @ self._columns).todense())
        found = products / self._lengths
        own = np.flatnonzero(labels >= 0)
        itself = np.asarray(rows.multiply(rows).sum(axis=1)).ravel()[own]
        with_own = products[own, labels[own]]
        length = np.sqrt(np.maximum(self._lengths[labels[own]] ** 2 - 2 * with_own + itself, 1e-9))
        found[own, labels[own]] = (with_own - itself) / length
        return found


@dataclass(frozen=True)
class _Scores:
    """The first step's scores of one message: ridge and centre per record, centre per intent."""

    ridge: np.ndarray
    centre: np.ndarray
    intent: np.ndarray


class Ranker:
    """The trained search."""

    def __init__(
        self,
        vectoriser: Vectoriser,
        rows: csr_matrix,
        duals: np.ndarray,
        records: Sequence[str],
        record_centres: Centres,
        intents: Sequence[str],
        intent_centres: Centres,
        knowledge: Knowledge,
        coefficients: np.ndarray | None = None,
        bias: float = 0.0,
    ) -> None:
        self.vectoriser = vectoriser
        self.rows = rows
        self._columns = csr_matrix(rows.T)
        self.duals = duals
        self.records = list(records)
        self.record_centres = record_centres
        self.intents = list(intents)
        self.intent_centres = intent_centres
        self.knowledge = knowledge
        self.coefficients = np.zeros(len(FEATURES)) if coefficients is None else coefficients
        self.bias = bias
        self.gazetteer = subject_gazetteer(knowledge)
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
        place = {record: index for index, record in enumerate(records)}
        asked = np.array([place[example.record] if example.record else -1 for example in examples])
        of_intent = {intent: index for index, intent in enumerate(intents)}
        meant = np.array([of_intent[example.intent] for example in examples])

        questions = csr_matrix(rows[asked >= 0])
        targets = np.eye(len(records), dtype=np.float32)[asked[asked >= 0]]
        kernel = np.asarray((questions @ questions.T).todense(), dtype=np.float32)
        kernel[np.diag_indices_from(kernel)] += _RIDGE
        inverse = np.linalg.inv(kernel)
        duals = inverse @ targets
        ridge = np.zeros((len(examples), len(records)), dtype=np.float32)
        ridge[asked >= 0] = targets - duals / np.diag(inverse)[:, None]
        ridge[asked < 0] = np.asarray((rows[asked < 0] @ questions.T) @ duals)

        record_centres = Centres.of(rows, asked, len(records))
        intent_centres = Centres.of(rows, meant, len(intents))
        ranker = cls(vectoriser, questions, duals, records, record_centres, intents, intent_centres, knowledge)
        centre, intent = record_centres.left_out(rows, asked), intent_centres.left_out(rows, meant)
        ranker._calibrate(examples, [_Scores(*scores) for scores in zip(ridge, centre, intent)])
        return ranker

    def _calibrate(self, examples: Sequence[Example], scores: Sequence[_Scores]) -> None:
        features: list[np.ndarray] = []
        right: list[bool] = []
        for example, of_example in zip(examples, scores):
            named = self._named(example.text)
            wanted = {example.record} if example.record else self._led_by(example.intent, named)
            best, pairs = self._pairs(example.text, of_example, named)
            features.append(pairs)
            right.extend(self.records[index] in wanted for index in best)
        model = LogisticRegression(C=10, max_iter=2000).fit(np.vstack(features), right)
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

    def _pairs(self, text: str, scores: _Scores, named: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The likeliest records (as places) and their FEATURES, a row a record."""
        aspects = scores.intent[self._aspects]
        agrees = np.array([float(subject in named) for subject in self._subjects])
        rough = scores.ridge + 0.5 * scores.centre + 0.3 * aspects + 0.15 * agrees + 0.15 * self._leads * aspects
        best = np.argsort(-rough)[:BREADTH]
        columns = [
            scores.ridge[best],
            _ahead(scores.ridge, best),
            scores.centre[best],
            _ahead(scores.centre, best),
            aspects[best] - scores.intent.max(),
            aspects[best] - scores.intent[self._other].max(),
            self._leads[best],
            self._leads[best] * aspects[best],
            agrees[best],
            (1 - agrees[best]) * float(bool(named)),
            np.full(len(best), self.vectoriser.known_share(text)),
        ]
        return best, np.column_stack(columns)

    def _scores(self, text: str) -> _Scores:
        row = self.vectoriser.transform([text])
        ridge = np.asarray((row @ self._columns) @ self.duals)[0]
        return _Scores(ridge, self.record_centres.similarities(row)[0], self.intent_centres.similarities(row)[0])

    def rank(self, text: str) -> Ranking:
        """The records that `text` may ask for."""
        named = self._named(text)
        best, pairs = self._pairs(text, self._scores(text), named)
        match, mismatch = FEATURES.index("agrees"), FEATURES.index("disagrees")
        bare = pairs.copy()
        bare[:, [match, mismatch]] = 0.0
        logits = bare @ self.coefficients + self.bias
        order = np.argsort(-(pairs @ self.coefficients))
        candidates = tuple(Candidate(self.records[best[i]], float(logits[i]), self._subjects[best[i]]) for i in order)
        weights = float(self.coefficients[match]), float(self.coefficients[mismatch])
        return Ranking(candidates, tuple(dict.fromkeys(named)), *weights)

    # --- storage

    def save(self, folder: Path) -> None:
        """Write everything learned into `folder`."""
        self.vectoriser.save(folder)
        save_npz(folder / "rows.npz", self.rows)
        save_npz(folder / "record_centres.npz", self.record_centres.sums)
        save_npz(folder / "intent_centres.npz", self.intent_centres.sums)
        np.savez_compressed(folder / "duals.npz", duals=self.duals, coefficients=self.coefficients, bias=np.array(self.bias))
        names = {"records": self.records, "intents": self.intents}
        (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, knowledge: Knowledge) -> Ranker:
        """Read back what `save` wrote."""
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        with np.load(folder / "duals.npz", allow_pickle=False) as arrays:
            duals, coefficients, bias = arrays["duals"], arrays["coefficients"], float(arrays["bias"])
        rows, records, intents = (csr_matrix(load_npz(folder / f"{name}.npz")) for name in ("rows", "record_centres", "intent_centres"))
        return cls(
            Vectoriser.load(folder),
            rows,
            duals,
            names["records"],
            Centres(records),
            names["intents"],
            Centres(intents),
            knowledge,
            coefficients,
            bias,
        )


def _ahead(scores: np.ndarray, best: np.ndarray) -> np.ndarray:
    """How far each of `best` is ahead of its strongest rival (negative when behind)."""
    order = np.sort(scores)[::-1]
    second = order[1] if len(order) > 1 else 0.0
    return np.asarray(scores[best] - np.where(scores[best] >= order[0], second, order[0]))
