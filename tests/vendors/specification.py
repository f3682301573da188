"""What the vendors publish about their interfaces, and what in a request departs from it.

The files are not part of the repository: `DALIL_SPECS` says where they are, else they lie in `shared/specs` next to it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from reprlib import repr
from typing import Any

import jsonschema
import pytest

from bot.paths import ROOT
from tests.vendors.markup import visible

# What Telegram's descriptions say in words only: (method or type, field) -> the form of its text.
_PATTERNS = {
    ("BotCommand", "command"): r"[a-z0-9_]{1,32}",
    ("InlineKeyboardButton", "url"): r"(https?|tg)://\S+",
    ("sendChatAction", "action"): r"typing|(upload|record)_(photo|video|voice|video_note)|upload_document|choose_sticker|find_location",
    ("setWebhook", "secret_token"): r"[A-Za-z0-9_-]{1,256}",
}
_PARSE_MODE = re.compile(r"HTML|Markdown(V2)?", re.IGNORECASE)
_SCALARS: dict[str, tuple[type, ...]] = {"Integer": (int,), "Float": (int, float), "Boolean": (bool,), "String": (str,)}

# WhatsApp's limits on what a template may hold, once its variables are filled in: type -> (path of a text, most characters).
_WHATSAPP_LIMITS = {
    "twilio/text": {"body": 1600},
    "twilio/quick-reply": {"body": 1024, "actions.title": 20, "actions.id": 200},
    "twilio/list-picker": {"body": 1024, "button": 20, "items.item": 24, "items.id": 200, "items.description": 72},
}
_WHATSAPP_COUNTS = {"actions": 10, "items": 10}


class SpecificationMissing(pytest.skip.Exception):
    """The vendors' specifications are not on this machine; a test that meets this is skipped with the sentence."""


@dataclass(frozen=True)
class Upload:
    """A file sent as a part of a form."""

    filename: str
    content: bytes
    content_type: str = "application/octet-stream"


@cache
def _load(name: str) -> Any:
    folder = Path(os.environ.get("DALIL_SPECS") or ROOT.parent / "shared" / "specs")
    try:
        return json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SpecificationMissing(f"The vendors' specification {name} is not here: DALIL_SPECS can say in which folder it lies.") from None


