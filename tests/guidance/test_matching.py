"""Offers and people: conditions, order, words; who says more is refused more but never offered what was refused before."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.guidance.checking import check
from bot.guidance.checklist import read_checklists
from bot.guidance.journeys import ASKS, Journey, closed, live, offers_of, profile_of, ranked
from bot.guidance.matching import Condition, Offer, Verdict, holds, match, read_offers
from bot.guidance.profile import FIELDS, NUMBERS, Profile
from bot.guidance.questions import asked, questions, read_questions
from bot.guidance.text import condition_text, offer_text, overview_text
from bot.guidance.values import number_of
from bot.knowledge.records import KnowledgeError, Status
from bot.knowledge.store import Knowledge, load
from bot.knowledge.text import status_line
from bot.language.variety import REPLY_LANGUAGES
from bot.places.regions import places

JOURNEYS = (Journey.FINANCING, Journey.TRAINING)
#: How many offers a page lists (actions/action_offers.py).
PAGE = 4
LONGEST = 900


# --- people


@lru_cache(maxsize=1)
def _answers() -> dict[str, list[Any]]:
    """For each field some answers: those of the buttons, each side of every bound that an offer sets, towns, provinces, regions."""
    found: dict[str, list[Any]] = dict(asked(FIELDS, load()))
    found |= {"place": sorted(places())[::7] + [place.id for place in places().values() if place.kind != "town"], "age": [16, 28, 60]}
    for offer in (offer for journey in JOURNEYS for offer in offers_of(journey).offers.values()):
        for condition in offer.who:
            for reference in filter(None, (condition.min, condition.max)):
                bound = int(number_of(load(), reference))
                found[condition.field] = sorted({*found[condition.field], bound - 1, bound, bound + 1})
    return found


PEOPLE = st.builds(Profile, **{field: st.sampled_from([None, *values]) for field, values in _answers().items()})


def _offered(profile: Profile) -> set[str]:
    """The offers not refused to somebody, in both journeys, closed ones too."""
    return {f"{journey.value}: {each.offer.id}" for journey in JOURNEYS for each in (*live(journey, load(), profile), *closed(journey, load(), profile))}


def _all_offers() -> list[tuple[Journey, Offer]]:
    return [(journey, offer) for journey in JOURNEYS for offer in offers_of(journey).offers.values()]


EACH_OFFER = pytest.mark.parametrize(("journey", "offer"), [pytest.param(j, o, id=f"{j.value}-{o.id}") for j, o in _all_offers()])


def _suited(offer: Offer) -> Profile:
    """Somebody of whom all is known that an offer asks, and who has it, in answers that the questions allow."""
    known: dict[str, Any] = {}
    for condition in offer.who:
        if condition.one_of:
            allowed = places() if condition.field == "place" else {option.value for option in questions()[condition.field].options}
            known[condition.field] = next(value for value in condition.one_of if value in allowed)
        elif condition.min or condition.max:
            known[condition.field] = int(number_of(load(), condition.min or condition.max or ""))
        else:
            known[condition.field] = 0 if condition.created else -1
    return Profile(**known, need=offer.needs[0] if offer.needs else None)


# --- who gets what


@settings(max_examples=300, deadline=None)
@given(PEOPLE, st.sampled_from(FIELDS))
def test_who_says_less_is_refused_no_more(profile: Profile, field: str) -> None:
    assert _offered(profile) <= _offered(replace(profile, **{field: None}))


@settings(max_examples=200, deadline=None)
@given(PEOPLE, st.sampled_from(FIELDS))
def test_a_question_passed_over_refuses_nothing_more_than_one_not_asked(profile: Profile, field: str) -> None:
    answers = {name: getattr(profile, name) for name in FIELDS}
    skipped = profile_of({**answers, field: "skip"})
    assert skipped == profile_of({**answers, field: None})
    assert _offered(profile_of(answers)) <= _offered(skipped)


@settings(max_examples=200, deadline=None)
@given(PEOPLE)
def test_who_has_said_nothing_is_refused_nothing(profile: Profile) -> None:
    assert _offered(profile) <= _offered(Profile())


@settings(max_examples=200, deadline=None)
@given(PEOPLE, st.sampled_from(FIELDS), st.randoms(use_true_random=False))
def test_what_surely_fits_still_fits_when_more_is_said_of_something_else(profile: Profile, field: str, chance: Any) -> None:
    if getattr(profile, field) is not None:
        profile = replace(profile, **{field: None})
    more = replace(profile, **{field: chance.choice(_answers()[field])})
    for journey in JOURNEYS:
        for each in offers_of(journey).matches(load(), profile):
            if each.verdict is Verdict.FITS:
                assert match(load(), each.offer, more).verdict is Verdict.FITS


@settings(max_examples=200, deadline=None)
@given(PEOPLE)
def test_young_women_get_what_women_or_young_people_get(profile: Profile) -> None:
    both = _offered(replace(profile, led="women_youth"))
    assert _offered(replace(profile, led="youth")) <= both
    assert _offered(replace(profile, led="women")) <= both
    assert _offered(replace(profile, led="others")) <= both


@settings(max_examples=100, deadline=None)
@given(PEOPLE)
def test_a_region_or_a_province_gets_no_more_than_its_town(profile: Profile) -> None:
    place = places().get(str(profile.place))
    if place and place.kind == "town":
        assert _offered(replace(profile, place=place.region)) <= _offered(replace(profile, place=place.province)) <= _offered(profile)


@settings(max_examples=100, deadline=None)
@given(PEOPLE)
def test_any_language_of_teaching_is_as_good_as_none_named(profile: Profile) -> None:
    assert _offered(replace(profile, teaching="any")) == _offered(replace(profile, teaching=None))


@settings(max_examples=200, deadline=None)
@given(PEOPLE, st.sampled_from(JOURNEYS))
def test_the_best_come_first_and_closed_ones_stand_apart(profile: Profile, journey: Journey) -> None:
    found = ranked(journey, load(), profile)
    assert all(each.status is not Status.CLOSED and each.verdict is not Verdict.REFUSED for each in found)
    assert sorted(each.offer.id for each in found) == sorted(each.offer.id for each in live(journey, load(), profile))
    verdicts = [each.verdict is not Verdict.FITS for each in found]
    assert verdicts == sorted(verdicts)
    shut = closed(journey, load(), profile)
    assert all(each.status is Status.CLOSED for each in shut)
    assert not {each.offer.id for each in shut} & {each.offer.id for each in found}


def test_women_may_be_young_and_what_is_for_young_people_must_be_checked(knowledge: Knowledge) -> None:
    condition = Condition(field="led", one_of=["youth", "women_youth"], record="x")
    told = {led: holds(knowledge, condition, Profile(led=led)) for led in ("women", "youth", "women_youth", "others")}
    assert told == {"women": None, "youth": True, "women_youth": True, "others": False}


def _bounds() -> list[Any]:
    return [
        pytest.param(condition, id=f"{journey.value}-{offer.id}-{condition.field}")
        for journey, offer in _all_offers()
        for condition in offer.who
        if condition.min or condition.max
    ]


@pytest.mark.parametrize("condition", _bounds())
def test_bounds_belong_to_what_is_allowed(knowledge: Knowledge, condition: Condition) -> None:
    def told(value: int) -> bool | None:
        return holds(knowledge, condition, Profile(**{condition.field: value}))

    if condition.min:
        least = int(number_of(knowledge, condition.min))
        assert told(least) is True
        assert told(least - 1) is False
    if condition.max:
        most = int(number_of(knowledge, condition.max))
        assert told(most) is True
        assert told(most + 1) is False


def test_what_must_exist_already_and_what_must_not() -> None:
    for created, years in ((True, 0), (False, -1)):
        condition = Condition(field="years", created=created, record="x")
        assert [holds(load(), condition, Profile(years=each)) for each in (-1, 0, 7)] == [(each >= 0) == (years >= 0) for each in (-1, 0, 7)]
        assert holds(load(), condition, Profile()) is None


def test_a_region_takes_in_its_provinces_and_towns_but_not_its_neighbours(knowledge: Knowledge) -> None:
    for region in (place for place in places().values() if place.kind == "region"):
        condition = Condition(field="place", one_of=[region.id], record="x")
        for place in places().values():
            assert holds(knowledge, condition, Profile(place=place.id)) is (place.region == region.id)


@EACH_OFFER
def test_every_offer_is_for_somebody(knowledge: Knowledge, journey: Journey, offer: Offer) -> None:
    somebody = _suited(offer)
    assert match(knowledge, offer, somebody).verdict is Verdict.FITS
    found = closed(journey, knowledge, somebody) if _status(offer) is Status.CLOSED else ranked(journey, knowledge, somebody)
    assert offer.id in [each.offer.id for each in found]


@EACH_OFFER
def test_every_offer_is_found_by_answering_the_questions_of_its_journey(knowledge: Knowledge, journey: Journey, offer: Offer) -> None:
    suited = _suited(offer)
    told = profile_of({field: getattr(suited, field) for field in ASKS[journey]})
    assert offer.id in [each.offer.id for each in (*live(journey, knowledge, told), *closed(journey, knowledge, told))]


@EACH_OFFER
def test_what_an_offer_asks_can_be_answered(journey: Journey, offer: Offer) -> None:
    for condition in offer.who:
        if condition.one_of and condition.field != "place":
            options = {option.value for option in questions()[condition.field].options}
            assert set(condition.one_of) - options <= {"mutual"}, condition  # a form that is understood nowhere yet
    assert set(offer.needs) <= {option.value for option in questions()["need"].options}
    assert set(offer.teaches_in) <= {"fr", "ar", "ary"}
    assert bool(offer.needs) is (journey is Journey.TRAINING)


def _status(offer: Offer) -> Status:
    return load().records[offer.state or offer.record].status


def test_for_each_closed_offer_something_open_is_named() -> None:
    shut = [(journey, offer) for journey, offer in _all_offers() if _status(offer) is Status.CLOSED]
    assert shut
    for journey, offer in shut:
        assert offer.instead, offer.id
        assert all(_status(offers_of(journey).offers[other]) is not Status.CLOSED for other in offer.instead), offer.id


def test_only_closed_offers_name_others_instead() -> None:
    assert all(not offer.instead for _, offer in _all_offers() if _status(offer) is not Status.CLOSED)


@pytest.mark.parametrize(
    ("journey", "answers", "offer"),
    [
        (Journey.FINANCING, {"form": "none", "age": 26, "amount": 100_000}, "indh-jeunes"),
        (Journey.FINANCING, {"form": "association", "amount": 20_000}, "moazara-association"),
        (Journey.FINANCING, {"form": "cooperative", "sector": "crafts", "place": "09.541", "amount": 50_000}, "indh-ess"),
        (Journey.FINANCING, {"form": "none", "led": "women", "place": "02.411"}, "tahfiz-niswa"),
        (Journey.TRAINING, {"need": "literacy", "place": "08.587"}, "alphabetisation"),
        (Journey.TRAINING, {"need": "manage", "form": "cooperative", "place": "09.581"}, "odco-formation"),
        (Journey.TRAINING, {"need": "digital", "place": "05.091"}, "ecole-codage-beni-mellal"),
    ],
)
def test_what_people_look_for_is_on_the_first_page(knowledge: Knowledge, journey: Journey, answers: dict[str, Any], offer: str) -> None:
    assert offer in [each.offer.id for each in ranked(journey, knowledge, profile_of(answers))[:PAGE]]


# --- words


def _misreads(text: str, language: str) -> list[str]:
    """What must not stand in a text; addresses and acronyms are Latin in every language."""
    found = [each for each in ("{", "}", "None", "True", "False", "_") if each in text]
    words = re.sub(r"\S+\.(?:ma|com|org|eu|net|gov)\S*", "", text)
    arabic, latin = len(re.findall("[\u0621-\u064a]", words)), len(re.findall("[A-Za-zÀ-ÿ]", words))
    return [*found, *(["script"] if (arabic > 0 if language == "fr" else latin > arabic / 2) else [])]


@EACH_OFFER
@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_an_offer_can_be_read(knowledge: Knowledge, journey: Journey, offer: Offer, language: str) -> None:
    for profile in (Profile(), _suited(offer)):
        text = offer_text(match(knowledge, offer, profile), profile, knowledge, language)
        assert not _misreads(text, language), text
        assert len(text) <= LONGEST, f"{len(text)} characters"
        assert offer.name.get(language) in text
        assert text.splitlines()[-1].startswith("Source" if language == "fr" else "المصدر"), text


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_the_longest_offer(knowledge: Knowledge, measured: Callable[[str], None], language: str) -> None:
    lengths = {
        offer.id: len(offer_text(match(knowledge, offer, profile), profile, knowledge, language))
        for _, offer in _all_offers()
        for profile in (Profile(), _suited(offer))
    }
    longest = max(lengths, key=lambda name: lengths[name])
    measured(f"texts of offers ({language}): the longest is {longest} with {lengths[longest]} characters")


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_every_condition_is_said_in_the_language_of_the_reader(knowledge: Knowledge, language: str) -> None:
    for _, offer in _all_offers():
        for condition in offer.who:
            if condition.created is not None and not (condition.min or condition.max):
                continue
            text = condition_text(condition, knowledge, language)
            assert text
            assert not _misreads(text.replace("SARL", "").replace("GIE", ""), language), text


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
@pytest.mark.parametrize("journey", JOURNEYS)
def test_every_page_of_an_overview_can_be_read(knowledge: Knowledge, journey: Journey, language: str) -> None:
    for profile in (Profile(), profile_of({"form": "cooperative", "need": "start", "led": "women_youth", "place": "07.211", "age": 25})):
        found, shut = ranked(journey, knowledge, profile), closed(journey, knowledge, profile)
        named = ""
        for before in range(0, len(found), PAGE):
            text = overview_text(found, [] if before else shut, knowledge, language, journey is Journey.TRAINING, found[before : before + PAGE], before)
            assert not _misreads(text, language), text
            assert len(text) <= LONGEST
            assert f"{before + 1}. " in text
            named += text
        assert all(each.offer.name.get(language) in named for each in found)


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_an_overview_says_how_many_and_what_to_do_where_there_is_nothing(knowledge: Knowledge, language: str) -> None:
    (forsa,) = [each for each in closed(Journey.FINANCING, knowledge, Profile()) if each.offer.id == "forsa"]
    nothing = overview_text([], [forsa], knowledge, language, False, [], 0)
    assert not _misreads(nothing, language)
    assert forsa.offer.name.get(language) in nothing
    assert nothing != overview_text([], [forsa], knowledge, language, True, [], 0)
    found = ranked(Journey.FINANCING, knowledge, Profile(age=30))
    assert str(len(found)) in overview_text(found, [], knowledge, language, False, found[:PAGE], 0).splitlines()[0]


def test_an_offer_says_what_fits_and_what_is_to_be_checked(knowledge: Knowledge) -> None:
    offer = offers_of(Journey.FINANCING).offers["indh-jeunes"]
    profile = Profile(age=28)
    text = offer_text(match(knowledge, offer, profile), profile, knowledge, "fr")
    assert "Pour vous : de 18 à 35 ans" in text
    assert "À vérifier : " in text
    everything = replace(profile, form="none")
    assert "À vérifier" not in offer_text(match(knowledge, offer, everything), everything, knowledge, "fr")


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_a_closed_offer_says_so_first(knowledge: Knowledge, language: str) -> None:
    offer = offers_of(Journey.FINANCING).offers["forsa"]
    warning = status_line(knowledge.records[offer.state or offer.record], language)
    assert warning
    assert offer_text(match(knowledge, offer, Profile()), Profile(), knowledge, language).startswith(warning)


# --- broken files


TEXT = {"fr": "Une aide.", "ar": "دعم مالي.", "ary": "دعم بالفلوس."}
OFFER: dict[str, Any] = {
    "id": "an-offer",
    "name": TEXT,
    "kind": "grant",
    "record": "coop-min-membres",
    "who": [{"field": "people", "min": "coop-min-membres.min_members", "record": "coop-min-membres"}],
    "gives": {"max_dh": "coop-capital-min.capital_min_dh"},
    "what": TEXT,
    "apply": TEXT,
}


def _who(**condition: Any) -> dict[str, Any]:
    return {"who": [{"record": "coop-min-membres", **condition}]}


def _write(path: Path, *entries: object) -> Path:
    path.write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")
    return path


def test_the_projects_own_files_are_sound() -> None:
    assert check() > 100


def test_a_sound_file_of_offers_is_read(knowledge: Knowledge, tmp_path: Path) -> None:
    assert list(read_offers(_write(tmp_path / "financing.yml", OFFER), knowledge).offers) == ["an-offer"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": "An Offer"}, "field id"),
        ({"name": {**TEXT, "fr": "Un nom bien trop long pour un bouton"}}, "field name.fr"),
        ({"kind": "gift"}, "field kind"),
        ({"colour": "red"}, "field colour"),
        ({"record": "nowhere"}, "there is no record 'nowhere'"),
        ({"state": "nowhere"}, "there is no record 'nowhere'"),
        ({"office": "moon"}, "field office: there is no kind of office 'moon'"),
        ({"instead": ["another"]}, "field instead: there is no offer 'another'"),
        ({"gives": {"max_dh": "1000"}}, "field gives.max_dh: '1000' is no reference"),
        ({"gives": {"max_dh": "nowhere.n"}}, "field gives.max_dh: there is no record 'nowhere'"),
        ({"gives": {"all_dh": "coop-capital-min.capital_min_dh"}}, "field gives.all_dh"),
        ({"what": {**TEXT, "fr": "Jusqu'à 1000 DH."}}, "field what.fr: holds the figure '1'"),
        ({"apply": {**TEXT, "ar": "قبل {yesterday}."}}, "field apply.ar: holds a brace that is no placeholder"),
        ({"apply": {**TEXT, "ary": "كلمة {nowhere.n}."}}, "field apply.ary: there is no record 'nowhere'"),
        ({"apply": {"fr": "Écrivez."}}, "field apply.ar"),
        (_who(field="shoe", one_of=["large"]), "'shoe' is no field of a profile"),
        (_who(field="people", one_of=["5"]), "'people' needs min or max"),
        (_who(field="form", min="coop-min-membres.min_members"), "'form' needs one_of"),
        (_who(field="form"), "'form' needs one_of"),
        (_who(field="age", created=True), "'created' is asked of years only"),
        (_who(field="age", min="coop-min-membres.nothing"), "field who.age: record 'coop-min-membres' has no value 'nothing'"),
        (_who(field="place", one_of=["Atlantis"]), "field who.place: there is no place 'Atlantis'"),
        ({"who": [{"field": "form", "one_of": ["cooperative"], "record": "nowhere"}]}, "there is no record 'nowhere'"),
    ],
)
def test_a_broken_offer_is_named_with_its_file_and_field(knowledge: Knowledge, tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    with pytest.raises(KnowledgeError) as error:
        read_offers(_write(tmp_path / "financing.yml", {**OFFER, **change}), knowledge)
    assert f"financing.yml: record {change.get('id', 'an-offer')}: " in str(error.value)
    assert complaint in str(error.value)


@pytest.mark.parametrize("change", [_who(field="form", one_of=["coperative"]), _who(field="sector", one_of=["craft"]), {"needs": ["manageing"]}])
def test_an_answer_that_no_question_has_is_refused(knowledge: Knowledge, tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(KnowledgeError):
        read_offers(_write(tmp_path / "training.yml", {**OFFER, **change}), knowledge)


STEP: dict[str, Any] = {"id": "a-step", "title": TEXT, "do": TEXT, "records": ["coop-min-membres"]}


def test_a_sound_checklist_is_read(knowledge: Knowledge, tmp_path: Path) -> None:
    _write(tmp_path / "cooperative.yml", STEP)
    assert list(read_checklists(tmp_path, knowledge)["cooperative"]) == ["a-step"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": "A Step"}, "field id"),
        ({"records": []}, "field records"),
        ({"records": ["nowhere"]}, "there is no record 'nowhere'"),
        ({"office": "moon"}, "field office: there is no kind of office 'moon'"),
        ({"title": {**TEXT, "fr": "Un titre " * 6}}, "field title.fr: has"),
        ({"do": {**TEXT, "ar": "كلمة " * 80}}, "field do.ar: has"),
        ({"do": {**TEXT, "fr": "Venez à 5."}}, "field do.fr: holds the figure '5'"),
        ({"documents": [{**TEXT, "ary": "{nowhere.n} ديال النسخ"}]}, "field documents.ary: there is no record 'nowhere'"),
        ({"cost": {**TEXT, "fr": "20 DH"}}, "field cost.fr: holds the figure '2'"),
        ({"after": "perhaps"}, "field after"),
        ({"colour": "red"}, "field colour"),
    ],
)
def test_a_broken_step_is_named_with_its_file_and_field(knowledge: Knowledge, tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    _write(tmp_path / "cooperative.yml", {**STEP, **change})
    with pytest.raises(KnowledgeError) as error:
        read_checklists(tmp_path, knowledge)
    assert f"cooperative.yml: record {change.get('id', 'a-step')}: " in str(error.value)
    assert complaint in str(error.value)


def test_a_checklist_for_what_is_no_form_is_refused(knowledge: Knowledge, tmp_path: Path) -> None:
    _write(tmp_path / "club.yml", STEP)
    with pytest.raises(KnowledgeError, match=r"club\.yml: is not named after a legal form"):
        read_checklists(tmp_path, knowledge)


OPTION: dict[str, Any] = {"value": "yes", "title": TEXT}
QUESTIONS: list[dict[str, Any]] = [{"id": field, "kind": "choice", "ask": TEXT, "explain": TEXT, "options": [OPTION]} for field in FIELDS]


def test_a_sound_file_of_questions_is_read(knowledge: Knowledge, tmp_path: Path) -> None:
    assert set(read_questions(_write(tmp_path / "questions.yml", *QUESTIONS), knowledge)) == set(FIELDS)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "song"}, "field kind"),
        ({"ask": {"fr": "Combien ?"}}, "field ask.ar"),
        ({"options": []}, "field options: there are none"),
        ({"options": [{"title": TEXT}]}, "needs a value or a reference"),
        ({"options": [{**OPTION, "reference": "coop-min-membres.min_members"}]}, "needs a value or a reference"),
        ({"options": [{"title": TEXT, "reference": "nowhere.n"}]}, "field options: there is no record 'nowhere'"),
        ({"options": [{**OPTION, "subject": "moon"}]}, "field options: there is no subject 'moon'"),
        ({"options": [{**OPTION, "title": {**TEXT, "fr": "Un titre bien trop long pour un bouton"}}]}, "fit a button"),
        ({"options": [{**OPTION, "title": {**TEXT, "fr": "{nowhere.n} DH"}}]}, "field options.title.fr: there is no record 'nowhere'"),
        ({"colour": "red"}, "field colour"),
    ],
)
def test_a_broken_question_is_named_with_its_file_and_field(knowledge: Knowledge, tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    changed = [{**question, **change} if question["id"] == "goal" else question for question in QUESTIONS]
    with pytest.raises(KnowledgeError) as error:
        read_questions(_write(tmp_path / "questions.yml", *changed), knowledge)
    assert "questions.yml: record goal: " in str(error.value)
    assert complaint in str(error.value)


def test_every_field_needs_its_question_and_nothing_else_has_one(knowledge: Knowledge, tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError) as error:
        read_questions(_write(tmp_path / "questions.yml", *QUESTIONS[1:], {**QUESTIONS[0], "id": "shoe"}), knowledge)
    assert f"there is no question for '{FIELDS[0]}'" in str(error.value)
    assert "record shoe: field id: is no field of a profile" in str(error.value)


def test_numbers_are_asked_as_numbers() -> None:
    assert all((questions()[field].kind.value in ("count", "amount", "age", "years")) == (field in NUMBERS) for field in FIELDS)
