"""Rounds of calls: how often somebody waited for answers before asking for more."""

from collections.abc import Sequence

from tsui.simulator.world import Seen


def rounds(calls: Sequence[Seen], latency: float) -> int:
    """Count the rounds of calls to a simulator whose every answer takes so many seconds.

    What is asked for before the first answer of a round can have come belongs to the round.
    """
    count, began = 0, float("-inf")
    for at in sorted(each.at for each in calls):
        if at >= began + latency:
            count, began = count + 1, at
    return count
