"""The listeners board and the inbox: nobody loses a service by accident, and gets it back whole."""

from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.support.app import dashboard, flash, launch, shown
from tests.support.waiting import until
from tsui.credentials.callback import made_callback_keys
from tsui.service.launch import Launch
from tsui.simulator.listeners import Listener
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.inbox import Arrival
from tsui.ui.app import TsuiApp

FIRST = "AlertService"
"""The service under the cursor."""


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=20, delay=0.1)


def start(simulator: Running, folder: Path, *, read_only: bool = False) -> Launch:
    begun = launch(simulator, folder, read_only=read_only)
    name = begun.environment("", begun.profile).folder_name
    made_callback_keys(name, begun.profiles.credentials_folder, {})
    return begun


def listener(simulator: Running) -> Listener | None:
    listeners = simulator.world.postman.listeners.get(simulator.accounts[0], {})
    return listeners.get(FIRST)


def theirs(simulator: Running) -> Listener:
    made = Listener(FIRST, "https://other.example/hook", "other", "canary-of-others")
    simulator.world.postman.listeners.setdefault(simulator.accounts[0], {})[FIRST] = made
    return made


async def opened(app: TsuiApp, what: str = "listeners") -> None:
    await app.run_line(app.place, what)
    if what == "listeners":
        await until(lambda: flash(app) == "Listeners: read.", what="the end of the reading")
        await until(lambda: FIRST in shown(app), what="the board")


def is_ours(simulator: Running) -> bool:
    now = listener(simulator)
    return now is not None and now.url.startswith("http://127.0.0.1:28200/")


