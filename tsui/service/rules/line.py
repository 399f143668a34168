"""Rules about the line as it is: its state, its plan, what is under way, what is protected."""

from tsui.service.kinds import CHANGE_PLAN, KINDS, SEND_SMS
from tsui.service.rules.model import Circumstances, Finding, Verdict, block, tell, warn
from tsui.service.states import LineState, is_pending, say
from tsui.store.devices import DeviceRow

STALE_AFTER = 24 * 3600.0
"""Seconds after which a cached state is no good ground for a change."""

_CONNECTS = (LineState.ACTIVE, LineState.SUSPEND)


def no_open_change(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Keep out a device with a change that is not over: nothing must be done twice."""
    change = circumstances.under_way.get(device.key)
    if change is None:
        return None
    return block(f"{change.title} of request {change.request} is {change.state}, not over.")


def not_pending(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Keep out a line that is in the middle of a change, ours or somebody else's."""
    if circumstances.kind.allowed and is_pending(device.state):
        return block(f"It is in the middle of another change: {device.state}.")
    return None


def state_allows(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Keep out a line whose state has no such exit in the documented table."""
    allowed = circumstances.kind.allowed
    if (
        not allowed
        or device.state in allowed
        or is_pending(device.state)
        or device.key in circumstances.strangers
    ):
        return None
    return block(f"It is {say(device.state)}.")


def plan_may_change(device: DeviceRow, _: Circumstances) -> Finding | None:
    """Keep out a suspended line: the carrier changes no plan then."""
    if device.state == LineState.SUSPEND:
        return block("The plan of a suspended line cannot be changed.")
    return None


def plan_differs(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Keep out a line that is on the wanted plan already: a month has only four changes."""
    wanted = circumstances.values.get("service_plan")
    if circumstances.kind is CHANGE_PLAN and wanted and device.plan == wanted:
        return block("It is on this plan already.")
    return None


def known_recently(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Warn when the state on screen is old, or is not known at all."""
    if device.key in circumstances.strangers:
        if circumstances.kind.allowed:
            return warn("It is not known here, so its state was not checked.")
        return None
    if circumstances.now - device.read_at > STALE_AFTER:
        return warn("Its state was read more than a day ago.")
    return None


def not_sent_twice(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Warn of a change that was sent already within the last hour."""
    kind = circumstances.kind
    if kind.operation not in KINDS and kind is not SEND_SMS:
        return None  # its title does not tell what was sent; the request as a whole is compared
    title = kind.named(circumstances.values)
    for each in reversed(circumstances.of(device).past):
        same = (each.operation, each.title) == (kind.operation, title)
        if same and circumstances.now - each.at < 3600.0:
            minutes = max(0, int(circumstances.now - each.at) // 60)
            return warn(
                "The same was sent to it within the last hour.",
                f"{minutes} min ago, request {each.request}, {each.state}",
            )
    return None


def pair_is_free(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Keep SIM and hardware apart that another line of the account has."""
    rivals = circumstances.of(device).rivals
    if not rivals:
        return None
    detail = ", ".join(f"{each.key.partition(':')[2]} ({say(each.state)})" for each in rivals[:3])
    if any(each.state in _CONNECTS or is_pending(each.state) for each in rivals):
        return block("Its SIM or hardware is in use by another line of the account.", detail)
    return warn("Another line of the account has its SIM or hardware; delete that first.", detail)


def what_is_lost(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Tell what of this very line does not come back."""
    operation = circumstances.kind.operation
    if operation == "DeleteDevices" or circumstances.values.get("delete"):
        return warn("All its history is destroyed.")
    if operation == "ChangeIdentifier":
        return _lost_in_a_swap(device, circumstances.values.get("swap", ""))
    if operation == "ActivateDevices":
        if device.state == LineState.DEACTIVE:
            return tell("It gets a new number and address; former ones do not come back.")
        return None
    if device.mdn or device.ip:
        detail = ", ".join(filter(None, (device.mdn, device.ip)))
        return tell("Its number and address are lost.", detail)
    return None


def _lost_in_a_swap(device: DeviceRow, what: str) -> Finding | None:
    if what == "ChangeMSISDN":
        return tell("It gets another number; the one it has is lost.", device.mdn)
    if what == "ChangeICCID":
        return None
    return tell("Its history stays with the former hardware and looks lost afterwards.")


def name_was_typed(device: DeviceRow, circumstances: Circumstances) -> Finding | None:
    """Ask for the name of what the profile protects."""
    names = circumstances.guards.names_protecting(device)
    if not names:
        return None
    return Finding(
        Verdict.WARN, f"It is protected: {', '.join(names)} has to be typed.", names=names
    )
