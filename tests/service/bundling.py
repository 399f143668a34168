"""What the tests of evidence bundles share: a device of which a lot is known."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.service.cases import rows, touched, workspace
from tsui.service.workspace import Workspace
from tsui.simulator.scenarios import play_named
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState, Intent, Target
from tsui.store.devices import DeviceRow
from tsui.store.inbox import Arrival

NAME, STREET, TOWN, MAIL = "Zebedee Quux", "7 Wombat Alley", "Llanfairpwll", "zeb@quux.example"
"""Of whoever uses the device."""

CUSTOM = ("Pump house nine", "meter-4711-xyz", "Quuxville")

TEXT = "open the sluice at noon"
"""Of a text message."""

WHY = "the landlord called about the flat"
"""Why it was done."""

PERSONAL = (NAME, STREET, TOWN, MAIL, *CUSTOM, TEXT, WHY)

REQUEST_ID = "7b0f5c1e-aaaa-4000-8000-00000000beef"
CODE = "REQUEST_FAILED.UnexpectedError"

PASSWORD = "hunter2-in-clear"
"""A password that no client of ours has used."""


def secrets(made: Workspace, simulator: Running) -> tuple[str, ...]:
    """Return what must never be told: what was used to sign in, and what came of it."""
    mine = simulator.world.access.credentials
    assert made.online is not None
    auth = made.online.client._auth
    return (mine.key, mine.secret, mine.password, auth._bearer, auth._session, PASSWORD)


@asynccontextmanager
async def known(simulator: Running, folder: Path) -> AsyncIterator[tuple[Workspace, DeviceRow]]:
    """Yield a workspace and a device that was suspended, with personal data and secrets around."""
    iccid = play_named(simulator.world, "suspended")["iccid"]
    async with workspace(simulator, folder) as made:
        device = next(row for row in await rows(made) if row.iccid == iccid)
        theirs = touched(simulator, device)
        theirs.custom[:3] = CUSTOM
        theirs.contact = {
            "customerName": {"firstName": NAME, "lastName": NAME},
            "address": {"addressLine1": STREET, "city": TOWN, "emailAddress": MAIL},
        }
        await made.desks.verdicts.read(device)
        device = (await made.devices([device.id]))[0]
        await plant(made, device, secrets(made, simulator))
        yield made, device


async def plant(made: Workspace, device: DeviceRow, hidden: tuple[str, ...]) -> None:
    """Put secrets and personal data wherever a text of somebody else may end up."""
    now = made.clock.now().timestamp()
    said = f"user {NAME} of {STREET}: password={PASSWORD}, seen {' '.join(hidden)}, {CUSTOM[0]}"
    place = {"customerName": {"firstName": NAME}, "address": {"addressLine1": STREET, "city": TOWN}}
    fields: dict[str, Any] = {
        "devices": [{"deviceIds": [{"id": device.iccid, "kind": "iccid"}]}],
        "primaryPlaceOfUse": {**place, "emailAddress": MAIL},
        "customFieldsToUpdate": [{"key": "CustomField1", "value": CUSTOM[0]}],
        "smsMessage": TEXT,
        "password": PASSWORD,
        "extra": [{"key": "sessionToken", "value": hidden[0]}, {"note": said}],
    }
    target = Target(device.key, "iccid", device.iccid, {"custom": {"CustomField2": CUSTOM[1]}})
    intent = Intent(
        "b", "h", made.account, "me", "ActivateDevices", "Activate", fields, [target],
        exclusive=False, note=WHY,
    )  # fmt: skip
    journal = made._store.journal
    number = await journal.intend(intent, owner="me", at=now)
    await journal.mark_sending(number, now)
    await journal.mark_answered(
        number, ChangeState.UNKNOWN, now, request_id=REQUEST_ID, problem=f"It says: {said}",
        code=CODE, evidence=said, answer=json.dumps({"told": said, "password": PASSWORD}),
    )  # fmt: skip
    await journal.move(
        (await made.changes_of(device.key))[0].id, ChangeState.FAILED, now, problem=said,
        evidence=f"callback: {said}",
    )  # fmt: skip
    fault = {"faultcode": "A.B.C", "faultstring": f"Refused. {said}"}
    body = {
        "requestId": REQUEST_ID, "deviceIds": [{"id": device.iccid, "kind": "iccid"}],
        "status": "Failed", "faultResponse": fault, "password": PASSWORD, "smsMessage": TEXT,
    }  # fmt: skip
    content = json.dumps(body).encode()
    await made._store.inbox.keep(
        [
            Arrival(
                hashlib.sha256(content).digest(), now, "CarrierService", "127.0.0.1", REQUEST_ID,
                content,
            )
        ]
    )  # fmt: skip
    await made._store.readings.put_trouble(made.account, device.id, "mismatches", said, now)
