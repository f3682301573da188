"""Small tools of the tests."""

from __future__ import annotations

import json
import socket
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from bot.settings import Settings
from bot.supervisor import Supervisor


def free_port() -> int:
    """A port nothing listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Running:
    """A running Dalil."""

    settings: Settings
    supervisor: Supervisor

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.settings.rasa_port}"

    def request(self, path: str, body: bytes | dict[str, Any] | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers of a request; POST when there is a body."""
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        request = urllib.request.Request(self.url + path, data, headers or {})
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return response.status, response.read(), dict(response.headers)
        except urllib.error.HTTPError as error:
            return error.code, error.read(), dict(error.headers)

    def say(self, sender: str, message: str) -> list[dict[str, Any]]:
        """The replies to a message over the REST channel."""
        status, body, _ = self.request("/webhooks/rest/webhook", {"sender": sender, "message": message})
        assert status == 200, body
        replies: list[dict[str, Any]] = json.loads(body)
        return replies
