"""What tests of usage share: days made by hand."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tsui.service.usage.days import DAY, Read
from tsui.service.usage.group import GroupUsage
from tsui.service.usage.report import Known, UsageReport, report_of

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC).timestamp()
"""A Saturday at noon."""

NOBODY = GroupUsage("4G West", 0, 0, {})


def day(text: str) -> float:
    """Return midnight UTC of a day like ``2026-11-20``."""
    return datetime.fromisoformat(f"{text}T00:00:00+00:00").timestamp()


def record(text: str, used: int | str | None, **more: Any) -> dict[str, Any]:
    """Return a record as the store has it; a text is an amount that is no number."""
    is_number = isinstance(used, int)
    told = {
        "at": day(text), "bytes": used if is_number else None,
        "bytes_raw": "" if is_number else used or "", "sms": None, "abroad": False, "plan": "",
        "source": "Raw Usage",
    }  # fmt: skip
    return told | more


def records(amounts: Mapping[str, int | str | None]) -> list[dict[str, Any]]:
    return [record(text, used) for text, used in amounts.items()]


def steady(used: int, days: int = 30) -> list[dict[str, Any]]:
    """Return records of the days before today, all alike."""
    today = NOW // DAY * DAY
    return [record(_text(today - (days - n) * DAY), used) for n in range(days)]


def read(told: Sequence[Mapping[str, Any]], since: float = NOW - 31 * DAY) -> Read:
    return Read(since, NOW, told, NOW)


def report(told: Sequence[Mapping[str, Any]], **more: Any) -> UsageReport:
    """Return a report on a month."""
    known = Known([read(told)], NOW, "", "", "M2M5MB", 0.0, None, NOBODY)
    return report_of(known._replace(**more), 31 * DAY, NOW)


def _text(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")
