"""A look at the last step: a text message was delivered, and the device answered."""

from collections.abc import Sequence

from tsui.service.commissioning.model import Case, Look, StepState
from tsui.service.verdict.evidence import Missing, Source, Told
from tsui.service.verdict.rules.messages import FROM_DEVICES, RECEIPTS, SOON
from tsui.service.verdict.say import moment
from tsui.store.changes import ChangeState, DeviceChange

OFFERED = 3600.0
"""Seconds for which a green run waits for somebody to send a message."""

ANSWERS = 120.0
"""Seconds a device may take to answer a message that reached it."""

_NO = frozenset({ChangeState.FAILED, ChangeState.REFUSED, ChangeState.NOT_SENT})


def echo(case: Case) -> Look:
    """A message was delivered, and the device answered if it does such a thing."""
    request = case.newest_request("SendSms")
    if request is None:
        if case.now - case.since > OFFERED:
            return Look(StepState.SKIPPED, "nobody sent a message")
        return Look(StepState.WAITING, "optional: S sends a message and asks first, E ends the run")
    if request.state in _NO:
        why = request.problem or "no reason was given"
        return Look(StepState.FAILED, f"{request.state}: {why}", f"request {request.request}")
    sent = request.sending_at or request.created_at
    reply = _reply(case.evidence.messages, sent)
    if reply is not None:
        said = f"answered {moment(reply.at)}: {reply.body.get('message')}"
        return Look(StepState.SEEN, said, FROM_DEVICES, reply.at)
    receipt = _receipt(case.evidence.messages, request)
    if receipt is not None:
        return _delivered(case, receipt)
    return _unheard(case, sent)


def _delivered(case: Case, receipt: Told) -> Look:
    fault = receipt.body.get("faultResponse")
    if fault:
        why = fault.get("faultstring") if isinstance(fault, dict) else ""
        return Look(StepState.FAILED, f"not delivered: {why or 'no reason was given'}", RECEIPTS)
    said = f"delivered {moment(receipt.at)}"
    if case.now < receipt.at + ANSWERS and _is_heard(case, FROM_DEVICES):
        due = receipt.at + ANSWERS
        return Look(StepState.WAITING, f"{said}; its answer may come", RECEIPTS, due_at=due)
    return Look(StepState.SEEN, f"{said}; no answer came", RECEIPTS, receipt.at)


def _unheard(case: Case, sent: float) -> Look:
    if not _is_heard(case, RECEIPTS) and not _is_heard(case, FROM_DEVICES):
        said = f"sent {moment(sent)}; nobody listens to receipts, so it cannot be known from here"
        return Look(StepState.NOT_KNOWABLE, said, Source.LISTENERS)
    said = f"sent {moment(sent)}; the receipt comes by callback, if the listener is ours"
    return Look(StepState.WAITING, said, Source.MESSAGES, due_at=sent + SOON)


def _is_heard(case: Case, service: str) -> bool:
    """Tell whether anybody listens to a service, as far as that is known."""
    try:
        return service in case.evidence.listeners
    except Missing:
        return True


def _receipt(messages: Sequence[Told], request: DeviceChange) -> Told | None:
    found = (
        each
        for each in messages
        if each.service == RECEIPTS and request.request_id and each.request_id == request.request_id
    )
    return next(found, None)


def _reply(messages: Sequence[Told], sent: float) -> Told | None:
    """Return the first message of the device since one was sent to it."""
    found = [
        each
        for each in messages
        if each.service == FROM_DEVICES and each.at >= sent and each.body.get("message")
    ]
    return min(found, key=lambda each: each.at, default=None)
