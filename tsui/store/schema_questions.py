"""What a read asked whose answer comes by callback, so that one can come back to it."""

import apsw


def question_fields(connection: apsw.Connection) -> None:
    """Keep the request beside the id under which its answer was promised."""
    connection.execute("ALTER TABLE question ADD COLUMN fields TEXT NOT NULL DEFAULT ''")
