"""What tests of the wake queue share: something queued for a device, and the device waking."""

from datetime import UTC, datetime, timedelta

from tests.service.monitors.telling import about, deliver
from tests.support.waiting import until
from tsui.service.monitors.asking import to_text
from tsui.service.workspace import Workspace
from tsui.store.devices import DeviceRow
from tsui.store.query import DeviceQuery
from tsui.store.wakes import Wake, WakeState

TEXT = "report now"


async def sleeper(made: Workspace) -> DeviceRow:
    """Return a device that may be sent to."""
    rows = await made.device_list(DeviceQuery(made.account)).window(0, 1000)
    return next(each for each in rows if each.state == "active")


async def queue(
    made: Workspace, device: DeviceRow, text: str = TEXT, lasts: timedelta = timedelta(hours=1)
) -> int:
    """Agree to a text for the next window."""
    operation = to_text(made.account, device, text)
    report = await made.judge(operation)
    return await made.desks.monitors.queue.text(device, operation, report, "", lasts)


async def wake_up(
    made: Workspace, device: DeviceRow, seconds: float = 600.0, *, said: str = ""
) -> None:
    """Let a callback come that the device can be reached for so many seconds."""
    end = datetime.now(UTC) + timedelta(seconds=seconds)
    body = about(
        device.iccid, "a stranger's", monitorId="m", reachabilityStatus="REACHABLE", comment=said,
        MaxUEAvailabilityTime=end.strftime("%Y-%m-%dT%H:%M:%SZ"),
    )  # fmt: skip
    await deliver(made._store, body, at=made.clock.now().timestamp())


async def entry(made: Workspace, number: int) -> Wake:
    """Return an entry as it is now."""
    found = await made._store.wakes.get(number)
    assert found is not None
    return found


async def until_in(made: Workspace, number: int, state: WakeState, limit: float = 20.0) -> Wake:
    """Wait until an entry is in a state."""

    async def there() -> bool:
        return (await entry(made, number)).state is state

    await until(there, limit=limit, what=f"the state {state}")
    return await entry(made, number)
