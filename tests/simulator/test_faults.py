"""What goes wrong on order, and the control API that orders it and looks behind the scenes."""

from typing import Any

import httpx
import pytest

from tests.simulator.cases import LIST, Api, code_of, named, one_in
from tsui.simulator.faults import ACTIONS
from tsui.simulator.patterns import DAY
from tsui.simulator.settings import SimulatorSettings


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.02, now="2026-03-15T12:00:00Z")


async def order(api: Api, action: str, **values: Any) -> None:
    await api.control("POST", "faults", {"action": action, **values})


async def plans(api: Api) -> httpx.Response:
    return await api.call("GET", f"/plans/{api.account}")


class TestFaults:
    async def test_a_fault_meets_the_calls_it_was_ordered_for(self, api: Api) -> None:
        await order(api, "status", path="/plans/", skip=1, times=2, status=503)
        statuses = [(await plans(api)).status_code for _ in range(4)]
        assert statuses == [200, 503, 503, 200]
        assert (await api.call("POST", LIST, {"accountName": api.account})).status_code == 200

    async def test_faults_last_until_they_are_cleared(self, api: Api) -> None:
        await order(api, "status", times=-1)
        assert code_of(await plans(api), 500) == "REQUEST_FAILED.UnexpectedError"
        await api.control("DELETE", "faults")
        assert (await plans(api)).status_code == 200

    async def test_a_call_is_done_before_or_not_at_all(self, api: Api) -> None:
        device = one_in(api.fleet, "active")
        body = {"accountName": api.account, "devices": [{"deviceIds": [named(device)]}]}
        await order(api, "status", path="suspend")
        await api.call("POST", "/devices/actions/suspend", body)
        assert not api.world.engine.requests
        await order(api, "status", path="suspend", after=True)
        answer = await api.call("POST", "/devices/actions/suspend", body)
        assert answer.status_code == 500
        assert len(api.world.engine.requests) == 1

    @pytest.mark.parametrize(
        ("action", "begins"),
        [
            ("html", b"<!DOCTYPE html>"),
            ("bad-json", b"{"),
            ("bom", b"\xef\xbb\xbf"),
            ("invalid-utf8", b'{"requestId": "\xff'),
            ("deep", b"[[[["),
            ("nan", b'{"requestId": NaN'),
        ],
    )
    async def test_an_answer_nobody_can_read(self, api: Api, action: str, begins: bytes) -> None:
        await order(api, action)
        answer = await plans(api)
        assert answer.status_code == 200
        assert answer.content.startswith(begins)

    @pytest.mark.parametrize("action", ["drop", "cut", "hang"])
    async def test_a_connection_that_breaks(self, api: Api, action: str) -> None:
        await order(api, action, seconds=0.05)
        with pytest.raises(httpx.RemoteProtocolError):
            await plans(api)
        assert (await plans(api)).status_code == 200

    async def test_a_page_that_is_empty_or_comes_again(self, api: Api) -> None:
        await order(api, "empty-page")
        answer = await api.call("POST", LIST, {"accountName": api.account})
        assert answer.status_code == 202
        assert answer.json() == {"hasMoreData": True, "devices": []}
        await order(api, "repeat-page")
        answer = await api.call("POST", LIST, {"accountName": api.account})
        assert answer.status_code == 202
        assert len(answer.json()["devices"]) == 60

    async def test_a_redirect_and_headers(self, api: Api) -> None:
        await order(api, "redirect")
        assert (await plans(api)).status_code == 302
        await order(api, "status", status=429, headers={"Retry-After": "7"}, body={"a": 1})
        answer = await plans(api)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "7")
        assert answer.json() == {"a": 1}

    async def test_tokens_that_end(self, api: Api) -> None:
        await order(api, "session-expired")
        assert code_of(await plans(api)) == "REQUEST_FAILED.SessionToken.Expired"
        await order(api, "token-expired")
        assert (await plans(api)).json()["fault"]["code"] == "900901"

    @pytest.mark.parametrize(
        "fault",
        [
            {},
            {"action": "magic"},
            {"action": "drop", "times": "often"},
            {"action": "drop", "color": "red"},
            {"action": "drop", "path": "("},
        ],
    )
    async def test_an_order_nobody_understands_is_refused(
        self, stranger: Api, fault: dict[str, Any]
    ) -> None:
        answer = await stranger.http.post("/simulator/faults", json=fault)
        assert code_of(answer) == "DeserializationFailed"
        assert stranger.world.faults == []

    async def test_every_action_can_be_ordered(self, stranger: Api) -> None:
        for action in sorted(ACTIONS):
            await order(stranger, action)
        assert {fault.action for fault in stranger.world.faults} == ACTIONS


