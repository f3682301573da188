"""Checklists: the steps that a form, a sector and a place need, numbered, with what is done and what comes next."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from bot.guidance.checklist import LONGEST_TEXT, LONGEST_TITLE, Checklist, checklists, make_checklist
from bot.guidance.questions import asked
from bot.guidance.reading import meant_step
from bot.guidance.text import document_name, progress_text, sector_name, step_text, steps_text
from bot.knowledge.store import Knowledge, load
from bot.language.variety import REPLY_LANGUAGES
from bot.places.regions import places

TAROUDANT, TALIOUINE, FES = "09.541", "09.541:Taliouine", "03.231"
LONGEST = 900
FORMS = sorted(checklists())
SECTORS: list[Any] = [None, *asked(("sector",), load())["sector"]]


def _checklist(form: str = "cooperative", language: str = "fr", **known: Any) -> Checklist:
    return make_checklist(checklists()[form], load(), form, language, **known)


def _ids(checklist: Checklist) -> list[str]:
    return [step.id for step in checklist.steps]


def _misreads(text: str, language: str) -> list[str]:
    found = [each for each in ("{", "}", "None", "True", "False") if each in text]
    words = re.sub(r"\S+[@.]\S+", "", text)
    arabic, latin = len(re.findall("[\u0621-\u064a]", words)), len(re.findall("[A-Za-zÀ-ÿ]", words))
    return [*found, *(["script"] if (arabic > 0 if language == "fr" else latin > arabic / 2) else [])]


#: Each checklist in each language.
_each = pytest.mark.parametrize(("form", "language"), [(form, language) for form in FORMS for language in REPLY_LANGUAGES])


# --- which steps


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sector", SECTORS)
def test_steps_are_numbered_from_one_without_a_gap(form: str, sector: str | None) -> None:
    assert [step.number for step in _checklist(form, sector=sector).steps] == list(range(1, len(_checklist(form, sector=sector).steps) + 1))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sector", SECTORS)
def test_a_sector_gets_what_all_do_and_its_own_steps(form: str, sector: str | None) -> None:
    steps = checklists()[form]
    assert set(_ids(_checklist(form, sector=sector))) == {step.id for step in steps.values() if not step.sectors or sector in step.sectors}
    assert set(_ids(_checklist(form))) <= set(_ids(_checklist(form, sector=sector)))


@pytest.mark.parametrize("form", FORMS)
def test_a_sector_passed_over_counts_as_none(form: str) -> None:
    assert _ids(_checklist(form, sector="skip")) == _ids(_checklist(form))


@pytest.mark.parametrize("form", FORMS)
def test_sectors_of_steps_are_answers_to_the_question(form: str) -> None:
    assert {sector for step in checklists()[form].values() for sector in step.sectors} <= set(SECTORS)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("sector", SECTORS)
def test_what_comes_after_the_registration_comes_last(form: str, sector: str | None) -> None:
    after = [step.after for step in _checklist(form, sector=sector).steps]
    assert after == sorted(after)
    assert not after[0]


@pytest.mark.parametrize(
    ("sector", "step"),
    [
        ("food", "coop-onssa"),
        ("crafts", "coop-craft-register"),
        ("cosmetics", "coop-cosmetics"),
        ("fishing", "coop-fishing-permits"),
        ("agriculture", "coop-onssa-check"),
    ],
)
def test_some_sectors_need_more(sector: str, step: str) -> None:
    assert step in _ids(_checklist(sector=sector))
    assert step not in _ids(_checklist(sector="digital"))


def test_a_cooperative_is_named_before_its_statutes_and_registered_before_the_taxes() -> None:
    order = _ids(_checklist())
    wanted = ["coop-group", "coop-name", "coop-statutes", "coop-register", "coop-tax", "coop-cnss"]
    assert sorted(wanted, key=order.index) == wanted


# --- where to go


def test_the_offices_are_those_of_the_place() -> None:
    for place, names in ((TAROUDANT, {"tribunal": "Taroudannt", "odco": "Agadir"}), (FES, {"tribunal": "Fès", "odco": "Fès"})):
        for kind, town in names.items():
            offices = [step.office for step in _checklist(place=place).steps if step.office_kind == kind]
            assert offices
            assert all(office is not None and town[:3] in str(office) for office in offices), (place, kind, offices)


def test_a_town_goes_where_its_province_goes() -> None:
    town, province = (_checklist(place=place) for place in (TALIOUINE, TAROUDANT))
    registered = [next(step.office for step in checklist.steps if step.office_kind == "tribunal") for checklist in (town, province)]
    assert registered[0] == registered[1]


@pytest.mark.parametrize("place", [None, "skip", "Atlantis"])
def test_without_a_place_the_kind_of_office_is_named(place: str | None) -> None:
    checklist = _checklist(place=place)
    assert all(step.office is None for step in checklist.steps)
    (named,) = [step for step in checklist.steps if step.id == "coop-name"]
    assert "Où : ODCO" in step_text(named, "fr")


@pytest.mark.parametrize("form", FORMS)
def test_every_place_has_a_checklist(form: str) -> None:
    for place in [place.id for place in places().values() if place.kind != "town"]:
        assert _ids(_checklist(form, place=place)) == _ids(_checklist(form))


# --- done and next


def test_nothing_done_begins_with_the_first() -> None:
    checklist = _checklist()
    assert checklist.done == 0
    assert checklist.next is checklist.steps[0]


def test_the_next_step_is_the_first_that_is_not_done() -> None:
    checklist = _checklist(done=["coop-group", "coop-decide", "coop-name"])
    assert checklist.done == 3
    assert checklist.next is not None
    assert (checklist.next.id, checklist.next.number) == ("coop-leaders", 3)


def test_steps_that_are_gone_or_not_needed_do_not_count() -> None:
    assert _checklist(done=["coop-onssa", "step-of-last-year"]).done == 0


@pytest.mark.parametrize(("text", "step"), [("le capital", "coop-capital"), ("tribunal", "coop-register")])
def test_of_steps_that_are_named_equally_the_first_that_is_not_done_is_meant(text: str, step: str) -> None:
    assert meant_step(_checklist(sector="crafts", place=TAROUDANT), text) == step


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_when_all_is_done_there_is_nothing_next(knowledge: Knowledge, form: str, language: str) -> None:
    checklist = _checklist(form, language, done=list(checklists()[form]))
    assert checklist.next is None
    assert checklist.done == len(checklist.steps)
    text = progress_text(checklist, knowledge)
    assert not _misreads(text, language)
    assert "☐" not in steps_text(checklist)


# --- words


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_every_step_can_be_read(form: str, language: str) -> None:
    for sector in SECTORS:
        for place in (None, TAROUDANT, FES):
            for step in _checklist(form, language, sector=sector, place=place).steps:
                text = step_text(step, language)
                assert not _misreads(text, language), text
                assert 0 < len(step.title) <= LONGEST_TITLE
                assert 0 < len(step.do) <= LONGEST_TEXT
                assert text.splitlines()[-1] == step.source


@_each
def test_the_longest_step(measured: Callable[[str], None], form: str, language: str) -> None:
    texts = [step_text(step, language) for place in places() if places()[place].kind == "province" for step in _checklist(form, language, place=place).steps]
    measured(f"steps of the checklist {form} ({language}): the longest text has {max(map(len, texts))} characters")
    assert max(map(len, texts)) <= LONGEST


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_all_steps_at_a_glance(form: str, language: str) -> None:
    checklist = _checklist(form, language, sector="crafts", done=list(checklists()[form])[:2])
    text = steps_text(checklist)
    assert not _misreads(text, language)
    assert (text.count("☑"), text.count("☐")) == (2, len(checklist.steps) - 2)
    headings = [line for line in text.splitlines() if line[0] not in "☑☐"]
    assert len(headings) == any(step.after for step in checklist.steps)
    first_after = next(step for step in checklist.steps if step.after)
    assert f"{headings[0]}\n☐ {first_after.number}. {first_after.title}" in text


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_progress_says_how_far_where_and_what_next(knowledge: Knowledge, form: str, language: str) -> None:
    checklist = _checklist(form, language, sector="food", place=TALIOUINE, done=list(checklists()[form])[:1])
    text = progress_text(checklist, knowledge)
    assert not _misreads(text, language)
    first = text.splitlines()[0]
    assert places()[TALIOUINE].name(language) in first
    assert str(len(checklist.steps)) in first
    assert "1" in first
    assert checklist.next is not None
    assert checklist.next.title in text
    assert len(text) <= LONGEST + len(first) + 2


def test_one_step_in_full() -> None:
    (step,) = [step for step in _checklist(place=TAROUDANT).steps if step.id == "coop-capital"]
    text = step_text(step, "fr")
    assert text.startswith(f"Prochaine étape : {step.number}. {step.title}")
    assert "Coût : 250 DH" in text


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_names_of_documents_and_sectors(knowledge: Knowledge, language: str) -> None:
    assert document_name(_checklist(language=language), knowledge).endswith(".pdf")
    assert sector_name("crafts", knowledge, language)
    assert sector_name(None, knowledge, language) is None


# --- which step is meant


@pytest.mark.parametrize(
    ("language", "text", "step"),
    [
        ("fr", "3", "coop-leaders"),
        ("fr", "étape 3", "coop-leaders"),
        ("fr", "l'étape 12 c'est fait", "coop-sector-notice"),
        ("fr", "CNSS", "coop-cnss"),
        ("fr", "les impôts", "coop-tax"),
        ("fr", "le nom", "coop-name"),
        ("fr", "ODCO", "coop-name"),
        ("ar", "المرحلة ٣", "coop-leaders"),
        ("ar", "الاسم", "coop-name"),
        ("ar", "النظام الأساسي", "coop-statutes"),
        ("ary", "drt smiya", "coop-name"),
        ("ary", "درت القانون الأساسي", "coop-statutes"),
        ("ary", "9anoun", "coop-statutes"),
    ],
)
def test_a_step_is_meant_by_its_number_or_by_a_word_of_its_own(language: str, text: str, step: str) -> None:
    assert meant_step(_checklist(language=language, sector="crafts", place=TAROUDANT), text) == step


@pytest.mark.parametrize("text", ["99", "0", "étape 42", "blabla", "", "c'est fait", "👍"])
def test_what_names_no_step_means_none(text: str) -> None:
    assert meant_step(_checklist(sector="crafts", place=TAROUDANT), text) is None


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_every_step_is_meant_by_its_number(form: str, language: str) -> None:
    checklist = _checklist(form, language, sector="crafts")
    assert all(meant_step(checklist, str(step.number)) == step.id for step in checklist.steps)


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
@pytest.mark.parametrize("form", FORMS)
def test_every_step_is_meant_by_its_whole_title(form: str, language: str) -> None:
    checklist = _checklist(form, language, sector="crafts")
    assert {step.title: meant_step(checklist, step.title) for step in checklist.steps} == {step.title: step.id for step in checklist.steps}


def test_an_empty_checklist_means_nothing() -> None:
    empty = Checklist("cooperative", None, None, "fr", ())
    assert meant_step(empty, "statuts") is None
    assert (empty.next, empty.done) == (None, 0)


@pytest.mark.parametrize(("text", "step"), [("la 12e", "coop-sector-notice"), ("étape trois", "coop-leaders")])
def test_other_ways_to_name_a_step(text: str, step: str) -> None:
    assert meant_step(_checklist(sector="crafts", place=TAROUDANT), text) == step


@pytest.mark.parametrize("text", ["j'ai fait 3 copies", "on attend depuis 2 jours"])
def test_a_figure_that_counts_something_else_is_no_step(text: str) -> None:
    assert meant_step(_checklist(), text) is None
