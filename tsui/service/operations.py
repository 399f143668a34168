"""The operations of the API as an operator finds them: by name, by initials, by words."""

import re
from functools import cache
from typing import Any, NamedTuple

from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.operation import Effect, Operation

_AWAITED = "the outcome comes later"


class OperationInfo(NamedTuple):
    """What an operation is, in words."""

    name: str
    """Its class name, by which commands and scripts know it."""
    title: str
    """Its name in Verizon's reference."""
    area: str
    """The area it belongs to."""
    help: str
    """What it does, in a sentence."""
    request: str
    """Its method and path."""
    effect: str
    """``read``, ``change``, ``auth`` or ``callback-admin``."""
    answers: str
    """What answers it: the reply itself, or a callback service."""
    most_devices: int | None
    """Devices one request may name, where documented."""

    @property
    def reads(self) -> bool:
        """Whether it changes nothing."""
        return self.effect == Effect.READ


@cache
def operations() -> tuple[OperationInfo, ...]:
    """Return every operation, by area."""
    return tuple(_info(each) for each in OPERATIONS.values())


def info_of(name: str) -> OperationInfo:
    """Return an operation by its name in whatever case; raises KeyError."""
    for each in operations():
        if each.name.lower() == name.lower():
            return each
    raise KeyError(name)


def class_of(name: str) -> type[Operation[Any]] | None:
    """Return the class of an operation; None for one that only this program makes."""
    return OPERATIONS.get(name)


def find_operations(text: str) -> list[OperationInfo]:
    """Return the operations that fit what was typed, the likeliest first.

    What counts, in this order: the name, the initials of its words (``gsh`` finds GetSmsHistory),
    its beginning, words in it, words in what is said of it, its letters in order.
    """
    return [each for _, each in _ranked(text)]


def the_one(text: str) -> OperationInfo | None:
    """Return the operation that fits clearly better than any other; None when none does."""
    ranked = _ranked(text)[:2]
    clear = len(ranked) == 1 or (len(ranked) == 2 and ranked[0][0] < ranked[1][0])
    return ranked[0][1] if clear else None


def _ranked(text: str) -> list[tuple[int, OperationInfo]]:
    typed = text.strip().lower()
    ranked = [(rank, each) for each in operations() if (rank := _rank(each, typed)) is not None]
    return sorted(ranked, key=lambda item: item[0])


def _rank(info: OperationInfo, typed: str) -> int | None:
    name = info.name.lower()
    said = f"{name} {info.title} {info.area} {info.help} {info.request}".lower()
    if typed == name:
        return 0
    if typed and _initials(info.name).startswith(typed):
        return 1
    if name.startswith(typed):
        return 2
    words = [*_words(info.name), info.area]
    typed_words = typed.split()
    if all(any(word.startswith(each) for word in words) for each in typed_words):
        return 3
    if typed in name:
        return 4
    if all(each in said for each in typed_words):
        return 5
    return 6 if _in_order(typed, name) else None


def _in_order(typed: str, name: str) -> bool:
    letters = iter(name)
    return all(letter in letters for letter in typed)


@cache
def _words(name: str) -> tuple[str, ...]:
    return tuple(word.lower() for word in re.findall(r"[A-Z][a-z0-9]*", name))


def _documented_path(operation: type[Operation[Any]]) -> str:
    """Return the path with its parts named as in the documents."""
    fields = operation.model_fields
    return re.sub(r"\{(\w+)\}", lambda m: f"{{{fields[m[1]].alias or m[1]}}}", operation.path)


def _initials(name: str) -> str:
    return "".join(word[0] for word in _words(name))


def _info(operation: type[Operation[Any]]) -> OperationInfo:
    return OperationInfo(
        name=operation.__name__,
        title=operation.title,
        area=operation.__module__.rpartition(".")[2],
        help=" ".join((operation.__doc__ or "").partition("\n\n")[0].split()),
        request=f"{operation.method} {operation.base}{_documented_path(operation)}",
        effect=operation.effect.value,
        answers=f"callback {operation.callback}" if operation.callback else "the reply",
        most_devices=operation.max_devices,
    )
