"""A running server takes another model, and takes it back, without losing a message."""

from __future__ import annotations

import asyncio
import os
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot import model_switch
from bot.knowledge.store import load
from bot.knowledge.text import filled
from bot.model_switch import ModelSwitch
from bot.model_use import Note, is_taken
from bot.nlu.fingerprint import release_hash
from bot.settings import Settings
from bot.training import in_use, keep, kept_in, put_in_place
from tests.candidate import RECORD, TEXT, Candidate
from tests.tools import Running, environment, started

pytestmark = [pytest.mark.server, pytest.mark.model, pytest.mark.timeout(900)]  # one of them has a model trained

#: What is asked all the time, and what the answer must hold.
QUESTIONS = (
    ("Combien de personnes faut-il pour créer une coopérative ?", "5"),
    ("شحال خاص ديال الناس باش نديرو تعاونية؟", "5"),
    ("salam", ""),
    ("Combien de personnes faut-il pour une coopérative ?", "5"),
)
SENDERS = 4
#: A switch takes two looks at the file, and the time to load.
_PATIENCE = 90.0


@pytest.fixture(scope="module")
def server(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A Dalil of its own: its model is exchanged."""
    with started(model, tmp_path_factory.mktemp("switch"), ["rasa"]) as running:
        yield running


@dataclass
class Asked:
    """What became of the messages.

    Attributes:
        times: when each was sent, and how many seconds its answer took.
        faults: what was not answered as it should be.
    """

    times: list[tuple[float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def latency(self, begin: float, end: float) -> str:
        """How long answers took to messages sent in a span of time."""
        taken = sorted(seconds * 1000 for at, seconds in self.times if begin <= at < end)
        return f"n={len(taken)} median {statistics.median(taken):.0f} ms, 95 % {taken[int(len(taken) * 0.95)]:.0f} ms, longest {taken[-1]:.0f} ms"


@contextmanager
def _asking(server: Running) -> Iterator[Asked]:
    """Several people who ask without a pause."""
    asked, stop = Asked(), threading.Event()

    def ask(sender: str) -> None:
        turn = 0
        while not stop.is_set():
            question, wanted = QUESTIONS[turn % len(QUESTIONS)]
            turn += 1
            began = time.monotonic()
            try:
                replies = server.say(sender, question)
                if not replies or wanted not in replies[0]["text"]:
                    asked.faults.append(f"{question}: {replies}")
            except Exception as error:
                asked.faults.append(f"{question}: {error!r}")
            asked.times.append((began, time.monotonic() - began))

    threads = [threading.Thread(target=ask, args=(f"asker-{number}",)) for number in range(SENDERS)]
    for thread in threads:
        thread.start()
    try:
        yield asked
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def _knows(server: Running, sender: str) -> bool:
    """Whether what was learnt is answered with its record."""
    return filled(load().records[RECORD], "ary").splitlines()[0] in server.say(sender, TEXT)[0]["text"]


def _wait(server: Running, sender: str, knows: bool) -> float:
    """Wait until the learnt line is answered, or not any more; returns when that was."""
    deadline = time.monotonic() + _PATIENCE
    while _knows(server, sender) is not knows:
        assert time.monotonic() < deadline, "the model was not exchanged"
        time.sleep(0.2)
    return time.monotonic()


def _wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_every_message_is_answered_while_a_model_is_put_in_place_and_taken_back(
    server: Running, candidate: Candidate, tmp_path: Path, measured: Callable[[str], None]
) -> None:
    used, previous = in_use(server.settings), tmp_path / "previous"
    assert not _knows(server, "before")
    _wait_until(lambda: is_taken(server.settings) is True)
    button = server.say("keeper", "Combien de personnes faut-il pour une coopérative ?")[0]["buttons"][0]
    with _asking(server) as asked:
        began = time.monotonic()
        time.sleep(5)
        put = time.monotonic()
        keep(used, previous)
        put_in_place(kept_in(candidate.files), used)
        assert not is_taken(server.settings), "until it is loaded, nobody says that it is in use"
        switched = _wait(server, "curious", knows=True)
        _wait_until(lambda: is_taken(server.settings) is True)
        time.sleep(5)
        back = time.monotonic()
        put_in_place(kept_in(previous), used)
        returned = _wait(server, "curious-again", knows=False)
        _wait_until(lambda: is_taken(server.settings) is True)
        time.sleep(2)
        end = time.monotonic()
    assert asked.faults == []
    assert len(asked.times) > 100
    assert max(seconds for _, seconds in asked.times) < 10
    # The conversation goes on where it was: a button given out under the first model works.
    assert "vérifié le" in server.say("keeper", button["payload"])[0]["text"]
    measured(f"a new model under load of {SENDERS} askers: in use {switched - put:.1f} s after it was put in place, back {returned - back:.1f} s after")
    measured(f"  answers before: {asked.latency(began, put)}")
    measured(f"  answers meanwhile: {asked.latency(put, switched)}; on the way back: {asked.latency(back, returned)}")
    measured(f"  answers with the new model: {asked.latency(switched, back)}; after the way back: {asked.latency(returned, end)}")


def test_a_model_that_cannot_be_loaded_is_left_aside_and_the_one_in_use_goes_on(server: Running, tmp_path: Path) -> None:
    used, broken = in_use(server.settings), kept_in(tmp_path)
    keep(used, tmp_path / "previous")
    broken.model.write_bytes(used.model.read_bytes()[:1_000_000])
    broken.mark.write_text(f"{release_hash()} 0123", encoding="utf-8")
    put_in_place(broken, used)
    log = server.settings.data_dir / "log" / "rasa.log"
    deadline = time.monotonic() + _PATIENCE
    while "a new model could not be loaded" not in log.read_text(encoding="utf-8"):
        assert time.monotonic() < deadline
        assert server.say("patient", QUESTIONS[0][0])
        time.sleep(0.2)
    assert "5" in server.say("patient", QUESTIONS[0][0])[0]["text"]
    assert server.request("/health")[0] == 200
    assert is_taken(server.settings) is False
    put_in_place(kept_in(tmp_path / "previous"), used)


class Place:
    """A place where a model stands, and one who looks at it."""

    def __init__(self, folder: Path) -> None:
        self.files = kept_in(folder)
        self.put(b"old")
        self.switch = ModelSwitch(self.files.model)
        self.faults = 0  # so many times it cannot be taken
        self.tried: list[bytes] = []

    def put(self, content: bytes, mark: str | None = None) -> None:
        """Put a model there, whole."""
        self.content = content
        beside = self.files.model.with_name("beside")
        beside.write_bytes(content)
        os.replace(beside, self.files.model)
        self.files.mark.write_text(release_hash() if mark is None else mark, encoding="utf-8")

    async def take(self, _path: Path) -> None:
        """Take the model that stands there."""
        self.tried.append(self.content)
        if len(self.tried) <= self.faults:
            raise MemoryError

    def looks(self, times: int, switch: ModelSwitch | None = None) -> list[bool]:
        """Whether a model is taken, look after look."""
        return [asyncio.run((switch or self.switch).look(self.take)) for _ in range(times)]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A place with a model."""
    return Place(tmp_path)


def test_the_same_file_is_never_taken(place: Place) -> None:
    assert place.looks(3) == [False, False, False]


def test_another_file_is_taken_once_when_it_has_been_seen_twice(place: Place) -> None:
    place.put(b"new")
    assert place.looks(4) == [False, True, False, False]
    place.put(b"old")
    assert place.looks(3) == [False, True, False]


def test_each_server_process_sees_it_by_itself(place: Place) -> None:
    other = ModelSwitch(place.files.model)
    place.put(b"new")
    assert place.looks(2) == [False, True]
    assert place.looks(2, other) == [False, True]


def test_a_file_that_is_still_being_written_is_waited_for(place: Place) -> None:
    seen = []
    for size in range(1, 5):
        place.files.model.write_bytes(b"n" * size * 100)
        seen += place.looks(1)
    assert seen == [False] * 4
    assert place.looks(2) == [True, False]


def test_a_file_without_its_mark_is_waited_for(place: Place) -> None:
    place.put(b"new")
    place.files.mark.unlink()
    assert place.looks(3) == [False, False, False]
    place.files.mark.write_text(f"{release_hash()} 0123", encoding="utf-8")
    assert place.looks(2) == [True, False]


@pytest.mark.parametrize("mark", ["", "0123", "0123 4567"])
def test_a_model_of_another_release_is_for_the_next_start(place: Place, mark: str) -> None:
    place.put(b"new", mark)
    assert place.looks(4) == [False] * 4
    assert place.tried == []


def test_a_file_that_is_taken_away_changes_nothing(place: Place) -> None:
    place.files.model.unlink()
    assert place.looks(3) == [False, False, False]


def test_a_model_that_cannot_be_loaded_once_is_tried_again_after_a_pause(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_switch, "_PAUSES", (0.2, 0.2))
    place.faults = 1
    place.put(b"new")
    assert place.looks(4) == [False] * 4
    assert place.tried == [b"new"], "not at once"
    time.sleep(0.2)
    assert place.looks(2) == [True, False]


def test_a_model_that_cannot_be_loaded_is_left_aside_after_a_few_trials_and_another_one_is_not(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_switch, "_PAUSES", (0.0, 0.0))
    place.faults = 3
    place.put(b"broken")
    assert place.looks(10) == [False] * 10
    assert place.tried == [b"broken"] * 3
    place.put(b"better")
    assert place.looks(2) == [False, True]


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Settings]:
    """A data directory with a model in use."""
    with environment(DALIL_DATA_DIR=str(tmp_path)) as settings:
        settings.models_dir.mkdir()
        in_use(settings).mark.write_text("this one", encoding="utf-8")
        yield settings


def test_a_server_says_which_model_it_uses_as_long_as_it_lives(own: Settings) -> None:
    assert is_taken(own) is None, "no server runs"
    note = Note(own)
    note.say("this one")
    assert is_taken(own) is True
    note.say("another one")
    assert is_taken(own) is False
    note.say("this one")
    (file,) = (own.models_dir / "servers").iterdir()
    os.utime(file, (time.time() - 61,) * 2)
    note.say("this one")
    assert is_taken(own) is True, "it still lives"
    note.withdraw()
    assert is_taken(own) is None


def test_while_a_model_is_being_put_in_place_nobody_has_taken_it(own: Settings) -> None:
    Note(own).say("this one")
    in_use(own).mark.unlink()
    assert is_taken(own) is False
