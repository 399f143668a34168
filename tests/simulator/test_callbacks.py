"""Callback listeners: registered, listed, removed; messages that are tried again."""

import httpx
import pytest

from tests.simulator.cases import Api, all_in, code_of, one_in
from tests.simulator.hearing import hear, heard, refusal
from tests.support.listener import Inbox
from tests.support.waiting import until
from tsui.simulator.settings import SimulatorSettings
from tsui.thingspace.callback_answers import CarrierMessage
from tsui.thingspace.callbacks import DeregisterListener, ListListeners, RegisterListener
from tsui.thingspace.client import Client

SERVICE = "CarrierService"
NOBODY = "0000000000-00000"


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.02, callback_interval=0.0)


async def register(api: Api, **values: str) -> httpx.Response:
    """Register a listener without the program's client, which refuses the worst by itself."""
    body = {"name": SERVICE, "url": "http://example.com/", **values}
    return await api.call("POST", f"/callbacks/{api.account}", body)


async def test_a_listener_is_listed_until_it_goes(
    client: Client, account: str, inbox: Inbox
) -> None:
    await hear(client, account, inbox, SERVICE, "DeviceService")
    listed = await client.send(ListListeners(account_name=account))
    assert {(each.service_name, each.url) for each in listed} == {
        (SERVICE, inbox.url),
        ("DeviceService", inbox.url),
    }
    gone = await client.send(DeregisterListener(account_name=account, service_name=SERVICE))
    assert (gone.account_name, gone.service_name) == (account, SERVICE)
    listed = await client.send(ListListeners(account_name=account))
    assert [each.service_name for each in listed] == ["DeviceService"]


async def test_another_listener_displaces_the_first(
    api: Api, client: Client, account: str, inbox: Inbox
) -> None:
    await client.send(
        RegisterListener(account_name=account, name=SERVICE, url="http://example.com/")
    )
    await hear(client, account, inbox, SERVICE)
    (listed,) = await client.send(ListListeners(account_name=account))
    assert listed.url == inbox.url
    api.world.settings.listener_replaces = False
    again = RegisterListener(account_name=account, name=SERVICE, url=inbox.url)
    assert await refusal(client, again) == "REQUEST_FAILED.UnexpectedError"


async def test_one_page_spells_a_service_otherwise(api: Api) -> None:
    told = await register(api, name="AlertsService")
    assert told.json() == {"accountName": api.account, "serviceName": "AlertService"}


async def test_name_and_password_come_back_in_clear(api: Api, inbox: Inbox) -> None:
    await api.post(
        f"/callbacks/{api.account}",
        {"name": SERVICE, "url": inbox.url, "username": "listener", "password": "open"},
    )
    (listed,) = (await api.call("GET", f"/callbacks/{api.account}")).json()
    assert (listed["username"], listed["password"]) == ("listener", "open")
    await api.change("suspend", one_in(api.fleet, "active"))
    (message,) = await heard(inbox, CarrierMessage)
    assert message.username == "listener"
    assert inbox.messages[0]["password"] == "open"


async def test_a_message_is_tried_four_times(api: Api, client: Client, inbox: Inbox) -> None:
    inbox.status = 500
    await hear(client, api.account, inbox, SERVICE)
    await api.change("suspend", one_in(api.fleet, "active"))
    messages = await heard(inbox, CarrierMessage, count=4)
    assert [each.callback_count for each in messages] == [1, 2, 3, 4]
    assert {each.max_callback_threshold for each in messages} == {4}
    (delivery,) = api.world.postman.deliveries
    await until(lambda: delivery.attempts == 4)
    assert not delivery.delivered


async def test_a_message_that_was_taken_is_not_sent_again(
    api: Api, client: Client, inbox: Inbox
) -> None:
    inbox.status = 503
    await hear(client, api.account, inbox, SERVICE)
    api.world.settings.callback_interval = 300.0
    await api.change("suspend", one_in(api.fleet, "active"))
    await heard(inbox, CarrierMessage)
    inbox.status = 202
    api.world.clock.advance(301)
    (delivery,) = api.world.postman.deliveries
    await until(lambda: delivery.delivered)
    assert len(inbox.messages) == 2


async def test_without_a_listener_nothing_is_told(api: Api) -> None:
    await api.done("suspend", *all_in(api.fleet, "active")[:3])
    assert api.world.postman.deliveries == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.com/",
        "example.com",
        "http://example.com:8080/",
        "http://[::1",
        "http:///nowhere",
    ],
)
async def test_an_address_the_platform_does_not_call_is_refused(api: Api, url: str) -> None:
    assert code_of(await register(api, url=url)) == "REQUEST_FAILED.UnexpectedError"


@pytest.mark.parametrize("port", [80, 443, 9001, 9006, 50551, 50559, 28200, 28220])
async def test_an_allowed_port_is_taken(client: Client, account: str, port: int) -> None:
    url = f"https://example.com:{port}/"
    await client.send(RegisterListener(account_name=account, name=SERVICE, url=url))


async def test_loopback_ports_are_a_setting(api: Api, client: Client, inbox: Inbox) -> None:
    api.world.settings.loopback_listeners = False
    operation = RegisterListener(account_name=api.account, name=SERVICE, url=inbox.url)
    assert await refusal(client, operation) == "REQUEST_FAILED.UnexpectedError"


async def test_what_is_not_there_is_refused(api: Api, client: Client, account: str) -> None:
    unknown = await register(api, name="Weather")
    assert code_of(unknown) == "REQUEST_FAILED.UnexpectedError"
    long = await register(api, username="x" * 41)
    assert code_of(long) == "REQUEST_FAILED.UnexpectedError"
    gone = DeregisterListener(account_name=account, service_name=SERVICE)
    assert await refusal(client, gone) == "REQUEST_FAILED.UnexpectedError"
    for operation in (
        ListListeners(account_name=NOBODY),
        RegisterListener(account_name=NOBODY, name=SERVICE, url="http://example.com/"),
        DeregisterListener(account_name=NOBODY, service_name=SERVICE),
    ):
        assert await refusal(client, operation) == "REQUEST_FAILED.AccountNotFound"
