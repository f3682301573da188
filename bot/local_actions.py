"""Custom actions run where they are asked for, in Rasa's process, unless an action server is named (`DALIL_ACTIONS_URL`).

Rasa sends each action call, the whole conversation in it, to a server of its own as JSON over HTTP; for answers that are looked up that
was a fourth of a turn, and one more process that can be down when somebody asks (docs/decisions/0011). Here the same call goes to the same
executor (`rasa_sdk`), without the way there and back.
"""

from __future__ import annotations

import copy
import json
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from sanic import Blueprint, Sanic

from bot.environment import NO_SERVER
from bot.settings import settings


class LocalActionEndpoint(EndpointConfig):
    """Stands for the action server."""

    def __init__(self) -> None:
        super().__init__(NO_SERVER, selective_domain=True)
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *_: Any, **asked: Any) -> Any:
        """Run the action of `json`; the result is what the action server's would be.

        Raises:
            ClientResponseError: when the action refuses to run, as the server says it.
        """
        call = dict(asked["json"])
        # What an action does to the slots in its hands is not what it decides: the conversation must not change by it.
        call["tracker"] = {**call["tracker"], "slots": copy.deepcopy(call["tracker"]["slots"])}
        try:
            result = await self._executor.run(call)
        except ActionExecutionRejection as rejection:
            refused = json.dumps({"action_name": rejection.action_name, "error": rejection.message})
            raise ClientResponseError(400, "refused", refused) from rejection
        # Through JSON, so that nothing in the conversation stays in the action's hands.
        return json.loads(json.dumps(result))


def attach(routes: Blueprint) -> None:
    """Have each server process that has these routes run its actions itself, where no action server is named."""
    if settings().actions_url:
        return

    async def start(app: Sanic, _: object) -> None:
        app.ctx.agent.action_endpoint = LocalActionEndpoint()
        if app.ctx.agent.processor is not None:  # there is a model; else the one that comes takes it from the agent
            app.ctx.agent.processor.action_endpoint = app.ctx.agent.action_endpoint

    routes.listener(start, "after_server_start")
