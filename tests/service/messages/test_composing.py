"""Composing: what is filled in, counted, left out, and made into requests."""

import pytest

from tests.service.messages.cases import device
from tsui.service.kinds import SEND_NIDD, SEND_SMS
from tsui.service.making import operation_of, values_of
from tsui.service.messages.composing import (
    REFUSED,
    TOO_LONG,
    bytes_wanted,
    counted,
    fill,
    filled,
    has_places,
    trouble,
)
from tsui.service.messages.measure import measure
from tsui.service.messages.sending import NotBytes, read_bytes

PUMP = device(custom1="pump-17")
VALVE = device("8914800000000000025", id=2, custom1="valve")


def test_places_are_filled_in_for_each_device_and_others_stay() -> None:
    assert fill("{custom1} at {mdn}: {x} {", PUMP) == "pump-17 at 5551234567: {x} {"
    assert has_places("{iccid}")
    assert not has_places("{x} { iccid }")


def test_devices_of_the_same_text_are_together() -> None:
    found = filled("reboot", [PUMP, VALVE])
    assert [(each.values, each.ids) for each in found.wanted] == [({"text": "reboot"}, [1, 2])]
    found = filled("reboot {custom1}", [PUMP, VALVE])
    assert [each.values["text"] for each in found.wanted] == ["reboot pump-17", "reboot valve"]
    assert found.longest == "reboot pump-17"


def test_who_cannot_have_it_is_left_out_with_a_reason() -> None:
    text = "x" * 150 + "{custom1}"
    hostile = device("3", id=3, custom1="it's")
    long = device("4", id=4, custom1="y" * 11)
    found = filled(text, [PUMP, hostile, long])
    assert [each.ids for each in found.wanted] == [[1]]
    assert dict(found.left_out) == {REFUSED: 1, TOO_LONG: 1}


def test_what_keeps_a_text_is_told_with_its_place() -> None:
    assert trouble("") == "There is nothing to send yet."
    assert "refuses ' (character 3)" in trouble("it's")
    assert trouble("x" * 161) == "1 septets too long; a message is never split."
    assert trouble("x" * 160) == ""
    assert trouble("é" * 160) == ""
    assert trouble("ж" * 71) == "2 bytes too long; a message is never split."


def test_what_makes_a_text_8_bit_is_told() -> None:
    assert counted(measure("{€}")) == "6/160 septets, 7-bit"
    assert counted(measure("ok ж")) == (
        "5/140 bytes, 8-bit-UTF-8: ж (character 4) is not in the 7-bit alphabet"
    )


@pytest.mark.parametrize(
    ("text", "encoding"), [("hello", None), ("a`b", "8-bit-ASCII"), ("жж", "8-bit-UTF-8")]
)
def test_a_request_has_the_encoding_its_characters_ask_for(text: str, encoding: str | None) -> None:
    operation = operation_of(SEND_SMS, {"text": text}, "0742000123-00001", [PUMP, VALVE])
    fields = operation.fields()
    assert fields.get("dataEncoding") == encoding
    assert fields["smsMessage"] == text
    assert [each["id"] for each in fields["deviceIds"]] == [PUMP.iccid, VALVE.iccid]
    assert values_of("SendSms", fields) == (SEND_SMS, {"text": text})


def test_bytes_come_as_text_hexadecimal_or_base64() -> None:
    assert read_bytes("on") == b"on"
    assert read_bytes("0x0a FF") == b"\n\xff"
    assert read_bytes("hex: 00 01") == b"\0\1"
    assert read_bytes("base64:AAEC") == b"\0\1\2"
    assert len(read_bytes("x" * 1358)) == 1358
    for wrong in ("", "0x0", "hex:zz", "base64:A", "x" * 1359):
        with pytest.raises(NotBytes):
            read_bytes(wrong)


def test_bytes_make_a_request_and_come_back_from_it() -> None:
    (wanted,) = bytes_wanted("0x0001", 60, [PUMP])
    operation = operation_of(SEND_NIDD, wanted.values, "0742000123-00001", [PUMP])
    fields = operation.fields()
    assert (fields["message"], fields["maximumDeliveryTime"]) == ("AAE=", 60)
    assert values_of("SendNidd", fields) == (SEND_NIDD, dict(wanted.values))
