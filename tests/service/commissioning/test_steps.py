"""The steps by table: what was told of a device, and which step it brings a run to."""

from dataclasses import replace
from typing import Any

import pytest

from tsui.service.commissioning.model import Run, RunOutcome, Step, StepName, StepState
from tsui.service.commissioning.steps import judged
from tsui.service.verdict.connections import Connection, Connections, Window
from tsui.service.verdict.evidence import Day, Evidence, Line, Piece, Source, Standing, Told
from tsui.store.changes import ChangeState, DeviceChange

BEGAN = 1_780_000_000.0
ACTIVE = Line(is_listed=True, state="active", plan="M2M5MB", activated=BEGAN + 100)
NEW = Line(is_listed=True, state="pre-active")
LATER = 10 * 60.0
HOUR = 3600.0

WAITING, LATE, FAILED, SEEN, SKIPPED, TO_COME, UNKNOWABLE = (
    StepState.WAITING, StepState.LATE, StepState.FAILED, StepState.SEEN, StepState.SKIPPED,
    StepState.TO_COME, StepState.NOT_KNOWABLE,
)  # fmt: skip


def run(**changes: Any) -> Run:
    made = Run(
        1, "http://there", "0742000123-00001", "iccid:1", {"iccid": "1"}, "me", "", BEGAN, None,
        RunOutcome.OPEN, "", 0, tuple(map(Step, StepName)),
    )  # fmt: skip
    return replace(made, **changes)


def request(operation: str, state: ChangeState, after: float = 50.0, **more: Any) -> DeviceChange:
    at = BEGAN + after
    made = DeviceChange(
        1, 7, "b", "a", "me", operation, operation, {}, "o", at, at, at, "r-7", 1, "iccid:1",
        "iccid", "1", {}, state, at, "", "the callback", True, "",
    )  # fmt: skip
    return replace(made, **more)


