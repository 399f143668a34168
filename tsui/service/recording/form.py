"""The form of a recording: JSON, one object a line, packed by gzip.

The first line says what it is. Each line is written out as a whole, so that a recording that was
cut off, be it by a power failure, holds everything up to its last line.
"""

from datetime import datetime

import msgspec

VERSION = 1
"""Rises when an older tsui could not read a recording any more."""


class Head(msgspec.Struct, kw_only=True, tag_field="kind", tag="recording"):
    """What a recording is; always its first line."""

    version: int
    """The version of the form."""
    program: str
    """Name and version of the program that recorded."""
    began: datetime
    """When the recording began, UTC."""
    masked: bool
    """Whether identifiers are pseudonyms."""


class SignedIn(msgspec.Struct, kw_only=True, tag_field="kind", tag="signed-in"):
    """Where somebody was signed in from now on."""

    at: datetime
    """When, UTC."""
    environment: str
    """``production``, ``staging``, ``simulator`` or ``custom``."""
    url: str
    """Scheme, host and port."""
    account: str
    """The account's name."""


class Body(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A body, as JSON if it was that, else as text that may have been cut."""

    json: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    """The JSON; not there where there is text instead."""
    text: str = ""
    """The text."""

    @property
    def content(self) -> bytes:
        """The bytes of it."""
        return bytes(self.json) if isinstance(self.json, msgspec.Raw) else self.text.encode()


class Exchange(msgspec.Struct, kw_only=True, tag_field="kind", tag="exchange"):
    """One attempt of a call; headers are not kept."""

    at: datetime
    """When it began, UTC."""
    call: int
    """Which call it belongs to; attempts of one call share it."""
    attempt: int
    """Which attempt of the call it was, from 1."""
    name: str
    """The operation's class name."""
    operation: str
    """The operation's name in the reference."""
    method: str
    """The HTTP method."""
    path: str
    """Path and query."""
    seconds: float
    """How long it took."""
    status: int | None
    """The HTTP status; null if no answer came."""
    size: int
    """Bytes of the decoded answer."""
    location: str = ""
    """The one header that is part of an answer: it names the next block of a long one."""
    error: str = ""
    """What went wrong, in a sentence."""
    sent: Body | None = None
    """The request's body; null if it had none."""
    received: Body | None = None
    """The answer's body; null if it had none."""


class Decided(msgspec.Struct, kw_only=True, tag_field="kind", tag="decision"):
    """What was decided after an attempt that failed."""

    call: int
    """Which call."""
    attempt: int
    """Which attempt of it."""
    why: str
    """The reason, in a sentence."""


Line = Head | SignedIn | Exchange | Decided
"""Whatever a line can be."""

_DECODER: msgspec.json.Decoder[Line] = msgspec.json.Decoder(Line)


def encoded(line: Line) -> bytes:
    """Return a line as it is written."""
    return msgspec.json.encode(line) + b"\n"


def decoded(line: bytes) -> Line:
    """Return what a line says; raises ValueError that names what is wrong with it."""
    return _DECODER.decode(line)
