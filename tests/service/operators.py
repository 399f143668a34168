"""What tests of single operations share."""

import re
from typing import Any

from tests.contract.documented import Entry, class_of
from tests.contract.samples import sample
from tests.service.cases import changes
from tsui.service.forms import from_json
from tsui.service.outbox import Sent
from tsui.service.workspace import Workspace
from tsui.store.changes import DeviceChange
from tsui.thingspace.operation import Operation


async def perform(made: Workspace, name: str, **fields: Any) -> Sent:
    """Run an operation that changes something, for the account."""
    return await made.perform(from_json(name, {"accountName": made.account, **fields}))


async def newest(made: Workspace) -> DeviceChange:
    return (await changes(made))[0]


def ids(*numbers: str) -> list[dict[str, Any]]:
    """Return devices as requests name them, by ICCID."""
    return [{"deviceIds": [{"id": number, "kind": "iccid"}]} for number in numbers]


def example_of(entry: Entry) -> Operation[Any]:
    """Return the documented example of an operation as a request."""
    fields = entry["example_request"]
    if isinstance(fields, str):
        fields = dict(pair.split("=") for pair in fields.split("&"))
    operation = class_of(entry)
    places = {each["name"]: each for each in entry["path_params"]}
    in_path = zip(operation.path_fields(), re.findall(r"\{(\w+)\}", entry["path"]), strict=True)
    return operation.model_validate(
        {
            **(fields or _required(entry["request"])),
            **_required(entry["query"]),
            **{name: sample(places[place]) for name, place in in_path},
        }
    )


def _required(fields: list[Entry]) -> dict[str, Any]:
    return {each["name"]: sample(each) for each in fields if each.get("required")}