def evidence(
    after: float,
    line: Line | None = NEW,
    *,
    events: tuple[Connection, ...] | None = (),
    used: int | None = 0,
    requests: tuple[DeviceChange, ...] = (),
    messages: tuple[Told, ...] = (),
    listeners: frozenset[str] | None = frozenset(),
    read: float = 1.0,
) -> Evidence:
    """Return what was told of a device so many seconds after the run began."""
    at = BEGAN + read
    window = Window(BEGAN - 86_400, BEGAN + after, events or (), is_whole=True)
    told = {
        Source.LINE: line,
        Source.CONNECTIONS: None if events is None else Connections((window,)),
        Source.USAGE: None if used is None else (Day(BEGAN // 86_400 * 86_400, used),),
        Source.REQUESTS: requests,
        Source.MESSAGES: messages,
        Source.LISTENERS: listeners,
    }
    pieces = {
        source: Piece(source, Standing.KNOWN, body, body, at)
        for source, body in told.items()
        if body is not None
    }
    return Evidence(BEGAN + after, pieces)


def states(known: Run, told: Evidence) -> list[StepState]:
    return [step.state for step in judged(known, told)]


def then(*seen: StepState) -> list[StepState]:
    return [*seen, *[TO_COME] * (len(StepName) - len(seen))]


STOP = Connection(BEGAN + 700, is_start=False, bytes=120)
START = Connection(BEGAN + 600, is_start=True, bytes=0)
EARLIER = Connection(BEGAN - 600, is_start=True, bytes=0)
ACTIVATING = Line(is_listed=True, state="pending activation")
CONNECTED = ACTIVE._replace(connected=True, last_connection=BEGAN + 600)
LONG_AGO = ACTIVE._replace(activated=BEGAN - 90 * 86_400.0)

TABLE: dict[str, tuple[Evidence, list[StepState]]] = {
    "nothing was read": (Evidence(BEGAN + 1), then(WAITING)),
    "nothing was read for long": (Evidence(BEGAN + 70), then(LATE)),
    "remembered from before the run": (evidence(5, CONNECTED, read=-5), then(WAITING)),
    "no such line": (evidence(5, Line(is_listed=False)), then(FAILED)),
    "a new line": (evidence(5), then(SEEN, WAITING)),
    "nobody activates it for a day": (evidence(86_400), then(SEEN, WAITING)),
    "suspended": (evidence(5, Line(is_listed=True, state="suspend")), then(SEEN, FAILED)),
    "another change": (evidence(5, Line(is_listed=True, state="pending MDN change")),
                       then(SEEN, WAITING)),
    "activation on its way": (
        evidence(60, ACTIVATING, requests=(request("ActivateDevices", ChangeState.ACCEPTED),)),
        then(SEEN, WAITING),
    ),
    "activation late": (
        evidence(660, ACTIVATING, requests=(request("ActivateDevices", ChangeState.ACCEPTED),)),
        then(SEEN, LATE),
    ),
    "activation of unknown fate": (
        evidence(60, requests=(request("ActivateDevices", ChangeState.UNKNOWN),)),
        then(SEEN, WAITING),
    ),
    "activation refused": (
        evidence(60, requests=(request("ActivateDevices", ChangeState.FAILED, problem="No."),)),
        then(SEEN, FAILED),
    ),
    "activation refused before the run": (
        evidence(60, requests=(request("ActivateDevices", ChangeState.FAILED, after=-9.0),)),
        then(SEEN, WAITING),
    ),
    "activation refused, then tried again": (
        evidence(
            200,
            requests=(
                request("ActivateDevices", ChangeState.ACCEPTED, after=150),
                request("ActivateDevices", ChangeState.FAILED, problem="No."),
            ),
        ),
        then(SEEN, WAITING),
    ),
    "waiting for the APN": (evidence(LATER, ACTIVE), then(SEEN, SEEN, WAITING)),
    "the hour is over": (evidence(101 + HOUR, ACTIVE), then(SEEN, SEEN, UNKNOWABLE, WAITING)),
    "never connected": (evidence(2 * HOUR, ACTIVE), then(SEEN, SEEN, UNKNOWABLE, LATE)),
    "active for long": (evidence(LATER, LONG_AGO), then(SEEN, SEEN, UNKNOWABLE, WAITING)),
    "a session of before the run": (
        evidence(LATER, LONG_AGO, events=(EARLIER,)), then(SEEN, SEEN, UNKNOWABLE, WAITING),
    ),
    "connections not readable": (
        evidence(LATER, LONG_AGO, events=None), then(SEEN, SEEN, UNKNOWABLE, WAITING),
    ),
    "connected": (evidence(LATER, CONNECTED), then(SEEN, SEEN, SEEN, SEEN, WAITING)),
    "connected by the history": (
        evidence(LATER, ACTIVE, events=(START,)), then(SEEN, SEEN, SEEN, SEEN, WAITING),
    ),
    "connected by its last session": (
        evidence(LATER, ACTIVE._replace(last_connection=BEGAN + 300)),
        then(SEEN, SEEN, SEEN, SEEN, WAITING),
    ),
    "no bytes for long": (evidence(2 * HOUR, CONNECTED), then(SEEN, SEEN, SEEN, SEEN, LATE)),
    "usage not readable": (
        evidence(LATER, CONNECTED, used=None), then(SEEN, SEEN, SEEN, SEEN, WAITING),
    ),
    "bytes by a session": (
        evidence(800, CONNECTED, events=(START, STOP)),
        then(SEEN, SEEN, SEEN, SEEN, SEEN, WAITING),
    ),
    "bytes by the usage": (
        evidence(800, CONNECTED, used=5), then(SEEN, SEEN, SEEN, SEEN, SEEN, WAITING),
    ),
    "nobody sends a message": (
        evidence(2 * HOUR, CONNECTED, used=5, events=(START, STOP)),
        then(SEEN, SEEN, SEEN, SEEN, SEEN, SKIPPED),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
def test_what_is_told_brings_a_run_to_a_step(name: str) -> None:
    told, expected = TABLE[name]
    assert states(run(), told) == expected


RECEIPTS, REPLIES = "SMSDeliveryConfirmation", "EnhancedConnectivityService"
SENT = request("SendSms", ChangeState.ACCEPTED, after=900)
RECEIPT = Told(BEGAN + 910, RECEIPTS, "r-7", {"status": "Success"})
FAULT = Told(BEGAN + 910, RECEIPTS, "r-7", {"faultResponse": {"faultstring": "Expired."}})
REPLY = Told(BEGAN + 915, REPLIES, "r-9", {"message": "\x1b[2Jpong"})
OLD_REPLY = Told(BEGAN + 800, REPLIES, "r-1", {"message": "temp=3"})
CONFIRMATION = Told(BEGAN + 901, REPLIES, "r-7", {"deviceResponse": {}})
BOTH = frozenset({RECEIPTS, REPLIES})

ECHOES: dict[str, tuple[dict[str, Any], float, StepState, str]] = {
    "nobody listens": ({"listeners": frozenset()}, 901, UNKNOWABLE, "cannot be known from here"),
    "somebody listens": ({"listeners": BOTH}, 901, WAITING, "comes by callback"),
    "listeners not read": ({"listeners": None}, 901, WAITING, "comes by callback"),
    "no receipt for long": ({"listeners": BOTH}, 1600, LATE, "comes by callback"),
    "only taken": ({"listeners": BOTH, "messages": (CONFIRMATION,)}, 905, WAITING, "by callback"),
    "an older message": ({"listeners": BOTH, "messages": (OLD_REPLY,)}, 905, WAITING, "sent"),
    "delivered": ({"listeners": BOTH, "messages": (RECEIPT,)}, 920, WAITING, "answer may come"),
    "no answer": ({"listeners": BOTH, "messages": (RECEIPT,)}, 1100, SEEN, "no answer came"),
    "nobody hears answers": (
        {"listeners": frozenset({RECEIPTS}), "messages": (RECEIPT,)}, 920, SEEN, "delivered",
    ),
    "answered": ({"listeners": BOTH, "messages": (REPLY, RECEIPT)}, 920, SEEN, "pong"),
    "expired": ({"listeners": BOTH, "messages": (FAULT,)}, 920, FAILED, "Expired."),
}  # fmt: skip


@pytest.mark.parametrize("name", ECHOES)
def test_an_echo_is_what_callbacks_tell(name: str) -> None:
    more, after, state, said = ECHOES[name]
    told = evidence(after, CONNECTED, used=5, events=(START, STOP), requests=(SENT,), **more)
    last = judged(run(), told)[-1]
    assert last.state is state
    assert said in last.said


def test_what_was_seen_stays_seen_and_keeps_its_time() -> None:
    first = run(steps=judged(run(), evidence(LATER, CONNECTED)))
    connected = first.step(StepName.CONNECTION)
    assert connected.ended_at == BEGAN + 600
    gone = evidence(2 * LATER, ACTIVE._replace(state="suspend"), events=None, used=None)
    again = run(steps=judged(first, gone))
    assert again.step(StepName.CONNECTION) == connected


def test_each_step_is_timed_from_the_one_before() -> None:
    done = request("ActivateDevices", ChangeState.SUCCEEDED, changed_at=BEGAN + 110)
    told = evidence(800, CONNECTED, events=(START, STOP), requests=(done,))
    steps = {step.name: step for step in judged(run(), told)}
    assert steps[StepName.ACTIVATION].ended_at == BEGAN + 110
    assert steps[StepName.APN].took(0.0) == 490
    assert steps[StepName.BYTES].took(0.0) == 100
    assert steps[StepName.ECHO].took(BEGAN + 800) == 100


def test_the_first_session_counts_and_not_the_last_one() -> None:
    now_in_another = CONNECTED._replace(last_connection=BEGAN + 790)
    told = evidence(800, now_in_another, events=(START, STOP))
    steps = {step.name: step for step in judged(run(), told)}
    assert steps[StepName.CONNECTION].ended_at == START.at
    assert steps[StepName.BYTES].ended_at == STOP.at


def test_a_platform_whose_clock_is_ahead_ends_nothing_in_the_future() -> None:
    ahead = CONNECTED._replace(last_connection=BEGAN + 5000)
    step = judged(run(), evidence(LATER, ahead))[3]
    assert step.ended_at == BEGAN + LATER


def test_the_apn_is_seen_after_all_once_the_device_connects() -> None:
    waiting = run(steps=judged(run(), evidence(101 + HOUR, ACTIVE)))
    assert waiting.step(StepName.APN).state is UNKNOWABLE
    late = CONNECTED._replace(last_connection=BEGAN + 2 * HOUR)
    steps = judged(waiting, evidence(2 * HOUR + 60, late, read=2 * HOUR))
    assert [each.state for each in steps] == then(SEEN, SEEN, SEEN, SEEN, WAITING)
