"""Which devices hold words at all, or are so overdue: quickly told, unless they are very many.

What many devices hold is met after a few rows of any order, and looking at each row in turn is
best. What few hold would have the whole fleet looked through for them.
"""

import json
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import apsw

from tsui.store.filtering import Filter, Now
from tsui.store.filtering.sql import is_of_silence, of_silence
from tsui.store.filtering.tree import All, Compare, Has, Match, Word
from tsui.store.query import NUMBER, Value
from tsui.store.text import searchable

MANY = 20_000
"""Devices from which on a screenful of them is met after so few rows that no index helps."""

TRIGRAMS = 3
"""Trigrams of a word that are looked up; with more of them the look-up takes longer, not less."""

TRIGRAM = 3
"""Characters of a trigram."""

MOST_WORDS = 4
"""Words that are looked for together; further ones are looked for in what these have found."""

KEPT = 16
"""Answers that are remembered: a list asks for its count, its rows and a place, one by one."""

_ELSEWHERE = "SELECT EXISTS (SELECT 1 FROM account WHERE name <> ? AND devices > 0)"
_INDEXED = "SELECT rowid AS id FROM device_trigram WHERE device_trigram MATCH ?"
_NEW = "SELECT id FROM device_text_new"
_ALL = "SELECT id FROM device_text"


class Needed(NamedTuple):
    """What every device holds, or is, that a filter lets through."""

    words: tuple[str, ...]
    """Texts, the longest first."""
    silence: Compare | Has | None
    """How long it is silent, in usual gaps, if the filter asks for that."""
    enough: bool
    """Whether one of them is all that the filter asks for."""


def needed(tree: Filter) -> Needed:
    """Return which words a filter needs."""
    parts = tree.parts if isinstance(tree, All) else (tree,)
    named = [part.pattern for part in parts if isinstance(part, Word)]
    texts = {searchable(text) for each in named for text in each.literals}
    # The texts of fields are searched in, too; those without a trigram leave it to the indexes.
    fields = [part.pattern for part in parts if isinstance(part, Match)]
    also = {searchable(text) for each in fields for text in each.literals}
    wanted = texts | {text for text in also if len(text) >= TRIGRAM}
    words = sorted(wanted, key=len, reverse=True)[:MOST_WORDS]
    silence = next((part for part in parts if is_of_silence(part)), None)
    enough = len(named) == len(parts) and len(words) == len(texts)
    enough = enough and all(each.literal is not None for each in named)
    return Needed(tuple(words), silence, enough or parts == (silence,))


_Asked = tuple[int, str, Needed, Now | None]
"""What was asked: by which connection, of which account, for what, and at which moment."""


class Found:
    """Answers which devices hold words, for the threads that read."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Asked, tuple[int, str | None]] = OrderedDict()

    def ids(
        self, connection: apsw.Connection, account: str, needed: Needed, now: Now | None
    ) -> str | None:
        """Return an account's devices that are what is needed, in JSON; None for more than MANY."""
        if not needed.words and needed.silence is None:
            return None
        # Each connection counts for itself what others have written.
        key: _Asked = (id(connection), account, needed, now if needed.silence else None)
        version = int(connection.pragma("data_version"))
        kept = self._kept.get(key)
        if kept is None or kept[0] != version:
            kept = version, _look(connection, account, needed, now)
            self._kept[key] = kept
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return kept[1]


def _look(connection: apsw.Connection, account: str, needed: Needed, now: Now | None) -> str | None:
    found = _look_for_words(connection, account, needed.words) if needed.words else None
    if found is not None or needed.silence is None:
        return found
    sql, values = silent(account, needed.silence, now)
    return _few(connection, f"{sql} LIMIT ?", [*values, MANY + 1])


def silent(account: str, wanted: Compare | Has, now: Now | None) -> tuple[str, list[Value]]:
    """Return what reads the ids of an account's devices whose silence is such, by one index."""
    test, values = of_silence(wanted, now)
    return f"SELECT id FROM rhythm WHERE fleet = {NUMBER} AND {test}", [account, *values]


def _look_for_words(connection: apsw.Connection, account: str, words: Sequence[str]) -> str | None:
    wanted = " AND ".join(_trigrams(words))
    values: list[str | int] = [wanted] if wanted else []
    where = f"{_INDEXED} UNION ALL {_NEW}" if wanted else _ALL
    tests = ["instr(search, ?)"] * len(words)
    values += words
    if connection.execute(_ELSEWHERE, (account,)).get:
        tests.append(f"(SELECT account FROM device WHERE device.id = found.id) = {NUMBER}")
        values.append(account)
    # The order of a cross join is kept: SQLite would rather go through all texts.
    sql = (
        f"SELECT id FROM ({where}) AS found CROSS JOIN device_text USING (id) "
        f"WHERE {' AND '.join(tests)} LIMIT ?"
    )
    return _few(connection, sql, [*values, MANY + 1])


def _few(connection: apsw.Connection, sql: str, values: Sequence[Value]) -> str | None:
    rows = connection.execute(sql, values).fetchall()
    return None if len(rows) > MANY else json.dumps([*dict.fromkeys(row[0] for row in rows)])


def _trigrams(words: Iterable[str]) -> list[str]:
    """Return some trigrams of each word, from its beginning to its end."""
    found: dict[str, None] = {}
    for word in words:
        last = len(word) - TRIGRAM
        if last < 0:
            continue
        places = {round(last * part / (TRIGRAMS - 1)) for part in range(TRIGRAMS)}
        found |= dict.fromkeys(word[place : place + TRIGRAM] for place in sorted(places))
    quoted = ('"' + trigram.replace('"', '""') + '"' for trigram in found)
    return list(quoted)[: 2 * TRIGRAMS]
