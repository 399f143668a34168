"""What becomes due because of what was sent from here."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime

from tsui.service.agenda.model import Certainty, Kind, Obligation
from tsui.service.deadlines import AT_LATEST
from tsui.service.line_history import state_since
from tsui.service.messages.delivery import LIFETIME, SMS
from tsui.service.parts import Part
from tsui.service.rules.allowance import DAY
from tsui.service.states import LineState
from tsui.store.changes import OPEN, ChangeState
from tsui.store.lines import Line, Read
from tsui.store.sendings import Sending

NUMBER_HELD = 50 * DAY
"""Seconds that the number of a deactivated line is held (documented)."""

HOLD = 7 * DAY
"""Seconds after which a request that waits for credit approval is cancelled (documented)."""

PASSWORD_LASTS = 90 * DAY
"""Seconds after which a change of the password is advised (documented)."""

ACTIVATES, DEACTIVATES = "ActivateDevices", "DeactivateDevices"

RESETS = "ResetPassword"

ON_HOLD = "REQUEST_ONHOLD"
"""Class of the code that says so, in what a change's failure rests on."""

_DONE = frozenset({ChangeState.SUCCEEDED, ChangeState.INFERRED, ChangeState.DECIDED})


def numbers(
    sent: Iterable[Sending], readings: Iterable[Read], lines: Mapping[str, Line]
) -> list[Obligation]:
    """Return until when the numbers of deactivated lines are held.

    ``sent`` is the last change of each line; a line that is not listed any more was deleted, which
    does not give its number away earlier as far as is documented.
    """
    since: dict[str, tuple[float, str, int | None]] = {}
    for each in sent:
        if each.operation == DEACTIVATES and each.state in _DONE:
            since[each.device] = (each.at, f"request {each.request}", each.request)
    for read in readings:
        if read.kind == Part.PROVISIONING and (found := state_since(read.body, LineState.DEACTIVE)):
            since[read.device] = (found.at, "provisioning history", None)
    held = []
    for key, (at, source, request) in since.items():
        line = lines.get(key)
        if line is None or line.state == LineState.DEACTIVE:
            subject = line.iccid if line and line.iccid else key.partition(":")[2]
            held.append(
                Obligation(
                    at + NUMBER_HELD, Kind.NUMBER, subject,
                    "Its number is held no longer; until then support can give it back.",
                    Certainty.WORKED_OUT, f"deactivated {_day(at)}, {source}", (key,), request,
                )
            )  # fmt: skip
    return held


def texts(sent: Iterable[Sending], over: Collection[int]) -> list[Obligation]:
    """Return until when the network tries to deliver texts that are not over by their numbers."""
    return [
        Obligation(
            each.at + LIFETIME, Kind.SMS, each.identifier,
            "The network stops to try to deliver a text; no receipt came so far.",
            Certainty.WORKED_OUT, f"sent {_day(each.at)}, request {each.request}",
            (each.device,), each.request,
        )
        for each in sent
        if each.operation == SMS
        and each.state is not ChangeState.FAILED
        and each.change not in over
    ]  # fmt: skip


def activations(sent: Iterable[Sending]) -> list[Obligation]:
    """Return by when activations that are not over should be."""
    return [
        Obligation(
            each.at + AT_LATEST, Kind.ACTIVATION, each.identifier,
            f"Its activation should be over by then; it is {each.state}.",
            Certainty.WORKED_OUT, f"sent {_day(each.at)}, request {each.request}",
            (each.device,), each.request,
        )
        for each in sent
        if each.operation == ACTIVATES and each.state in OPEN
    ]  # fmt: skip


def credit_holds(sent: Iterable[Sending], now: float) -> list[Obligation]:
    """Return when requests that wait for credit approval are cancelled."""
    return [
        Obligation(
            each.changed_at + HOLD, Kind.CREDIT, each.identifier,
            f"{each.title} is cancelled unless the account's credit is approved.",
            Certainty.WORKED_OUT, f"on hold since {_day(each.changed_at)}, request {each.request}",
            (each.device,), each.request,
        )
        for each in sent
        if ON_HOLD in each.evidence
        and not each.contradiction
        and now - each.changed_at < 2 * HOLD
    ]  # fmt: skip


def password(reset_at: float, request: int) -> Obligation:
    """Return when the password should be changed."""
    return Obligation(
        reset_at + PASSWORD_LASTS, Kind.LOGIN, "password",
        "A change of the password is advised every 90 days; nothing ends.",
        Certainty.GUESS, f"changed {_day(reset_at)}, request {request}", (), request,
    )  # fmt: skip


def _day(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}"
