"""A message of the platform: who sent it, what makes it the same as another, what may be kept."""

import hashlib
import hmac
import json
import re
from typing import Any

from tsui.credentials.callback import CallbackKeys
from tsui.store.inbox import Arrival

HIDDEN = "•••"
"""Stands where a secret was."""

WITHOUT_KEYS = frozenset({"Location", "DeviceLocation"})
"""Services whose messages carry neither user name nor password: only their path is secret."""

_SECRET = re.compile(r"pass(?:word|wd|phrase)|secret|token|authorization|credential", re.IGNORECASE)
_VARYING = frozenset({"username", "password", "callbackcount"})
"""Fields that differ between deliveries of one message, or say nothing about it."""


class NotOurs(Exception):
    """A message does not carry what the listener was registered with."""


def arrival(body: bytes, service: str, source: str, at: float, keys: CallbackKeys) -> Arrival:
    """Return a message as it is kept; raises NotOurs for one without the right keys."""
    content = _content(body)
    if not _carries(content, keys) and service not in WITHOUT_KEYS:
        raise NotOurs
    if content is None:
        kept = body.replace(keys.password.encode(), HIDDEN.encode())
        return Arrival(_digest(service, body), at, service, source, "", kept)
    same = {name: value for name, value in content.items() if name.lower() not in _VARYING}
    kept = json.dumps(_redacted(content, keys.password)).encode()
    digest = _digest(service, json.dumps(same, sort_keys=True).encode())
    return Arrival(digest, at, service, source, _request_id(content), kept)


def _content(body: bytes) -> dict[str, Any] | None:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None


def _carries(content: dict[str, Any] | None, keys: CallbackKeys) -> bool:
    """Compare both in constant time, whatever the first comparison says."""
    fields = content or {}
    named = _compare(_either(fields, "username", "Username"), keys.username)
    proven = _compare(_either(fields, "password", "Password"), keys.password)
    return named & proven


def _compare(sent: str, wanted: str) -> bool:
    return hmac.compare_digest(sent.encode("utf-8", "surrogatepass"), wanted.encode())


def _either(fields: dict[str, Any], *names: str) -> str:
    return next((fields[name] for name in names if isinstance(fields.get(name), str)), "")


def _request_id(content: dict[str, Any]) -> str:
    return _either(content, "requestId", "RequestId", "txid")


def _digest(service: str, content: bytes) -> bytes:
    return hashlib.sha256(service.encode() + b"\0" + content).digest()


def _redacted(value: Any, password: str) -> Any:
    if isinstance(value, dict):
        return {
            str(_redacted(name, password)): HIDDEN
            if _SECRET.search(name) and item
            else _redacted(item, password)
            for name, item in value.items()
        }
    if isinstance(value, list):
        return [_redacted(item, password) for item in value]
    return value.replace(password, HIDDEN) if isinstance(value, str) else value
