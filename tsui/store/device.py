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
    silent_since: int | None = None
    """Unix time at which its silence began, as well as is known; 0 or None where it is in none."""
    usual_gap: int | None = None
    """Seconds its silences take as a rule; 0 or None where that is not known."""
    gaps: int | None = None
    """How many silences that was learned from."""
    expected_at: int | None = None
    """Unix time at which its usual gap ends; 0 or None unless it is silent and that is known."""
    learned_at: int | None = None
    """Unix time at which its connection history was read; None where that never was."""
    session: int | None = None
    """Seconds its sessions take as a rule; None where its history told no rhythm."""
    session_bytes: int | None = None
    """Bytes of its sessions as a rule."""
    hours: int | None = None
    """Hours of the day, in UTC, in which it connects: one bit each, the lowest for midnight."""

    def overdue(self, now: float) -> float | None:
        """Return how many times its usual gap it is silent; None where that is not known."""
        if not (self.expected_at and self.usual_gap):
            return None
        return (now - (self.silent_since or 0)) / self.usual_gap
