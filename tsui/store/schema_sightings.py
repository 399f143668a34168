"""The table of what readings of the fleet showed to be another one than before."""

import apsw


def create_sighting(connection: apsw.Connection) -> None:
    """Make the table; what is in it waits to be noticed."""
    connection.execute("""
        CREATE TABLE sighting (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            fleet INTEGER NOT NULL,
            key TEXT NOT NULL,
            thing TEXT NOT NULL,
            was TEXT NOT NULL,
            now TEXT NOT NULL,
            groups TEXT NOT NULL,
            -- Between these readings it became another one.
            since REAL NOT NULL,
            at REAL NOT NULL
        ) STRICT;
    """)
