"""The catalog: every operation this program knows, by name."""

from typing import Any

from tsui.thingspace import (
    account,
    callbacks,
    devices,
    diagnostics,
    euicc,
    groups,
    history,
    inventory,
    leads,
    lines,
    location,
    monitors,
    nidd,
    provisioning,
    segmentation,
    session,
    sms,
    software,
    triggers,
)
from tsui.thingspace.operation import Operation

_AREAS = (
    session,
    account,
    leads,
    groups,
    devices,
    diagnostics,
    inventory,
    provisioning,
    lines,
    euicc,
    history,
    segmentation,
    sms,
    nidd,
    monitors,
    location,
    software,
    triggers,
    callbacks,
)


def _declared(area: Any) -> list[type[Operation[Any]]]:
    return [
        item
        for item in vars(area).values()
        if isinstance(item, type)
        and issubclass(item, Operation)
        and item.__module__ == area.__name__
        and hasattr(item, "title")
    ]


OPERATIONS: dict[str, type[Operation[Any]]] = {
    operation.__name__: operation for area in _AREAS for operation in _declared(area)
}
"""Operation classes by class name, in the order of their areas."""


def restore(name: str, fields: dict[str, Any]) -> Operation[Any]:
    """Make the operation again that the journal holds; raises KeyError or ValidationError."""
    return OPERATIONS[name].model_validate(fields)
