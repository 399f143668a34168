"""Identifiers: right by their standards, and read back to the device without a table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsui.simulator import identity
from tsui.simulator.catalogue import MODELS
from tsui.simulator.identity import SPACE, make, number_of, scramble, unscramble

numbers = st.integers(0, SPACE - 1)
accounts = st.integers(0, 1)


def luhn_holds(digits: str) -> bool:
    """Tell whether a number passes, worked out in another way than the simulator does."""
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(sum(map(int, str(value))) for value in doubled) % 10 == 0


def test_the_check_digit_is_that_of_the_textbook() -> None:
    assert identity.luhn("7992739871") == "3"
    assert identity.luhn("49015420323751") == "8"
    assert luhn_holds("79927398713")


@given(numbers, accounts, st.sampled_from([model.tac for model in MODELS]))
def test_every_identifier_is_right_by_its_standard(number: int, account: int, tac: str) -> None:
    born = make(account, number, tac, embedded=True)
    assert len(born.iccid) == 20
    assert luhn_holds(born.iccid)
    assert len(born.imei) == 15
    assert born.imei[:7] == f"{int(tac) + account}"
    assert luhn_holds(born.imei)
    assert len(born.eid) == 32
    assert int(born.eid) % 97 == 1
    assert len(born.mdn) == 10
    assert born.mdn[0] not in "01"
    assert len(born.imsi) == 15
    assert all(value.isascii() and value.isdecimal() for value in (born.mdn, born.imsi))


@given(numbers, accounts, st.sampled_from(["iccid", "imei", "mdn", "min", "msisdn", "imsi", "eid"]))
def test_every_identifier_leads_back_to_its_device(number: int, account: int, kind: str) -> None:
    born = make(account, number, MODELS[0].tac, embedded=True)
    value = {"min": born.mdn, "msisdn": f"1{born.mdn}"}.get(kind) or getattr(born, kind)
    assert number_of(kind, value, account) == number


@given(numbers)
def test_scrambling_can_be_turned_round(number: int) -> None:
    assert unscramble(scramble(number)) == number
    assert 0 <= scramble(number) < SPACE


def test_a_device_without_an_embedded_sim_has_no_eid() -> None:
    assert make(0, 1, MODELS[0].tac, embedded=False).eid == ""


def test_two_accounts_share_no_identifier() -> None:
    here, there = (
        {value for number in range(500) for value in _values(account, number)} for account in (0, 1)
    )
    assert len(here) == 500 * 5
    assert not here & there


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("iccid", "1"),
        ("iccid", "x" * 20),
        ("iccid", "٣" * 20),
        ("imei", ""),
        ("mdn", "0005550100"),
        ("mdn", "6170000000"),
        ("vin", "1" * 17),
        ("eid", "1" * 20),
    ],
)
def test_what_no_device_can_have_leads_nowhere(kind: str, value: str) -> None:
    assert number_of(kind, value, 0) is None


@given(st.text(max_size=40), st.sampled_from(["iccid", "imei", "mdn", "msisdn", "imsi", "eid"]))
def test_any_text_is_read_without_a_crash(value: str, kind: str) -> None:
    found = number_of(kind, value, 0)
    assert found is None or 0 <= found < SPACE


def test_a_fresh_number_is_of_an_area_the_fleet_does_not_use() -> None:
    fresh = identity.fresh_mdn(11)
    assert len(fresh) == 10
    assert number_of("mdn", fresh, 0) is None


def _values(account: int, number: int) -> tuple[str, ...]:
    born = make(account, number, MODELS[0].tac, embedded=True)
    return born.iccid, born.imei, born.mdn, born.imsi, born.eid
