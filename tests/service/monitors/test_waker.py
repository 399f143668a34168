"""What waits for a device leaves while it can be reached, once, or says why it did not."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.service.cases import changes, requests_for, workspace
from tests.service.monitors.sleepers import TEXT, entry, queue, sleeper, until_in, wake_up
from tests.support.waiting import until
from tsui.service.failures import ChangeFailed
from tsui.service.monitors.asking import to_text
from tsui.service.workspace import Workspace
from tsui.simulator.faults import Fault
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState
from tsui.store.notices import NoticeQuery, Severity
from tsui.store.wakes import WakeState

State = WakeState


async def told(made: Workspace) -> list[tuple[Severity, str]]:
    query = NoticeQuery(made.account, kinds=["wake"])
    return [
        (each.severity, each.sentence) for each in await made._store.notices.window(query, 0, 100)
    ]


async def test_a_queued_text_leaves_in_the_window_exactly_once(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await sleeper(made)
        number = await queue(made, device)
        assert (await entry(made, number)).state is State.WAITING
        assert requests_for(simulator, "/sms") == 0
        await wake_up(made, device)
        sent = await until_in(made, number, State.SENT)
        await wake_up(made, device, 700.0)
        later = await queue(made, device, "once more")
        await until_in(made, later, State.SENT)
        assert requests_for(simulator, "/sms") == 2
        (_, first) = await changes(made)
        assert (first.request, first.state) == (sent.request, ChangeState.ACCEPTED)
        assert first.note.endswith("for a wake window")
        assert first.fields["smsMessage"] == TEXT
        assert (Severity.INFO, f"A queued text left in its window: {TEXT}") in await told(made)
        events = [each.event for each in await made.audit.after(0, 100) if "wake" in each.evidence]
        assert events == ["queued", "sent", "queued", "sent"]


async def test_a_window_that_is_over_keeps_it_for_the_next(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await sleeper(made)
        number = await queue(made, device)
        await made._store.wakes._database.write(
            lambda each: each.execute("UPDATE wake SET queued_at = queued_at - 100").fetchall()
        )
        await wake_up(made, device, -10.0)

        async def missed() -> bool:
            return (await entry(made, number)).missed > 0

        await until(missed, what="the window that was over")
        kept = await entry(made, number)
        assert (kept.state, kept.said[:18]) == (State.WAITING, "A window closed at")
        assert requests_for(simulator, "/sms") == 0
        await wake_up(made, device)
        await until_in(made, number, State.SENT)


async def test_what_no_window_came_for_expires(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await sleeper(made)
        number = await queue(made, device, lasts=timedelta(milliseconds=200))
        ended = await until_in(made, number, State.EXPIRED)
        assert ended.said == "No window came while it was valid."
        await wake_up(made, device)
        assert await made.desks.monitors.queue.waiting() == []
        assert requests_for(simulator, "/sms") == 0
        assert [severity for severity, _ in await told(made)] == [Severity.WARNING]


async def test_what_was_taken_back_never_leaves(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as made:
        device, desk = await sleeper(made), made.desks.monitors
        back, stays = await queue(made, device, "back"), await queue(made, device, "stays")
        assert await desk.queue.cancel(await entry(made, back))
        await wake_up(made, device)
        await until_in(made, stays, State.SENT)
        assert not await desk.queue.cancel(await entry(made, stays))
        assert (await entry(made, back)).state is State.CANCELLED
        assert requests_for(simulator, "/sms") == 1


async def test_a_refusal_ends_it_and_an_unknown_fate_is_never_tried_again(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        device = await sleeper(made)
        refusal = {"errorCode": "INPUT_INVALID.Sms.Message.Invalid", "errorMessage": "No."}
        simulator.world.faults.append(Fault("status", "/sms$", status=400, body=refusal))
        refused = await queue(made, device, "one")
        await wake_up(made, device)
        await until_in(made, refused, State.REFUSED)
        simulator.world.faults.append(Fault("status", "/sms$", status=400))
        unknown = await queue(made, device, "two")
        await until_in(made, unknown, State.UNKNOWN)
        before = requests_for(simulator, "/sms")
        await wake_up(made, device, 900.0)
        third = await queue(made, device, "three")
        await until_in(made, third, State.SENT)
        assert requests_for(simulator, "/sms") == before + 1
        assert [severity for severity, _ in await told(made)] == [Severity.INFO]


async def test_a_reminder_is_told_once_when_the_device_wakes(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path, read_only=True) as made:
        device = await sleeper(made)
        hour = timedelta(hours=1)
        number = await made.desks.monitors.queue.remind(device, "look at its battery", hour)
        await wake_up(made, device)
        await until_in(made, number, State.REMINDED)
        await wake_up(made, device, 700.0)
        ((severity, sentence),) = await told(made)
        assert severity is Severity.ALARM
        assert "look at its battery" in sentence


async def test_a_read_only_session_queues_nothing_and_sends_nothing(
    simulator: Running, tmp_path: Path
) -> None:
    async with workspace(simulator, tmp_path) as made:
        number = await queue(made, await sleeper(made))
    async with workspace(simulator, tmp_path, read_only=True) as made:
        device = await sleeper(made)
        operation = to_text(made.account, device, TEXT)
        report = await made.judge(operation)
        with pytest.raises(ChangeFailed, match="read-only"):
            await made.desks.monitors.queue.text(device, operation, report, "", timedelta(hours=1))
        await wake_up(made, device)
        reminder = await made.desks.monitors.queue.remind(device, "see", timedelta(hours=1))
        await until_in(made, reminder, State.REMINDED)
        assert (await entry(made, number)).state is State.WAITING
        assert requests_for(simulator, "/sms") == 0


async def test_of_two_processes_one_sends(simulator: Running, tmp_path: Path) -> None:
    async with workspace(simulator, tmp_path) as one, workspace(simulator, tmp_path) as other:
        device = await sleeper(one)
        numbers = [await queue(made, device, f"text {at}") for at, made in enumerate((one, other))]
        await wake_up(other, device)
        for number in numbers:
            await until_in(one, number, State.SENT)
        assert requests_for(simulator, "/sms") == 2
