"""The 7-bit alphabet of text messages, as 3GPP TS 23.038 defines it."""

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
"""Characters by their code; the one at 0x1B announces one of the extension."""

ESCAPE = "\x1b"
"""Announces a character of the extension; it is none by itself."""

EXTENSION = {
    "\f": 0x0A, "^": 0x14, "{": 0x28, "}": 0x29, "\\": 0x2F,
    "[": 0x3C, "~": 0x3D, "]": 0x3E, "|": 0x40, "€": 0x65,
}  # fmt: skip
"""Characters that take two septets, with the code behind the escape."""

_SEPTETS = {each: 1 for each in BASIC if each != ESCAPE} | dict.fromkeys(EXTENSION, 2)


def septets(character: str) -> int:
    """Return how many septets a character takes; 0 for one that the alphabet has not."""
    return _SEPTETS.get(character, 0)
