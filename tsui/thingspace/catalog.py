"""The catalog: every operation this program knows, by name."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from tsui.thingspace.operation import Operation

_AREAS = (
    "session",
    "account",
    "devices",
    "provisioning",
    "history",
    "groups",
    "callbacks",
    "lines",
    "inventory",
    "diagnostics",
    "euicc",
    "segmentation",
    "sms",
    "nidd",
    "monitors",
    "location",
    "software",
    "triggers",
    "leads",
)
"""Modules that declare operations, those first that every session needs."""


@cache
def _declared(area: str) -> dict[str, type[Operation[Any]]]:
    module = import_module(f"tsui.thingspace.{area}")
    return {
        name: item
        for name, item in vars(module).items()
        if isinstance(item, type)
        and issubclass(item, Operation)
        and item.__module__ == module.__name__
        and hasattr(item, "title")
    }


class _Catalog(Mapping[str, type[Operation[Any]]]):
    """Imports an area only when a name is not found before it: all of them cost 50 ms."""

    def __getitem__(self, name: str) -> type[Operation[Any]]:
        for area in _AREAS:
            if operation := _declared(area).get(name):
                return operation
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        for area in _AREAS:
            yield from _declared(area)

    def __len__(self) -> int:
        return sum(len(_declared(area)) for area in _AREAS)


OPERATIONS: Mapping[str, type[Operation[Any]]] = _Catalog()
"""Operation classes by class name, in the order of their areas."""


def restore(name: str, fields: dict[str, Any]) -> Operation[Any]:
    """Make the operation again that the journal holds; raises KeyError or ValidationError."""
    return OPERATIONS[name].model_validate(fields)
