"""From a filter to a condition in SQL that the indexes can answer, whatever is typed.

No condition is ever NULL, so that its negation is what it leaves out. ``fold`` is the store's own
function: text without its case, in any script.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeGuard

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
    pattern,
)
from tsui.store.filtering.values import Age, Comparison, Now, Size, Times
from tsui.store.searching import holds
from tsui.store.text import searchable

Condition = tuple[str, list[str | int | float]]
"""A condition, and the values bound in it."""

_LAST_CHARACTER = "\U0010ffff"
"""Nothing sorts behind it, so that all that begins with a text sorts before the text and it."""

SHARED = (Kind.FEW, Kind.MEMBERS)
"""Kinds of columns in which few values are shared by many devices."""

_SEEN = frozenset({"read_at"})
"""Columns that change with every reading and have a table of their own."""

USAGE_LASTS = 31 * 86400
"""Seconds after which the usage that was read of a device is about other days altogether."""

_ENDINGS = ("iccid", "imei", "mdn")
"""Columns that are there reversed as well."""

_OLDER = {
    Comparison.MORE: "<",
    Comparison.AT_LEAST: "<=",
    Comparison.AT_MOST: ">=",
    Comparison.LESS: ">",
}
"""How moments compare where ages compare so: what is older was earlier."""

_VALUES = """
    WITH RECURSIVE each (value) AS (
        SELECT min({column}) FROM device WHERE account = {number}
        UNION ALL SELECT (
            SELECT min({column}) FROM device WHERE account = {number} AND {column} > each.value
        ) FROM each WHERE each.value IS NOT NULL
    ) SELECT value FROM each WHERE value IS NOT NULL AND {test}
"""
"""The values of a column with few of them: one step in the index each, however many devices."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Of whom a filter is asked, and when."""

    device: str
    """Alias of the table of devices."""
    number: str
    """SQL of the account's number, in which its name is bound."""
    account: str
    """The account's name."""
    now: Now | None
    """The moment; only filters that compare times need it."""
    each: bool = False
    """Whether devices are looked at one by one until there are enough of them."""


def condition(tree: Filter, asked: Asked) -> Condition:
    """Return the condition that a filter is; raises ValueError if it needs to know the time."""
    match tree:
        case All(parts):
            return _all(parts, asked)
        case Any(parts):
            return _any(parts, asked)
        case Not(part):
            sql, values = condition(part, asked)
            return f"NOT {sql}", values
        case Word(found):
            return _word(found, asked)
        case Match(field, found):
            return _match(field, found, asked)
        case Flag(field, value):
            return f"{asked.device}.{field.column} IS {int(value)}", []
        case Compare():
            return _compare(tree, asked)
        case Has():
            return _has(tree, asked)


def _all(parts: Sequence[Filter], asked: Asked) -> Condition:
    """Return what all parts say; the plain words among them are looked for at once."""
    words = [part.pattern.literal for part in parts if isinstance(part, Word)]
    plain = [word for word in words if word is not None]
    rest = [part for part in parts if not isinstance(part, Word) or part.pattern.literal is None]
    found = [condition(part, asked) for part in rest]
    return _joined("AND", [*found, *([_holding(plain, asked)] if plain else [])])


def _any(parts: Sequence[Filter], asked: Asked) -> Condition:
    """Return what one of the parts says; values of one column are looked for at once."""
    patterns: dict[Field, list[Pattern]] = {}
    rest: list[Filter] = []
    for part in parts:
        if isinstance(part, Match) and part.field.kind in SHARED:
            patterns.setdefault(part.field, []).append(part.pattern)
        else:
            rest.append(part)
    shared = [_shared(field, wanted, asked) for field, wanted in patterns.items()]
    return _joined("OR", [*shared, *(condition(part, asked) for part in rest)])


