"""How Telegram hands out updates: by webhook or to who polls."""

from __future__ import annotations

import asyncio
import json
import time
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from tests.vendors.server import Answer, Refused, VendorServer

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def refused(status: int, description: str, **parameters: Any) -> Refused:
    return Refused(error(status, description, **parameters))


def error(status: int, description: str, **parameters: Any) -> Answer:
    return Answer(status, {"ok": False, "error_code": status, "description": description, **({"parameters": parameters} if parameters else {})})


def _queue_of(update: dict[str, Any]) -> str:
    """Updates of one chat follow one another; those of none go each by itself."""
    content = next((value for name, value in update.items() if name != "update_id" and isinstance(value, dict)), {})
    sender = content.get("from") if "data" in content else content.get("chat")
    return f"chat {sender['id']}" if sender else f"update {update['update_id']}"


class TelegramUpdates(VendorServer):
    """The updates of one bot; `pending` are those it has not taken yet, `most_pollers` says how many polls there were at the same time.

    Updates go to `webhook_url`, where that is set, instead of to the public address the bot gave to setWebhook. A failed delivery is
    tried again after `retry_every` seconds, then after twice as long.
    """

    def __init__(self, port: int, webhook_url: str | None, retry_every: float) -> None:
        super().__init__(port)
        self.webhook_url = webhook_url
        self.retry_every = retry_every
        self.webhook: dict[str, Any] = {}
        self.allowed: list[str] = []
        self.pending: list[dict[str, Any]] = []
        self.most_pollers = 0
        self.ids = count(1)
        self._pollers: list[asyncio.Event] = []
        self._flying: set[str] = set()

    def update(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """An update of some kind, known to Telegram or not; not handed out yet."""
        return {"update_id": 100_000 + next(self.ids), kind: content}

    def offer(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        """Hand out an update unless the bot has not asked for its kind."""
        update = self.update(kind, content)
        if not self.allowed or kind in self.allowed:
            self.push(update)
        return update

    def push(self, update: dict[str, Any]) -> None:
        """Hand out an update, whatever the bot has asked for: to the webhook when one is set, else to who polls."""
        with self.changed:
            self.pending.append(update)
        self._loop.call_soon_threadsafe(self._wake)

    def deliver(self, update: dict[str, Any] | bytes, url: str | None = None, secret: str | None = None) -> int:
        """Post an update (or anything) once, with a secret of the caller's choice; the status, 0 without an answer."""
        address = url or self.webhook_url or self.webhook["url"]
        return self.start(self._post_update(update, address, secret)).result(20).status

    async def _post_update(self, update: dict[str, Any] | bytes, url: str, secret: str | None) -> Answer:
        body = update if isinstance(update, bytes) else json.dumps(update, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json", **({SECRET_HEADER: secret} if secret is not None else {})}
        return await self._post(url, data=body, headers=headers)

    def _wake(self) -> None:
        for poller in self._pollers:
            poller.set()
        for update in list(self.pending):
            # Several at a time, but one of a chat: telegram-bot-api (WebhookActor.cpp) keeps a queue for each.
            if self.webhook and len(self._flying) < self.webhook["max_connections"] and _queue_of(update) not in self._flying:
                self._flying.add(_queue_of(update))
                self.start(self._fly(update, self.webhook))

    async def _fly(self, update: dict[str, Any], webhook: dict[str, Any]) -> None:
        pause = self.retry_every
        while webhook is self.webhook and update in self.pending:
            answer = await self._post_update(update, self.webhook_url or webhook["url"], webhook.get("secret_token"))
            if 200 <= answer.status < 300:
                self._confirm([update])
            else:
                webhook |= {"last_error_date": int(time.time()), "last_error_message": f"Wrong response from the webhook: {answer.status}"}
                await asyncio.sleep(pause)
                pause = min(2 * pause, 60)
        self._flying.discard(_queue_of(update))
        self._wake()

    def _confirm(self, updates: list[dict[str, Any]]) -> None:
        with self.changed:
            self.pending[:] = [update for update in self.pending if update not in updates]
            self.changed.notify_all()

    async def do_getUpdates(self, params: dict[str, Any]) -> Any:
        if self.webhook:
            raise refused(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
        self.allowed = params.get("allowed_updates", self.allowed)
        offset = params.get("offset", 0)
        self._confirm(self.pending[:offset] if offset < 0 else [update for update in self.pending if update["update_id"] < offset])
        mine, end = asyncio.Event(), time.monotonic() + params.get("timeout", 0)
        self._pollers.append(mine)
        self.most_pollers = max(self.most_pollers, len(self._pollers))
        try:
            for earlier in self._pollers[:-1]:
                earlier.set()
            while not self.pending and not self.webhook and self._pollers[-1] is mine and (left := end - time.monotonic()) > 0:
                mine.clear()
                try:
                    await asyncio.wait_for(mine.wait(), left)
                except asyncio.TimeoutError:
                    break
            if self.webhook:
                raise refused(409, "Conflict: terminated by setWebhook request")
            if self._pollers[-1] is not mine:
                raise refused(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
            return self.pending[: params.get("limit", 100)]
        finally:
            self._pollers.remove(mine)

    def do_setWebhook(self, params: dict[str, Any]) -> Any:
        address = urlsplit(params["url"])
        if params["url"] and address.scheme != "https" and address.hostname not in {"127.0.0.1", "localhost"}:
            raise refused(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = {"max_connections": 1, **{name: value for name, value in params.items() if name != "certificate"}} if params["url"] else {}
        self.allowed = params.get("allowed_updates", self.allowed)
        if params.get("drop_pending_updates"):
            self._confirm(list(self.pending))
        self._loop.call_soon(self._wake)
        return True

    def do_deleteWebhook(self, params: dict[str, Any]) -> Any:
        return self.do_setWebhook({"url": "", **params})

    def do_getWebhookInfo(self, params: dict[str, Any]) -> Any:
        shown = {name: value for name, value in self.webhook.items() if name not in {"secret_token", "drop_pending_updates"}}
        return {"url": "", "has_custom_certificate": False, "pending_update_count": len(self.pending), "allowed_updates": self.allowed, **shown}
