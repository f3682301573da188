"""The directory of offices: what it holds, and reading it whole and checked."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field, root_validator, validator

from bot.knowledge.files import parse, unique
from bot.knowledge.gazetteer import Gazetteer
from bot.knowledge.records import Answer, KnowledgeError, Source, Sourced, Texts, Title, _Strict, check_figures, checked_id
from bot.knowledge.text import fill
from bot.language.variety import REPLY_LANGUAGES
from bot.paths import PLACES
from bot.places.regions import Place, place_gazetteer, places

KINDS = "kinds.yml"
OFFICES = "offices"

#: Longest remark about an office, in characters: several offices may stand in one answer.
LONGEST_REMARK = 170


class Name(_Strict):
    """A proper name in its French and its Arabic form."""

    fr: str
    ar: str

    def get(self, language: str) -> str:
        """The name in `language`: Darija uses the Arabic one."""
        return self.fr if language == "fr" else self.ar


class Kind(_Strict):
    """A kind of office.

    Attributes:
        title: its name on a button.
        subject: the subject of the knowledge base that tells more about it.
        names: every name people give it.
        about: what is said of it when no place is named, or nothing is known for the place.
        merges: dossier records that `about` answers.
    """

    id: str
    title: Title
    subject: str | None = None
    names: list[str] = Field(min_items=1)
    values: dict[str, Any] = {}
    about: Answer | None = None
    sources: list[Source] = []
    as_of: str | None = None
    merges: list[str] = []

    _id_is_kebab_case = validator("id", allow_reuse=True)(checked_id)

    @root_validator(skip_on_failure=True)
    def _figures_come_from_values(cls, fields: dict[str, Any]) -> dict[str, Any]:
        if fields["about"]:
            check_figures("about", fields["about"], fields["values"])
            if not fields["sources"]:
                raise ValueError("about has no source")
        return fields

    def said(self, language: str) -> str | None:
        """The text about it, figures filled in; None without one."""
        return fill(self.about.get(language), self.values, language) if self.about else None


class Office(Sourced):
    """One office, with what contacts a source gives.

    Attributes:
        kind: id of its kind.
        town: the town it is in.
        province: code of the prefecture or province it is in.
        serves: codes of the provinces or regions it is in charge of, where a source says so.
        national: whether it serves the whole country, as a headquarters or a call centre.
        phones: ten digits each.
        phone_of: whose numbers these are, where they are not its own.
        latitude, longitude: of its town, in degrees.
    """

    id: str
    kind: str
    name: Name
    town: Name
    province: str
    serves: list[str] = []
    national: bool = False
    address: str | None = None
    phones: list[str] = []
    phone_of: Texts | None = None
    email: str | None = None
    website: str | None = None
    latitude: float
    longitude: float
    values: dict[str, Any] = {}
    remark: Texts | None = None

    _id_is_kebab_case = validator("id", allow_reuse=True)(checked_id)

    @validator("phones", each_item=True)
    def _phone_has_ten_digits(cls, phone: str) -> str:
        if not (phone.isdecimal() and phone.isascii() and len(phone) == 10 and phone[0] == "0"):
            raise ValueError(f"'{phone}' is not a Moroccan number of ten digits")
        return phone

    @root_validator(skip_on_failure=True)
    def _remark_is_short(cls, fields: dict[str, Any]) -> dict[str, Any]:
        if remark := fields["remark"]:
            check_figures("remark", remark, fields["values"])
            for language in REPLY_LANGUAGES:
                if len(fill(remark.get(language), fields["values"], language)) > LONGEST_REMARK:
                    raise ValueError(f"remark.{language} has more than {LONGEST_REMARK} characters")
        return fields

    def remarked(self, language: str) -> str | None:
        """The remark, figures filled in; None without one."""
        return fill(self.remark.get(language), self.values, language) if self.remark else None


@dataclass(frozen=True, eq=False)
class Directory:
    """All offices.

    Attributes:
        kinds: kind id -> kind.
        offices: office id -> office, in the order of the files.
        place_of: office id -> the id of the town or province it stands in.
    """

    kinds: dict[str, Kind]
    offices: dict[str, Office]
    place_of: dict[str, str]

    def of_kind(self, kind: str) -> list[Office]:
        """The offices of a kind."""
        return [office for office in self.offices.values() if office.kind == kind]


def _place_of(office: Office) -> Place | None:
    """The town (or the province of the same name) that the office stands in."""
    found = (places()[match.id] for match in place_gazetteer().find(f"à {office.town.fr}"))
    return next((place for place in found if place.province == office.province), None)


def read(folder: Path = PLACES) -> Directory:
    """Read and check the kinds and the offices below `folder`.

    Raises:
        KnowledgeError: with one line for every fault found in any file.
    """
    faults: list[str] = []
    kinds = unique(folder / KINDS, Kind, faults)
    offices: dict[str, Office] = {}
    place_of: dict[str, str] = {}
    for path in sorted((folder / OFFICES).glob("*.yml")):
        for office in parse(Office, path, faults):
            where = f"{path.name}: record {office.id}"
            if office.id in offices:
                faults.append(f"{where}: field id: is used twice")
            if office.kind not in kinds:
                faults.append(f"{where}: field kind: '{office.kind}' is not in {KINDS}")
            for code in (office.province, *office.serves):
                if code not in places():
                    faults.append(f"{where}: field province or serves: '{code}' is no code of regions.yml")
            place = _place_of(office)
            if place is None:
                faults.append(f"{where}: field town: '{office.town.fr}' is no town of its province in regions.yml")
            else:
                place_of[office.id] = place.id
            offices[office.id] = office
    if faults:
        raise KnowledgeError("\n".join(faults))
    return Directory(kinds, offices, place_of)


@lru_cache(maxsize=1)
def directory() -> Directory:
    """The project's own directory, read once."""
    return read()


@lru_cache(maxsize=1)
def kind_gazetteer() -> Gazetteer:
    """The names of all kinds of offices."""
    return Gazetteer({kind.id: kind.names for kind in directory().kinds.values()}, shortest_skeleton=4)
