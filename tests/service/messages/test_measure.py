"""How long a text message is, against the tables of the standard, character by character."""

import pytest

from tsui.service.messages.alphabet import BASIC, ESCAPE, EXTENSION, septets
from tsui.service.messages.measure import OCTETS, SEPTETS, Encoding, Obstacle, measure

STANDARD = """
00 0040  01 00A3  02 0024  03 00A5  04 00E8  05 00E9  06 00F9  07 00EC  08 00F2  09 00C7  0A 000A
0B 00D8  0C 00F8  0D 000D  0E 00C5  0F 00E5  10 0394  11 005F  12 03A6  13 0393  14 039B  15 03A9
16 03A0  17 03A8  18 03A3  19 0398  1A 039E  1C 00C6  1D 00E6  1E 00DF  1F 00C9  20 0020  21 0021
22 0022  23 0023  24 00A4  25 0025  26 0026  27 0027  28 0028  29 0029  2A 002A  2B 002B  2C 002C
2D 002D  2E 002E  2F 002F  30 0030  31 0031  32 0032  33 0033  34 0034  35 0035  36 0036  37 0037
38 0038  39 0039  3A 003A  3B 003B  3C 003C  3D 003D  3E 003E  3F 003F  40 00A1  41 0041  42 0042
43 0043  44 0044  45 0045  46 0046  47 0047  48 0048  49 0049  4A 004A  4B 004B  4C 004C  4D 004D
4E 004E  4F 004F  50 0050  51 0051  52 0052  53 0053  54 0054  55 0055  56 0056  57 0057  58 0058
59 0059  5A 005A  5B 00C4  5C 00D6  5D 00D1  5E 00DC  5F 00A7  60 00BF  61 0061  62 0062  63 0063
64 0064  65 0065  66 0066  67 0067  68 0068  69 0069  6A 006A  6B 006B  6C 006C  6D 006D  6E 006E
6F 006F  70 0070  71 0071  72 0072  73 0073  74 0074  75 0075  76 0076  77 0077  78 0078  79 0079
7A 007A  7B 00E4  7C 00F6  7D 00F1  7E 00FC  7F 00E0
"""
"""The basic table by code point, as Unicode's mapping of GSM 03.38 lists it."""

EXTENDED = """
0A 000C  14 005E  28 007B  29 007D  2F 005C  3C 005B  3D 007E  3E 005D  40 007C  65 20AC
"""


def pairs(listing: str) -> list[tuple[int, str]]:
    words = listing.split()
    return [
        (int(code, 16), chr(int(point, 16)))
        for code, point in zip(words[::2], words[1::2], strict=True)
    ]


@pytest.mark.parametrize(("code", "character"), pairs(STANDARD))
def test_every_character_of_the_basic_table_takes_one_septet(code: int, character: str) -> None:
    assert BASIC[code] == character
    assert septets(character) == 1
    measured = measure(character)
    assert (measured.encoding, measured.used) == (Encoding.SEVEN_BIT, 1)


@pytest.mark.parametrize(("code", "character"), pairs(EXTENDED))
def test_every_character_of_the_extension_takes_two(code: int, character: str) -> None:
    assert EXTENSION[character] == code
    measured = measure(character)
    assert (measured.encoding, measured.used) == (Encoding.SEVEN_BIT, 2)


def test_no_other_character_travels_in_seven_bits() -> None:
    known = {character for _, character in (*pairs(STANDARD), *pairs(EXTENDED))}
    assert len(known) == 127 + 10
    strays = [
        chr(point) for point in range(0x11000) if septets(chr(point)) and chr(point) not in known
    ]
    assert strays == []
    assert septets(ESCAPE) == 0


def test_a_character_outside_the_table_takes_the_whole_text_into_eight_bits() -> None:
    measured = measure("valve ő open")
    assert measured.encoding is Encoding.UTF_8
    assert measured.beyond == Obstacle(6, "ő")
    assert measured.used == len("valve ő open".encode())
    assert measured.room == OCTETS


def test_ascii_that_seven_bits_lack_stays_ascii() -> None:
    measured = measure("run `status`")
    assert (measured.encoding, measured.used) == (Encoding.ASCII, 12)
    assert measured.beyond == Obstacle(4, "`")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a" * SEPTETS, True),
        ("a" * (SEPTETS + 1), False),
        ("€" * (SEPTETS // 2), True),
        ("€" * (SEPTETS // 2) + "a", False),
        ("a" * (SEPTETS - 1) + "[", False),
        ("`" * OCTETS, True),
        ("`" * (OCTETS + 1), False),
        ("ő" * (OCTETS // 2), True),
        ("ő" * (OCTETS // 2) + "a", False),
        ("😀" * (OCTETS // 4), True),
        ("😀" * (OCTETS // 4 + 1), False),
        ("", False),
    ],
)
def test_what_is_too_long_may_not_be_sent(text: str, fits: bool) -> None:
    measured = measure(text)
    assert measured.may_be_sent is fits
    assert measured.left == measured.room - measured.used


def test_what_the_platform_refuses_is_told_with_its_place() -> None:
    measured = measure("don't <stop>")
    assert measured.refused == (Obstacle(3, "'"), Obstacle(6, "<"))
    assert not measured.may_be_sent


def test_half_a_character_is_counted_and_not_crashed_on() -> None:
    assert measure("a\ud800").used > 1
