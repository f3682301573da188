"""A model is packed in less than half the time.

Upstream packs it with gzip's slowest level. A model is numbers for the most part: that makes it a fiftieth smaller than the quickest.
"""

from __future__ import annotations

from typing import IO, Any

from tarsafe import TarSafe


class QuickTar(TarSafe):
    """Upstream's archive, written at gzip's quickest level."""

    @classmethod
    def gzopen(cls, name: Any, mode: Any = "r", fileobj: IO[bytes] | None = None, compresslevel: int = 1, **options: Any) -> QuickTar:
        """Open a packed archive; see the parent class."""
        archive: QuickTar = super().gzopen(name, mode, fileobj, compresslevel, **options)
        return archive
