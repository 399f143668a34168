"""Taking note of notices, and muting them: asks first, then says what was done."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

from tsui.service.views import Mute, Notice, StoreError, Way
from tsui.text import sanitize
from tsui.ui import notice_text, words
from tsui.ui.painted import Line

if TYPE_CHECKING:
    from tsui.ui.app import TsuiApp

SPANS = {
    "3600": "1 hour", "14400": "4 hours", "28800": "8 hours", "86400": "a day",
    "604800": "a week", "2592000": "30 days",
}  # fmt: skip
"""For how long one can mute, by the seconds."""

_LONGEST = r".{1,500}"
_COMPLAINT = "Up to 500 characters, please."


class HasNotices(Protocol):
    """A screen with notices that something can be done about."""

    @property
    def notices_in_view(self) -> list[int]:
        """The notices that are meant."""
        ...

    @property
    def notice_in_view(self) -> Notice | None:
        """The notice under the cursor."""
        ...

    def notices_done(self) -> None:
        """Hear that something was done."""


async def acknowledge(shell: TsuiApp, place: HasNotices) -> None:
    """Ask for a note and take note of what is new among the notices; or take that back."""
    from tsui.ui.screens.choose import Ask

    ids = place.notices_in_view
    first = place.notice_in_view
    if not ids or first is None:
        shell.flash("There is no notice here.", "warn")
        return
    if len(ids) == 1 and (await _current(shell, ids[0])).acked_at is not None:
        await _ask_back(shell, place, ids)
        return

    async def answered(note: str | None) -> None:
        if note is not None:
            await shell.place.told(_acknowledge(shell, place, ids, note))

    what: Line = (
        [(words.number(len(ids), "notice"), "strong")]
        if len(ids) > 1
        else [notice_text.sentence(first)]
    )
    question: list[Line] = [
        what,
        [("What is known of it? Whoever looks here later reads it.", "text")],
    ]
    await shell.push_screen(Ask("Acknowledge", question, _LONGEST, _COMPLAINT), answered)


async def _ask_back(shell: TsuiApp, place: HasNotices, ids: Sequence[int]) -> None:
    from tsui.ui.screens.choose import Choice, Choose

    notice = await _current(shell, ids[0])
    said = f"{sanitize(notice.acked_by, 40)} took note: {sanitize(notice.ack_note, 200)}"
    choices = (Choice("", "Leave it"), Choice("back", "Take it back: it is new again"))

    async def chosen(answer: str | None) -> None:
        if answer:
            await shell.place.told(_take_back(shell, place, ids))

    dialog = Choose("Acknowledged already", choices, lines=[[(said, "text")]])
    await shell.push_screen(dialog, chosen)


async def mute(shell: TsuiApp, place: HasNotices) -> None:
    """Ask what is to be quieter, how, for how long and why."""
    from tsui.ui.screens.choose import Ask, Choice, Choose

    notice = place.notice_in_view
    if notice is None:
        shell.flash("There is no notice here.", "warn")
        return
    offers = _offers(notice)

    async def noted(wanted: Mute, note: str | None) -> None:
        if note is not None:
            await shell.place.told(_mute(shell, place, wanted._replace(note=note)))

    async def timed(wanted: Mute, seconds: str | None) -> None:
        if seconds:
            until = shell.workspace.clock.now().timestamp() + float(seconds)
            question: list[Line] = [[("Why? Whoever misses these notices reads it.", "text")]]
            dialog = Ask("Mute", question, _LONGEST, _COMPLAINT)
            await shell.push_screen(dialog, partial(noted, wanted._replace(until=until)))

    async def how(wanted: Mute, way: str | None) -> None:
        if way:
            spans = [Choice(seconds, text) for seconds, text in SPANS.items()]
            dialog = Choose("For how long?", spans, current="28800")
            await shell.push_screen(dialog, partial(timed, wanted._replace(way=Way(int(way)))))

    async def what(number: str | None) -> None:
        if number:
            ways = [Choice(str(int(way)), text) for way, text in notice_text.WAYS.items()]
            dialog = Choose("What becomes of them?", ways, current=str(int(Way.SILENCE)))
            await shell.push_screen(dialog, partial(how, offers[int(number)]))

    choices = [
        Choice(str(number), notice_text.muted_what(each)[0]) for number, each in enumerate(offers)
    ]
    await shell.push_screen(Choose("Mute what?", choices), what)


async def open_its_device(shell: TsuiApp, notice: Notice, tab: str) -> None:
    """Open the device of a notice on one of its parts, or say why there is none."""
    named = notice.device.partition(":")[2] or notice.subject
    if notice.devices > 1:
        shell.flash("It is about several devices; enter names the first of them.", "warn")
        return
    rows = await shell.workspace.find_devices(named) if named else []
    if len(rows) == 1:
        await shell.open_device(rows[0], tab)
    elif named:
        shell.flash(f"No device known here is {sanitize(named, 40)}.", "warn")
    else:
        shell.flash("This notice is about no device.", "warn")


def _offers(notice: Notice) -> list[Mute]:
    blank = Mute(Way.SILENCE, 0.0, notice.account)
    offers = []
    if notice.device:
        offers.append(blank._replace(kind=notice.kind, device=notice.device))
        offers.append(blank._replace(device=notice.device))
    offers.append(blank._replace(kind=notice.kind))
    for group in filter(None, (each.strip() for each in notice.groups.split(","))):
        offers.append(blank._replace(members=group))
        offers.append(blank._replace(members=group, kind=notice.kind))
    return offers


async def _current(shell: TsuiApp, number: int) -> Notice:
    found = await shell.workspace.desks.notices.get(number)
    if found is None:
        raise StoreError("This notice is not kept any more.")
    return found


async def _acknowledge(shell: TsuiApp, place: HasNotices, ids: Sequence[int], note: str) -> None:
    done = await shell.workspace.desks.notices.acknowledge(ids, note)
    place.notices_done()
    left = len(ids) - done
    others = f" {words.number(left, 'notice')} had been before." if left else ""
    shell.flash(f"{words.number(done, 'notice')} acknowledged.{others}", "good")


async def _take_back(shell: TsuiApp, place: HasNotices, ids: Sequence[int]) -> None:
    await shell.workspace.desks.notices.take_back(ids)
    place.notices_done()
    shell.flash("Taken back: it is new again.", "good")


async def _mute(shell: TsuiApp, place: HasNotices, wanted: Mute) -> None:
    await shell.workspace.desks.notices.mute(wanted)
    place.notices_done()
    until = words.moment(wanted.until, utc=shell.use_utc)
    shell.flash(f"Muted until {until}: {notice_text.muted_what(wanted)[0]}; u lists mutes.", "good")
