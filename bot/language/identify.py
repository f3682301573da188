"""Which variety is this message written in?

The script decides first. Inside Arabic script, Modern Standard Arabic stands against Darija; inside Latin script, French, Arabizi, English
and Amazigh stand against each other: for each a logistic regression over letter n-grams and marker words, trained on the project's own
sentences. langdetect, which knows neither Darija nor Arabizi, is heard only where the Latin model hesitates between languages that it does
know. Very short messages stay undetermined: one word is no evidence.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
from langdetect import DetectorFactory, LangDetectException, detect_langs
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from bot.language.features import Vectoriser
from bot.language.normal import normalise, tokens
from bot.language.variety import Variety
from bot.paths import LANGUAGE

DetectorFactory.seed = 0  # langdetect samples; a fixed seed makes it repeatable

Array = npt.NDArray[np.float32]

MARKERS_FILE = LANGUAGE / "darija-markers.tsv"

_ARABIC_LETTER = re.compile("[\u0621-\u064a\u066e-\u06d3\u06d5\u06ee\u06ef\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]")
_LATIN_LETTER = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_TIFINAGH_LETTER = re.compile("[\u2d30-\u2d7f]")

#: Below this many words a verdict needs _CERTAIN; from here on the likeliest variety is always said. Up to as many words do not change the
#: language of a conversation, unless one of them is a word that only Darija has.
_FEW_WORDS = 3
_CERTAIN = 0.80
_HESITANT = 0.75


@dataclass(frozen=True)
class Identification:
    """What was found.

    Attributes:
        variety: the likeliest variety, UNDETERMINED when the message is too short to tell.
        probability: of the likeliest variety (also when it was not said), 0 to 1.
        words: how many words there were to judge by.
        strong_marker: whether a word was there that only Darija has.
        guess: the likeliest variety even when the message is too short; UNDETERMINED without letters.
    """

    variety: Variety
    probability: float
    words: int
    strong_marker: bool
    guess: Variety

    @property
    def is_strong(self) -> bool:
        """Whether this is evidence enough to change the language of a conversation."""
        if self.variety is Variety.UNDETERMINED:
            return False
        if self.strong_marker and self.variety in (Variety.DARIJA, Variety.ARABIZI):
            return self.probability >= _HESITANT
        return self.words > _FEW_WORDS and self.probability >= _CERTAIN


@lru_cache(maxsize=1)
def markers() -> dict[str, str]:
    """Darija function words in normal form -> 'strong' (not MSA) or 'weak'."""
    with MARKERS_FILE.open(encoding="utf-8") as lines:
        rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
        table: dict[str, str] = {}
        for row in rows:
            for word in tokens(row["marker"]):
                table.setdefault(word, row["strength"])
        return table


_DARIJA_SHAPES = re.compile(r"^(?:ما\w{2,}ش|[كت]ا?[نتي]\w{3,}|كاي\w{2,}|غاي\w{2,}|ه?اد\w{0,3}|دي?ال\w*|\w{2,}[وي]ش)$")


def _marker_features(text: str) -> list[float]:
    """Shares of strong markers, weak markers and typical Darija word shapes among the words."""
    found = tokens(text)
    if not found:
        return [0.0, 0.0, 0.0]
    strengths = [markers().get(word) for word in found]
    shapes = sum(bool(_DARIJA_SHAPES.match(word)) for word in found)
    return [
        min(1.0, strengths.count("strong") / 2),
        min(1.0, strengths.count("weak") / 3),
        min(1.0, shapes / 2),
    ]


class ScriptModel:
    """The varieties of one script, told apart by logistic regression."""

    def __init__(self, vectoriser: Vectoriser, labels: Sequence[str], weights: Array, bias: Array) -> None:
        self.vectoriser, self.labels, self.weights, self.bias = vectoriser, list(labels), weights, bias

    @staticmethod
    def _with_markers(rows: csr_matrix, texts: Sequence[str]) -> csr_matrix:
        extra = csr_matrix(np.array([_marker_features(text) for text in texts], dtype=np.float32))
        return csr_matrix(hstack([rows, extra], format="csr"))

    @classmethod
    def train(cls, texts: Sequence[str], labels: Sequence[str]) -> ScriptModel:
        """Fit on `texts` and their labels (at least two different ones)."""
        vectoriser = Vectoriser({"raw_letters": 1.0, "words": 0.5}, rarest=2)
        rows = cls._with_markers(vectoriser.fit_transform(texts), texts)
        model = LogisticRegression(C=30, class_weight="balanced", max_iter=60, tol=1e-3)
        model.fit(rows, labels)
        weights, bias = model.coef_, model.intercept_
        if len(model.classes_) == 2:
            weights, bias = np.vstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
        return cls(vectoriser, list(model.classes_), weights.astype(np.float32), bias.astype(np.float32))

    def probabilities(self, text: str) -> dict[str, float]:
        """Label -> probability."""
        places, values = self.vectoriser.features(text)
        of_markers = np.array(_marker_features(text), dtype=np.float32)
        scores = self.weights[:, places] @ values + self.weights[:, -len(of_markers) :] @ of_markers + self.bias
        exponentials = np.exp(scores - scores.max())
        return {label: float(p) for label, p in zip(self.labels, exponentials / exponentials.sum())}

    def save(self, folder: Path) -> None:
        """Write the model into `folder`."""
        self.vectoriser.save(folder)
        (folder / "labels.json").write_text(json.dumps(self.labels), encoding="utf-8")
        np.savez_compressed(folder / "weights.npz", weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, folder: Path) -> ScriptModel:
        """Read back what `save` wrote."""
        labels = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            return cls(Vectoriser.load(folder), labels, arrays["weights"], arrays["bias"])


def script_of(text: str) -> str | None:
    """'arabic', 'latin' or 'tifinagh', whichever has most letters; None without letters."""
    counts = {
        "arabic": len(_ARABIC_LETTER.findall(text)),
        "latin": len(_LATIN_LETTER.findall(text)),
        "tifinagh": len(_TIFINAGH_LETTER.findall(text)),
    }
    script = max(counts, key=lambda name: counts[name])
    return script if counts[script] else None


class Identifier:
    """The trained identifier: one model a script."""

    def __init__(self, models: dict[str, ScriptModel]) -> None:
        self.models = models

    @classmethod
    def train(cls, sentences: Iterable[tuple[str, str]]) -> Identifier:
        """Fit from (text, label) pairs; a pair whose script does not fit its label is left out."""
        by_script: dict[str, list[tuple[str, str]]] = {"arabic": [], "latin": []}
        scripts = {"ar": "arabic", "ary-Arab": "arabic", "zgh": "tifinagh"}
        for text, label in sentences:
            if (script := script_of(text)) in by_script and script == scripts.get(label, "latin"):
                by_script[script].append((text, label))
        return cls({script: ScriptModel.train(*zip(*pairs)) for script, pairs in by_script.items()})

    def identify(self, text: str) -> Identification:
        """Say which variety `text` is in."""
        found = tokens(text)
        strong = any(markers().get(word) == "strong" for word in found)
        script = script_of(text)
        if script is None:
            return Identification(Variety.UNDETERMINED, 0.0, len(found), False, Variety.UNDETERMINED)
        if script == "tifinagh":
            return Identification(Variety.TIFINAGH, 1.0, len(found), False, Variety.TIFINAGH)
        chances = self.models[script].probabilities(text)
        if script == "latin" and max(chances.values()) < _HESITANT and len(found) >= _FEW_WORDS:
            chances = _with_langdetect(chances, text)
        best = max(chances, key=lambda label: chances[label])
        guess, probability = Variety(best), chances[best]
        said = guess if len(found) >= _FEW_WORDS or probability >= _CERTAIN else Variety.UNDETERMINED
        return Identification(said, probability, len(found), strong, guess)

    def save(self, folder: Path) -> None:
        """Write every model below `folder`."""
        for script, model in self.models.items():
            model.save(folder / script)

    @classmethod
    def load(cls, folder: Path) -> Identifier:
        """Read back what `save` wrote."""
        return cls({path.name: ScriptModel.load(path) for path in sorted(folder.iterdir()) if path.is_dir()})


def _with_langdetect(chances: dict[str, float], text: str) -> dict[str, float]:
    """Let langdetect's opinion on French and English weigh in; its silence is an argument for Arabizi and Amazigh."""
    try:
        opinion = {found.lang: found.prob for found in detect_langs(normalise(text))}
    except LangDetectException:
        return chances
    heard = {label: chance * (0.3 + opinion.get(label, 0.0)) for label, chance in chances.items()}
    for label in ("ary-Latn", "ber"):
        if label in chances:
            heard[label] = chances[label] * (0.3 + max(0.0, 1 - opinion.get("fr", 0.0) - opinion.get("en", 0.0)))
    total = sum(heard.values())
    return {label: chance / total for label, chance in heard.items()}
