"""The shape of a bundle's JSON; whoever reads it goes by ``format`` and ``version``.

Every time is UTC in ISO 8601 and null where it is not known. A field may be added without a new
version; one that goes, or means something else, makes a new one. All texts may hold what somebody
else wrote.
"""

from typing import Any, Literal

from pydantic import BaseModel

from tsui import __version__


class Span(BaseModel):
    """The time that the bundle tells of."""

    since: str
    until: str


class ClockNote(BaseModel):
    """Whose clock the times are by."""

    note: str
    """In words, for people."""
    zone: str
    """Zone of the machine the bundle was made on; the times are not in it."""
    platform_ahead_seconds: float | None
    """Seconds ThingSpace's clock was ahead of that machine's; null while nobody is signed in."""


class Place(BaseModel):
    """Which ThingSpace, and which account of it."""

    kind: str
    """``production``, ``staging``, ``simulator`` or ``custom``."""
    host: str
    account: str


class Field(BaseModel):
    """A value under the name that the platform gives it."""

    name: str
    value: str


class Reading(BaseModel):
    """What one read brought."""

    source: str
    """Where it comes from."""
    read: str | None
    """When it was read."""
    trouble: str
    """Why the last try brought nothing; empty when it did."""
    fields: list[Field]


class Device(BaseModel):
    """The device as the list of the account tells it."""

    ids: dict[str, str]
    """Identifiers by their kind, e.g. ``iccid``."""
    state: str
    plan: str
    groups: str
    ip: str
    connected: bool | None
    """Whether a data session was open; null where that was not told."""
    last_connection: str | None
    """When its last session began."""
    added: str | None
    """When the account got it."""
    line: Reading
    """All of it, flat."""
    diagnostics: Reading
    """The extended diagnostics."""


class Fact(BaseModel):
    """Something that was read."""

    field: str
    value: str
    source: str
    age_seconds: int | None


class Rival(BaseModel):
    """Another cause that would look the same."""

    cause: str
    tell: str


class Finding(BaseModel):
    """A cause that was found."""

    rule: str
    name: str
    cause: str
    sentence: str
    confidence: str
    """``high`` (a documented state), ``medium`` (a documented hint) or ``low`` (an inference)."""
    facts: list[Fact]
    rivals: list[Rival]
    next: str


class Layer(BaseModel):
    """What has to be right for the device to be online, and whether it is."""

    layer: str
    status: str
    """``OK``, ``WARN``, ``STOP`` or ``UNKNOWN``."""
    facts: list[Fact]
    findings: list[Finding]
    not_judged: list[str]
    note: str


class Verdict(BaseModel):
    """Why the device is offline, as far as that can be told."""

    verdict: str
    """``OK``, ``WARN``, ``STOP`` or ``UNKNOWN``."""
    sentence: str
    at: str
    cause: Finding | None
    candidate: Finding | None
    """Where the cause cannot be told: what it would be if nothing that is missing were."""
    layers: list[Layer]


class Event(BaseModel):
    """Something that happened, or was told."""

    at: str
    kind: Literal["connection", "provisioning", "request", "callback"]
    what: str
    detail: str
    source: str
    """Who told it."""
    request_id: str
    """ThingSpace's id of the request; empty where there is none."""
    code: str
    """The platform's error code; empty where it gave none."""


class Day(BaseModel):
    """A day of usage, from midnight to midnight UTC."""

    day: str
    bytes: int | None
    sms: int | None


class Request(BaseModel):
    """A change that was made from here."""

    number: int
    """Its number in the journal here."""
    title: str
    operation: str
    """Class name of the operation."""
    state: str
    """``accepted`` waits for its outcome; ``unknown`` may have been done."""
    request_id: str
    """ThingSpace's id; empty where it gave none."""
    code: str
    """ThingSpace's error code; empty where it gave none."""
    problem: str
    """Why it did not go well, with ThingSpace's own words where it said some."""
    evidence: str
    """What the state rests on."""
    contradiction: str
    """What was told later that does not fit."""
    identifier: str
    """The device, as the request names it."""
    devices: int
    """Devices in the same request."""
    confirmed: str
    sent: str | None
    answered: str | None
    changed: str
    """Since when it is in its state."""
    note: str
    """Why it was done, in the operator's words."""
    body: Any
    """What was sent."""
    answer: Any
    """What ThingSpace answered beside the request id; null where that was all."""


class Call(BaseModel):
    """An HTTP call about the device while this program ran."""

    at: str
    operation: str
    method: str
    path: str
    attempt: int
    seconds: float
    status: int | None
    """The HTTP status; null where no answer came."""
    error: str
    received: str
    """The answer, where it was an error."""


class Unknown(BaseModel):
    """Something that is not known, and why."""

    what: str
    why: str


class Bundle(BaseModel):
    """Everything."""

    format: Literal["tsui-evidence"] = "tsui-evidence"
    version: Literal[1] = 1
    made_at: str
    made_by: str = f"tsui {__version__}"
    subject: str
    """What it is about, in a few words."""
    span: Span
    clock: ClockNote
    masked: bool
    """Whether names, addresses, custom fields, messages and notes are masked."""
    environment: Place
    device: Device | None
    """Null where the request names no device, or one that is not known here."""
    verdict: Verdict | None
    request: Request | None
    """The request it is about; null where it is about a device."""
    requests: list[Request]
    """What was changed from here in the span, newest first."""
    calls: list[Call]
    timeline: list[Event]
    """Oldest first."""
    usage: list[Day]
    unknown: list[Unknown]
