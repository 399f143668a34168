"""What the tests of commissioning share: a device on its way, and a listener of ours."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.receiver.cases import KEYS
from tests.service.cases import environment, submit
from tests.support.waiting import until
from tsui.receiver.server import Options, running
from tsui.service.commissioning.model import Run, StepName, StepState
from tsui.service.kinds import ACTIVATE
from tsui.service.workspace import Workspace
from tsui.simulator.listeners import Listener
from tsui.simulator.server import Running
from tsui.store.devices import DeviceRow

SERVICES = ("CarrierService", "SMSDeliveryConfirmation", "EnhancedConnectivityService")
"""What our receiver listens to."""


@asynccontextmanager
async def receiver(simulator: Running, folder: Path) -> AsyncIterator[None]:
    """Receive the callbacks of the simulator into the store in a folder."""
    store = folder / environment(simulator).folder_name
    store.mkdir(parents=True, exist_ok=True)
    async with running(Options(store, KEYS)) as base_url:
        simulator.world.postman.listeners[simulator.accounts[0]] = {
            name: Listener(name, f"{base_url}/{KEYS.path}/{name}", KEYS.username, KEYS.password)
            for name in SERVICES
        }
        yield


async def found(made: Workspace, iccid: str) -> DeviceRow:
    (row,) = await made.find_devices(iccid)
    return row


async def begun(made: Workspace, iccid: str) -> Run:
    """Begin a run of a device and have it watched."""
    run = await made.desks.commissionings.begin(await found(made, iccid))
    made.desks.commissionings.follow(run)
    return run


async def activate(made: Workspace, iccid: str) -> None:
    device = await found(made, iccid)
    assert await submit(made, [device], ACTIVATE, service_plan="87641", mdn_zip_code="12345") == 1


async def now(made: Workspace, run: Run) -> Run:
    known = await made.desks.commissionings.get(run.id)
    assert known is not None
    return known


async def until_step(
    made: Workspace, run: Run, name: StepName, *states: StepState, limit: float = 20.0
) -> Run:
    """Wait until a step is in one of some states and return the run."""

    async def there() -> bool:
        return (await now(made, run)).step(name).state in states

    try:
        await until(there, limit=limit, what=f"{name} being {states}")
    except AssertionError as error:
        raise AssertionError(f"{error}: {(await now(made, run)).steps}") from None
    return await now(made, run)
