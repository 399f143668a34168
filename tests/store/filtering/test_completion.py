"""What is typed goes on as it may, and what is suggested is a filter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsui.store.filtering import parse
from tsui.store.filtering.completion import complete
from tsui.store.filtering.fields import CONDITIONS

VALUES = {
    "state": ["active", "suspend", "pre-active"],
    "plan": ["87641", "4G West", 'say "so"'],
    "group": ["4G West", "pump"],
}


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [
        ("", ""),
        ("s", "s"),
        ("st", "state:"),
        ("truck -PL", "truck -PLan:"),
        ("la", "last>"),
        ("(ha", "(has:"),
        ("state:", "state:active"),
        ("state:S", "state:Suspend"),
        ("state:active,s", "state:active,suspend"),
        ("!state:pre-", "!state:pre-active"),
        ("state:active ", "state:active "),
        ("group:", 'group:"4G West"'),
        ("group:4", "group:4"),
        ('group:"4g', 'group:"4g West"'),
        ('group:"4G W', 'group:"4G West"'),
        ('plan:"s', 'plan:"s'),
        ("groups:p", "groups:pump"),
        ("has:la", "has:last"),
        ("is:off", "is:offline"),
        ("online:u", "online:unknown"),
        ("cf1:", "cf1:"),
        ("stat:", "stat:"),
        ('"st', '"st'),
        ("notable st", "notable state:"),
    ],
)
def test_a_name_or_a_known_value_is_suggested(typed: str, suggested: str) -> None:
    assert complete(typed, VALUES) == suggested


@given(st.text(max_size=20), st.sampled_from(["", "state:", "-is:", 'a (group:"', "has:"]))
def test_a_suggestion_goes_on_from_what_is_typed(text: str, head: str) -> None:
    assert complete(head + text, VALUES).startswith(head + text)


def test_what_is_suggested_is_a_filter() -> None:
    for typed in (
        "state:",
        "group:",
        "plan:",
        "connected:",
        *(f"is:{each[0]}" for each in CONDITIONS),
    ):
        assert parse(complete(typed, VALUES))
