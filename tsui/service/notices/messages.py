"""What callback messages tell that nobody asked for, or that matters whoever asked."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

from tsui.store.inbox import Message, Verdict
from tsui.store.notice import ANYTHING, Draft, Severity
from tsui.store.sightings import GROUPS, HARDWARE, PLAN, STATE
from tsui.thingspace.callback_answers import ReachabilityMessage
from tsui.thingspace.callback_envelope import CallbackMessage
from tsui.thingspace.callback_notices import (
    AlertMessage,
    ExternalChangeMessage,
    NiddMessage,
    PromoMessage,
    ResumeMessage,
    SmsDeliveryMessage,
    SmsMessage,
    ThresholdMessage,
)

UNREADABLE = "unreadable"
"""Kind of a message that is no JSON object."""

UNKNOWN = "unknown kind"
"""Kind of a message whose service nobody knows."""

LOST = "lost"
"""Kind of a message that the network lost a device."""

ELSEWHERE = "elsewhere"
"""Kind of what others changed."""

STRANGER = "request of others"
"""Kind of an answer to a request that was not made here."""

_GRAVE = frozenset({"suspend", "deactivate", "deactive"})
_DETECTED = frozenset({"device detection", "changeimei"})
_THINGS = {
    "suspen": STATE, "resum": STATE, "restor": STATE, "activ": STATE, "connect": STATE,
    "plan": PLAN, "detect": HARDWARE, "imei": HARDWARE, "esn": HARDWARE, "swap": HARDWARE,
    "group": GROUPS,
}  # fmt: skip
"""What of a device a change is about, by parts of what the platform calls it."""


class Told(NamedTuple):
    """What a message tells."""

    severity: Severity
    kind: str
    sentence: str
    """Hostile until sanitised."""
    thing: str = ""
    """What of the device is another one now; empty where it tells of no change."""


Teller = Callable[[Any], Told | None]
"""Puts a message of its class into words; None where it tells nothing to be noticed."""


def notice_of(
    message: Message, callback: CallbackMessage | None, service: str, verdict: Verdict
) -> Draft | None:
    """Return what a message tells; None for one that only answers what was asked here.

    Whose account and which device of it that is, the message does not say.
    """
    told = _told(callback, service, verdict)
    if told is None:
        return None
    return Draft(
        f"message:{message.id}", message.received_at, told.severity, told.kind, told.sentence,
        source=service or "callback", subject=subject_of(callback), message=message.id,
        thing=told.thing,
    )  # fmt: skip


def subject_of(callback: CallbackMessage | None) -> str:
    """Return the identifier that a message names first; empty where it names none."""
    ids = (callback.device_ids or ()) if callback is not None else ()
    return next((each.id for each in ids if each.id), "")


def _told(callback: CallbackMessage | None, service: str, verdict: Verdict) -> Told | None:
    if callback is None:
        return Told(Severity.WARNING, UNREADABLE, "A callback message is no JSON object.")
    for kind, teller in TELLERS.items():
        if isinstance(callback, kind):
            told = teller(callback)
            if told is not None:
                return told
    if verdict is Verdict.FOREIGN:
        return _stranger(callback, service)
    is_known = type(callback) is not CallbackMessage
    if verdict in (Verdict.OUTCOME, Verdict.ANSWER) or is_known:
        return None
    name = service or "no service that is known"
    return Told(Severity.WARNING, UNKNOWN, f"A message of {name}: {_short(callback.received)}")


def _stranger(callback: CallbackMessage, service: str) -> Told:
    said = callback.status or "no status"
    return Told(
        Severity.INFO, STRANGER, f"{service or 'callback'}: {said}, a request not made here"
    )


def _resume(message: ResumeMessage) -> Told:
    return Told(Severity.WARNING, "resume", message.comment or "Its suspension ends by itself.")


def _threshold(message: ThresholdMessage) -> Told:
    notice = _part(message.received, "subscriptionNotification")
    kind = str(notice.get("type", ""))
    share = f" at {notice['percentage']} % of its plan" if "percentage" in notice else ""
    if kind.lower().startswith("throttl"):
        return Told(Severity.ALARM, "throttled", f"Slowed down{share}.")
    return Told(
        Severity.WARNING, "usage", f"Usage reached a bound{share}." if notice else
        f"A notice about usage: {_short(message.received)}",
    )  # fmt: skip


def _promo(message: PromoMessage) -> Told:
    code = (message.promo_change.change if message.promo_change else "") or "not named"
    return Told(Severity.INFO, "promo", f"The promotional code {code} was taken off the line.")


def _alert(message: AlertMessage) -> Told:
    alert = _part(message.received, "alert")
    if "previousImei" in alert:
        was, now = alert.get("previousImei"), alert.get("currentImei")
        sentence = f"The SIM moved from IMEI {was} to {now}."
        return Told(Severity.ALARM, "hardware", sentence, HARDWARE)
    name = alert.get("triggerName") or alert.get("triggerId")
    if not name:
        return Told(Severity.ALARM, "trigger", f"An alert: {_short(message.received)}")
    bound = " ".join(str(alert.get(each, "")) for each in ("comparator", "threshold")).strip()
    unit = alert.get("thresholdUnit") or ""
    return Told(
        Severity.ALARM, "trigger", f"{name}: {alert.get('value', '')} ({bound} {unit})".strip()
    )


def _elsewhere(message: ExternalChangeMessage) -> Told:
    change = message.external_provisioning_change
    what = (change.change if change else "") or "A change"
    where = (change.source if change else "") or "somewhere that is not named"
    grave = what.lower() in _GRAVE or what.lower() in _DETECTED
    severity = Severity.ALARM if grave else Severity.WARNING
    return Told(severity, ELSEWHERE, f"{what}, made by {where} and not here.", _thing(what))


def _thing(change: str) -> str:
    said = change.lower()
    return next((thing for part, thing in _THINGS.items() if part in said), ANYTHING)


def _reachability(message: ReachabilityMessage) -> Told | None:
    until = message.max_ue_availability_time
    if until is not None:
        return Told(Severity.INFO, "reachable", f"It can be reached until {until:%H:%M:%S} UTC.")
    said = f"{message.request_type or ''} {message.comment or ''}".strip()
    if "loss" in said.lower() and not message.fault_response:
        return Told(Severity.ALARM, LOST, f"The network lost it: {said}")
    return None


def _sms(message: SmsMessage) -> Told | None:
    if not message.message:
        return None
    return Told(Severity.INFO, "sms", f"It sent: {message.message}")


def _delivery(message: SmsDeliveryMessage) -> Told:
    said = message.status or "no status"
    bad = "expired" in said.lower() or "fail" in said.lower()
    severity = Severity.WARNING if bad else Severity.INFO
    return Told(severity, "sms delivery", f"A text message to it: {said}")


def _nidd(message: NiddMessage) -> Told | None:
    response = message.nidd_response
    if response is not None and response.mo_notification is not None:
        return Told(Severity.INFO, "nidd", "It sent bytes.")
    if response is not None and response.mt_delivery is not None and response.mt_delivery.reason:
        return Told(Severity.WARNING, "nidd", f"Bytes to it: {response.mt_delivery.reason}")
    return None


TELLERS: Mapping[type[CallbackMessage], Teller] = {
    ResumeMessage: cast("Teller", _resume),
    ThresholdMessage: cast("Teller", _threshold),
    PromoMessage: cast("Teller", _promo),
    AlertMessage: cast("Teller", _alert),
    ExternalChangeMessage: cast("Teller", _elsewhere),
    ReachabilityMessage: cast("Teller", _reachability),
    SmsMessage: cast("Teller", _sms),
    SmsDeliveryMessage: cast("Teller", _delivery),
    NiddMessage: cast("Teller", _nidd),
}
"""Who puts which messages into words."""


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = next((value for key, value in body.items() if key.lower() == name.lower()), None)
    return found if isinstance(found, dict) else {}


def _short(body: Mapping[str, Any]) -> str:
    shown = {k: v for k, v in body.items() if k.lower() not in _ENVELOPE}
    return ", ".join(f"{name} {value}" for name, value in shown.items())[:300] or "nothing said"


_ENVELOPE = frozenset(
    {"username", "password", "requestid", "callbackcount", "maxcallbackthreshold", "deviceids"}
)
