"""Messages on the screen: conversations, the letter, the queue, at both sizes."""

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest
from textual.pilot import Pilot

from tests.service.diagnosing import receiver
from tests.service.messages.cases import RECEIPT, SENT, deliver, listen, write_from
from tests.support.app import dashboard, flash, launch, shown
from tests.support.listener import listener
from tests.support.waiting import until
from tsui.service.views import DeviceRow
from tsui.settings import Settings
from tsui.settings.model import MessageSettings
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.ui.app import TsuiApp
from tsui.ui.screens.change import ConfirmChange
from tsui.ui.screens.compose import ComposeScreen
from tsui.ui.screens.conversation import ConversationScreen
from tsui.ui.screens.messages import MessagesScreen
from tsui.ui.screens.sms_queue import ConfirmQueue, QueueScreen

SIZES = ((80, 24), (120, 40))


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=30, delay=0.05, sms_every=0.0, sms_backlog=0, sms_block=2)


async def comes(app: TsuiApp, *texts: str, what: str = "") -> None:
    """Wait until texts are on the screen."""
    try:
        await until(lambda: all(text in shown(app) for text in texts), what=what or str(texts))
    except AssertionError as error:
        raise AssertionError(f"{error}\n{shown(app)}\n{flash(app)}") from None


@asynccontextmanager
async def on_an_active_device(
    simulator: Running, folder: Path, *, size: tuple[int, int] = (120, 40),
    settings: Settings | None = None, read_only: bool = False,
) -> AsyncIterator[tuple[TsuiApp, Pilot[int], DeviceRow]]:  # fmt: skip
    start = launch(simulator, folder, settings=settings, read_only=read_only)
    async with dashboard(start, size=size) as (app, pilot):
        await app.place.set_filter("state:active")
        await until(lambda: app.place.as_list().table.total < 30, what="the active ones")
        row = cast("DeviceRow", app.place.as_list().table.current)
        yield app, pilot, row


async def write(app: TsuiApp, pilot: Pilot[int], text: str) -> ComposeScreen:
    await pilot.press("s")
    await until(lambda: isinstance(app.screen, ComposeScreen), what="the letter")
    letter = cast("ComposeScreen", app.screen)
    await until(lambda: letter.is_writing, what="the cursor")
    await pilot.press(*text)
    return letter


def sent(simulator: Running) -> list[str]:
    return [each.body for each in simulator.world.log if each.path.endswith("/sms")]


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_a_text_is_written_agreed_to_and_followed_to_its_receipt(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with (
        receiver(simulator, tmp_path, {SENT, RECEIPT}),
        on_an_active_device(simulator, tmp_path, size=size) as (app, pilot, row),
    ):
        await write(app, pilot, "report now")
        await comes(app, "10/160 septets, 7-bit", "As it will be sent")
        await pilot.press("S")  # still a letter of the text
        await comes(app, "report nowS")
        await pilot.press("backspace", "escape", "S")
        await until(lambda: isinstance(app.screen, ConfirmChange), what="the question")
        await comes(app, "Send SMS 1 device", row.iccid, "It says: report now", "five days")
        assert sent(simulator) == []
        await pilot.press("y")
        await until(lambda: len(sent(simulator)) == 1, what="the message")
        await until(lambda: not isinstance(app.screen, ComposeScreen), what="the list")
        await pilot.press("5")
        await comes(app, "report now")
        await pilot.press("enter")
        await until(lambda: isinstance(app.screen, ConversationScreen), what="the conversation")
        # Some devices sleep; the receipt comes when one wakes.
        simulator.world.clock.advance(2 * 86400)
        await comes(app, "✓ delivered", "the receipt says so")
        # What was sent is no draft any more.
        await pilot.press("s")
        await comes(app, "0/160 septets")


async def test_esc_keeps_the_draft_and_nothing_is_sent(simulator: Running, tmp_path: Path) -> None:
    async with on_an_active_device(simulator, tmp_path) as (app, pilot, row):
        await write(app, pilot, "not yet")
        desk, name = app.workspace.desks.messages, f"text {row.key}"

        async def on_disk() -> bool:
            return await desk.draft(name) == "not yet"

        await until(on_disk, what="the draft, while it is still written")
        await pilot.press("escape", "escape")
        await until(lambda: "Kept as a draft" in flash(app), what="the word")
        letter = await write(app, pilot, "!")
        assert letter._text.text == "not yet!"
        await pilot.press("escape", "S")
        await until(lambda: isinstance(app.screen, ConfirmChange), what="the question")
        await pilot.press("enter")
        await until(lambda: "Nothing was sent" in flash(app), what="the word")
        assert app.screen is letter
        assert sent(simulator) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "There is nothing to send yet"),
        ("it's", "refuses ' (character 3)"),
        ("x" * 161, "1 septets too long; a message is never split"),
    ],
    ids=["empty", "refused", "too long"],
)
async def test_what_cannot_be_sent_says_why(
    simulator: Running, tmp_path: Path, text: str, why: str
) -> None:
    async with on_an_active_device(simulator, tmp_path) as (app, pilot, _):
        await write(app, pilot, text)
        await pilot.press("escape", "S")
        await until(lambda: why in flash(app), what=why)
        assert isinstance(app.screen, ComposeScreen)


