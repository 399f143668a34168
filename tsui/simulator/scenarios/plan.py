"""Situations of the plan."""

from tsui.simulator.catalogue import PLANS, Rhythm
from tsui.simulator.device import PENDING_ACTIVATION
from tsui.simulator.jobs import FAILED
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


def _credit_on_hold(stage: Stage) -> None:
    stage.device.state, stage.device.served = PENDING_ACTIVATION, []
    fault = {
        "faultcode": "UnifiedWebService.REQUEST_ONHOLD.CreditCheck",
        "faultstring": "The request is on hold until credit is approved.",
    }
    stage.tell("CarrierService", {"status": FAILED, "faultResponse": fault})


def _other_address(stage: Stage) -> None:
    stage.disconnect()
    stage.device.ip = f"10.91.{stage.device.number // 250 % 256}.{stage.device.number % 250 + 2}"


SCENARIOS = (
    Scenario("credit-on-hold", "its activation waits for credit", _credit_on_hold),
    Scenario("other-address", "it got another address", _other_address),
    Scenario("plan-unsettled", "its plan was changed two hours ago", _plan_unsettled),
    Scenario("plan-used-up", "it used far more than its plan includes", _plan_used_up),
)
"""The situations."""
