"""Guards on the data itself: training lines, knowledge, responses, test questions."""

import datetime as dt
import re
import subprocess
import warnings
from collections import defaultdict
from pathlib import Path

import pytest
import yaml

from bot.evaluation import OFFICES, SHARES, Question, read_questions
from bot.knowledge.answer import Outcome
from bot.knowledge.store import Knowledge, files
from bot.language import skeleton, tokens
from bot.language.identify import script_of
from bot.nlu.lines import Line, written_lines
from bot.paths import DATA, NLU, ROOT
from bot.places.offices import directory

#: Skeletons of fewer words than this meet by chance.
LONG = 3


def _key(text: str) -> str:
    return " ".join(tokens(text))


def _skeleton(text: str) -> str | None:
    code = skeleton(text)
    return code if len(code.split()) >= LONG else None


@pytest.fixture(scope="module")
def lines() -> list[Line]:
    return list(written_lines())


@pytest.fixture(scope="module")
def asked(knowledge: Knowledge) -> list[tuple[str, str]]:
    """(record, question) of every record."""
    return [(record.id, question) for record in knowledge.records.values() for _, question in record.questions.by_variety()]


@pytest.fixture(scope="module")
def questions() -> list[tuple[str, Question]]:
    """(share, question) of all."""
    return [(share, question) for share in SHARES for question in read_questions(share)]


def test_no_training_line_stands_twice_or_means_two_things(lines: list[Line], asked: list[tuple[str, str]]) -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    for text, meaning in [(line.text, line.intent) for line in lines] + [(text, record) for record, text in asked]:
        if key := _key(text):
            meanings[key].add(meaning)
            counts[key] += 1
    assert [key for key, count in counts.items() if count > 1] == []
    assert [(key, found) for key, found in meanings.items() if len(found) > 1] == []


def test_no_line_means_two_things_in_two_scripts(lines: list[Line], asked: list[tuple[str, str]], knowledge: Knowledge) -> None:
    intents: dict[str, set[str]] = defaultdict(set)
    records: dict[str, set[str]] = defaultdict(set)
    for line in lines:
        if code := _skeleton(line.text):
            intents[code].add(line.intent)
    for record, text in asked:
        if code := _skeleton(text):
            records[code].add(record)
    assert [(code, found) for code, found in records.items() if len(found) > 1] == []
    assert [(code, found) for code, found in intents.items() if len(found) > 1] == []


def test_no_test_question_is_trained_on(lines: list[Line], asked: list[tuple[str, str]], questions: list[tuple[str, Question]]) -> None:
    trained = {_key(text) for text in [line.text for line in lines] + [text for _, text in asked]}
    trained_codes = {_skeleton(text) for text in [line.text for line in lines] + [text for _, text in asked]} - {None}
    faults = [share if share == "sealed" else question.text for share, question in questions if _key(question.text) in trained - {""}]
    faults += [share if share == "sealed" else question.text for share, question in questions if _skeleton(question.text) in trained_codes]
    assert faults == []  # a sealed question is never shown


def test_each_intent_has_all_varieties_in_balance(lines: list[Line]) -> None:
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in lines:
        counts[line.intent][line.variety] += 1
    for intent, varieties in counts.items():
        assert set(varieties) == {"fr", "ar", "ary-Arab", "ary-Latn"}, intent
        assert min(varieties.values()) >= 15, intent


def test_each_line_is_written_in_the_script_of_its_variety(lines: list[Line]) -> None:
    wanted = {"fr": "latin", "ary-Latn": "latin", "ar": "arabic", "ary-Arab": "arabic"}
    assert [line for line in lines if script_of(line.text) not in (wanted[line.variety], None)] == []


def test_each_file_of_lines_is_named_after_its_one_intent() -> None:
    for path in NLU.glob("*.yml"):
        assert {line.intent for line in written_lines() if line.file == path.name} == {path.stem}


def test_each_intent_is_in_the_domain_and_in_a_rule(lines: list[Line], knowledge: Knowledge) -> None:
    domains = [yaml.safe_load((ROOT / "domain" / name).read_text(encoding="utf-8")) for name in ("conversation.yml", "journeys.yml")]
    known = {next(iter(intent)) if isinstance(intent, dict) else intent for domain in domains for intent in domain["intents"]}
    rules = _rules()
    ruled = set(re.findall(r"intent: (\w+)", rules))
    assert {line.intent for line in lines} <= known
    assert known <= ruled
    assert {f"ask_{aspect}" for aspect in knowledge.aspects} <= known


def _rules() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted((DATA / "stories").glob("*.yml")))


