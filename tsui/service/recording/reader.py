"""Opening a recording: every line is checked, and bodies stay on the disk until they are wanted."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, NamedTuple

from tsui.service.failures import RecordingFailed
from tsui.service.recording.form import (
    VERSION,
    Body,
    Decided,
    Exchange,
    Head,
    Line,
    SignedIn,
    decoded,
)
from tsui.service.recording.matching import Wanted, wanted
from tsui.thingspace.trace import Call, Trace

MOST_BYTES = 8 * 2**30
"""Bytes of an unpacked recording at most; ours are smaller by far."""

LONGEST_LINE = 2**28
"""Bytes of a line at most; an answer has 64 MB at most."""

_BLOCK = 256 * 1024
_PACKED = b"\x1f\x8b"
_SHOWN = 16 * 1024
"""Characters of a body that the list of calls keeps."""


class Place(NamedTuple):
    """A recorded exchange, and where the whole of it is."""

    at: float
    """Unix time at which it was over."""
    wanted: Wanted
    """What was asked."""
    status: int | None
    """The HTTP status; None if no answer came."""
    begin: int
    """Where its line begins in the unpacked file."""


@dataclass(slots=True)
class Recording:
    """An opened recording."""

    path: Path
    """The file it is."""
    head: Head
    """What it is."""
    unpacked: Path
    """The file with its unpacked lines."""
    scenes: list[SignedIn] = field(default_factory=list)
    """Where somebody was signed in, in the order it happened."""
    places: list[Place] = field(default_factory=list)
    """The exchanges, in the order they were over."""
    trace: Trace = field(default_factory=lambda: Trace(calls=20_000, characters=40_000_000))
    """The newest of them, as they may be shown."""
    is_cut: bool = False
    """Whether the last line was cut off, and left out."""

    @property
    def ended(self) -> float:
        """Unix time of the last exchange, or of the beginning where there is none."""
        return max((each.at for each in self.places), default=self.head.began.timestamp())

    def whole(self, place: Place) -> Exchange:
        """Read an exchange with its bodies; raises RecordingFailed."""
        with self.unpacked.open("rb") as file:
            file.seek(place.begin)
            line = decoded(file.readline())
        if not isinstance(line, Exchange):
            raise RecordingFailed(f"{self.unpacked} was changed while it was open.")
        return line


def open_recording(path: Path, unpacked: Path) -> Recording:
    """Read a recording and leave its lines unpacked in another file.

    Raises RecordingFailed for what is no recording, and for a damaged one with the line; only the
    last line may be missing or cut off.
    """
    lines = told_lines(path)
    first, line = next(lines)
    recording = Recording(path, _head(path, first), unpacked)
    with unpacked.open("wb") as out:
        begin = out.write(line + b"\n")
        for told, line in lines:
            if told is None:
                recording.is_cut = True
            else:
                _add(recording, told, begin)
            begin += out.write(line + b"\n")
    return recording


def told_lines(path: Path) -> Iterator[tuple[Line | None, bytes]]:
    """Yield what each line says and the line, one at least; None stands for a last one cut off.

    Raises RecordingFailed.
    """
    number = 0
    try:
        with path.open("rb") as file:
            for line, is_whole in _lines(_blocks(file)):
                number += 1
                yield _told(path, number, line, is_whole=is_whole), line
    except zlib.error:
        raise RecordingFailed(f"{path} is damaged behind line {number}.") from None
    except OSError as error:
        raise RecordingFailed(f"{path} cannot be read: {error.strerror}.") from None
    if not number:
        raise RecordingFailed(f"{path} is empty.")


def _told(path: Path, number: int, line: bytes, *, is_whole: bool) -> Line | None:
    try:
        told = decoded(line)
    except ValueError as error:
        if number == 1:
            raise RecordingFailed(_stranger(path)) from None
        if is_whole:
            raise RecordingFailed(f"{path} is damaged in line {number}: {error}.") from None
        return None
    if number == 1:
        _head(path, told)
    return told


def _head(path: Path, told: Line | None) -> Head:
    if not isinstance(told, Head):
        raise RecordingFailed(_stranger(path))
    if told.version > VERSION:
        raise RecordingFailed(
            f"{path} was made by {told.program}, which is newer than this tsui; update tsui."
        )
    return told


def _stranger(path: Path) -> str:
    return f"{path} is no recording of tsui: line 1 does not say that it is one."


def _add(recording: Recording, told: Line, begin: int) -> None:
    match told:
        case Exchange():
            at = told.at.timestamp() + told.seconds
            body = told.sent.content if told.sent else b""
            asked = wanted(told.method, told.path, body)
            recording.places.append(Place(at, asked, told.status, begin))
            recording.trace.add(_call(told))
        case Decided():
            recording.trace.decide(told.call, told.attempt, told.why)
        case SignedIn():
            recording.scenes.append(told)


def _call(told: Exchange) -> Call:
    return Call(
        at=told.at,
        operation=told.operation,
        method=told.method,
        path=told.path,
        attempt=told.attempt,
        seconds=told.seconds,
        status=told.status,
        sent=_shown(told.sent),
        received=_shown(told.received),
        size=told.size,
        error=told.error,
        name=told.name,
        call=told.call,
    )


def _shown(body: Body | None) -> str:
    if body is None:
        return ""
    content = body.content
    if len(content) > _SHOWN:
        return f"{len(content):,} bytes, not shown"
    return content.decode("utf-8", "replace")


def _lines(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Yield each line without its end, and whether it had one."""
    parts: list[bytes] = []
    for block in blocks:
        *whole, rest = block.split(b"\n")
        for line in whole:
            yield b"".join([*parts, line]), True
            parts = []
        parts.append(rest)
        if sum(map(len, parts)) > LONGEST_LINE:
            raise zlib.error("a line has no end")
    if rest := b"".join(parts):
        yield rest, False


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Yield what a file holds, unpacked where it is packed."""
    data = file.read(_BLOCK)
    if not data.startswith(_PACKED):
        while data:
            yield data
            data = file.read(_BLOCK)
        return
    unpacker, total = zlib.decompressobj(wbits=31), 0
    while data and not unpacker.eof:
        plain = unpacker.decompress(data, _BLOCK)
        total += len(plain)
        if total > MOST_BYTES:
            raise zlib.error("it has no end")
        yield plain
        data = unpacker.unconsumed_tail or file.read(_BLOCK)
