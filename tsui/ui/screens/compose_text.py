"""A letter in lines: whom it goes to, how long it is, what keeps it, and how it will be sent."""

from __future__ import annotations

from collections.abc import Sequence

from tsui.service.messages.composing import (
    PLACES,
    Filled,
    bytes_trouble,
    counted,
    has_places,
    trouble,
)
from tsui.service.messages.measure import measure
from tsui.service.messages.sending import LONGEST_BYTES, NotBytes, read_bytes
from tsui.service.views import DeviceRow
from tsui.text import sanitize
from tsui.ui import words
from tsui.ui.painted import Line, Run

NAMED = 3
"""Devices that are named before the others are counted."""

SHOWN = 50
"""Texts that are shown as they will be sent."""


def to_whom(devices: Sequence[DeviceRow], whom: str, hidden: int) -> list[Line]:
    """Say whom it goes to, and what of that is out of sight."""
    named = ", ".join(
        sanitize(f"{each.key.partition(':')[2]} {each.custom1}".strip(), 40)
        for each in devices[:NAMED]
    )
    more = f" and {len(devices) - NAMED:,} more" if len(devices) > NAMED else ""
    lines: list[Line] = [
        [(f" To {words.number(len(devices), 'device')}: ", "strong"), (f"{named}{more}", "text")]
    ]
    if whom:
        lines.append([(f" {sanitize(whom, 100)}", "dim")])
    if hidden:
        lines.append([(f" ! {words.number(hidden, 'marked device')} not in view", "warn")])
    return lines


def text_lines(text: str, filled: Filled) -> list[Line]:
    """Say how long a text is, what keeps it from being sent, and how it will be."""
    longest = filled.longest
    measured = measure(longest)
    look = "bad" if measured.left < 0 else "text"
    many = " in the longest" if len(filled.texts) > 1 else ""
    lines: list[Line] = [[(f" {counted(measured)}{many}", look)]]
    if not text:
        places = " ".join(f"{{{each}}}" for each in PLACES[:3])
        return [*lines, [(f" {places} {{custom1}} … are filled in for each device.", "dim")]]
    if why := trouble(longest):
        lines.append([(f" ! {why}", "bad")])
    lines += [[(f" ! {number:,} x left out: {why}", "warn")] for why, number in filled.left_out]
    return [*lines, [], *_preview(text, filled)]


def _preview(text: str, filled: Filled) -> list[Line]:
    head = "As it will be sent:" if has_places(text) else "As it will be sent to each:"
    lines: list[Line] = [[(f" {head}", "head")]]
    for each, devices in list(filled.texts.items())[:SHOWN]:
        to = f" {len(devices):,} x " if len(devices) > 1 else " "
        who = "" if len(devices) > 1 else f"{sanitize(devices[0].key.partition(':')[2], 24)}  "
        parts = each.split("\n")
        lines.append([(f"{to}{who}", "dim"), (sanitize(parts[0], 400), "text")])
        lines += [[("   ", "dim"), (sanitize(part, 400), "text")] for part in parts[1:]]
    if (rest := len(filled.texts) - SHOWN) > 0:
        lines.append([(f" … and {words.number(rest, 'other text')}", "dim")])
    return lines


def bytes_lines(written: str, seconds: int) -> list[Line]:
    """Say how many bytes were written, what keeps them, and how they will be sent."""
    time: Run = (f"  the network may try for {seconds:,} s", "dim")
    try:
        content = read_bytes(written)
    except NotBytes:
        how = [(" 0x… and hex: begin hexadecimal, base64: base64; else it is the text.", "dim")]
        said = f" ! {bytes_trouble(written)}" if written else ""
        return [[(f" 0/{LONGEST_BYTES} bytes", "text"), time], [(said, "bad")], how]
    lines: list[Line] = [[(f" {len(content):,}/{LONGEST_BYTES:,} bytes", "text"), time], []]
    lines.append([(" As they will be sent:", "head")])
    for start in range(0, len(content), 16):
        part = content[start : start + 16]
        seen = "".join(chr(each) if 32 <= each < 127 else "." for each in part)
        lines.append([(f" {start:04x}  ", "dim"), (f"{part.hex(' '):<48} {seen}", "text")])
    if b"\0\0" in content:
        lines.insert(1, [(" ! Two zero bytes in a row are said to be refused.", "warn")])
    return lines
