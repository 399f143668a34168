"""The tables of reachability: what callbacks told, and what waits until devices wake.

What was told is in the file of callback messages, which the messages themselves leave one day. What
waits is in the journal's file: it is a change that somebody agreed to.
"""

import apsw


def reach(connection: apsw.Connection) -> None:
    """Make the tables of what was told."""
    connection.execute("""
        CREATE TABLE monitor (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            -- The platform's id of it; what it is stopped by.
            name TEXT NOT NULL,
            -- The device's name in the account, or how the message named it where nobody knows it.
            device TEXT NOT NULL,
            account TEXT NOT NULL,
            -- The request that set it; empty where no message told.
            request_id TEXT NOT NULL,
            watch TEXT NOT NULL,
            is_ours INTEGER NOT NULL,
            first_message INTEGER NOT NULL,
            told_at REAL NOT NULL,
            stopped_at REAL,
            missing_at REAL,
            UNIQUE (name, device)
        ) STRICT;
        CREATE INDEX monitor_by_request ON monitor (request_id);
        CREATE INDEX monitor_by_device ON monitor (account, device);

        CREATE TABLE reach (
            message INTEGER PRIMARY KEY,
            at REAL NOT NULL,
            account TEXT NOT NULL,
            device TEXT NOT NULL,
            monitor TEXT NOT NULL,
            request_id TEXT NOT NULL,
            what TEXT NOT NULL,
            until REAL NOT NULL,
            watch TEXT NOT NULL,
            said TEXT NOT NULL
        ) STRICT;
        CREATE INDEX reach_by_device ON reach (account, device, message);
        CREATE INDEX reach_by_request ON reach (request_id, message);
        CREATE INDEX reach_by_end ON reach (until) WHERE until > 0;
        CREATE INDEX reach_by_time ON reach (at);
    """)


def wakes(connection: apsw.Connection) -> None:
    """Make the table of what waits until a device wakes."""
    connection.execute("""
        CREATE TABLE wake (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            environment TEXT NOT NULL,
            account TEXT NOT NULL,
            device TEXT NOT NULL,
            kind TEXT NOT NULL,
            text TEXT NOT NULL,
            -- The request as it was agreed to, and the names of what is protected that were typed.
            operation TEXT NOT NULL,
            fields TEXT NOT NULL,
            names TEXT NOT NULL,
            note TEXT NOT NULL,
            operator TEXT NOT NULL,
            profile TEXT NOT NULL,
            queued_at REAL NOT NULL,
            valid_until REAL NOT NULL,
            state TEXT NOT NULL,
            changed_at REAL NOT NULL,
            said TEXT NOT NULL DEFAULT '',
            -- Who sends it, and the batch by which the journal knows whether that happened.
            owner TEXT NOT NULL DEFAULT '',
            batch TEXT NOT NULL DEFAULT '',
            tries INTEGER NOT NULL DEFAULT 0,
            request INTEGER,
            -- The newest message about a window that was over before it could be sent.
            missed INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE INDEX wake_waiting ON wake (account, device) WHERE state IN ('waiting', 'sending');
        CREATE INDEX wake_by_account ON wake (account, id);
    """)
