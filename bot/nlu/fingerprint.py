"""What the components learn from besides the training data, as one hash.

Rasa's training cache looks at a component's class and configuration, not at the files and helper modules it reads; a component that
returns this hash as its `fingerprint_addon` is trained again when any of them changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from bot import learnt
from bot.paths import KNOWLEDGE, LANGUAGE, NLU, PLACES, ROOT
from bot.settings import settings

#: Files and folders whose change makes a trained model out of date.
TRAINING_INPUTS = (
    ROOT / "config.yml",
    ROOT / "domain",
    ROOT / "data" / "stories",
    NLU,
    LANGUAGE,
    KNOWLEDGE,
    PLACES,
    ROOT / "bot" / "language",
    ROOT / "bot" / "knowledge",
    ROOT / "bot" / "nlu",
    ROOT / "bot" / "places",
    ROOT / "bot" / "learnt.py",
)


def _files(paths: Iterable[Path]) -> list[Path]:
    suffixes = {".yml", ".tsv", ".txt", ".py"}
    found = [path for top in paths for path in ([top] if top.is_file() else top.rglob("*"))]
    return sorted(path for path in found if path.suffix in suffixes)


@lru_cache(maxsize=1)
def release_hash() -> str:
    """A hash over the content of all training inputs of the checkout, as they were when this process first asked."""
    digest = hashlib.sha256()
    for path in _files(TRAINING_INPUTS):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def training_hash(lines: Path | None = None) -> str:
    """The hash of the checkout; where there are learnt lines, a space and the hash of their file.

    Args:
        lines: the file of learnt lines; by default the one in use.
    """
    path = lines or learnt.file(settings())
    return f"{release_hash()} {hashlib.sha256(path.read_bytes()).hexdigest()}" if path.exists() else release_hash()
