"""What is told of entries of the wake queue: in notices, and in the journal's note."""

from collections.abc import Mapping
from dataclasses import replace

from tsui.service.export import moment_text
from tsui.store.notices import Draft, Severity
from tsui.store.wakes import Wake, WakeState

KIND = "wake"
"""Kind of the notices."""

_SEVERITIES: Mapping[WakeState, Severity] = {
    WakeState.REMINDED: Severity.ALARM,  # somebody asked to be told at this very moment
    WakeState.REFUSED: Severity.WARNING,
    WakeState.EXPIRED: Severity.WARNING,
}

_SENTENCES: Mapping[WakeState, str] = {
    WakeState.SENT: "A queued text left in its window: {text}",
    WakeState.REMINDED: "It woke. Reminder: {text} {said}",
    WakeState.REFUSED: "A queued text was refused: {text} ({said})",
    WakeState.EXPIRED: "Nothing came of what waited for it: {text} ({said})",
}


def notice(wake: Wake, at: float) -> Draft:
    """Return what is told of an entry that is over."""
    sentence = _SENTENCES.get(wake.state, "{text}: {said}").format(text=wake.text, said=wake.said)
    return Draft(
        f"wake:{wake.id}:{wake.state}", at, _SEVERITIES.get(wake.state, Severity.INFO), KIND,
        sentence.strip(), "wake queue", wake.account, wake.device,
        wake.device.partition(":")[2],
    )  # fmt: skip


def ended(wake: Wake, state: WakeState, said: str, at: float) -> Wake:
    """Return an entry as it is once it is over."""
    return replace(wake, state=state, said=said, changed_at=at)


def note(wake: Wake) -> str:
    """Return what the journal says of why a queued text is sent."""
    said = f"queued by {wake.operator} at {moment_text(wake.queued_at)} for a wake window"
    return f"{wake.note}; {said}" if wake.note else said
