"""The played vendors themselves: what they find wrong, how they fail on demand, how their users reach a bot."""

from __future__ import annotations

import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from aiohttp import web

from tests.vendors import FakeTelegram, FakeTwilio, Fault, Kind, Outcome, SpecificationMissing, TelegramSpecification, TwilioSpecification, Upload
from tests.vendors.server import Answer, Call, VendorServer
from tests.vendors.specification import _load
from tests.vendors.telegram_updates import SECRET_HEADER
from tests.vendors.twilio import signature

MESSAGES = f"/2010-04-01/Accounts/AC{'0' * 32}/Messages.json"
NUMBER = "+212600000001"
BUTTONS = {"inline_keyboard": [[{"text": "نعم", "callback_data": "yes"}, {"text": "Site", "url": "https://example.org"}]]}
QUICK_REPLY = {"twilio/text": {"body": "{{1}}"}, "twilio/quick-reply": {"body": "{{1}}", "actions": [{"title": "{{2}}", "id": "b1"}]}}
LIST = {"twilio/list-picker": {"body": "Choisissez", "button": "Voir", "items": [{"id": "i1", "item": "Statuts", "description": "Modèle"}]}}


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram(retry_every=0.02) as fake:
        fake.user(7)
        yield fake


@pytest.fixture
def twilio(bot: Bot) -> Iterator[FakeTwilio]:
    with FakeTwilio(webhook_url=f"{bot.url}/webhook", public_url="https://dalil.example/webhook") as fake:
        yield fake


class Bot(VendorServer):
    """A webhook that records what it gets and answers with the next of `statuses`, then with 200."""

    statuses: list[int]

    async def _read(self, request: web.Request) -> Call:
        return Call(request.path, {"body": await request.text(), "headers": request.headers})

    async def _perform(self, call: Call, request: web.Request) -> Answer:
        return Answer(self.statuses.pop(0) if self.statuses else 200)

    def forms(self, path: str) -> list[dict[str, str]]:
        return [dict(urllib.parse.parse_qsl(call.params["body"], keep_blank_values=True)) for call in self.calls if call.method == path]


@pytest.fixture
def bot() -> Iterator[Bot]:
    with Bot() as webhook:
        webhook.statuses = []
        yield webhook


def request(url: str, content: Any = None, form: Any = None, method: str | None = None, timeout: float = 10, **headers: str) -> tuple[int, Any, Any]:
    body = None if content is None and form is None else json.dumps(content).encode() if form is None else urllib.parse.urlencode(form, doseq=True).encode()
    kind = {"Content-Type": "application/json"} if form is None else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, {**kind, **headers}, method=method), timeout=timeout) as response:
            return response.status, json.loads(response.read() or b"null"), response.headers
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null"), error.headers


def call(telegram: FakeTelegram, method: str, within: float = 10, **params: Any) -> tuple[int, Any]:
    status, answer, _ = request(f"{telegram.url}/bot{telegram.token}/{method}", params, timeout=within)
    return status, answer.get("result", answer)


def rest(twilio: FakeTwilio, path: str, **more: Any) -> tuple[int, Any]:
    key = base64.b64encode(f"{twilio.account_sid}:{twilio.auth_token}".encode()).decode()
    return request(twilio.url + path, Authorization=f"Basic {key}", **more)[:2]


def send(twilio: FakeTwilio, **fields: Any) -> tuple[int, Any]:
    return rest(twilio, MESSAGES, form={"To": f"whatsapp:{NUMBER}", "From": twilio.sender, **fields})


# The specifications


