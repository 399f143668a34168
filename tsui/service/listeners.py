"""The listeners board: who hears of each service, and how it comes to us and goes back.

The location service keeps a registry of its own, which not every account may ask.

A service has one listener; registering another one displaces it silently. So this is never done by
itself, the former listener is written down first, and it goes over the one road like every change.
"""

import asyncio
from collections.abc import Iterable, Mapping
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple, get_args

from pydantic import ValidationError

from tsui.credentials import CredentialsError
from tsui.credentials.callback import CallbackKeys, callback_keys
from tsui.credentials.former import FormerListener, FormerListeners
from tsui.service.failures import ChangeFailed, ReadFailed
from tsui.service.views import ChangeState
from tsui.service.workspace import Workspace
from tsui.thingspace.callbacks import (
    CallbackService,
    DeregisterListener,
    ListListeners,
    RegisterListener,
)
from tsui.thingspace.location import (
    DeregisterLocationListener,
    ListLocationListeners,
    LocationService,
    RegisterLocationListener,
)
from tsui.thingspace.operation import Operation

LOCATION_SERVICES: tuple[str, ...] = get_args(LocationService)
"""Services of the location service: their listeners have a URL and no login."""

SERVICES: tuple[str, ...] = (*get_args(CallbackService), *LOCATION_SERVICES)
"""Services one can listen to."""


class Owner(StrEnum):
    """Whose a listener is."""

    OURS = "ours"
    """It is our receiver."""
    OTHER = "somebody else's"
    """It is another one."""
    NOBODY = "nobody's"
    """Nobody listens: what is told is lost."""
    UNKNOWN = "not known"
    """It could not be read."""


class Seat(NamedTuple):
    """One service and who hears of it."""

    service: str
    """The callback service."""
    owner: Owner
    """Whose the listener is."""
    url: str
    """Where messages go; without the secret part where it is ours."""
    username: str
    """What messages carry."""
    has_password: bool
    """Whether messages carry a password, which is never shown."""
    former: str | None
    """URL of who had it before us, empty for nobody; None where nothing is remembered."""
    why: str = ""
    """Why it is not known whose the listener is."""