async def test_read_only_lets_write_and_not_send(simulator: Running, tmp_path: Path) -> None:
    async with on_an_active_device(simulator, tmp_path, read_only=True) as (app, pilot, _):
        await write(app, pilot, "hello")
        await pilot.press("escape", "S")
        await until(lambda: "ead-only" in flash(app), what="the refusal")
        assert sent(simulator) == []


async def test_a_template_is_filled_in_for_each_marked_device(
    simulator: Running, tmp_path: Path
) -> None:
    templates = MessageSettings({"ping": "ping {iccid}", "other": "other"})
    settings = Settings(messages=templates)
    async with on_an_active_device(simulator, tmp_path, settings=settings) as (app, pilot, _):
        await pilot.press("space", "space")
        letter = await write(app, pilot, "")
        await pilot.press("escape", "t")
        await comes(app, "Which template?", "ping {iccid}")
        await pilot.press("enter")
        await until(lambda: letter._text.text == "ping {iccid}", what="the template")
        await comes(app, "To 2 devices", "25/160 septets, 7-bit in the longest")
        await pilot.press("S")
        await comes(app, "Send SMS: 2 devices", "One batch of 2 requests")
        await pilot.press("2", "enter")
        await until(lambda: len(sent(simulator)) == 2, what="both messages")
        numbers = [device.iccid for device in letter._devices]
        assert all(f"ping {each}" in "".join(sent(simulator)) for each in numbers)


async def test_a_group_is_resolved_to_its_devices_first(simulator: Running, tmp_path: Path) -> None:
    async with on_an_active_device(simulator, tmp_path) as (app, pilot, row):
        members = [
            each
            for each in await app.workspace.devices(range(1, 31))
            if row.groups in each.groups and each.state == "active"
        ]
        line = f'sms group:"{row.groups}" state:active'
        await app.run_line(app.place, line)
        await until(lambda: isinstance(app.screen, ComposeScreen), what="the letter")
        await comes(app, f"resolved to {len(members)} device")
        letter = cast("ComposeScreen", app.screen)
        assert {each.key for each in letter._devices} == {each.key for each in members}
        await pilot.press(*"hello", "escape", "S")
        await comes(app, "It says: hello")
        await pilot.press(*str(len(members)) if len(members) > 1 else "y", "enter")
        await until(lambda: bool(sent(simulator)), what="the message")
        assert "groupName" not in "".join(sent(simulator))


