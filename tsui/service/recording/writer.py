"""Writing a recording: exchanges are taken at once; a thread takes the secrets out and writes."""

import json
import os
import queue
import re
import threading
import zlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from pydantic_core import from_json

from tsui import __version__
from tsui.service.failures import RecordingFailed
from tsui.service.recording.form import (
    VERSION,
    Body,
    Decided,
    Exchange,
    Head,
    Line,
    SignedIn,
    encoded,
)
from tsui.service.recording.mask import Mask
from tsui.thingspace.exchange import Attempt
from tsui.thingspace.redact import HIDDEN, Redactor

MOST_BYTES = 100_000_000
"""Bytes of a recording at most: days of work, or a million devices a few times."""

MOST_WAITING = 200_000_000
"""Bytes of bodies that may wait for the disk."""

_KEPT_OF_TEXT = 64 * 1024
"""Characters that are kept of a body that is no JSON."""

_SECRET_PATH = re.compile(r"(https?://[^/\s\"']+/)[^\s\"']+")
"""Addresses of callbacks end with a path that only ThingSpace may know."""


class RecordingWriter:
    """A recording that is being written."""

    def __init__(
        self,
        path: Path,
        began: datetime,
        *,
        masked: bool = False,
        on_end: Callable[[], None] | None = None,
    ) -> None:
        """Create the file; raises RecordingFailed, also where there is one already."""
        self.path = path.expanduser()
        """The file."""
        self.masked = masked
        """Whether identifiers are pseudonyms."""
        self.exchanges = 0
        """Exchanges written."""
        self.size = 0
        """Bytes written."""
        self.trouble = ""
        """Why it ended by itself; empty while it goes on."""
        self._mask = Mask() if masked else None
        self._on_end = on_end
        self._waiting = 0
        self._counting = threading.Lock()
        self._jobs: queue.SimpleQueue[Callable[[], Line] | None] = queue.SimpleQueue()
        self._packer = zlib.compressobj(wbits=31)
        self._file = _created(self.path)
        head = Head(version=VERSION, program=f"tsui {__version__}", began=began, masked=masked)
        self._jobs.put(lambda: head)
        self._thread = threading.Thread(target=self._run, name="record", daemon=True)
        self._thread.start()

    @property
    def is_on(self) -> bool:
        """Whether it still records."""
        return not self.trouble and self._thread.is_alive()

    def put(self, attempt: Attempt, redactor: Redactor, seconds: float) -> None:
        """Take an attempt that is over."""
        weight = len(attempt.received) + len(attempt.request.body or b"")
        if self._waiting + weight > MOST_WAITING:
            self.trouble = self.trouble or "the disk does not keep up"
        if self.trouble:
            return
        self._count(weight)

        def line() -> Line:
            self._count(-weight)
            return self._exchange(attempt, redactor, seconds)

        self._jobs.put(line)

    def decided(self, call: int, attempt: int, why: str) -> None:
        """Take what was decided after an attempt that failed."""
        if not self.trouble:
            self._jobs.put(lambda: Decided(call=call, attempt=attempt, why=why))

    def signed_in(self, at: datetime, environment: str, url: str, account: str) -> None:
        """Take where somebody is signed in from now on."""
        account = self._mask.text(account) if self._mask else account
        self._jobs.put(lambda: SignedIn(at=at, environment=environment, url=url, account=account))

    def close(self) -> None:
        """Write what was taken and end the file; waits for the disk."""
        self._jobs.put(None)
        self._thread.join()

    def _count(self, weight: int) -> None:
        with self._counting:
            self._waiting += weight

    def _run(self) -> None:
        try:
            with self._file:
                while not self.trouble and (job := self._jobs.get()) is not None:
                    self._write(job())
                self._file.write(self._packer.flush())
        except OSError as error:
            self.trouble = f"{error.strerror or 'the file cannot be written'}"
        if self.trouble and self._on_end is not None:
            self._on_end()

    def _write(self, line: Line) -> None:
        packed = self._packer.compress(encoded(line)) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        if self.size + len(packed) > MOST_BYTES:
            # What was packed is part of the packer's memory: nothing can follow without it.
            self.trouble = f"it has reached {MOST_BYTES // 1_000_000} MB"
        self._file.write(packed)
        self.size += len(packed)
        self.exchanges += isinstance(line, Exchange)

    def _exchange(self, attempt: Attempt, redactor: Redactor, seconds: float) -> Exchange:
        request = attempt.request
        path = request.path + (f"?{urlencode(request.query)}" if request.query else "")
        return Exchange(
            at=attempt.at,
            call=attempt.call,
            attempt=attempt.number,
            name=attempt.name,
            operation=attempt.title,
            method=request.method,
            path=self._text(path, redactor),
            seconds=round(seconds, 4),
            status=attempt.status,
            size=len(attempt.received),
            location=self._text(attempt.headers.get("location", ""), redactor),
            error=self._text(attempt.trouble, redactor),
            sent=self._body(request.body or b"", redactor),
            received=self._body(attempt.received, redactor),
        )

    def _body(self, body: bytes, redactor: Redactor) -> Body | None:
        if not body:
            return None
        if self._mask is None and (harmless := _harmless(body, redactor)):
            return Body(json=msgspec.Raw(harmless))
        try:
            value: Any = from_json(body, allow_inf_nan=False)
        except ValueError:
            text = redactor.fragment(body.decode("utf-8", "replace"))
            return Body(text=self._text(text, redactor)[:_KEPT_OF_TEXT])
        value = _without_secret_paths(redactor.value(value))
        if self._mask:
            value = self._mask.value(value)
        return Body(json=msgspec.Raw(json.dumps(value).encode()))

    def _text(self, text: str, redactor: Redactor) -> str:
        text = redactor.text(text).encode("utf-8", "replace").decode()
        return self._mask.text(text) if self._mask else text


def _harmless(body: bytes, redactor: Redactor) -> bytes:
    """Return JSON in one line if nothing in it can be a secret; empty where somebody has to look.

    A page of devices has a hundred thousand values. To take them apart would hold every key up.
    """
    try:
        text = body.decode()
        # An escape may spell any letter, and so any word.
        if "\\u" in text or 'url"' in text.casefold() or redactor.suspects(text):
            return b""
        return msgspec.json.format(body, indent=-1)
    except ValueError:
        return b""


def _without_secret_paths(value: Any, name: str = "") -> Any:
    if isinstance(value, dict):
        return {each: _without_secret_paths(item, str(each)) for each, item in value.items()}
    if isinstance(value, list):
        return [_without_secret_paths(each, name) for each in value]
    if isinstance(value, str) and name.lower().endswith("url"):
        return _SECRET_PATH.sub(rf"\1{HIDDEN}", value)
    return value


def _created(path: Path) -> Any:
    try:
        # Unbuffered: whoever pulls the plug loses the last line at most.
        return open(path, "xb", buffering=0, opener=_private)
    except FileExistsError:
        raise RecordingFailed(f"{path} is there already; nothing was recorded into it.") from None
    except OSError as error:
        raise RecordingFailed(f"{path} cannot be written: {error.strerror}.") from None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
