"""A running server takes a new model without losing a message.

Every server process looks at the model's file. When another one stands there, it is loaded in a thread beside the event loop and tried with one
message; then Rasa's processor is exchanged in one step. A message that is under way ends with the processor it began with. Tracker store, lock
store and endpoints stay. A model that cannot be loaded is tried again a few times, then left aside; the one in use goes on. Each server says
which model it uses (bot/model_use.py).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from sanic import Blueprint, Sanic

from bot.model_use import Note
from bot.nlu.fingerprint import release_hash
from bot.settings import settings
from bot.training import mark_of, model_path

logger = logging.getLogger(__name__)

#: The file is looked at so often; it is believed when it is the same twice.
_EVERY = 2.0
#: After each failure to load a model, so many seconds until it is tried again; then it is left aside.
_PAUSES = (10.0, 60.0, 300.0)
#: What a new model has to understand before it is used.
_TRIAL = "salam"


def attach(routes: Blueprint) -> None:
    """Have each server process that has these routes look after its model."""
    switch = ModelSwitch(model_path(settings()))  # now: before the server loads the model

    async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.dalil_model_switch = loop.create_task(switch.watch(app))

    async def stop(app: Sanic, _: object) -> None:
        app.ctx.dalil_model_switch.cancel()
        switch.stop()

    routes.listener(start, "after_server_start")
    routes.listener(stop, "before_server_stop")


@dataclass(frozen=True)
class Identity:
    """What tells a file from another one at the same place."""

    number: int
    changed_at: int
    size: int


def identity(path: Path) -> Identity | None:
    """The identity of a file; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return Identity(found.st_ino, found.st_mtime_ns, found.st_size)


#: Takes the model that stands at a place.
Take = Callable[[Path], Awaitable[None]]


class ModelSwitch:
    """Sees that another model stands at the place of the one in use, and has it taken.

    Args:
        path: the place.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._release = release_hash()
        self._used = identity(path)
        self._before = self._used
        self._passed_over: Identity | None = None
        self._failures: list[float] = []  # when the model that stands there now could not be taken
        self._used_mark = ""
        self._note: Note | None = None

    async def watch(self, app: Sanic) -> None:
        """Exchange the model of a server whenever there is another one, until the task is cancelled."""
        self._note = Note(settings())  # now: each server is a process of its own
        while True:
            try:
                self._tell()
                await asyncio.sleep(_EVERY)
                await self.look(partial(_exchange, app.ctx.agent))
            except Exception:  # the server must go on with the model it has
                logger.exception("the model could not be looked after; the one in use goes on")
                await asyncio.sleep(_EVERY)

    def stop(self) -> None:
        """Say that this server uses no model any more."""
        if self._note is not None:
            self._note.withdraw()

    async def look(self, take: Take) -> bool:
        """Look once, and have another model taken that stands there, whole and made for this release.

        Args:
            take: takes it; whatever it raises means that it could not.

        Returns:
            Whether it was taken.
        """
        found = self._another()
        if found is None:
            return False
        try:
            await take(self._path)
        except Exception:  # whatever Rasa raises for a model that it cannot load
            self._failures.append(time.monotonic())
            again = "it is tried again" if len(self._failures) <= len(_PAUSES) else "it is left aside"
            logger.exception("a new model could not be loaded; the one in use goes on, %s", again)
            return False
        self._used = found  # where another one came meanwhile, that is seen at the next look
        return True

    def _another(self) -> Identity | None:
        """The model that is to be taken now; None where there is none."""
        found, before = identity(self._path), self._before
        self._before = found
        if found != before:
            self._failures = []
        if found in (None, self._used, self._passed_over) or found != before or not self._is_due():
            return None
        mark = self._mark()
        if mark is None:
            return None  # it is being put there
        if mark.split()[:1] != [self._release]:
            self._passed_over = found
            logger.warning("there is a model of another release: it is used after a restart")
            return None
        return found

    def _is_due(self) -> bool:
        """Whether a model that could not be taken before is to be tried again now."""
        failed = len(self._failures)
        return failed == 0 or (failed <= len(_PAUSES) and time.monotonic() - self._failures[-1] >= _PAUSES[failed - 1])

    def _mark(self) -> str | None:
        """The mark of the model that stands there; None while it is being exchanged."""
        try:
            return mark_of(self._path).read_text(encoding="utf-8")
        except OSError:
            return None

    def _tell(self) -> None:
        """Say which model this server uses: as long as it is the one that stands there, its mark stands beside it."""
        mark = self._mark()
        if mark is not None and identity(self._path) == self._used:
            self._used_mark = mark
        if self._note is not None:
            self._note.say(self._used_mark)


async def _exchange(agent: Any, path: Path) -> None:
    """Have an agent use the model at a place."""
    began = time.monotonic()
    use(agent, await asyncio.get_running_loop().run_in_executor(None, load, agent, path))
    logger.warning("the new model is in use, loaded in %.1f s", time.monotonic() - began)


def load(agent: Any, path: Path) -> MessageProcessor:
    """A model made ready for the stores and endpoints of an agent, after it has understood a message.

    Raises:
        Exception: whatever Rasa raises for a model that is broken.
    """
    processor = MessageProcessor(
        path, agent.tracker_store, agent.lock_store, agent.nlg, action_endpoint=agent.action_endpoint, http_interpreter=agent.http_interpreter
    )
    asyncio.run(processor.parse_message(UserMessage(_TRIAL)))
    return processor


def use(agent: Any, processor: MessageProcessor) -> None:
    """Have the next messages handled by another model: what `Agent.load_model` does after loading, without a pause in between."""
    agent.processor = processor
    agent.domain = agent.tracker_store.domain = processor.domain
    if isinstance(agent.nlg, TemplatedNaturalLanguageGenerator):
        agent.nlg.responses = processor.domain.responses
