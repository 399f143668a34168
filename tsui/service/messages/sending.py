"""What a message sends: the fields of its request, and the way back from those."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from tsui.service.kinds import SEND_SMS, ChangeKind
from tsui.service.messages.measure import Encoding, measure

LONGEST_BYTES = 1358
"""Bytes of a message without IP (documented)."""

SHORTEST_TIME, LONGEST_TIME = 2, 2_592_000
"""Seconds that the network may be given to deliver bytes (documented)."""


class NotBytes(Exception):
    """What was written stands for no bytes; the text says why, in a sentence."""


def message_fields(kind: ChangeKind, values: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of a message's request, but for account and devices."""
    if kind.operation != SEND_SMS.operation:
        return {
            "maximum_delivery_time": int(values["seconds"]),
            "message": base64.b64encode(bytes.fromhex(values["payload"])).decode(),
        }
    encoding = measure(values["text"]).encoding
    named = {} if encoding is Encoding.SEVEN_BIT else {"data_encoding": encoding.value}
    return {"sms_message": values["text"], **named}


def message_values(kind: ChangeKind, fields: Mapping[str, Any]) -> dict[str, str]:
    """Return what an operator gave for a message that was sent or should have been."""
    if kind.operation == SEND_SMS.operation:
        return {"text": str(fields["smsMessage"])}
    payload = base64.b64decode(str(fields["message"]))
    return {"payload": payload.hex(), "seconds": str(fields["maximumDeliveryTime"])}


def read_bytes(written: str) -> bytes:
    """Return the bytes that somebody wrote; raises NotBytes.

    ``0x`` or ``hex:`` begins hexadecimal digits, which blanks may part, and ``base64:`` base64;
    anything else is the text itself, in UTF-8.
    """
    content = _content(written)
    if not content:
        raise NotBytes("There is nothing to send.")
    if len(content) > LONGEST_BYTES:
        raise NotBytes(f"{len(content):,} bytes are too many; {LONGEST_BYTES:,} may be sent.")
    return content


def _content(written: str) -> bytes:
    text = written.strip()
    begins, _, rest = text.partition(":")
    if text[:2].lower() == "0x" or begins.lower() == "hex":
        digits = "".join((rest if begins.lower() == "hex" else text[2:]).split())
        try:
            return bytes.fromhex(digits)
        except ValueError:
            raise NotBytes("This is not hexadecimal: two digits of 0-9 a-f a byte.") from None
    if begins.lower() == "base64":
        try:
            return base64.b64decode("".join(rest.split()), validate=True)
        except (binascii.Error, ValueError):
            raise NotBytes("This is not base64.") from None
    return written.encode("utf-8", "replace")
