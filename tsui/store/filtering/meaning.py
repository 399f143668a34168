"""What a field with a value asks for; a ValueError says in a sentence what would be right."""

from difflib import get_close_matches

from tsui.store.filtering.fields import (
    BY_NAME,
    CONDITIONS,
    FLAGS,
    HAS,
    IS,
    STATE,
    STATES,
    UNKNOWN,
    Field,
    Kind,
)
from tsui.store.filtering.tree import (
    Compare,
    Filter,
    Flag,
    Has,
    Match,
    Pattern,
    Wild,
    negated,
    pattern,
)
from tsui.store.filtering.values import (
    Age,
    Comparison,
    Day,
    Size,
    Times,
    read_size,
    read_time,
    read_times,
)

COMPARED = (Kind.TIME, Kind.SIZE, Kind.TIMES)
"""Kinds of fields that are compared with more and less."""


def field_called(name: str) -> Field:
    """Return a field by one of its names."""
    field = BY_NAME.get(name.lower())
    if field is None:
        near = get_close_matches(name.lower(), [*BY_NAME, HAS, IS], 1)
        hint = f"did you mean {near[0]}?" if near else "? lists the fields;"
        raise ValueError(f"There is no field {name}: {hint} a text with a colon needs quotes.")
    return field


def asked(field: Field, comparison: Comparison, value: Pattern) -> Filter:
    """Return what a field and a value ask for."""
    text = value.literal
    if field.kind in COMPARED or field.kind in (Kind.FLAG, Kind.ENDING):
        if text is None:
            raise ValueError(f"Wildcards are for texts; write {field.example}")
        if text.lower() == UNKNOWN and field.kind is not Kind.ENDING:
            return negated(Has(field))
    match field.kind:
        case Kind.TIME:
            return Compare(field, comparison, _time(field, comparison, text or ""))
        case Kind.SIZE:
            return Compare(field, comparison, _size(field, text or ""))
        case Kind.TIMES:
            return Compare(field, comparison, _times(field, comparison, text or ""))
        case Kind.FLAG:
            return Flag(field, _flag(field, text or ""))
        case Kind.ENDING:
            if not text:
                raise ValueError(f"Write the last digits, e.g. {field.example}")
            return Match(field, value)
        case _:
            return _text(field, value)


def known(value: Pattern) -> Filter:
    """Return what ``has:`` with a value asks for."""
    field = field_called(value.literal or "*")
    if field.kind is Kind.ENDING:
        raise ValueError(f"{field.name} is not a field of its own; write has:iccid")
    return Has(field)


def condition(value: Pattern) -> Filter:
    """Return what ``is:`` with a value asks for."""
    found = CONDITIONS.get((value.literal or "").lower())
    if found is None:
        raise ValueError(f"A device is one of {', '.join(CONDITIONS)}")
    field, text = found
    wild = (Wild.RUN,) if text.endswith("*") else ()
    return asked(field, Comparison.EQUAL, pattern([text.removesuffix("*"), *wild]))


def _text(field: Field, value: Pattern) -> Filter:
    if value.pieces == (Wild.RUN,):
        return Has(field)
    text = value.literal
    if field is STATE and text is not None:
        folded = text.casefold()
        text = "" if folded == UNKNOWN else STATES.get(folded, folded)
    if text is None:
        return Match(field, value)
    return Match(field, pattern([text])) if text else negated(Has(field))


def _time(field: Field, comparison: Comparison, text: str) -> Age | Day:
    try:
        value = read_time(text)
    except (ValueError, OverflowError):
        raise ValueError(
            f"Write an age like 30m, 12h, 7d or a day like 2026-01-31, e.g. {field.example}"
        ) from None
    if isinstance(value, Age) and comparison is Comparison.EQUAL:
        raise ValueError(f"{field.name}<{text} is within that time, {field.name}>{text} longer ago")
    return value


def _size(field: Field, text: str) -> Size:
    try:
        return read_size(text)
    except ValueError:
        raise ValueError(f"Write a size like 500kB, 5MB or 1.5GB, e.g. {field.example}") from None


def _times(field: Field, comparison: Comparison, text: str) -> Times:
    try:
        value = read_times(text)
    except ValueError:
        raise ValueError(f"Write how many times, e.g. {field.example}") from None
    if comparison is Comparison.EQUAL:
        raise ValueError(f"Nothing is exactly {text} times; write {field.name}>{text}")
    return value


def _flag(field: Field, text: str) -> bool:
    if text.lower() not in FLAGS:
        raise ValueError(f"{field.name} is yes, no or unknown")
    return FLAGS[text.lower()]
