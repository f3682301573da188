"""Many people who ask at the same time while something goes wrong, and whether everybody was answered, in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from bot.storage.database import Database
from bot.storage.tables import inbox
from tests.tools import Running
from tests.vendors.telegram import FakeTelegram

QUESTIONS = [
    "Combien de personnes faut-il pour créer une coopérative ?",
    "Quel est le capital minimum d'une coopérative ?",
    "Combien de personnes faut-il pour créer une association ?",
    "شحال خاص ديال الناس باش نديرو تعاونية؟",
    "Qui peut devenir auto-entrepreneur ?",
    "Quelles sont les étapes pour créer une coopérative ?",
    "ما الحد الأدنى لرأس مال التعاونية؟",
    "Quelles sont les étapes pour créer une association ?",
    "Quels documents pour créer une coopérative ?",
    "كم يجب أن يكون عدد أعضاء التعاونية؟",
]
#: The number of the first person.
_FIRST = 10_000


async def answers_alone(assistant: Any, name: str) -> list[str]:
    """What Dalil answers when nothing goes wrong."""
    found = [(await assistant.say(name, question)).replies[0]["text"] for question in QUESTIONS]
    assert len(set(found)) >= len(found) - 3
    return found


@contextmanager
def watched(running: Running) -> Iterator[Database]:
    """The supervisor restarts what dies, as under `dalil run`; the database beside it."""
    database, watching = Database(running.settings.database), True
    watcher = threading.Thread(target=running.supervisor.watch, args=(lambda: watching,))
    watcher.start()
    try:
        yield database
    finally:
        watching = False
        watcher.join()
        database.close()


def wait_until_ready(running: Running, seconds: float = 90) -> None:
    """Wait until `/health` says so."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if running.request("/health")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise AssertionError("the server did not come back")


@dataclass
class Talk:
    """So many people, each of whom asks all the questions.

    Attributes:
        telegram: over what they write.
        people: how many.
        a_second: how many messages, all together.
    """

    telegram: FakeTelegram
    people: int
    a_second: float

    @property
    def messages(self) -> int:
        """How many they send."""
        return self.people * len(QUESTIONS)

    def send(self, faults: Mapping[int, Callable[[], None]]) -> None:
        """Send all messages; before a message of one of these numbers the fault is made."""
        for number in range(self.messages):
            if number in faults:
                faults[number]()
            self.telegram.user(_FIRST + number % self.people).text(QUESTIONS[number // self.people])
            time.sleep(1 / self.a_second)

    def wait(self, seconds: float = 150) -> int:
        """Wait until everybody has everything, an answer to each question and one notice. Returns how many answers are missing."""
        deadline, missing = time.monotonic() + seconds, self.messages
        while missing and time.monotonic() < deadline:
            time.sleep(0.5)
            missing = sum(max(0, len(QUESTIONS) + 1 - len(self.telegram.user(number).sent)) for number in self._numbers)
        time.sleep(2)
        return missing

    def check(self, answers: list[str]) -> int:
        """Everybody's answers are there in the order of the questions. Returns how many came twice."""
        twice = 0
        for number in self._numbers:
            said = [message.text for message in self.telegram.user(number).sent if message.text in answers]
            everything = [message.text[:60] for message in self.telegram.user(number).sent]
            assert _without_repeats(said) == _without_repeats(answers), (number, everything)
            twice += len(said) - len(QUESTIONS)
        return twice

    @property
    def _numbers(self) -> range:
        return range(_FIRST, _FIRST + self.people)


def left_waiting(database: Database) -> int:
    """How many messages nobody has answered."""
    return int(database.now(lambda c: c.execute(select(func.count()).select_from(inbox).where(inbox.c.state == "waiting")).scalar_one()))


def _without_repeats(texts: list[str]) -> list[str]:
    return [text for position, text in enumerate(texts) if not position or text != texts[position - 1]]
