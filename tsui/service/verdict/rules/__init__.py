"""The rules of a verdict, each a small named object with its cause, its rivals and its next key."""

from collections.abc import Callable, Mapping, Sequence

from tsui.service.states import say
from tsui.service.verdict.evidence import Evidence, Missing, Source
from tsui.service.verdict.model import Fact, Layer, Rule
from tsui.service.verdict.rules import (
    identity,
    line,
    messages,
    place,
    plan,
    reach,
    sessions,
    view,
)
from tsui.service.verdict.say import moment

__all__ = ["RULES", "vital_facts"]

RULES: tuple[Rule, ...] = (
    view.BLIND,
    identity.NOT_LISTED,
    plan.ON_HOLD,
    line.NEVER_ACTIVATED,
    line.ACTIVATING,
    line.CHANGING,
    line.SUSPENDED,
    line.DEACTIVE,
    line.PROFILE_OFF,
    view.STALE_RECORD,
    sessions.HISTORY_REFUSED,
    reach.WINDOW_OPEN,
    view.SHARED,
    identity.MOVED,
    identity.OTHER_HARDWARE,
    place.RETIRED,
    line.CHANGE_FAILED,
    line.SETTLING,
    line.NEVER_CONNECTED,
    plan.PLAN_UNSETTLED,
    plan.USED_UP,
    place.MOVED_AWAY,
    place.ROAMING,
    sessions.HALF_OPEN,
    sessions.CUT_OFF,
    sessions.LOOP,
    sessions.EMPTY_SESSIONS,
    reach.REPORTED_LOST,
    sessions.LOST_DEVICE,
    messages.UNCONFIRMED,
    messages.PILING_UP,
    plan.READDRESSED,
    view.UNHEARD,
    reach.NOT_OFFERED,
    reach.NO_STATUS,
    sessions.WORKING,
    sessions.ASLEEP_AS_USUAL,
)
"""All rules; after those that stop a device, the one that stands first is named first."""


def vital_facts(layer: Layer, evidence: Evidence) -> Sequence[Fact]:
    """Return what a layer looks like where nothing is wrong with it, as far as it is known."""
    try:
        return _VITAL[layer](evidence) if layer in _VITAL else ()
    except Missing:
        return ()


def _view(evidence: Evidence) -> Sequence[Fact]:
    read_at = evidence.piece(Source.LINE).read_at
    return (Fact("read", moment(read_at), Source.LINE),) if read_at else ()


def _identity(evidence: Evidence) -> Sequence[Fact]:
    return (Fact("imei", evidence.line.imei, Source.LINE),)


def _line(evidence: Evidence) -> Sequence[Fact]:
    return (Fact("state", say(evidence.line.state), Source.LINE),)


def _plan(evidence: Evidence) -> Sequence[Fact]:
    return (Fact("servicePlan", evidence.line.plan, Source.LINE),)


def _sessions(evidence: Evidence) -> Sequence[Fact]:
    told = evidence.line.connected
    connected = "not told" if told is None else "true" if told else "false"
    last = evidence.line.last_connection
    return (
        Fact("connected", connected, Source.LINE),
        Fact("lastConnectionDate", moment(last) if last else "none", Source.LINE),
    )


_VITAL: Mapping[Layer, Callable[[Evidence], Sequence[Fact]]] = {
    Layer.VIEW: _view,
    Layer.IDENTITY: _identity,
    Layer.LINE: _line,
    Layer.PLAN: _plan,
    Layer.SESSIONS: _sessions,
}
