"""What else tells of a device over time: its addresses, its hardware, its place and the list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tsui.service.device_record import unix_time
from tsui.service.timeline.model import Lane, Moment
from tsui.service.verdict.evidence import Place, Source

NEAR = 3600.0
"""Seconds within which the list and a history speak of the same."""


def addresses(seen: Sequence[Sequence[Any]]) -> Iterator[Moment]:
    """Yield when each address was first seen here."""
    before = ""
    for at, address in seen:
        raw = {"address": address, "before": before, "first seen": at}
        change = f"another one than {before}" if before else ""
        sentence = f"Address {address} seen here first"
        yield Moment(
            float(at or 0.0), Lane.IDENTITY, Source.ADDRESSES, sentence, raw, change,
            name=f"address {address}",
        )  # fmt: skip
        before = str(address)


def swaps(records: Sequence[Mapping[str, Any]]) -> Iterator[Moment]:
    """Yield when the SIM was found in other hardware."""
    for record in records:
        before, after = str(record.get("preImei")), str(record.get("postImei"))
        if before == after or not (at := unix_time(record.get("simOtaDate"))):
            continue
        yield Moment(
            at, Lane.IDENTITY, Source.MISMATCHES, f"SIM found in IMEI {after}", dict(record),
            f"it was in {before}", name=f"imei {after}",
        )  # fmt: skip


def location(place: Place, raw: Any, at: float) -> Moment:
    """Return when the network last saw where it is."""
    sentence = f"Seen at {place.latitude:.4f}, {place.longitude:.4f} within {place.radius:.0f} m"
    return Moment(at, Lane.IDENTITY, Source.LOCATION, sentence, raw, name="place")


def listed(raw: Mapping[str, Any], told: Sequence[Moment]) -> Iterator[Moment]:
    """Yield what the list tells of the past, where no history tells the same."""
    for field, lane, sentence in (
        ("createdAt", Lane.LINE, "Added to the account"),
        ("lastActivationDate", Lane.LINE, "Last activation"),
        ("lastConnectionDate", Lane.SESSIONS, "Last session began"),
    ):
        at = unix_time(raw.get(field))
        if at and not any(each.lane is lane and abs(each.at - at) < NEAR for each in told):
            yield Moment(
                at, lane, Source.LINE, f"{sentence}, by the device list", {field: raw[field]},
                name=field,
            )  # fmt: skip
