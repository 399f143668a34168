"""The tables of messages from devices, in the file of callback messages: they outlive those."""

import apsw


def texts(connection: apsw.Connection) -> None:
    """Make the tables."""
    connection.execute("""
        CREATE TABLE text_received (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            -- What makes two the same: a message may come by the queue and by callback.
            origin TEXT NOT NULL UNIQUE,
            at REAL NOT NULL,
            account TEXT NOT NULL,
            -- The device's name in the account, or the identifier it was named by.
            peer TEXT NOT NULL,
            text TEXT NOT NULL,
            is_bytes INTEGER NOT NULL,
            source TEXT NOT NULL
        ) STRICT;
        CREATE INDEX text_received_by_peer ON text_received (peer, account, id);

        -- What callbacks told of messages that were sent from here, by the change in the journal.
        CREATE TABLE text_receipt (
            change INTEGER PRIMARY KEY,
            at REAL NOT NULL,
            status TEXT NOT NULL,
            problem TEXT NOT NULL,
            is_final INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE text_seen (
            account TEXT NOT NULL,
            peer TEXT NOT NULL,
            last INTEGER NOT NULL,
            PRIMARY KEY (account, peer)
        ) STRICT;
    """)