class TelegramSpecification:
    """The methods and types of Telegram's Bot API."""

    def __init__(self) -> None:
        document = _load("telegram-bot-api.trimmed.json")
        self.methods: dict[str, Any] = document["methods"]
        self.types: dict[str, Any] = document["types"]

    def returns(self, method: str) -> list[str]:
        """The types of a method's answer."""
        return list(self.methods[method]["returns"])

    def decoded(self, method: str, params: Mapping[str, Any]) -> dict[str, Any]:
        """The values a form carries as text, as what they mean; what cannot be read stays text."""
        types = {field["name"]: field["types"] for field in self.methods.get(method, {"fields": []})["fields"]}
        return {name: _decoded(value, types.get(name, ["String"])) if isinstance(value, str) else value for name, value in params.items()}

    def check(self, method: str, params: Mapping[str, Any]) -> list[str]:
        """What is wrong with a call, in words; nothing when it is as published."""
        if method not in self.methods:
            return [f"{method}: there is no such method"]
        return self._fields(self.decoded(method, params), self.methods[method]["fields"], method, method)

    def _fields(self, values: Mapping[str, Any], fields: list[dict[str, Any]], owner: str, where: str) -> list[str]:
        known = {field["name"]: field for field in fields}
        faults = [f"{where}: there is no field {name!r}" for name in values if name not in known]
        faults += [f"{where}: {name!r} is missing" for name, field in known.items() if field["required"] and name not in values]
        for name in values.keys() & known.keys():
            here, value = f"{where}.{name}", values[name]
            wrong = self._value(value, known[name]["types"], here)
            faults += wrong or self._text(value, known[name], values, owner, here)
        return faults

    def _value(self, value: Any, kinds: list[str], where: str) -> list[str]:
        found = {kind: self._kind(value, kind, where) for kind in kinds}
        if not all(found.values()):
            return []
        objects = [kind for kind in kinds if kind in self.types] if isinstance(value, dict) else []
        if not objects:
            return found[kinds[0]] if len(kinds) == 1 else [f"{where}: {repr(value)} is none of {', '.join(kinds)}"]
        return found[min(objects, key=lambda kind: len(value.keys() - {field["name"] for field in self.types[kind].get("fields", [])}))]

    def _kind(self, value: Any, kind: str, where: str) -> list[str]:
        if kind.startswith("Array of "):
            if not isinstance(value, list):
                return [f"{where}: {repr(value)} is no list"]
            return [fault for index, item in enumerate(value) for fault in self._value(item, [kind.removeprefix("Array of ")], f"{where}[{index}]")]
        if kind in _SCALARS:
            right = isinstance(value, _SCALARS[kind]) and (kind == "Boolean") == isinstance(value, bool)
        elif kind == "InputFile":
            right = isinstance(value, Upload)
        else:
            right = isinstance(value, dict)
        if not right:
            return [f"{where}: {repr(value)} is no {kind}"]
        declared = self.types.get(kind, {}) if isinstance(value, dict) else {}
        if "subtypes" in declared:
            return self._value(value, declared["subtypes"], where)
        faults = self._fields(value, declared["fields"], kind, where) if "fields" in declared else []
        if kind == "InlineKeyboardButton" and not value.keys() - {"text", "style", "icon_custom_emoji_id"}:
            faults.append(f"{where}: a button must do something")
        return faults

    def _text(self, value: Any, field: dict[str, Any], siblings: Mapping[str, Any], owner: str, where: str) -> list[str]:
        if not isinstance(value, str):
            return []
        name, faults = field["name"], []
        pattern = _PARSE_MODE.pattern if name.endswith("parse_mode") else _PATTERNS.get((owner, name))
        if pattern and not re.fullmatch(pattern, value, re.IGNORECASE if name.endswith("parse_mode") else 0):
            faults.append(f"{where}: {repr(value)} has not the form {pattern}")
        if limits := field.get("length"):
            mode = siblings.get(f"{name}_parse_mode", siblings.get("parse_mode") if name in {"text", "caption"} else None)
            shown, markup = visible(value, mode if isinstance(mode, str) else None)
            faults += [f"{where}: {fault}" for fault in markup]
            # Telegram cuts blanks at both ends before it counts, and counts characters after taking the markup away.
            length = len(value.encode()) if limits["unit"] == "bytes" else len(shown.strip())
            if not limits["min"] <= length <= limits["max"]:
                faults.append(f"{where}: {length} {limits['unit']}, allowed are {limits['min']} to {limits['max']}")
        return faults


def _decoded(text: str, types: list[str]) -> Any:
    if "Integer" in types and re.fullmatch(r"-?\d+", text):
        return int(text)
    if "Float" in types and re.fullmatch(r"-?\d+(\.\d+)?(e-?\d+)?", text, re.IGNORECASE):
        return float(text)
    if types == ["Boolean"] and text.lower() in {"true", "false", "1", "0"}:
        return text.lower() in {"true", "1"}
    if not set(types) & {*_SCALARS, "InputFile"}:
        try:
            return json.loads(text)
        except ValueError:
            pass
    return text


@dataclass(frozen=True)
class Operation:
    """One thing Twilio's interface can do."""

    name: str
    variables: dict[str, str]
    media_type: str
    schema: dict[str, Any]


