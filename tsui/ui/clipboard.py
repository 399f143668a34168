"""The clipboard of the terminal, through SSH, tmux and screen."""

from base64 import b64encode
from collections.abc import Mapping

MOST = 74_000
"""Bytes of text that go at once: common terminals drop a longer sequence without a word."""


def osc52(text: str, environ: Mapping[str, str]) -> str:
    """Return the sequence that puts text on the terminal's clipboard, wrapped for what is between.

    Raises ValueError for a text that is too long.
    """
    raw = text.encode("utf-8", "replace")
    if len(raw) > MOST:
        raise ValueError(f"{len(raw):,} bytes are too much for the clipboard of a terminal")
    sequence = f"\x1b]52;c;{b64encode(raw).decode()}\x07"
    if environ.get("TMUX"):
        return "\x1bPtmux;" + sequence.replace("\x1b", "\x1b\x1b") + "\x1b\\"
    if environ.get("STY"):
        return f"\x1bP{sequence}\x1b\\"
    return sequence
