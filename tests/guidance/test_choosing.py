"""Which legal form suits somebody: never against the law, always with reasons, and with as few questions as can be."""

import random
import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import pytest
import yaml

from bot.guidance.checklist import checklists
from bot.guidance.choosing import Advice, Effect, advise, applies, form_rules, open_questions, read_rules
from bot.guidance.journeys import ASKS, Journey, profile_of, to_ask
from bot.guidance.profile import Profile
from bot.guidance.questions import asked, questions
from bot.guidance.text import advice_text, reasons, why_text
from bot.guidance.values import number_of, said
from bot.knowledge.records import KnowledgeError
from bot.knowledge.store import Knowledge, load
from bot.language.variety import REPLY_LANGUAGES
from bot.places.regions import places

FIELDS = ASKS[Journey.FORM]
#: Longer than this, a recommendation is not read on an old phone.
LONGEST = 900


def _value(reference: str) -> int:
    return int(number_of(load(), reference))


MEMBERS = _value("coop-min-membres.min_members")
GOODS = _value("ae-plafonds.goods_cap_dh")
SERVICES = _value("ae-plafonds.services_cap_dh")
CLIENT = _value("ae-client-unique.threshold_dh")
PARTNERS = _value("sarl-base.max_partners")
CAPITAL = _value("coop-capital-min.capital_min_dh")
FIRST_PAYMENT = _value("choix-cout-minimum.coop_first_payment_dh")
FOUNDERS = _value("asso-min-fondateurs.min_founders")
GIE_MEMBERS = _value("gie-min-membres.min_members")


def _around(*thresholds: int) -> list[int]:
    return sorted({threshold + step for threshold in thresholds for step in (-1, 0, 1)})


#: Numbers on both sides of each threshold, beside the answers that stand on buttons.
NUMBERS = {
    "people": [1, 2, MEMBERS - 1, MEMBERS, PARTNERS, PARTNERS + 1],
    "turnover": _around(CLIENT, SERVICES, GOODS),
    "money": [0, *_around(FIRST_PAYMENT, CAPITAL), 10_000],
}


@lru_cache(maxsize=1)
def _button_profiles() -> list[Profile]:
    """Every combination of the answers that can be chosen."""
    choices = asked(FIELDS, load())
    return [Profile(**dict(zip(FIELDS, answers))) for answers in product(*(choices[field] for field in FIELDS))]


@lru_cache(maxsize=1)
def _all_profiles() -> list[Profile]:
    """Every combination of answers, with numbers around each threshold."""
    choices: dict[str, list[Any]] = {**asked(FIELDS, load()), **NUMBERS}
    return [*_button_profiles(), *(Profile(**dict(zip(FIELDS, answers))) for answers in product(*(choices[field] for field in FIELDS)))]


@cache
def _advised(profile: Profile) -> tuple[Advice, ...]:
    return tuple(advise(form_rules(), load(), profile))


def _excluded(profile: Profile) -> set[str]:
    return {advice.form for advice in _advised(profile) if advice.excluded}


def _result(profile: Profile) -> tuple[str, frozenset[str]]:
    advice = _advised(profile)
    return advice[0].form, frozenset(each.form for each in advice if not each.excluded)


# --- what the law says


LAW: list[tuple[str, str, Callable[[Profile], bool]]] = [
    ("fewer members than a cooperative needs", "cooperative", lambda p: p.people < MEMBERS),
    ("fewer founders than an association needs", "association", lambda p: p.people < FOUNDERS),
    ("an association may not share profit", "association", lambda p: p.sharing == "yes"),
    ("fewer members than a GIE needs", "gie", lambda p: p.people < GIE_MEMBERS),
    ("an auto-entrepreneur is one person", "auto-entrepreneur", lambda p: p.people > 1),
    ("above the cap there is no auto-entrepreneur", "auto-entrepreneur", lambda p: p.turnover > GOODS),
    ("more partners than a SARL may have", "sarl", lambda p: p.people > PARTNERS),
]


@pytest.mark.parametrize(("form", "forbidden"), [(form, forbidden) for _, form, forbidden in LAW], ids=[why for why, _, _ in LAW])
def test_what_the_law_forbids_is_out_of_the_question(form: str, forbidden: Callable[[Profile], bool]) -> None:
    forbidden_for = [profile for profile in _all_profiles() if forbidden(profile)]
    assert forbidden_for
    assert all(form in _excluded(profile) for profile in forbidden_for)


