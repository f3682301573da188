"""Reading the knowledge base from its files, whole and checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from bot.knowledge.records import LONGEST_ANSWER, Area, Aspect, KnowledgeError, Record, Subject
from bot.knowledge.text import filled
from bot.language.variety import REPLY_LANGUAGES
from bot.paths import KNOWLEDGE

ASPECTS = "aspects.yml"
SUBJECTS = "subjects.yml"
AREAS = "areas.yml"

Model = TypeVar("Model", Record, Area, Aspect, Subject)


@dataclass(frozen=True, eq=False)
class Knowledge:
    """Everything Dalil can say.

    Attributes:
        records: record id -> record, in the order of the files.
        subjects: subject id -> subject.
        aspects: aspect id -> aspect.
        areas: area id -> area.
    """

    records: dict[str, Record]
    subjects: dict[str, Subject]
    aspects: dict[str, Aspect]
    areas: dict[str, Area]

    def about(self, subject: str, aspect: str | None = None) -> list[Record]:
        """The records of a subject, or of one aspect of it, the leading one first."""
        found = [r for r in self.records.values() if r.subject == subject and aspect in (None, r.aspect)]
        return sorted(found, key=lambda record: not record.lead)

    def forms(self) -> frozenset[str]:
        """The subjects that are legal forms."""
        return frozenset(subject.id for subject in self.subjects.values() if subject.form)

    def stale(self, today: dt.date) -> list[Record]:
        """The records that should have been read again before `today`."""
        return [record for record in self.records.values() if record.review_by < today]


# The C parser reads the base in a tenth of the time.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc]
    """YAML 1.2 in the one point that bites: yes, no, on and off are text."""


_Loader.yaml_implicit_resolvers = {
    letter: [pair for pair in pairs if pair[0] != "tag:yaml.org,2002:bool" or letter in "tTfF"]
    for letter, pairs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _entries(path: Path) -> list[dict[str, Any]]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path.name}: not readable as YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, list):
        raise KnowledgeError(f"{path.name}: must be a list of records")
    return content


def _parse(model: type[Model], path: Path, faults: list[str]) -> Iterator[Model]:
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


def _unique(path: Path, model: type[Model], faults: list[str]) -> dict[str, Model]:
    found: dict[str, Model] = {}
    for item in _parse(model, path, faults):
        identifier = item.id
        if identifier in found:
            faults.append(f"{path.name}: record {identifier}: field id: is used twice")
        found[identifier] = item
    return found


def files(folder: Path = KNOWLEDGE) -> list[Path]:
    """Every file of records, in a fixed order."""
    return sorted(path for path in folder.rglob("*.yml") if path.name not in (AREAS, ASPECTS, SUBJECTS))


def read(folder: Path = KNOWLEDGE) -> Knowledge:
    """Read and check every file below `folder`.

    Raises:
        KnowledgeError: with one line for every fault found in any file.
    """
    faults: list[str] = []
    aspects = _unique(folder / ASPECTS, Aspect, faults)
    subjects = _unique(folder / SUBJECTS, Subject, faults)
    areas = _unique(folder / AREAS, Area, faults)
    faults += [f"{SUBJECTS}: record {s.id}: field area: '{s.area}' is not in {AREAS}" for s in subjects.values() if s.area not in areas]
    records: dict[str, Record] = {}
    where: dict[str, str] = {}
    for path in files(folder):
        for record in _parse(Record, path, faults):
            if record.id in records:
                faults.append(f"{path.name}: record {record.id}: field id: also stands in {where[record.id]}")
                continue
            records[record.id], where[record.id] = record, path.name
    knowledge = Knowledge(records, subjects, aspects, areas)
    faults += [f"{where[record.id]}: record {record.id}: {fault}" for record in records.values() for fault in _misfits(record, knowledge)]
    if faults:
        raise KnowledgeError("\n".join(faults))
    return knowledge


def _misfits(record: Record, knowledge: Knowledge) -> Iterator[str]:
    """What is wrong with a record among the others."""
    if record.subject not in knowledge.subjects:
        yield f"field subject: '{record.subject}' is not in {SUBJECTS}"
    if record.aspect not in knowledge.aspects:
        yield f"field aspect: '{record.aspect}' is not in {ASPECTS}"
    for other in record.related:
        if other not in knowledge.records:
            yield f"field related: there is no record '{other}'"
    if record.lead:
        rivals = [r.id for r in knowledge.about(record.subject, record.aspect) if r.lead and r.id != record.id]
        if rivals:
            yield f"field lead: {rivals[0]} leads the same subject and aspect"
    for language in REPLY_LANGUAGES:
        length = len(filled(record, language))
        if length > LONGEST_ANSWER:
            yield f"field answer.{language}: has {length} characters, at most {LONGEST_ANSWER} are allowed"


@lru_cache(maxsize=1)
def load() -> Knowledge:
    """The project's own knowledge base, read once."""
    return read()