def _keyboard(**button: Any) -> dict[str, Any]:
    return {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", **button}]]}}


@pytest.mark.parametrize(
    ("method", "params", "fault"),
    [
        ("sendTelepathy", {}, "no such method"),
        ("sendMessage", {"text": "x"}, "'chat_id' is missing"),
        ("sendMessage", {"chat_id": 1, "text": "x", "colour": "red"}, "no field 'colour'"),
        ("sendMessage", {"chat_id": 1, "text": 5}, "5 is no String"),
        ("sendMessage", {"chat_id": 1.5, "text": "x"}, "1.5 is none of Integer, String"),
        ("sendMessage", {"chat_id": 1, "text": "x", "protect_content": "perhaps"}, "is no Boolean"),
        ("sendMessage", {"chat_id": 1, "text": "a" * 4097}, "4097 characters, allowed are 1 to 4096"),
        ("sendMessage", {"chat_id": 1, "text": " \n "}, "0 characters"),
        ("sendMessage", {"chat_id": 1, "text": "<b>x", "parse_mode": "HTML"}, "no end tag for <b>"),
        ("sendMessage", {"chat_id": 1, "text": "<p>x</p>", "parse_mode": "HTML"}, "unsupported start tag <p>"),
        ("sendMessage", {"chat_id": 1, "text": "1 < 2", "parse_mode": "HTML"}, "a < that begins no tag"),
        ("sendMessage", {"chat_id": 1, "text": "1.", "parse_mode": "MarkdownV2"}, "'.' is reserved"),
        ("sendMessage", {"chat_id": 1, "text": "x", "parse_mode": "XML"}, "has not the form"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": "{"}, "is none of InlineKeyboardMarkup"),
        ("sendMessage", _keyboard(callback_data="م" * 32 + "x"), "65 bytes, allowed are 1 to 64"),
        ("sendMessage", _keyboard(), "a button must do something"),
        ("sendMessage", _keyboard(url="javascript:x"), "has not the form"),
        ("sendMessage", _keyboard(callback_data=5), "5 is no String"),
        ("sendDocument", {"chat_id": 1, "document": "id", "caption": "a" * 1025}, "1025 characters"),
        ("setMyCommands", {"commands": [{"command": "Aide", "description": "x"}]}, "has not the form"),
        ("setMyCommands", {"commands": [], "scope": {"type": "chat", "chat_id": 1, "who": 2}}, "no field 'who'"),
    ],
)
def test_what_departs_from_telegrams_specification_is_found(method: str, params: dict[str, Any], fault: str) -> None:
    faults = TelegramSpecification().check(method, params)
    assert len(faults) == 1, faults
    assert fault in faults[0]


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("sendMessage", {"chat_id": "1", "text": "a" * 4096, "protect_content": "true", "reply_markup": json.dumps(BUTTONS)}),
        ("sendMessage", {"chat_id": "@x", "text": "<b>" + "&lt;" * 4096 + '</b><a href="https://example.org"></a>', "parse_mode": "HTML"}),
        ("sendMessage", {"chat_id": 1, "text": r"*1\.* `a.b` [x](https://example.org) ||_y_||", "parse_mode": "MarkdownV2"}),
        ("sendDocument", {"chat_id": 1, "document": Upload("a.pdf", b"x")}),
        ("setMyCommands", {"commands": [{"command": "aide", "description": "x"}], "scope": {"type": "chat", "chat_id": 1}}),
        ("sendLocation", {"chat_id": "1", "latitude": "33.97", "longitude": -6}),
    ],
)
def test_what_follows_telegrams_specification_passes(method: str, params: dict[str, Any]) -> None:
    assert TelegramSpecification().check(method, params) == []


@pytest.mark.parametrize(
    ("method", "path", "data", "fault"),
    [
        ("POST", MESSAGES, {"To": "whatsapp:+212600000001", "Body": "a" * 1601}, "is too long"),
        ("POST", MESSAGES, {"Body": "x"}, "'To' is a required property"),
        ("POST", MESSAGES, {"To": "x", "Colour": "red"}, "'Colour' was unexpected"),
        ("POST", MESSAGES, {"To": "x", "Attempt": "many"}, "'many' is not of type 'integer'"),
        ("POST", MESSAGES, [("To", "x"), ("To", "y")], "is not of type 'string'"),
        ("POST", "/v1/Content", {"types": {}}, "'language' is a required property"),
        ("POST", "/v1/Content", {"language": "fr", "types": {"twilio/quick-reply": {"body": "x"}}}, "'actions' is a required property"),
        ("POST", "/v1/Content", {"language": "fr", "types": {"twilio/text": {"body": "a" * 1601}}}, "allowed are 1600"),
        ("PATCH", "/v1/Content", {}, "no such operation"),
    ],
)
def test_what_departs_from_twilios_specification_is_found(method: str, path: str, data: Any, fault: str) -> None:
    assert any(fault in found for found in TwilioSpecification().check(method, path, data))


def test_what_follows_twilios_specification_passes() -> None:
    form = [("To", "x"), ("Body", "a" * 1600), ("MediaUrl", "https://example.org/1"), ("MediaUrl", "https://example.org/2"), ("SendAsMms", "True")]
    assert TwilioSpecification().check("POST", MESSAGES, form) == []
    assert TwilioSpecification().check("POST", "/v1/Content", {"language": "fr", "types": QUICK_REPLY}) == []


def test_a_missing_specification_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("DALIL_SPECS", str(tmp_path))
    with pytest.raises(SpecificationMissing, match="DALIL_SPECS"):
        _load.__wrapped__("telegram-bot-api.trimmed.json")


# Faults on demand


@pytest.mark.parametrize(
    ("kind", "status", "performed"),
    [
        (Kind.RETRY_AFTER, 429, False),
        (Kind.SERVER_ERROR, 500, False),
        (Kind.FORBIDDEN, 403, False),
        (Kind.BAD_REQUEST, 400, False),
        (Kind.SLOW, 200, True),
        (Kind.DROP, None, False),
        (Kind.DROP_AFTER, None, True),
        (Kind.TIMEOUT_BEFORE, None, False),
        (Kind.TIMEOUT_AFTER, None, True),
    ],
)
def test_a_fault_happens_once_to_its_method(telegram: FakeTelegram, kind: Kind, status: int | None, performed: bool) -> None:
    telegram.faults.add(Fault(kind, method="sendMessage", seconds=3 if kind is Kind.RETRY_AFTER else 0.05))
    assert call(telegram, "getMe")[0] == 200
    if status:
        got, answer = call(telegram, "sendMessage", chat_id=7, text="un")
        assert got == status
        assert kind is not Kind.RETRY_AFTER or answer["parameters"] == {"retry_after": 3}
    else:
        with pytest.raises(OSError):
            call(telegram, "sendMessage", chat_id=7, text="un")
    assert (telegram.calls[-1].status, telegram.calls[-1].performed, len(telegram.sent)) == (status, performed, int(performed))
    assert call(telegram, "sendMessage", chat_id=7, text="deux")[0] == 200


def test_a_timeout_without_an_end_holds_until_the_client_goes(telegram: FakeTelegram) -> None:
    telegram.faults.add(Fault(Kind.TIMEOUT_BEFORE))
    with pytest.raises(TimeoutError):
        call(telegram, "getMe", within=0.1)


def test_a_vendor_that_is_down_drops_everything(telegram: FakeTelegram) -> None:
    telegram.faults.down_for(60)
    for _ in range(2):
        with pytest.raises(OSError):
            call(telegram, "getMe")
    telegram.faults.clear()
    assert call(telegram, "getMe")[0] == 200


def test_twilio_asks_to_wait_in_a_header(twilio: FakeTwilio) -> None:
    twilio.faults.add(Fault(Kind.RETRY_AFTER, method="CreateMessage", seconds=2))
    status, answer, headers = request(twilio.url + MESSAGES, form={"To": "x"})
    assert (status, answer["code"], headers["Retry-After"]) == (429, 20429, "2")


# Telegram


def test_a_message_is_answered_in_full_and_seen_without_its_markup(telegram: FakeTelegram) -> None:
    _, message = call(telegram, "sendMessage", chat_id=7, text="<b>A &amp; B</b>", parse_mode="HTML", reply_markup=BUTTONS)
    assert message["text"] == "A & B"
    sent = telegram.user(7).wait_for()[0]
    assert (sent.text, sent.message_id, [button.text for button in sent.buttons[0]]) == ("A & B", message["message_id"], ["نعم", "Site"])


def test_a_call_against_the_specification_is_refused_and_remembered(telegram: FakeTelegram) -> None:
    assert call(telegram, "sendMessage", chat_id=7, text="a" * 4097)[0] == 400
    assert call(telegram, "sendTelepathy")[0] == 404
    assert call(telegram, "sendPoll", chat_id=7, question="?", options=[{"text": "a"}])[0] == 501
    assert len(telegram.violations) == 3
    assert telegram.sent == []


@pytest.mark.parametrize(("token", "status"), [("123456:TEST-OTHER", 401), ("nonsense", 404)])
def test_a_wrong_token_is_refused(telegram: FakeTelegram, token: str, status: int) -> None:
    assert request(f"{telegram.url}/bot{token}/getMe")[0] == status


def test_who_blocks_gets_nothing_and_strangers_are_not_found(telegram: FakeTelegram) -> None:
    telegram.user(7).blocks()
    assert call(telegram, "sendMessage", chat_id=7, text="x")[0] == 403
    telegram.user(7).unblocks()
    assert call(telegram, "sendMessage", chat_id=7, text="x")[0] == 200
    assert call(telegram, "sendMessage", chat_id=8, text="x")[0] == 400
    assert [next(reversed(update)) for update in telegram.pending] == ["my_chat_member"] * 2


def test_polling_hands_out_again_until_the_offset_confirms(telegram: FakeTelegram) -> None:
    first, second = telegram.user(7).text("un"), telegram.user(7).text("deux")
    assert call(telegram, "getUpdates")[1] == [first, second]
    assert call(telegram, "getUpdates", offset=second["update_id"], limit=1)[1] == [second]
    assert call(telegram, "getUpdates", offset=second["update_id"] + 1)[1] == []
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(call, telegram, "getUpdates", timeout=10, offset=0)
        telegram.wait_for(lambda: telegram._pollers)
        assert waiting.running()
        third = telegram.user(7).location(33.97, -6.85)
        assert waiting.result(5)[1] == [third]


def test_a_second_poll_ends_the_first_and_a_webhook_ends_polling(telegram: FakeTelegram) -> None:
    def poll(pool: ThreadPoolExecutor, number: int) -> Future[Any]:
        future = pool.submit(request, f"{telegram.url}/bot{telegram.token}/getUpdates", {"timeout": 20})
        telegram.wait_for(lambda: len([each for each in telegram.calls if each.method == "getUpdates"]) == number and telegram._pollers)
        return future

    with ThreadPoolExecutor() as pool:
        earlier = poll(pool, 1)
        later = poll(pool, 2)
        assert earlier.result(5)[0] == 409
        assert telegram.most_pollers == 2
        call(telegram, "setWebhook", url="https://dalil.example/x")
        assert later.result(5)[0] == 409
    assert "webhook is active" in call(telegram, "getUpdates")[1]["description"]
    call(telegram, "deleteWebhook")
    assert call(telegram, "getUpdates")[0] == 200


def test_a_webhook_gets_its_secret_and_each_update_until_it_answers_well(telegram: FakeTelegram, bot: Bot) -> None:
    bot.statuses = [500, 503]
    call(telegram, "setWebhook", url=f"{bot.url}/hook", secret_token="s3cret", allowed_updates=["message"])
    first = telegram.user(7).text("salam")
    telegram.user(7).blocks()
    telegram.wait_for(lambda: not telegram.pending)
    assert [json.loads(each.params["body"]) for each in bot.calls] == [first] * 3
    assert bot.calls[0].params["headers"][SECRET_HEADER] == "s3cret"
    assert call(telegram, "getWebhookInfo")[1]["last_error_message"].endswith("503")
    assert telegram.deliver(telegram.user(7).update_unknown(), secret="wrong") == 200
    assert bot.calls[-1].params["headers"][SECRET_HEADER] == "wrong"


def test_a_webhook_gets_the_messages_of_a_chat_one_after_the_other_and_those_of_several_at_once(telegram: FakeTelegram, bot: Bot) -> None:
    bot.statuses = [500]
    call(telegram, "setWebhook", url=f"{bot.url}/hook", max_connections=40)
    sent = [telegram.user(number).text(str(turn)) for turn in range(5) for number in (7, 8)]
    telegram.wait_for(lambda: not telegram.pending)
    got = [json.loads(each.params["body"]) for each in bot.calls]
    assert [update for update in _once(got) if update["message"]["chat"]["id"] == 7] == sent[::2]
    assert [update for update in _once(got) if update["message"]["chat"]["id"] == 8] == sent[1::2]


def _once(updates: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [update for position, update in enumerate(updates) if update not in updates[:position]]


def test_a_press_is_acknowledged_once(telegram: FakeTelegram) -> None:
    call(telegram, "sendMessage", chat_id=7, text="?", reply_markup=BUTTONS)
    query = telegram.user(7).press("نعم")["callback_query"]
    assert (query["data"], query["message"]["text"]) == ("yes", "?")
    assert call(telegram, "answerCallbackQuery", callback_query_id=query["id"])[0] == 200
    assert "too old" in call(telegram, "answerCallbackQuery", callback_query_id=query["id"])[1]["description"]


def test_an_edit_must_change_something(telegram: FakeTelegram) -> None:
    _, message = call(telegram, "sendMessage", chat_id=7, text="un", reply_markup=BUTTONS)
    where = {"chat_id": 7, "message_id": message["message_id"]}
    assert "reply_markup" not in call(telegram, "editMessageReplyMarkup", **where)[1]
    assert call(telegram, "editMessageText", text="deux", **where)[1]["text"] == "deux"
    assert "not modified" in call(telegram, "editMessageText", text="deux", **where)[1]["description"]
    assert [edit.text for edit in telegram.edits] == ["un", "deux"]


async def test_the_bot_library_is_content_with_what_it_gets(telegram: FakeTelegram) -> None:
    library = pytest.importorskip("telegram")
    async with library.Bot(telegram.token, base_url=f"{telegram.url}/bot") as client:
        buttons = library.InlineKeyboardMarkup([[library.InlineKeyboardButton("Oui", callback_data="yes")]])
        assert (await client.send_message(7, "salam", reply_markup=buttons)).reply_markup == buttons
        await client.send_document(7, b"content", filename="a.txt", caption="c", thumbnail=b"t")
        await client.send_venue(7, 33.9, -6.8, "ODCO", "Rabat")
        await client.set_my_commands([("aide", "Aide")], language_code="fr")
        assert (await client.get_my_commands(language_code="fr"))[0].command == "aide"
        user = telegram.user(7)
        for act in (user.voice, user.photo, user.sticker, user.contact, user.document, user.blocks, user.unblocks):
            act()
        user.edit(user.text("a")["message"]["message_id"], "b")
        user.command("/start x")
        user.press("Oui")
        for make in (user.update_in_group, user.update_in_channel, user.update_inline_query, user.update_callback):
            telegram.push(make("x"))
        telegram.push(user.update_callback("x", inaccessible=True))
        telegram.push(user.update_unknown())
        updates = await client.get_updates()
        assert len(updates) == 17
        assert updates[10].callback_query.message.message_id == user.sent[0].message_id
        telegram.faults.add(Fault(Kind.RETRY_AFTER, seconds=3))
        with pytest.raises(library.error.RetryAfter):
            await client.send_message(7, "x")
    assert user.sent[1].document == Upload("a.txt", b"content", "text/plain")
    assert telegram.violations == []


# Twilio


def test_the_signature_is_that_of_twilios_own_example() -> None:
    params = {"CallSid": "CA1234567890ABCDE", "Caller": "+14158675309", "Digits": "1234", "From": "+14158675309", "To": "+18005551212"}
    assert signature("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", params) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


@pytest.mark.parametrize(
    ("act", "fields"),
    [
        (lambda user: user.text("salam"), {"Body": "salam", "MessageType": "text"}),
        (lambda user: user.location(33.97, -6.85), {"Body": "", "Latitude": "33.97", "MessageType": "location"}),
        (lambda user: user.voice(), {"NumMedia": "1", "MediaContentType0": "audio/ogg", "MessageType": "audio"}),
        (lambda user: user.press({"title": "Oui", "id": "b1"}), {"ButtonText": "Oui", "ButtonPayload": "b1"}),
        (lambda user: user.choose({"title": "Statuts", "id": "i1"}), {"ListId": "i1", "ListTitle": "Statuts"}),
    ],
)
def test_a_users_message_is_posted_signed_for_the_public_address(twilio: FakeTwilio, bot: Bot, act: Callable[[Any], Any], fields: dict[str, str]) -> None:
    validator = pytest.importorskip("twilio.request_validator").RequestValidator(twilio.auth_token)
    delivery = act(twilio.user(NUMBER))
    assert delivery.answer().status == 200
    form = bot.forms("/webhook")[0]
    assert form == delivery.params
    assert form.items() >= {"From": f"whatsapp:{NUMBER}", "WaId": NUMBER[1:], "ProfileName": "Salma", **fields}.items()
    assert validator.validate(twilio.public_url, form, bot.calls[0].params["headers"]["X-Twilio-Signature"])


async def test_a_failed_connection_is_tried_once_more_and_an_error_is_not(twilio: FakeTwilio, bot: Bot) -> None:
    bot.faults.add(Fault(Kind.DROP))
    assert (await twilio.user(NUMBER).text("salam")).status == 200
    assert len({each.params["headers"]["I-Twilio-Idempotency-Token"] for each in bot.calls}) == 1
    bot.statuses = [500]
    assert (await twilio.user(NUMBER).text("salam")).status == 500
    assert len(bot.calls) == 3


def test_a_message_is_queued_then_reported(twilio: FakeTwilio, bot: Bot) -> None:
    twilio.user(NUMBER).text("salam").answer()
    twilio.outcomes = [Outcome(("sent", "delivered", "read")), Outcome(("failed",), 63024)]
    status, message = send(twilio, Body="marhba", StatusCallback="https://dalil.example/status")
    assert (status, message["status"]) == (201, "queued")
    twilio.wait_for(lambda: len(twilio.callbacks) == 3)
    assert [(form["MessageSid"], form["MessageStatus"]) for form in bot.forms("/status")] == [(message["sid"], each) for each in ("sent", "delivered", "read")]
    send(twilio, Body="marhba", StatusCallback="https://dalil.example/status")
    twilio.wait_for(lambda: len(twilio.callbacks) == 4)
    assert bot.forms("/status")[-1]["ErrorCode"] == "63024"
    assert [sent.body for sent in twilio.sent] == ["marhba"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"Body": "a" * 1601}, 21617),
        ({"Body": ""}, 21619),
        ({"Body": "x", "To": "+212600000001"}, 21211),
        ({"Body": "x", "From": "whatsapp:+1999"}, 63007),
        ({"ContentSid": "HX" + "0" * 32}, 21655),
        ({"ContentSid": "HX"}, 21655),
    ],
)
def test_a_message_twilio_cannot_take_is_refused_with_its_code(twilio: FakeTwilio, fields: dict[str, str], code: int) -> None:
    status, error = send(twilio, **fields)
    assert (status, error["code"], twilio.sent) == (400, code, [])


