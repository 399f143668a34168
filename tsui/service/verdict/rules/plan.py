"""Rules about plan and path: what the line may use, and how much of it is used."""

from datetime import UTC, datetime

from tsui.service.states import LineState
from tsui.service.verdict.evidence import Evidence, Source
from tsui.service.verdict.model import Confidence, Fact, Layer, Rival, Rule, Sign, Status
from tsui.service.verdict.say import moment, size, span

PLAN_SETTLES = 24 * 3600.0
"""Seconds until a change of plan has reached everything (documented)."""

CYCLE = 30 * 86_400.0
"""Seconds of a billing cycle where only its end is told."""


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
    began = (line.cycle_end or evidence.now) - CYCLE
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
