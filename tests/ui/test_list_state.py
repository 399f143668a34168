"""Why a list is empty: one reason, in words, with the next key."""

import pytest

from tsui.service.failures import NOT_ENTITLED
from tsui.ui.list_state import Nothing
from tsui.ui.painted import plain

ALL = {
    "filter": "zzz",
    "reading": "the fleet",
    "trouble": "The network is down.",
    "offline": "Nobody is signed in; ctrl+l signs in.",
}


def said(**known: str) -> str:
    nothing = Nothing("There are no devices.", ("n", "adds one"), **known)
    return "\n".join(plain(line).strip() for line in nothing.lines())


@pytest.mark.parametrize(
    ("known", "text"),
    [
        (ALL, "Nothing here holds that:\nzzz\nesc clears the filter."),
        ({**ALL, "filter": ""}, "Reading the fleet; it comes in a moment."),
        (
            {"trouble": ALL["trouble"], "offline": ALL["offline"]},
            "This could not be read.\nThe network is down.\nr tries again.",
        ),
        (
            {"trouble": f"{NOT_ENTITLED}No access."},
            "Not entitled to this.\nNo access.\nctrl+l signs in as another.",
        ),
        (
            {"offline": "Nobody is signed in."},
            "Nothing is remembered here.\nNobody is signed in.\nctrl+l signs in.",
        ),
        ({}, "There are no devices.\nn adds one."),
    ],
)
def test_the_first_reason_that_holds_is_told_with_the_next_key(
    known: dict[str, str], text: str
) -> None:
    assert said(**known) == text


def test_what_comes_from_outside_cannot_act_on_the_terminal() -> None:
    assert "\x1b" not in said(trouble="\x1b[2Jgone")
