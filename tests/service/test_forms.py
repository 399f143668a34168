"""Forms: every operation can be written in lines of text; what is wrong is told in sentences."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.documented import ENTRIES, Entry, name_of
from tests.service.operators import example_of
from tsui.ident import normalise_kind
from tsui.service.forms import (
    FormField,
    FormInvalid,
    Shape,
    build,
    chooses_devices,
    devices_named,
    fields_of,
    from_json,
    warnings,
)
from tsui.thingspace.catalog import OPERATIONS
from tsui.thingspace.operation import Operation
from tsui.thingspace.wire import REVEAL

ICCID = "89148000009001002015"
IMEI = "990000862471854"
each_operation = pytest.mark.parametrize("name", OPERATIONS)


def field_of(name: str, path: str) -> FormField:
    return next(each for each in fields_of(name) if each.path == path)


def problems(name: str, /, **texts: str) -> dict[str, str]:
    """Return what a form says of what was written, by field."""
    with pytest.raises(FormInvalid) as caught:
        build(name, texts)
    return {each.path: each.text for each in caught.value.problems}


def all_of(operation: Operation[Any]) -> dict[str, Any]:
    """Return every field of a request under wire names, secrets written out."""
    return operation.model_dump(mode="json", by_alias=True, exclude_none=True, context=REVEAL)


# -- from the declaration to fields ---------------------------------------------------------------


@each_operation
def test_every_field_of_an_operation_is_in_its_form_and_explained(name: str) -> None:
    fields = fields_of(name)
    assert {each.path.split(".")[0] for each in fields} == {
        info.alias or field for field, info in OPERATIONS[name].model_fields.items()
    }
    assert len({each.path for each in fields}) == len(fields)
    assert [each.required for each in fields] == sorted((f.required for f in fields), reverse=True)
    for each in fields:
        assert each.help.endswith("."), each.path
        assert (each.shape is Shape.CHOICE) == bool(each.choices)


@each_operation
def test_a_form_requires_what_the_request_requires(name: str) -> None:
    with_parts = {each.path.split(".")[0] for each in fields_of(name) if each.required}
    wanted = {
        info.alias or field
        for field, info in OPERATIONS[name].model_fields.items()
        if info.is_required()
    }
    assert with_parts == wanted


def test_fields_say_their_limits_choices_and_what_is_known_of_them() -> None:
    assert field_of("SendSms", "smsMessage").limits.endswith("up to 160 characters")
    assert field_of("ListDevices", "maxNumberOfDevices").limits.endswith("at most 2000")
    assert field_of("SuspendDevices", "devices").limits == "up to 10,000"
    assert field_of("SuspendDevices", "servicePlan").offers == "plans"
    assert field_of("CancelLocationRequest", "accountname").offers == "account"
    assert field_of("CreateTrigger", "triggerCycle").choices == ("Daily", "Weekly", "Monthly")
    assert field_of("ResetPassword", "oldPassword").shape is Shape.SECRET
    assert field_of("GetUsageHistory", "earliest").shape is Shape.TIME
    assert field_of("SuspendDevices", "withBilling").shape is Shape.YES_NO


# -- there and back -------------------------------------------------------------------------------


def written(field: FormField, value: Any) -> str:
    """Return a value as an operator writes it into a field."""
    match field.shape:
        case Shape.YES_NO:
            return "yes" if value else "no"
        case Shape.TEXTS:
            return ", ".join(value)
        case Shape.PAIRS:
            return ", ".join("=".join(pair.values()) for pair in value)
        case Shape.DEVICE:
            return device(value)
        case Shape.DEVICES:
            return " ".join(map(device, value))
        case Shape.JSON:
            return json.dumps(value)
        case _:
            return str(value)


def device(value: dict[str, Any]) -> str:
    named = value.get("deviceIds", [value])
    more = [f"mdn:{value['mdn']}"] if "mdn" in value else []
    more += [f"ip:{value['ipAddress']}"] if "ipAddress" in value else []
    return "+".join([*(f"{each['kind']}:{each['id']}" for each in named), *more])


def dig(values: Any, path: str) -> Any:
    for part in path.split("."):
        values = values.get(part) if isinstance(values, dict) else None
    return values


def with_known_kinds(value: Any) -> Any:
    """Spell the kinds of identifiers as forms do; a single one may stand for a list of it."""
    if isinstance(value, list):
        return [with_known_kinds(each) for each in value]
    if not isinstance(value, dict):
        return value
    plain = {name: with_known_kinds(each) for name, each in value.items()}
    if "kind" in plain:
        plain["kind"] = normalise_kind(plain["kind"]) or "iccid"
    return plain


@pytest.mark.parametrize("entry", ENTRIES, ids=name_of)
def test_what_is_written_makes_the_very_request(entry: Entry) -> None:
    example = example_of(entry)
    name = type(example).__name__
    values = with_known_kinds(all_of(example))
    if name == "GetGlobalProvisioningHistory":
        (values["deviceFilter"],) = values["deviceFilter"]
    operation = from_json(name, values)
    texts = {
        field.path: written(field, value)
        for field in fields_of(name)
        if (value := dig(values, field.path)) is not None
    }
    made = build(name, texts)
    assert made == operation
    assert made.body(reveal=True) == operation.body(reveal=True)
    assert from_json(name, values) == operation


@given(st.text(min_size=1, max_size=60).filter(lambda text: text.strip() != ""))
def test_any_text_is_sent_as_it_was_written_or_refused_with_a_sentence(typed: str) -> None:
    texts = {"accountName": "1", "groupName": typed, "groupDescription": "x"}
    if set(typed) & set("'<\\") or any("\ud800" <= each <= "\udfff" for each in typed):
        (said,) = problems("CreateGroup", **texts).values()
        assert said.endswith(".")
    else:
        assert build("CreateGroup", texts).fields()["groupName"] == typed.strip()


def test_blank_fields_are_left_out() -> None:
    texts = {"accountName": "1", "devices": "", "servicePlan": "  ", "groupName": "a"}
    assert build("SuspendDevices", texts).fields() == {"accountName": "1", "groupName": "a"}


def test_blanks_around_a_secret_belong_to_it() -> None:
    assert all_of(build("ResetPassword", {"oldPassword": " a b "})) == {"oldPassword": " a b "}


def test_a_value_may_hold_commas() -> None:
    text = "CustomField1=Boston, MA, CustomField2=x,y,"
    fields = build("ChangeCustomFields", {"customFieldsToUpdate": text}).fields()
    assert fields["customFieldsToUpdate"] == [
        {"key": "CustomField1", "value": "Boston, MA"},
        {"key": "CustomField2", "value": "x,y"},
    ]


def test_a_choice_is_taken_in_whatever_case() -> None:
    texts = {"accountName": "1", "deviceList": "imei:1+mdn:2", "cacheMode": "1"}
    assert build("FindLocations", texts).fields()["cacheMode"] == "1"
    texts = {"accountName": "1", "name": "devicelocation", "url": "https://x"}
    assert build("RegisterLocationListener", texts).fields()["name"] == "DeviceLocation"


# -- devices --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        (f"iccid:{ICCID}", [[("iccid", ICCID)]]),
        (f"IccId:{ICCID}", [[("iccid", ICCID)]]),
        (ICCID, [[("iccid", ICCID)]]),
        (f"{ICCID}\n{IMEI}", [[("iccid", ICCID)], [("imei", IMEI)]]),
        (f"{ICCID}, {IMEI};", [[("iccid", ICCID)], [("imei", IMEI)]]),
        (f"imei:{IMEI}+iccid:{ICCID}", [[("imei", IMEI), ("iccid", ICCID)]]),
    ],
)
def test_devices_are_written_by_their_identifiers(
    typed: str, numbers: list[list[tuple[str, str]]]
) -> None:
    devices = build("SuspendDevices", {"devices": typed}).fields()["devices"]
    assert [[(i["kind"], i["id"]) for i in each["deviceIds"]] for each in devices] == numbers


def test_a_device_may_get_a_static_address_where_the_request_gives_them() -> None:
    texts = {"servicePlan": "p", "mdnZipCode": "02108", "devices": f"{ICCID}+ip:10.20.30.41"}
    (activated,) = build("ActivateDevices", texts).fields()["devices"]
    assert activated["ipAddress"] == "10.20.30.41"
    assert "+ip:" in field_of("ActivateDevices", "devices").limits
    assert "ip:" not in field_of("SuspendDevices", "devices").limits
    refused = problems("ActivateDevices", **{**texts, "devices": f"{ICCID}+ip:300.1.1.1"})
    assert "devices.0.ipAddress" in refused


def test_devices_with_addresses_of_their_own_are_no_list_to_be_filled_with_marked_ones() -> None:
    field = field_of("ActivateDevices", "deviceListWithServiceAddress")
    assert field.shape is Shape.JSON


@pytest.mark.parametrize(
    "typed", ["pump", "ip:10.0.0.1", "iccid:", "colour:1", "imei:1++mdn:2", "+"]
)
def test_what_is_no_identifier_is_refused(typed: str) -> None:
    assert "is no identifier" in problems("SuspendDevices", devices=typed)["devices"]


def test_one_identifier_is_enough_where_a_request_takes_one() -> None:
    both = f"imei:{IMEI}+iccid:{ICCID}"
    assert "One identifier" in problems("GetConnectionHistory", deviceId=both)["deviceId"]


@pytest.mark.parametrize("typed", ["imei:1", "mdn:2", "imei:1+iccid:3+mdn:2", "mdn:1+mdn:2"])
def test_a_device_to_locate_takes_one_identifier_and_the_number_and_drops_nothing(
    typed: str,
) -> None:
    assert "the number" in problems("FindLocations", deviceList=typed)["deviceList"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (ICCID, []),
        (f"iccid:{ICCID[:-1]}9", ["check digits"]),
        (f"{ICCID[:-1]}9", ["check digits"]),
        ("imei:12a", ["only digits"]),
        (f"{ICCID},mdn:123", ["10 digits"]),
        ("iccid:1:2", ["only digits"]),
        ("pump", []),
    ],
)
def test_unusual_identifiers_are_warned_of(typed: str, words: list[str]) -> None:
    said = warnings(field_of("SuspendDevices", "devices"), typed)
    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said, strict=True))


def test_only_identifiers_are_warned_of() -> None:
    assert warnings(field_of("SuspendDevices", "groupName"), "imei:12a") == []


@pytest.mark.parametrize(
    ("name", "fields", "named"),
    [
        (
            "SuspendDevices",
            {"devices": [{"deviceIds": [{"id": "1", "kind": "IMEI"}, {"id": "2", "kind": "iccid"}]},
                         {"deviceIds": [{"id": "3", "kind": "iccid"}]}]},
            [("imei", "1"), ("iccid", "3")],
        ),
        ("SendSms", {"accountName": "1", "smsMessage": "x",
                     "deviceIds": [{"id": "1", "kind": "mdn"}, {"id": "2", "kind": "mdn"}]},
         [("mdn", "1"), ("mdn", "2")]),
        ("SendNidd", {"accountName": "1", "maximumDeliveryTime": 5, "message": "aGk=",
                      "deviceIds": [{"id": "1", "kind": "imei"}, {"id": "2", "kind": "mdn"}]},
         [("imei", "1")]),
        ("SwapEid", {"deviceIds": [{"id": "1", "kind": "eid"}],
                     "deviceIdsTo": [{"id": "2", "kind": "eid"}]},
         [("eid", "1"), ("eid", "2")]),
        ("SetLabels", {"accountName": "1", "labels": [
            {"deviceIds": [{"id": "1", "kind": "eid"}], "label": {"name": "a", "value": "b"}}]},
         [("eid", "1")]),
        ("GetUsageHistory", {"earliest": "2025-01-01T00:00:00Z", "latest": "2025-01-02T00:00:00Z",
                             "deviceId": {"id": "1", "kind": "mdn"}}, [("mdn", "1")]),
        ("SuspendDevices", {"groupName": "a", "customFields": [
            {"key": "CustomField1", "value": "x"}]}, []),
    ],
)  # fmt: skip
def test_the_devices_of_a_request_are_known(
    name: str, fields: dict[str, Any], named: list[tuple[str, str]]
) -> None:
    assert devices_named(from_json(name, fields)) == named


@pytest.mark.parametrize(
    ("name", "texts", "chooses"),
    [
        ("SuspendDevices", {"groupName": "a"}, True),
        ("SuspendDevices", {"devices": ICCID}, False),
        ("SendSms", {"accountName": "1", "smsMessage": "x", "servicePlan": "p"}, True),
        ("CreateGroup", {"accountName": "1", "groupName": "a", "groupDescription": "x"}, False),
        ("UpdateGroup", {"accountName": "1", "groupName": "a", "newGroupName": "b"}, False),
        ("ResetPassword", {"oldPassword": "x"}, False),
    ],
)
def test_it_is_known_when_the_platform_would_choose_the_devices(
    name: str, texts: dict[str, str], chooses: bool
) -> None:
    assert chooses_devices(build(name, texts)) is chooses


# -- what is wrong --------------------------------------------------------------------------------


@each_operation
def test_a_blank_form_names_every_field_that_is_missing(name: str) -> None:
    tops = {each.path.split(".")[0] for each in fields_of(name) if each.required}
    if not tops:
        return
    said = problems(name)
    assert {path for path, text in said.items() if text == "It is required."} == tops


@pytest.mark.parametrize(
    ("name", "path", "typed", "says"),
    [
        ("SuspendDevices", "withBilling", "perhaps", "Write yes or no."),
        ("ListDevices", "maxNumberOfDevices", "many", "'many' is not a number."),
        ("ListDevices", "maxNumberOfDevices", "2001", "less than or equal to 2000"),
        ("ListDevices", "maxNumberOfDevices", "1.5", "integer"),
        ("ListDevices", "maxNumberOfDevices", "nan", "."),
        ("ListDevices", "customFields", "pump", "NAME=VALUE"),
        ("ListDevices", "filter.deviceIdentifierFilters", "{", "This is not JSON"),
        ("ListDevices", "earliest", "some day", "."),
        ("ListDevices", "colour", "red", "There is no such field."),
        ("CreateTrigger", "triggerCycle", "Hourly", "'Daily', 'Weekly' or 'Monthly'"),
    ],
)
def test_a_wrong_value_is_told_at_its_field(name: str, path: str, typed: str, says: str) -> None:
    said = problems(name, **{path: typed})
    assert says in said[path]
    assert said[path].endswith(".")


def test_a_text_beyond_its_length_is_told_with_both_numbers() -> None:
    said = problems("SendSms", accountName="1", smsMessage="x" * 161)
    assert said == {"smsMessage": "It has at most 160 characters, this has 161."}


def test_every_problem_is_told_at_once() -> None:
    said = problems("ListDevices", maxNumberOfDevices="x", customFields="y", colour="z")
    assert set(said) == {"maxNumberOfDevices", "customFields", "colour"}


def test_the_words_of_an_error_name_every_field() -> None:
    with pytest.raises(FormInvalid, match=r"oldPassword: It is required\."):
        from_json("ResetPassword", {})


@pytest.mark.parametrize("values", [[], "x", None, 5])
def test_json_that_is_no_object_is_refused(values: Any) -> None:
    with pytest.raises(FormInvalid):
        from_json("SuspendDevices", values)


@pytest.mark.parametrize(
    "values",
    [
        {"accountName": "1", "account_name": "2"},
        {"accountName": "1", "oops": 1},
        {"devices": [{"deviceIds": [{"id": "1", "kind": "mdn", "mdn": "2"}]}]},
    ],
)
def test_nothing_of_a_request_is_dropped_in_silence(values: dict[str, Any]) -> None:
    with pytest.raises(FormInvalid):
        from_json("SuspendDevices", values)


def test_a_secret_is_not_in_what_is_said_of_it() -> None:
    said = problems("RegisterListener", accountName="1", name="x", url="https://x",
                    password="canary" * 10)  # fmt: skip
    assert "canary" not in str(said)
