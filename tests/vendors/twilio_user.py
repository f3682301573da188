"""The people on the other side of a played Twilio."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Generator, Mapping
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from tests.vendors.server import Answer
from tests.vendors.twilio_content import sid

if TYPE_CHECKING:
    from tests.vendors.twilio import FakeTwilio, Sent


class Delivery:
    """A message on its way to the bot's webhook: `answer()` waits for what comes back, and so does `await`."""

    def __init__(self, params: dict[str, str], future: Future[Answer]) -> None:
        self.params = params
        self._future = future

    def answer(self, seconds: float = 40) -> Answer:
        """What the webhook answered; status 0 when no connection came about."""
        return self._future.result(seconds)

    def __await__(self) -> Generator[Any, None, Answer]:
        return asyncio.wrap_future(self._future).__await__()


class TwilioUser:
    """A person who writes on WhatsApp. What she does is posted to the bot's webhook at once."""

    def __init__(self, twilio: FakeTwilio, number: str, name: str) -> None:
        self.number = number
        self.name = name
        self.address = f"whatsapp:{number}"
        self._twilio = twilio

    @property
    def sent(self) -> list[Sent]:
        """What the bot has sent her."""
        return [message for message in self._twilio.sent if message.to == self.address]

    def wait_for(self, number: int = 1, seconds: float = 10) -> list[Sent]:
        """What the bot has sent her, once it is so many messages."""
        found: list[Sent] = self._twilio.wait_for(number, self.address, seconds)
        return found

    def text(self, body: str) -> Delivery:
        """Write."""
        return self.post(self.form("text", Body=body))

    def press(self, button: Mapping[str, str] | str) -> Delivery:
        """Press a quick-reply button, given as in `choices`, or named by title or id among those last shown."""
        chosen = self._choice(button)
        return self.post(self.form("interactive", Body=chosen["title"], ButtonText=chosen["title"], ButtonPayload=chosen["id"], **self._reply()))

    def choose(self, item: Mapping[str, str] | str) -> Delivery:
        """Choose an item of a list, given as in `choices`, or named by title or id among those last shown."""
        chosen = self._choice(item)
        return self.post(self.form("interactive", Body=chosen["title"], ListId=chosen["id"], ListTitle=chosen["title"], **self._reply()))

    def location(self, latitude: float, longitude: float) -> Delivery:
        """Share a place."""
        return self.post(self.form("location", Latitude=str(latitude), Longitude=str(longitude)))

    def media(self, content_type: str, kind: str | None = None) -> Delivery:
        """Send a picture, a file, a contact (text/vcard), ..."""
        form = self.form(kind or content_type.split("/")[0], prefix="MM", NumMedia="1", MediaContentType0=content_type)
        part = f"{self._twilio.url}/2010-04-01/Accounts/{self._twilio.account_sid}/Messages/{form['MessageSid']}/Media/ME{form['MessageSid'][2:]}"
        return self.post({**form, "MediaUrl0": part})

    def voice(self) -> Delivery:
        """Send a voice message."""
        return self.media("audio/ogg")

    def form(self, kind: str, prefix: str = "SM", **fields: str) -> dict[str, str]:
        """The fields of a message; fields without a value are sent, as Twilio does."""
        new, number = sid(prefix), self.number.lstrip("+")
        metadata = {"type": "whatsapp", "data": {"context": {"ProfileName": self.name, "WaId": number}}}
        form = {"SmsMessageSid": new, "NumMedia": "0", "ProfileName": self.name, "MessageType": kind, "SmsSid": new, "WaId": number}
        form |= {"SmsStatus": "received", "Body": "", "To": self._twilio.sender, "NumSegments": "1", "ReferralNumMedia": "0", "MessageSid": new}
        form |= {"AccountSid": self._twilio.account_sid, "ChannelMetadata": json.dumps(metadata), "From": self.address, "ApiVersion": "2010-04-01"}
        return form | fields

    def post(self, form: dict[str, str], signature: str | None = None) -> Delivery:
        """Post a form, under a signature of the caller's choice if one is given; a message posted again has the same MessageSid."""
        return Delivery(form, self._twilio.start(self._twilio.receive(form, signature)))

    def _choice(self, wanted: Mapping[str, str] | str) -> Mapping[str, str]:
        if not isinstance(wanted, str):
            return wanted
        shown = next((message.choices for message in reversed(self.sent) if message.choices), [])
        return next((choice for choice in shown if wanted in choice.values()), {"title": wanted, "id": wanted})

    def _reply(self) -> dict[str, str]:
        last = next((message for message in reversed(self.sent) if message.choices), None)
        return {"OriginalRepliedMessageSid": last.sid, "OriginalRepliedMessageSender": self._twilio.sender} if last else {}
