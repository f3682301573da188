"""The training lines of `data/nlu/`, read without Rasa: for the importer, for the checks of the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.paths import NLU
from bot.yaml_files import read_yaml


@dataclass(frozen=True)
class Line:
    """One training line: its text, its intent, its variety, the file it stands in."""

    text: str
    intent: str
    variety: str
    file: str


def written_lines(folder: Path = NLU) -> Iterator[Line]:
    """Every line that a person wrote, file by file."""
    for path in sorted(folder.glob("*.yml")):
        for block in read_yaml(path)["nlu"]:
            for entry in block["examples"].splitlines():
                if entry.startswith("- "):
                    yield Line(entry[2:].strip(), block["intent"], block["metadata"]["variety"], path.name)


@lru_cache(maxsize=1)
def written_intents() -> frozenset[str]:
    """The intents that a typed message can have: those with lines."""
    return frozenset(line.intent for line in written_lines())
