"""Looking for words in what is known of a device, wherever they stand."""

import json
from collections.abc import Iterable

from tsui.store.text import searchable

SINGLE_WORDS = 100
"""Words that are conditions of their own: SQLite takes expressions up to a depth of 1,000."""


def holds(device: str, words: Iterable[str]) -> tuple[str, list[str]]:
    """Return a condition on a device by its alias: each word occurs in its searchable text.

    The longest words go first: they rule out most.
    """
    wanted = sorted({searchable(word) for word in words}, key=len, reverse=True)
    parts = ["instr(search, ?)"] * len(wanted[:SINGLE_WORDS])
    values = wanted[:SINGLE_WORDS]
    if rest := wanted[SINGLE_WORDS:]:
        parts.append("NOT EXISTS (SELECT 1 FROM json_each(?) WHERE NOT instr(search, value))")
        values.append(json.dumps(rest))
    # A scalar sub-select is asked row by row, so that a list ends with its last row.
    test = " AND ".join(parts)
    return f"(SELECT {test} FROM device_text WHERE id = {device}.id)", values
