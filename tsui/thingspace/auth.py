"""Authentication: two tokens, renewed once for everybody, and a stop after a refused login.

Every call carries the application's OAuth token and the user's session token. The platform locks
a contact after five refused logins in a row, so after one refusal nothing is tried again until
the operator says so.
"""

import asyncio
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pydantic import SecretStr

from tsui.clock import Clock
from tsui.thingspace.errors import (
    BearerRefused,
    KeyRefused,
    LoginBlocked,
    LoginRefused,
    SessionEnded,
    Unreadable,
)
from tsui.thingspace.operation import Needs, Operation, ReplyT
from tsui.thingspace.policy import Policy
from tsui.thingspace.redact import Redactor
from tsui.thingspace.session import AccessToken, GetAccessToken, Login, SessionToken

_SESSION_HEADER = "VZ-M2M-Token"
_PROOF_HEADER = "authorization"
_HEADER_VALUE = re.compile(r"[!-~]+")

UNPROVEN_LOGINS = 2
"""Logins without a clear end that a password may cost which was never accepted; each of them may
have been refused, and the platform counts."""

LIFETIME = 3600.0
"""Seconds an OAuth token lives where the answer does not say it."""


class Keys(Protocol):
    """What proves to ThingSpace who we are; never shown."""

    @property
    def key(self) -> str:
        """Application key."""
        ...

    @property
    def secret(self) -> str:
        """Application secret."""
        ...

    @property
    def username(self) -> str:
        """User name of the account contact."""
        ...

    @property
    def password(self) -> str:
        """Password of the account contact."""
        ...


@dataclass(frozen=True, slots=True)
class _Renewed:
    """Keys with another password than they had."""

    key: str
    secret: str
    username: str
    password: str

    def __repr__(self) -> str:
        return "Keys(hidden)"


class Exchange(Protocol):
    """Sends an authentication call through the client's own policy and returns its reply."""

    async def __call__(self, operation: Operation[ReplyT]) -> ReplyT:
        """Send the operation."""
        ...


class LoginMemory(Protocol):
    """Knows of refused logins beyond this process; none of it raises anything else than told."""

    async def check(self) -> None:
        """Raise LoginBlocked when no login may be tried by itself any more."""
        ...

    async def note(self, *, refused: bool) -> None:
        """Remember how a login ended."""
        ...


