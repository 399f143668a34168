"""Situations that only callback messages tell; they are told as soon as somebody listens."""

from tsui.simulator.clock import iso
from tsui.simulator.jobs import FAILED
from tsui.simulator.monitors import LOST, REACHED
from tsui.simulator.patterns import DAY
from tsui.simulator.scenarios.stage import HOUR, Scenario, Stage

_REACH, _RECEIPTS, _TEXTS = (
    "DiagnosticsService",
    "SMSDeliveryConfirmation",
    "EnhancedConnectivityService",
)


def _no_listener(stage: Stage) -> None:
    stage.disconnect()
    stage.silence(_REACH)


def _abnormal_disconnect(stage: Stage) -> None:
    stage.lose(stage.now - HOUR)
    alert = {"alertType": "Disconnect", "disconnectCode": "20", "occurredAt": iso(stage.now)}
    stage.tell("AlertService", {"alert": alert})


def _window_open(stage: Stage) -> None:
    stage.lose(stage.now - 1.5 * DAY)
    until = iso(stage.now + HOUR)
    stage.tell(_REACH, {"reachabilityStatus": REACHED, "MaxUEAvailabilityTime": until})


def _no_status(stage: Stage) -> None:
    stage.disconnect()
    stage.tell(_REACH, {"requestType": "REACHABLE_FOR_DATA"})


def _reported_lost(stage: Stage) -> None:
    stage.lose(stage.now - 1.5 * DAY)
    stage.tell(_REACH, {"reachabilityStatus": LOST})


def _sms_reach_not_offered(stage: Stage) -> None:
    stage.disconnect()
    said = "SMS reachability is not for LTE devices of higher categories."
    fault = {"faultcode": "UnifiedWebService.REQUEST_FAILED.UnexpectedError", "faultstring": said}
    stage.tell(_REACH, {"status": FAILED, "faultResponse": fault})


def _sms_unconfirmed(stage: Stage) -> None:
    stage.lose(stage.now - 2 * HOUR)


def _sms_pile_up(stage: Stage) -> None:
    stage.disconnect()
    stage.text_weekly(5)
    stage.silence(_TEXTS)


SCENARIOS = (
    Scenario("no-listener", "nobody hears whether it can be reached", _no_listener),
    Scenario("abnormal-disconnect", "the network cut it off with code 20", _abnormal_disconnect),
    Scenario("window-open", "it is silent, and awake for an hour yet", _window_open),
    Scenario("no-status", "the network does not say whether it can be reached", _no_status),
    Scenario("reported-lost", "the network told that it lost it", _reported_lost),
    Scenario("sms-reach-not-offered", "it was asked for by SMS in vain", _sms_reach_not_offered),
    Scenario("sms-unconfirmed", "it is off, so that messages wait for it", _sms_unconfirmed),
    Scenario("sms-pile-up", "it sends messages and nobody takes them", _sms_pile_up),
)
"""The situations."""
