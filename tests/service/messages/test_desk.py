"""Conversations: from writing to the receipt, over real HTTP, with what devices send."""

from pathlib import Path
from typing import Any

import pytest

from tests.service.cases import row_in, rows, until_over, workspace
from tests.service.messages.cases import RECEIPT, SENT, deliver, listen, pass_on, write_from
from tests.support.listener import listener
from tests.support.waiting import until
from tsui.service.kinds import SEND_NIDD, SEND_SMS
from tsui.service.messages.composing import filled
from tsui.service.messages.delivery import Delivery
from tsui.service.messages.desk import Conversation
from tsui.service.proposal import Wanted
from tsui.service.workspace import Workspace
from tsui.simulator.server import Running
from tsui.simulator.settings import SimulatorSettings
from tsui.store.changes import ChangeState
from tsui.store.devices import DeviceRow


@pytest.fixture
def simulator_settings() -> SimulatorSettings:
    return SimulatorSettings(devices=60, delay=0.05, sms_every=0.0, sms_backlog=0)


async def send(made: Workspace, devices: list[DeviceRow], text: str) -> None:
    found = filled(text, devices)
    await made.submit(await made.batching.propose(found.wanted))
    await made.finish_sending()


async def conversation(made: Workspace, row: DeviceRow) -> Conversation | None:
    found, _ = await made.desks.messages.conversations()
    return next((each for each in found if each.peer == row.key), None)


async def state_of(made: Workspace, row: DeviceRow) -> Delivery | None:
    found = await conversation(made, row)
    return found.last.fate.delivery if found else None


async def reached(made: Workspace, simulator: Running) -> DeviceRow:
    """Return a device that gets a text at once."""
    fleet = simulator.world.fleets[simulator.accounts[0]]
    for row in await rows(made):
        found = fleet.find("iccid", row.iccid)
        if row.state == "active" and found and found.model.name == "router":
            return row
    return await row_in(made, "active")


