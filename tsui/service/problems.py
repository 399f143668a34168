"""What went wrong, in words for people: one sentence, and what to do next."""

from typing import NamedTuple

from tsui.service.failures import NOT_ENTITLED
from tsui.thingspace import codes
from tsui.thingspace.errors import (
    BearerRefused,
    CircuitOpen,
    GatewayRefused,
    KeyRefused,
    LanePaused,
    LoginBlocked,
    LoginRefused,
    NoAnswer,
    NoToken,
    NotRecorded,
    NotSent,
    ReadOnly,
    Rejected,
    ServerFailed,
    SessionEnded,
    ThingSpaceError,
    Throttled,
    TlsFailure,
    Unclear,
    Unreachable,
    Unreadable,
)


class Problem(NamedTuple):
    """An error as a screen tells it; both texts may hold words from outside."""

    sentence: str
    """What failed."""
    next_step: str
    """What the operator can do."""

    def __str__(self) -> str:
        return f"{self.sentence} {self.next_step}".strip()


def explain(error: ThingSpaceError) -> Problem:
    """Say what an error means and what to do about it."""
    lacking = NOT_ENTITLED if _is_lack_of_rights(error) else ""
    return Problem(f"{lacking}{_sentence(error)}", _next_step(error))


def is_stranger(error: ThingSpaceError) -> bool:
    """Tell whether an error says that the account has no such device."""
    return isinstance(error, Rejected) and codes.bare(error.code) == _STRANGER


def is_locked_out(error: ThingSpaceError) -> bool:
    """Tell whether an error says that our session, token or login is not accepted."""
    return isinstance(error, _LOCKED_OUT)


def took_too_long(error: ThingSpaceError) -> bool:
    """Tell whether an error is the one of a query that the platform gives up after 30 seconds."""
    if isinstance(error, NoAnswer):
        return True
    return (
        isinstance(error, Rejected | ServerFailed)
        and codes.bare(error.code) == "REQUEST_FAILED.UnexpectedError"
    )


def _is_lack_of_rights(error: ThingSpaceError) -> bool:
    if isinstance(error, Rejected) and (error.code in _LACKING or _lacks_location(error)):
        return True
    is_answer = isinstance(error, GatewayRefused | Rejected) and not isinstance(error, LoginRefused)
    return is_answer and error.status == FORBIDDEN


def _lacks_location(error: Rejected) -> bool:
    # The location service has one code for everything; only the message tells what it is about.
    is_flat = codes.bare(error.code) == "INVALID_PARAMETER"
    return is_flat and _UNREGISTERED in error.message.lower()


def _sentence(error: ThingSpaceError) -> str:
    if isinstance(error, Rejected):
        said = f" It says: {error.message.rstrip('.')} ({error.code})." if error.message else ""
        code = "" if said else f" ({error.code})"
        return f"{error.problem}{said}{code}"
    if isinstance(error, Unreadable) and error.excerpt.strip():
        return f"{error.problem} It begins: {' '.join(error.excerpt.split())[:80]}"
    return error.problem


def _next_step(error: ThingSpaceError) -> str:
    if isinstance(error, Rejected):
        return error.next_step
    if isinstance(error, CircuitOpen | LanePaused):
        return f"The next try is due in {error.retry_in:.0f} s."
    return next((step for kind, step in _NEXT_STEPS if isinstance(error, kind)), "")


FORBIDDEN = 403
"""HTTP status of what is there, but not for this caller."""

_LACKING = frozenset({"REQUEST_FAILED.AccountName", "REQUEST_FAILED.NoAccounts"})
"""Codes that say the same of an account."""

_UNREGISTERED = "unregistered account"
"""What the location service says to an account without a subscription."""

_STRANGER = "REQUEST_FAILED.DeviceNotFound"

_LOCKED_OUT = (SessionEnded, BearerRefused, KeyRefused, LoginRefused, LoginBlocked, NoToken)

_NEXT_STEPS: tuple[tuple[type[ThingSpaceError], str], ...] = (
    (KeyRefused, "Check the application's key and secret."),
    (BearerRefused, "Sign in again."),
    (LoginBlocked, "Type the password on the login screen to try once more."),
    (ReadOnly, "Start without --read-only to make changes."),
    (TlsFailure, "Is there a proxy or a portal in between? A company CA goes into ca_file."),
    (Unreachable, "Check the network and the address, then refresh."),
    (Throttled, "Wait a moment, then refresh."),
    (Unclear, "Refresh to try again."),
    (NotRecorded, ""),
    (NotSent, "Refresh to try again."),
)
"""Next steps by kind of error; the first that fits counts."""
