"""Texts as numbers: the fast path gives scikit-learn's figures, and nothing is lost on disk."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.language.features import VIEWS, Vectoriser

TEXTS = ["combien de membres", "شحال ديال الأعضاء", "chhal dyal l a3daa", "combien combien de parts", "", "👍"]
WEIGHTS = {"words": 0.7, "letters": 1.0, "skeletons": 0.9, "skeleton_letters": 1.2, "concepts": 0.5}


@pytest.fixture(scope="module")
def fitted() -> Vectoriser:
    return Vectoriser(WEIGHTS).fit(TEXTS)


def test_one_text_gets_the_figures_that_training_gave_it(fitted: Vectoriser) -> None:
    trained = Vectoriser(WEIGHTS).fit_transform(TEXTS).toarray()
    assert np.allclose(fitted.transform(TEXTS).toarray(), trained, atol=1e-6)
    for number, text in enumerate(TEXTS):
        assert np.allclose(fitted.transform([text]).toarray()[0], trained[number], atol=1e-6)


def test_unknown_words_are_zeros(fitted: Vectoriser) -> None:
    assert fitted.transform(["ⵣⵣⵣⵣⵣ"]).nnz == 0


def test_what_is_saved_is_read_back(fitted: Vectoriser, tmp_path: Path) -> None:
    fitted.save(tmp_path)
    assert np.allclose(Vectoriser.load(tmp_path).transform(TEXTS).toarray(), fitted.transform(TEXTS).toarray())


@pytest.mark.parametrize("view", VIEWS)
def test_the_figures_are_those_of_scikit_learn(view: str) -> None:
    texts = [*TEXTS, *TEXTS[:2]]
    ours = Vectoriser({view: 1.0}, rarest=2)
    rows = ours.fit_transform(texts)
    theirs = TfidfVectorizer(analyzer=VIEWS[view], min_df=2, sublinear_tf=True)
    expected = theirs.fit_transform(texts)
    terms = [str(term) for term in theirs.get_feature_names_out()]
    found = ours._views[view].vocabulary
    columns = [found[term] for term in terms]
    assert sorted(found) == terms
    assert np.allclose(rows[:, columns].toarray(), expected.toarray(), atol=1e-6)


def test_texts_without_a_common_feature_are_told() -> None:
    with pytest.raises(ValueError, match="no feature of words is in 2 texts"):
        Vectoriser({"words": 1.0}, rarest=2).fit(["abc", "def"])
