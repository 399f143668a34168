"""What can go wrong between us and ThingSpace, sorted by what matters most: was it done?

::

    ThingSpaceError
    ├── NotSent                 it never left this machine: trying again is safe
    │   ├── Unreachable         no connection: unknown host, refused port, connect time-out
    │   │   └── TlsFailure      the other side could not prove who it is
    │   ├── ConnectionsBusy     every connection of the pool is taken
    │   ├── CircuitOpen         too many failed connections; the next probe is due later
    │   ├── LanePaused          the platform asked us to be silent for a while
    │   ├── LoginBlocked        a login was refused before; only the operator may try again
    │   ├── NoToken             the call that was to bring a token ended without one
    │   ├── ReadOnly            this client may not change anything
    │   ├── NotRecorded         a recording stands for ThingSpace, and this is not in it
    │   └── ClientClosed        the client was closed
    ├── Refused                 the platform said no: nothing was executed
    │   ├── Rejected            an errorCode of the Connectivity Management API
    │   │   └── LoginRefused    user name or password not accepted, or contact locked
    │   ├── SessionEnded        the VZ-M2M session token is expired, unknown or malformed
    │   ├── GatewayRefused      a fault of the gateway in front of the API
    │   │   ├── BearerRefused   the OAuth token is missing, wrong or expired
    │   │   └── KeyRefused      application key or secret not accepted
    │   └── Throttled           too many requests, or not now (429, or 503 that says when)
    └── Unclear                 it may have been executed: never send it again blindly
        ├── NoAnswer            silence until our time was over
        ├── ConnectionLost      the connection broke after we began to send
        ├── ServerFailed        a 5xx, or an answer that admits not to know
        ├── Redirected          somebody wants to send our tokens elsewhere; not followed
        ├── Unreadable          the answer is not what ThingSpace answers
        └── TooLarge            the answer is larger than we accept
"""

from enum import StrEnum


class Fate(StrEnum):
    """What an error proves about the request it ended."""

    NOT_SENT = "not sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class ThingSpaceError(Exception):
    """Any failure of a ThingSpace call; its text is a sentence for people, without secrets."""

    fate: Fate = Fate.UNKNOWN

    def __init__(
        self, problem: str, *, status: int | None = None, excerpt: str = "", code: str = ""
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        """What failed, in a sentence."""
        self.status = status
        """The HTTP status that came back, if one did."""
        self.excerpt = excerpt
        """The first characters of an answer nobody could read; hostile until sanitised."""
        self.code = code
        """The platform's own code for the error; empty where it gave none."""


class NotSent(ThingSpaceError):
    """The request never left this machine."""

    fate = Fate.NOT_SENT


class Unreachable(NotSent):
    """No connection could be made."""


class TlsFailure(Unreachable):
    """The server's certificate or protocol version is not acceptable."""


class ConnectionsBusy(NotSent):
    """No connection of the pool became free in time."""


class CircuitOpen(NotSent):
    """Recent connections all failed, so none is tried before the next probe."""

    def __init__(self, problem: str, *, retry_in: float) -> None:
        super().__init__(problem)
        self.retry_in = retry_in
        """Seconds until the next probe."""


class LanePaused(NotSent):
    """The platform asked for silence; calls of the account wait until it is over."""

    def __init__(self, problem: str, *, retry_in: float) -> None:
        super().__init__(problem)
        self.retry_in = retry_in
        """Seconds of silence left."""


class LoginBlocked(NotSent):
    """A login was refused before and is not repeated: the platform locks after five."""


class NoToken(NotSent):
    """The call that was to bring a token had no clear end, so the call it was for never left."""


class ReadOnly(NotSent):
    """The client was made read-only and this operation changes something."""


class NotRecorded(NotSent):
    """A recording stands for ThingSpace, and the answer is not in it."""


class ClientClosed(NotSent):
    """The client was closed before the request could leave."""


class Refused(ThingSpaceError):
    """The platform answered, and the answer proves that nothing was executed."""

    fate = Fate.REFUSED


class Rejected(Refused):
    """The API answered with an ``errorCode``."""

    def __init__(
        self, problem: str, *, code: str, message: str, status: int, next_step: str = ""
    ) -> None:
        super().__init__(problem, status=status, code=code)
        self.message = message
        """The platform's own words; they change without notice and are hostile until sanitised."""
        self.next_step = next_step
        """What the operator can do about it; empty where we do not know."""


class LoginRefused(Rejected):
    """User name or password were not accepted, or the contact is locked."""


class SessionEnded(Refused):
    """The session token is expired, invalid or malformed: log in again."""


class GatewayRefused(Refused):
    """The gateway in front of the API answered with a fault."""


class BearerRefused(GatewayRefused):
    """The OAuth token is missing, wrong or expired: renew it."""


class KeyRefused(GatewayRefused):
    """The application key or secret was not accepted."""


class Throttled(Refused):
    """Too many requests, or a service that says when it will be back."""

    def __init__(
        self, problem: str, *, status: int, retry_after: float | None, code: str = ""
    ) -> None:
        super().__init__(problem, status=status, code=code)
        self.retry_after = retry_after
        """Seconds the platform asked us to wait; None where it did not say."""


class Unclear(ThingSpaceError):
    """The request may have been executed; only reading can tell."""

    fate = Fate.UNKNOWN


class NoAnswer(Unclear):
    """Silence until our time was over."""


class ConnectionLost(Unclear):
    """The connection broke after we began to send."""


class ServerFailed(Unclear):
    """The platform failed and does not say whether it acted before."""

    def __init__(
        self,
        problem: str,
        *,
        status: int,
        retry_after: float | None = None,
        excerpt: str = "",
        code: str = "",
    ) -> None:
        super().__init__(problem, status=status, excerpt=excerpt, code=code)
        self.retry_after = retry_after
        """Seconds the platform asked us to wait; None where it did not say."""


class Redirected(Unclear):
    """The answer points elsewhere; following it would carry our tokens there."""


class Unreadable(Unclear):
    """The answer cannot be read as an answer of ThingSpace."""


class TooLarge(Unclear):
    """The answer is larger than we accept."""
