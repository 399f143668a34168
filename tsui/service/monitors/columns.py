"""What an export says of monitors."""

from tsui.service.export import Columns, moment_text
from tsui.service.monitors.model import Monitor

COLUMNS: Columns[Monitor] = {
    "state": lambda each: str(each.state),
    "watches": lambda each: each.watch,
    "devices": lambda each: each.devices,
    "active_on": lambda each: each.alive,
    "first_device": lambda each: each.device,
    "set_utc": lambda each: moment_text(each.set_at),
    "ends_utc": lambda each: moment_text(each.ends),
    "last_sign_utc": lambda each: moment_text(each.told_at),
    "request": lambda each: each.request,
    "request_id": lambda each: each.request_id,
    "monitor_id": lambda each: each.name,
    "operator": lambda each: each.operator,
    "note": lambda each: each.note,
    "problem": lambda each: each.problem,
}
"""What is said of a monitor."""
