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


def mutes(connection: apsw.Connection) -> None:
    """Make the table of mutes, and room for what was seen, and for floods."""
    connection.execute("""
        ALTER TABLE notice ADD COLUMN groups TEXT NOT NULL DEFAULT '';
        -- What of the device is another one now: told and seen make one notice.
        ALTER TABLE notice ADD COLUMN thing TEXT NOT NULL DEFAULT '';
        -- The origin of the other one of both.
        ALTER TABLE notice ADD COLUMN seen TEXT NOT NULL DEFAULT '';
        -- What a flood has in common, and how many devices one notice of it is about.
        ALTER TABLE notice ADD COLUMN fold TEXT NOT NULL DEFAULT '';
        ALTER TABLE notice ADD COLUMN devices INTEGER NOT NULL DEFAULT 1;
        CREATE INDEX notice_by_seen ON notice (seen) WHERE seen <> '';
        CREATE INDEX notice_by_fold ON notice (fold) WHERE fold <> '';

        CREATE TABLE mute (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            way INTEGER NOT NULL,
            until REAL NOT NULL,
            -- What is empty does not matter.
            account TEXT NOT NULL,
            kind TEXT NOT NULL,
            device TEXT NOT NULL,
            members TEXT NOT NULL,
            at REAL NOT NULL,
            by TEXT NOT NULL,
            note TEXT NOT NULL
        ) STRICT;

        -- How far what notices are made of was read.
        CREATE TABLE notice_bookmark (name TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
    """)