@pytest.mark.parametrize("form", ["cooperative", "association", "gie", "auto-entrepreneur", "sarl"])
def test_nothing_is_excluded_that_the_law_allows(form: str) -> None:
    for profile in _all_profiles():
        if not any(forbidden(profile) for _, name, forbidden in LAW if name == form):
            assert form not in _excluded(profile), profile


def test_the_thresholds_are_those_of_the_law() -> None:
    # Not a figure of the rules but of the knowledge base; this pins what the rules above are read from.
    assert (MEMBERS, FOUNDERS, GIE_MEMBERS, PARTNERS) == (5, 2, 2, 50)
    assert (SERVICES, GOODS, CAPITAL) == (200_000, 500_000, 1_000)


@pytest.mark.parametrize(
    ("profile", "first"),
    [
        (Profile(people=7, goal="income", sharing="yes", turnover=200_000, money=10_000), "cooperative"),
        (Profile(people=7, goal="income", sharing="no", turnover=200_000, money=0), "cooperative"),
        (Profile(people=7, goal="public", sharing="no", money=0), "association"),
        (Profile(people=2, goal="public", sharing="no", money=0), "association"),
        (Profile(people=1, goal="income", turnover=100_000, salaried="no", money=0), "auto-entrepreneur"),
        (Profile(people=1, goal="income", turnover=GOODS, salaried="yes", money=0), "auto-entrepreneur"),
        (Profile(people=1, goal="income", turnover=GOODS + 1, money=10_000), "sarl"),
        (Profile(people=3, goal="income", sharing="yes", turnover=200_000, money=10_000), "sarl"),
    ],
)
def test_the_advice_in_clear_cases(knowledge: Knowledge, profile: Profile, first: str) -> None:
    assert advise(form_rules(), knowledge, profile)[0].form == first


def test_something_is_always_possible_and_comes_first() -> None:
    for profile in _all_profiles():
        advice = _advised(profile)
        assert not advice[0].excluded, profile
        assert [each.excluded for each in advice] == sorted(each.excluded for each in advice)


def test_possible_forms_stand_in_the_order_of_their_scores() -> None:
    for profile in _all_profiles():
        scores = [each.score for each in _advised(profile) if not each.excluded]
        assert scores == sorted(scores, reverse=True)


def test_a_gie_is_never_the_first_advice() -> None:
    assert all(_advised(profile)[0].form != "gie" for profile in _all_profiles())


def test_every_form_but_the_gie_is_the_best_for_somebody() -> None:
    assert {_advised(profile)[0].form for profile in _all_profiles()} == {"cooperative", "association", "auto-entrepreneur", "sarl"}


def test_every_rule_applies_to_somebody_and_is_true_of_them(knowledge: Knowledge) -> None:
    used = {rule.id for profile in _all_profiles() for advice in _advised(profile) for rule in (*advice.reasons_for, *advice.reasons_against)}
    assert used == set(form_rules())


def test_a_reason_never_rests_on_something_that_was_not_said(knowledge: Knowledge) -> None:
    for rule in form_rules().values():
        assert applies(knowledge, rule, Profile()) is (not rule.when)


def test_what_excludes_a_form_is_said_first_and_the_weightiest_before_the_others() -> None:
    for profile in _button_profiles():
        for advice in _advised(profile):
            assert advice.excluded is any(rule.effect is Effect.EXCLUDES for rule in advice.reasons_against)
            effects = [rule.effect is not Effect.EXCLUDES for rule in advice.reasons_against]
            assert effects == sorted(effects)
            weights = [rule.weight for rule in advice.reasons_for]
            assert weights == sorted(weights, reverse=True)


# --- words


def _misreads(text: str, language: str) -> list[str]:
    """What must not stand in a text."""
    found = [each for each in ("{", "}", "None", "True", "False") if each in text]
    arabic, latin = len(re.findall("[\u0621-\u064a]", text)), len(re.findall("[A-Za-zÀ-ÿ]", text))
    return [*found, *(["script"] if (arabic > 0 if language == "fr" else latin > arabic) else [])]


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_every_reason_fills_and_stays_short(knowledge: Knowledge, language: str) -> None:
    for rule in form_rules().values():
        (line,) = reasons(knowledge, [rule], language)
        assert not _misreads(line, language), line
        assert len(said(knowledge, rule.text, language)) <= 160, line


