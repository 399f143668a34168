"""One device: as it is handed in, and as a list shows it."""

from typing import NamedTuple


class DeviceRecord(NamedTuple):
    """A device as it is handed in: searchable values flat, everything else in ``raw``."""

    key: str
    """The identifier that lasts longest, as ``kind:value``; the record's name in this account."""
    platform_id: int | None
    """The platform's numeric id, which its paging goes by."""
    iccid: str
    imei: str
    mdn: str
    eid: str
    state: str
    plan: str
    groups: str
    """Group names, joined by commas."""
    ip: str
    custom: tuple[str, str, str, str, str]
    """CustomField1 to CustomField5."""
    connected: bool | None
    """Whether a data session was open; None when the platform did not tell."""
    last_connection: float
    """Unix time; 0 when unknown."""
    created: float
    """Unix time; 0 when unknown."""
    more: tuple[str, ...]
    """Further text to search in, e.g. other identifiers."""
    raw: bytes
    """The device as the platform told it, in JSON."""


class DeviceRow(NamedTuple):
    """A device as a list shows it; text from outside, hostile until sanitised."""

    id: int
    key: str
    iccid: str
    imei: str
    mdn: str
    eid: str
    state: str
    plan: str
    groups: str
    ip: str
    custom1: str
    custom2: str
    custom3: str
    custom4: str
    custom5: str
    connected: int | None
    last_connection: float
    created: float
    read_at: float
