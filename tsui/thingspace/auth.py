"""Authentication: two tokens, renewed once for everybody, and a stop after a refused login.

Every call carries the application's OAuth token and the user's session token. The platform locks
a contact after five refused logins in a row, so after one refusal nothing is tried again until
the operator says so.
"""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from typing import Protocol

from pydantic import SecretStr

from tsui.clock import Clock
from tsui.thingspace.errors import KeyRefused, LoginBlocked, LoginRefused, Unreadable
from tsui.thingspace.operation import Needs, Operation, ReplyT
from tsui.thingspace.policy import Policy
from tsui.thingspace.redact import Redactor
from tsui.thingspace.session import AccessToken, GetAccessToken, Login, SessionToken

SESSION_HEADER = "VZ-M2M-Token"

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


class Exchange(Protocol):
    """Sends an authentication call through the client's own policy and returns its reply."""

    async def __call__(self, operation: Operation[ReplyT]) -> ReplyT:
        """Send the operation."""
        ...


class Authenticator:
    """Holds both tokens and renews them, one renewal at a time."""

    def __init__(
        self, keys: Keys, exchange: Exchange, policy: Policy, clock: Clock, redactor: Redactor
    ) -> None:
        self._keys = keys
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
        self.refused_logins = 0
        """Logins the platform refused to this object."""
        redactor.learn(keys.secret, keys.password, keys.key)

    @property
    def session_ends_in(self) -> float:
        """Seconds until an unused session will be renewed; negative when it is over."""
        return self._session_used + self._policy.session_idle - self._clock.monotonic()

    async def headers(self, needs: Needs) -> Mapping[str, str]:
        """Return the headers that prove who we are, renewing what has run out."""
        if needs is Needs.KEY:
            pair = f"{self._keys.key}:{self._keys.secret}".encode()
            return {"authorization": f"Basic {b64encode(pair).decode()}"}
        bearer = {"authorization": f"Bearer {await self._valid_bearer()}"}
        if needs is Needs.BEARER:
            return bearer
        session = await self._valid_session()
        self._session_used = self._clock.monotonic()
        return {**bearer, SESSION_HEADER: session}

    async def renew_bearer(self, refused: str) -> None:
        """Replace the OAuth token the platform refused, unless somebody already has."""
        async with self._renewing_bearer:
            if refused == f"Bearer {self._bearer}":
                await self._get_bearer()

    async def renew_session(self, refused: str) -> None:
        """Replace the session token the platform refused, unless somebody already has."""
        async with self._renewing_session:
            if refused == self._session:
                await self._log_in()

    def forget_session(self) -> None:
        """Drop the session token, after it was ended."""
        self._session = ""

    async def _valid_bearer(self) -> str:
        async with self._renewing_bearer:
            if self._clock.monotonic() >= self._bearer_ends:
                await self._get_bearer()
        return self._bearer

    async def _valid_session(self) -> str:
        async with self._renewing_session:
            if not self._session or self.session_ends_in <= 0:
                await self._log_in()
        return self._session

    async def _get_bearer(self) -> None:
        reply: AccessToken = await self._ask(GetAccessToken())
        if not reply.access_token:
            raise Unreadable("ThingSpace answered the request for a token without one.")
        self._redactor.learn(reply.access_token)
        self._bearer = reply.access_token
        lifetime = LIFETIME if reply.expires_in is None else reply.expires_in
        self._bearer_ends = self._clock.monotonic() + lifetime

    async def _log_in(self) -> None:
        login = Login(username=self._keys.username, password=SecretStr(self._keys.password))
        reply: SessionToken = await self._ask(login)
        if not reply.session_token:
            raise Unreadable("ThingSpace answered the login without a session token.")
        self._redactor.learn(reply.session_token)
        self._session = reply.session_token
        self._session_used = self._clock.monotonic()

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
            self.refused_logins += isinstance(refusal, LoginRefused)
            raise
