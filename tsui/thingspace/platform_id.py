"""The platform's numeric device id, which the paging of the device list goes by."""

import re

PAGING_KEY = "DeviceId"
"""Name of the extended attribute that carries it."""

_WHOLE_NUMBER = re.compile(r"[0-9]{1,18}")
"""Digits that fit into 64 bits, as the platform's ids do."""


def platform_id(text: str) -> int | None:
    """Return the id that an attribute tells; None for what is none."""
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None
