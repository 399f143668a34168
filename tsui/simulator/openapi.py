"""The OpenAPI document of the simulator, made from the calls it answers."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from tsui.simulator.call import Call
from tsui.simulator.schema import Field

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_REFUSAL = (Field("errorCode"), Field("errorMessage"))


def document(calls: Iterable[Call]) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of some calls."""
    paths: dict[str, Any] = {}
    for call in calls:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {"title": "ThingSpace simulator", "version": "1"},
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "oauth": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "header", "name": "VZ-M2M-Token"},
            }
        },
        "security": [{"oauth": [], "session": []}],
    }


def _operation(call: Call) -> dict[str, Any]:
    found: dict[str, Any] = {
        "summary": call.title,
        "operationId": f"{call.method.lower()}{re.sub(r'[^A-Za-z0-9]+', '_', call.path)}",
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in _PLACEHOLDER.findall(call.path)
        ]
        + [
            {"name": each.name, "in": "query", "required": each.required, "schema": _schema(each)}
            for each in call.query
        ],
        "responses": {
            "200": _content("Done or accepted", call.answer),
            "400": _content("Refused", _REFUSAL),
        },
    }
    if call.service:
        found["description"] = f"The outcome comes by callback: {call.service}."
    if call.body:
        media = "application/x-www-form-urlencoded" if call.carries == "form" else _JSON
        found["requestBody"] = {
            "required": call.carries != "query",
            "content": {media: {"schema": _object(call.body)}},
        }
    return found


_JSON = "application/json"


def _content(description: str, fields: Sequence[Field]) -> dict[str, Any]:
    schema = _object(fields) if fields else {}
    return {"description": description, "content": {_JSON: {"schema": schema}}}


def _object(fields: Sequence[Field]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "type": "object",
        "properties": {field.name: _schema(field) for field in fields},
    }
    if required := [field.name for field in fields if field.required]:
        found["required"] = required
    return found


def _schema(field: Field) -> dict[str, Any]:
    if field.type == "object":
        return _object(field.parts)
    if field.type == "any":
        return {}
    found: dict[str, Any] = {"type": field.type}
    if field.type == "array":
        found["items"] = _object(field.parts) if field.items == "object" else {"type": field.items}
    if field.longest is not None:
        found["maxItems" if field.type == "array" else "maxLength"] = field.longest
    if field.choices:
        found["enum"] = list(field.choices)
    return found
