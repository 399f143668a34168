"""Software management: what devices run, by account and by IMEI."""

import pytest

from tests.simulator.cases import all_in
from tests.simulator.hearing import ROUTER, refusal, some
from tsui.simulator.fleet import Fleet
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.software import RELEASES
from tsui.thingspace.client import Client
from tsui.thingspace.following import software_devices, software_of
from tsui.thingspace.software import (
    ListSoftwareDevices,
    ListSoftwareDevicesByImei,
    SoftwareDevice,
    SoftwarePage,
)

UNKNOWN = "999999999999999"


@pytest.fixture
def fleet(simulator: Running) -> Fleet:
    return simulator.world.fleets[simulator.accounts[0]]


@pytest.fixture
def settings(simulator: Running) -> SimulatorSettings:
    return simulator.world.settings


async def page_of(client: Client, account: str, *imeis: str) -> SoftwarePage:
    return await client.send(
        ListSoftwareDevicesByImei(account_name=account, device_list=list(imeis))
    )


class TestAccount:
    async def test_every_device_is_on_exactly_one_page(
        self, client: Client, account: str, fleet: Fleet, settings: SimulatorSettings
    ) -> None:
        settings.software_page = 7
        pages = [page async for page in software_devices(client, account)]
        assert [len(page) for page in pages] == [7] * 8 + [4]
        imeis = [device.device_id for page in pages for device in page]
        assert imeis == [fleet.get(number).imei for number in fleet.numbers()]

    async def test_a_page_says_how_it_goes_on(
        self, client: Client, account: str, settings: SimulatorSettings
    ) -> None:
        settings.software_page = 60
        whole = await client.send(ListSoftwareDevices(account_name=account))
        assert whole.account_name == account
        assert whole.has_more_data is False
        assert whole.max_page_size == 60
        assert whole.unknown == {}
        settings.software_page = 59
        first = await client.send(ListSoftwareDevices(account_name=account))
        assert first.has_more_data is True
        assert first.device_list is not None
        assert first.last_seen_device_id == first.device_list[-1].device_id

    async def test_a_device_tells_what_it_runs(
        self, client: Client, account: str, fleet: Fleet
    ) -> None:
        mine = some(fleet, ROUTER)
        (page,) = [page async for page in software_devices(client, account)]
        device = next(each for each in page if each.device_id == mine.imei)
        assert (device.make, device.model, device.mdn) == ("Sierra Wireless", ROUTER, mine.mdn)
        assert device.protocol == "OMADM"
        assert device.firmware in RELEASES[ROUTER].versions
        assert device.fota_eligible is True
        assert device.status == "Active"
        assert device.create_time is not None
        assert device.last_connection_time is not None
        assert device.unread == device.unknown == {}

    async def test_what_is_not_managed_says_so(self, client: Client, account: str) -> None:
        (page,) = [page async for page in software_devices(client, account)]
        others = [device for device in page if device.protocol == "NONE"]
        assert others
        assert not any(device.fota_eligible or device.license_assigned for device in others)
        assert all(device.software_list == [] for device in others)

    async def test_a_device_that_never_connected_says_so(
        self, client: Client, account: str, fleet: Fleet
    ) -> None:
        fresh = all_in(fleet, "pre-active")[0]
        page = await page_of(client, account, fresh.imei)
        assert page.device_list is not None
        assert page.device_list[0].received["lastConnectionTime"] == "N/A"
        assert page.device_list[0].last_connection_time is None

    async def test_it_answers_the_same_again(self, client: Client, account: str) -> None:
        first, again = [
            [_lasting(each) async for page in software_devices(client, account) for each in page]
            for _ in range(2)
        ]
        assert first == again

    @pytest.mark.parametrize("asked", ["LWM2M", "OMADM", "HTTP"])
    async def test_a_protocol_chooses_devices(
        self, client: Client, account: str, fleet: Fleet, asked: str
    ) -> None:
        page = await client.send(
            ListSoftwareDevices.model_validate({"accountName": account, "protocol": asked})
        )
        expected = [
            device.imei
            for number in fleet.numbers()
            if RELEASES[(device := fleet.get(number)).model.name].protocol == asked
        ]
        assert expected
        assert [each.device_id for each in page.device_list or []] == expected

    async def test_the_protocol_of_a_request_that_names_none_is_a_setting(
        self, client: Client, account: str, settings: SimulatorSettings
    ) -> None:
        settings.software_protocol = "LWM2M"
        page = await client.send(ListSoftwareDevices(account_name=account))
        assert {each.protocol for each in page.device_list or []} == {"LWM2M"}


class TestByImei:
    async def test_the_named_devices_are_told_in_order(
        self, client: Client, account: str, fleet: Fleet, settings: SimulatorSettings
    ) -> None:
        settings.software_page = 4
        imeis = [fleet.get(number).imei for number in (9, 3, 5, 1, 0, 30, 31, 32, 2)]
        pages = [page async for page in software_of(client, account, imeis)]
        assert [[each.device_id for each in page] for page in pages] == [
            imeis[:4],
            imeis[4:8],
            imeis[8:],
        ]

    async def test_unknown_ones_are_left_out(
        self, client: Client, account: str, fleet: Fleet
    ) -> None:
        page = await page_of(client, account, UNKNOWN, fleet.get(0).imei)
        assert page.device_count == 1
        assert [each.device_id for each in page.device_list or []] == [fleet.get(0).imei]

    async def test_or_refused(
        self, client: Client, account: str, settings: SimulatorSettings
    ) -> None:
        settings.software_refuses_unknown = True
        operation = ListSoftwareDevicesByImei(account_name=account, device_list=[UNKNOWN])
        assert await refusal(client, operation) == "REQUEST_FAILED.DeviceNotFound"

    async def test_the_other_accounts_devices_are_not_told(
        self, simulator: Running, client: Client, account: str
    ) -> None:
        theirs = simulator.world.fleets[simulator.accounts[1]].get(0).imei
        assert (await page_of(client, account, theirs)).device_list == []


class TestRefusals:
    async def test_an_unknown_account(self, client: Client) -> None:
        operation = ListSoftwareDevices(account_name="0000000000-00000")
        assert await refusal(client, operation) == "REQUEST_FAILED.AccountNotFound"

    async def test_what_is_no_imei(self, client: Client, account: str) -> None:
        operation = ListSoftwareDevicesByImei(account_name=account, device_list=["12"])
        assert await refusal(client, operation) == "INPUT_INVALID.Device.Identifier.Invalid"

    async def test_a_last_device_that_nobody_knows(self, client: Client, account: str) -> None:
        operation = ListSoftwareDevices(account_name=account, last_seen_device_id=UNKNOWN)
        assert await refusal(client, operation) == "REQUEST_FAILED.UnexpectedError"
        named = ListSoftwareDevicesByImei(
            account_name=account, device_list=[UNKNOWN], last_seen_device_id=UNKNOWN
        )
        assert await refusal(client, named) == "REQUEST_FAILED.UnexpectedError"


def _lasting(device: SoftwareDevice) -> tuple[str, str | None, bool | None]:
    return device.device_id, device.firmware, device.license_assigned
