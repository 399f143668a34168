"""Noticing: callback messages become notices, each about the device it names, once."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tsui.service.notices.messages import LOST, notice_of
from tsui.store.changes import DeviceChange
from tsui.store.inbox import Message, Verdict
from tsui.store.notices import Draft
from tsui.store.reach import What
from tsui.store.store import Store
from tsui.thingspace.callback_envelope import CallbackMessage


class Seen(NamedTuple):
    """A message and what was made of it."""

    message: Message
    callback: CallbackMessage | None
    """What it says; None for one that cannot be read."""
    service: str
    """The callback service; empty where nobody names it."""
    verdict: Verdict
    change: DeviceChange | None
    """The change of ours that it is about."""


async def notice(store: Store, seen: Sequence[Seen], reach: Mapping[int, What]) -> list[Draft]:
    """Write down what messages tell, and return it; what was written down before is not again.

    ``reach`` is what they tell of reachability: the one that confirms a monitor for loss reads like
    one of a loss.
    """
    drafts = [
        draft
        for each in seen
        if (draft := _draft(each))
        and (draft.kind != LOST or reach.get(each.message.id, What.LOST) is What.LOST)
    ]
    homeless = [each.subject for each in drafts if not each.device and each.subject]
    homes = await homes_of(store, homeless)
    housed = [_housed(each, homes) for each in drafts]
    told = await with_groups(store, housed)
    await store.notices.keep(told)
    return told


async def with_groups(store: Store, drafts: Sequence[Draft]) -> list[Draft]:
    """Return notices with the groups that their devices are in."""
    keys: dict[str, set[str]] = {}
    for each in drafts:
        if each.device:
            keys.setdefault(each.account, set()).add(each.device)
    groups = {
        (account, key): row.groups
        for account, wanted in keys.items()
        for key, row in (await store.devices.by_key(account, wanted)).items()
    }
    return [
        each._replace(groups=groups.get((each.account, each.device), each.groups))
        for each in drafts
    ]


async def homes_of(store: Store, numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return account and name of the devices that have some numbers, where they are known."""
    hits = await store.devices.look_elsewhere("", numbers) if numbers else []
    rows = {row.id: row for row in await store.devices.rows({hit.device for hit in hits})}
    return {hit.value: (hit.account, rows[hit.device].key) for hit in hits if hit.device in rows}


def _draft(seen: Seen) -> Draft | None:
    draft = notice_of(seen.message, seen.callback, seen.service, seen.verdict)
    if draft is None or (change := seen.change) is None:
        return draft
    return draft._replace(
        account=change.account, device=change.device_key, change=change.id,
        subject=draft.subject or change.identifier,
    )  # fmt: skip


def _housed(draft: Draft, homes: dict[str, tuple[str, str]]) -> Draft:
    if draft.device or draft.subject not in homes:
        return draft
    account, device = homes[draft.subject]
    return draft._replace(account=account, device=device)