def test_each_response_has_every_language() -> None:
    responses = yaml.safe_load((ROOT / "domain" / "responses.yml").read_text(encoding="utf-8"))["responses"]
    for name, variations in responses.items():
        languages = [variation["condition"][0]["value"] for variation in variations]
        assert sorted(languages) == ["ar", "ary", "fr"], name
        assert all(variation["text"].strip() for variation in variations), name


def test_each_response_that_is_uttered_exists() -> None:
    responses = yaml.safe_load((ROOT / "domain" / "responses.yml").read_text(encoding="utf-8"))["responses"]
    journeys = yaml.safe_load((ROOT / "domain" / "journeys.yml").read_text(encoding="utf-8"))
    used = set(re.findall(r"action: (utter_\w+)", _rules()))
    # Rasa's forms ask for a slot by its name, unless an action does.
    asked = {slot for form in journeys["forms"].values() for slot in form["required_slots"]}
    used |= {f"utter_ask_{slot}" for slot in asked if f"action_ask_{slot}" not in journeys["actions"]}
    for path in (ROOT / "actions").glob("*.py"):
        used |= set(re.findall(r'response="(utter_\w+)"', path.read_text(encoding="utf-8")))
    assert used == set(responses)


def test_the_knowledge_base_is_valid_and_every_file_is_read(knowledge: Knowledge) -> None:
    assert len(knowledge.records) > 90
    assert len(files()) >= 4


def test_facts_past_their_date_are_listed_as_a_warning(knowledge: Knowledge) -> None:
    stale = knowledge.stale(dt.datetime.now(dt.timezone.utc).date())
    if stale:
        with warnings.catch_warnings():
            warnings.simplefilter("default")
            warnings.warn(f"{len(stale)} facts are past review_by: {', '.join(record.id for record in stale[:20])}", stacklevel=1)


def test_each_aspect_of_a_subject_has_at_most_one_lead_and_each_subject_with_records_a_name(knowledge: Knowledge) -> None:
    for subject in {record.subject for record in knowledge.records.values()}:
        assert knowledge.subjects[subject].names


def test_what_is_expected_of_the_questions_exists(questions: list[tuple[str, Question]], knowledge: Knowledge, lines: list[Line]) -> None:
    merged = {old for record in knowledge.records.values() for old in record.merges}
    intents = {line.intent for line in lines}
    for _, question in questions:
        if question.area == "smalltalk":
            assert set(question.expect) <= intents, question
        elif question.area in ("out_of_scope", "near_miss"):
            assert question.expect == (Outcome.REFUSE.value,), question
        elif question.area == OFFICES:
            assert set(question.expect) <= set(directory().offices), question
        else:
            assert set(question.expect) <= set(knowledge.records) | merged, question


def test_there_are_enough_questions_in_every_variety(questions: list[tuple[str, Question]]) -> None:
    assert len(questions) >= 200
    for variety in ("fr", "ar", "ary-Arab", "ary-Latn"):
        assert sum(question.variety == variety for _, question in questions) >= 50


def _tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_invisible_direction_mark_hides_in_the_data() -> None:
    pattern = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
    found = [path for path in _tracked() if path.suffix in (".yml", ".tsv") and pattern.search(path.read_text(encoding="utf-8"))]
    assert found == []


def test_no_secret_is_in_the_repository() -> None:
    from detect_secrets.core.scan import scan_file
    from detect_secrets.settings import transient_settings

    plugins = [
        "AWSKeyDetector",
        "BasicAuthDetector",
        "PrivateKeyDetector",
        "SlackDetector",
        "StripeDetector",
        "TwilioKeyDetector",
        "JwtTokenDetector",
        "TelegramBotTokenDetector",
        "GitHubTokenDetector",
        "KeywordDetector",
    ]
    with transient_settings({"plugins_used": [{"name": name} for name in plugins]}):
        found = [
            f"{path.relative_to(ROOT)}:{secret.line_number}"
            for path in _tracked()
            if path.suffix not in (".lock", ".png", ".tsv") and not path.relative_to(ROOT).as_posix().startswith(("tests/", "data/knowledge/"))
            for secret in scan_file(str(path))
        ]
    assert found == []


def test_each_record_is_asked_for_in_two_varieties_at_least(knowledge: Knowledge, questions: list[tuple[str, Question]]) -> None:
    varieties: dict[str, set[str]] = defaultdict(set)
    for _, question in questions:
        for record in question.expect + question.also:
            varieties[record].add(question.variety)
    assert [record for record in knowledge.records if len(varieties[record]) < 2] == []
