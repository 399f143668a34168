"""How the outcome of a change is said."""

from tsui.service.views import ChangeState, DeviceChange
from tsui.ui.painted import Run

LOOKS = {
    ChangeState.INTENDED: ("◌", "info"),
    ChangeState.SENDING: ("◌", "info"),
    ChangeState.ACCEPTED: ("◌", "info"),
    ChangeState.SUCCEEDED: ("✓", "good"),
    ChangeState.INFERRED: ("✓", "good"),
    ChangeState.FAILED: ("✗", "bad"),
    ChangeState.REFUSED: ("✗", "bad"),
    ChangeState.NOT_SENT: ("✗", "warn"),
    ChangeState.UNKNOWN: ("?", "bad"),
    ChangeState.DECIDED: ("·", "dim"),
}
"""Glyph and look of each state."""

_WORDS = {ChangeState.ACCEPTED: "pending", ChangeState.UNKNOWN: "fate unknown"}


def outcome(change: DeviceChange) -> Run:
    """Say what is known of a change; what contradicts itself is not called an outcome."""
    if change.contradiction and change.state is not ChangeState.DECIDED:
        return "! contradictory", "bad"
    glyph, look = LOOKS[change.state]
    return f"{glyph} {_WORDS.get(change.state, change.state)}", look
