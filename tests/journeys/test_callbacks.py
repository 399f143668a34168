"""From ThingSpace to the journal: simulator, receiver process, inbox, outcome."""

from tests.journeys.receiving import Receiver, listen
from tests.service.cases import row_in, submit, until_over, workspace
from tests.support.waiting import until
from tsui.service.kinds import CHANGE_PLAN
from tsui.simulator.server import Running
from tsui.store.changes import ChangeState
from tsui.store.inbox import Verdict


async def test_a_change_succeeds_by_the_platforms_own_word(
    simulator: Running, receiver: Receiver
) -> None:
    async with workspace(simulator, receiver.data_folder) as made:
        keys = await listen(made, receiver, "CarrierService")
        # The status of a change of plan cannot be asked for: only the callback confirms it.
        device = await row_in(made, "active")
        plan = next(
            each
            for each in {row.plan for row in await made.devices(range(1, 60))}
            if each not in ("", device.plan)
        )
        await submit(made, [device], CHANGE_PLAN, service_plan=plan)
        await until_over(made)

        async def confirmed() -> bool:
            return (await made.change_window(0, 1))[0].state is ChangeState.SUCCEEDED

        await until(confirmed, what="the platform's word")
        (change,) = await made.change_window(0, 1)
        assert change.evidence == "callback CarrierService: Success"

        async def judged() -> bool:
            return (await made.inbox.newest(10))[0].verdict is Verdict.OUTCOME

        await until(judged, what="the verdict on the message")
        (message,) = await made.inbox.newest(10)
        assert message.request_id == change.request_id
        assert keys.password.encode() not in message.body
