"""Tokens: OAuth and sessions."""

from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import M2M, Body, Call
from tsui.simulator.fields import text
from tsui.simulator.schema import Field, needed
from tsui.simulator.world import World

_TOKEN = (
    Field("access_token"), Field("token_type"), Field("expires_in", "integer"), Field("scope"),
)  # fmt: skip
_SESSION = (Field("sessionToken"),)


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""

    async def token(request: Request, _: Body) -> Response:
        form = await _form(request)
        value, left = world.access.get_token(
            request.headers.get("authorization", ""), form.get("grant_type", "")
        )
        return JSONResponse(
            {
                "access_token": value,
                "scope": "am_application_scope default",
                "token_type": "Bearer",
                "expires_in": left,
            }
        )

    async def revoke(request: Request, _: Body) -> Response:
        form = await _form(request)
        value = form.get("token", "")
        world.access.revoke(
            request.headers.get("authorization", ""), form.get("grant_type", ""), value
        )
        return Response(headers={"RevokedAccessToken": quote(value)})

    async def login(_: Request, body: Body) -> Response:
        session = world.access.log_in(text(body, "username"), text(body, "password"))
        return JSONResponse({"sessionToken": session})

    async def logout(request: Request, _: Body) -> Response:
        session = request.headers.get("vz-m2m-token", "")
        world.access.log_out(session)
        return JSONResponse({"sessionToken": session})

    async def reset(_: Request, body: Body) -> Response:
        password = world.access.reset_password(text(body, "oldPassword"))
        return JSONResponse({"newPassword": password})

    grant = needed("grant_type", choices=("client_credentials",))
    return [
        Call(
            "POST",
            "/api/ts/v1/oauth2/token",
            "Get OAuth Access Token",
            token,
            (grant, Field("scope")),
            _TOKEN,
            content="form",
        ),
        Call(
            "POST",
            "/api/ts/v1/oauth2/revoke",
            "Revoke OAuth Access Token",
            revoke,
            (grant, needed("token")),
            content="form",
        ),
        Call(
            "POST",
            f"{M2M}/session/login",
            "Start a Connectivity Management Session",
            login,
            (needed("username"), needed("password")),
            _SESSION,
        ),
        Call(
            "POST",
            f"{M2M}/session/logout",
            "End a Connectivity Management Session",
            logout,
            answer=_SESSION,
        ),
        Call(
            "PUT",
            f"{M2M}/session/password/actions/reset",
            "Reset Connectivity Management Password",
            reset,
            (needed("oldPassword"),),
            (Field("newPassword"),),
        ),
    ]


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
