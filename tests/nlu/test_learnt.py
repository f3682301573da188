"""What was learnt from corrections: a file of the data directory, checked like the knowledge base, in training like the lines beside it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot import learnt
from bot.knowledge.records import KnowledgeError
from bot.knowledge.store import Knowledge
from bot.learnt import LearntLine
from bot.nlu.fingerprint import release_hash, training_hash
from bot.nlu.lines import written_intents
from bot.settings import settings
from bot.training import TrainingError, in_use, is_current, train
from tests.tools import environment

DARIJA = LearntLine(text="واش تعاونية ديال أربعة د الناس مقبولة", variety="ary-Arab", record="coop-min-membres")
WEATHER = LearntLine(text="chnou ljaw f tanja ghedda", variety="ary-Latn", intent="out_of_scope")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A data directory, in use."""
    with environment(DALIL_DATA_DIR=str(tmp_path)):
        yield tmp_path


def _write(folder: Path, *lines: LearntLine) -> Path:
    path = folder / learnt.FILE
    path.write_text(learnt.written(lines), encoding="utf-8")
    return path


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    odd = [LearntLine(text=text, variety="fr", intent="greet") for text in ("yes", "a: b # c", "- «l'acte»", "😀 salut", "1.5", "[tel]")]
    lines = [DARIJA, WEATHER, *odd]
    assert learnt.read(_write(tmp_path, *lines)) == lines
    assert DARIJA.text in (tmp_path / learnt.FILE).read_text(encoding="utf-8")  # readable, not escaped
    assert learnt.read(_write(tmp_path)) == []


def test_without_a_file_there_are_no_lines(tmp_path: Path) -> None:
    assert learnt.read(tmp_path / learnt.FILE) == []


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ("text: a b c\n  variety: en\n  record: x", "record number 2: field variety:"),
        ("text: a b c\n  variety: fr", "record number 2: field record: must have either record or intent"),
        ("text: a b c\n  variety: fr\n  record: x\n  intent: y", "record number 2: field record: must have either record or intent"),
        ("text: '?!'\n  variety: fr\n  record: x", "record number 2: field text: holds no word"),
        ('text: "a\\u202eb"\n  variety: fr\n  record: x', "record number 2: field text: holds a line break or an invisible mark"),
        ('text: "a\\nb"\n  variety: fr\n  record: x', "record number 2: field text: holds a line break or an invisible mark"),
        ("text: a b c\n  variety: fr\n  record: x\n  note: y", "record number 2: field note: extra fields not permitted"),
        ("variety: fr\n  record: x", "record number 2: field text: field required"),
        ("text: BONJOUR   à tous !\n  variety: fr\n  record: x", "record number 2: field text: stands in number 1 already"),
    ],
)
def test_a_broken_file_is_named_with_entry_and_field(tmp_path: Path, entry: str, fault: str) -> None:
    path = tmp_path / learnt.FILE
    path.write_text(f"- text: bonjour à tous\n  variety: fr\n  intent: greet\n- {entry}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError) as raised:
        learnt.read(path)
    assert str(raised.value).startswith(f"learnt.yml: {fault}")


@pytest.mark.parametrize("content", ["", "a: b", "- [", "text"])
def test_a_file_of_something_else_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / learnt.FILE
    path.write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"^learnt\.yml: "):
        learnt.read(path)


def test_a_line_whose_record_is_no_more_teaches_nothing_and_a_merged_record_stands_for_the_old_one(knowledge: Knowledge) -> None:
    old, new = next((record.merges[0], record.id) for record in knowledge.records.values() if record.merges)
    gone = LearntLine(text="une question ancienne", variety="fr", record="no-such-record")
    stray = LearntLine(text="une envie ancienne", variety="fr", intent="no_such_intent")
    merged = LearntLine(text="une autre question", variety="fr", record=old)
    assert learnt.valid([DARIJA, gone, merged, stray, WEATHER], knowledge, written_intents()) == [DARIJA, merged.copy(update={"record": new}), WEATHER]


def test_without_learnt_lines_the_hash_does_not_depend_on_the_data_directory(tmp_path: Path) -> None:
    hashes = []
    for name in ("one", "other"):
        with environment(DALIL_DATA_DIR=str(tmp_path / name)):
            hashes.append(training_hash())
    assert hashes == [release_hash()] * 2


def test_every_change_of_the_learnt_lines_changes_the_hash(folder: Path) -> None:
    before = training_hash()
    _write(folder, DARIJA)
    one = training_hash()
    _write(folder, DARIJA, WEATHER)
    assert len({before, one, training_hash()}) == 3
    _write(folder, DARIJA)
    assert training_hash() == one


def test_a_model_is_out_of_date_once_the_learnt_lines_are_others(folder: Path) -> None:
    used = in_use(settings())
    used.model.parent.mkdir()
    used.model.write_bytes(b"a model")
    used.mark.write_text(training_hash(), encoding="utf-8")
    assert is_current(settings())
    path = _write(folder, DARIJA)
    assert not is_current(settings())
    path.unlink()
    assert is_current(settings())


def test_another_file_can_be_named_for_a_candidate(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = _write(tmp_path_factory.mktemp("candidate"), WEATHER)
    before = training_hash()
    with environment(DALIL_LEARNT=str(other)):
        assert training_hash() == training_hash(other) != before


def _training_data() -> list[Any]:
    """The training lines as Rasa gets them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from bot.nlu.importer import DalilImporter

        return list(DalilImporter(training_data_paths=[]).get_nlu_data().training_examples)


def test_learnt_lines_are_learnt_beside_the_others_with_a_copy_in_latin_letters_of_darija(folder: Path, knowledge: Knowledge) -> None:
    before = len(_training_data())
    _write(folder, DARIJA, WEATHER)
    found = _training_data()
    assert len(found) == before + 3
    by_text = {message.get("text"): message for message in found}
    asked, weather = by_text[DARIJA.text], by_text[WEATHER.text]
    aspect = knowledge.records["coop-min-membres"].aspect
    assert (asked.get("intent"), asked.get("metadata")) == (f"ask_{aspect}", {"variety": "ary-Arab", "learnt": True, "record": "coop-min-membres"})
    assert (weather.get("intent"), weather.get("metadata")) == ("out_of_scope", {"variety": "ary-Latn", "learnt": True})
    copy = found[-1]
    assert (copy.get("intent"), copy.get("metadata")) == (f"ask_{aspect}", {"variety": "ary-Latn", "generated": True})
    assert copy.get("text").isascii()


def test_what_the_release_teaches_by_itself_is_not_learnt_a_second_time(folder: Path, knowledge: Knowledge) -> None:
    before = len(_training_data())
    question = knowledge.records["coop-min-membres"].questions.fr[0]
    _write(folder, LearntLine(text=question.upper(), variety="fr", record="coop-definition"), LearntLine(text="bonjour", variety="fr", intent="goodbye"))
    assert len(_training_data()) == before


def test_a_broken_file_stops_training_with_the_fault_in_the_message(folder: Path) -> None:
    (folder / learnt.FILE).write_text("- text: a b c\n  variety: en\n  intent: greet\n", encoding="utf-8")
    with pytest.raises(TrainingError, match=r"learnt\.yml: record number 1: field variety:"):
        train(settings(), print)
