"""Reading the knowledge base from its files, whole and checked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot.knowledge.files import parse, unique
from bot.knowledge.records import LONGEST_ANSWER, Area, Aspect, KnowledgeError, Record, Subject
from bot.knowledge.text import filled
from bot.language.variety import REPLY_LANGUAGES
from bot.paths import KNOWLEDGE

ASPECTS = "aspects.yml"
SUBJECTS = "subjects.yml"
AREAS = "areas.yml"


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

    def comparing(self, subjects: Collection[str]) -> list[Record]:
        """The records that tell all of these subjects apart, those that tell nothing else first."""
        found = [record for record in self.records.values() if set(subjects) <= set(record.compares)]
        return sorted(found, key=lambda record: len(record.compares))

    def forms(self) -> frozenset[str]:
        """The subjects that are legal forms."""
        return frozenset(subject.id for subject in self.subjects.values() if subject.form)

    def near(self, one: str, other: str) -> bool:
        """Whether two records are about one subject, or one leads on to the other."""
        first, second = self.records[one], self.records[other]
        return first.subject == second.subject or other in first.related or one in second.related

    def stale(self, today: dt.date) -> list[Record]:
        """The records that should have been read again before `today`."""
        return [record for record in self.records.values() if record.review_by < today]


def files(folder: Path = KNOWLEDGE) -> list[Path]:
    """Every file of records, in a fixed order."""
    return sorted(path for path in folder.rglob("*.yml") if path.name not in (AREAS, ASPECTS, SUBJECTS))


def read(folder: Path = KNOWLEDGE) -> Knowledge:
    """Read and check every file below `folder`.

    Raises:
        KnowledgeError: with one line for every fault found in any file.
    """
    faults: list[str] = []
    aspects = unique(folder / ASPECTS, Aspect, faults)
    subjects = unique(folder / SUBJECTS, Subject, faults)
    areas = unique(folder / AREAS, Area, faults)
    faults += [f"{SUBJECTS}: record {s.id}: field area: '{s.area}' is not in {AREAS}" for s in subjects.values() if s.area not in areas]
    records: dict[str, Record] = {}
    where: dict[str, str] = {}
    for path in files(folder):
        for record in parse(Record, path, faults):
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
    for other in record.compares:
        if other not in knowledge.subjects:
            yield f"field compares: '{other}' is not in {SUBJECTS}"
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
