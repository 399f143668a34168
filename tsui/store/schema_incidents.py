"""The table of what was said of incidents, in the journal's file: it outlives the cache."""

import apsw


def incidents(connection: apsw.Connection) -> None:
    """Make the table."""
    connection.execute("""
        CREATE TABLE incident_note (
            id INTEGER PRIMARY KEY,
            account TEXT NOT NULL,
            -- What the devices share, which names the incident together with its time.
            trait TEXT NOT NULL,
            value TEXT NOT NULL,
            began REAL NOT NULL,
            ended REAL NOT NULL,
            devices INTEGER NOT NULL,
            at REAL NOT NULL,
            operator TEXT NOT NULL,
            note TEXT NOT NULL
        ) STRICT;
        CREATE INDEX incident_note_by_time ON incident_note (account, ended);
    """)
