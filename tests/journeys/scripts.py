"""Runs of the program from a script, and what they said."""

import json
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple


class Done(NamedTuple):
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The JSON on standard output."""
        return json.loads(self.out)


Script = Callable[..., Awaitable[Done]]
