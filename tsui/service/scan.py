"""Scanning: finds what may be an identifier in any text, e.g. a mail, a CSV or a scanner's output.

Digits may stand in groups, with separators or behind a label. Nothing is looked up here.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tsui.ident import Kind, guess, luhn_ok

Guess = tuple[Kind, str]

_UUID = re.compile(r"\b[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}\b")
"""Ids of requests stand in mails as well, and are no devices."""

_SYMBOLOGY = re.compile(r"\][A-Za-z]\d")
"""What a scanner puts before a code to tell its kind."""

_LABELS = {
    "iccid": Kind.ICCID,
    "sim": Kind.ICCID,
    "imei": Kind.IMEI,
    "imeisv": Kind.IMEI,
    "mdn": Kind.MDN,
    "phone": Kind.MDN,
    "msisdn": Kind.MSISDN,
    "eid": Kind.EID,
    "meid": Kind.MEID,
    "esn": Kind.ESN,
    "min": Kind.MIN,
    "imsi": Kind.IMSI,
}
"""Words before an identifier that tell its kind."""

_PIECE = re.compile(
    r"(?P<mangled>(?<![\w.])\d[.,]?\d*[eE]\+?\d{2}(?![\w.]))"
    r"|(?P<ends>(?:\*|…|\.\.\.)\d{4,}(?!\w))"
    r"|(?P<label>(?i:icc?[ -]?id|sim|imeisv|imei|mdn|phone|msisdn|meid|eid|esn|min|imsi)"
    r"(?=[\s:=#\d\"'(]))"
    r"|(?P<hex>(?<!\w)(?=[0-9A-F]*[A-Fa-f])(?=[A-Fa-f]*\d)[0-9A-Fa-f]{14}(?!\w))"
    r"|(?P<digits>\+?(?<!\w)\(?\d+(?:[ .)(-]{1,2}\d+)*[fF]?(?!\w))"
    r"|(?P<glued>(?<=[A-Za-z])\d{10,32}(?!\w))"
)
"""What is looked at in a line, one after the other."""

_GROUPS = re.compile(r"\d+")

_REACH = 12
"""Characters a label may stand before its identifier."""

_MOST_GROUPS = 10
"""Groups an identifier is printed in at most: 32 digits in fours, and some to spare."""

PRECISE = 15
"""Digits a spreadsheet keeps of a number; the others become zeros."""


class Candidate(NamedTuple):
    """Something in a text that may be an identifier."""

    line: int
    """Its line, from 1."""
    text: str
    """What stands there."""
    guesses: tuple[Guess, ...]
    """What it may be, the likeliest first; empty for what is only a part of one."""
    mangled: bool = False
    """Whether a spreadsheet has made a rounded number of it."""
    ends: str = ""
    """How the identifier ends, where only that is given."""


def scan(text: str) -> list[Candidate]:
    """Return what may be an identifier, in the order of the text."""
    return [
        candidate
        for number, line in enumerate(text.splitlines(), 1)
        for candidate in _scan_line(number, line)
    ]


def scan_cell(line: int, text: str, kind: Kind | None = None) -> Candidate | None:
    """Return what a cell of a table names; None where that is nothing, or several things."""
    found = list(_scan_line(line, f"{kind} {text}" if kind else text))
    return found[0] if len(found) == 1 else None


def bounds(text: str) -> tuple[int, int]:
    """Return the least and the largest number that a spreadsheet writes as ``8.91480E+19``."""
    mantissa, _, exponent = text.lower().replace(",", ".").partition("e")
    whole, _, rest = mantissa.partition(".")
    power = int(exponent) - len(rest)
    if not 0 <= power <= 40:
        return (0, 0)
    number, unit = int(whole + rest) * 10**power, 10**power
    return number - unit // 2, number + unit // 2


def _scan_line(number: int, line: str) -> Iterator[Candidate]:
    line = _SYMBOLOGY.sub(" ", _UUID.sub(" ", line))
    label: Kind | None = None
    labelled = 0
    for match in _PIECE.finditer(line):
        told = label if match.start() - labelled <= _REACH else None
        text = match[0]
        match match.lastgroup:
            case "label":
                label, labelled = _LABELS["iccid" if text[0] in "iI" and _is_icc(text) else
                                          text.lower()], match.end()  # fmt: skip
                continue
            case "mangled":
                yield Candidate(number, text, (), mangled=True)
            case "ends":
                yield Candidate(number, text, (), ends=text.lstrip("*…."))
            case "hex" | "glued":
                yield from _candidates(number, [text], told)
            case _:
                yield from _candidates(number, _pieces(text, told), told)
        label = None
        labelled = match.end()


def _is_icc(text: str) -> bool:
    return text.lower().startswith("ic")


def _candidates(number: int, texts: list[str], told: Kind | None) -> Iterator[Candidate]:
    for text in texts:
        guesses = tuple(guess(text))
        if told is not None and (fitting := tuple(each for each in guesses if each[0] is told)):
            guesses = fitting
        if not guesses and (digits := "".join(_GROUPS.findall(text))).startswith("89"):
            guesses = ((Kind.ICCID, digits),) if 17 <= len(digits) <= 22 else ()
        if guesses:
            yield Candidate(number, text, guesses)


def _pieces(text: str, told: Kind | None) -> list[str]:
    """Split digits with separators between them into identifiers."""
    groups = list(_GROUPS.finditer(text))
    if len(groups) == 1:
        return [text.strip("()")]
    found: list[str] = []
    start = 0
    while start < len(groups):
        size = _size([each[0] for each in groups[start : start + _MOST_GROUPS]], told)
        if size:
            last = groups[start + size - 1]
            tail = "F" if last.end() < len(text) and text[last.end()] in "fF" else ""
            begin = groups[start].start()
            plus = "+" if begin and text[begin - 1] == "+" else ""
            found.append(plus + text[begin : last.end()] + tail)
        start += size or 1
    return found


def _size(groups: list[str], told: Kind | None) -> int:
    """Return how many of the first groups make an identifier; 0 for none."""
    if len(groups[0]) >= 10:
        return 1
    for size in range(len(groups), 1, -1):
        parts = groups[:size]
        if max(map(len, parts)) < 10 and _fits("".join(parts), [len(each) for each in parts], told):
            return size
    return 0


def _fits(digits: str, lengths: list[int], told: Kind | None) -> bool:
    """Tell whether groups of digits are one identifier, and not several numbers side by side."""
    if told is not None and any(kind is told for kind, _ in guess(digits)):
        return True
    match len(digits):
        case 19 | 20 | 32:
            return digits.startswith("89")
        case 15:
            return luhn_ok(digits)
        case 10:
            return lengths in ([3, 3, 4], [3, 7], [6, 4])
        case 11:
            return digits[0] == "1" and lengths in ([1, 3, 3, 4], [4, 3, 4], [1, 10])
        case _:
            return False
