"""What the tests of verdicts share: a device in a situation, read over real HTTP."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.receiver.cases import KEYS
from tests.service.cases import environment, rows, sim_device, workspace
from tests.support.clock import HastyClock
from tests.support.waiting import until
from tsui.receiver.server import Options, running
from tsui.service.forms import from_json
from tsui.service.verdict.model import Verdict
from tsui.service.workspace import Workspace
from tsui.simulator.catalogue import COORDINATES, SITES
from tsui.simulator.listeners import Listener
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.store.devices import DeviceRow

KNOWN_BEFORE = frozenset({"blind", "not-listed", "other-address"})
"""Situations of a device that was known before it came into them."""

LATER = {"stale": timedelta(hours=1), "sms-unconfirmed": timedelta(minutes=30)}
"""How much later a situation is looked at."""

TOLD = frozenset(
    {
        "credit-on-hold", "abnormal-disconnect", "window-open", "no-status", "reported-lost",
        "sms-reach-not-offered",
    }
)  # fmt: skip
"""Situations that a callback message tells."""

HEARD = (*TOLD, "sms-unconfirmed", "no-listener")
"""Situations in which our receiver listens."""

SERVICES = ("CarrierService", "AlertService", "DiagnosticsService", "SMSDeliveryConfirmation")
"""What it listens to."""


class ShiftedClock(HastyClock):
    """The machine's clock whose wall can be put forward."""

    shift = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.shift


@asynccontextmanager
async def receiver(
    simulator: Running, folder: Path, services: Iterable[str] = SERVICES
) -> AsyncIterator[None]:
    """Receive the callbacks of the simulator into the store in a folder."""
    store = folder / environment(simulator).folder_name
    store.mkdir(parents=True, exist_ok=True)
    async with running(Options(store, KEYS)) as base_url:
        simulator.world.postman.listeners[simulator.accounts[0]] = {
            name: Listener(name, f"{base_url}/{KEYS.path}/{name}", KEYS.username, KEYS.password)
            for name in services
        }
        yield


async def diagnose(simulator: Running, folder: Path, name: str) -> Verdict:
    """Put a device into a situation, read everything about it, and come to a verdict."""
    clock = ShiftedClock()
    async with AsyncExitStack() as stack:
        if name in HEARD:
            await stack.enter_async_context(receiver(simulator, folder))
        before = "asleep" if name in KNOWN_BEFORE else name
        iccid = play_named(simulator.world, before)["iccid"]
        made = await stack.enter_async_context(workspace(simulator, folder, clock=clock))
        if name in KNOWN_BEFORE:
            play_named(simulator.world, f"{name}:{iccid}")
        device = next(row for row in await rows(made) if row.iccid == iccid)
        if name in ACTS:
            await ACTS[name](simulator, made, device)
        if name in TOLD:
            await until(lambda: came(made), what="the callback message")
        clock.shift = LATER.get(name, timedelta(0))
        await made.desks.verdicts.read(device)
        fresh = await made.devices([device.id])
        return await made.desks.verdicts.on(fresh[0] if fresh else device)


async def came(made: Workspace) -> bool:
    return await made.inbox.count() > 0


async def _read_label(_: Running, made: Workspace, device: DeviceRow) -> None:
    await made.desks.verdicts.note_site(device, "990000862471854", None)


async def _locate(simulator: Running, made: Workspace, device: DeviceRow) -> None:
    site = COORDINATES[SITES.index(sim_device(simulator, device).site)]
    await made.desks.verdicts.note_site(device, "", site)
    listed = {"id": device.iccid, "kind": "iccid", "mdn": device.mdn}
    await made.ask(
        from_json("FindLocations", {"accountName": made.account, "deviceList": [listed]})
    )


async def _send(made: Workspace, name: str, fields: Mapping[str, Any]) -> None:
    await made.perform(from_json(name, {"accountName": made.account, **fields}))


async def _text(_: Running, made: Workspace, device: DeviceRow) -> None:
    named = [{"id": device.iccid, "kind": "iccid"}]
    await _send(made, "SendSms", {"deviceIds": named, "smsMessage": "reboot"})


async def _monitor(_: Running, made: Workspace, device: DeviceRow) -> None:
    named = [{"deviceIds": [{"id": device.iccid, "kind": "iccid"}]}]
    ends = (made.clock.now() + timedelta(days=1)).isoformat()
    fields = {"devices": named, "requestType": "REACHABLE_FOR_DATA", "monitorExpirationTime": ends}
    await _send(made, "MonitorReachability", fields)


ACTS: Mapping[str, Callable[[Running, Workspace, DeviceRow], Awaitable[None]]] = {
    "imei-differs": _read_label,
    "away-from-site": _locate,
    "sms-unconfirmed": _text,
    "no-listener": _monitor,
}
"""What an operator does in a situation before asking for the verdict."""
