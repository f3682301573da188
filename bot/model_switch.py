"""A running server takes a new model without losing a message.

Every server process looks at the model's file. When another one stands there, it is loaded in a thread beside the event loop and tried with one
message; then Rasa's processor is exchanged in one step. A message that is under way ends with the processor it began with. Tracker store, lock
store and endpoints stay. A model that cannot be loaded is left aside, and the one in use goes on.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from sanic import Blueprint, Sanic

from bot.nlu.fingerprint import release_hash
from bot.settings import settings
from bot.training import mark_of, model_path

logger = logging.getLogger(__name__)

#: The file is looked at so often; it is believed when it is the same twice.
_EVERY = 2.0
#: What a new model has to understand before it is used.
_TRIAL = "salam"


def attach(routes: Blueprint) -> None:
    """Have each server process that has these routes look after its model."""
    switch = ModelSwitch(model_path(settings()))  # now: before the server loads the model

    async def start(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.dalil_model_switch = loop.create_task(switch.watch(app))

    async def stop(app: Sanic, _: object) -> None:
        app.ctx.dalil_model_switch.cancel()

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


class ModelSwitch:
    """Sees that another model stands at the place of the one in use.

    Args:
        path: the place.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._release = release_hash()
        self._used = identity(path)
        self._before = self._used

    async def watch(self, app: Sanic) -> None:
        """Exchange the model of a server whenever there is another one, until the task is cancelled."""
        while True:
            await asyncio.sleep(_EVERY)
            try:
                if self.is_new():
                    await self._exchange(app.ctx.agent)
            except Exception:  # the server must go on with the model it has
                logger.exception("a new model could not be loaded; the one in use goes on")

    def is_new(self) -> bool:
        """Whether another model stands there, whole and made for this release; one that is not is passed over."""
        found, before = identity(self._path), self._before
        self._before = found
        if found in (None, self._used) or found != before:
            return False
        try:
            made_for = mark_of(self._path).read_text(encoding="utf-8").split()
        except OSError:
            return False  # it is being put there
        self._used = found
        if made_for[:1] != [self._release]:
            logger.warning("there is a model of another release: it is used after a restart")
            return False
        return True

    async def _exchange(self, agent: Any) -> None:
        began = time.monotonic()
        processor = await asyncio.get_running_loop().run_in_executor(None, load, agent, self._path)
        use(agent, processor)
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
