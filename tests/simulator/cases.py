"""What the tests of the simulator share: plain HTTP to a real one, without the program's client."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import httpx

from tests.support.waiting import until
from tsui.simulator.clock import iso
from tsui.simulator.device import SimDevice
from tsui.simulator.fleet import Fleet
from tsui.simulator.patterns import DAY
from tsui.simulator.server import Running

M2M = "/api/m2m/v1"
TOKEN = "/api/ts/v1/oauth2/token"
REVOKE = "/api/ts/v1/oauth2/revoke"
LIST = "/devices/actions/list"
CONNECTIONS = "/devices/connections/actions/listHistory"
USAGE = "/devices/usage/actions/list"
PROVISIONING = "/devices/history/actions/list"
LONG_AGO = "2001-01-01T00:00:00Z"

NOON = "2026-03-15T12:00:00Z"
"""A good time to begin at."""


class Api:
    """Calls to a simulator, signed in."""

    def __init__(self, simulator: Running, http: httpx.AsyncClient) -> None:
        self.world = simulator.world
        self.account, self.other_account = simulator.accounts
        self.fleet = self.world.fleets[self.account]
        self.http = http
        self.headers: dict[str, str] = {}

    async def sign_in(self) -> None:
        mine = self.world.access.credentials
        self.headers = {"authorization": f"Bearer {(await self.token()).json()['access_token']}"}
        body = {"username": mine.username, "password": mine.password}
        answer = await self.call("POST", "/session/login", body)
        self.headers["vz-m2m-token"] = answer.json()["sessionToken"]

    async def token(self, key: str = "", path: str = TOKEN, **form: str) -> httpx.Response:
        mine = self.world.access.credentials
        pair = b64encode(f"{key or mine.key}:{mine.secret}".encode()).decode()
        return await self.http.post(
            path,
            data={"grant_type": "client_credentials", **form},
            headers={"authorization": f"Basic {pair}"},
        )

    async def call(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self.http.request(method, M2M + path, json=body, headers=self.headers)

    async def post(self, path: str, body: Any) -> Any:
        """POST and return the answer's JSON, once it is sure that it is no refusal."""
        answer = await self.call("POST", path, body)
        assert answer.is_success, answer.text
        return answer.json()

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.http.request(method, f"/simulator/{path}", json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def listed(self, **body: Any) -> Any:
        return await self.post(LIST, {"accountName": self.account, **body})

    async def view(self, device: SimDevice) -> Any:
        """Return a device as the list shows it."""
        return (await self.listed(deviceId=named(device)))["devices"][0]

    async def state(self, device: SimDevice) -> str:
        view = await self.view(device)
        return str(view["carrierInformations"][0]["state"])

    async def change(self, action: str, *devices: SimDevice, **values: Any) -> str:
        """Ask for a change and return the id of the request."""
        method = "PUT" if action == "plan" else "POST"
        body = {
            "accountName": self.account,
            "devices": [{"deviceIds": [named(device)]} for device in devices],
            **DEFAULTS.get(action, {}),
            **values,
        }
        answer = await self.call(method, f"/devices/actions/{action}", body)
        assert answer.is_success, answer.text
        return str(answer.json()["requestId"])

    async def done(self, action: str, *devices: SimDevice, **values: Any) -> str:
        """Ask for a change, wait until it is over, and return how it ended."""
        request = await self.change(action, *devices, **values)
        return await self.end_of(request)

    async def end_of(self, request: str) -> str:
        """Wait until a request is over, and return how it ended."""
        found = self.world.engine.requests[request]
        await until(lambda: found.status != "Pending", what="the end of the request")
        return found.status

    async def history(self, path: str, device: SimDevice, **body: Any) -> Any:
        span = {"earliest": LONG_AGO, "latest": iso(self.world.clock.timestamp() + DAY)}
        return await self.post(path, {"deviceId": named(device), **span, **body})

    async def whole_history(self, path: str, device: SimDevice, days: float) -> list[Any]:
        """Return all records of the last days, page by page, without the repeated ones."""
        name, time = NAMES[path]
        earliest = iso(self.world.clock.timestamp() - days * DAY)
        records: list[Any] = []
        while True:
            page = await self.history(path, device, earliest=earliest)
            records += [each for each in page[name] if each not in records[-20:]]
            if not page["hasMoreData"]:
                return records
            earliest = page[name][-1][time]


DEFAULTS: dict[str, dict[str, Any]] = {
    "activate": {"servicePlan": "M2M5MB", "mdnZipCode": "02108"},
    "deactivate": {"reasonCode": "FF"},
    "plan": {"servicePlan": "M2M250MB"},
}
NAMES = {
    CONNECTIONS: ("connectionHistory", "occurredAt"),
    USAGE: ("usageHistory", "timestamp"),
    PROVISIONING: ("provisioningHistory", "occurredAt"),
}


def code_of(answer: httpx.Response, status: int = 400) -> str:
    """Return the code of a refusal as documented, without the service's name."""
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert set(body) == {"errorCode", "errorMessage"}
    assert body["errorMessage"]
    service, _, code = str(body["errorCode"]).partition(".")
    assert service == "UnifiedWebService"
    return code


def named(device: SimDevice, kind: str = "iccid") -> dict[str, str]:
    """Return a DeviceId of a device."""
    value = next(value for name, value in device.identifiers() if name.lower() == kind)
    return {"id": value, "kind": kind}


def all_in(fleet: Fleet, state: str) -> list[SimDevice]:
    """Return the devices of a fleet that are in a state."""
    found = [device for number in fleet.numbers() if (device := fleet.get(number)).state == state]
    assert found
    return found


def one_in(fleet: Fleet, state: str) -> SimDevice:
    return all_in(fleet, state)[0]


def iccids(views: Iterable[Any]) -> list[str]:
    """Return the ICCIDs of devices as the list shows them."""
    return [each["id"] for view in views for each in view["deviceIds"] if each["kind"] == "iccId"]


def unix(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
