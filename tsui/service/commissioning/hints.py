"""What to do about a step that is late or failed: causes by the verdict's rules, then by habit."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tsui.service.commissioning.model import Run, StepName, StepState
from tsui.service.verdict.engine import judge
from tsui.service.verdict.evidence import Evidence
from tsui.service.verdict.model import Status


class Hint(NamedTuple):
    """Something that may be the cause, and what to do about it."""

    cause: str
    """May hold words from outside."""
    advice: str
    key: str = ""
    """The key that does it; empty where there is none."""


_USUAL: Mapping[StepName, Sequence[Hint]] = {
    StepName.LINE: (
        Hint("nobody is signed in, or ThingSpace does not answer", "Sign in again.", "ctrl+l"),
    ),
    StepName.ACTIVATION: (
        Hint("the network is busy: up to 24 h are documented", "Requests show it.", "3"),
        Hint("credit is being checked: the request is on hold", "Ask the account's owner."),
    ),
    StepName.CONNECTION: (
        Hint("it tried too early and gave up", "Power-cycle the device."),
        Hint("no signal: antenna, cable, coverage", "Look at antenna and signal."),
        Hint("the SIM is not seated, or the APN in the device is wrong", "Look at both."),
        Hint(
            "its IMEI is not in the carrier's device database",
            "Check availability (by callback).", ":op CheckDeviceAvailability",
        ),
    ),
    StepName.BYTES: (
        Hint("its session is open yet: bytes are told at its end", "Wait a quarter of an hour."),
        Hint("wrong APN, firewall, or the application is silent", "Let the device send something."),
    ),
    StepName.ECHO: (
        Hint("the device sleeps: the network tries for five days", "Wake it, or E ends the run."),
        Hint("the listener is somebody else's, so the receipt went there", "Look.", ":listeners"),
    ),
}  # fmt: skip

_AFTER_NO: Mapping[StepName, Sequence[Hint]] = {
    StepName.LINE: (
        Hint("the number is wrong, or the line is on another account", "Compare with the label."),
    ),
    StepName.ACTIVATION: (
        Hint("the carrier said no, for the reason above", "Put that right, then try again.", "A"),
    ),
    StepName.ECHO: (
        Hint("the message did not reach the device", "Send it again, or E ends the run.", "S"),
    ),
}

_TOLD = frozenset({Status.STOP, Status.WARN})


def hints(run: Run, evidence: Evidence) -> tuple[Hint, ...]:
    """Return what may keep a run waiting; nothing while its step is in its usual time."""
    step = run.current
    if step is None or step.state not in (StepState.LATE, StepState.FAILED):
        return ()
    if step.state is StepState.FAILED and step.name in _AFTER_NO:
        return tuple(_AFTER_NO[step.name])
    likely = judge(evidence).likely
    told: tuple[Hint, ...] = ()
    if likely is not None and likely.rule.status in _TOLD:
        told = (Hint(likely.sentence, likely.rule.advice, likely.rule.key),)
    return (*told, *_USUAL.get(step.name, ()))
