"""The steps from a wish to a registered organisation: in order, with documents, office, cost and delay, each resting on records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pydantic import Field, validator

from bot.guidance.values import missing_records, said, text_faults
from bot.knowledge.files import unique
from bot.knowledge.records import Answer, KnowledgeError, Texts, _Strict, checked_id
from bot.knowledge.store import Knowledge, load
from bot.knowledge.text import source_line, status_line
from bot.language.variety import REPLY_LANGUAGES
from bot.paths import GUIDANCE
from bot.places.nearest import How, find_offices
from bot.places.offices import Office, directory
from bot.places.regions import places

#: An office that stands so to the place is the one to go to.
_IN_REACH = (How.HERE, How.IN_CHARGE, How.PROVINCE)
#: Longest title of a step, and longest text of what to do, in characters.
LONGEST_TITLE = 44
LONGEST_TEXT = 360


class Step(_Strict):
    """One step of a checklist as it stands in its file.

    Attributes:
        title: what is done, in a few words.
        do: how, in one to three sentences.
        documents: what to bring.
        office: the kind of office to go to.
        cost, delay: in a few words, where a record says them.
        records: what the step rests on; the first is shown for "more".
        sectors: the sectors that need it; all where there are none.
        after: whether it comes after the organisation is registered.
    """

    id: str
    title: Texts
    do: Answer
    documents: list[Texts] = []
    office: str | None = None
    cost: Texts | None = None
    delay: Texts | None = None
    records: list[str] = Field(min_items=1)
    sectors: list[str] = []
    after: bool = False

    _id_is_kebab_case = validator("id", allow_reuse=True)(checked_id)


@dataclass(frozen=True)
class ShownStep:
    """A step in one language, for one place, with its figures.

    Attributes:
        id: the step's id.
        number: from 1.
        title, do: the texts.
        documents: what to bring.
        office: the office in charge of the place, where one is known.
        office_kind: the id of the kind of office, where there is one to go to.
        office_title: what that kind is called.
        cost, delay: None where no record says them.
        source: legal basis or publisher, and when it was checked.
        warning: what to know before acting (closed, to be confirmed).
        record: what to show for "more".
        done: whether it is ticked off.
        after: whether it comes after the registration.
    """

    id: str
    number: int
    title: str
    do: str
    documents: tuple[str, ...]
    office: Office | None
    office_kind: str | None
    office_title: str | None
    cost: str | None
    delay: str | None
    source: str
    warning: str | None
    record: str
    done: bool
    after: bool


@dataclass(frozen=True)
class Checklist:
    """A checklist for a form, a sector and a place, in one language.

    Attributes:
        form: a subject's id.
        sector, place: where they are known.
        language: fr, ar or ary.
        steps: in order.
    """

    form: str
    sector: str | None
    place: str | None
    language: str
    steps: tuple[ShownStep, ...]

    @property
    def next(self) -> ShownStep | None:
        """The first step that is not done."""
        return next((step for step in self.steps if not step.done), None)

    @property
    def done(self) -> int:
        """How many are done."""
        return sum(step.done for step in self.steps)


def make_checklist(
    steps: Mapping[str, Step],
    knowledge: Knowledge,
    form: str,
    language: str,
    sector: str | None = None,
    place: str | None = None,
    done: Collection[str] = (),
) -> Checklist:
    """The checklist for somebody: the steps of the form that their sector needs, with the offices of their place."""
    wanted = [step for step in steps.values() if not step.sectors or sector in step.sectors]
    shown = tuple(_shown(step, number, knowledge, language, place, step.id in done) for number, step in enumerate(wanted, 1))
    return Checklist(form, sector, place, language, shown)


def _shown(step: Step, number: int, knowledge: Knowledge, language: str, place: str | None, done: bool) -> ShownStep:
    first = knowledge.records[step.records[0]]
    office = None
    if step.office and place in places():
        found = find_offices(directory(), step.office, places()[str(place)])
        # One of another region's is no place to go to: then only the kind is said.
        office = found.offices[0] if found.how in _IN_REACH else None
    kind = directory().kinds[step.office] if step.office else None
    return ShownStep(
        step.id,
        number,
        said(knowledge, step.title, language),
        said(knowledge, step.do, language),
        tuple(said(knowledge, document, language) for document in step.documents),
        office,
        step.office,
        kind.title.get(language) if kind else None,
        said(knowledge, step.cost, language) if step.cost else None,
        said(knowledge, step.delay, language) if step.delay else None,
        source_line(first, language),
        next((line for name in step.records if (line := status_line(knowledge.records[name], language))), None),
        first.id,
        done,
        step.after,
    )


def read_checklists(folder: Path, knowledge: Knowledge) -> dict[str, dict[str, Step]]:
    """Read and check the checklists: one file a form, named after its subject.

    Raises:
        KnowledgeError: with one line for every fault.
    """
    faults: list[str] = []
    found: dict[str, dict[str, Step]] = {}
    for path in sorted(folder.glob("*.yml")):
        found[path.stem] = unique(path, Step, faults)
        if path.stem not in knowledge.forms():
            faults.append(f"{path.name}: is not named after a legal form")
        faults += [f"{path.name}: record {step.id}: {fault}" for step in found[path.stem].values() for fault in _misfits(step, knowledge)]
    if faults:
        raise KnowledgeError("\n".join(faults))
    return found


def _misfits(step: Step, knowledge: Knowledge) -> Iterator[str]:
    yield from missing_records(knowledge, step.records)
    if step.office and step.office not in directory().kinds:
        yield f"field office: there is no kind of office '{step.office}'"
    texts = [("title", step.title), ("do", step.do), ("cost", step.cost), ("delay", step.delay), *(("documents", document) for document in step.documents)]
    for name, text in texts:
        if text is None:
            continue
        yield from text_faults(knowledge, name, text)
        longest = {"title": LONGEST_TITLE, "do": LONGEST_TEXT}.get(name, LONGEST_TITLE * 2)
        for language in REPLY_LANGUAGES:
            if len(text.get(language)) > longest:
                yield f"field {name}.{language}: has {len(text.get(language))} characters, at most {longest} are allowed"


@lru_cache(maxsize=1)
def checklists() -> dict[str, dict[str, Step]]:
    """The project's own checklists by form, read once."""
    return read_checklists(GUIDANCE / "checklists", load())
