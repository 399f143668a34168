"""Rules about plan and path: what the line may use, and how much of it is used."""

from datetime import UTC, datetime

from tsui.service.states import LineState
from tsui.service.usage.cycle import cycle_of
from tsui.service.verdict.evidence import Evidence, Source
from tsui.service.verdict.model import Confidence, Fact, Layer, Rival, Rule, Sign, Status
from tsui.service.verdict.say import moment, size, span

PLAN_SETTLES = 24 * 3600.0
"""Seconds until a change of plan has reached everything (documented)."""


def plan_unsettled(evidence: Evidence) -> Sign | None:
    """The plan is none of the account's, or was changed a moment ago."""
    line = evidence.line
    if line.state != LineState.ACTIVE or line.connected:
        return None
    if line.plan and line.plan not in evidence.plans:
        return Sign(
            f"Its plan {line.plan} is none of the account's plans.",
            [Fact("servicePlan", line.plan, Source.LINE)],
        )
    changes = [
        each
        for each in evidence.provisioning
        if "plan" in each.what.lower() and evidence.now - each.at < PLAN_SETTLES
    ]
    if not changes:
        return None
    newest = changes[-1]
    return Sign(
        f"Its plan was changed {span(evidence.now - newest.at)} ago by {newest.by}; "
        "plan and APN may take a day to settle.",
        [Fact("eventType", f"{newest.what}, {moment(newest.at)}", Source.PROVISIONING)],
    )


def used_up(evidence: Evidence) -> Sign | None:
    """The line used what its plan includes."""
    line = evidence.line
    included = evidence.plans.get(line.plan, 0) if line.plan else 0
    if line.state != LineState.ACTIVE or not included:
        return None
    began = cycle_of(line.cycle_end, evidence.now).begin
    used = sum(each.bytes for each in evidence.usage if each.at >= began)
    if used < included:
        return None
    day = datetime.fromtimestamp(began, UTC)
    return Sign(
        f"It used {size(used)} of the {size(included)} its plan includes; it may be slowed down.",
        [
            Fact("bytesUsed", f"{size(used)} since {day:%Y-%m-%d}", Source.USAGE),
            Fact("sizeKb", size(included), Source.PLANS),
        ],
    )


HOLD_LASTS = 14 * 86_400.0
"""Seconds after which a hold is over for certain: it is cancelled after a week (documented)."""


def on_hold(evidence: Evidence) -> Sign | None:
    """The newest word on a change is that it waits for credit approval, or was cancelled for it."""
    if evidence.line.state == LineState.ACTIVE:
        return None  # whatever waits, the line itself may connect
    newest = evidence.told("CarrierService")[0]
    if evidence.now - newest.at > HOLD_LASTS:
        return None
    fault = newest.body.get("faultResponse")
    code = str(fault.get("faultcode", "")) if isinstance(fault, dict) else ""
    for word, said in _HOLDS.items():
        if word in code:
            return Sign(
                f"A change of {moment(newest.at)} {said}.",
                [Fact("faultcode", code, Source.MESSAGES)],
            )
    return None


_HOLDS = {
    "REQUEST_ONHOLD": "waits until the account's credit is approved, up to a week",
    "REQUEST_CANCELLED": "was cancelled, as the account's credit was not approved within a week",
}

ADDRESS_LASTS = 7 * 86_400.0
"""Seconds for which another address may still be unknown to those who let it through."""


def readdressed(evidence: Evidence) -> Sign | None:
    """The device has another address than it had a few days ago."""
    if evidence.line.state != LineState.ACTIVE or len(evidence.addresses) < 2:
        return None
    (_, former), (since, address) = evidence.addresses[-2:]
    if evidence.now - since > ADDRESS_LASTS:
        return None
    return Sign(
        f"Its address is {address} since {moment(since)} at the latest; before it was {former}.",
        [Fact("ipAddress", f"{former}, now {address}", Source.ADDRESSES)],
    )


ON_HOLD = Rule(
    "3.3", "credit-on-hold", Layer.PLAN, Status.STOP, Confidence.HIGH,
    "the account's credit is not approved", on_hold,
    "Ask the account's owner: it is not the device.", "7",
)  # fmt: skip

READDRESSED = Rule(
    "3.4", "other-address", Layer.PLAN, Status.WARN, Confidence.LOW,
    "the device is fine, the path to its new address is blocked", readdressed,
    "Give the network team both addresses.", "",
    (Rival("nobody goes by its address", "how its application is reached"),),
)  # fmt: skip

PLAN_UNSETTLED = Rule(
    "3.1", "plan-unsettled", Layer.PLAN, Status.WARN, Confidence.MEDIUM,
    "plan or APN not settled", plan_unsettled,
    "Wait a day, and compare with a healthy device of the same plan.", "h",
    (Rival("it went offline before that", "the last session against the time of the change"),),
)  # fmt: skip

USED_UP = Rule(
    "3.2", "plan-used-up", Layer.PLAN, Status.WARN, Confidence.MEDIUM,
    "slowed down, not dead: the plan is used up", used_up,
    "Change the plan: at most four times a month, never while suspended.", "P",
    (Rival("the account has a pool that is not used up", "the bill, or the account's owner"),),
)  # fmt: skip