def test_a_wrong_key_is_refused(twilio: FakeTwilio) -> None:
    twilio.auth_token = "other"
    key = base64.b64encode(f"{twilio.account_sid}:test-auth-token".encode()).decode()
    assert request(twilio.url + "/v1/Content", Authorization=f"Basic {key}")[1]["code"] == 20003


def test_after_a_day_only_an_approved_template_reaches_its_reader(twilio: FakeTwilio) -> None:
    twilio.user(NUMBER).text("salam").answer()
    template = rest(twilio, "/v1/Content", content={"language": "fr", "types": QUICK_REPLY})[1]["sid"]
    listed = rest(twilio, "/v1/Content", content={"language": "fr", "types": LIST})[1]["sid"]
    values = {"ContentSid": template, "ContentVariables": json.dumps({"1": "Bonjour", "2": "Oui"})}
    twilio.clock = lambda: time.time() + 25 * 3600
    send(twilio, Body="x")
    send(twilio, **values)
    rest(twilio, f"/v1/Content/{template}/ApprovalRequests/whatsapp", content={"name": "x", "category": "UTILITY"})
    twilio.review(template)
    twilio.review(listed)
    send(twilio, **values)
    sid = send(twilio, ContentSid=listed)[1]["sid"]
    assert [code for _, code in twilio.failed] == [63016] * 3
    assert [sent.body for sent in twilio.sent] == ["Bonjour"]
    twilio.wait_for(lambda: twilio.messages[sid]["status"] == "undelivered")
    assert rest(twilio, MESSAGES.replace(".json", f"/{sid}.json"))[1]["error_code"] == 63016