class TwilioSpecification:
    """The operations of Twilio's message and template interfaces."""

    def __init__(self) -> None:
        documents = [_nullable(_load(f"twilio-{name}.trimmed.json")) for name in ("api-v2010-messages", "content-v1")]
        self._schemas: dict[str, Any] = {name: schema for document in documents for name, schema in document["components"]["schemas"].items()}
        self._paths = [(_pattern(path), item) for document in documents for path, item in document["paths"].items()]
        for closed in ("types", "ContentCreateRequest", "ContentUpdateRequest"):
            self._schemas[closed] = {**self._schemas[closed], "additionalProperties": False}

    def operation(self, method: str, path: str) -> Operation | None:
        """The operation a request asks for."""
        for pattern, item in self._paths:
            if (found := pattern.fullmatch(path)) and method.lower() in item:
                operation = item[method.lower()]
                media: tuple[str, Any] = next(iter(operation.get("requestBody", {"content": {}})["content"].items()), ("", {"schema": {}}))
                return Operation(operation["operationId"], found.groupdict(), media[0], media[1]["schema"])
        return None

    def check(self, method: str, path: str, data: Any) -> list[str]:
        """What is wrong with a request; its form as pairs or as a mapping, its JSON as it is."""
        operation = self.operation(method, path)
        if operation is None:
            return [f"{method} {path}: there is no such operation"]
        if not operation.media_type:
            return []
        values = self.decoded(operation, data) if "form" in operation.media_type else data
        schema = {**operation.schema, "components": {"schemas": self._schemas}}
        errors = jsonschema.Draft4Validator(schema).iter_errors(values)
        faults = [f"{operation.name}{''.join(f'.{step}' for step in error.absolute_path)}: {_brief(error.message)}" for error in errors]
        if operation.name in {"CreateContent", "UpdateContent"} and not faults:
            faults += whatsapp_faults(values["types"])
        return faults

    def decoded(self, operation: Operation, form: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> dict[str, Any]:
        """The texts of a form as what they mean; what cannot be read stays text, and what is wrongly repeated becomes a list."""
        given: dict[str, list[Any]] = {}
        for name, value in form.items() if isinstance(form, Mapping) else form:
            given.setdefault(name, []).extend(value if isinstance(value, list) else [value])
        kinds = {name: schema.get("type") for name, schema in operation.schema.get("properties", {}).items()}
        return {name: values if kinds.get(name) == "array" or len(values) > 1 else _scalar(values[0], kinds.get(name)) for name, values in given.items()}


def _scalar(value: Any, kind: str | None) -> Any:
    if kind in {"integer", "number", "boolean"} and isinstance(value, str):
        try:
            return json.loads(value.lower())
        except ValueError:
            pass
    return value


def _brief(text: str) -> str:
    """A message without most of the long value it begins with."""
    return text if len(text) < 200 else f"{text[:40]}...{text[-80:]}"


def whatsapp_faults(types: dict[str, Any]) -> list[str]:
    """Which texts of a template are longer than WhatsApp shows, which lists have more items."""
    faults = []
    for kind, limits in _WHATSAPP_LIMITS.items():
        content = types.get(kind) or {}
        faults += [f"{kind}: {len(content[part])} {part}, allowed are {most}" for part, most in _WHATSAPP_COUNTS.items() if len(content.get(part, [])) > most]
        for path, most in limits.items():
            part, _, field = path.partition(".")
            texts = [item.get(field, "") for item in content.get(part, [])] if field else [content.get(part, "")]
            faults += [f"{kind}.{path}: {len(text)} characters, allowed are {most}" for text in texts if len(text) > most]
    return faults


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+?)", re.escape(path)))


def _nullable(node: Any) -> Any:
    """OpenAPI's `nullable` in the words of JSON Schema."""
    if isinstance(node, list):
        return [_nullable(item) for item in node]
    if not isinstance(node, dict):
        return node
    changed = {key: _nullable(value) for key, value in node.items()}
    if changed.get("nullable") is True and isinstance(changed.get("type"), str):
        changed["type"] = [changed["type"], "null"]
    return changed