def _shared(field: Field, wanted: Iterable[Pattern], asked: Asked) -> Condition:
    """Return whether a column with few values has one that fits one of the patterns."""
    fits = _member if field.kind is Kind.MEMBERS else _equal
    test, values = _joined("OR", [fits("each.value", each) for each in wanted])
    found = _VALUES.format(column=field.column, number=asked.number, test=test)
    return f"{asked.device}.{field.column} IN ({found})", [asked.account, asked.account, *values]


def _word(found: Pattern, asked: Asked) -> Condition:
    text = found.literal
    if text is not None:
        return _holding([text], asked)
    return _narrowed(found, _joined("OR", [_fits(each, found, asked) for each in TEXTS]), asked)


def _fits(field: Field, found: Pattern, asked: Asked) -> Condition:
    """Return whether a field fits, device by device."""
    column = f"{asked.device}.{field.column}"
    return _member(column, found) if field.kind is Kind.MEMBERS else _equal(column, found)


def _match(field: Field, found: Pattern, asked: Asked) -> Condition:
    column = f"{asked.device}.{field.column}"
    if field.kind is Kind.ENDING:
        ends = pattern([Wild.RUN, *found.pieces])
        tests = [_ends(each, ends) or _equal(each, ends) for each in _ENDINGS]
        found_in = " UNION ALL ".join(
            f"SELECT id FROM device WHERE account = {asked.number} AND {sql}" for sql, _ in tests
        )
        bound = [each for _, values in tests for each in (asked.account, *values)]
        return f"{asked.device}.id IN ({found_in})", bound
    if field.kind in SHARED:
        return _shared(field, [found], asked)
    if field.sorted and (quick := _begins(column, found)):
        return quick
    if field.reversed and (quick := _ends(column, found)):
        return quick
    return _narrowed(found, _equal(column, found), asked)


def _begins(column: str, found: Pattern) -> Condition | None:
    """Return a stretch of the column's index; None where only folded text can be compared."""
    if not _caseless(found):
        return None
    if found.literal is not None:
        return f"{column} = ?", [found.literal]
    match found.pieces:
        case (str() as text, Wild.RUN):
            return f"({column} >= ? AND {column} < ?)", [text, text + _LAST_CHARACTER]
        case _:
            return None


def _ends(column: str, found: Pattern) -> Condition | None:
    match found.pieces:
        case (Wild.RUN, str() as text):
            return _begins(f"{column}_reversed", pattern([text[::-1], Wild.RUN]))
        case _:
            return None


def _caseless(found: Pattern) -> bool:
    """Whether folding changes nothing: no folded character is one of these."""
    return all(
        text.isascii() and not any(each.isalpha() or each == "\0" for each in text)
        for text in found.literals
    )


def _equal(column: str, found: Pattern) -> Condition:
    if found.literal is not None:
        return f"fold({column}) = ?", [searchable(found.literal)]
    return f"fold({column}) GLOB ?", [_glob(found)]


def _member(column: str, found: Pattern) -> Condition:
    """Return whether one of the texts fits that a column has between commas."""
    members = f"""'[' || replace(json_quote(fold({column})), ',', '","') || ']'"""
    sql, values = "GLOB ?", _glob(found)
    if found.literal is not None:
        sql, values = "= ?", searchable(found.literal)
    each = f"SELECT 1 FROM json_each({members}) AS member WHERE trim(member.value) {sql}"
    return f"EXISTS ({each})", [values]


def _glob(found: Pattern) -> str:
    return "".join(
        piece.value
        if isinstance(piece, Wild)
        else "".join(f"[{each}]" if each in "[*?" else each for each in searchable(piece))
        for piece in found.pieces
    )


def _narrowed(found: Pattern, test: Condition, asked: Asked) -> Condition:
    """Return a test that is asked only of devices that hold the pattern's texts at all."""
    return _joined("AND", [_holding(found.literals, asked), test]) if found.literals else test


def _holding(words: Iterable[str], asked: Asked) -> Condition:
    sql, values = holds(asked.device, words)
    return sql, [*values]


def _column(field: Field, asked: Asked) -> str:
    if field.column in _SEEN:
        return f"(SELECT {field.column} FROM device_seen WHERE id = {asked.device}.id)"
    return f"{asked.device}.{field.column}"


