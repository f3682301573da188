"""A model is packed without being compressed.

Upstream packs it with gzip's slowest level, for a tenth of the training time. A model is numbers for the most part, which become a quarter smaller
at best; as they are, they are written in a moment and read in half of the time at each start.
"""

from __future__ import annotations

from typing import IO, Any

from tarsafe import TarSafe


class PlainTar(TarSafe):
    """Upstream's archive, written at gzip's level that compresses nothing."""

    @classmethod
    def gzopen(cls, name: Any, mode: Any = "r", fileobj: IO[bytes] | None = None, compresslevel: int = 0, **options: Any) -> PlainTar:
        """Open a packed archive; see the parent class."""
        archive: PlainTar = super().gzopen(name, mode, fileobj, compresslevel, **options)
        return archive
