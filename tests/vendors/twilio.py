"""Twilio's message and template interfaces for WhatsApp, played on this machine."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from aiohttp import BasicAuth, web

from tests.vendors.faults import Kind
from tests.vendors.server import Answer, Call
from tests.vendors.specification import TwilioSpecification
from tests.vendors.twilio_content import TwilioContent, error, refused, sid
from tests.vendors.twilio_user import TwilioUser

DAY = 24 * 60 * 60
# Types that cannot begin a conversation: only an answer within the window may be of one.
_ANSWERS_ONLY = {"twilio/list-picker", "twilio/location"}
_CODES = {"To": 21604, "From": 21603, "Body": 21617, "ContentSid": 21655, "ContentVariables": 21656, "StatusCallback": 21609}


@dataclass(frozen=True)
class Outcome:
    """What becomes of a message after Twilio has taken it: the states it goes through, and why it fails."""

    statuses: tuple[str, ...] = ("sent", "delivered")
    error_code: int | None = None


@dataclass(frozen=True)
class Sent:
    """A message that has reached its reader; `content` is the template's richest type, filled in, with its name as `type`."""

    to: str
    from_: str
    body: str
    content: dict[str, Any] | None
    media: tuple[str, ...]
    sid: str
    params: dict[str, Any]

    @property
    def choices(self) -> list[dict[str, str]]:
        """The buttons or list items, each with `title` and `id`."""
        choices = (self.content or {}).get("actions") or (self.content or {}).get("items") or []
        return [{"title": choice.get("title") or choice["item"], "id": choice.get("id", "")} for choice in choices]


def signature(token: str, url: str, params: Mapping[str, str]) -> str:
    """Twilio's signature of a form: the URL and each name with its value, in the order of the names, under HMAC-SHA1."""
    signed = url + "".join(name + params[name] for name in sorted(params))
    return base64.b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


