"""Which record does this message ask for?

Two steps, both learned from the records' own example questions and the training lines, in seconds:

1. Three scores for each record from the message's features (words, letters, skeletons, meanings): kernel ridge regression among the records
   of one field (cooperatives, financing, training, ...), the similarity to the centre of the record's questions, and the similarity to the
   nearest of them. Ridge has no local optimum, and gives the score each training line would have had if it had been left out
   (the closed form of leave-one-out; Rifkin and Lippert, "Notes on Regularized Least Squares", 2007); one regression a field keeps its
   cubic cost small. Centres are left-one-out by subtraction. Intents are scored by their centres.
2. Conditional logistic regression (McFadden 1973) from a few such scores to the probability that a record, among its rivals and against
   "none of them", is what was asked for. It learns from the left-out scores, so its probabilities speak for messages that were never seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from scipy.sparse import csr_matrix, load_npz, save_npz

from bot.knowledge.choice import fit_choices
from bot.knowledge.gazetteer import Gazetteer
from bot.knowledge.ranking import Candidate, Example, Ranking
from bot.knowledge.similarity import Array, Block, Centres, Lines, Nearest, bent, products
from bot.knowledge.store import Knowledge
from bot.language.courtesy import without_courtesy
from bot.language.features import Vectoriser
from bot.paths import KNOWLEDGE

WEIGHTS = {"words": 0.5, "letters": 1.0, "skeletons": 0.5, "skeleton_letters": 1.2, "concepts": 0.8, "readings": 1.0}
#: How many lines are compared with all questions at once while training.
_BATCH = 500
#: Of how many lines one is used to calibrate the probabilities.
_SAMPLE = 12
#: The same of the lines outside the scope.
_SAMPLE_OUTSIDE = 3
#: A field is looked at when its nearest record is at least so many times as near as the nearest of all: of 778 open questions none was answered from another.
_NEAR = 0.5
#: How many records the second step looks at.
BREADTH = 10
#: What the second step looks at, per record; the last three speak of the subject named in the message.
FEATURES = (
    "ridge",
    "ridge_share",
    "centre",
    "centre_ahead",
    "nearest",
    "nearest_ahead",
    "nearest_to_outside",
    "aspect_to_best",
    "aspect_to_small_talk",
    "aspect_share",
    "ridge_squared",
    "nearest_squared",
    "lead",
    "lead_aspect",
    "agrees",
    "disagrees",
    "other_form",
)
#: What speaks for "none of them", per message.
NONE_FEATURES = ("always", "outside", "small_talk", "best_ridge", "best_centre", "nothing_named")
#: The share of a score in the best one counts for less where that one is hardly higher than this.
_UNSURE = 0.1
#: The intents of questions; all others ask nothing that a record could answer.
_ASPECT_PREFIX = "ask_"
#: Wishes for something of a whole area ("I want a loan"): no aspect, and no small talk either.
_WISH_PREFIX = "seek_"
#: Subjects' names with a shorter skeleton are found as they are spelt only.
_LONG_SKELETON = 4
#: Words that are written like the name of a subject, or nearly, and do not mean it: a line each.
EVERYDAY_FILE = KNOWLEDGE / "everyday-words.txt"
#: The intent of the lines that are outside the scope.
OUTSIDE = "out_of_scope"


def record_examples(knowledge: Knowledge) -> list[Example]:
    """The example questions of all records."""
    return [
        Example(without_courtesy(question), _ASPECT_PREFIX + record.aspect, record.id)
        for record in knowledge.records.values()
        for _, question in record.questions.by_variety()
    ]


@lru_cache(maxsize=2)
def subject_gazetteer(knowledge: Knowledge) -> Gazetteer:
    """The names of all subjects; one for all who look for them.

    A skeleton of three letters is that of too many words ("droit" and idarati, "frais" and Forsa): such names are found as they are spelt.
    """
    names = {subject.id: subject.names for subject in knowledge.subjects.values()}
    return Gazetteer(names, shortest_skeleton=_LONG_SKELETON, never=EVERYDAY_FILE.read_text(encoding="utf-8").splitlines())


@dataclass(frozen=True)
class _Scores:
    """The first step's scores of one message: three a record, one an intent, one for what is outside the scope."""

    ridge: Array
    centre: Array
    nearest: Array
    intent: Array
    outside: float


