"""Identifiers: what is refused, what is only doubted, and what a pasted token may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsui.ident import Kind, eid_ok, guess, luhn_ok, normalise_kind, problems, warnings

DIGITS = st.text("0123456789", max_size=40)

IMEI = "490154203237518"
ICCID = "89148000000800139708"
EID = "89049032123451234512345678901235"


def with_luhn(digits: str) -> str:
    return next(digits + last for last in "0123456789" if luhn_ok(digits + last))


def with_mod_97(digits: str) -> str:
    return f"{digits}{98 - int(digits + '00') % 97:02d}"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("iccId", Kind.ICCID),
        ("IMEI", Kind.IMEI),
        ("Imei", Kind.IMEI),
        (" mdn ", Kind.MDN),
        ("ESN", Kind.ESN),
        ("msisdn", Kind.MSISDN),
        ("vin", None),
        ("", None),
    ],
)
def test_kinds_are_known_in_any_case(name: str, kind: Kind | None) -> None:
    assert normalise_kind(name) is kind


@pytest.mark.parametrize("digits", [IMEI, "79927398713", "00", "89148000000800784259"])
def test_luhn_digits(digits: str) -> None:
    assert luhn_ok(digits)


@pytest.mark.parametrize("digits", ["", "0", "490154203237519", "49015420323751a", "\uff14\uff19"])
def test_no_luhn_digits(digits: str) -> None:
    assert not luhn_ok(digits)


@given(st.text("0123456789", min_size=1, max_size=30), st.data())
def test_luhn_sees_every_single_wrong_digit(digits: str, data: st.DataObject) -> None:
    good = with_luhn(digits)
    place = data.draw(st.integers(0, len(good) - 1))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != good[place]))
    assert luhn_ok(good)
    assert not luhn_ok(good[:place] + other + good[place + 1 :])


@given(st.text("0123456789", min_size=30, max_size=30), st.data())
def test_an_eid_leaves_one_and_every_single_wrong_digit_is_seen(
    digits: str, data: st.DataObject
) -> None:
    good = with_mod_97(digits)
    place = data.draw(st.integers(0, 31))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != good[place]))
    assert eid_ok(good)
    assert not eid_ok(good[:place] + other + good[place + 1 :])


@pytest.mark.parametrize("digits", ["", "1", EID[:-1], EID[:-1] + "4", EID[:-1] + "a", "1" + EID])
def test_no_eid_of_another_length_or_with_letters(digits: str) -> None:
    assert not eid_ok(digits)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Kind.IMEI, IMEI),
        (Kind.IMEI, "4901542032375180"),
        (Kind.ICCID, with_luhn("8914800000080013970")),
        (Kind.ICCID, with_luhn("891480000008001397")),
        (Kind.EID, EID),
        (Kind.MEID, "A10000009296F2"),
        (Kind.MEID, "a10000009296f2"),
        (Kind.ESN, "12345678901"),
        (Kind.MDN, "5555550123"),
        (Kind.MIN, "5555550123"),
        (Kind.MSISDN, "15555550123"),
        (Kind.MSISDN, "882360012345678"),
        (Kind.IMSI, "311480123456789"),
    ],
)
def test_values_beyond_doubt(kind: Kind, value: str) -> None:
    assert problems(kind, value) == []
    assert warnings(kind, value) == []


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        (Kind.IMEI, "", "The IMEI is empty."),
        (Kind.IMEI, "49015420323751x", "The IMEI may hold only digits."),
        (Kind.IMEI, "49015420323751\u0661", "The IMEI may hold only digits."),
        (Kind.IMEI, "1" * 17, "The IMEI has up to 16 digits, this has 17."),
        (Kind.ICCID, "1" * 21, "The ICCID has up to 20 digits, this has 21."),
        (Kind.ICCID, "8914 8000", "The ICCID may hold only digits."),
        (Kind.EID, "1" * 33, "The EID has up to 32 digits, this has 33."),
        (Kind.MEID, "A10000009296F", "The MEID has 14 characters, this has 13."),
        (Kind.MEID, "G10000009296F2", "The MEID may hold only digits and the letters A to F."),
        (Kind.ESN, "1234567890", "The ESN has 11 digits, this has 10."),
        (Kind.MDN, "15555550123", "The MDN has 10 digits, this has 11."),
        (Kind.MSISDN, "1" * 16, "The MSISDN has up to 15 digits, this has 16."),
        (Kind.MIN, "555555012", "The MIN has 10 digits, this has 9."),
        (Kind.IMSI, "31148012345678", "The IMSI has 15 digits, this has 14."),
    ],
)
def test_what_breaks_a_format(kind: Kind, value: str, problem: str) -> None:
    assert problems(kind, value) == [problem]
    assert warnings(kind, value) == []


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert len(problems(Kind.MDN, "555-555-0123")) == 2


@pytest.mark.parametrize(
    ("kind", "value", "warning"),
    [
        (Kind.IMEI, "490154203237519", "The check digits of the IMEI do not match"),
        (Kind.IMEI, "49015420323751", "The IMEI usually has 15 or 16 digits, this has 14."),
        (Kind.ICCID, "89148000000800784258", "The check digits of the ICCID do not match"),
        (Kind.ICCID, "891480", "The ICCID usually has 19 or 20 digits, this has 6."),
        (Kind.EID, "1" * 32, "The check digits of the EID do not match"),
        (Kind.EID, "1" * 30, "The EID usually has 32 digits, this has 30."),
        (Kind.MSISDN, "4712345678", "The MSISDN usually has 11 to 15 digits, this has 10."),
    ],
)
def test_what_is_only_doubted(kind: Kind, value: str, warning: str) -> None:
    assert problems(kind, value) == []
    [said] = warnings(kind, value)
    assert said.startswith(warning)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        (IMEI, ["imei", "imsi", "msisdn"]),
        ("311480123456789", ["imsi", "imei", "msisdn"]),
        (with_luhn("31148012345678"), ["imei", "imsi", "msisdn"]),
        ("4901542032375180", ["imei"]),
        ("49-015420-323751-8", ["imei", "imsi", "msisdn"]),
        ("8914 8000 0008 0013 9708", ["iccid"]),
        (f"{ICCID[:19]}F", ["iccid"]),
        (EID, ["eid"]),
        (EID[:30], ["eid"]),
        ("a10000009296f2", ["meid"]),
        ("12345678901234", ["meid", "imei", "msisdn"]),
        ("(555) 555-0123", ["mdn", "msisdn", "min"]),
        ("+1 555 555 0123", ["msisdn", "mdn"]),
        ("1.555.555.0123", ["msisdn", "mdn", "esn"]),
        ("25555550123", ["esn", "msisdn"]),
        ("+47 1234 56789", ["msisdn"]),
        ("882360012345", ["msisdn"]),
        ("", []),
        ("+", []),
        ("+12ab", []),
        ("12345", []),
        ("1" * 17, []),
        ("deadbeef", []),
        ("pump-7", []),
        ("\uff14" * 15, []),
    ],
)
def test_what_a_token_may_be(text: str, candidates: list[str]) -> None:
    assert [kind for kind, _ in guess(text)] == candidates


def test_a_guess_comes_without_separators_and_fillers() -> None:
    assert guess(" 8914-8000 0008 0013 970F\n") == [(Kind.ICCID, "8914800000080013970")]
    assert guess("5555550123")[1] == (Kind.MSISDN, "15555550123")
    assert guess("a10000009296f2") == [(Kind.MEID, "A10000009296F2")]


@given(DIGITS | st.text("0123456789abcdefABCDEF+-. ()", max_size=40) | st.text(max_size=40))
def test_no_guess_breaks_the_format_of_its_kind(text: str) -> None:
    found = guess(text)
    assert len(set(found)) == len(found)
    assert [problem for kind, value in found for problem in problems(kind, value)] == []


@given(st.sampled_from(Kind), st.text(max_size=40) | DIGITS)
def test_a_check_digit_never_refuses_anything(kind: Kind, value: str) -> None:
    assert not any("check" in problem for problem in problems(kind, value))
    assert not (problems(kind, value) and warnings(kind, value))
