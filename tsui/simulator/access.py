"""Who may call: the application's OAuth token and the user's session token."""

import uuid
from base64 import b64decode
from binascii import Error as BadBase64
from dataclasses import dataclass, field, replace

from tsui.simulator.clock import SimClock
from tsui.simulator.draw import mix
from tsui.simulator.errors import Refusal, fault, oauth_error, rejected
from tsui.simulator.settings import SimulatorSettings


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the simulator accepts; made from its seed, so they are no secret."""

    key: str
    secret: str
    username: str
    password: str


def credentials_of(seed: int) -> Credentials:
    """Return the credentials of a seed."""
    return Credentials(
        key=f"sim-key-{mix(seed, 11):016x}",
        secret=f"sim-secret-{mix(seed, 12):016x}",
        username="ops_api_user",
        password=f"sim-password-{mix(seed, 13) % 10**8:08d}",
    )


@dataclass(slots=True)
class Access:
    """Tokens, sessions and the lock of the contact."""

    settings: SimulatorSettings
    clock: SimClock
    credentials: Credentials
    locked: bool = False
    """Whether the contact is locked."""
    refused_in_a_row: int = 0
    """Logins refused since the last success."""
    counts: dict[str, int] = field(default_factory=dict)
    """How often what was asked: tokens, logins, refused logins."""
    _token: str = ""
    _token_ends: float = 0.0
    _sessions: dict[str, float] = field(default_factory=dict)
    _issued: int = 0

    # -- OAuth --------------------------------------------------------------------------------

    def get_token(self, authorization: str, grant: str) -> tuple[str, int]:
        """Return the token and the seconds it has left; the same one within its life."""
        self._count("tokens")
        self._check_basic(authorization, grant)
        now = self.clock.timestamp()
        if now >= self._token_ends:
            self._issued += 1
            self._token = f"{mix(int(now * 1000), self._issued):016x}{self._issued:04x}"
            self._token_ends = now + self.settings.token_lifetime
        return self._token, int(self._token_ends - now)

    def revoke(self, authorization: str, grant: str, token: str) -> None:
        """End the token; the next request for one gets another."""
        self._check_basic(authorization, grant)
        if token == self._token:
            self._token_ends = 0.0

    def _check_basic(self, authorization: str, grant: str) -> None:
        if not authorization.startswith("Basic "):
            raise fault("900902", "Missing Credentials", "Basic header is missing", status=401)
        if grant != "client_credentials":
            raise oauth_error("invalid_request", "Missing or wrong grant_type parameter value")
        if _basic(authorization) != f"{self.credentials.key}:{self.credentials.secret}":
            raise oauth_error("invalid_client", "Client authentication failed", status=401)

    def check_bearer(self, authorization: str) -> None:
        """Refuse a call without a living token."""
        if not authorization.startswith("Bearer "):
            raise fault(
                "900902", "Missing Credentials", "Required OAuth credentials not given", status=401
            )
        alive = self.clock.timestamp() < self._token_ends
        if authorization.removeprefix("Bearer ") != self._token or not alive:
            raise fault(
                "900901", "Invalid Credentials", "Access token expired or unknown", status=401
            )

    # -- sessions -----------------------------------------------------------------------------

    def log_in(self, username: str, password: str) -> str:
        """Start a session; the fifth refusal in a row locks the contact."""
        self._count("logins")
        mine = self.credentials
        if self.locked or (username, password) != (mine.username, mine.password):
            self._count("refused logins")
            self.refused_in_a_row += 1
            self.locked = self.locked or self.refused_in_a_row >= self.settings.lock_after
            service, _, code = self.settings.login_refused_code.partition(".")
            message = "The contact is locked." if self.locked else "Login failed."
            raise rejected(code, message, service=service)
        self.refused_in_a_row = 0
        token = str(uuid.UUID(int=mix(int(self.clock.timestamp() * 1e6)) << 64 | mix(self._issued)))
        self._issued += 1
        self._sessions[token] = self.clock.timestamp()
        return token

    def reset_password(self, old: str) -> str:
        """Give the user a new password, which the system picks; sessions go on."""
        if old != self.credentials.password:
            raise rejected("REQUEST_FAILED.UnexpectedError", "The old password is not right.")
        self._issued += 1
        made = f"Xq{mix(int(self.clock.timestamp()), self._issued) % 10**10:010d}v"
        self.credentials = replace(self.credentials, password=made)
        return made

    def log_out(self, token: str) -> None:
        """End a session."""
        self._sessions.pop(token, None)

    def check_session(self, token: str) -> None:
        """Refuse a call without a living session; a living one lives on."""
        if not token:
            raise rejected("REQUEST_FAILED.SessionToken.Format", "The session token is missing.")
        try:
            uuid.UUID(token)
        except ValueError:
            raise rejected(
                "INPUT_INVALID.SessionToken.Invalid", "The session token is not valid."
            ) from None
        used = self._sessions.get(token)
        now = self.clock.timestamp()
        if used is None or now - used > self.settings.session_idle:
            self._sessions.pop(token, None)
            raise self.session_expired()
        self._sessions[token] = now

    def session_expired(self) -> Refusal:
        """Return the refusal of an expired session."""
        return rejected(
            "REQUEST_FAILED.SessionToken.Expired",
            "The Session has expired",
            status=self.settings.session_expired_status,
        )

    def expire_all(self) -> None:
        """End the token and every session now."""
        self._token_ends = 0.0
        self._sessions.clear()

    def unlock(self) -> None:
        """Unlock the contact, as support would."""
        self.locked = False
        self.refused_in_a_row = 0

    def _count(self, what: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1


def _basic(authorization: str) -> str:
    try:
        return b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except (BadBase64, UnicodeDecodeError):
        return ""
