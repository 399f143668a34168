"""The index of trigrams: which devices' texts hold three characters in a row."""

import json

import apsw

AT_ONCE = 20_000
"""Texts that are indexed in one transaction: others that write wait no longer than for that."""

_NEW = "SELECT id, search FROM device_text_new JOIN device_text USING (id) LIMIT ?"
_STALE = "SELECT id FROM device_trigram_docsize WHERE id IN (SELECT value FROM json_each(?))"


def index_texts(connection: apsw.Connection) -> int:
    """Index some of the texts that are not, and return how many those were."""
    rows = connection.execute(_NEW, (AT_ONCE,)).fetchall()
    ids = [(row[0],) for row in rows]
    stale = connection.execute(_STALE, (json.dumps([row[0] for row in rows]),)).fetchall()
    connection.executemany("DELETE FROM device_trigram WHERE rowid = ?", stale)
    connection.executemany("INSERT INTO device_trigram (rowid, search) VALUES (?, ?)", rows)
    connection.executemany("DELETE FROM device_text_new WHERE id = ?", ids)
    return len(rows)
