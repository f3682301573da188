"""Do the features carry over from Standard Arabic to Darija? ArBanking77, when it is there: one level above the project.

Trained on the Modern Standard and Palestinian questions of customers of a bank, tested on the Moroccan ones (77 intents): once without any
Moroccan line, once with ten for each intent. Dalil's features and plain TF-IDF of words and letters go through the same linear classifier.
Jarrar et al., "ArBanking77", 2023 (CC BY-SA 4.0).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.language.features import Vectoriser
from bot.nlu.featurizer import ViewFeaturizer
from bot.paths import ROOT

FOLDER = ROOT.parent / "shared" / "data" / "benchmarks" / "arbanking77"
#: Moroccan lines for each intent in the second measurement, drawn with this seed.
FEW = 10
SEED = 0

Lines = list[tuple[str, str]]


def _read(path: Path) -> Lines:
    with path.open(encoding="utf-8") as lines:
        return [(row["label"], row["text"]) for row in csv.DictReader(lines)]


def _few(lines: Lines) -> tuple[Lines, Lines]:
    """So many lines of each label, and the others; a text that is among the first is not among the others."""
    chance = np.random.default_rng(SEED)
    by_label: dict[str, list[str]] = defaultdict(list)
    for label, text in lines:
        if text not in by_label[label]:
            by_label[label].append(text)
    few = [(label, texts[i]) for label, texts in by_label.items() for i in chance.permutation(len(texts))[:FEW]]
    chosen = {text for _, text in few}
    return few, [(label, text) for label, text in lines if text not in chosen]


def _plain(train: Lines, test: Lines) -> tuple[csr_matrix, csr_matrix]:
    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True)
    texts = [text for _, text in train]
    fitted = hstack([words.fit_transform(texts), letters.fit_transform(texts)])
    asked = [text for _, text in test]
    return csr_matrix(fitted), csr_matrix(hstack([words.transform(asked), letters.transform(asked)]))


def _dalil(train: Lines, test: Lines) -> tuple[csr_matrix, csr_matrix]:
    vectoriser = Vectoriser(ViewFeaturizer.get_default_config()["weights"])
    return vectoriser.fit_transform([text for _, text in train]), vectoriser.transform([text for _, text in test])


def _accuracy(rows: tuple[csr_matrix, csr_matrix], train: Lines, test: Lines) -> float:
    # Rows of one length each, so that the classifier's smoothing means the same for both kinds of features.
    scaled = [csr_matrix(part.multiply(1 / np.sqrt(part.multiply(part).sum(axis=1) + 1e-9))) for part in rows]
    found = LinearSVC(C=0.5).fit(scaled[0], [label for label, _ in train]).predict(scaled[1])
    return float(np.mean([label == said for (label, _), said in zip(test, found)]))


def main() -> None:
    """Print the accuracy of both, without and with Moroccan lines."""
    print("== ArBanking77: trained on MSA and Palestinian, tested on Moroccan")
    if not FOLDER.is_dir():
        print(f"not measured: {FOLDER.name} is not there")
        return
    train, moroccan = _read(FOLDER / "train_msa_pal.csv"), _read(FOLDER / "test_moroccan.csv")
    few, others = _few(moroccan)
    for name, known, asked in (("no Moroccan line", train, moroccan), (f"{FEW} Moroccan lines an intent", train + few, others)):
        plain, dalil = (_accuracy(features(known, asked), known, asked) for features in (_plain, _dalil))
        print(f"{name}: plain TF-IDF {plain:.1%}, Dalil's features {dalil:.1%} ({100 * (dalil - plain):+.1f} points) of {len(asked)}")


if __name__ == "__main__":
    main()