async def test_a_text_goes_from_writing_to_its_receipt(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made, listener() as told:
        await listen(made, told, SENT, RECEIPT)
        device = await reached(made, simulator)
        await send(made, [device], "report now")
        assert await state_of(made, device) in (Delivery.SENT, Delivery.QUEUED)

        async def delivered() -> bool:
            await pass_on(made, told)
            return await state_of(made, device) is Delivery.DELIVERED

        await until(delivered, limit=20, what="the receipt")
        (message,) = await made.desks.messages.with_device(device.key)
        assert (message.text, message.source) == ("report now", "request 1")


async def test_without_a_listener_delivery_cannot_be_known(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        assert made.online is not None
        await made.online.gatherer.read_listeners()
        device = await row_in(made, "active")
        await send(made, [device], "report now")
        found = await conversation(made, device)
        assert found is not None
        assert found.last.fate.delivery is Delivery.UNKNOWABLE
        assert f"nobody listens to {RECEIPT}" in found.last.fate.said


async def test_each_device_has_its_own_text_and_one_batch(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        devices = [row for row in await rows(made) if row.state == "active"][:3]
        await send(made, devices, "hello {iccid}")
        texts = {
            each.peer: each.last.text for each in (await made.desks.messages.conversations())[0]
        }
        assert texts == {row.key: f"hello {row.iccid}" for row in devices}
        (batch,) = await made.batching.newest()
        assert batch.changes == 3
        sent = [seen for seen in simulator.world.log if seen.path.endswith("/sms")]
        assert len(sent) == 3


async def test_lines_that_are_not_active_are_left_out(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        active, suspended = await row_in(made, "active"), await row_in(made, "suspend")
        proposal = await made.batching.propose(filled("x", [active, suspended]).wanted)
        (report,) = proposal.reports
        assert [each.device.key for each in report.eligible] == [active.key]
        assert [each.device.key for each in report.excluded] == [suspended.key]


async def test_bytes_are_sent_one_device_a_request(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        devices = [row for row in await rows(made) if row.state == "active"][:2]
        values = {"payload": "0001ff", "seconds": "60"}
        proposal = await made.batching.propose(
            [Wanted(SEND_NIDD, values, [row.id for row in devices])]
        )
        assert proposal.requests == 2
        await made.submit(proposal)
        await made.finish_sending()
        sent = [each for each in simulator.world.log if each.path.endswith("/nidd/message")]
        assert len(sent) == 2


async def test_the_same_text_again_is_warned_of(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        await send(made, [device], "reboot")

        async def told(text: str) -> set[str]:
            wanted = [Wanted(SEND_SMS, {"text": text}, [device.id])]
            (report,) = (await made.batching.propose(wanted)).reports
            return {finding.rule for each in report.eligible for finding in each.findings}

        assert "duplicate" in await told("reboot")
        assert "duplicate" not in await told("reboot now")


async def test_what_a_device_sends_is_new_until_it_is_read(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        hostile = "\x1b[2Jlow\x07 battery"
        ids = [{"id": device.mdn, "kind": "MDN"}, {"id": device.iccid, "kind": "iccId"}]
        body = {"deviceIds": ids, "message": hostile, "timestamp": "2026-01-01T00:00:00Z"}
        # The same message by callback and from the queue is one message.
        await deliver(made, SENT, {**body, "requestId": "x"}, body)

        async def known() -> bool:
            return await conversation(made, device) is not None

        await until(known, what="the conversation")
        found = await conversation(made, device)
        assert found is not None
        assert (found.received, found.unread, found.last.text) == (1, 1, hostile)
        await made.desks.messages.mark_read(device.key)
        found = await conversation(made, device)
        assert found is not None
        assert (found.received, found.unread) == (1, 0)


async def test_bytes_of_a_stranger_are_shown_by_the_number_they_name(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, synced=False) as made:
        event = {"message": "AAEC", "deviceIds": [{"id": "999", "kind": "imei"}]}
        body = {"requestId": "n", "niddResponse": {"niddMONotificationResponse": event}}
        await deliver(made, "NiddService", body)

        async def known() -> bool:
            found, _ = await made.desks.messages.conversations()
            return [each.peer for each in found] == ["imei:999"]

        await until(known, what="the conversation")
        (message,) = await made.desks.messages.with_device("imei:999")
        assert (message.text, message.is_bytes) == ("AAEC", True)


async def test_a_draft_is_kept_until_it_is_sent(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        await made.desks.messages.keep_draft("text several", "hello")
    async with workspace(simulator, tmp_path, signed_in=False) as made:
        assert await made.desks.messages.draft("text several") == "hello"
        await made.desks.messages.keep_draft("text several", "")
        assert await made.desks.messages.draft("text several") == ""


async def test_the_log_adds_only_what_nobody_else_knows(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made, listener() as told:
        await listen(made, told, SENT, RECEIPT, "DeviceService")
        device = await reached(made, simulator)
        write_from(simulator, device, "an old one")
        await until(lambda: bool(told.messages), what="the text")
        told.messages.clear()  # it is in the log only
        await send(made, [device], "report now")

        async def delivered() -> bool:
            await pass_on(made, told)
            return await state_of(made, device) is Delivery.DELIVERED

        await until(delivered, limit=20, what="the receipt")
        made.desks.messages.ask_log(device)
        await until(lambda: bool(told.messages), what="the log")
        await deliver(made, "DeviceService", *told.messages)

        async def logged() -> bool:
            asked = await made.desks.messages.log_of(device)
            return bool(asked and asked.answers)

        await until(logged, what="the log")
        asked = await made.desks.messages.log_of(device)
        assert asked is not None
        found = await made.desks.messages.with_device(device.key, asked.answers)
        assert [each.text for each in found].count("report now") == 1
        assert [each.source for each in found if each.text == "an old one"] == ["log"]


async def test_a_message_that_was_refused_failed(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        simulator.world.settings.sms_devices = 0
        await send(made, [device], "x")
        done = await until_over(made)
        assert done[0].state is ChangeState.REFUSED
        assert await state_of(made, device) is Delivery.FAILED


async def test_nothing_that_may_come_keeps_others_from_being_kept(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await row_in(made, "active")
        ids = [{"id": device.iccid, "kind": "iccid"}]
        odd: tuple[Any, ...] = (None, 1, "", "x" * 9, [], [None], [[]], {}, {"id": {}}, [{"id": 1}])
        for each in odd:
            whole = {"deviceIds": ids, "message": "hi", "timestamp": "2026-01-01T00:00:00Z"}
            bodies = [{**whole, name: each} for name in whole]
            nidd = {"niddMONotificationResponse": {"message": each, "deviceIds": each}}
            await deliver(made, SENT, *bodies)
            await deliver(made, "NiddService", {"niddResponse": each}, {"niddResponse": nidd})
        await deliver(made, SENT, {"deviceIds": ids, "message": "the last"})

        async def known() -> bool:
            found = await made.desks.messages.with_device(device.key)
            return any(each.text == "the last" for each in found)

        await until(known, what="the last message")
