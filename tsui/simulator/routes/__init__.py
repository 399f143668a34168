"""The operations, grouped by area: one module each."""

from tsui.simulator.call import Call
from tsui.simulator.routes import (
    account,
    callbacks,
    devices,
    groups,
    history,
    provisioning,
    session,
)
from tsui.simulator.world import World

_AREAS = (session, account, groups, devices, provisioning, history, callbacks)


def calls(world: World) -> list[Call]:
    """Return every call of the API."""
    return [call for area in _AREAS for call in area.calls(world)]
