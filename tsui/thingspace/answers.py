"""Reading answers: bytes to a typed reply, or to the error that says what they mean."""

import re
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import from_json

from tsui.thingspace import codes
from tsui.thingspace.continued import ContinuedOperation, with_next
from tsui.thingspace.errors import (
    BearerRefused,
    GatewayRefused,
    KeyRefused,
    LoginRefused,
    Redirected,
    Rejected,
    ServerFailed,
    SessionEnded,
    ThingSpaceError,
    Throttled,
    TooLarge,
    Unreadable,
)
from tsui.thingspace.operation import Effect, Needs, Operation, ReplyT

_BOM = b"\xef\xbb\xbf"
_EXCERPT = 4096
"""Bytes of an unreadable answer that are kept for a look; our client shows fewer of them."""
_GATEWAY_FAULT = re.compile(rb"<(?:\w+:)?fault\b.*?<(?:\w+:)?code>\s*(\d+)\s*<", re.DOTALL)
_GOOD = (200, 201, 202, 204)
"""202 says that more follows; 204 is how changes of groups were answered before 2016."""
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_MISSING = object()


def unpack(body: bytes, encoding: str, cap: int) -> bytes:
    """Undo the content encoding without ever holding more than ``cap`` bytes.

    Raises TooLarge beyond the cap and Unreadable for a broken or unknown encoding.
    """
    encoding = encoding.strip().lower()
    if encoding in ("", "identity") or not body:
        return body
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise Unreadable(f"The answer is encoded as {_plain(encoding)}, which we did not ask for.")
    inflater = zlib.decompressobj(wbits=47)
    try:
        plain = inflater.decompress(body, cap + 1)
    except zlib.error:
        raise Unreadable("The answer's compression is broken.") from None
    if len(plain) > cap:
        raise TooLarge(f"The answer is larger than {cap // 2**20} MB and was not read.")
    if not inflater.eof:
        raise Unreadable("The answer was cut off.")
    if inflater.unused_data:
        raise Unreadable("The answer goes on behind its compressed part.")
    return plain


