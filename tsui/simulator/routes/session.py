"""Tokens: OAuth and sessions."""

from urllib.parse import parse_qsl, quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tsui.simulator.fields import read_body, text
from tsui.simulator.world import World


def routes(world: World) -> list[Route]:
    """Return the routes of this area."""

    async def token(request: Request) -> Response:
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

    async def revoke(request: Request) -> Response:
        form = await _form(request)
        value = form.get("token", "")
        world.access.revoke(
            request.headers.get("authorization", ""), form.get("grant_type", ""), value
        )
        return Response(headers={"RevokedAccessToken": quote(value)})

    async def login(request: Request) -> Response:
        body = await read_body(request)
        session = world.access.log_in(
            text(body, "username", required=True), text(body, "password", required=True)
        )
        return JSONResponse({"sessionToken": session})

    async def logout(request: Request) -> Response:
        session = request.headers.get("vz-m2m-token", "")
        world.access.log_out(session)
        return JSONResponse({"sessionToken": session})

    return [
        Route("/api/ts/v1/oauth2/token", token, methods=["POST"]),
        Route("/api/ts/v1/oauth2/revoke", revoke, methods=["POST"]),
        Route("/api/m2m/v1/session/login", login, methods=["POST"]),
        Route("/api/m2m/v1/session/logout", logout, methods=["POST"]),
    ]


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