async def test_a_service_nobody_has_is_taken_and_given_back(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await opened(app)
        assert "nobody's" in shown(app)
        await pilot.press("T", *"yes", "enter")
        await until(lambda: "ours" in shown(app), what="the new owner")
        taken = listener(simulator)
        assert taken is not None
        assert taken.username == "tsui"
        assert taken.password
        assert taken.url.endswith(f"/{FIRST}")
        assert taken.password not in shown(app)
        assert taken.url not in shown(app)
        await pilot.press("B", *"yes", "enter")
        await until(lambda: listener(simulator) is None, what="the deregistration")
        await until(lambda: "ours" not in shown(app), what="nobody")


async def test_somebody_elses_service_needs_its_name_typed_and_comes_back_whole(
    simulator: Running, tmp_path: Path
) -> None:
    before = theirs(simulator)
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await opened(app)
        await until(lambda: "somebody else's" in shown(app), what="the owner")
        assert "•••" in shown(app)
        assert before.password not in shown(app)
        await pilot.press("T")
        await pilot.pause()
        assert before.password not in shown(app)
        await pilot.press(*"yes", "enter")
        assert listener(simulator) == before
        await pilot.press(*FIRST, "enter")
        await until(lambda: is_ours(simulator), what="the new owner")
        await until(lambda: "ours" in shown(app), what="the board")
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await opened(app)
        await until(lambda: "https://other" in shown(app), what="the former owner")
        await pilot.press("B", *"yes", "enter")
        await until(lambda: listener(simulator) == before, what="the former owner's return")
        await until(lambda: "somebody else's" in shown(app), what="the board")
    secret = before.password.encode()
    holders = [
        each for each in tmp_path.rglob("*") if each.is_file() and secret in each.read_bytes()
    ]
    assert holders == []


def heard(simulator: Running, service: str) -> Listener | None:
    return simulator.world.postman.listeners.get(simulator.accounts[0], {}).get(service)


async def to_service(app: TsuiApp, pilot: Pilot[int], service: str) -> None:
    """Put the cursor on a service."""
    table = app.place.as_list().table
    while (row := table.current) is not None and row[1].service != service:
        await pilot.press("j")


@pytest.mark.parametrize("service", ["Location", "DeviceLocation"])
@pytest.mark.parametrize("theirs", ["", "https://other.example/loc"])
async def test_listeners_of_locations_are_taken_and_given_back_in_their_own_registry(
    simulator: Running, tmp_path: Path, service: str, theirs: str
) -> None:
    before = Listener(service, theirs, "", "") if theirs else None
    if before is not None:
        simulator.world.postman.listeners[simulator.accounts[0]] = {service: before}
    simulator.world.settings.location_answers_like_sdk = service == "Location"
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await opened(app)
        assert "18 services" in shown(app)
        await to_service(app, pilot, service)
        await until(lambda: (theirs or "nobody's") in shown(app), what="the owner")
        await pilot.press("T", *(service if theirs else "yes"), "enter")
        await until(lambda: "ours" in shown(app), what="the new owner")
        taken = heard(simulator, service)
        assert taken is not None
        assert taken.url.startswith("http://127.0.0.1:28200/")
        await pilot.press("B", *"yes", "enter")
        await until(lambda: heard(simulator, service) == before, what="the former owner")
        await until(lambda: "ours" not in shown(app), what="the board")


async def test_an_account_without_locations_sees_why_and_all_other_services(
    simulator: Running, tmp_path: Path
) -> None:
    simulator.world.settings.location_unregistered = simulator.accounts[0]
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await opened(app)
        assert "nobody's" in shown(app)
        await until(lambda: shown(app).count("not known") == 2, what="what is not known")
        await to_service(app, pilot, "Location")
        await pilot.press("T")
        assert "Nobody knows who has Location" in flash(app)
        assert "Unregistered account" in flash(app)
        assert heard(simulator, "Location") is None


async def test_the_rules_are_asked_about_a_listener_too(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await opened(app)
        await pilot.press("T", *"yes", "enter")
        await until(lambda: "ours" in shown(app), what="the new owner")
        await pilot.press("B", *"yes", "enter")
        await until(lambda: "ours" not in shown(app), what="nobody")
        await pilot.press("T")
        await until(lambda: "same request was sent" in shown(app), what="what the rules say")


async def test_who_took_it_meanwhile_is_not_displaced(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await opened(app)
        await pilot.press("T", *"ye")
        before = theirs(simulator)
        await pilot.press("s", "enter")
        await until(lambda: "Look at it again" in flash(app), what="the refusal")
        assert listener(simulator) == before


async def test_nothing_is_taken_without_a_receiver_or_read_only(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(launch(simulator, tmp_path)) as (app, pilot):
        await opened(app)
        await pilot.press("T")
        assert "tsui receiver" in flash(app)
        await pilot.press("B")
        assert "Nobody is remembered" in flash(app)
    async with dashboard(start(simulator, tmp_path, read_only=True)) as (app, pilot):
        await opened(app)
        await pilot.press("T")
        assert "read-only" in flash(app).lower()
        assert listener(simulator) is None


async def test_what_came_is_listed_and_shown_as_it_came(simulator: Running, tmp_path: Path) -> None:
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await opened(app, "inbox")
        await until(lambda: "No callback came yet" in shown(app), what="the empty list")
        body = b'{"requestId": "r-1", "status": "Odd \\u001b[31m word"}'
        await app.workspace.inbox.keep(
            [Arrival(b"d", 1.0, "AlertService", "192.0.2.1", "r-1", body)]
        )
        await until(lambda: "notice" in shown(app), what="the message")
        assert "192.0.2.1" in shown(app)
        await pilot.press("enter")
        await until(lambda: "\\x1b[31m word" in shown(app), what="the raw view")


async def test_the_inbox_is_one_key_away_and_is_searched_by_words(
    simulator: Running, tmp_path: Path
) -> None:
    async with dashboard(start(simulator, tmp_path)) as (app, pilot):
        await app.workspace.inbox.keep(
            [
                Arrival(b"%d" % each, each, "AlertService", "192.0.2.1", "", b'"x-%d"' % each)
                for each in range(30)
            ]
        )
        await pilot.press("6", "i")
        await until(lambda: "Callbacks  30" in shown(app), what="the inbox")
        await pilot.press("slash", *"alert x-17")
        await until(lambda: "Callbacks  1 " in shown(app), what="the one that fits")
        await pilot.press("enter", "enter")
        await until(lambda: "x-17" in shown(app), what="the message")
        await pilot.press("escape", "slash", *"zzz", "enter")
        await until(lambda: "Nothing here holds that" in shown(app), what="the empty list")
        await pilot.press("escape")
        await until(lambda: "Callbacks  30" in shown(app), what="the inbox without a filter")
        await pilot.press("l")
        await until(lambda: "Listeners" in shown(app), what="the board")
        await until(lambda: "i Callbacks" in shown(app), what="the way back in the hints")
        await pilot.press("i")
        await until(lambda: "Callbacks  30" in shown(app), what="the inbox again")
