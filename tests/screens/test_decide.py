"""A change of unknown fate is closed by whoever looked elsewhere, of a device or of the account."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.screens.test_operations import comes
from tests.service.cases import requests_for
from tests.service.operators import perform
from tests.support.app import dashboard, flash, launch, shown
from tsui.clock import SystemClock
from tsui.service.failures import ChangeFailed
from tsui.service.kinds import is_read_back
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState

SUSPEND = "/actions/suspend"


@pytest.mark.parametrize(
    ("operation", "target", "shows"),
    [
        ("SuspendDevices", "iccid", True),
        ("SuspendDevices", "account", False),
        ("SendSms", "iccid", False),
        ("ChangeCostCenter", "iccid", False),
    ],
)
def test_nothing_is_promised_of_what_no_read_shows(
    operation: str, target: str, *, shows: bool
) -> None:
    assert is_read_back(operation, target) is shows


class LateClock(SystemClock):
    """The machine's clock, so much later than it is."""

    late = timedelta()

    def now(self) -> datetime:
        return super().now() + self.late


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=3600.0)


async def test_an_account_wide_change_of_unknown_fate_is_closed_and_may_be_made_again(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        simulator.world.faults.append(Fault("drop", SUSPEND, after=True))
        lost = await perform(app.workspace, "SuspendDevices", groupName="Pumps")
        assert lost.state is ChangeState.UNKNOWN
        with pytest.raises(ChangeFailed, match="request 1, which is unknown"):
            await perform(app.workspace, "SuspendDevices", groupName="Pumps")
        await pilot.press("3", "enter")
        await comes(app, lambda: "Look elsewhere" in shown(app), "what it means")
        await pilot.press("O", "down", "enter")
        await comes(app, lambda: "It was not done; checked outside" in shown(app), "the decision")
        again = await perform(app.workspace, "SuspendDevices", groupName="Pumps")
        assert again.state is ChangeState.ACCEPTED
        assert requests_for(simulator, SUSPEND) == 2


async def test_a_decision_does_not_close_what_became_known_while_it_was_asked_for(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        simulator.world.faults.append(Fault("drop", SUSPEND, after=True))
        await perform(app.workspace, "SuspendDevices", groupName="Pumps")
        await pilot.press("3", "O")
        await comes(app, lambda: "What became of it?" in shown(app), "the question")
        (change,) = await app.workspace.change_window(0, 9)
        await app.workspace._store.journal.move(change.id, ChangeState.ACCEPTED, change.changed_at)
        await pilot.press("enter")
        await comes(app, lambda: "by now the change is accepted" in flash(app), "the reason")
        (change,) = await app.workspace.change_window(0, 9)
        assert change.state is ChangeState.ACCEPTED


async def test_a_request_is_found_by_the_number_that_messages_name(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path), size=(80, 24)) as (app, pilot):
        fleet = simulator.world.fleets[simulator.accounts[0]]
        iccids = [fleet.get(number).iccid for number in fleet.numbers()][:3]
        to = [{"id": each, "kind": "iccid"} for each in iccids]
        await perform(app.workspace, "SendSms", deviceIds=to, smsMessage="x")
        sent = await perform(app.workspace, "SendSms", deviceIds=to[:1], smsMessage="y")
        await pilot.press("3")
        for name, request in (("1", 1), ("2", 2), (sent.request_id, 2)):
            await app.run_line(app.place, f"req {name}")
            current = app.place.as_list().table.current
            assert current is not None
            assert current.request == request
        await app.run_line(app.place, "req 99")
        await comes(app, lambda: "no request 99" in flash(app), "the reason")


async def test_an_outcome_that_is_late_says_for_how_long_it_is_awaited(
    simulator: Running, tmp_path: Path
) -> None:
    clock = LateClock()
    async with dashboard(launch(simulator, tmp_path, clock=clock), size=(80, 24)) as (app, pilot):
        await pilot.press("S", "y", "3")
        await comes(app, lambda: "◌ pending" in shown(app), "the change")
        await pilot.press("enter")
        await comes(app, lambda: "usually less than an hour" in shown(app), "the usual time")
        await pilot.press("escape")
        clock.late = timedelta(hours=3, minutes=1)
        await pilot.press("z")
        await comes(app, lambda: "◌ pending 3 h" in shown(app), "the age")
        await pilot.press("enter")
        await comes(app, lambda: "longer than the usual hour" in shown(app), "the sentence")