def _field(knowledge: Knowledge, record: str) -> str:
    """The field a record is told apart in from its neighbours: its subject's area; cooperatives are a field of their own."""
    subject = knowledge.records[record].subject
    return subject if subject == "cooperative" else knowledge.subjects[subject].area


class Ranker:
    """The trained search."""

    def __init__(
        self,
        vectoriser: Vectoriser,
        nearest: Nearest,
        blocks: Sequence[Block],
        records: Sequence[str],
        intents: Sequence[str],
        intent_centres: Centres,
        knowledge: Knowledge,
        coefficients: Array | None = None,
        none_coefficients: Array | None = None,
    ) -> None:
        self.vectoriser = vectoriser
        self.nearest = nearest
        self.blocks = list(blocks)
        self.records = list(records)
        self.record_centres = Centres.of(nearest.rows, nearest.records, len(self.records))
        self.intents = list(intents)
        self.intent_centres = intent_centres
        self.knowledge = knowledge
        self.coefficients = np.zeros(len(FEATURES)) if coefficients is None else coefficients
        self.none_coefficients = np.zeros(len(NONE_FEATURES)) if none_coefficients is None else none_coefficients
        self.gazetteer = subject_gazetteer(knowledge)
        place_of_intent = {intent: index for index, intent in enumerate(self.intents)}
        known = [knowledge.records[record] for record in self.records]
        self._aspects = np.array([place_of_intent[_ASPECT_PREFIX + record.aspect] for record in known])
        self._leads = np.array([float(record.lead) for record in known])
        self._subjects = [record.subject for record in known]
        self._records_of = {subject: np.array([other == subject for other in self._subjects]) for subject in set(self._subjects)}
        self.forms = knowledge.forms()
        self._is_form = np.array([float(subject in self.forms) for subject in self._subjects])
        self._other = np.array([not intent.startswith((_ASPECT_PREFIX, _WISH_PREFIX)) for intent in self.intents])

    # --- training

    @classmethod
    def train(cls, knowledge: Knowledge, examples: Iterable[Example]) -> Ranker:
        """Learn from the records' questions and the lines of the intents."""
        records = list(knowledge.records)
        place = {record: index for index, record in enumerate(records)}
        # The questions of one record side by side, then the lines outside the scope, then all others.
        examples = sorted(examples, key=lambda example: place.get(example.record or "", len(records) + (example.intent != OUTSIDE)))
        intents = sorted({example.intent for example in examples} | {_ASPECT_PREFIX + aspect for aspect in knowledge.aspects})
        texts = [example.text for example in examples]
        # A feature of one or two lines says next to nothing about any other.
        vectoriser = Vectoriser(WEIGHTS, rarest=3)
        rows = vectoriser.fit_transform(texts)
        asked = np.array([place[example.record] if example.record else -1 for example in examples])
        of_intent = {intent: index for index, intent in enumerate(intents)}
        meant = np.array([of_intent[example.intent] for example in examples])

        outside = np.array([example.intent == OUTSIDE for example in examples])
        count = int((asked >= 0).sum() + outside.sum())
        questions, asked_of = csr_matrix(rows[:count]), asked[:count]
        fields = np.array([_field(knowledge, records[record]) if record >= 0 else "" for record in asked_of])
        # A part of the lines is enough to calibrate on; drawn by the text, so that a new line moves no other.
        share = np.where(outside, _SAMPLE_OUTSIDE, _SAMPLE)
        sampled = np.array([crc32(text.encode()) for text in texts]) % share == 0
        # Half of the lines outside the scope are enough as negatives of every field.
        negative = (fields == "") & (np.arange(count) % 2 == 0)
        fitted = []
        for field in filter(None, np.unique(fields)):
            inside = np.flatnonzero((fields == field) | negative)
            inside = inside[np.argsort(sampled[inside], kind="stable")]
            fitted.append(Block.fit(questions, asked_of, inside, int(sampled[inside].sum())))
        starts = [*np.searchsorted(asked_of[asked_of >= 0], np.arange(len(records))), int((asked_of >= 0).sum())]
        nearest = Nearest(questions, np.array(starts))
        intent_centres = Centres.of(rows, meant, len(intents))
        ranker = cls(vectoriser, nearest, [block for block, _ in fitted], records, intents, intent_centres, knowledge)

        sample = np.flatnonzero(sampled)
        ridge = np.zeros((len(examples), len(records)), dtype=np.float32)
        near = np.zeros((len(examples), len(records) + 1), dtype=np.float32)
        lines = Lines(questions)
        for start in range(0, len(sample), _BATCH):
            batch = sample[start : start + _BATCH]
            with_all = lines.products(csr_matrix(rows[batch]))
            own = np.flatnonzero(batch < count)
            with_all[own, batch[own]] = 0.0  # a question is not its own neighbour; its ridge scores are those left out, below
            near[batch] = nearest.similarities(with_all)
            ridge[batch] = ranker._ridge(with_all, near[batch, :-1])
        for block, left_out in fitted:
            ridge[np.ix_(block.questions[-len(left_out) :], block.records)] = left_out
        centre, intent = ranker.record_centres.left_out(rows[sample], asked[sample]), intent_centres.left_out(rows[sample], meant[sample])
        scores = [_Scores(*of_line) for of_line in zip(ridge[sample], centre, near[sample, :-1], intent, near[sample, -1])]
        ranker._calibrate([examples[index] for index in sample], scores)
        return ranker

    def _calibrate(self, examples: Sequence[Example], scores: Sequence[_Scores]) -> None:
        choices: list[Array] = []
        nones: list[Array] = []
        wanted: list[Array] = []
        for example, of_example in zip(examples, scores):
            named = self._named(example.text)
            right = {example.record} if example.record else self._led_by(example.intent, named)
            best, pairs = self._pairs(of_example, named)
            found = np.array([self.records[index] in right for index in best])
            if right and not found.any():
                continue  # the record is not among the candidates: nothing to learn from
            choices.append(pairs)
            nones.append(self._none(of_example, named))
            wanted.append(np.append(found, not right))
        self.coefficients, self.none_coefficients = fit_choices(np.stack(choices), np.stack(nones), np.stack(wanted))

    def _led_by(self, intent: str, named: Sequence[str]) -> set[str]:
        """The leading records that a line about an aspect asks for, when it names their subject."""
        if not intent.startswith(_ASPECT_PREFIX):
            return set()
        aspect = intent[len(_ASPECT_PREFIX) :]
        return {record.id for subject in named for record in self.knowledge.about(subject, aspect) if record.lead}

    # --- prediction

    def _named(self, text: str) -> list[str]:
        return [match.id for match in self.gazetteer.find(text)]

    def _pairs(self, scores: _Scores, named: Sequence[str]) -> tuple[Array, Array]:
        """The likeliest records (as places) and their FEATURES, a row a record."""
        aspects = scores.intent[self._aspects]
        agrees = np.zeros(len(self.records))
        for subject in self._records_of.keys() & set(named):
            agrees[self._records_of[subject]] = 1.0
        rough = scores.ridge + 0.5 * scores.centre + 0.3 * scores.nearest + 0.3 * aspects + 0.4 * agrees + 0.15 * self._leads * aspects
        best = np.argsort(-rough)[:BREADTH]
        columns = [
            scores.ridge[best],
            scores.ridge[best] / (max(float(scores.ridge.max()), 0.0) + _UNSURE),
            scores.centre[best],
            _ahead(scores.centre, best),
            scores.nearest[best],
            _ahead(scores.nearest, best),
            scores.nearest[best] - scores.outside,
            aspects[best] - scores.intent.max(),
            aspects[best] - scores.intent[self._other].max(),
            aspects[best] / (scores.intent[~self._other].max() + _UNSURE),
            np.maximum(scores.ridge[best], 0.0) ** 2,
            scores.nearest[best] ** 2,
            self._leads[best],
            self._leads[best] * aspects[best],
            agrees[best],
            (1 - agrees[best]) * float(bool(named)),
            (1 - agrees[best]) * self._is_form[best] * float(bool(self.forms.intersection(named))),
        ]
        return best, np.column_stack(columns)

    def _none(self, scores: _Scores, named: Sequence[str]) -> Array:
        """The NONE_FEATURES of a message."""
        small_talk = scores.intent[self._other].max() - scores.intent[~self._other].max()
        return np.array([1.0, scores.outside - scores.nearest.max(), small_talk, scores.ridge.max(), scores.centre.max(), float(not named)])

    def _ridge(self, with_all: Array, near: Array) -> Array:
        """From products with all questions (a row a message) and similarities to the records' nearest to one ridge score a record.

        A field that nothing in the message comes near is left at 0: most of the work goes into fields that have no part in the answer.
        """
        scores = np.zeros((with_all.shape[0], len(self.records)), dtype=np.float32)
        kernel = bent(with_all)
        least = _NEAR * near.max(axis=1)
        for block in self.blocks:
            meant = np.flatnonzero(near[:, block.records].max(axis=1) >= least)
            if len(meant):
                scores[np.ix_(meant, block.records)] = kernel[np.ix_(meant, block.questions)] @ block.duals
        return scores

    def _scores(self, text: str) -> _Scores:
        places, values = self.vectoriser.features(text)
        with_all = products(places, values, self.nearest.columns)[None, :]
        nearest = self.nearest.similarities(with_all)[0]
        ridge = self._ridge(with_all, nearest[None, :-1])[0]
        centre, intent = self.record_centres.similarities(places, values), self.intent_centres.similarities(places, values)
        return _Scores(ridge, centre, nearest[:-1], intent, float(nearest[-1]))

    def rank(self, text: str) -> Ranking:
        """The records that `text` may ask for."""
        named = self._named(text)
        scores = self._scores(text)
        best, pairs = self._pairs(scores, named)
        said = [FEATURES.index(name) for name in ("agrees", "disagrees", "other_form")]
        logits = pairs @ self.coefficients
        bare = logits - pairs[:, said] @ self.coefficients[said]
        candidates = tuple(Candidate(self.records[best[i]], float(logits[i]), float(bare[i]), self._subjects[best[i]]) for i in np.argsort(-logits))
        none = float(self._none(scores, named) @ self.none_coefficients)
        agrees, disagrees, other_form = (float(weight) for weight in self.coefficients[said])
        return Ranking(candidates, tuple(dict.fromkeys(named)), none, agrees, disagrees, other_form, self.forms)

    # --- storage

    def save(self, folder: Path) -> None:
        """Write everything learned into `folder`."""
        self.vectoriser.save(folder)
        save_npz(folder / "rows.npz", self.nearest.rows, compressed=False)
        save_npz(folder / "intent_centres.npz", self.intent_centres.sums, compressed=False)
        for number, block in enumerate(self.blocks):
            np.savez(folder / f"block-{number}.npz", questions=block.questions, records=block.records, duals=block.duals)
        np.savez(folder / "weights.npz", starts=self.nearest.starts, coefficients=self.coefficients, none=self.none_coefficients)
        names = {"records": self.records, "intents": self.intents}
        (folder / "names.json").write_text(json.dumps(names), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, knowledge: Knowledge) -> Ranker:
        """Read back what `save` wrote."""
        names = json.loads((folder / "names.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            starts, coefficients, none = arrays["starts"], arrays["coefficients"], arrays["none"]
        blocks = []
        for path in sorted(folder.glob("block-*.npz")):
            with np.load(path, allow_pickle=False) as arrays:
                blocks.append(Block(arrays["questions"], arrays["records"], arrays["duals"]))
        return cls(
            Vectoriser.load(folder),
            Nearest(csr_matrix(load_npz(folder / "rows.npz")), starts),
            blocks,
            names["records"],
            names["intents"],
            Centres(csr_matrix(load_npz(folder / "intent_centres.npz"))),
            knowledge,
            coefficients,
            none,
        )


def _ahead(scores: Array, best: Array) -> Array:
    """How far each of `best` is ahead of its strongest rival (negative when behind)."""
    order = np.sort(scores)[::-1]
    second = order[1] if len(order) > 1 else 0.0
    return np.asarray(scores[best] - np.where(scores[best] >= order[0], second, order[0]))