def read_answer(
    operation: Operation[ReplyT], status: int, headers: Mapping[str, str], body: bytes
) -> ReplyT:
    """Make the typed reply, or raise the error that the answer means."""
    if operation.raw and status in _GOOD and body.lstrip()[:1] == b"{":
        return cast("ReplyT", body)
    value = _decode(body)
    if status in _GOOD:
        if isinstance(operation, ContinuedOperation):
            value = with_next(value, headers.get("location", ""))
        return _reply(operation, status, value, body)
    raise _error(operation, status, headers, value, body)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds a Retry-After header asks for, none below 0; None where it says nothing.

    A date is judged by the answer's own Date header, so that a wrong clock here does not matter.
    """
    text = headers.get("retry-after", "").strip()
    if not text:
        return None
    if re.fullmatch(r"-?\d{1,12}(\.\d*)?", text):
        return max(0.0, float(text))
    until, sent = http_date(text), http_date(headers.get("date", ""))
    if until is None:
        return None
    return max(0.0, (until - (sent or datetime.now(UTC))).total_seconds())


def excerpt(body: bytes) -> str:
    """Return the first characters of a body; hostile until sanitised."""
    return body[:_EXCERPT].decode("utf-8", "replace")


def _decode(body: bytes) -> Any:
    if not body.strip():
        return None
    try:
        return from_json(body.removeprefix(_BOM), allow_inf_nan=False)
    except ValueError:
        return _MISSING


def _reply(operation: Operation[ReplyT], status: int, value: Any, body: bytes) -> ReplyT:
    if value is _MISSING:
        what = "a web page" if b"<html" in body[:2000].lower() else "not JSON"
        raise Unreadable(
            f"The answer is {what} instead of an answer of ThingSpace; something stands between.",
            status=status,
            excerpt=excerpt(body),
        )
    try:
        return operation.read_reply(value)
    except ValidationError:
        raise Unreadable(
            f"The answer does not have the form of {operation.title!r}.",
            status=status,
            excerpt=excerpt(body),
        ) from None


def _error(
    operation: Operation[Any], status: int, headers: Mapping[str, str], value: Any, body: bytes
) -> ThingSpaceError:
    fields = value if isinstance(value, dict) else {}
    fault = fields.get("fault")
    told = bool(fault or fields.get("errorCode") or fields.get("error"))
    wait = retry_after(headers)
    if status == 429 or (status == 503 and wait is not None and told):
        return Throttled(
            "ThingSpace asks us to slow down.", status=status, retry_after=wait, code=_code(fields)
        )
    if 300 <= status < 400:
        return Redirected(
            "The answer points to another address; it was not followed, to keep our tokens here.",
            status=status,
        )
    if status >= 500:
        return ServerFailed(
            f"ThingSpace failed (HTTP {status}).",
            status=status,
            retry_after=wait,
            excerpt=excerpt(body),
            code=_code(fields),
        )
    if isinstance(fault, dict):
        return _gateway(operation, status, str(fault.get("code", "")), body)
    if isinstance(fields.get("errorCode"), str):
        return _rejected(operation, status, fields)
    if isinstance(fields.get("error"), str):
        return _oauth(operation, status, fields)
    if match := _GATEWAY_FAULT.search(body):
        return _gateway(operation, status, match[1].decode(), body)
    return Unreadable(
        f"HTTP {status} with an answer that ThingSpace does not give; something stands between.",
        status=status,
        excerpt=excerpt(body),
    )


def _code(fields: Mapping[str, Any]) -> str:
    fault = fields.get("fault")
    return str(fields.get("errorCode") or (isinstance(fault, dict) and fault.get("code")) or "")


def _plain(code: str) -> str:
    """Return a code as a sentence may show it; never a part, for half a secret goes unnoticed."""
    return code if _CODE.fullmatch(code) else "not readable" if code else "none"


def _gateway(operation: Operation[Any], status: int, code: str, body: bytes) -> GatewayRefused:
    if operation.needs is Needs.KEY and status in (401, 403):
        return KeyRefused(
            "ThingSpace does not accept the application key or secret.", status=status, code=code
        )
    if status == 401:
        return BearerRefused("The OAuth token is not accepted.", status=status, code=code)
    return GatewayRefused(
        f"The gateway refused the call (HTTP {status}, code {_plain(code)}).",
        status=status,
        code=code,
        excerpt=excerpt(body),
    )


def _oauth(operation: Operation[Any], status: int, fields: Mapping[str, Any]) -> GatewayRefused:
    code = str(fields["error"])
    if operation.needs is not Needs.KEY and status == 401:
        return BearerRefused("The OAuth token is not accepted.", status=status, code=code)
    if code in ("invalid_client", "unauthorized_client", "invalid_grant"):
        return KeyRefused(
            "ThingSpace does not accept the application key or secret.", status=status, code=code
        )
    return GatewayRefused(
        f"The gateway refused the call ({_plain(code)}).", status=status, code=code
    )


def _rejected(
    operation: Operation[Any], status: int, fields: Mapping[str, Any]
) -> Rejected | SessionEnded | ServerFailed:
    code = str(fields["errorCode"])
    message = str(fields.get("errorMessage") or "")
    known = codes.meaning(code)
    if codes.ends_session(code, message) and operation.needs is Needs.SESSION:
        said = known.sentence if known and code.endswith(codes.SESSION_CODES) else ""
        return SessionEnded(said or "The session has ended.", status=status, code=code)
    if operation.changes() and codes.bare(code) == "REQUEST_FAILED.UnexpectedError":
        return ServerFailed(
            "ThingSpace failed without saying whether it acted.", status=status, code=code
        )
    if operation.effect is Effect.AUTH and operation.needs is Needs.BEARER:
        # Whatever the code says (none is documented): the platform may have counted a refusal.
        return LoginRefused(
            "ThingSpace does not accept the user name or password, or has locked the contact.",
            code=code,
            message=message,
            status=status,
            next_step="Check both first: the fifth refusal in a row locks the contact.",
        )
    return Rejected(
        known.sentence if known else "ThingSpace refused the request.",
        code=code,
        message=message,
        status=status,
        next_step=known.next_step if known else "",
    )


def http_date(text: str) -> datetime | None:
    """Read the date of an HTTP header; None for one that is missing or malformed."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
