"""Accounts, plans and groups."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tsui.simulator.catalogue import DEFAULT_GROUP, GROUPS, ORGANIZATIONS, PLANS
from tsui.simulator.errors import rejected
from tsui.simulator.fleet import Fleet
from tsui.simulator.world import World


def fleet_of(world: World, account: str) -> Fleet:
    """Return the fleet of an account; refuses a missing or unknown name as documented."""
    if not account:
        raise rejected(
            "REQUEST_FAILED.MultipleAccounts", "The user has several accounts; name one."
        )
    if account not in world.fleets:
        raise rejected("REQUEST_FAILED.AccountNotFound", "The account was not found.")
    return world.fleets[account]


def routes(world: World) -> list[Route]:
    """Return the routes of this area."""

    async def account(request: Request) -> Response:
        name = request.path_params["account"]
        index = fleet_of(world, name).account
        return JSONResponse(
            {
                "accountName": name,
                "accountNumber": name,
                "organizationName": ORGANIZATIONS[index],
                "isProvisioningAllowed": True,
                "carriers": ["Verizon Wireless"],
                "features": ["Static IP", "NIDD"],
                "ipPools": [
                    {"poolName": "EXDYN01", "poolType": "Dynamic IP", "isDefaultPool": True},
                    {"poolName": "EXSTATIC01", "poolType": "Static IP", "isDefaultPool": False},
                ],
                "servicePlans": _plans(),
            }
        )

    async def plans(request: Request) -> Response:
        fleet_of(world, request.path_params["account"])
        return JSONResponse(_plans())

    async def groups(request: Request) -> Response:
        fleet_of(world, request.path_params["account"])
        return JSONResponse(
            [
                {
                    "name": name,
                    "description": "" if name == DEFAULT_GROUP else f"Devices of {name}",
                    "isDefaultGroup": name == DEFAULT_GROUP,
                    "extendedAttributes": [],
                }
                for name in GROUPS
            ]
        )

    return [
        Route("/api/m2m/v1/accounts/{account}", account, methods=["GET"]),
        Route("/api/m2m/v1/plans/{account}", plans, methods=["GET"]),
        Route("/api/m2m/v1/groups/{account}", groups, methods=["GET"]),
    ]


def _plans() -> list[dict[str, Any]]:
    return [
        {
            "name": plan.name,
            "code": plan.code,
            "sizeKb": plan.size_kb,
            "carrierServicePlanCode": plan.carrier_code,
            "extendedAttributes": [],
        }
        for plan in PLANS
    ]
