"""Twilio's templates: made, listed, reviewed by WhatsApp, and filled in."""

from __future__ import annotations

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.vendors.server import Answer, Refused, VendorServer
from tests.vendors.specification import whatsapp_faults


def sid(prefix: str) -> str:
    """A new identifier in Twilio's form."""
    return prefix + secrets.token_hex(16)


def error(status: int, code: int, message: str, headers: dict[str, str] | None = None) -> Answer:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return Answer(status, {"code": code, "message": message, "more_info": more, "status": status}, headers or {})


def refused(status: int, code: int, message: str) -> Refused:
    return Refused(error(status, code, message))


class TwilioContent(VendorServer):
    """The templates of one account; `clock` says the time."""

    def __init__(self, port: int, account_sid: str) -> None:
        super().__init__(port)
        self.account_sid = account_sid
        self.clock: Callable[[], float] = time.time
        self.contents: dict[str, dict[str, Any]] = {}
        self.approvals: dict[str, dict[str, Any]] = {}

    def review(self, content_sid: str, status: str = "approved", reason: str = "") -> None:
        """WhatsApp's verdict about a template: approved, rejected, paused, ..."""
        self.approvals.setdefault(content_sid, {"type": "whatsapp"}).update(status=status, rejection_reason=reason)

    def do_CreateContent(self, params: dict[str, Any], variables: dict[str, str]) -> Answer:
        new = sid("HX")
        url, now = f"{self.url}/v1/Content/{new}", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.clock()))
        links = {"approval_create": f"{url}/ApprovalRequests/whatsapp", "approval_fetch": f"{url}/ApprovalRequests"}
        made = {"sid": new, "account_sid": self.account_sid, "url": url, "date_created": now, "date_updated": now, "links": links}
        self.contents[new] = {"friendly_name": "", "variables": {}, **params, **made}
        return Answer(201, self.contents[new])

    def do_FetchContent(self, params: dict[str, Any], variables: dict[str, str]) -> Answer:
        return Answer(200, self._found(self.contents, variables["Sid"]))

    def do_DeleteContent(self, params: dict[str, Any], variables: dict[str, str]) -> Answer:
        self._found(self.contents, variables["Sid"])
        del self.contents[variables["Sid"]]
        self.approvals.pop(variables["Sid"], None)
        return Answer(204)

    def do_ListContent(self, params: dict[str, Any], variables: dict[str, str]) -> Answer:
        return self._page("Content", list(self.contents.values()), params)

    def do_ListContentAndApprovals(self, params: dict[str, Any], variables: dict[str, str]) -> Answer:
        whole = [{**content, "approval_requests": self.approvals.get(key, {"status": "unsubmitted"})} for key, content in self.contents.items()]
        return self._page("ContentAndApprovals", [{name: value for name, value in each.items() if name not in {"url", "links"}} for each in whole], params)

    def do_CreateApprovalCreate(self, params: dict[str, Any], variables: dict[str, str]) -> Answer:
        content = self._found(self.contents, variables["ContentSid"])
        request = {"name": params["name"], "category": params["category"], "content_type": next(iter(content["types"])), "status": "received"}
        request |= {"rejection_reason": "", "allow_category_change": params.get("allow_category_change", True)}
        self.approvals[content["sid"]] = {"type": "whatsapp", **request}
        return Answer(201, request)

    def do_FetchApprovalFetch(self, params: dict[str, Any], variables: dict[str, str]) -> Answer:
        content = self._found(self.contents, variables["Sid"])
        approval = {"whatsapp": self.approvals.get(content["sid"], {}), "url": content["links"]["approval_fetch"]}
        return Answer(200, {"sid": content["sid"], "account_sid": self.account_sid, **approval})

    def _page(self, name: str, items: list[dict[str, Any]], query: Mapping[str, str]) -> Answer:
        size, page = int(query.get("PageSize", 50)), int(query.get("Page", 0))

        def address(number: int) -> str:
            return f"{self.url}/v1/{name}?PageSize={size}&Page={number}"

        last = (page + 1) * size >= len(items)
        meta = {"key": "contents", "page": page, "page_size": size, "url": address(page), "first_page_url": address(0)}
        meta |= {"previous_page_url": address(page - 1) if page else None, "next_page_url": None if last else address(page + 1)}
        return Answer(200, {"contents": items[page * size : (page + 1) * size], "meta": meta})

    def _found(self, where: dict[str, dict[str, Any]], key: str) -> dict[str, Any]:
        if key not in where:
            raise refused(404, 20404, f"The requested resource {key} was not found")
        return where[key]

    def _render(self, params: dict[str, Any]) -> dict[str, Any]:
        content = self.contents.get(params["ContentSid"])
        if content is None:
            raise refused(400, 21655, "The ContentSid is Invalid")
        try:
            given = json.loads(params.get("ContentVariables", "{}"))
            needed = set(re.findall(r"\{\{(\w+)\}\}", json.dumps(content["types"])))
            right = given.keys() <= needed and all(isinstance(value, str) and value.strip() for value in given.values())
            values = {**content["variables"], **given}
            right = right and needed <= values.keys()
        except (ValueError, AttributeError):
            right = False
        if not right:
            self._violate([f"CreateMessage.ContentVariables: {params.get('ContentVariables')!r} does not fit the template {content['friendly_name']!r}"])
            raise refused(400, 21656, "The ContentVariables Parameter is invalid")
        types = _filled(content["types"], values)
        if faults := whatsapp_faults(types):
            self._violate(faults)
            raise refused(400, 21656, "; ".join(faults))
        # The plain text is for channels that show nothing richer.
        kind = next((kind for kind in types if kind != "twilio/text"), "twilio/text")
        return {"type": kind, **types[kind]}


def _filled(node: Any, values: dict[str, str]) -> Any:
    """A template with its variables filled in."""
    if isinstance(node, str):
        return re.sub(r"\{\{(\w+)\}\}", lambda name: values[name[1]], node)
    if isinstance(node, list):
        return [_filled(item, values) for item in node]
    return {key: _filled(value, values) for key, value in node.items()} if isinstance(node, dict) else node
