"""The JSON of requests and answers as objects, and operations as addresses and bodies."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any, Self

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field, ValidationError, model_validator

from tests.thingspace.cases import Ask, Poke, Pong
from tsui.thingspace.account import AccountInformation, GetAccount, ServicePlan
from tsui.thingspace.catalog import OPERATIONS, restore
from tsui.thingspace.continued import ContinuedOperation
from tsui.thingspace.devices import Device, ListDevices
from tsui.thingspace.euicc import GlobalRequestStatus
from tsui.thingspace.groups import GetGroup
from tsui.thingspace.location import CancelLocationRequest, Position
from tsui.thingspace.operation import Effect, Needs, Operation
from tsui.thingspace.provisioning import SuspendDevices
from tsui.thingspace.session import GetAccessToken, Login
from tsui.thingspace.software import SoftwareDevice
from tsui.thingspace.wire import (
    Attribute,
    DeviceId,
    KeyValue,
    Moment,
    Reply,
    RequestPart,
    RequestText,
    RequestTime,
    SeenId,
    attributes,
)

NOON = datetime(2025, 3, 1, 12, tzinfo=UTC)


class Note(RequestPart):
    """A part of a request."""

    text: RequestText = ""
    """Text."""
    at: RequestTime | None = None
    """A time."""


class Seen(Reply):
    """A part of an answer."""

    some_name: str = ""
    """Text."""
    count: int | None = None
    """A number."""
    at: Moment = None
    """A time."""
    inner: list["Seen"] | None = None
    """More of the same."""


# -- requests ---------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["'", "<", "\\"])
def test_characters_that_the_platform_refuses_never_leave(bad: str) -> None:
    with pytest.raises(ValidationError, match="refuses the character"):
        Note(text=f"a{bad}b")


def test_half_a_character_never_leaves() -> None:
    with pytest.raises(ValidationError, match="half of a character"):
        Note(text="\ud83d")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="'<\\")))
def test_every_other_text_does(text: str) -> None:
    assert Note(text=text).text == text


def test_nothing_unknown_slips_into_a_request() -> None:
    with pytest.raises(ValidationError, match="someName"):
        Note.model_validate({"someName": 1})


def test_a_request_does_not_change_once_it_is_made() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Note(text="a"), "text", "b")  # noqa: B010 - the type checker would refuse the other


def test_a_time_goes_out_as_whole_seconds_in_utc() -> None:
    east = NOON.replace(microsecond=5).astimezone(timezone(timedelta(hours=9)))
    assert Note(at=east).model_dump(mode="json", exclude_unset=True) == {
        "at": "2025-03-01T12:00:00Z"
    }


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValidationError, match="timezone"):
        Note.model_validate({"at": "2025-03-01T12:00:00"})


def test_leading_zeros_count_so_identifiers_are_text() -> None:
    with pytest.raises(ValidationError):
        DeviceId.model_validate({"id": 89148000009001002015, "kind": "iccid"})


# -- answers ----------------------------------------------------------------------------------


def test_an_answer_goes_by_the_platforms_names() -> None:
    assert Seen.model_validate({"someName": "a"}).some_name == "a"


def test_what_does_not_fit_is_set_aside_and_spoils_nothing() -> None:
    value = {"someName": {"odd": 1}, "count": 3, "at": "soon"}
    seen = Seen.model_validate(value)
    assert (seen.some_name, seen.count, seen.at) == ("", 3, None)
    assert seen.unread == {"someName": {"odd": 1}, "at": "soon"}
    assert seen.received == value


def test_what_is_not_known_is_kept() -> None:
    seen = Seen.model_validate({"newField": [1], "count": 1})
    assert seen.unknown == {"newField": [1]}
    assert seen.unread == {}
    assert Seen().unknown == {}


def test_null_is_as_good_as_missing() -> None:
    seen = Seen.model_validate({"someName": None, "count": None, "other": None})
    assert seen == Seen()
    assert seen.unread == {}
    assert seen.received == {"someName": None, "count": None, "other": None}


def test_parts_of_parts_are_as_tolerant() -> None:
    seen = Seen.model_validate({"inner": [{"count": "many"}, {"count": 2}]})
    assert seen.inner is not None
    assert [each.count for each in seen.inner] == [None, 2]
    assert [dict(each.unread) for each in seen.inner] == [{"count": "many"}, {}]


def test_a_list_with_something_else_in_it_is_set_aside_as_a_whole() -> None:
    seen = Seen.model_validate({"inner": [{"count": 2}, "what"], "count": 1})
    assert seen.inner is None
    assert seen.unread == {"inner": [{"count": 2}, "what"]}
    assert seen.count == 1


@pytest.mark.parametrize("value", [None, "text", 5, [1], [{}]])
def test_something_else_than_an_object_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        Seen.model_validate(value)


class Whole(Reply):
    """An answer that judges itself as a whole."""

    @model_validator(mode="after")
    def _refuse(self) -> Self:
        raise ValueError("never")


def test_an_answer_that_is_wrong_as_a_whole_is_refused() -> None:
    with pytest.raises(ValidationError, match="never"):
        Whole.model_validate({"anything": 1})


@pytest.mark.parametrize(("value", "shown"), [(5, "5"), (1.5, "1.5"), ("05", "05")])
def test_numbers_may_stand_for_text(value: Any, shown: str) -> None:
    assert Seen.model_validate({"someName": value}).some_name == shown


@pytest.mark.parametrize("value", [5, True, {"year": 2025}])
def test_a_time_is_text_or_set_aside(value: Any) -> None:
    seen = Seen.model_validate({"at": value})
    assert seen.at is None
    assert seen.unread == {"at": value}


def test_a_time_of_our_own_is_turned_to_utc() -> None:
    assert Seen(at=NOON.astimezone(timezone(timedelta(hours=-5)))).at == NOON
    assert Seen(at=None).at is None


@pytest.mark.parametrize("name", ["ipPools", "iPPools"])
def test_a_name_in_two_spellings_is_one_field(name: str) -> None:
    account = AccountInformation.model_validate({name: [{"poolName": "x"}]})
    assert [each.pool_name for each in account.ip_pools or ()] == ["x"]


@pytest.mark.parametrize("name", ["subRequests", "subrequests"])
@pytest.mark.parametrize("in_array", [True, False])
def test_the_devices_of_a_request_are_found_in_either_form(name: str, in_array: bool) -> None:
    one = {"id": "1", "kind": "eid"}
    device = {"ids": [one] if in_array else one, "status": "Failed"}
    status = GlobalRequestStatus.model_validate({"requestId": "r", name: [device]})
    (found,) = status.sub_requests or []
    assert (found.status, found.ids) == ("Failed", [SeenId(id="1", kind="eid")])


@pytest.mark.parametrize("name", ["filesList", "fileList"])
def test_the_files_of_a_device_are_found_in_either_spelling(name: str) -> None:
    device = SoftwareDevice.model_validate({"deviceId": "1", name: [{"fileName": "a"}]})
    assert device.unknown == device.unread == {}
    assert device.files_list == [{"fileName": "a"}]


def test_a_name_in_both_spellings_loses_nothing() -> None:
    account = AccountInformation.model_validate({"ipPools": [], "iPPools": [{"poolName": "x"}]})
    assert account.ip_pools == []
    assert account.unknown == {"iPPools": [{"poolName": "x"}]}


def test_attributes_become_a_dictionary_without_blanks_for_missing_values() -> None:
    pairs = [Attribute(key="a", value="1"), Attribute(key="b"), Attribute.model_validate({})]
    assert attributes(pairs) == {"a": "1", "b": "", "": ""}
    assert attributes(None) == {}


def test_an_attribute_may_be_a_number_and_say_more() -> None:
    attribute = Attribute.model_validate({"key": "BytesUsed", "value": 2048, "unit": "B"})
    assert attribute.value == "2048"
    assert attribute.model_extra == {"unit": "B"}


@pytest.mark.parametrize(
    ("value", "number"),
    [("17", 17), ("0", 0), ("9" * 18, 10**18 - 1), ("", None), ("-1", None), ("x", None)],
)
def test_the_number_of_a_device_is_one_or_none(value: str, number: int | None) -> None:
    attribute = {"key": "DeviceId", "value": value}
    assert Device.model_validate({"extendedAttributes": [attribute]}).platform_id() == number


@pytest.mark.parametrize(
    ("time", "offset", "expected"),
    [
        ("20170520004421", None, "2017-05-20T00:44:21"),
        ("20170520004421", "", "2017-05-20T00:44:21"),
        ("20170520004421", "-5", "2017-05-20T05:44:21"),
        ("20170520004421", "-0500", "2017-05-20T05:44:21"),
        ("20170520004421", "+05:30", "2017-05-19T19:14:21"),
    ],
)
def test_a_place_has_its_time_at_the_offset_beside_it(
    time: str, offset: str | None, expected: str
) -> None:
    place = Position.model_validate({"time": time, "utcoffset": offset})
    assert place.moment() == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("time", "offset"),
    [("", "-5"), ("N/A", None), ("soon", None), ("20170520004421", "EST"), ("00010101000000", "9")],
)
def test_a_place_whose_time_cannot_be_read_has_none(time: str, offset: str | None) -> None:
    assert Position.model_validate({"time": time, "utcoffset": offset}).moment() is None


# -- operations -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "segment"),
    [
        ("Meters", "Meters"),
        ("a/b c?d#e", "a%2Fb%20c%3Fd%23e"),
        ("..", "%2E%2E"),
        (".", "%2E"),
        ("a.b", "a.b"),
        ("é", "%C3%A9"),
        ("%2e", "%252e"),
    ],
)
def test_a_name_in_an_address_stays_one_segment(name: str, segment: str) -> None:
    request = GetGroup(account_name="a", group_name=name)
    assert request.url_path() == f"/api/m2m/v1/groups/a/name/{segment}"


def test_the_query_goes_by_the_names_of_the_wire_and_not_into_the_body() -> None:
    cancel = CancelLocationRequest.model_validate({"txid": "t", "accountname": "a"})
    assert cancel.parameters() == {"accountname": "a"}
    assert cancel.body() is None
    assert isinstance(
        GetGroup(account_name="a", group_name="g", next_token="t"), ContinuedOperation
    )
    assert GetGroup(account_name="a", group_name="g", next_token="t").parameters() == {"next": "t"}


class Counted(Operation[Pong]):
    """A call with a number in its query."""

    title = "Counted"
    method = "GET"
    path = "/counted"
    query = frozenset({"how_many"})

    how_many: Annotated[int, Field(ge=0)] = 3
    """A number."""


def test_a_number_in_the_query_is_written_as_one() -> None:
    assert Counted().parameters() == {"howMany": "3"}


def test_what_is_not_set_is_not_sent() -> None:
    assert ListDevices(account_name="a").body() == {"accountName": "a"}
    assert ListDevices().body() == {}
    assert Ask().body() is None


def test_an_operation_counts_as_a_change_unless_it_says_otherwise() -> None:
    assert Poke.effect is Effect.CHANGE
    assert (Poke.changes(), Poke.reads()) == (True, False)
    assert (Ask.changes(), Ask.reads()) == (False, True)
    assert (Login.changes(), Login.reads()) == (False, False)
    assert GetAccessToken.needs is Needs.KEY


def test_an_operation_that_does_not_say_what_it_answers_is_a_mistake() -> None:
    class Silent(Operation):  # type: ignore[type-arg]  # that is the mistake
        """Says nothing."""

    with pytest.raises(TypeError, match="does not say"):
        Silent.read_reply({})


def test_an_answer_may_be_a_list() -> None:
    plans = OPERATIONS["ListPlans"].read_reply([{"name": "x", "sizeKb": 0}])
    assert plans == [ServicePlan(name="x", size_kb=0)]


# -- the catalog ------------------------------------------------------------------------------


def test_every_operation_is_found_by_its_name() -> None:
    assert len(OPERATIONS) == len(list(OPERATIONS)) == len(set(OPERATIONS))
    assert OPERATIONS["GetAccount"] is GetAccount
    with pytest.raises(KeyError, match="NoSuchOperation"):
        OPERATIONS["NoSuchOperation"]


def test_an_operation_comes_back_from_the_journal_as_it_was() -> None:
    suspend = SuspendDevices.model_validate(
        {"accountName": "0742", "devices": [{"deviceIds": [{"id": "1", "kind": "mdn"}]}]}
    )
    assert restore("SuspendDevices", suspend.fields()) == suspend


@pytest.mark.parametrize("fields", [{}, {"accountName": "a", "unknown": 1}])
def test_a_journal_entry_that_fits_no_more_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        restore("GetAccount", fields)


def test_identifiers_of_answers_keep_the_platforms_spelling() -> None:
    assert SeenId.model_validate({"id": 5, "kind": "iccId"}) == SeenId(id="5", kind="iccId")
    with pytest.raises(ValidationError):
        KeyValue(key="Anything", value="x")
