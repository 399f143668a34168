"""Accounts: what belongs to them besides devices."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tsui.simulator.call import M2M, Body, Call
from tsui.simulator.catalogue import ENGAGEMENTS, ORGANIZATIONS, PLANS, SKUS, Engagement
from tsui.simulator.paging import block
from tsui.simulator.schema import Field, listed
from tsui.simulator.selection import fleet_of
from tsui.simulator.world import World

_POOLS = [
    {"poolName": "EXDYN01", "poolType": "Dynamic IP", "isDefaultPool": True},
    {"poolName": "EXSTATIC01", "poolType": "Static IP", "isDefaultPool": False},
]


def calls(world: World) -> list[Call]:
    """Return the calls of this area."""

    async def account(request: Request, _: Body) -> Response:
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
                "ipPools": _POOLS,
                "servicePlans": _plans(),
            }
        )

    async def plans(request: Request, _: Body) -> Response:
        fleet_of(world, request.path_params["account"])
        return JSONResponse(_plans())

    async def leads(request: Request, _: Body) -> Response:
        name = request.path_params["account"]
        fleet_of(world, name)
        return block(request, "leads", world.leads.of(name), world.settings.lead_page)

    async def states(request: Request, _: Body) -> Response:
        fleet_of(world, request.path_params["account"])
        return JSONResponse({"engagement": [_engagement(each) for each in ENGAGEMENTS]})

    async def skus(request: Request, _: Body) -> Response:
        name = request.path_params["account"]
        fleet_of(world, name)
        found = [{"deviceSku": sku, "deviceSkuStatus": "Valid"} for sku in SKUS]
        return JSONResponse({"accountName": name, "deviceSkuInfo": found})

    base = f"{M2M}/accounts/{{account}}"
    return [
        Call("GET", base, "Retrieve Account Information", account),
        Call("GET", f"{M2M}/plans/{{account}}", "Retrieve Service Plans", plans),
        Call(
            "GET",
            f"{M2M}/leads/{{account}}",
            "Retrieve Account Lead Information",
            leads,
            query=(Field("next"),),
            answer=(Field("hasMoreData", "boolean"), listed("leads")),
        ),
        Call(
            "GET",
            f"{base}/stateandservices",
            "Get a List of Custom Services and States",
            states,
            answer=(listed("engagement"),),
            aliases=(f"{base}/statesandservices",),
        ),
        Call(
            "POST",
            f"{base}/sku",
            "Retrieve list of registered device SKUs",
            skus,
            answer=(Field("accountName"), listed("deviceSkuInfo")),
        ),
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


def _engagement(engagement: Engagement) -> dict[str, Any]:
    return {
        "engagementId": engagement.id,
        "chargingGroup": engagement.charging_group,
        "services": [
            {
                "name": service.name,
                "description": service.description,
                "states": [
                    {
                        "name": state.name,
                        "workflowSequenceNumber": place,
                        "servicePlans": list(state.plans),
                    }
                    for place, state in enumerate(service.states, 1)
                ],
            }
            for service in engagement.services
        ],
    }
