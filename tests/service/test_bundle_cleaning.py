"""What leaves the house: nothing secret, and nothing personal, by its name or by its value."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsui.service.bundle.cleaning import MASKED, Cleaner, is_personal, masked, personal_values
from tsui.thingspace.redact import HIDDEN, Redactor


@pytest.mark.parametrize(
    "name",
    ["CustomField1", "customFields", "PrimaryPlaceOfUseFirstName", "primaryPlaceOfUse", "lastName",
     "customerName", "address", "addressLine1", "emailAddress", "zipCode", "zip", "city", "phone",
     "smsMessage", "contactName"],
)  # fmt: skip
def test_a_field_of_whoever_uses_the_device_is_known_by_its_name(name: str) -> None:
    assert is_personal(name)


@pytest.mark.parametrize(
    "name",
    ["ipAddress", "IPAddress", "ipv6Address", "macAddress", "accountName", "groupNames",
     "carrierName", "groupName", "servicePlan", "state", "deviceIds", "errorMessage", "capacity"],
)  # fmt: skip
def test_what_a_ticket_is_about_is_not_personal(name: str) -> None:
    assert not is_personal(name)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"city": "", "zip": None}, {"city": "", "zip": None}),
        ({"customFields": [{"key": "CustomField2", "value": "x"}]},
         {"customFields": [{"key": "CustomField2", "value": MASKED}]}),
        ({"key": "PrimaryPlaceOfUseTitle"}, {"key": "PrimaryPlaceOfUseTitle"}),
        ({"address": {"city": "a", "more": [1, True, "b"]}},
         {"address": {"city": MASKED, "more": [MASKED, True, MASKED]}}),
        ({"mdn": "1", "message": "hello"}, {"mdn": "1", "message": MASKED}),
        ({"code": 1, "message": "Invalid"}, {"code": 1, "message": "Invalid"}),
    ],
)  # fmt: skip
def test_values_are_masked_where_they_stand(told: Any, expected: Any) -> None:
    assert masked(told) == expected


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)


@given(JSON)
def test_nothing_personal_is_left_of_any_value(value: Any) -> None:
    told = masked({"customerName": value, "list": [{"key": "CustomField1", "value": value}]})
    assert set(personal_values(told)) <= {MASKED}


@given(st.text(st.characters(categories=["L", "N"]), min_size=6, max_size=20), JSON)
def test_a_known_secret_is_in_no_value(secret: str, value: Any) -> None:
    secrets = Redactor()
    secrets.learn(secret)
    clean = Cleaner(secrets).value({"a": value, secret: [secret, {"b": f"x{secret}y"}]})
    assert secret not in json.dumps(clean, ensure_ascii=False)


def test_a_personal_value_is_found_as_a_word_and_in_any_case() -> None:
    cleaner = Cleaner(Redactor(), personal=["Quux", "a|b (c)"])
    assert cleaner.text("of QUUX, Quuxville; a|b (c).") == f"of {MASKED}, Quuxville; {MASKED}."


def test_half_a_character_breaks_nothing() -> None:
    assert Cleaner(Redactor()).text("a\ud800b") == "a?b"


def test_a_secret_that_stands_beside_its_name_is_hidden() -> None:
    told = {"key": "sessionToken", "value": "abc", "password": "", "x": "token=abcdef rest"}
    clean = Cleaner(Redactor()).value(told)
    assert clean == {
        "key": "sessionToken", "value": HIDDEN, "password": "", "x": f"token={HIDDEN} rest",
    }  # fmt: skip
