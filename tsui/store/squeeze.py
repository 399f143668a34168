"""The JSON of devices, compressed with a dictionary: a tenth of what it is.

Devices resemble each other, but one alone is too short to learn that from it.
"""

from collections.abc import Sequence

import apsw

LEVEL = 1
"""Higher levels take longer and save next to nothing on so short texts."""

ENOUGH = 500
"""Devices from which on a dictionary is learnt from them; fewer teach too little."""

LONGEST = 16 * 1024
"""Bytes of a dictionary."""

PART = 1024
"""Bytes that are taken from a device at once; to try which number is best takes 0.2 s."""

_NONE = 0
"""Number of the dictionary that is none."""


class Squeezer:
    """Compresses with the newest dictionary, which it learns from the devices at hand if need be.

    zstandard takes 3 microseconds a device, the standard library's zlib six times as long.
    """

    def __init__(self, connection: apsw.Connection, bodies: Sequence[bytes]) -> None:
        # It takes 15 ms to import, which no list has to wait for.
        import zstandard

        self.number, dictionary = _newest(connection) or _learnt(connection, bodies)
        """Number of the dictionary."""
        known = zstandard.ZstdCompressionDict(dictionary) if dictionary else None
        self._compressor = zstandard.ZstdCompressor(
            LEVEL, dict_data=known, write_checksum=False, write_dict_id=False
        )

    def squeeze(self, body: bytes) -> bytes:
        """Compress a body."""
        return self._compressor.compress(body)


def unsqueezed(connection: apsw.Connection, dictionary: int, body: bytes) -> bytes:
    """Return a body as it was."""
    import zstandard

    sql = "SELECT body FROM dictionary WHERE number = ?"
    known = connection.execute(sql, (dictionary,)).get
    data = zstandard.ZstdCompressionDict(known) if known else None
    return zstandard.ZstdDecompressor(dict_data=data).decompress(body)


def _newest(connection: apsw.Connection) -> tuple[int, bytes] | None:
    sql = "SELECT number, body FROM dictionary ORDER BY number DESC LIMIT 1"
    return connection.execute(sql).fetchone()


def _learnt(connection: apsw.Connection, bodies: Sequence[bytes]) -> tuple[int, bytes]:
    if len(bodies) < ENOUGH:
        return _NONE, b""
    import zstandard

    body = zstandard.train_dictionary(LONGEST, list(bodies[:ENOUGH]), k=PART, d=8).as_bytes()
    sql = "INSERT INTO dictionary (body) VALUES (?) RETURNING number"
    return int(connection.execute(sql, (body,)).get), body