async def test_bytes_have_their_own_form_count_and_draft(
    simulator: Running, tmp_path: Path
) -> None:
    async with on_an_active_device(simulator, tmp_path) as (app, pilot, _):
        letter = await write(app, pilot, "text")
        await pilot.press("escape", "b")
        await comes(app, "0/1358 bytes", "may try for 3,600 s")
        letter._text.load_text("0x00 01 ff")
        await comes(app, "3/1,358 bytes", "00 01 ff")
        await pilot.press("l", *["backspace"] * 4, *"60", "enter")
        await comes(app, "may try for 60 s")
        await pilot.press("S")
        await comes(app, "Send bytes 1 device", "It says: 0001ff, within 60 s")
        await pilot.press("escape", "b")
        await until(lambda: letter._text.text == "text", what="the other draft")


async def test_what_devices_send_is_new_found_by_words_and_harmless(
    simulator: Running, tmp_path: Path
) -> None:
    async with on_an_active_device(simulator, tmp_path) as (app, pilot, row):
        await pilot.press("5")
        await comes(app, "No message was sent from here or heard of yet")
        body = {
            "deviceIds": [{"id": row.iccid, "kind": "iccid"}],
            "message": "\x1b[31mdoor\x07 open\u202e",
            "timestamp": "2026-01-01T00:00:00Z",
        }
        await deliver(app.workspace, SENT, body)
        await comes(app, "1 new", "← received", "open")
        assert "\x1b" not in shown(app)
        assert "\u202e" not in shown(app)
        await pilot.press("slash", *"nothing like it", "enter")
        await comes(app, "Nothing here holds that")
        await pilot.press("escape", "enter")
        await until(lambda: isinstance(app.screen, ConversationScreen), what="the conversation")
        await comes(app, "from the device, callback", "Nobody asked for ThingSpace's log")
        await pilot.press("x", "enter")
        await until(lambda: ".csv" in flash(app), what="the export")
        await pilot.press("escape")
        await until(lambda: isinstance(app.screen, MessagesScreen), what="the list")
        await until(lambda: "1 new" not in shown(app), what="that it was read")
    (file,) = tmp_path.glob("tsui-messages*.csv")
    (line,) = csv.DictReader(file.read_text().splitlines())
    assert (line["way"], line["state"]) == ("from", "received")


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_queue_is_looked_at_on_purpose_and_drained_by_a_word(
    simulator: Running, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with on_an_active_device(simulator, tmp_path, size=size) as (app, pilot, row):
        queue = simulator.world.texts.queue(simulator.accounts[0])
        write_from(simulator, row, "a1", "b2", "c3")
        await pilot.press("5", "p")
        await until(lambda: isinstance(app.screen, QueueScreen), what="the queue")
        await comes(app, "not looked at yet", "acknowledges nothing")
        assert not [each for each in simulator.world.log if each.path.endswith("/history")]
        await pilot.press("r")
        await comes(app, "2 messages and more waiting", "a1", "b2")
        assert [each.text for each in queue] == ["a1", "b2", "c3"]
        await pilot.press("D")
        await until(lambda: isinstance(app.screen, ConfirmQueue), what="the question")
        await comes(app, "never get them", "Type drain")
        await pilot.press(*"yes", "enter")
        await comes(app, "That is not drain")
        assert [each.text for each in queue] == ["a1", "b2", "c3"]
        await pilot.press(*"drain", "enter")
        await until(lambda: "Kept: 3 messages in 2 blocks" in flash(app), what="the end")
        assert [each.text for each in queue] == ["c3"]  # a last block has no token
        await pilot.press("escape")
        await comes(app, "3 new")


async def test_the_queue_can_be_pushed_to_the_listener(simulator: Running, tmp_path: Path) -> None:
    async with (
        on_an_active_device(simulator, tmp_path) as (app, pilot, row),
        listener() as told,
    ):
        write_from(simulator, row, "a1")
        await listen(app.workspace, told, SENT)
        await pilot.press("5", "p", "B")
        await comes(app, "EnhancedConnectivityService", "Type yes")
        await pilot.press(*"yes", "enter")
        await until(lambda: "pushes the queue now" in flash(app), what="the answer")
        await until(lambda: bool(told.messages), what="the message")
        assert told.messages[0]["message"] == "a1"
