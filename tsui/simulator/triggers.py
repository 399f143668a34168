"""Triggers: what is to raise an alert, as customers asked for it."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tsui.simulator.draw import mix

CONDITIONS = (
    "smsTriggerRequest", "dataTriggerRequest", "sessionTriggerRequest", "anomalyTriggerRequest",
)  # fmt: skip
"""Parts of a request that say when a trigger fires; the first that is there counts."""


@dataclass(slots=True)
class Trigger:
    """Something that is to raise an alert."""

    id: str
    account: str
    name: str
    group: str
    category: str
    created: float
    """Unix time."""
    modified: float
    cycle: str = ""
    """``Daily``, ``Weekly`` or ``Monthly``; empty where none was named."""
    conditions: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The parts of its request that say when it fires, by their names."""
    told: set[tuple[int, float]] = field(default_factory=set)
    """Devices an alert was raised for, each with the start of what it was raised for."""

    @property
    def condition(self) -> tuple[str, dict[str, Any]]:
        """Which condition counts, and what it says; two empty things where there is none."""
        return next(
            ((name, self.conditions[name]) for name in CONDITIONS if name in self.conditions),
            ("", {}),
        )

    def change(self, body: Mapping[str, Any], now: float) -> None:
        """Take over what a request says; what it does not name stays."""
        self.name = body.get("name") or self.name
        self.group = body.get("groupName") or self.group
        self.category = body.get("triggerCategory") or self.category
        self.cycle = body.get("triggerCycle") or self.cycle
        if given := {name: body[name] for name in CONDITIONS if body.get(name)}:
            self.conditions = given
        self.modified = now
        self.told.clear()


class Triggers:
    """Every trigger of every account."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._count = 0
        self._by_id: dict[str, Trigger] = {}

    def __iter__(self) -> Iterator[Trigger]:
        return iter(list(self._by_id.values()))

    def get(self, trigger_id: str) -> Trigger | None:
        """Return a trigger; None where there is none."""
        return self._by_id.get(trigger_id)

    def named(self, account: str, name: str) -> Trigger | None:
        """Return the trigger of an account with a name; None where there is none."""
        found = (each for each in self if each.account == account and each.name == name)
        return next(found, None)

    def create(self, account: str, body: Mapping[str, Any], now: float) -> Trigger:
        """Keep a new trigger."""
        self._count += 1
        number = uuid.UUID(int=mix(self._seed, 89, self._count) << 64 | mix(self._count))
        trigger = Trigger(str(number), account, "", "", "", now, now)
        trigger.change(body, now)
        self._by_id[trigger.id] = trigger
        return trigger

    def rename_group(self, account: str, old: str, new: str) -> None:
        """Let triggers go on to watch a group that has another name."""
        for trigger in self:
            if trigger.account == account and trigger.group == old:
                trigger.group = new

    def delete(self, trigger_id: str) -> Trigger | None:
        """Forget a trigger; returns it, or None where there was none."""
        return self._by_id.pop(trigger_id, None)
