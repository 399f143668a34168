"""The tables of commissioning runs, in the journal's file: they outlive the cache."""

import apsw


def commissioning(connection: apsw.Connection) -> None:
    """Make the tables."""
    connection.execute("""
        CREATE TABLE commissioning (
            id INTEGER PRIMARY KEY,
            environment TEXT NOT NULL,
            account TEXT NOT NULL,
            device_key TEXT NOT NULL,
            identifiers TEXT NOT NULL,
            operator TEXT NOT NULL,
            profile TEXT NOT NULL,
            began_at REAL NOT NULL,
            ended_at REAL,
            outcome TEXT NOT NULL DEFAULT '',
            note TEXT NOT NULL DEFAULT '',
            -- Bytes of the usage history when it was first read; what is more was used since.
            baseline INTEGER
        ) STRICT;
        -- A device has one run at a time: whoever begins another goes on with it.
        CREATE UNIQUE INDEX commissioning_open ON commissioning (account, device_key)
            WHERE ended_at IS NULL;

        CREATE TABLE commissioning_step (
            run INTEGER NOT NULL REFERENCES commissioning (id),
            name TEXT NOT NULL,
            state TEXT NOT NULL,
            began_at REAL,
            ended_at REAL,
            due_at REAL,
            said TEXT NOT NULL,
            evidence TEXT NOT NULL,
            PRIMARY KEY (run, name)
        ) STRICT;
    """)
