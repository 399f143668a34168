"""What a process that was killed left in the middle: given its honest state, never sent again."""

import asyncio

from tsui.clock import Clock
from tsui.store.store import Store


async def settle_the_dead(store: Store, clock: Clock) -> bool:
    """Close the books of processes that are gone; True if others are still sending.

    What a dead process only intended was never sent; what it was sending has an unknown fate. What
    this one gave up and could not write down is written down as well.
    """
    await store.batches.settle_owed(clock.now().timestamp())
    others = False
    for owner in await store.journal.owners() - {store.owner.name}:
        if await asyncio.to_thread(store.owner.is_alive, owner):
            others = True
        else:
            await store.journal.abandon(owner, clock.now().timestamp())
    return others
