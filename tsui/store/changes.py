"""The states a change of one device goes through, and what the journal holds of it.

States only move along ``NEXT``::

    intended -> sending | not sent
    sending  -> accepted | succeeded | refused | not sent | unknown
    accepted -> succeeded | failed | inferred | decided | unknown
    unknown  -> succeeded | failed | inferred | decided | accepted | refused | not sent
    inferred -> succeeded | failed
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ChangeState(StrEnum):
    """What is known of a change of one device."""

    INTENDED = "intended"
    """Confirmed by the operator, not yet on its way."""
    SENDING = "sending"
    """Being sent by a process that lives."""
    ACCEPTED = "accepted"
    """The platform took it; the outcome is awaited."""
    REFUSED = "refused"
    """The platform said no; nothing was done."""
    NOT_SENT = "not sent"
    """It provably never left."""
    UNKNOWN = "unknown"
    """It may have been done; only evidence or the operator settles it."""
    SUCCEEDED = "succeeded"
    """The platform confirmed it for this request."""
    FAILED = "failed"
    """The platform reported failure."""
    INFERRED = "inferred"
    """The device shows it; the platform did not confirm this very request."""
    DECIDED = "decided"
    """The operator closed it by a judgement of their own."""


NEXT: Mapping[ChangeState, frozenset[ChangeState]] = {
    ChangeState.INTENDED: frozenset({ChangeState.SENDING, ChangeState.NOT_SENT}),
    ChangeState.SENDING: frozenset(
        {
            ChangeState.ACCEPTED,
            ChangeState.SUCCEEDED,
            ChangeState.REFUSED,
            ChangeState.NOT_SENT,
            ChangeState.UNKNOWN,
        }
    ),
    ChangeState.ACCEPTED: frozenset(
        {
            ChangeState.SUCCEEDED,
            ChangeState.FAILED,
            ChangeState.INFERRED,
            ChangeState.DECIDED,
            ChangeState.UNKNOWN,
        }
    ),
    ChangeState.UNKNOWN: frozenset(
        {
            ChangeState.ACCEPTED,
            ChangeState.SUCCEEDED,
            ChangeState.FAILED,
            ChangeState.INFERRED,
            ChangeState.DECIDED,
            ChangeState.REFUSED,
            ChangeState.NOT_SENT,
        }
    ),
    # Nothing is awaited, but the platform's own word may still come, and it is stronger.
    ChangeState.INFERRED: frozenset({ChangeState.SUCCEEDED, ChangeState.FAILED}),
}
"""States that may follow a state; a state without an entry is final."""

OPEN = frozenset(NEXT) - {ChangeState.INFERRED}
"""States in which something is still awaited."""

CONTRADICTS: Mapping[ChangeState, frozenset[ChangeState]] = {
    ChangeState.SUCCEEDED: frozenset({ChangeState.FAILED}),
    ChangeState.FAILED: frozenset({ChangeState.SUCCEEDED}),
    ChangeState.DECIDED: frozenset({ChangeState.SUCCEEDED, ChangeState.FAILED}),
    ChangeState.REFUSED: frozenset({ChangeState.SUCCEEDED}),
    ChangeState.NOT_SENT: frozenset({ChangeState.SUCCEEDED}),
}
"""What may be told of a change that is over and does not fit with how it ended."""

CONTRADICTED = "contradicted"
"""Names the event of such a word; the state stays, and both are kept."""

PROVEN = frozenset(
    {ChangeState.SUCCEEDED, ChangeState.FAILED, ChangeState.INFERRED, ChangeState.DECIDED}
)
"""Outcomes, which the journal takes only together with what they rest on."""


@dataclass(frozen=True, slots=True)
class Target:
    """A device a change is meant for, captured when the key was pressed."""

    key: str
    """The device's name in the account."""
    kind: str
    """Kind of the identifier that is sent."""
    identifier: str
    """The identifier that is sent."""
    before: Mapping[str, Any]
    """Values the change may alter, as they were."""


@dataclass(frozen=True, slots=True)
class Intent:
    """One request that is about to be sent."""

    batch: str
    """Names what the operator confirmed at once; may be several requests."""
    environment: str
    """The host it goes to."""
    account: str
    """The account."""
    operator: str
    """Who confirmed it."""
    operation: str
    """Class name of the operation."""
    title: str
    """The change in words."""
    fields: Mapping[str, Any]
    """The operation's fields under wire names."""
    targets: Sequence[Target]
    """The devices, or the account itself."""
    exclusive: bool = True
    """Whether its devices take no other exclusive request before this one is over."""
    profile: str = ""
    """Profile of the settings it was confirmed in."""
    note: str = ""
    """Why it is done, in the operator's words."""


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """A device's part in a request, as the journal has it."""

    id: int
    request: int
    batch: str
    account: str
    operator: str
    operation: str
    title: str
    fields: Mapping[str, Any]
    owner: str
    created_at: float
    sending_at: float | None
    answered_at: float | None
    request_id: str
    devices: int
    """Devices in the same request."""
    device_key: str
    kind: str
    identifier: str
    before: Mapping[str, Any]
    state: ChangeState
    changed_at: float
    problem: str
    """Why, in plain words, for states that need one."""
    evidence: str
    """What the state rests on."""
    exclusive: bool
    """Whether the device takes no other exclusive change before this one is over."""
    answer: str
    """What the platform answered, as JSON without secrets; empty where it is the request id."""
    profile: str = ""
    """Profile of the settings it was confirmed in."""
    note: str = ""
    """Why it was done, in the operator's words."""
    contradiction: str = ""
    """What was told that does not fit with the state; both are kept, and neither wins silently."""


class OpenChange(Exception):
    """A device has a change that is not over, so no other may be sent to it."""

    def __init__(self, device_key: str, request: int, state: ChangeState) -> None:
        super().__init__(f"{device_key} has an open change in request {request}")
        self.device_key = device_key
        """The device."""
        self.request = request
        """The request that is not over."""
        self.state = state
        """Where that stands."""


class ChangeOver(Exception):
    """A request was closed before it was sent, so nothing of it may be sent any more."""

    def __init__(self, request: int) -> None:
        super().__init__(f"request {request} is closed already; nothing of it was sent")
        self.request = request
        """The request."""
