"""Every documented operation against the simulator: one route each, and a real answer over HTTP."""

import re
from typing import Any

import httpx
import pytest

from tests.contract.documented import ENTRIES, Entry, children, is_a_name, name_of
from tests.contract.fitting import check_fits
from tests.contract.stage import LENIENT, UNDECLARED, Stage, operation_for
from tsui.credentials import Credentials
from tsui.simulator.call import Call
from tsui.simulator.routes import calls
from tsui.simulator.schema import Field
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.simulator.world import World
from tsui.thingspace.client import Client

each_entry = pytest.mark.parametrize("entry", ENTRIES, ids=name_of)


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=200, delay=0.01, now="2025-03-15T12:00:00Z")


@pytest.fixture(scope="module")
def routes() -> list[Call]:
    return calls(World(SimulatorSettings(devices=3)))


def _route(routes: list[Call], entry: Entry) -> Call:
    (call,) = (each for each in routes if each.title == entry["name"])
    return call


def _shape(path: str) -> str:
    return re.sub(r"\{\w+\}", "{}", path)


def test_no_route_is_without_an_entry(routes: list[Call]) -> None:
    titles = {name_of(entry) for entry in ENTRIES}
    assert [each.title for each in routes if each.title not in titles] == []
    places = [(each.method, _shape(path)) for each in routes for path in (each.path, *each.aliases)]
    assert len(places) == len(set(places))


@each_entry
def test_has_exactly_one_route_at_the_documented_address(routes: list[Call], entry: Entry) -> None:
    call = _route(routes, entry)
    assert call.method == entry["method"]
    assert _shape(call.path) == _shape(entry["base"] + entry["path"])
    wanted = entry["callback"]["service"] if entry["callback"] else ""
    assert set(call.service.split()) >= set(re.findall(r"[A-Z]\w+", wanted.split(" (")[0]))


@each_entry
def test_answers_at_the_paths_of_other_sources_too(routes: list[Call], entry: Entry) -> None:
    call = _route(routes, entry)
    for alias in entry["aliases"]:
        method, slash, rest = alias.partition("/")
        # Others than these are names, or paths that leave the account out.
        if (
            slash
            and method.strip() in ("", call.method)
            and alias.count("{") == (entry["path"].count("{"))
        ):
            found = {_shape(path) for path in (call.path, *call.aliases)}
            assert _shape(f"{entry['base']}/{rest}") in found, alias


@each_entry
def test_declares_the_documented_fields(routes: list[Call], entry: Entry) -> None:
    call = _route(routes, entry)
    _compare(entry["name"], call.body, entry["request"])
    _compare(f"{entry['name']} query", call.query, entry["query"])


def _compare(where: str, declared: tuple[Field, ...], documented: list[Entry]) -> None:
    ours = {field.name: field for field in declared}
    theirs = {field["name"]: field for field in documented if is_a_name(field)}
    assert ours.keys() - theirs.keys() == UNDECLARED.get(where, set()), where
    assert theirs.keys() <= ours.keys(), where
    for name, field in theirs.items():
        if f"{where}: {name}" not in LENIENT:
            assert ours[name].required == bool(field.get("required")), f"{where}: {name}"
        if children(field) and ours[name].parts:
            _compare(f"{where}: {name}", ours[name].parts, children(field))


@each_entry
async def test_answers_over_http_with_the_documented_fields(
    client: Client, simulator: Running, keys: Credentials, account: str, entry: Entry
) -> None:
    stage = Stage(client, simulator, keys, account)
    operation = await operation_for(stage, entry)
    check_fits(await client.send(operation), entry)


async def test_the_openapi_document_lists_every_operation(simulator: Running) -> None:
    async with httpx.AsyncClient(base_url=simulator.base_url, trust_env=False) as http:
        document: dict[str, Any] = (await http.get("/simulator/openapi.json")).json()
    listed = {
        (method.upper(), _shape(path), operation["summary"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert listed == {
        (entry["method"], _shape(entry["base"] + entry["path"]), entry["name"]) for entry in ENTRIES
    }
    assert len(listed) == 91
