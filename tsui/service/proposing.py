"""Proposing: looks at changes of several kinds and values at once, as many as there may be."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from tsui.service.drafts import size_of
from tsui.service.examiner import Examiner, judged_each, of_kind, oldest_unread
from tsui.service.kinds import ChangeKind
from tsui.service.preflight import Report
from tsui.service.proposal import Proposal, Wanted, in_order
from tsui.store.devices import DeviceRow


async def propose(
    examiner: Examiner,
    rows: Mapping[int, DeviceRow],
    wanted: Iterable[Wanted],
    proposal: Proposal | None = None,
) -> Proposal:
    """Say who could take part in each change, from what is remembered; fills in a proposal.

    What is known of the devices is gathered once for each kind of change.
    """
    kinds: dict[ChangeKind, list[Wanted]] = {}
    wanted = in_order(wanted)
    all_of_it = {id: rows[id] for each in wanted for id in each.ids if id in rows}
    oldest = oldest_unread(all_of_it.values())
    for each in wanted:
        kinds.setdefault(each.kind, []).append(each)
    reports: list[Report] = []
    requests = 0
    for kind, some in kinds.items():
        devices = [[rows[id] for id in each.ids if id in rows] for each in some]
        sizes = [-(-len(part) // size_of(kind, len(part))) for part in devices if part]
        circumstances = of_kind(
            await examiner.circumstances(kind, [row for part in devices for row in part], {}),
            sum(sizes),
        )
        requests += sum(sizes)
        mine = [
            (part, replace(circumstances, values=each.values, devices=len(part), oldest=oldest))
            for each, part in zip(some, devices, strict=True)
        ]
        reports += await judged_each(mine)
    return replace(proposal or Proposal(()), reports=tuple(reports), requests=requests)