@pytest.mark.parametrize("language", REPLY_LANGUAGES)
def test_advice_and_the_reasons_for_each_form_can_be_read(knowledge: Knowledge, measured: Callable[[str], None], language: str) -> None:
    texts = {advice_text(knowledge, _advised(profile), language) for profile in _button_profiles()}
    texts |= {why_text(knowledge, each, language) for profile in _button_profiles() for each in _advised(profile)}
    for text in texts:
        assert not _misreads(text, language), text
        assert len(text) <= LONGEST, text
    measured(f"advice on legal forms ({language}): {len(texts)} texts, the longest has {max(map(len, texts))} characters")


def test_advice_rests_on_a_source(knowledge: Knowledge) -> None:
    for profile in _button_profiles():
        assert advice_text(knowledge, _advised(profile), "fr").splitlines()[-1].startswith("Source")


# --- few questions


@cache
def _open(profile: Profile) -> tuple[str, ...]:
    choices = asked((field for field in FIELDS if getattr(profile, field) is None), load())
    return tuple(open_questions(form_rules(), load(), profile, choices))


def _questioned(whole: Profile) -> tuple[Profile, list[str]]:
    """What is known of somebody once only what matters was asked, and what that was."""
    said_so_far: dict[str, Any] = {}
    while still := _open(Profile(**said_so_far)):
        said_so_far[still[0]] = getattr(whole, still[0])
    return Profile(**said_so_far), list(said_so_far)


def test_asking_only_what_matters_comes_to_what_asking_everything_comes_to() -> None:
    for whole in _button_profiles():
        known, _ = _questioned(whole)
        assert _result(known) == _result(whole), whole


def test_typed_numbers_around_the_thresholds_change_nothing_in_that() -> None:
    for whole in _all_profiles():
        known, _ = _questioned(whole)
        assert _result(known) == _result(whole), whole


def test_no_more_than_six_questions_are_asked_and_none_twice() -> None:
    for whole in _all_profiles():
        _, fields = _questioned(whole)
        assert len(fields) == len(set(fields)) <= 6


def test_who_knows_everything_is_asked_nothing() -> None:
    assert all(not to_ask(Journey.FORM, dict(zip(FIELDS, (getattr(p, f) for f in FIELDS)))) for p in _button_profiles())


def test_a_question_passed_over_is_not_asked_again() -> None:
    answers: dict[str, Any] = {"people": 1, "goal": "income", "sharing": "no"}
    if "turnover" in to_ask(Journey.FORM, answers):
        assert "turnover" not in to_ask(Journey.FORM, {**answers, "turnover": "skip"})


# --- how many questions a journey takes


def _asks(journey: Journey, whole: dict[str, Any]) -> int:
    """How many questions are asked of somebody who answers each as `whole` says."""
    answers: dict[str, Any] = {}
    while still := to_ask(journey, answers):
        assert still[0] not in answers
        answers[still[0]] = whole[still[0]]
    return len(answers)


def _persons(journey: Journey) -> Iterator[dict[str, Any]]:
    choices: dict[str, list[Any]] = dict(asked(ASKS[journey], load()))
    if journey in (Journey.FORM, Journey.CHECKLIST):
        choices = {field: values or ["09.541"] for field, values in choices.items()}
        if journey is Journey.CHECKLIST:
            choices["form"] = list(checklists())  # its buttons offer no others (actions/action_ask.py)
        for answers in product(*choices.values()):
            yield dict(zip(choices, answers))
        return
    chance = random.Random(20_261_129)
    choices |= {"place": sorted(places()), "age": list(range(16, 70))}
    for _ in range(500):
        person: dict[str, Any] = {field: chance.choice(choices[field]) for field in ASKS[journey]}
        yield {field: "skip" if questions()[field].skip and chance.random() < 0.1 else value for field, value in person.items()}


@pytest.mark.parametrize("journey", list(Journey))
def test_a_journey_takes_few_questions(measured: Callable[[str], None], journey: Journey) -> None:
    counts = [_asks(journey, person) for person in _persons(journey)]
    measured(f"questions of the journey {journey.value}: median {median(counts):g}, longest {max(counts)} ({len(counts)} persons)")
    assert max(counts) <= len(ASKS[journey]) <= 7
    if journey is Journey.FORM:
        assert max(counts) <= 6


