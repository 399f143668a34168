"""Tokens: the OAuth token of the application and the session token of the user."""

from typing import Annotated, Literal

from pydantic import Field

from tsui.thingspace.operation import OAUTH, Effect, Needs, Operation
from tsui.thingspace.parts import OBJECT_OR_NOTHING
from tsui.thingspace.wire import Reply, RequestText, Secret


class AccessToken(Reply):
    """The OAuth token; asking again within its hour returns the same one."""

    access_token: Annotated[str, Field(alias="access_token", repr=False)] = ""
    """The bearer token."""
    expires_in: Annotated[float | None, Field(alias="expires_in")] = None
    """Seconds left, which may be less than a fresh hour."""
    token_type: Annotated[str, Field(alias="token_type")] = ""
    """``Bearer``, in a casing that nobody confirmed."""
    scope: str | None = None
    """What the token is good for; not used by this API."""
    refresh_token: Annotated[Secret | None, Field(alias="refresh_token")] = None
    """Known from the SDK only."""


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
    scope: RequestText | None = None
    """Scopes of other products; this API needs none."""


class Revoked(Reply):
    """The token is no longer valid; the answer has no body."""


class RevokeAccessToken(Operation[Annotated[Revoked, OBJECT_OR_NOTHING]]):
    """End the OAuth token before its hour is over; the next request for one brings a new one."""

    title = "Revoke OAuth Access Token"
    method = "POST"
    base = OAUTH
    path = "/oauth2/revoke"
    effect = Effect.AUTH
    needs = Needs.KEY
    form = True

    grant_type: Annotated[Literal["client_credentials"], Field(alias="grant_type")] = (
        "client_credentials"
    )
    """The only grant the platform knows."""
    token: Secret
    """The token to end."""


class SessionToken(Reply):
    """The token of a user's session; it ends after 20 minutes without use."""

    session_token: Annotated[str, Field(repr=False)] = ""
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


class NewPassword(Reply):
    """The password the platform chose; valid at once, for every program of this user."""

    new_password: Secret | None = None
    """The new password."""


class ResetPassword(Operation[NewPassword]):
    """Replace the user's password by one that the platform chooses."""

    title = "Reset Connectivity Management Password"
    method = "PUT"
    path = "/session/password/actions/reset"

    old_password: Secret
    """The password until now."""
