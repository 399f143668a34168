"""How the C library hands out memory: from few pools, so that a week of use takes no more."""

import ctypes

ARENA_MAX = -8
"""Number of the option, as ``malloc.h`` of the GNU C library has it."""

POOLS = 2
"""Pools for all threads: with one for each, as is usual, each keeps what the others could use."""


def share_pools() -> None:
    """Let threads share their pools of memory; where the C library is another one, nothing."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(ARENA_MAX, POOLS)
