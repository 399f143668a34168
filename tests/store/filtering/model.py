"""The filter language as a few lines of plain Python over the records themselves."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tsui.store.device import DeviceRecord
from tsui.store.filtering.fields import TEXTS, Field, Kind
from tsui.store.filtering.tree import (
    All,
    Any,
    Compare,
    Filter,
    Flag,
    Has,
    Match,
    Not,
    Pattern,
    Wild,
    Word,
)
from tsui.store.filtering.values import Age, Comparison, Day, Now, Size, Times


class Known(NamedTuple):
    """What is known of a device."""

    record: DeviceRecord
    """Its line in the list."""
    read_at: float
    """When that was read."""
    usage: int | None
    """Bytes, where they were read lately."""
    silence: tuple[int, int] | None = None
    """When its silence began and what gap is usual, where it is silent and both are known."""


def stored(text: str) -> str:
    """Return the text as it can be stored."""
    return "".join(
        "\ufffd" if each == "\0" or 0xD800 <= ord(each) < 0xE000 else each for each in text
    )


def text_of(device: DeviceRecord) -> str:
    """Return all that is searched in."""
    parts = (
        device.iccid, device.imei, device.mdn, device.eid, device.state, device.plan,
        device.groups, device.ip, *device.custom, *device.more,
    )  # fmt: skip
    return "\n".join(part for part in parts if part)


def lets_through(tree: Filter, device: Known, now: Now) -> bool:
    """Tell whether a filter lets a device through."""
    match tree:
        case All(parts):
            return all(lets_through(part, device, now) for part in parts)
        case Any(parts):
            return any(lets_through(part, device, now) for part in parts)
        case Not(part):
            return not lets_through(part, device, now)
        case Word() | Match():
            return _text_fits(tree, device.record)
        case Flag(_, wanted):
            return device.record.connected is wanted
        case Has(field):
            return _is_known(field, device)
        case Compare(field, comparison, value):
            if isinstance(value, Times):
                silence = device.silence
                return silence is not None and _holds(
                    (now.at - silence[0]) / silence[1], comparison, value.count
                )
            known = _number(field, device)
            return known is not None and _compares(known, comparison, value, now)


def _text_fits(tree: Word | Match, device: DeviceRecord) -> bool:
    if isinstance(tree, Match) and tree.field.kind is Kind.ENDING:
        ending = Pattern((Wild.RUN, *tree.pattern.pieces))
        return any(_fits(ending, each) for each in (device.iccid, device.imei, device.mdn))
    if isinstance(tree, Word) and tree.pattern.literal is not None:
        return stored(tree.pattern.literal).casefold() in stored(text_of(device)).casefold()
    fields = (tree.field,) if isinstance(tree, Match) else TEXTS
    return any(_fits(tree.pattern, text) for field in fields for text in _texts(field, device))


def _is_known(field: Field, device: Known) -> bool:
    if field.kind is Kind.FLAG:
        return device.record.connected is not None
    if field.kind is Kind.TIMES:
        return device.silence is not None
    if field.kind in (Kind.TIME, Kind.SIZE):
        return _number(field, device) is not None
    return _column(field, device.record) != ""


def _compares(known: float, comparison: Comparison, value: Age | Day | Size, now: Now) -> bool:
    if isinstance(value, Size):
        return _holds(known, comparison, value.count)
    if isinstance(value, Age):
        return _holds(now.at - known, comparison, value.seconds)
    start, end = value.span(now)
    return {
        Comparison.LESS: known < start,
        Comparison.AT_MOST: known < end,
        Comparison.EQUAL: start <= known < end,
        Comparison.AT_LEAST: known >= start,
        Comparison.MORE: known >= end,
    }[comparison]


def _texts(field: Field, device: DeviceRecord) -> Iterator[str]:
    text = _column(field, device)
    if field.kind is Kind.MEMBERS:
        yield from (each.strip(" ") for each in text.split(","))
    else:
        yield text


def _column(field: Field, device: DeviceRecord) -> str:
    if field.column.startswith("custom"):
        return device.custom[int(field.column[-1]) - 1]
    text = getattr(device, field.column)
    assert isinstance(text, str)
    return text


def _number(field: Field, device: Known) -> float | None:
    if field.kind is Kind.SIZE:
        return device.usage
    known = device.read_at if field.column == "read_at" else getattr(device.record, field.column)
    return float(known) if known else None


def _holds(known: float, comparison: Comparison, value: float) -> bool:
    return {
        Comparison.LESS: known < value,
        Comparison.AT_MOST: known <= value,
        Comparison.EQUAL: known == value,
        Comparison.AT_LEAST: known >= value,
        Comparison.MORE: known > value,
    }[comparison]


def _fits(pattern: Pattern, text: str) -> bool:
    wild = {Wild.RUN: ".*", Wild.ONE: "."}
    expression = "".join(
        wild[piece] if isinstance(piece, Wild) else re.escape(stored(piece).casefold())
        for piece in pattern.pieces
    )
    return re.fullmatch(expression, stored(text).casefold(), re.DOTALL) is not None
