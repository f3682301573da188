"""What Twilio brings: is it Twilio's, and what does it say?"""

from urllib.parse import urlencode

import pytest
from twilio.request_validator import RequestValidator

from bot.channels.whatsapp.webhook import MalformedMessage, fields, is_twilio, read, status
from bot.delivery import events

ADDRESS = "https://dalil.example/webhooks/whatsapp/webhook"
TOKEN = "test-auth-token"


def _form(**more: str) -> dict[str, str]:
    return {"MessageSid": "SM" + "a" * 32, "From": "whatsapp:+212612345678", "To": "whatsapp:+14155238886", "Body": "", "NumMedia": "0", **more}


def test_blank_fields_are_signed_too() -> None:
    form = _form(Latitude="34.0", Longitude="-6.8")
    signature = RequestValidator(TOKEN).compute_signature(ADDRESS, form)
    read_back = fields(urlencode(form).encode())
    assert read_back == form
    assert is_twilio(ADDRESS, read_back, signature, TOKEN)
    assert not is_twilio(ADDRESS, {k: v for k, v in form.items() if v}, signature, TOKEN)


@pytest.mark.parametrize("signature", [None, "", "x", "é", "A" * 28])
def test_an_unsigned_or_wrongly_signed_request_is_not_twilios(signature: str | None) -> None:
    assert not is_twilio(ADDRESS, _form(), signature, TOKEN)


def test_a_signature_for_another_address_text_or_token_does_not_count() -> None:
    form = _form(Body="salam")
    signature = RequestValidator(TOKEN).compute_signature(ADDRESS, form)
    assert is_twilio(ADDRESS, form, signature, TOKEN)
    assert not is_twilio(ADDRESS.replace("https", "http"), form, signature, TOKEN)
    assert not is_twilio(ADDRESS + "/", form, signature, TOKEN)
    assert not is_twilio(ADDRESS, {**form, "Body": "other"}, signature, TOKEN)
    assert not is_twilio(ADDRESS, form, signature, "other")
    assert not is_twilio(ADDRESS, form, signature, "")


def test_a_text_is_read_without_the_profile_name() -> None:
    inbound = read(_form(Body="شحال خاص ديال الناس", ProfileName="Fatima"))
    assert (inbound.address, inbound.text) == ("+212612345678", "شحال خاص ديال الناس")
    assert "Fatima" not in repr(inbound)


@pytest.mark.parametrize("field", ["ButtonPayload", "ListId"])
def test_a_pressed_button_or_a_chosen_row_is_a_reference(field: str) -> None:
    assert read(_form(Body="Les étapes", **{field: "b3.0"})).button == "b3.0"


@pytest.mark.parametrize(
    ("content", "event"),
    [
        ({"Latitude": "34.02", "Longitude": "-6.83"}, '/office{"place": "04.421"}'),
        ({"NumMedia": "1", "MediaContentType0": "audio/ogg"}, events.VOICE),
        ({"NumMedia": "1", "MediaContentType0": "image/jpeg"}, events.PICTURE),
        ({"NumMedia": "1", "MediaContentType0": "application/pdf"}, events.PICTURE),
        ({"NumMedia": "1", "MediaContentType0": "text/vcard"}, events.SHARED_CONTACT),
        ({"Body": "Stop merci"}, events.OPT_OUT),
        ({"Body": "START"}, events.OPT_IN),
        ({"Body": "aide"}, "/help"),
    ],
)
def test_what_is_not_a_question_gets_its_own_answer(content: dict[str, str], event: str) -> None:
    assert read(_form(**content)).event == event


def test_words_under_a_picture_are_answered() -> None:
    assert read(_form(Body="c'est quoi ?", NumMedia="1", MediaContentType0="image/png")).text == "c'est quoi ?"


@pytest.mark.parametrize("form", [{}, _form(MessageSid="x"), _form(From="+212612345678"), _form(From="whatsapp:+x"), _form(From="")])
def test_a_message_without_id_or_sender_is_refused(form: dict[str, str]) -> None:
    with pytest.raises(MalformedMessage):
        read(form)


@pytest.mark.parametrize("body", [b"\xff\xfe", b"&".join(b"a=1" for _ in range(500))])
def test_what_is_no_form_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedMessage):
        fields(body)


def test_a_fate_names_its_message_by_the_address_it_was_given() -> None:
    sid = "SM" + "a" * 32
    assert status({"MessageStatus": "failed", "ErrorCode": "63016", "MessageSid": sid}, {"m": "12"}) == (12, sid, "failed", "Twilio error 63016")
    known = {"MessageStatus": "read", "MessageSid": sid}
    for form, query in (
        (known, {}),
        ({**known, "MessageStatus": "<b>"}, {"m": "1"}),
        ({}, {"m": "1"}),
        (known, {"m": "١"}),
        ({"MessageStatus": "read"}, {"m": "1"}),
    ):
        with pytest.raises(MalformedMessage):
            status(form, query)
