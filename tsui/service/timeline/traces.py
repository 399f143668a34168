"""What else tells of a device over time: its usage, its addresses, its hardware and the list."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

from tsui.service.device_record import unix_time
from tsui.service.timeline.model import DAY, Lane, Moment
from tsui.service.verdict.evidence import Place, Source
from tsui.service.verdict.say import size

SPIKE = 3.0
"""Times the median day from which on a day is out of the ordinary."""

FEWEST_DAYS = 5
"""Days from which on a median says something."""

LITTLE = 100_000
"""Bytes a day that are no spike, however little is usual."""

NEAR = 3600.0
"""Seconds within which the list and a history speak of the same."""


def usage(records: Sequence[Mapping[str, Any]]) -> Iterator[Moment]:
    """Yield the usage of each day, and the messages counted for it."""
    days = [record for record in records if record["at"]]
    sums: defaultdict[float, int] = defaultdict(int)
    for record in days:
        sums[record["at"]] += record["bytes"] or 0
    usual = median(sums.values()) if len(sums) >= FEWEST_DAYS else None
    for record in days:
        at, used = float(record["at"]), record["bytes"] or 0
        told = record["bytes_raw"] or size(used)
        abroad = ", some of it abroad" if record.get("abroad") else ""
        plan = f", plan {record['plan']}" if record["plan"] else ""
        reason = ""
        if usual is not None and used > max(SPIKE * usual, LITTLE):
            many = f"{used / usual:.0f} times its" if usual else "its"
            reason = f"{many} usual {size(usual)} a day"
        yield Moment(
            at, Lane.USAGE, Source.USAGE, f"{told} that day (UTC){abroad}{plan}", dict(record),
            reason, DAY, used, name=f"{record.get('source')} {record['plan']}",
        )  # fmt: skip
        if record["sms"]:
            sentence = f"{record['sms']} SMS that day (UTC)"
            yield Moment(at, Lane.SMS, Source.USAGE, sentence, dict(record), lasts=DAY, name="day")


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
