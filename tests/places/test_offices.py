"""The directory of offices: valid files only, and the right office for a place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml

from bot.knowledge.records import KnowledgeError, Status
from bot.knowledge.text import short_date
from bot.paths import PLACES
from bot.places.nearest import How, distance, find_offices
from bot.places.offices import Directory, directory, kind_gazetteer, read
from bot.places.regions import Place, place_gazetteer, places
from bot.places.text import shown, where


@pytest.fixture(scope="module")
def offices() -> Directory:
    return directory()


def _place(text: str) -> Place:
    return places()[place_gazetteer().find(text)[0].id]


def _region(name: str) -> Place:
    return next(place for place in places().values() if place.kind == "region" and place.name_fr == name)


# --- the files


def test_the_directory_is_valid_and_whole(offices: Directory) -> None:
    assert len(offices.offices) >= 334
    assert {office.kind for office in offices.offices.values()} <= set(offices.kinds)
    assert set(offices.place_of) == set(offices.offices)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "places"
    (folder / "offices").mkdir(parents=True)
    shutil.copy(PLACES / "kinds.yml", folder)
    shutil.copy(PLACES / "offices" / "ormva.yml", folder / "offices")
    return folder


@pytest.mark.parametrize(
    ("field", "value", "fault"),
    [
        ("kind", "embassy", "'embassy' is not in kinds.yml"),
        ("phones", ["12345"], "not a Moroccan number"),
        ("province", "99.999", "no code of regions.yml"),
        ("town", {"fr": "Atlantis", "ar": "أطلانتس"}, "'Atlantis' is no town"),
        ("remark", {"fr": "ouvert à 9 h", "ar": "مفتوح", "ary": "محلول"}, "the figure '9' outside values"),
        ("remark", {"fr": "x" * 171, "ar": "مفتوح", "ary": "محلول"}, "more than 170 characters"),
        ("sources", [], "ensure this value has at least 1 items"),
        ("colour", "red", "extra fields not permitted"),
    ],
)
def test_a_broken_office_is_named_with_file_record_and_field(copy: Path, field: str, value: object, fault: str) -> None:
    path = copy / "offices" / "ormva.yml"
    entries = yaml.safe_load(path.read_text(encoding="utf-8"))
    entries[0][field] = value
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")
    with pytest.raises(KnowledgeError) as caught:
        read(copy)
    assert "ormva.yml: record office-ormva-doukkala: field" in str(caught.value)
    assert fault in str(caught.value)


# --- which office


def test_the_office_of_the_town_comes_first(offices: Directory) -> None:
    found = find_offices(offices, "cri", _place("tanger"))
    assert found.how is How.HERE
    assert found.offices[0].id == "office-cri-tanger"


def test_a_town_without_one_gets_the_office_that_is_in_charge_of_it(offices: Directory) -> None:
    found = find_offices(offices, "odco", _place("taza"))
    assert found.how is How.IN_CHARGE
    assert [office.id for office in found.offices] == ["office-odco-al-hoceima"]


def test_else_the_one_of_its_region(offices: Directory) -> None:
    found = find_offices(offices, "cri", _place("taza"))
    assert found.how is How.REGION
    assert found.offices[0].id == "office-cri-fes"


def test_a_region_gets_all_of_its_offices(offices: Directory) -> None:
    found = find_offices(offices, "tribunal", _region("Souss-Massa"))
    assert found.how is How.HERE
    assert len(found.offices) > 3
    assert found.offices[0].town.fr == "Agadir"


def test_without_any_in_the_region_the_headquarters_is_named(offices: Directory) -> None:
    found = find_offices(offices, "odco", _place("salé"))
    assert found.how is How.COUNTRY
    assert [office.id for office in found.offices] == ["office-odco-siege"]


def test_nothing_is_invented_where_nothing_is_known(offices: Directory) -> None:
    found = find_offices(offices, "microcredit", _place("zagora"))
    assert found.how is How.NONE
    assert found.offices == ()


@pytest.mark.parametrize("kind", sorted(directory().kinds))
def test_every_province_and_region_has_an_answer_for_every_kind(offices: Directory, kind: str) -> None:
    for place in (place for place in places().values() if place.kind != "town"):
        found = find_offices(offices, kind, place)
        for language in ("fr", "ar", "ary"):
            text = shown(found, offices.kinds[kind], place, language)
            assert len(text) <= 1500
            assert place.name(language) in text or found.how is How.HERE


def test_distance_is_in_kilometres() -> None:
    assert distance((34.02, -6.84), (33.57, -7.59)) == pytest.approx(86, abs=5)  # Rabat, Casablanca


# --- what is said


def test_every_contact_of_the_source_is_said_with_source_and_date(offices: Directory) -> None:
    office = offices.offices["office-cri-tanger"]
    text = shown(find_offices(offices, "cri", _place("tanger")), offices.kinds["cri"], _place("tanger"), "fr")
    for contact in (office.address, *office.phones, office.email, office.website, "Source", short_date(office.checked)):
        assert contact
        assert contact in text


def test_an_office_to_confirm_is_said_to_be(offices: Directory) -> None:
    office = next(office for office in offices.offices.values() if office.status is Status.TO_CONFIRM and office.kind == "tribunal")
    place = places()[offices.place_of[office.id]]
    assert "confirmer" in shown(find_offices(offices, "tribunal", place), offices.kinds["tribunal"], place, "fr")


def test_a_missing_address_is_said_to_be_missing(offices: Directory) -> None:
    text = shown(find_offices(offices, "tribunal", _place("sefrou")), offices.kinds["tribunal"], _place("sefrou"), "fr")
    assert "non trouvée" in text


def test_the_place_is_asked_for(offices: Directory) -> None:
    for kind in offices.kinds.values():
        assert where(kind, "fr").endswith("Écrivez son nom.") == bool(offices.of_kind(kind.id))


def test_of_a_kind_without_a_known_office_something_is_said(offices: Directory) -> None:
    for kind in offices.kinds.values():
        assert offices.of_kind(kind.id) or kind.said("fr")


# --- names


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("lma7kama d sefrou", "tribunal"),
        ("المركز الجهوي للاستثمار", "cri"),
        ("لانابيك ديال وجدة", "anapec"),
        ("ghorfat sina3a ta9lidiya", "chambre-artisanat"),
        ("chambre de commerce", "ccis"),
        ("الغرفة الفلاحية", "chambre-agriculture"),
        ("mekteb ta3awon", "odco"),
        ("plateforme dyal chabab", "indh-plateforme-jeunes"),
        ("cnss", "cnss"),
    ],
)
def test_a_kind_is_found_by_any_of_its_names(text: str, kind: str) -> None:
    assert [match.id for match in kind_gazetteer().find(text)] == [kind]
