"""Rules about a change as a whole: its size, its pace, and who hears of its outcome."""

from datetime import UTC, datetime

from tsui.service.rules.model import Circumstances, Finding, Verdict, block, tell, warn

MINUTE = 60.0

FRESH = 30.0
"""Seconds for which a device's state is good ground for a change; an older one is read again."""

LOOKED_AT = 25
"""Up to so many devices are read again just before something is sent to them."""

LONG_AGO = 15 * MINUTE
"""Seconds after which it is worth a warning that states are not read again."""

ACTIVATIONS = 100
"""Activation requests that may be sent within a minute (documented)."""

LOCATION_CANCELS = 40
"""Cancelled location reports an hour, for all customers together (documented)."""


def fits_in_a_request(circumstances: Circumstances) -> Finding | None:
    """Refuse more devices than one request may name."""
    most = circumstances.most_devices
    if most is None or circumstances.devices <= most:
        return None
    return block(f"A request may name at most {most:,} devices; these are too many.")


def looks_again(circumstances: Circumstances) -> Finding | None:
    """Tell how old the states are where so many devices are not read again before sending."""
    if not circumstances.kind.allowed or circumstances.oldest is None:
        return None
    age = circumstances.now - circumstances.oldest
    if age <= FRESH:
        return None
    sentence = f"More than {LOOKED_AT} devices are not read again before it is sent."
    detail = f"states as of {_how_long(age)} ago"
    return (warn if age > LONG_AGO else tell)(sentence, detail)


def _how_long(seconds: float) -> str:
    for unit, length in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= length:
            return f"{int(seconds // length)} {unit}"
    return f"{int(seconds)} s"


def pace_is_kept(circumstances: Circumstances) -> Finding | None:
    """Warn when activations come faster than the carrier takes them."""
    recent = [at for at in circumstances.sent if circumstances.now - at < MINUTE]
    number = len(recent) + circumstances.requests
    if number <= ACTIVATIONS:
        return None
    return warn(
        f"With it {number} activation requests are sent within a minute; "
        f"{ACTIVATIONS} are allowed, so some may be refused."
    )


def cancels_are_few(circumstances: Circumstances) -> Finding | None:
    """Tell that all customers share a number of cancelled location reports."""
    number = len(circumstances.sent)
    shared = (
        f"{LOCATION_CANCELS} cancellations an hour are done for all customers together; "
        "more wait up to 24 hours."
    )
    if number + 1 < LOCATION_CANCELS:
        return tell(shared)
    return warn(f"{shared} {number} were sent from here within the last hour.")


def somebody_listens(circumstances: Circumstances) -> Finding | None:
    """Tell whether anybody hears of the outcome, as far as that was ever read."""
    service, listeners = circumstances.callback, circumstances.listeners
    if not service:
        return None
    if listeners is None:
        return tell(f"Not known: whether {service} has a listener.")
    if service in listeners.services:
        return None
    read = datetime.fromtimestamp(listeners.read_at, UTC)
    return warn(f"{service} had no listener on {read:%Y-%m-%d %H:%M} UTC to hear of the outcome.")


def fee_is_told(circumstances: Circumstances) -> Finding | None:
    """Tell the reason code and what becomes of the fee for early termination."""
    if circumstances.values.get("waiver") == "spend":
        return tell("Reason code FF; a waiver of the early termination fee is spent.")
    return tell("Reason code FF; without a waiver an early termination fee may be billed.")


def is_no_twin(circumstances: Circumstances) -> Finding | None:
    """Warn of a request that was sent already within the last hour."""
    twin = circumstances.twin
    if twin is None:
        return None
    minutes = max(0, int(circumstances.now - twin.at) // 60)
    return warn(
        "The same request was sent within the last hour.",
        f"{minutes} min ago, request {twin.request}, {twin.state}",
    )


def is_offered(circumstances: Circumstances) -> Finding | None:
    """Warn of a plan or a group that the account did not have when that was read."""
    values = circumstances.values
    wanted = values.get("service_plan") or values.get("group")
    if not wanted or circumstances.offered is None or wanted in circumstances.offered:
        return None
    what = "plan" if "service_plan" in values else "group"
    return warn(f"The account's list has no such {what}; ThingSpace may refuse it.", wanted)


def names_its_devices(circumstances: Circumstances) -> Finding | None:
    """Refuse to let the platform choose devices where some of them are protected."""
    if not circumstances.at_large or not circumstances.guards.protect:
        return None
    return block("Some devices are protected, so ThingSpace must not choose: name the devices.")


def group_was_typed(circumstances: Circumstances) -> Finding | None:
    """Ask for the name of a protected group, and of protected devices that lose theirs."""
    guards, names = circumstances.guards, dict[str, None]()
    names |= dict.fromkeys(guards.names_protecting_group(circumstances.group))
    for each in circumstances.members:
        names |= dict.fromkeys(guards.names_protecting(each))
    if not names:
        return None
    sentence = f"It is about what is protected: {', '.join(names)} has to be typed."
    return Finding(Verdict.WARN, sentence, names=tuple(names))
