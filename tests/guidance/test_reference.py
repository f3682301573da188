"""A checklist's reference: it survives the way through an address, and says nothing of who asked."""

import base64
import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.documents.reference import ChecklistReference, UnknownDocument, signed, verified
from bot.guidance.checklist import checklists, make_checklist
from bot.guidance.questions import asked
from bot.knowledge.store import load
from bot.language.variety import REPLY_LANGUAGES
from bot.places.regions import places

KEY, OTHER_KEY = b"k" * 32, b"o" * 32
REFERENCE = ChecklistReference("cooperative", "ary", "crafts", "09.541:Taliouine", ("coop-group", "coop-name"))

REFERENCES = st.builds(
    ChecklistReference,
    form=st.sampled_from(sorted(checklists())),
    language=st.sampled_from(REPLY_LANGUAGES),
    sector=st.sampled_from([None, *map(str, asked(("sector",), load())["sector"])]),
    place=st.sampled_from([None, *sorted(places())]),
    done=st.lists(st.sampled_from(sorted(name for steps in checklists().values() for name in steps)), unique=True).map(tuple),
)


def _encoded(data: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


# --- the round trip


@settings(deadline=None)
@given(REFERENCES)
def test_a_reference_survives_a_round_trip(reference: ChecklistReference) -> None:
    assert ChecklistReference.from_text(reference.to_text()) == reference


@settings(deadline=None)
@given(REFERENCES)
def test_a_reference_fits_an_address(reference: ChecklistReference) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_=-]{16}", signed(reference.to_text(), KEY))
    assert verified(signed(reference.to_text(), KEY), KEY) == reference.to_text()


@settings(deadline=None)
@given(REFERENCES)
def test_it_names_the_checklist_that_it_was_made_from(reference: ChecklistReference) -> None:
    checklist = reference.checklist()
    again = ChecklistReference.of(checklist)
    assert (again.form, again.language, again.sector, again.place) == (reference.form, reference.language, reference.sector, reference.place)
    assert set(again.done) == set(reference.done) & {step.id for step in checklist.steps}
    assert again.checklist() == checklist


def test_it_holds_nothing_but_form_language_sector_place_and_steps() -> None:
    text = REFERENCE.to_text()
    data = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    assert set(data) == {"form", "language", "sector", "place", "done"}


def test_what_is_unknown_takes_no_room() -> None:
    short = ChecklistReference("gie", "fr").to_text()
    assert ChecklistReference.from_text(short) == ChecklistReference("gie", "fr")
    assert len(short) < 50


# --- forged and damaged ones


@pytest.mark.parametrize("position", range(-16, 0))
def test_a_damaged_signature_is_refused(position: int) -> None:
    text = signed(REFERENCE.to_text(), KEY)
    damaged = text[:position] + ("A" if text[position] != "A" else "B") + text[len(text) + position + 1 :]
    with pytest.raises(UnknownDocument):
        verified(damaged, KEY)


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_a_changed_reference_is_refused(data: st.DataObject) -> None:
    reference, signature = signed(REFERENCE.to_text(), KEY).split(".")
    position = data.draw(st.integers(0, len(reference) - 1))
    letter = data.draw(st.sampled_from("ABCxyz019-_").filter(lambda each: each != reference[position]))
    with pytest.raises(UnknownDocument):
        verified(f"{reference[:position]}{letter}{reference[position + 1 :]}.{signature}", KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        REFERENCE.to_text(),
        f"{REFERENCE.to_text()}.",
        signed(REFERENCE.to_text(), OTHER_KEY),
        f"{signed(REFERENCE.to_text(), KEY)}.more",
        f"{REFERENCE.to_text()}.توقيع",
        f"تعاونية.{signed('x', KEY)}",
        "\ud800.x",
    ],
)
def test_a_signature_of_somebody_else_or_none_is_refused(text: str) -> None:
    with pytest.raises(UnknownDocument):
        verified(text, KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "????",
        "AAAA",
        "تعاونية",
        _encoded([]),
        _encoded("cooperative"),
        _encoded(5),
        _encoded(None),
        _encoded({}),
        _encoded({"form": "gie"}),
        _encoded({"form": "gie", "language": "fr", "name": "Fatima"}),
        _encoded({"form": "gie", "language": "fr", "done": 5}),
        REFERENCE.to_text()[:-5],
    ],
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(UnknownDocument):
        ChecklistReference.from_text(text)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=80), st.binary(max_size=80).map(lambda raw: base64.urlsafe_b64encode(raw).decode())))
def test_nothing_typed_into_an_address_breaks_it(text: str) -> None:
    with pytest.raises(UnknownDocument):
        ChecklistReference.from_text(text).checklist()


@pytest.mark.parametrize(("form", "language"), [("club", "fr"), ("sarl", "fr"), ("", "fr"), ("cooperative", "en"), ("cooperative", "")])
def test_a_form_without_a_checklist_or_a_strange_language_is_refused(form: str, language: str) -> None:
    with pytest.raises(UnknownDocument):
        ChecklistReference(form, language).checklist()


@pytest.mark.parametrize(
    "data",
    [
        {"form": ["gie"], "language": "fr"},
        {"form": {"gie": 1}, "language": "fr"},
        {"form": "gie", "language": "fr", "place": ["09"]},
        {"form": "gie", "language": "fr", "sector": ["food"], "place": {"09": 1}},
    ],
)
def test_fields_of_another_kind_are_refused(data: dict[str, Any]) -> None:
    with pytest.raises(UnknownDocument):
        ChecklistReference.from_text(_encoded(data)).checklist()


# --- an older release


def test_steps_that_are_gone_are_ignored() -> None:
    old = ChecklistReference("cooperative", "fr", None, None, ("coop-group", "step-of-last-year", "asso-file"))
    checklist = ChecklistReference.from_text(old.to_text()).checklist()
    assert checklist.done == 1
    assert ChecklistReference.of(checklist).done == ("coop-group",)


def test_a_place_or_sector_that_is_gone_is_ignored() -> None:
    checklist = ChecklistReference("cooperative", "fr", "blacksmiths", "09.541:Atlantis").checklist()
    assert [step.id for step in checklist.steps] == [step.id for step in make_checklist(checklists()["cooperative"], load(), "cooperative", "fr").steps]
    assert all(step.office is None for step in checklist.steps)
