"""Rows of the store, made up for tests of what looks at them."""

from dataclasses import replace
from typing import Any

from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.devices import DeviceRow

_BLANK = DeviceRow(
    id=0,
    key="",
    iccid="",
    imei="",
    mdn="",
    eid="",
    state="active",
    plan="",
    groups="",
    ip="",
    custom1="",
    custom2="",
    custom3="",
    custom4="",
    custom5="",
    connected=None,
    last_connection=0.0,
    created=0.0,
    read_at=0.0,
)


def row(number: int = 1, **values: Any) -> DeviceRow:
    """Return a device row; its ICCID and key follow from its number."""
    iccid = f"8914800000000000{number:04d}"
    made = _BLANK._replace(id=number, key=f"iccid:{iccid}", iccid=iccid)
    return made._replace(**values)


def change_of(device: DeviceRow, state: ChangeState, **values: Any) -> DeviceChange:
    """Return a change of a device in a state."""
    made = DeviceChange(
        id=1,
        request=1,
        batch="b",
        account="0742000123-00001",
        operator="someone",
        operation="SuspendDevices",
        title="Suspend",
        fields={},
        owner="o",
        created_at=1000.0,
        sending_at=1000.0,
        answered_at=None,
        request_id="",
        devices=1,
        device_key=device.key,
        kind="iccid",
        identifier=device.iccid,
        before={"state": "active", "plan": "M2M5MB"},
        state=state,
        changed_at=1000.0,
        problem="",
        evidence="",
        exclusive=True,
        answer="",
    )
    return replace(made, **values)