@pytest.mark.parametrize(
    "variables", ["{", "[]", '{"1": "a", "3": "c"}', '{"1": "a"}', '{"1": "a", "2": ""}', '{"1": "a", "2": 5}', '{"1": "a", "2": "a title far too long"}']
)
def test_variables_must_fit_the_template(twilio: FakeTwilio, variables: str) -> None:
    template = rest(twilio, "/v1/Content", content={"language": "fr", "types": QUICK_REPLY})[1]["sid"]
    assert send(twilio, ContentSid=template, ContentVariables=variables.replace("long", "long!"))[1]["code"] == 21656
    assert twilio.violations


def test_a_template_shows_choices_that_can_be_made(twilio: FakeTwilio, bot: Bot) -> None:
    user = twilio.user(NUMBER)
    user.text("salam").answer()
    for types, variables in ((QUICK_REPLY, {"1": "Bonjour", "2": "Oui"}), (LIST, {})):
        template = rest(twilio, "/v1/Content", content={"language": "fr", "types": types})[1]["sid"]
        send(twilio, ContentSid=template, ContentVariables=json.dumps(variables))
    assert [sent.choices for sent in user.sent] == [[{"title": "Oui", "id": "b1"}], [{"title": "Statuts", "id": "i1"}]]
    form = user.choose("Statuts").params
    assert (form["ListId"], form["OriginalRepliedMessageSid"]) == ("i1", user.sent[1].sid)


def test_templates_are_listed_page_by_page_and_deleted(twilio: FakeTwilio) -> None:
    made = [rest(twilio, "/v1/Content", content={"language": "fr", "types": LIST, "friendly_name": str(number)})[1]["sid"] for number in range(3)]
    _, page = rest(twilio, "/v1/Content?PageSize=2")
    _, rest_of = rest(twilio, page["meta"]["next_page_url"].removeprefix(twilio.url))
    assert [content["sid"] for content in page["contents"] + rest_of["contents"]] == made
    assert rest_of["meta"]["next_page_url"] is None
    twilio.review(made[0])
    assert rest(twilio, "/v1/ContentAndApprovals")[1]["contents"][0]["approval_requests"]["status"] == "approved"
    assert rest(twilio, f"/v1/Content/{made[0]}", method="DELETE")[0] == 204
    assert rest(twilio, f"/v1/Content/{made[0]}")[0] == 404
