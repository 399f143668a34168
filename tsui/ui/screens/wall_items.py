"""The wall as blocks of numbers: what each is called, how it is said, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tsui.service.wall.model import Count, Share, Wall
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.screens.calls_text import span
from tsui.ui.screens.device_text import View

RARE_PLANS = 50
"""Plans and groups that are made into numbers; the screen shows as many as it has room for."""


class Target(NamedTuple):
    """A list, and what it shows."""

    area: str
    """The area, or the name of a command where it begins with a colon."""
    words: str = ""
    """What it is filtered by."""


class Item(NamedTuple):
    """A number."""

    key: str
    """What it is known by."""
    label: str
    value: str
    """The number in words, sanitised."""
    target: Target
    """The list behind it."""
    change: int | None = None
    """How much it changed since the shift began."""
    look: str = "strong"
    is_problem: bool = False
    """Whether somebody should look."""
    big: str = ""
    """The number in few letters, for those far away; empty where it has none."""


class Block(NamedTuple):
    """Numbers that belong together."""

    name: str
    title: str
    items: Sequence[Item]
    note: str = ""
    """What has to be known to read them."""


@dataclass(frozen=True, slots=True)
class Around:
    """What there is to know beside the picture."""

    view: View
    calls_per_minute: int
    link: tuple[str, str]
    """Whether ThingSpace can be reached, and the look of that."""
    age: tuple[str, str]
    """How old the picture of the fleet is, and the look of that."""
    slept: str = ""
    """What the clocks of this machine did lately; empty for nothing."""


def blocks(wall: Wall, around: Around) -> list[Block]:
    """Return the numbers, in the order in which one goes through them."""
    return [
        Block("fleet", "Fleet", list(_fleet(wall)), since(wall, around.view)),
        Block("plans", "Plans", list(_shares("plan", wall.plans))),
        Block("groups", "Groups", list(_shares("group", wall.groups))),
        Block("wanted", "Needs somebody", list(_wanted(wall))),
        Block("health", "Health", list(_health(wall, around))),
    ]


def only_problems(made: Sequence[Block]) -> list[Block]:
    """Return the numbers at which somebody should look."""
    left = [
        block._replace(items=[item for item in block.items if item.is_problem]) for block in made
    ]
    return [block for block in left if block.items]


def since(wall: Wall, view: View) -> str:
    """Say what the numbers are compared with."""
    if wall.shift.known_since is None:
        return f"no count since {_clock(wall.shift.began, view)} yet"
    if wall.shift.known_since - wall.shift.began < 1800:
        return f"since {_clock(wall.shift.began, view)}"
    return f"since {_clock(wall.shift.known_since, view)}, unknown before"


def few(number: int) -> str:
    """Say a number in at most four letters, or three and a point."""
    for size, unit in ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "K")):
        # What is rounded up to a thousand of a unit is one of the next.
        if number >= size * 0.9995:
            short = number / size
            return f"{short:.0f}{unit}" if short >= 9.95 else f"{short:.1f}{unit}"
    return str(number)


def _fleet(wall: Wall) -> Iterator[Item]:
    yield _counted("devices", "devices", wall.devices, Target("devices"))
    yield _counted("connected", "connected", wall.connected, Target("devices", "connected:yes"))
    late = _counted("late", "overdue", wall.late, Target("devices", "overdue>1"))
    grew = (wall.late.change or 0) > 0
    yield late._replace(label="▲ overdue", look="warn", is_problem=True) if grew else late
    for share in wall.states:
        text, look = words.state(share.value)
        item = _counted(
            f"state:{share.value}", text, share.number, Target("devices", _filter("state", share))
        )
        yield item._replace(look=look)


def _shares(field: str, shares: Sequence[Share]) -> Iterator[Item]:
    for share in shares[:RARE_PLANS]:
        label = sanitize(share.value, 60) if share.value else f"no {field}"
        yield _counted(
            f"{field}:{share.value}", label, share.number, Target("devices", _filter(field, share))
        )


def _wanted(wall: Wall) -> Iterator[Item]:
    told, requests, monitors = wall.monitors, Target("requests"), Target("monitors")
    alarms = Target("events", "severity:alarm is:new")
    yield _wrong("alarms", "■ alarms, open", wall.alarms, "bad", alarms)
    yield _wrong("bad", "✗ changes failed", wall.bad, "bad", requests)
    yield _wrong("unknown", "▲ fate unknown", wall.in_flight.unknown, "bad", requests)
    in_flight = wall.in_flight.waiting + wall.in_flight.sending
    yield _going("in-flight", "◌ in flight", in_flight, requests)
    yield _wrong("lost", "▲ told lost, 24 h", wall.lost, "bad", monitors)
    yield _going("signs", "◌ monitors told, 1 h", told.signs, monitors)
    yield _going("windows", "◌ windows open", told.windows, monitors)
    if told.troubled:
        yield _wrong("monitors", "▲ monitors failed", told.troubled, "warn", monitors)
    else:
        yield _going("monitors", "○ monitors set", told.active, monitors)


def _going(key: str, label: str, number: int, target: Target) -> Item:
    return Item(
        key, label, f"{number:,}", target, look="info" if number else "dim", big=few(number)
    )


def _health(wall: Wall, around: Around) -> Iterator[Item]:
    """Yield what may be said for long: a number that moves with every call would never be still."""
    calls, http = wall.calls, Target(":http")
    said, look = around.link
    yield Item("link", "ThingSpace", said, http, look=look, is_problem=look == "bad")
    took = (
        "no call yet" if calls.median is None else f"{_about(calls.median)} / {_about(calls.slow)}"
    )
    yield Item("latency", "p50 / p95", took, http, look="text")
    failed = f"{calls.failed:,} of the last {calls.attempts:,}" if calls.failed else "none lately"
    errors = Target(":http", "-status:2")
    yield Item("errors", "errors", failed, errors, look="warn" if calls.failed else "dim")
    full = calls.lately >= around.calls_per_minute
    tens = calls.lately // 10 * 10
    used = f"{f'{tens:,}+' if tens else 'under 10'} of {around.calls_per_minute:,}"
    yield Item("budget", "calls a minute", used, http, look="warn" if full else "dim",
               is_problem=full)  # fmt: skip
    yield _tokens(wall, around.view)
    yield _receiver(wall, around.view)
    text, look = around.age
    yield Item("age", "fleet", text or "not read yet", Target("devices"), look=look,
               is_problem=look == "bad")  # fmt: skip
    if around.slept:
        yield Item("slept", "this machine", around.slept, http, look="warn", is_problem=True)


def _about(seconds: float | None) -> str:
    """Say how long something took by its first two figures."""
    return span(None if seconds is None else float(f"{seconds:.2g}"))


def _tokens(wall: Wall, view: View) -> Item:
    target = Target(":http", "op:login")
    if (standing := wall.standing) is None:
        return Item("tokens", "token", "nobody signed in", target, look="warn")
    left = standing.token_ends_in
    token = f"to {_clock(wall.at + left, view)}" if left > 0 else "none"
    session = "in session" if standing.session_ends_in > 0 else "no session"
    return Item("tokens", "token", f"{token}, {session}", target, look="dim")


def _receiver(wall: Wall, view: View) -> Item:
    told, target = wall.receiving, Target(":inbox")
    if told.seen_at is None:
        return Item("receiver", "callbacks", "no receiver ran yet", target, look="dim")
    heard = f"last {words.age(wall.at - told.heard_at)} ago" if told.heard_at else "none came"
    if told.is_running:
        return Item("receiver", "callbacks", heard, target, look="good")
    return Item(
        "receiver", "callbacks", f"receiver gone {_clock(told.seen_at, view)}", target,
        look="bad", is_problem=True,
    )  # fmt: skip


def _counted(key: str, label: str, count: Count, target: Target) -> Item:
    return Item(key, label, f"{count.now:,}", target, count.change, big=few(count.now))


def _wrong(key: str, label: str, number: int, look: str, target: Target) -> Item:
    return Item(
        key, label, f"{number:,}", target, look=look if number else "dim",
        is_problem=number > 0, big=few(number),
    )  # fmt: skip


def _filter(field: str, share: Share) -> str:
    if not share.value:
        return f"-has:{field}"
    text = share.value.replace('"', "?")
    return f'{field}:"{text}"'


def _clock(at: float, view: View) -> str:
    return words.moment(at, utc=view.utc)[11:16]
