"""What each kind of update of Telegram's means."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.updates import MalformedUpdate, callback_id, read
from bot.delivery import events

PRIVATE = {"id": 77, "type": "private"}
SOMEBODY = {"id": 77, "is_bot": False, "first_name": "Salma", "language_code": "fr"}


def _message(kind: str = "message", chat: dict[str, Any] = PRIVATE, sender: dict[str, Any] = SOMEBODY, **content: Any) -> dict[str, Any]:
    return {"update_id": 5, kind: {"message_id": 1, "date": 0, "chat": chat, "from": sender, **content}}


def test_a_text_is_read_with_the_telephones_language() -> None:
    inbound = read(_message(text="combien de membres ?"))
    assert (inbound.external_id, inbound.address, inbound.text, inbound.language) == ("5", "77", "combien de membres ?", "fr")


def test_an_edited_text_is_read_like_a_new_one() -> None:
    assert read(_message("edited_message", text="correction")).text == "correction"


def test_the_code_of_a_deep_link_is_kept_apart() -> None:
    inbound = read(_message(text="/start souk-Taroudant_1"))
    assert (inbound.text, inbound.start_code) == ("/start", "souk-Taroudant_1")
    assert read(_message(text="/start " + "x" * 65)).start_code is None


def test_a_button_is_read_also_when_its_message_is_gone() -> None:
    update = {"update_id": 6, "callback_query": {"id": "q1", "from": SOMEBODY, "data": "b3.0"}}
    assert (read(update).button, callback_id(update)) == ("b3.0", "q1")
    update["callback_query"]["message"] = {"chat": PRIVATE, "message_id": 9, "date": 0}
    assert read(update).button == "b3.0"


@pytest.mark.parametrize(
    ("content", "event"),
    [
        ({"voice": {"file_id": "x"}}, events.VOICE),
        ({"audio": {}}, events.VOICE),
        ({"video_note": {}}, events.VOICE),
        ({"photo": [{}]}, events.PICTURE),
        ({"document": {}}, events.PICTURE),
        ({"sticker": {}}, events.NOT_TEXT),
        ({"poll": {}}, events.NOT_TEXT),
        ({"a_kind_to_come": {}}, events.NOT_TEXT),
        ({"contact": {"phone_number": "+212612345678"}}, events.SHARED_CONTACT),
        ({"location": {"latitude": 34.02, "longitude": -6.83}}, '/office{"place": "04.421"}'),
        ({"location": {"latitude": 48.85, "longitude": 2.35}}, "/office"),
    ],
)
def test_what_is_not_text_gets_its_own_answer(content: dict[str, Any], event: str) -> None:
    assert read(_message(**content)).event == event


def test_words_under_a_picture_are_answered() -> None:
    assert read(_message(photo=[{}], caption="شنو هادي؟")).text == "شنو هادي؟"


def test_a_group_is_told_once_that_dalil_talks_in_private() -> None:
    group = {"id": -100, "type": "supergroup"}
    assert read(_message(chat=group, text="bonjour tout le monde")) is None
    assert read(_message(chat=group, text="/start@dalil_bot")).event == events.GROUP_CHAT
    member = {"chat": group, "from": SOMEBODY, "date": 0, "new_chat_member": {"status": "member", "user": SOMEBODY}}
    assert read({"update_id": 1, "my_chat_member": member}).event == events.GROUP_CHAT


@pytest.mark.parametrize(("status", "blocked"), [("kicked", True), ("member", False)])
def test_being_blocked_is_noted(status: str, blocked: bool) -> None:
    member = {"chat": PRIVATE, "from": SOMEBODY, "date": 0, "new_chat_member": {"status": status, "user": SOMEBODY}}
    assert read({"update_id": 1, "my_chat_member": member}).blocked is blocked


@pytest.mark.parametrize(
    "update",
    [
        {"update_id": 1},
        {"update_id": 1, "brand_new_thing": {}},
        {"update_id": 1, "channel_post": {"message_id": 1, "date": 0, "chat": {"id": -1, "type": "channel"}, "text": "x"}},
        {"update_id": 1, "inline_query": {"id": "1", "from": SOMEBODY, "query": "x", "offset": ""}},
        _message(chat={"id": -1, "type": "channel"}, text="x"),
        _message(sender={**SOMEBODY, "is_bot": True}, text="x"),
        _message(pinned_message={}),
    ],
)
def test_what_nobody_said_to_dalil_is_left(update: dict[str, Any]) -> None:
    assert read(update) is None


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        "x",
        1,
        {},
        {"update_id": "x"},
        _message(chat=None),
        _message(chat={"id": "x", "type": "private"}),
        _message(location={"latitude": 99, "longitude": 0}),
    ],
)
def test_what_is_no_update_is_refused(content: Any) -> None:
    with pytest.raises(MalformedUpdate):
        read(content)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)
_SHAPED = st.fixed_dictionaries(
    {},
    optional={
        "update_id": st.integers() | _JSON,
        "message": _JSON | st.fixed_dictionaries({"chat": st.just(PRIVATE) | _JSON, "text": _JSON}),
        "callback_query": _JSON,
        "my_chat_member": _JSON,
    },
)


@given(_JSON | _SHAPED)
def test_any_json_is_read_left_or_refused(content: Any) -> None:
    callback_id(content)
    with contextlib.suppress(MalformedUpdate):
        read(content)
