"""The table of messages that were written and not sent yet, in the journal's file."""

import apsw


def text_drafts(connection: apsw.Connection) -> None:
    """Make the table."""
    connection.execute("""
        CREATE TABLE text_draft (
            account TEXT NOT NULL,
            -- Whom it is for, and whether it is a text or bytes.
            name TEXT NOT NULL,
            text TEXT NOT NULL,
            at REAL NOT NULL,
            PRIMARY KEY (account, name)
        ) STRICT;
    """)
