"""Reading files of records: a broken one is named with its record and its field, and hides no other fault."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from bot.knowledge.records import KnowledgeError
from bot.yaml_files import read_yaml

Model = TypeVar("Model", bound=BaseModel)


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        content = read_yaml(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path.name}: not readable as YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, list):
        raise KnowledgeError(f"{path.name}: must be a list of records")
    return content


def parse(model: type[Model], path: Path, faults: list[str]) -> Iterator[Model]:
    """Yield the valid records of a file; what is wrong with the others is added to `faults`, a line a fault."""
    try:
        entries = _entries(path)
    except KnowledgeError as error:
        faults.append(str(error))
        return
    for number, entry in enumerate(entries, start=1):
        name = entry.get("id", f"number {number}") if isinstance(entry, dict) else f"number {number}"
        if not isinstance(entry, dict):
            faults.append(f"{path.name}: record {name}: must be a mapping of fields")
            continue
        try:
            yield model.parse_obj(entry)
        except ValidationError as error:
            for fault in error.errors():
                field = ".".join(str(part) for part in fault["loc"] if part != "__root__") or "record"
                faults.append(f"{path.name}: record {name}: field {field}: {fault['msg']}")


def unique(path: Path, model: type[Model], faults: list[str]) -> dict[str, Model]:
    """The valid records of a file by id; an id used twice is a fault."""
    found: dict[str, Model] = {}
    for item in parse(model, path, faults):
        identifier = str(getattr(item, "id"))  # noqa: B009 - not every model has one
        if identifier in found:
            faults.append(f"{path.name}: record {identifier}: field id: is used twice")
        found[identifier] = item
    return found


def checked(path: Path, model: type[Model], misfits: Callable[[Model, dict[str, Model]], Iterable[str]]) -> dict[str, Model]:
    """The records of a file by id, each checked among the others.

    Args:
        path: the file.
        model: what a record looks like.
        misfits: what is wrong with a record that is valid by itself, given all of them.

    Raises:
        KnowledgeError: with one line for every fault.
    """
    faults: list[str] = []
    found = unique(path, model, faults)
    faults += [f"{path.name}: record {name}: {fault}" for name, record in found.items() for fault in misfits(record, found)]
    if faults:
        raise KnowledgeError("\n".join(faults))
    return found
