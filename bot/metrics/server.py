"""Serves the meters of a Rasa process on a port of their own, which no proxy leads to."""

from __future__ import annotations

from typing import Any

from prometheus_client import REGISTRY, start_http_server
from sanic import Blueprint

from bot.metrics.queues import Queues
from bot.settings import settings
from bot.storage.database import Database


def attach(routes: Blueprint) -> None:
    """Have each server process that has these routes serve its meters, where `DALIL_METRICS_PORT` is set."""
    if not settings().metrics_port:
        return

    async def start(app: Any, _: object) -> None:
        queues = Queues(Database(settings().database))
        REGISTRY.register(queues)
        server, _thread = start_http_server(settings().metrics_port, addr=settings().metrics_host)
        app.ctx.dalil_metrics = server, queues

    async def stop(app: Any, _: object) -> None:
        server, queues = app.ctx.dalil_metrics
        server.shutdown()
        server.server_close()
        REGISTRY.unregister(queues)

    routes.listener(start, "after_server_start")
    routes.listener(stop, "before_server_stop")
