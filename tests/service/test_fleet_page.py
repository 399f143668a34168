"""Pages of the device list, split and flattened without the models."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tsui.service.device_record import device_record
from tsui.service.fleet_page import NotAPage, flatten, split
from tsui.store.bulk import Told
from tsui.thingspace.devices import Device
from tsui.thingspace.wire import attributes


def _device(number: int, **more: Any) -> dict[str, Any]:
    return {
        "deviceIds": [{"id": f"8914{number:016}", "kind": "iccId"}],
        "extendedAttributes": [{"key": "DeviceId", "value": str(number)}],
        **more,
    }


def _page(*devices: Any, more: bool = False) -> bytes:
    return json.dumps({"hasMoreData": more, "devices": devices}).encode()


def test_a_page_is_split_into_the_very_bytes_of_its_devices() -> None:
    devices = [_device(7), _device(12), _device(9)]
    page = split(_page(*devices, more=True))
    assert [json.loads(each.body) for each in page.devices] == devices
    assert (page.more, page.listed, page.largest) == (True, True, 12)
    assert [each.number for each in page.devices] == [7, 12, 9]


@pytest.mark.parametrize(
    "unusual",
    [
        {"extendedAttributes": [{"value": "7", "key": "DeviceId"}]},
        {"extendedAttributes": [{"key": "DeviceId", "x": 1, "value": "7"}]},
        {"extendedAttributes": [{"key": "Other", "value": "1"}, {"value": "7", "key": "DeviceId"}]},
    ],
)
def test_ids_that_are_written_in_another_way_are_read_all_the_same(unusual: Any) -> None:
    page = split(_page(_device(3), _device(7, **unusual)))
    assert page.largest == 7
    assert [each.number for each in page.devices] == [3, 7]


def test_an_id_inside_of_a_text_is_none() -> None:
    lie = '"key":"DeviceId","value":"999"'
    page = split(_page(_device(3, ipAddress=lie)))
    assert page.largest == 3


def test_a_list_without_ids_tells_no_largest() -> None:
    page = split(_page({"deviceIds": [{"id": "1", "kind": "imei"}]}, more=True))
    assert page.largest is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"<html>",
        b'{"devices": 1}',
        b'{"devices": [{]}',
        b'{"devices":[' + b"[" * 100_000,
    ],
)
def test_what_is_no_page_is_told_so(body: bytes) -> None:
    with pytest.raises(NotAPage):
        split(body)


def test_an_answer_without_a_list_is_not_an_empty_one() -> None:
    assert not split(b'{"hasMoreData": false}').listed
    assert split(_page()).listed


_text = st.text(max_size=8)
_pairs = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from(["CustomField1", "CustomField3", "DeviceId"])})
    | st.fixed_dictionaries({"key": _text, "value": _text | st.none()}),
    max_size=4,
)
_times = st.sampled_from(["", "N/A", "2026-08-07T06:35:14Z", "2026-08-07 06:35:14 +0200", "soon"])
_devices = st.fixed_dictionaries(
    {"deviceIds": st.lists(
        st.fixed_dictionaries(
            {"id": st.text("0123456789", max_size=20),
             "kind": st.sampled_from(["iccId", "IMEI", "mdn", "eid", "imsi"])}
        ),
        max_size=4, unique_by=lambda each: each["kind"],
    )},
    optional={
        "carrierInformations": st.lists(
            st.fixed_dictionaries(
                {"state": st.sampled_from(["active", "Suspended", "Pre-Active", "odd"])},
                optional={"servicePlan": _text},
            ),
            max_size=2,
        ),
        "connected": st.booleans() | st.none(),
        "customFields": _pairs,
        "extendedAttributes": _pairs,
        "groupNames": st.lists(_text, max_size=3),
        "ipAddress": _text | st.none(),
        "lastConnectionDate": _times,
        "createdAt": _times,
    },
)  # fmt: skip


def _unix(moment: datetime | None) -> float:
    return moment.astimezone(UTC).timestamp() if moment else 0.0


@given(_devices)
def test_a_record_says_what_the_model_reads(told: dict[str, Any]) -> None:
    record = device_record(told)
    device = Device.model_validate(told)
    ids = {each.kind.lower(): each.id for each in device.device_ids or () if each.id}
    if not ids:
        assert record is None
        return
    assert record is not None
    custom = attributes(device.custom_fields)
    assert record.platform_id == device.platform_id()
    assert record.iccid == ids.get("iccid", "")
    assert record.imei == ids.get("imei", "")
    assert record.custom[0] == custom.get("CustomField1", "")
    assert record.custom[2] == custom.get("CustomField3", "")
    assert record.connected == device.connected
    assert record.ip == (device.ip_address or "")
    assert record.last_connection == _unix(device.last_connection_date)
    assert record.created == _unix(device.created_at)
    assert json.loads(record.raw) == told


_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_text, inner, max_size=3),
    max_leaves=8,
)
_NAMES = (
    "deviceIds", "carrierInformations", "connected", "customFields", "extendedAttributes",
    "groupNames", "ipAddress", "lastConnectionDate", "createdAt",
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(_NAMES), _anything))
@example({"customFields": [{"key": [], "value": {}}, 3, {"key": {}}]})
@example({"deviceIds": [{"id": {}, "kind": "iccid"}, {"kind": None, "id": 7}]})
@example({"ipAddress": "\ud800", "deviceIds": [{"id": "1", "kind": "imei"}]})
def test_no_shape_of_a_device_is_too_odd(told: dict[str, Any]) -> None:
    body = json.dumps(told).encode()
    record = flatten(Told(body, 1))
    assert record == device_record(json.loads(body), body, 1) or record is not None
    assert record is None or record.raw == body


def test_half_a_character_in_a_page_does_not_spoil_the_others() -> None:
    page = split(_page(_device(1, ipAddress="\ud800"), _device(2)))
    records = [flatten(each) for each in page.devices]
    assert [each.platform_id for each in records if each] == [1, 2]


def test_bytes_that_are_no_text_do_not_spoil_a_device() -> None:
    body = (
        json.dumps(_device(1, ipAddress="10.0.0.1")).encode().replace(b"10.0.0.1", b"\xed\xa0\x80")
    )
    record = flatten(Told(body, 1))
    assert record is not None
    assert record.ip.encode()
