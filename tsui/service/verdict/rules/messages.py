"""Rules about text messages: to the device and not confirmed, from it and not taken."""

from tsui.service.states import LineState
from tsui.service.verdict.evidence import Evidence, Source
from tsui.service.verdict.model import Confidence, Fact, Layer, Rival, Rule, Sign, Status
from tsui.service.verdict.say import moment, span

RECEIPTS, FROM_DEVICES = "SMSDeliveryConfirmation", "EnhancedConnectivityService"

SOON = 600.0
"""Seconds within which the receipt of a message to a device that is awake may still come."""

LIVES = 120 * 3600.0
"""Seconds the network tries to deliver a message (documented)."""

WEEK = 10 * 86_400.0
"""Seconds of a week and of the three days by which messages may be counted late (documented)."""

PILE = 3
"""Messages of a week from which on they pile up."""


def unconfirmed(evidence: Evidence) -> Sign | None:
    """A message was sent to the device and no receipt has come."""
    sent = [each for each in evidence.requests if each.operation == "SendSms" and each.request_id]
    if not sent:
        return None
    if RECEIPTS not in evidence.listeners:
        raise evidence.unknowable(Source.MESSAGES, f"nobody listens to {RECEIPTS}")
    newest = sent[0]
    receipts = {each.request_id for each in evidence.messages if each.service == RECEIPTS}
    if newest.request_id in receipts or not newest.sending_at:
        return None
    age = evidence.now - newest.sending_at
    if age < SOON:
        return None
    said = "it waits in the network" if age < LIVES else "it expired"
    return Sign(
        f"A message of {span(age)} ago has no receipt: {said}, the device was not reached.",
        [Fact("sent", moment(newest.sending_at), Source.REQUESTS)],
    )


def piling_up(evidence: Evidence) -> Sign | None:
    """The device sends messages and nobody takes them."""
    if evidence.line.state != LineState.ACTIVE:
        return None
    sent = sum(each.sms for each in evidence.usage if each.at >= evidence.now - WEEK)
    if sent < PILE or FROM_DEVICES in evidence.listeners:
        return None
    return Sign(
        f"It sent {sent} messages within a week and nobody listens to {FROM_DEVICES}: the device "
        "lives, what should hear it does not.",
        [
            Fact("smsUsed", str(sent), Source.USAGE),
            Fact("serviceName", f"{FROM_DEVICES}: none", Source.LISTENERS),
        ],
    )


UNCONFIRMED = Rule(
    "6.1", "sms-unconfirmed", Layer.MESSAGES, Status.WARN, Confidence.HIGH,
    "a message waits for it, or expired", unconfirmed,
    "Wait for its next session; send again once when it has expired.", "s",
    (Rival("the receipt was lost", "the device's own log of messages"),),
)  # fmt: skip

PILING_UP = Rule(
    "6.2", "sms-pile-up", Layer.MESSAGES, Status.WARN, Confidence.HIGH,
    "the device lives, the customer's listener is down", piling_up,
    "Look at the listeners; never empty the queue by habit.", ":listeners",
)  # fmt: skip
