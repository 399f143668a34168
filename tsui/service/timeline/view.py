"""The part of a timeline that is looked at: a stretch of it, a filter, and the moment chosen.

The moment that was chosen stays chosen, whatever is zoomed, filtered or read again. Where the
filter hides it, the cursor waits at its neighbour and comes back to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Self

from tsui.service.timeline.model import DAY, HOUR, Lane, Moment, Timeline
from tsui.service.timeline.wanted import Wanted

SPANS = {
    "1 h": HOUR, "6 h": 6 * HOUR, "1 d": DAY, "7 d": 7 * DAY, "31 d": 31 * DAY, "1 y": 366 * DAY,
}  # fmt: skip
"""Stretches of time one can look at, by what they are called."""

WEEK = "7 d"
"""What is looked at first."""

LIVE = float("inf")
"""Ends a stretch that goes on as time does."""

SLACK = 0.01
"""Seconds by which sums of times may be off."""

STEP = 0.5
"""Share of a stretch by which it is moved."""


@dataclass(frozen=True)
class View:
    """A part of a timeline."""

    timeline: Timeline = field(default_factory=lambda: Timeline(0.0))
    """The whole."""
    span: str = WEEK
    """How long a stretch is looked at."""
    end: float = LIVE
    """Unix time at which it ends."""
    wanted: Wanted = field(default_factory=Wanted)
    """What is wanted of it."""
    chosen: Moment | None = None
    """The moment that was chosen; None for whichever is newest."""

    @property
    def seconds(self) -> float:
        """How long the stretch is."""
        return SPANS[self.span]

    @property
    def until(self) -> float:
        """Unix time at which the stretch ends."""
        return min(self.end, self.timeline.latest)

    @property
    def since(self) -> float:
        """Unix time at which it begins."""
        return self.until - self.seconds

    @cached_property
    def fitting(self) -> Sequence[Moment]:
        """The moments that are wanted, of all times, oldest first."""
        return [each for each in self.timeline.moments if self.wanted.fits(each)]

    @cached_property
    def by_lane(self) -> Mapping[Lane, Sequence[Moment]]:
        """The moments that are wanted, of all times, oldest first, by their lanes."""
        lanes: dict[Lane, list[Moment]] = {lane: [] for lane in Lane}
        for each in self.fitting:
            lanes[each.lane].append(each)
        return lanes

    @cached_property
    def shown(self) -> Sequence[Moment]:
        """The moments that are wanted in the stretch, newest first; what reaches into it too."""
        return [each for each in reversed(self.fitting) if self.holds(each)]

    @cached_property
    def cursor(self) -> Moment | None:
        """Where the cursor is: on the chosen moment, or as near to it as can be seen."""
        if self.chosen is None:
            return self.shown[0] if self.shown else None
        at, key = self.chosen.at, self.chosen.key
        return min(self.shown, key=lambda each: (each.key != key, abs(each.at - at)), default=None)

    def choose(self, key: int) -> Self:
        """Choose a moment that is shown."""
        chosen = next((each for each in self.shown if each.key == key), self.chosen)
        return replace(self, chosen=chosen)

    def zoom(self, steps: int) -> Self:
        """Look at a longer stretch, or with negative steps at a shorter one, around the cursor.

        A stretch that goes on with time does so as long as the cursor is in it.
        """
        names = list(SPANS)
        place = max(0, min(names.index(self.span) + steps, len(names) - 1))
        span, chosen = names[place], self.chosen or self.cursor
        around = self._pivot(chosen)
        if self.end == LIVE and around >= self.until - SPANS[span]:
            return replace(self, span=span, chosen=chosen)
        share = (self.until - around) / self.seconds
        return self._settled(around + share * SPANS[span], span=span, chosen=chosen)

    def pan(self, steps: int) -> Self:
        """Look at a later stretch, or with negative steps at an earlier one.

        The cursor goes along: a moment that is not seen any more is not chosen any more.
        """
        moved = self._settled(self.until + steps * STEP * self.seconds)
        return replace(moved, chosen=moved.cursor or self.chosen)

    def narrow(self, wanted: Wanted) -> Self:
        """Show only what is wanted."""
        return replace(self, wanted=wanted, chosen=self.chosen or self.cursor)

    def jump(self, steps: int) -> Self | None:
        """Go to the next moment that is out of the ordinary, or with -1 to the one before.

        None where there is no more of what is wanted.
        """
        odd = [each for each in self.fitting if each.is_anomaly]
        if (cursor := self.cursor) is not None:
            places = {each.key: place for place, each in enumerate(self.fitting)}
            here = places[cursor.key]
            odd = [each for each in odd if (places[each.key] - here) * steps > 0]
        else:
            odd = [each for each in odd if (each.at - self.until) * steps >= 0]
        if not odd:
            return None
        found = odd[0] if steps > 0 else odd[-1]
        if self.since <= found.at <= self.until:
            return replace(self, chosen=found)
        return self._settled(found.at + self.seconds / 2, chosen=found)

    def follow(self, timeline: Timeline) -> Self:
        """Show what is known by now; the cursor stays on its moment, or near it if that is gone."""
        if self.chosen is None:
            return replace(self, timeline=timeline)
        at, key = self.chosen.at, self.chosen.key
        nearest = min(
            timeline.moments, key=lambda each: (each.key != key, abs(each.at - at)), default=None
        )
        moved = replace(self, timeline=timeline, chosen=nearest)
        # Time goes on, and may leave behind what is looked at: then the stretch stays.
        if nearest is not None and self.holds(nearest) and not moved.holds(nearest):
            return replace(moved, end=self.until)
        return moved

    def holds(self, moment: Moment) -> bool:
        """Tell whether the stretch has a moment in it, or the end of one."""
        if moment.at > self.until + SLACK:
            return False
        return moment.at >= self.since - SLACK or moment.ends > self.since + SLACK

    def _pivot(self, chosen: Moment | None) -> float:
        if chosen is None:
            return self.until
        if self.holds(chosen):
            return max(self.since, min(chosen.at, self.until))
        return (self.since + self.until) / 2

    def _settled(
        self, end: float, *, span: str | None = None, chosen: Moment | None = None
    ) -> Self:
        """Look at a stretch that ends somewhere, as far as there is something to look at."""
        latest, earliest = self.timeline.latest, self.timeline.earliest
        end = LIVE if end >= latest - SLACK / 10 else max(end, min(earliest, latest))
        return replace(self, end=end, span=span or self.span, chosen=chosen or self.chosen)
