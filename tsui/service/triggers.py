"""Triggers: what ThingSpace watches by itself, read, and as values for the forms that change it."""

from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from tsui.service.export import Columns
from tsui.service.forms import build
from tsui.service.workspace import Workspace
from tsui.thingspace.operation import Operation

LIST = "ListTriggers"
"""The read that tells all triggers."""


class WatchedBound(NamedTuple):
    """A trigger; all of it is hostile until sanitised."""

    id: str
    name: str
    account: str
    group: str
    """The group it watches."""
    category: str
    """What it watches."""
    cycle: str
    """What its bound counts for."""
    bound: str
    """When it tells, e.g. ``gt 5 MB``."""
    changed: str
    """When it was changed last, as it was told."""
    told: Mapping[str, Any]
    """All that was told of it."""


COLUMNS: Columns[WatchedBound] = {
    name: attrgetter(name) for name in WatchedBound._fields if name != "told"
}
"""What an export says of a trigger."""


class TriggerDesk:
    """The triggers of the account that is shown."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def triggers(self) -> tuple[list[WatchedBound], float | None]:
        """Return the triggers as they were read last, and when that was."""
        reading = await self._workspace.last_answer(LIST)
        if reading is None or reading.read_at is None:
            return [], None
        found = [_trigger(each) for each in _listed(reading.body)]
        ours = [each for each in found if each.account in ("", self._workspace.account)]
        return sorted(ours, key=lambda each: each.name.casefold()), reading.read_at

    async def read(self) -> None:
        """Read them again; raises ReadFailed."""
        await self._workspace.ask(build(LIST, {}))

    def deleting(self, trigger: WatchedBound) -> Operation[Any]:
        """Return the request that ends a trigger; raises FormInvalid."""
        return build("DeleteTrigger", {"triggerId": trigger.id})


def values_of(trigger: WatchedBound) -> dict[str, str]:
    """Return what a form that changes a trigger begins with."""
    told = trigger.told
    values = {
        "triggerId": trigger.id, "name": trigger.name, "groupName": trigger.group,
        "triggerCategory": trigger.category, "triggerCycle": trigger.cycle,
    }  # fmt: skip
    condition = _condition(trigger)
    for name in ("smsType", "comparator", "threshold", "thresholdUnit"):
        values[f"{condition}.{name}"] = str(told.get(name) or "")
    return {path: text for path, text in values.items() if text}


def _condition(trigger: WatchedBound) -> str:
    """Return which bounds a trigger has: the platform tells them flat, and wants them apart."""
    category = trigger.category.lower()
    if trigger.told.get("smsType") or "sms" in category:
        return "smsTriggerRequest"
    return "sessionTriggerRequest" if "session" in category else "dataTriggerRequest"


def _listed(body: Any) -> Iterator[Mapping[str, Any]]:
    """Yield the triggers of an answer, which is an object or an array of one."""
    for each in body if isinstance(body, list) else [body]:
        if isinstance(each, Mapping):
            listed = each.get("triggers")
            yield from (one for one in listed or () if isinstance(one, Mapping))


def _trigger(told: Mapping[str, Any]) -> WatchedBound:
    def text(name: str) -> str:
        return str(told.get(name) or "")

    bound = " ".join(filter(None, map(text, ("comparator", "threshold", "thresholdUnit"))))
    return WatchedBound(
        text("triggerId"), text("triggerName"), text("accountName"), text("groupName"),
        text("triggerCategory"), text("triggerCycle"), bound, text("modifiedAt"), told,
    )  # fmt: skip