class Board:
    """The listeners of the account that is shown."""

    def __init__(self, workspace: Workspace, credentials_folder: Path) -> None:
        self._workspace = workspace
        name = workspace.environment.folder_name
        self._folder = credentials_folder
        self._former = FormerListeners(name, credentials_folder)

    async def seats(self) -> tuple[list[Seat], float | None]:
        """Return who hears of each service by what was read last, and when that was.

        Raises CredentialsError when what is remembered of our receiver cannot be read.
        """
        reading = await self._workspace.last_answer("ListListeners")
        if reading is None or reading.read_at is None:
            return [], None
        location = await self._workspace.last_answer("ListLocationListeners")
        why = location.trouble if location else "It was not read yet."
        keys, former = await asyncio.gather(
            asyncio.to_thread(self._keys),
            asyncio.to_thread(self._former.all, self._workspace.account),
        )
        known = _by_service(reading.body) | _by_service(location.body if location else None)
        services = dict.fromkeys((*SERVICES, *known))
        seats = [self._seat(each, known.get(each, {}), keys, former.get(each)) for each in services]
        return [
            each._replace(owner=Owner.UNKNOWN, url="", why=why)
            if why and each.service in LOCATION_SERVICES
            else each
            for each in seats
        ], reading.read_at

    async def read(self) -> None:
        """Read the listeners again; raises ReadFailed.

        Where those of the location service cannot be read, their seats say so.
        """
        await self._ask(SERVICES[0])
        with suppress(ReadFailed):
            await self._ask(LOCATION_SERVICES[0])

    async def take(self, seat: Seat, note: str = "") -> str:
        """Point a service at our receiver; returns what came of it, in a sentence.

        Nothing is sent when its listener is another one than the operator has seen. Raises
        ChangeFailed, ReadFailed or CredentialsError with a sentence.
        """
        operation = self.taking(seat.service)
        listener = await self._unchanged(seat)
        if seat.owner is not Owner.OURS:
            former = FormerListener(*(_text(listener, each) for each in _FIELDS))
            await self._remember(seat.service, former)
        return await self._send(seat.service, operation, note)

    async def give_back(self, seat: Seat, note: str = "") -> str:
        """Give a service back to whom it was taken from; returns and raises as ``take``."""
        operation = self.giving_back(seat.service)
        await self._unchanged(seat)
        said = await self._send(seat.service, operation, note)
        await self._remember(seat.service, None)
        return said

    def taking(self, service: str) -> Operation[Any]:
        """Return the request that points a service at our receiver; raises ChangeFailed."""
        keys = self._keys()
        if keys is None:
            raise ChangeFailed("There is no receiver yet: start one with tsui receiver.")
        base = self._workspace.environment.callback_url
        if not base:
            raise ChangeFailed(
                "Nobody knows how ThingSpace reaches the receiver: set callback_url in the profile."
            )
        url = f"{base}/{keys.path}/{service}"
        return self._registering(service, url, keys.username, keys.password)

    def giving_back(self, service: str) -> Operation[Any]:
        """Return the request that gives a service back; raises ChangeFailed."""
        former = self._former.all(self._workspace.account).get(service)
        if former is None:
            raise ChangeFailed(f"Nobody is remembered who had {service} before.")
        if former.url:
            return self._registering(service, former.url, former.username, former.password)
        account = self._workspace.account
        if service in LOCATION_SERVICES:
            return DeregisterLocationListener.model_validate(
                {"account_name": account, "service": service}
            )
        return DeregisterListener(account_name=account, service_name=service)

    def _registering(self, service: str, url: str, username: str, password: str) -> Operation[Any]:
        values = {"account_name": self._workspace.account, "name": service, "url": url}
        login = {"username": username or None, "password": password or None}
        try:
            if service in LOCATION_SERVICES:
                return RegisterLocationListener.model_validate(values)
            return RegisterListener.model_validate({**values, **login})
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            raise ChangeFailed(f"Nothing was sent. {first['msg']}.") from None

    async def _unchanged(self, seat: Seat) -> Mapping[str, Any]:
        """Return the listener of a service as it is now, unless it is not the one seen."""
        listener = _by_service(await self._ask(seat.service)).get(seat.service, {})
        now = self._seat(seat.service, listener, await asyncio.to_thread(self._keys), None)
        if (now.owner, now.url) != (seat.owner, seat.url):
            raise ChangeFailed(
                f"Nothing was sent: {seat.service} is {now.owner} now. Look at it again."
            )
        return listener

    async def _send(self, service: str, operation: Operation[Any], note: str) -> str:
        sent = await self._workspace.perform(operation, note)
        if sent.state is not ChangeState.SUCCEEDED:
            raise ChangeFailed(f"{operation.title}: {sent.state}. {sent.problem}".strip())
        await self._ask(service)
        return f"{operation.title}: done."

    async def _ask(self, service: str) -> Any:
        """Read the registry that a service is in; raises ReadFailed."""
        if not self._workspace.account:
            raise ReadFailed("Nobody is signed in.", "not sent")
        registry = ListLocationListeners if service in LOCATION_SERVICES else ListListeners
        answer = await self._workspace.ask(registry(account_name=self._workspace.account))
        return answer.body

    async def _remember(self, service: str, former: FormerListener | None) -> None:
        try:
            await asyncio.to_thread(self._former.keep, self._workspace.account, service, former)
        except CredentialsError as error:
            raise ChangeFailed(f"Nothing was sent. {error}") from error

    def _keys(self) -> CallbackKeys | None:
        return callback_keys(self._workspace.environment.folder_name, self._folder)

    def _seat(
        self,
        service: str,
        listener: Mapping[str, Any],
        keys: CallbackKeys | None,
        former: FormerListener | None,
    ) -> Seat:
        url = _text(listener, "url")
        owner = Owner.OTHER if url else Owner.NOBODY
        base = self._workspace.environment.callback_url
        if keys is not None and base and url == f"{base}/{keys.path}/{service}":
            owner, url = Owner.OURS, f"{base}/•••/{service}"
        before = None if former is None else former.url
        secret = bool(_text(listener, "password"))
        return Seat(service, owner, url, _text(listener, "username"), secret, before)


_FIELDS = ("url", "username", "password")


def _by_service(body: Any) -> dict[str, Mapping[str, Any]]:
    listeners: Iterable[Any] = body if isinstance(body, list) else ()
    named = ((_named(each), each) for each in listeners if isinstance(each, Mapping))
    return {name: each for name, each in named if name}


def _named(listener: Mapping[str, Any]) -> str:
    """Return the service of a listener; sources disagree on the name of the field."""
    return _text(listener, "serviceName") or _text(listener, "name")


def _text(listener: Mapping[str, Any], name: str) -> str:
    value = listener.get(name)
    return value if isinstance(value, str) else ""