class Authenticator:
    """Holds both tokens and renews them, one renewal at a time."""

    def __init__(
        self,
        keys: Keys,
        exchange: Exchange,
        policy: Policy,
        clock: Clock,
        redactor: Redactor,
        memory: LoginMemory | None = None,
    ) -> None:
        self._keys = keys
        self._memory = memory
        self._exchange = exchange
        self._policy = policy
        self._clock = clock
        self._redactor = redactor
        self._renewing_bearer = asyncio.Lock()
        self._renewing_session = asyncio.Lock()
        self._bearer = ""
        self._bearer_ends = float("-inf")
        self._session = ""
        self._session_used = float("-inf")
        self._refusal: KeyRefused | LoginRefused | None = None
        self._unclear_logins = 0
        self._proven = False
        redactor.learn(keys.secret, keys.password, keys.key, _basic(keys))

    @property
    def bearer_ends_in(self) -> float:
        """Seconds until the OAuth token is over; negative when there is none."""
        return self._bearer_ends - self._clock.monotonic()

    @property
    def session_ends_in(self) -> float:
        """Seconds until an unused session will be renewed; negative when it is over."""
        return self._session_used + self._policy.session_idle - self._clock.monotonic()

    async def headers(self, needs: Needs) -> Mapping[str, str]:
        """Return the headers that prove who we are, renewing what has run out."""
        if needs is Needs.KEY:
            return {_PROOF_HEADER: f"Basic {_basic(self._keys)}"}
        await self._have_bearer()
        if needs is Needs.BEARER:
            return {_PROOF_HEADER: f"Bearer {self._bearer}"}
        await self._have_session()
        self._session_used = self._clock.monotonic()
        # Read after the login, which may have renewed the OAuth token for itself.
        return {_PROOF_HEADER: f"Bearer {self._bearer}", _SESSION_HEADER: self._session}

    async def renew(self, refusal: BearerRefused | SessionEnded, sent: Mapping[str, str]) -> None:
        """Replace the token the platform refused, unless somebody already has."""
        if isinstance(refusal, SessionEnded):
            async with self._renewing_session:
                if sent[_SESSION_HEADER] == self._session:
                    await self._log_in()
        else:
            async with self._renewing_bearer:
                if sent[_PROOF_HEADER] == f"Bearer {self._bearer}":
                    await self._get_bearer()

    def forget_session(self) -> None:
        """Drop the session token, after it was ended."""
        self._session = ""
        self._session_used = float("-inf")

    @property
    def keys(self) -> Keys:
        """What is proven with; never shown."""
        return self._keys

    def use_password(self, password: str) -> None:
        """Log in with another password from now on: the platform itself has just given it."""
        self._redactor.learn(password)
        old = self._keys
        self._keys = _Renewed(old.key, old.secret, old.username, password)
        self._refusal, self._unclear_logins = None, 0

    @property
    def may_log_in(self) -> bool:
        """Whether a login may be tried by itself: nothing speaks against the password."""
        return self._refusal is None and (self._proven or self._unclear_logins < UNPROVEN_LOGINS)

    def note_unclear_login(self) -> None:
        """Count a login whose end is not known; it may have been refused."""
        self._unclear_logins += 1

    async def _have_bearer(self) -> None:
        async with self._renewing_bearer:
            if self._clock.monotonic() >= self._bearer_ends:
                await self._get_bearer()

    async def _have_session(self) -> None:
        async with self._renewing_session:
            if not self._session or self.session_ends_in <= 0:
                await self._log_in()

    async def _get_bearer(self) -> None:
        reply: AccessToken = await self._ask(GetAccessToken())
        self._redactor.learn(reply.access_token)
        self._bearer = _usable(reply.access_token)
        lifetime = LIFETIME if reply.expires_in is None else reply.expires_in
        self._bearer_ends = self._clock.monotonic() + lifetime

    async def _log_in(self) -> None:
        if self._refusal is None and not self.may_log_in:
            raise LoginBlocked(
                "The last logins had no clear end; nothing is tried again by itself, because they "
                "may have been refused, and the fifth refused login locks the contact."
            )
        reply = await self._remembered_login()
        self._redactor.learn(reply.session_token)
        self._unclear_logins += 1
        self._session = _usable(reply.session_token)
        self._unclear_logins, self._proven = 0, True
        self._session_used = self._clock.monotonic()

    async def _remembered_login(self) -> SessionToken:
        """Log in unless that was refused too often, here or elsewhere, and remember the end."""
        login = Login(username=self._keys.username, password=SecretStr(self._keys.password))
        if self._memory is None:
            return await self._ask(login)
        await self._memory.check()
        try:
            reply = await self._ask(login)
        except LoginRefused:
            await self._memory.note(refused=True)
            raise
        await self._memory.note(refused=False)
        return reply

    async def _ask(self, operation: Operation[ReplyT]) -> ReplyT:
        if self._refusal is not None:
            raise LoginBlocked(
                "ThingSpace refused these credentials before; nothing is tried again by itself, "
                "because the fifth refused login locks the contact."
            ) from self._refusal
        try:
            return await self._exchange(operation)
        except (KeyRefused, LoginRefused) as refusal:
            self._refusal = refusal
            raise


def _basic(keys: Keys) -> str:
    return b64encode(f"{keys.key}:{keys.secret}".encode("utf-8", "surrogateescape")).decode()


def _usable(token: str) -> str:
    if not token:
        raise Unreadable("ThingSpace answered the request for a token without one.")
    if not _HEADER_VALUE.fullmatch(token):
        raise Unreadable("ThingSpace answered with a token that no header can carry.")
    return token