def _has(part: Has, asked: Asked) -> Condition:
    field = part.field
    if field.kind is Kind.TIMES:
        return _silent(part, asked)
    if field.kind is Kind.SIZE:
        return _used("IS NOT NULL", [], asked)
    column = _column(field, asked)
    if field.kind is Kind.TIME:
        return f"{column} > 0", []
    if field.kind is Kind.FLAG:
        return f"{column} IS NOT NULL", []
    return f"{column} <> ''", []


def _used(test: str, values: Sequence[int], asked: Asked) -> Condition:
    """Return whether the usage of a device is known and such."""
    found = (
        "SELECT device FROM reading WHERE account = ? AND kind = 'usage' "
        f"AND read_at > ? AND amount {test}"
    )
    since = _moment(asked.now).at - USAGE_LASTS
    return f"{asked.device}.id IN ({found})", [asked.account, since, *values]


def is_of_silence(part: Filter) -> TypeGuard[Compare | Has]:
    """Tell whether a filter asks how long devices are silent, in usual gaps."""
    return isinstance(part, Compare | Has) and part.field.kind is Kind.TIMES


def of_silence(part: Compare | Has, now: Now | None) -> Condition:
    """Return what a filter asks of how long a device is silent, by columns of one index."""
    known = "expected_at > 0"
    if isinstance(part, Has) or not isinstance(part.value, Times):
        return known, []
    moment, count = _moment(now).at, part.value.count
    test = f"{known} AND (? - silent_since) / (expected_at - silent_since) {part.comparison} ?"
    if count >= 1 and part.comparison in (Comparison.MORE, Comparison.AT_LEAST):
        # Those whose usual gap is over are found in that index.
        return f"expected_at <= ? AND {test}", [moment, moment, count]
    return test, [moment, count]


def _silent(part: Compare | Has, asked: Asked) -> Condition:
    """Return whether a device is silent, its rhythm is known, and its silence is such."""
    test, values = of_silence(part, asked.now)
    if asked.each:
        found = f"SELECT 1 FROM rhythm WHERE rhythm.id = {asked.device}.id AND {test}"
        return f"EXISTS ({found})", values
    found = f"SELECT id FROM rhythm WHERE fleet = {asked.number} AND {test}"
    return f"{asked.device}.id IN ({found})", [asked.account, *values]


def _moment(now: Now | None) -> Now:
    if now is None:
        raise ValueError("a filter that compares times needs to know what time it is")
    return now


def _compare(part: Compare, asked: Asked) -> Condition:
    field, comparison, value = part.field, part.comparison, part.value
    if isinstance(value, Times):
        return _silent(part, asked)
    if isinstance(value, Size):
        sign = "=" if comparison is Comparison.EQUAL else comparison.value
        return _used(f"{sign} ?", [value.count], asked)
    column, now = _column(field, asked), _moment(asked.now)
    # What is unknown is 0, which is neither long ago nor recent.
    known = f"{column} > 0"
    if isinstance(value, Age):
        sql = f"({known} AND {column} {_OLDER[comparison]} ?)"
        return sql, [now.at - value.seconds]
    start, end = value.span(now)
    if comparison is Comparison.EQUAL:
        return f"({known} AND {column} >= ? AND {column} < ?)", [start, end]
    bound = start if comparison in (Comparison.LESS, Comparison.AT_LEAST) else end
    sign = "<" if comparison in (Comparison.LESS, Comparison.AT_MOST) else ">="
    return f"({known} AND {column} {sign} ?)", [bound]


def _joined(word: str, parts: Sequence[Condition]) -> Condition:
    """Join conditions in a tree as flat as can be: SQLite takes a depth of 1,000."""
    if len(parts) < 2:
        return parts[0] if parts else ("1", [])
    left = _joined(word, parts[: len(parts) // 2])
    right = _joined(word, parts[len(parts) // 2 :])
    return f"({left[0]} {word} {right[0]})", [*left[1], *right[1]]
