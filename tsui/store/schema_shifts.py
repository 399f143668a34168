"""The table of what fleets came to when shifts began, in the journal: it outlives the cache."""

import apsw


def shifts(connection: apsw.Connection) -> None:
    """Make the table, and an index of the changes that went wrong."""
    connection.execute("""
        CREATE TABLE tally_mark (
            account TEXT NOT NULL,
            at REAL NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (account, at)
        ) STRICT;
        CREATE INDEX request_device_bad ON request_device (changed_at)
            WHERE state IN ('failed', 'refused');
    """)
