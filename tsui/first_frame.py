"""The first frame: the last picture of the dashboard, on the terminal before all else is loaded.

Loading the screens takes some hundred milliseconds; reading and writing a picture takes one. So
this module imports only what is loaded in any case or costs next to nothing. Whatever is doubtful
about a picture, it is not shown: then the start is only slower.
"""

import os
import signal
import stat
import sys
import termios
import zlib
from collections.abc import Sequence
from types import FrameType

from tsui import __version__

Run = tuple[str, str, str, str]
"""Colour of the text, colour behind it and attributes as numbers of SGR, and the text."""

Line = Sequence[Run]
"""Runs from left to right."""

ENTER = "\x1b[?1049h"
"""Takes the alternate screen."""

_BEGIN = f"{ENTER}\x1b[?25l"
_LEAVE = b"\x1b[0m\x1b[?1049l\x1b[?25h"

_HEAD = "tsui frame 1"
_LARGEST = 1 << 20
_NUMBERS = "0123456789;"

_VARIABLES = (
    "HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "TERM", "TERM_PROGRAM",
    "COLORTERM", "NO_COLOR", "FORCE_COLOR", "TEXTUAL_COLOR_SYSTEM", "LANG", "LC_ALL", "LC_CTYPE",
    "TZ",
)  # fmt: skip
"""What of the environment decides which devices are shown, and how they look."""

_LINKS = ("SSH_CONNECTION", "SSH_TTY")
"""What tells that the terminal is far away; their values differ from one time to the next."""

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Shown:
    """A picture on the terminal, and how all was before."""

    def __init__(self, lines: Sequence[Line], size: tuple[int, int]) -> None:
        self.lines = lines
        """The picture."""
        self.size = size
        """Columns and rows of the terminal."""
        self.attributes = termios.tcgetattr(0)
        """Settings of the terminal before."""
        self.handlers = {number: signal.getsignal(number) for number in _SIGNALS}
        """What the signals did before."""


class FirstFrame:
    """What stands on the terminal until the dashboard paints."""

    def __init__(self) -> None:
        self._shown: Shown | None = None

    def show(self) -> None:
        """Put the last picture on the terminal if it was made under the very same conditions."""
        try:
            if not all(map(os.isatty, (0, 1, 2))) or _in_background():
                return
            columns, rows = os.get_terminal_size(2)
            identity = identify(columns, rows)
            lines = decode(_read_private(path_of(identity)), identity, rows)
            self._shown = Shown(lines, (columns, rows))
            for number in _SIGNALS:
                signal.signal(number, self._end)
            termios.tcsetattr(0, termios.TCSANOW, _keeping_keys())
            _write(painted(lines).encode())
        except (OSError, ValueError, termios.error):
            self.withdraw()

    def withdraw(self) -> None:
        """Give the terminal back as it was; nothing happens when no picture is on it.

        Keys that were typed for the dashboard are not left for the shell.
        """
        if (shown := self._taken()) is None:
            return
        try:
            _write(_LEAVE)
            termios.tcsetattr(0, termios.TCSAFLUSH, shown.attributes)
        except (OSError, termios.error):
            return  # the terminal is gone

    def hand_over(self) -> Shown | None:
        """Leave the terminal, with the picture on it, to whoever paints from now on."""
        return self._taken()

    def _taken(self) -> Shown | None:
        shown, self._shown = self._shown, None
        if shown is not None:
            for number, handler in shown.handlers.items():
                signal.signal(number, handler)
        return shown

    def _end(self, number: int, _: FrameType | None) -> None:
        self.withdraw()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)


FIRST_FRAME = FirstFrame()
"""The one of this process, as there is one terminal."""


def identify(columns: int, rows: int) -> str:
    """Return one line of all that a picture depends on; the next start compares it."""
    variables = [os.environ.get(name) for name in _VARIABLES]
    links = [name in os.environ for name in _LINKS]
    return ascii((__version__, columns, rows, sys.argv[1:], variables, links))


