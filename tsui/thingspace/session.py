"""Tokens: the OAuth token of the application and the session token of the user."""

from typing import Annotated, Literal

from pydantic import Field

from tsui.thingspace.operation import OAUTH, Effect, Needs, Operation
from tsui.thingspace.wire import Reply, Secret


class AccessToken(Reply):
    """The OAuth token; asking again within its hour returns the same one."""

    access_token: Annotated[str, Field(alias="access_token")] = ""
    """The bearer token."""
    expires_in: Annotated[float | None, Field(alias="expires_in")] = None
    """Seconds left, which may be less than a fresh hour."""


class GetAccessToken(Operation[AccessToken]):
    """Get the OAuth token of the application from its key and secret."""

    title = "Get OAuth Access Token"
    method = "POST"
    base = OAUTH
    path = "/oauth2/token"
    effect = Effect.AUTH
    needs = Needs.KEY
    form = True

    grant_type: Annotated[Literal["client_credentials"], Field(alias="grant_type")] = (
        "client_credentials"
    )
    """The only grant the platform knows."""


class SessionToken(Reply):
    """The token of a user's session; it ends after 20 minutes without use."""

    session_token: str = ""
    """The GUID for the VZ-M2M-Token header."""


class Login(Operation[SessionToken]):
    """Start a session; five refusals in a row lock the contact."""

    title = "Start a Connectivity Management Session"
    method = "POST"
    path = "/session/login"
    effect = Effect.AUTH
    needs = Needs.BEARER

    username: str
    """The user name of the account contact."""
    password: Secret
    """The password of the account contact."""


class Logout(Operation[SessionToken]):
    """End the session."""

    title = "End a Connectivity Management Session"
    method = "POST"
    path = "/session/logout"
    effect = Effect.AUTH