class FakeTwilio(TwilioContent):
    """Twilio for one account with one WhatsApp sender.

    `sent` are the messages that reached their readers, `failed` those that did not, with the error; the next message's outcome is taken
    from `outcomes`, else `outcome` holds. Webhooks are posted to `webhook_url` and signed for `public_url`, where that is set. Status
    callbacks go to the address the bot gave, at the origin of `webhook_url` when it lies at the origin of `public_url`. `clock` says the time.
    """

    def __init__(
        self, port: int = 0, account_sid: str = "AC" + "0" * 32, auth_token: str = "test-auth-token", webhook_url: str = "", public_url: str = ""
    ) -> None:
        super().__init__(port, account_sid)
        self.auth_token = auth_token
        self.webhook_url = webhook_url
        self.public_url = public_url
        self.sender = "whatsapp:+14155238886"
        self.outcome = Outcome()
        self.outcomes: list[Outcome] = []
        self.specification = TwilioSpecification()
        self.users: dict[str, TwilioUser] = {}
        self.sent: list[Sent] = []
        self.failed: list[tuple[Sent, int | None]] = []
        self.callbacks: list[tuple[str, str, int]] = []
        self.messages: dict[str, dict[str, Any]] = {}
        self.last_inbound: dict[str, float] = {}

    # The users' side

    def user(self, number: str, name: str = "Salma") -> TwilioUser:
        """A person with a WhatsApp number; the same one for the same number."""
        return self.users.setdefault(number, TwilioUser(self, number, name))

    def sign(self, url: str, params: Mapping[str, str]) -> str:
        """The signature with which Twilio posts these fields to this address."""
        return signature(self.auth_token, url, params)

    async def post_form(self, params: Mapping[str, str], url: str, public_url: str, forged: str | None = None) -> Answer:
        """Post a signed form as Twilio does: once more when the connection fails, and marked as the same by a header."""
        headers = {"X-Twilio-Signature": self.sign(public_url, params) if forged is None else forged, "I-Twilio-Idempotency-Token": secrets.token_hex(16)}
        headers |= {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", "User-Agent": "TwilioProxy/1.1"}
        body = urlencode(params).encode()
        first = await self._post(url, data=body, headers=headers)
        return first if first.status else await self._post(url, data=body, headers=headers)

    async def receive(self, form: Mapping[str, str], forged: str | None) -> Answer:
        """Hand a user's message to the bot; only a true one opens the day in which she may be answered freely."""
        if forged is None:
            self.last_inbound[form["From"]] = self.clock()
        answer = await self.post_form(form, self.webhook_url, self.public_url or self.webhook_url, forged)
        # Twilio would send the reader a plain text, or the messages of the TwiML, as a reply.
        if answer.status == 200 and (text := answer.body.strip()) and ("<Response" not in text or "<Message" in text):
            self._violate([f"the webhook's answer must be an empty TwiML response, as replies are not played: {text[:80]!r}"])
        return answer

    # Messages

    def do_CreateMessage(self, params: dict[str, Any], variables: dict[str, str]) -> Answer:
        to, from_ = params["To"], params.get("From", "")
        if not re.fullmatch(r"whatsapp:\+\d{8,15}", to):
            raise refused(400, 21211, f"Invalid 'To' Phone Number: {to}")
        if not from_ and "MessagingServiceSid" not in params:
            raise refused(400, 21603, "A 'From' phone number is required.")
        if from_ not in {self.sender, ""}:
            raise refused(400, 63007, "Twilio could not find a Channel with the specified From address")
        if not params.keys() & {"Body", "MediaUrl", "ContentSid"} or (not params.get("Body", "x").strip() and "MediaUrl" not in params):
            raise refused(400, 21619, "A text message body or media urls must be specified.")
        content = self._render(params) if "ContentSid" in params else None
        body = content.get("body", "") if content else params.get("Body", "")
        sent = Sent(to, from_ or self.sender, body, content, tuple(params.get("MediaUrl", ())), sid("MM" if "MediaUrl" in params else "SM"), params)
        outcome = self.outcomes.pop(0) if self.outcomes else self.outcome
        if not self._may_send(sent):
            outcome = Outcome(("undelivered",), 63016)
        self.messages[sent.sid] = self._message(sent)
        if outcome.error_code or outcome.statuses[-1:] in {("failed",), ("undelivered",)}:
            self._note(self.failed, (sent, outcome.error_code))
        else:
            self._note(self.sent, sent)
        resource = dict(self.messages[sent.sid])
        self.start(self._report(sent, outcome))
        return Answer(201, resource)

    def do_FetchMessage(self, params: dict[str, Any], variables: dict[str, str]) -> Answer:
        return Answer(200, self._found(self.messages, variables["Sid"]))

    def do_ListMessage(self, params: dict[str, Any], variables: dict[str, str]) -> Answer:
        wanted = {"to": params.get("To"), "from": params.get("From")}
        found = [message for message in reversed(self.messages.values()) if all(value in (None, message[name]) for name, value in wanted.items())]
        page = found[: int(params.get("PageSize", 50))]
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Messages.json"
        return Answer(
            200, {"messages": page, "page": 0, "page_size": len(page), "uri": uri, "first_page_uri": uri, "next_page_uri": None, "previous_page_uri": None}
        )

    def _may_send(self, sent: Sent) -> bool:
        if self.clock() - self.last_inbound.get(sent.to, -DAY) < DAY:
            return True
        approved = self.approvals.get(sent.params.get("ContentSid", ""), {}).get("status") == "approved"
        return sent.content is not None and approved and sent.content["type"] not in _ANSWERS_ONLY

    def _message(self, sent: Sent) -> dict[str, Any]:
        uri = f"/2010-04-01/Accounts/{self.account_sid}/Messages/{sent.sid}"
        now: Any = format_datetime(datetime.fromtimestamp(self.clock(), timezone.utc))
        message = {"account_sid": self.account_sid, "api_version": "2010-04-01", "body": sent.body, "date_created": now, "date_updated": now}
        message |= {"direction": "outbound-api", "from": sent.from_, "to": sent.to, "num_media": str(len(sent.media)), "num_segments": "1"}
        message |= {"messaging_service_sid": sent.params.get("MessagingServiceSid"), "sid": sent.sid, "status": "queued", "uri": f"{uri}.json"}
        message |= dict.fromkeys(("date_sent", "error_code", "error_message", "price", "price_unit"))
        return message | {"subresource_uris": {"media": f"{uri}/Media.json"}}

    async def _report(self, sent: Sent, outcome: Outcome) -> None:
        for status in outcome.statuses:
            failed = status in {"failed", "undelivered"}
            self.messages[sent.sid] |= {"status": status, **({"error_code": outcome.error_code} if failed else {})}
            params = {"ChannelPrefix": "whatsapp", "ApiVersion": "2010-04-01", "MessageStatus": status, "SmsSid": sent.sid, "SmsStatus": status}
            params |= {"ChannelInstallSid": "XE" + "0" * 32, "To": sent.to, "From": sent.from_, "MessageSid": sent.sid, "AccountSid": self.account_sid}
            params |= {"ChannelToAddress": sent.to.removeprefix("whatsapp:")}
            params |= {"StructuredMessage": str(bool(sent.content)).lower()} if status == "sent" else {"EventType": status.upper()}
            if failed and outcome.error_code:
                params |= {"ErrorCode": str(outcome.error_code), "ChannelStatusMessage": "The message could not be delivered"}
            if url := sent.params.get("StatusCallback"):
                answer = await self.post_form(params, self._reachable(url), url)
                self._note(self.callbacks, (sent.sid, status, answer.status))

    def _reachable(self, url: str) -> str:
        public, real, asked = urlsplit(self.public_url), urlsplit(self.webhook_url), urlsplit(url)
        return asked._replace(scheme=real.scheme, netloc=real.netloc).geturl() if public.netloc and asked[:2] == public[:2] else url

    # The wire

    async def _read(self, request: web.Request) -> Call:
        operation = self.specification.operation(request.method, request.path)
        params: Any = dict(request.query)
        if operation and "form" in operation.media_type:
            params = self.specification.decoded(operation, (await request.post()).items())
        elif operation and operation.media_type:
            try:
                params = await request.json()
            except ValueError:
                params = {"(the body is no JSON)": await request.text()}
        return Call(operation.name if operation else f"{request.method} {request.path}", params)

    async def _perform(self, call: Call, request: web.Request) -> Answer:
        if request.headers.get("Authorization") != BasicAuth(self.account_sid, self.auth_token).encode():
            raise refused(401, 20003, "Authenticate")
        operation = self.specification.operation(request.method, request.path)
        if operation is None:
            self._violate([f"{call.method}: there is no such operation"])
            raise refused(404, 20404, f"The requested resource {request.path} was not found")
        if operation.variables.get("AccountSid", self.account_sid) != self.account_sid:
            raise refused(404, 20404, f"The requested resource {request.path} was not found")
        if faults := self.specification.check(request.method, request.path, call.params):
            self._violate(faults)
            named = (code for name, code in _CODES.items() for fault in faults if f".{name}:" in fault or f"'{name}'" in fault)
            raise refused(400, next(named, 20001), "; ".join(faults))
        play = getattr(self, f"do_{operation.name}", None)
        if play is None:
            self._violate([f"{operation.name}: not played"])
            raise refused(501, 20501, f"{operation.name} is not played")
        answer: Answer = play(call.params, operation.variables)
        return answer

    def _refusal(self, kind: Kind | None, seconds: int) -> Answer:
        if kind is Kind.RETRY_AFTER:
            return error(429, 20429, "Too Many Requests", {"Retry-After": str(seconds)})
        if kind is Kind.FORBIDDEN:
            return error(403, 20403, "Forbidden")
        return error(500, 20500, "Internal Server Error") if kind is Kind.SERVER_ERROR else error(400, 20001, "A fault on demand")