def path_of(identity: str) -> str:
    """Return the file of a picture."""
    return f"{folder()}/frame-{zlib.crc32(identity.encode()):08x}"


def folder() -> str:
    """Return the folder of the pictures, by the platform's own rules."""
    below = "/Library/Caches" if sys.platform == "darwin" else "/.cache"
    return f"{os.environ.get('XDG_CACHE_HOME') or os.environ.get('HOME', '') + below}/tsui"


def encode(lines: Sequence[Line], identity: str, settings: str) -> bytes:
    """Return a picture as it is kept; raises ValueError if it holds more than colours and text."""
    rows = ("\t".join("|".join(run) for run in map(_checked, line)) for line in lines)
    rest = "\n".join((identity, settings, *rows)).encode()
    return f"{_HEAD} {zlib.crc32(rest):08x}\n".encode() + rest


def decode(content: bytes, identity: str, rows: int) -> list[Line]:
    """Return the lines of a picture; raises ValueError for another one or a damaged one."""
    head, _, rest = content.partition(b"\n")
    if head != f"{_HEAD} {zlib.crc32(rest):08x}".encode():
        raise ValueError("damaged")
    told, settings, *lines = rest.decode().split("\n")
    if told != identity or len(lines) != rows:
        raise ValueError("of another terminal")
    if settings != fingerprint(settings.partition(" ")[2]):
        raise ValueError("of other settings")
    return [[_checked(run.split("|", 3)) for run in line.split("\t")] for line in lines]


def painted(lines: Sequence[Line]) -> str:
    """Return what has to be written to show a picture."""
    pieces = [_BEGIN]
    colours, attributes = ["", ""], "unknown"
    for y, line in enumerate(lines, 1):
        pieces.append(f"\x1b[{y}H")
        for *new, wanted, text in line:
            if wanted != attributes or "" in new:
                codes = ["0", wanted, *new]
            else:
                codes = [code for code, old in zip(new, colours, strict=True) if code != old]
            colours, attributes = new, wanted
            pieces += (f"\x1b[{';'.join(filter(None, codes))}m" if codes else "", text)
    return "".join(pieces)


def _checked(run: Sequence[str]) -> Run:
    front, back, attributes, text = run
    if f"{front}{back}{attributes}".strip(_NUMBERS) or not text.isprintable():
        raise ValueError("neither colour nor text")
    return front, back, attributes, text


def _read_private(path: str) -> bytes:
    """Return a file that is its owner's alone; raises OSError or ValueError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode) or about.st_mode & 0o077:
            raise ValueError("not private")
        if about.st_uid != os.geteuid() or about.st_size > _LARGEST:
            raise ValueError("not ours")
        return os.read(descriptor, _LARGEST)
    finally:
        os.close(descriptor)


def fingerprint(path: str) -> str:
    """Return one line that names a file and differs once the file does."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return f"none {path}"
    try:
        about = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    return f"{about.st_ino}-{about.st_mtime_ns}-{about.st_size} {path}"


def _keeping_keys() -> list[int | list[bytes | int]]:
    """Return how the terminal keeps typed keys for the dashboard, unseen and unchanged.

    Only the interrupt key acts at once.
    """
    attributes = termios.tcgetattr(0)
    attributes[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
    attributes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
    off = bytes([os.fpathconf(0, "PC_VDISABLE")])
    attributes[6][termios.VSUSP] = attributes[6][termios.VQUIT] = off
    attributes[6][termios.VMIN] = 1
    return attributes


def _in_background() -> bool:
    """Tell whether a shell has the terminal for itself; whoever wrote to it would be stopped."""
    try:
        return os.tcgetpgrp(0) != os.getpgrp()
    except OSError:
        return False  # it is nobody's controlling terminal


def _write(data: bytes) -> None:
    while data:
        data = data[os.write(2, data) :]
