"""What both vendors share: a server in a thread of its own, which records, fails on demand and posts to webhooks."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, TypeVar

import aiohttp
from aiohttp import web
from typing_extensions import Self

from tests.vendors.faults import REFUSING, UNANSWERED, UNDONE, Faults, Kind

_T = TypeVar("_T")


@dataclass
class Call:
    """A request of the bot; `status` stays empty when no answer went out."""

    method: str
    params: dict[str, Any]
    at: float = field(default_factory=time.time)
    performed: bool = False
    status: int | None = None


@dataclass(frozen=True)
class Answer:
    """What goes back to the bot, or what came back from its webhook (0: no connection)."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request the vendor refuses."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body)
        self.answer = answer


class VendorServer:
    """A vendor that listens on this machine between `with` and its end.

    `calls` are all requests, `sent` the messages that reached somebody, `violations` what departed from the specification; such a request
    is refused. `on_event` is called with each message and each violation (text). Everything may be called from any thread. What waits
    blocks its thread: a coroutine calls it through `asyncio.to_thread`.
    """

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.calls: list[Call] = []
        self.sent: list[Any] = []
        self.violations: list[str] = []
        self.faults = Faults()
        self.on_event: Callable[[Any], None] = lambda event: None
        self.changed = threading.Condition(threading.RLock())
        self._running: set[Future[Any]] = set()
        self._ready: Future[None] = Future()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), name=type(self).__name__, daemon=True)

    @property
    def url(self) -> str:
        """Where the vendor answers."""
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.result(10)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def wait_for(self, wanted: int | Callable[[], _T], to: Any = None, seconds: float = 10) -> Any:
        """The messages sent (to somebody) once there are so many; or what a condition gives, once it gives something true."""

        def sent() -> list[Any]:
            found = [message for message in self.sent if to is None or message.to == to]
            return found if isinstance(wanted, int) and len(found) >= wanted else []

        condition = sent if isinstance(wanted, int) else wanted
        end = time.monotonic() + seconds
        with self.changed:
            while not (found := condition()):
                if time.monotonic() > end:
                    raise AssertionError(f"not within {seconds} s; sent: {self.sent}; violations: {self.violations}; calls: {self.calls[-5:]}")
                # A condition may be about something else than this server, which tells nobody.
                self.changed.wait(0.02)
        return found

    def start(self, work: Coroutine[Any, Any, _T]) -> Future[_T]:
        """Let the server's own loop do something."""
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        # The loop itself keeps no hold of what runs in it.
        self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def _note(self, entries: list[Any], entry: Any) -> None:
        with self.changed:
            entries.append(entry)
            self.changed.notify_all()
        if entries is self.sent or entries is self.violations:
            self.on_event(entry)

    def _violate(self, faults: list[str]) -> None:
        for fault in faults:
            self._note(self.violations, fault)

    async def _read(self, request: web.Request) -> Call:
        raise NotImplementedError

    async def _perform(self, call: Call, request: web.Request) -> Answer:
        raise NotImplementedError

    def _refusal(self, kind: Kind | None, seconds: int) -> Answer:
        raise NotImplementedError

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        call = await self._read(request)
        self._note(self.calls, call)
        fault = self.faults.take(call.method)
        kind, seconds = (fault.kind, fault.seconds) if fault else (None, None)
        answer = Answer(0)
        if kind in REFUSING:
            answer = self._refusal(kind, max(1, round(seconds or 1)))
        elif kind not in UNDONE:
            try:
                answer = await self._perform(call, request)
                call.performed = True
            except Refused as refused:
                answer = refused.answer
        if kind in {Kind.SLOW, Kind.TIMEOUT_BEFORE, Kind.TIMEOUT_AFTER}:
            await asyncio.sleep(seconds or (0.5 if kind is Kind.SLOW else 3600))
        if kind in UNANSWERED and request.transport:
            request.transport.abort()
        with self.changed:
            call.status = None if kind in UNANSWERED else answer.status
            self.changed.notify_all()
        if answer.body is None:
            return web.Response(status=answer.status or 204, headers=answer.headers)
        return web.json_response(answer.body, status=answer.status, headers=answer.headers)

    async def _post(self, url: str, **content: Any) -> Answer:
        """Post to a webhook."""
        try:
            async with self._client.post(url, allow_redirects=False, **content) as response:
                return Answer(response.status, await response.text(errors="replace"), dict(response.headers))
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            return Answer(0, f"{type(error).__name__}: {error}")

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        application = web.Application(client_max_size=64 * 2**20)
        application.router.add_route("*", "/{path:.*}", self._respond)
        # A request whose sender has gone is given up at once, as a poll must be.
        runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        try:
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", self.port).start()
            self.port = runner.addresses[0][1]
            # Twilio waits fifteen seconds for a webhook, Telegram longer; a test has no time for more.
            async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=15)) as self._client:
                self._ready.set_result(None)
                await self._stop.wait()
        except OSError as error:
            self._ready.set_exception(error)
        finally:
            await runner.cleanup()
