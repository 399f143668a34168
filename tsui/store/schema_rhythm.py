"""The table of when devices connect: a row for those that were seen to, none for all the others."""

import apsw


def create_rhythm(connection: apsw.Connection) -> None:
    """Create the table."""
    connection.execute("""
        CREATE TABLE rhythm (
            id INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            fleet INTEGER NOT NULL,
            -- The last connections that were seen here, four bytes each.
            moments BLOB NOT NULL,
            -- When its silence began, as well as is known; 0 while it is in none.
            silent_since INTEGER NOT NULL,
            -- What its silence is measured by, and by how many gaps that is known; 0 if it is not.
            usual_gap INTEGER NOT NULL,
            gaps INTEGER NOT NULL,
            -- The end of the usual gap; 0 unless it is silent and the gap is known.
            expected_at INTEGER NOT NULL,
            -- When its connection history was read; the rest is known if that told a rhythm.
            learned_at INTEGER,
            session INTEGER,
            session_bytes INTEGER,
            hours INTEGER
        ) STRICT;
        CREATE INDEX rhythm_expected ON rhythm (fleet, expected_at, silent_since)
            WHERE expected_at > 0;
    """)
