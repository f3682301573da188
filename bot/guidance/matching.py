"""Matching a person with offers (programmes, trainings): conditions over the profile, each resting on a record of the knowledge base.

A condition holds, fails, or cannot be told yet. An offer fits when all hold, may fit when some cannot be told, and is refused when one
fails. So who says more, or has less of what is asked for, never gets an offer that was refused before.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path

from pydantic import root_validator, validator

from bot.guidance.profile import FIELDS, NUMBERS, Profile
from bot.guidance.questions import questions
from bot.guidance.values import missing_records, number_of, text_faults
from bot.knowledge.files import checked
from bot.knowledge.records import Answer, Status, Title, _Strict, checked_id
from bot.knowledge.store import Knowledge, load
from bot.paths import GUIDANCE
from bot.places.offices import directory
from bot.places.regions import places

FINANCING = "financing.yml"
TRAINING = "training.yml"


class Kind(str, Enum):
    """What an offer gives, best first for who has little."""

    GRANT = "grant"
    SUPPORT = "support"
    PRIZE = "prize"
    LOAN = "loan"
    GUARANTEE = "guarantee"
    MARKET = "market"
    TRAINING = "training"
    COACHING = "coaching"


class Condition(_Strict):
    """What an offer asks of the profile.

    Attributes:
        field: of the profile.
        one_of: for a choice, what it may be; for `place`, ids of regions or provinces.
        min, max: for a number, references to the values (both included).
        created: for `years`, whether the organisation must exist already (true) or must not yet (false).
        record: the record that says so.
    """

    field: str
    one_of: list[str] | None = None
    min: str | None = None
    max: str | None = None
    created: bool | None = None
    record: str

    @root_validator(skip_on_failure=True)
    def _is_of_its_field(cls, values: dict[str, object]) -> dict[str, object]:
        field = values["field"]
        if field not in FIELDS:
            raise ValueError(f"'{field}' is no field of a profile")
        if values["created"] is not None and field != "years":
            raise ValueError("'created' is asked of years only")
        bounds = bool(values["min"] or values["max"]) or values["created"] is not None
        if bounds == bool(values["one_of"]) or bounds != (field in NUMBERS):
            raise ValueError(f"'{field}' needs {'min or max' if field in NUMBERS else 'one_of'}")
        return values


class Gives(_Strict):
    """What an offer gives, as references to values; texts are made of them."""

    min_dh: str | None = None
    max_dh: str | None = None
    share_pct: str | None = None
    own_share_pct: str | None = None
    rate_pct: str | None = None
    price_dh: str | None = None
    months: str | None = None


class Offer(_Strict):
    """A programme or a training.

    Attributes:
        name: what it is called on a button.
        kind: what it gives.
        record: what is shown of it first.
        state: the record whose status says whether it can be asked for today; `record` unless given.
        who: the conditions.
        gives: the figures.
        what: what it gives, in a sentence.
        apply: how one applies, in a sentence.
        office: the kind of office to go to.
        needs: for a training, what it teaches (values of the question `need`).
        teaches_in: the languages of teaching, where a source says them.
        online: whether it can be followed from anywhere.
        instead: for one that is closed, offers that are open.
    """

    id: str
    name: Title
    kind: Kind
    record: str
    state: str | None = None
    who: list[Condition] = []
    gives: Gives = Gives()
    what: Answer
    apply: Answer
    office: str | None = None
    needs: list[str] = []
    teaches_in: list[str] = []
    online: bool = False
    instead: list[str] = []

    _id_is_kebab_case = validator("id", allow_reuse=True)(checked_id)


class Verdict(str, Enum):
    """Whether an offer is for somebody."""

    FITS = "fits"
    MAY_FIT = "may_fit"
    REFUSED = "refused"


@dataclass(frozen=True)
class Match:
    """An offer and how it stands to a profile.

    Attributes:
        offer: the offer.
        verdict: whether it fits.
        holds: the conditions that hold.
        open_: those that cannot be told yet.
        status: whether it can be asked for today.
    """

    offer: Offer
    verdict: Verdict
    holds: tuple[Condition, ...]
    open_: tuple[Condition, ...]
    status: Status


def holds(knowledge: Knowledge, condition: Condition, profile: Profile) -> bool | None:
    """Whether a condition holds; None while the profile does not say."""
    value = getattr(profile, condition.field)
    if value is None:
        return None
    if condition.one_of is not None:
        if condition.field == "place":
            place = places().get(str(value))
            return bool(place and {place.id, place.province, place.region} & set(condition.one_of))
        if condition.field == "led" and value == "women" and "women" not in condition.one_of and "youth" in condition.one_of:
            return None  # women may be young
        return value in condition.one_of
    if condition.created is not None and (value >= 0) != condition.created:
        return False
    least = number_of(knowledge, condition.min) if condition.min else None
    most = number_of(knowledge, condition.max) if condition.max else None
    return (least is None or value >= least) and (most is None or value <= most)


def match(knowledge: Knowledge, offer: Offer, profile: Profile) -> Match:
    """How an offer stands to a profile."""
    told = [(condition, holds(knowledge, condition, profile)) for condition in offer.who]
    good = tuple(condition for condition, result in told if result)
    open_ = tuple(condition for condition, result in told if result is None)
    verdict = Verdict.REFUSED if len(good) + len(open_) < len(told) else Verdict.MAY_FIT if open_ else Verdict.FITS
    return Match(offer, verdict, good, open_, knowledge.records[offer.state or offer.record].status)


@dataclass(frozen=True)
class Offers:
    """The offers of one file by id."""

    offers: Mapping[str, Offer]

    def matches(self, knowledge: Knowledge, profile: Profile) -> list[Match]:
        """All offers against a profile, in the order of the file."""
        return [match(knowledge, offer, profile) for offer in self.offers.values()]


def read_offers(path: Path, knowledge: Knowledge) -> Offers:
    """Read and check a file of offers.

    Raises:
        KnowledgeError: with one line for every fault.
    """
    return Offers(checked(path, Offer, lambda offer, offers: _misfits(offer, offers, knowledge)))


def _misfits(offer: Offer, offers: Mapping[str, Offer], knowledge: Knowledge) -> Iterator[str]:
    yield from missing_records(knowledge, [offer.record, offer.state or offer.record, *(condition.record for condition in offer.who)])
    for name, reference in [
        *((f"gives.{name}", reference) for name, reference in offer.gives.dict().items()),
        *((f"who.{condition.field}", reference) for condition in offer.who for reference in (condition.min, condition.max)),
    ]:
        if reference:
            try:
                number_of(knowledge, reference)
            except (KeyError, ValueError) as error:
                yield f"field {name}: {error.args[0]}"
    for condition in offer.who:
        known = places() if condition.field == "place" else _answers(condition.field, knowledge)
        for value in condition.one_of or ():
            if value not in known:
                yield f"field who.{condition.field}: there is no {condition.field} '{value}'"
    for need in offer.needs:
        if need not in _answers("need", knowledge):
            yield f"field needs: there is no answer '{need}'"
    if offer.office and offer.office not in directory().kinds:
        yield f"field office: there is no kind of office '{offer.office}'"
    for other in offer.instead:
        if other not in offers:
            yield f"field instead: there is no offer '{other}'"
    yield from text_faults(knowledge, "what", offer.what)
    yield from text_faults(knowledge, "apply", offer.apply)


def _answers(field: str, knowledge: Knowledge) -> Container[object]:
    """What can be answered to the question for a field; any legal form, whether it is offered or not."""
    given = {option.meaning(knowledge) for option in questions()[field].options}
    return given | knowledge.forms() if field == "form" else given


@lru_cache(maxsize=1)
def financing() -> Offers:
    """The project's programmes of financing, read once."""
    return read_offers(GUIDANCE / FINANCING, load())


@lru_cache(maxsize=1)
def training() -> Offers:
    """The project's trainings, read once."""
    return read_offers(GUIDANCE / TRAINING, load())
