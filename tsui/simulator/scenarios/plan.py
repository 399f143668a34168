"""Situations of the plan."""

from tsui.simulator.catalogue import PLANS, Rhythm
from tsui.simulator.rules import CHANGE_PLAN
from tsui.simulator.scenarios.stage import HOUR, PORTAL, Scenario, Stage

_SIZED = min((plan for plan in PLANS if plan.size_kb), key=lambda plan: plan.size_kb)

_GREEDY = Rhythm(HOUR / 2, 0.1, (60, 120), (100_000, 200_000))


def _plan_unsettled(stage: Stage) -> None:
    at = stage.now - 2 * HOUR
    other = next(plan.code for plan in PLANS if plan.code != stage.device.plan)
    values = {"servicePlan": other}
    stage.world.engine.apply(stage.fleet, stage.device, CHANGE_PLAN, values, PORTAL, at)
    stage.lose(at)


def _plan_used_up(stage: Stage) -> None:
    stage.device.plan = _SIZED.code
    stage.connect_like(_GREEDY)


SCENARIOS = (
    Scenario("plan-unsettled", "its plan was changed two hours ago", _plan_unsettled),
    Scenario("plan-used-up", "it used far more than its plan includes", _plan_used_up),
)
"""The situations."""
