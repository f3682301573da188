"""The search that is learnt beside: used where it was learnt from the same lines, and only there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.knowledge.ranking import Example
from bot.nlu import beside
from bot.nlu.lines import Line

EXAMPLES = [Example("combien de membres", "ask_number", "coop-min-membres"), Example("bonjour", "greet")]


def _learns(examples: list[Example]) -> Callable[[Path], None]:
    def learn(folder: Path) -> None:
        (folder / "inner").mkdir()
        (folder / "inner" / "weights").write_text("learnt", encoding="ascii")
        (folder / beside._MARK).write_text(beside._digest(examples), encoding="ascii")

    return learn


def test_where_nothing_was_begun_there_is_nothing_to_take(tmp_path: Path) -> None:
    assert not beside.take(EXAMPLES, tmp_path)


def test_what_was_learnt_from_the_same_lines_is_taken_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_learn", _learns(EXAMPLES))
    beside.begin()
    assert beside.take(EXAMPLES, tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")] == ["inner", "inner/weights"]
    assert not beside.take(EXAMPLES, tmp_path)


@pytest.mark.parametrize("other", [EXAMPLES[:1], EXAMPLES[::-1], [*EXAMPLES, Example("salam", "greet")]])
def test_what_was_learnt_from_other_lines_is_left(other: list[Example], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_learn", _learns(other))
    beside.begin()
    assert not beside.take(EXAMPLES, tmp_path)
    assert not list(tmp_path.iterdir())


def test_without_a_result_there_is_nothing_to_take(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    def fails(folder: Path) -> None:
        raise MemoryError

    monkeypatch.setattr(beside, "_learn", fails)
    beside.begin()
    assert not beside.take(EXAMPLES, tmp_path)
    assert "MemoryError" in capfd.readouterr().err  # it stands in the log of the training


def test_copies_in_other_letters_are_not_learnt_and_questions_of_records_once() -> None:
    lines = [Line("a b", "greet", "fr"), Line("c d", "ask_number", "fr", record="coop-min-membres"), Line("e f", "greet", "ary-Latn", generated=True)]
    learnt = Line("g h", "ask_number", "fr", record="coop-min-membres", learnt=True)
    records = beside.search_examples([])
    assert beside.search_examples([*lines, learnt])[len(records) :] == [Example("a b", "greet"), Example("g h", "ask_number", "coop-min-membres")]
