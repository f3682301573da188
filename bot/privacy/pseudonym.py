"""A person's address as a keyed pseudonym: the same person gives the same name, and nobody without the key gets back.

HMAC-SHA-256 (RFC 2104), cut to 128 bits.
"""

from __future__ import annotations

import hashlib
import hmac


def pseudonym(channel: str, address: str, key: bytes) -> str:
    """The sender id of `address` on `channel`, e.g. `web:3f...`."""
    digest = hmac.new(key, f"{channel}\0{address}".encode(), hashlib.sha256).hexdigest()
    return f"{channel}:{digest[:32]}"
