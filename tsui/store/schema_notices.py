"""The table of notices, in the file of callback messages: what was told or noticed, to be read."""

import apsw


def notices(connection: apsw.Connection) -> None:
    """Make the table."""
    connection.execute("""
        CREATE TABLE notice (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            -- What it comes from: that makes one notice, however often somebody looks at it.
            origin TEXT NOT NULL UNIQUE,
            at REAL NOT NULL,
            severity INTEGER NOT NULL,
            kind TEXT NOT NULL,
            account TEXT NOT NULL,
            device TEXT NOT NULL,
            subject TEXT NOT NULL,
            sentence TEXT NOT NULL,
            source TEXT NOT NULL,
            message INTEGER,
            change INTEGER,
            body TEXT NOT NULL,
            acked_at REAL,
            acked_by TEXT NOT NULL DEFAULT '',
            ack_note TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE INDEX notice_open ON notice (severity, id) WHERE acked_at IS NULL;
        CREATE INDEX notice_by_device ON notice (account, device, id) WHERE device <> '';
        CREATE INDEX notice_by_time ON notice (at);
    """)
