"""Noting reachability: callback messages become signs of devices and monitors, each once."""

from collections.abc import Sequence

from tsui.service.monitors import signs
from tsui.service.notices.noticing import Seen, homes_of
from tsui.store.inbox import Question
from tsui.store.reach import Sign, What
from tsui.store.store import Store
from tsui.thingspace.callback_answers import ReachabilityMessage


async def note_reach(
    store: Store, seen: Sequence[Seen], question: Question | None
) -> dict[int, What]:
    """Write down what messages tell of reachability, and return it by their numbers.

    Whoever is killed before they count as read does it again.
    """
    found = [
        (each, each.callback) for each in seen if isinstance(each.callback, ReachabilityMessage)
    ]
    if not found:
        return {}
    names = {callback.monitor_id for _, callback in found if callback.monitor_id}
    known = await store.reach.first_messages(names)
    made: list[Sign] = []
    for each, callback in found:
        first, sets = known.setdefault(
            callback.monitor_id or "", (each.message.id, callback.request_id or "")
        )
        operation = each.change.operation if each.change else _asked(question)
        what = signs.what_of(
            callback,
            operation,
            is_first=each.message.id <= first,
            is_its_own=sets in ("", callback.request_id),
        )
        made.append(_sign(each, callback, what))
    made = await _housed(store, made, question)
    ours = {
        each.message.id
        for each in seen
        if each.change is not None and each.change.operation == "MonitorReachability"
    }
    await store.reach.keep(made, ours)
    return {each.message: each.what for each in made}


def _asked(question: Question | None) -> str:
    return question.operation if question is not None else ""


def _sign(seen: Seen, callback: ReachabilityMessage, what: What) -> Sign:
    change, message = seen.change, seen.message
    # Monitors are stopped by their ids: the request is of the account, its messages of devices.
    is_of_device = change is not None and change.operation != "StopMonitors"
    return Sign(
        message.id, message.received_at, change.account if change else "",
        change.device_key if change and is_of_device else _named(callback),
        callback.monitor_id or "", callback.request_id or "", what, signs.until_of(callback),
        callback.request_type or "", signs.said_of(callback)[:300],
    )  # fmt: skip


def _named(callback: ReachabilityMessage) -> str:
    """Return the device as the message names it, in the form that names have in an account."""
    for each in callback.device_ids or ():
        if each.id:
            return f"{(each.kind or '').strip().lower() or 'id'}:{each.id.strip()}"
    return ""


async def _housed(store: Store, found: Sequence[Sign], question: Question | None) -> list[Sign]:
    """Return signs with the name that the device has in its account, where that is known."""
    numbers = [each.device.partition(":")[2] for each in found if each.device]
    homes = await homes_of(store, numbers)
    asked_in = question.account if question is not None else ""
    return [_at_home(each, homes, asked_in) for each in found]


def _at_home(sign: Sign, homes: dict[str, tuple[str, str]], asked_in: str) -> Sign:
    account, device = homes.get(sign.device.partition(":")[2], ("", ""))
    if sign.account and account != sign.account:
        return sign  # the same number in another account is another line
    return sign._replace(account=sign.account or account or asked_in, device=device or sign.device)
