"""The table of heartbeats, in the file of callback messages: both who read and who receive beat."""

import apsw


def heartbeats(connection: apsw.Connection) -> None:
    """Make the table."""
    connection.execute("""
        CREATE TABLE heartbeat (
            id INTEGER PRIMARY KEY,
            program TEXT NOT NULL,
            account TEXT NOT NULL,
            -- Names the process, so that two at once make two stretches.
            owner TEXT NOT NULL,
            began REAL NOT NULL,
            last REAL NOT NULL
        ) STRICT;
        CREATE INDEX heartbeat_by_time ON heartbeat (program, account, last);
    """)
