"""Operations as an operator finds them: three keystrokes are enough for somebody who knows one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.documented import ENTRIES, Entry, class_of, name_of
from tsui.service.operations import find_operations, info_of, operations, the_one
from tsui.thingspace.catalog import OPERATIONS

each_operation = pytest.mark.parametrize("name", OPERATIONS)


def found(typed: str) -> list[str]:
    return [each.name for each in find_operations(typed)]


@each_operation
def test_three_keystrokes_bring_an_operation_among_the_first_three(name: str) -> None:
    initials = "".join(re.findall(r"[A-Z]", name)).lower()
    assert any(name in found(typed)[:3] for typed in (initials[:3], name[:3].lower()))


@each_operation
@pytest.mark.parametrize("case", ["lower", "upper", "title", "center"])
def test_the_name_finds_its_operation_first(name: str, case: str) -> None:
    typed = f" {name} " if case == "center" else str(getattr(name, case)())
    assert found(typed)[0] == name
    one = the_one(typed)
    assert one is not None
    assert one.name == name


@pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
def test_the_title_of_the_reference_finds_its_operation(entry: Entry) -> None:
    assert class_of(entry).__name__ in found(name_of(entry))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("gsh", "GetSmsHistory"),
        ("susp", "SuspendDevices"),
        ("send sms", "SendSms"),
        ("sms send", "SendSms"),
        ("history sms", "GetSmsHistory"),
        ("sspnd", "SuspendDevices"),
    ],
)
def test_initials_beginnings_words_and_letters_find(typed: str, first: str) -> None:
    assert found(typed)[0] == first


def test_a_better_fit_stands_before_a_lesser_one() -> None:
    names = found("list")
    begins = [name.startswith("List") for name in names]
    assert begins == sorted(begins, reverse=True)
    assert any(begins)
    assert not all(begins)


def test_nothing_typed_lists_all_and_names_none() -> None:
    assert set(found("")) == set(OPERATIONS)
    assert the_one("") is None


def test_what_fits_several_alike_is_no_single_one() -> None:
    assert the_one("list") is None
    assert the_one("qqqq") is None


@given(st.text(max_size=12))
def test_any_text_finds_each_operation_at_most_once(typed: str) -> None:
    names = found(typed)
    assert len(names) == len(set(names))


@each_operation
def test_an_operation_is_described(name: str) -> None:
    info = info_of(name.swapcase())
    operation = OPERATIONS[name]
    assert info.name == name
    assert info.title == operation.title
    assert info.reads == operation.reads()
    assert info.help.endswith(".")
    assert "\n" not in info.help
    assert info.request.startswith(f"{operation.method} {operation.base}/")
    assert not any("_" in part for part in re.findall(r"\{.*?\}", info.request))
    assert (operation.callback or "reply") in info.answers


def test_every_operation_is_there_once() -> None:
    assert sorted(each.name for each in operations()) == sorted(OPERATIONS)


def test_there_is_no_information_about_what_is_none() -> None:
    with pytest.raises(KeyError):
        info_of("SuspendEverything")