def test_a_form_without_a_checklist_is_asked_for_again() -> None:
    assert to_ask(Journey.CHECKLIST, {"form": "sarl", "place": "09.541"}) == ["form"]
    assert to_ask(Journey.CHECKLIST, {"form": "gie"}) == ["sector", "place"]


def test_who_has_no_form_has_created_nothing() -> None:
    assert profile_of({"form": "none"}).years == -1
    assert profile_of({"form": "none", "years": 2}).years == 2
    assert profile_of({"form": "cooperative"}).years is None
    assert profile_of({"place": "skip", "age": "skip"}) == Profile()


# --- broken files


RULE = {
    "id": "coop-rule",
    "form": "cooperative",
    "effect": "for",
    "when": [{"field": "people", "least": "coop-min-membres.min_members"}],
    "text": {"fr": "Vous êtes assez.", "ar": "عددكم كاف.", "ary": "العدد ديالكم كافي."},
    "record": "coop-min-membres",
}


def _rules(folder: Path, *rules: object) -> Path:
    path = folder / "forms.yml"
    path.write_text(yaml.safe_dump(list(rules), allow_unicode=True), encoding="utf-8")
    return path


def test_a_sound_file_of_rules_is_read(knowledge: Knowledge, tmp_path: Path) -> None:
    assert list(read_rules(_rules(tmp_path, RULE), knowledge)) == ["coop-rule"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": "Coop Rule"}, "field id"),
        ({"form": "club"}, "field form: 'club' is no legal form"),
        ({"effect": "perhaps"}, "field effect"),
        ({"weight": 4}, "field weight"),
        ({"colour": "red"}, "field colour"),
        ({"record": "nowhere"}, "there is no record 'nowhere'"),
        ({"when": [{"field": "shoe", "is": ["large"]}]}, "'shoe' is no field of a profile"),
        ({"when": [{"field": "people", "is": ["5"]}]}, "'people' needs below, least or above"),
        ({"when": [{"field": "goal", "below": "coop-min-membres.min_members"}]}, "'goal' needs is"),
        ({"when": [{"field": "people", "below": "coop-min-membres.nothing"}]}, "field when: record 'coop-min-membres' has no value 'nothing'"),
        ({"when": [{"field": "people", "below": "five"}]}, "field when: 'five' is no reference"),
        ({"text": {**RULE["text"], "fr": "Il faut 5 membres."}}, "field text.fr: holds the figure '5'"),  # type: ignore[dict-item]
        ({"text": {**RULE["text"], "ary": "خاص ٥ ديال الناس."}}, "field text.ary: holds the figure"),  # type: ignore[dict-item]
        ({"text": {**RULE["text"], "fr": "Il faut {nowhere.n}."}}, "field text.fr: there is no record 'nowhere'"),  # type: ignore[dict-item]
        ({"text": {**RULE["text"], "ar": "يجب {min_members}."}}, "field text.ar: holds a brace that is no placeholder"),  # type: ignore[dict-item]
        ({"text": {**RULE["text"], "ar": ""}}, "field text.ar"),  # type: ignore[dict-item]
        ({"text": {**RULE["text"], "fr": "trop long " * 17}}, "field text.fr: has"),  # type: ignore[dict-item]
    ],
)
def test_a_broken_rule_is_named_with_its_file_and_field(knowledge: Knowledge, tmp_path: Path, change: dict[str, object], complaint: str) -> None:
    with pytest.raises(KnowledgeError) as error:
        read_rules(_rules(tmp_path, {**RULE, **change}), knowledge)
    assert f"forms.yml: record {change.get('id', 'coop-rule')}: " in str(error.value)
    assert complaint in str(error.value)


def test_one_fault_hides_no_other(knowledge: Knowledge, tmp_path: Path) -> None:
    faulty = [RULE, RULE, {**RULE, "id": "b", "form": "club"}, "text", {**RULE, "id": "c", "effect": "perhaps"}]
    with pytest.raises(KnowledgeError) as error:
        read_rules(_rules(tmp_path, *faulty), knowledge)
    for complaint in ("record coop-rule: field id: is used twice", "record b: field form", "record number 4: must be a mapping", "record c: field effect"):
        assert complaint in str(error.value)


@pytest.mark.parametrize("content", ["- {", "just text"])
def test_what_is_no_list_of_rules_is_refused(knowledge: Knowledge, tmp_path: Path, content: str) -> None:
    (tmp_path / "forms.yml").write_text(content, encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"forms\.yml"):
        read_rules(tmp_path / "forms.yml", knowledge)
