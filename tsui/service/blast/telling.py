"""Incidents as exports have them."""

from tsui.service.blast.model import Incident
from tsui.service.export import Columns, moment_text

COLUMNS: Columns[Incident] = {
    "began_utc": lambda each: moment_text(each.began),
    "ended_utc": lambda each: moment_text(each.ended),
    "hit": lambda each: str(each.reach),
    "trait": lambda each: str(each.shared.trait) if each.shared else None,
    "value": lambda each: each.shared.value if each.shared else None,
    "devices": lambda each: len(each.devices),
    "of_lost": lambda each: each.shared.of_here if each.shared else None,
    "fleet_share": lambda each: round(each.shared.fleet_share, 5) if each.shared else None,
    "lift": lambda each: round(each.shared.lift, 1) if each.shared else None,
    "overdue": lambda each: each.late,
    "acknowledged_utc": lambda each: moment_text(each.note.at) if each.note else None,
    "acknowledged_by": lambda each: each.note.operator if each.note else None,
    "note": lambda each: each.note.note if each.note else None,
}
"""What can be exported of an incident."""
