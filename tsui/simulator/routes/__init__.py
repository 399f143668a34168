"""The operations, grouped by area: one module each."""

from tsui.simulator.call import Call
from tsui.simulator.routes import (
    account,
    attributes,
    billing,
    callbacks,
    devices,
    enquiries,
    fota,
    groups,
    history,
    identifiers,
    inventory,
    location,
    monitors,
    nidd,
    profiles,
    provisioning,
    session,
    sms,
    states,
    triggers,
    worldwide,
)
from tsui.simulator.world import World

_AREAS = (
    session,
    account,
    groups,
    devices,
    provisioning,
    attributes,
    identifiers,
    states,
    inventory,
    enquiries,
    history,
    billing,
    callbacks,
    profiles,
    worldwide,
    monitors,
    triggers,
    sms,
    nidd,
    location,
    fota,
)


def calls(world: World) -> list[Call]:
    """Return every call of the API."""
    return [call for area in _AREAS for call in area.calls(world)]
