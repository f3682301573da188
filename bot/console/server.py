"""The console's process: the pages, and beside them a thread that keeps the projection in step with the conversations."""

from __future__ import annotations

import logging
import os
import secrets
import threading
from typing import Any

from bot.console.start import migrate
from bot.settings import Settings, settings

logger = logging.getLogger(__name__)

#: New messages are looked for so often.
_EVERY = 1.0
#: After a failure of the database, so much later.
_AFTER_FAILURE = 5.0
_THREADS = 8
_LEASE = "projection"


def serve() -> None:
    """Serve until the process is ended."""
    migrate()
    import waitress

    from bot.console.wsgi import application

    current = settings()
    threading.Thread(target=follow, args=(threading.Event(),), name="projection", daemon=True).start()
    waitress.serve(application, host=current.console_host, port=current.console_port, threads=_THREADS, ident=None, **behind_proxy(current))


def behind_proxy(current: Settings) -> dict[str, Any]:
    """Waitress's options where a reverse proxy brings the requests: it alone is believed about who asked, and over which scheme."""
    if not current.console_url:
        return {}
    headers = {"x-forwarded-for", "x-forwarded-proto"}
    return {"trusted_proxy": current.console_proxy, "trusted_proxy_count": 1, "trusted_proxy_headers": headers, "clear_untrusted_proxy_headers": True}


def follow(stop: threading.Event) -> None:
    """Project new events until `stop` is set; of several consoles one at a time does."""
    from django.db import close_old_connections, connection

    from bot.console.conversations.projection import Projection, pause
    from bot.console.database import in_dalil
    from bot.delivery import leases

    owner = f"{os.uname().nodename[:20]}:{os.getpid()}:{secrets.token_hex(6)}"
    projection = None
    while not stop.is_set():
        wait = _EVERY
        try:
            close_old_connections()
            if in_dalil(leases.take, _LEASE, owner):
                projection = projection or Projection()
                while projection.step() and in_dalil(leases.take, _LEASE, owner):
                    stop.wait(pause())
            else:
                projection = None  # another console has it, and goes on from the cursor
        except Exception as error:  # the database is away, or a deadlock: what is not projected is projected later
            logger.error("the conversations could not be followed: %s", error.__class__.__name__)
            connection.close()
            projection, wait = None, _AFTER_FAILURE
        stop.wait(wait)
