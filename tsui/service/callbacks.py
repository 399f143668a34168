"""What a callback message says of a change: pure functions, the same in whatever order they come.

It is the strongest evidence there is: the platform's own word about this very request.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tsui.service.evidence import Finding
from tsui.store.changes import ChangeState, DeviceChange
from tsui.store.devices import DeviceRow
from tsui.thingspace.callback_answers import LocationMessage, ProfileMessage
from tsui.thingspace.callback_envelope import CallbackMessage
from tsui.thingspace.catalog import OPERATIONS

_GOOD = frozenset({"success", "completed", "executed_success", "delivered", "configcreated"})
_BAD = frozenset({"failed", "failure", "deliveryfailed", "expired", "executed_failed"})
_ENVELOPE = frozenset(
    {"username", "password", "requestid", "callbackcount", "maxcallbackthreshold"}
)
_DEVICE_FIELDS = frozenset({"deviceids", "device", "deviceid"})

REPORTED = "ThingSpace reports failure."
"""Why a change failed of which nothing more was said."""

Ident = tuple[str, str]
"""Kind and value of an identifier, both in lower case."""


def from_callback(service: str, message: CallbackMessage) -> Finding | None:
    """Judge a message; None while it tells that more is to come, or nothing at all."""
    word = _word(message)
    said = f"callback {service or 'message'}: {word or 'no status'}"
    fault = message.fault_response
    if word.lower() in _BAD or (fault is not None and word.lower() not in _GOOD):
        code, text = (fault.faultcode or "", fault.faultstring or "") if fault else ("", "")
        evidence = f"{said}, {code}" if code else said
        return Finding(ChangeState.FAILED, text or code or REPORTED, evidence)
    if word.lower() in _GOOD:
        return Finding(ChangeState.SUCCEEDED, "", said)
    return None


def decides(service: str, change: DeviceChange) -> bool:
    """Tell whether messages of a service settle a change; some requests are answered by several."""
    operation = OPERATIONS.get(change.operation)
    return not service or operation is None or operation.callback in (None, service)


class Named:
    """The devices of a request by every identifier that is known of them."""

    def __init__(
        self, changes: Sequence[DeviceChange], devices: Mapping[tuple[str, str], DeviceRow]
    ) -> None:
        self._changes = changes
        self._by_value: dict[str, list[DeviceChange]] = defaultdict(list)
        for change in changes:
            for value in _known(change, devices.get((change.account, change.device_key))):
                self._by_value[value].append(change)

    def concerned(self, message: CallbackMessage) -> list[DeviceChange]:
        """Return the devices of the request that a message which answers it speaks of.

        The platform may name the only device of a request by another kind of identifier than we
        did, but not by another identifier of the same kind.
        """
        said = set(_identifiers(message))
        found = {each.id: each for _, value in said for each in self._by_value.get(value, ())}
        if found:
            return list(found.values())
        return [
            each
            for each in self._changes[:1]
            if each.devices == 1 and all(kind != each.kind.lower() for kind, _ in said)
        ]


def _known(change: DeviceChange, device: DeviceRow | None) -> set[str]:
    known = {change.identifier.lower()}
    if device is not None:
        known |= {each.lower() for each in (device.iccid, device.imei, device.mdn, device.eid)}
    if change.devices == 1:
        known |= {value for _, value in _found(change.fields)}
    return known - {""}


def as_answer(message: CallbackMessage) -> dict[str, Any]:
    """Return what a message tells, without what belongs to its delivery."""
    told: dict[str, Any] = {}
    for name, value in message.received.items():
        if name.lower() in _ENVELOPE:
            continue
        if name == "deviceResponse" and isinstance(value, Mapping):
            told |= value
        else:
            told[name] = value
    return told


def subject(message: CallbackMessage) -> str:
    """Return the device a message is about, as it names it; empty where it names none."""
    return next((each.id for each in message.device_ids or () if each.id), "")


def _word(message: CallbackMessage) -> str:
    """Return the word that tells how it went; a profile has one of its own."""
    if isinstance(message, ProfileMessage) and message.device_response:
        outcome = message.device_response.device_profile_response
        if outcome is not None and outcome.status:
            return outcome.status.strip()
    if isinstance(message, LocationMessage) and not message.status:
        return "Failed" if message.error else "Success" if message.pd else ""
    return (message.status or "").strip()


def _identifiers(message: CallbackMessage) -> Iterator[Ident]:
    for each in message.device_ids or ():
        if each.id:
            yield (each.kind or "").strip().lower(), each.id.strip().lower()
    yield from _found(message.received)
    if isinstance(message, LocationMessage) and message.msid:
        yield "mdn", message.msid


def _found(value: Any, name: str = "") -> Iterator[Ident]:
    """Yield identifiers wherever they stand in fields that are named for devices."""
    if isinstance(value, Mapping):
        kind, number = value.get("kind"), value.get("id")
        if name in _DEVICE_FIELDS and isinstance(kind, str) and isinstance(number, str):
            yield kind.strip().lower(), number.strip().lower()
        for key, item in value.items():
            yield from _found(item, key.lower())
    elif isinstance(value, list):
        for item in value:
            yield from _found(item, name)
