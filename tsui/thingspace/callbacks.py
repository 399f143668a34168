"""Callback listeners: where the platform POSTs the outcome of requests."""

from typing import Annotated

from pydantic import Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.wire import Reply, RequestText, Secret


class CallbackListener(Reply):
    """A registered listener; the platform tells its password to every reader."""

    account_name: str = ""
    """The account."""
    service_name: str = ""
    """The callback service."""
    url: str = ""
    """Where messages go."""
    username: str | None = None
    """Copied into every message."""
    password: Secret | None = None
    """Copied into every message, in clear."""


class ListenerRegistered(Reply):
    """The platform's note of a listener that came or went."""

    account_name: str = ""
    """The account."""
    service_name: str = ""
    """The callback service."""


class ListListeners(Operation[list[CallbackListener]]):
    """Read which listeners an account has."""

    title = "List Callback Listeners"
    method = "GET"
    path = "/callbacks/{account_name}"
    effect = Effect.READ

    account_name: AccountName
    """The account."""


class RegisterListener(Operation[ListenerRegistered]):
    """Register a listener; it displaces the one the service had."""

    title = "Register a Callback Listener"
    method = "POST"
    path = "/callbacks/{account_name}"
    effect = Effect.CALLBACK_ADMIN

    account_name: AccountName
    """The account."""
    name: RequestText
    """The callback service."""
    url: RequestText
    """A public URL on one of the allowed ports."""
    username: Annotated[RequestText | None, Field(max_length=40)] = None
    """Copied into every message; never the login's."""
    password: Annotated[Secret | None, Field(max_length=40)] = None
    """Copied into every message, in clear; never the login's."""


class DeregisterListener(Operation[ListenerRegistered]):
    """Remove a service's listener: its messages go nowhere from then on."""

    title = "Deregister a Callback Listener"
    method = "DELETE"
    path = "/callbacks/{account_name}/name/{service_name}"
    effect = Effect.CALLBACK_ADMIN

    account_name: AccountName
    """The account."""
    service_name: RequestText
    """The callback service."""