class TestControl:
    async def test_settings_change_while_it_runs(self, api: Api) -> None:
        changed = await api.control("PATCH", "settings", {"page_size": 7})
        assert changed["page_size"] == 7
        assert (await api.control("GET", "settings"))["page_size"] == 7
        assert len((await api.listed())["devices"]) == 7

    @pytest.mark.parametrize(
        "change", [{"devices": 3}, {"page_size": "many"}, {"color": "red"}, {"delay": True}]
    )
    async def test_settings_that_cannot_be_are_refused(
        self, stranger: Api, change: dict[str, Any]
    ) -> None:
        answer = await stranger.http.patch("/simulator/settings", json=change)
        assert code_of(answer) == "DeserializationFailed"

    async def test_the_clock_goes_forward_only(self, api: Api) -> None:
        before = api.world.clock.timestamp()
        await api.control("POST", "advance", {"seconds": DAY})
        assert api.world.clock.timestamp() >= before + DAY
        answer = await api.http.post("/simulator/advance", json={"seconds": -1})
        assert code_of(answer) == "DeserializationFailed"

    async def test_the_log_tells_what_was_asked_but_no_password(self, api: Api) -> None:
        await plans(api)
        log = await api.control("GET", "log")
        assert log[-1]["path"].endswith(f"/plans/{api.account}")
        assert log[-1]["status"] == 200
        assert api.world.access.credentials.password not in str(log)

    async def test_executions_tell_what_was_really_done(self, api: Api) -> None:
        device = one_in(api.fleet, "active")
        request = await api.change("suspend", device)
        await api.end_of(request)
        (done,) = await api.control("GET", "executions")
        assert (done["request_id"], done["iccid"], done["success"]) == (
            request,
            device.iccid,
            True,
        )

    async def test_a_device_is_seen_as_it_really_is(self, api: Api) -> None:
        api.world.settings.delay = 600.0
        device = one_in(api.fleet, "active")
        await api.change("suspend", device)
        seen = await api.control("GET", f"devices/iccid/{device.iccid}")
        assert seen["pending"] == "pending suspend"

    async def test_a_share_of_calls_fails(self, api: Api) -> None:
        api.world.settings.error_rate = 1.0
        assert code_of(await plans(api), 500) == "REQUEST_FAILED.UnexpectedError"

    async def test_a_wrong_place_or_method_is_refused_by_the_gateway(self, api: Api) -> None:
        for method, path in (("GET", "/nowhere"), ("DELETE", f"/plans/{api.account}")):
            answer = await api.call(method, path)
            assert answer.status_code == 404
            assert answer.text.startswith("<am:fault")

    async def test_the_openapi_document_tells_limits_and_queries(self, stranger: Api) -> None:
        paths = (await stranger.control("GET", "openapi.json"))["paths"]
        sms = paths["/api/m2m/v1/sms"]["post"]
        schema = sms["requestBody"]["content"]["application/json"]["schema"]
        assert schema["properties"]["smsMessage"]["maxLength"] == 160
        assert {"accountName", "smsMessage"} <= set(schema["required"])
        fota = paths["/api/fota/v3/devices/{account}"]["get"]["parameters"]
        assert {(each["name"], each["in"]) for each in fota} == {
            ("account", "path"),
            ("lastSeenDeviceId", "query"),
            ("protocol", "query"),
        }
