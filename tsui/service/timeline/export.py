"""What an export says of a moment."""

import json

from tsui.service.export import Columns, moment_text
from tsui.service.timeline.model import Moment

COLUMNS: Columns[Moment] = {
    "time_utc": lambda each: moment_text(each.at),
    "lasts_seconds": lambda each: round(each.lasts),
    "lane": lambda each: each.lane.value,
    "sentence": lambda each: each.sentence,
    "anomaly": lambda each: each.reason,
    "source": lambda each: each.source.value,
    "raw": lambda each: json.dumps(each.raw, ensure_ascii=False, default=str),
}
"""Columns of an export, the same in every format."""


def row_text(moment: Moment) -> str:
    """Return a moment as a line of tabs, as a ticket takes it."""
    known = (COLUMNS[name](moment) for name in ("time_utc", "lane", "sentence", "anomaly"))
    return "\t".join(str(each) for each in known if each)


def request_id(moment: Moment) -> str:
    """Return the id under which the platform knows it; empty where it has none."""
    raw = moment.raw if isinstance(moment.raw, dict) else {}
    return str(raw.get("request_id") or raw.get("requestId") or raw.get("RequestId") or "")
