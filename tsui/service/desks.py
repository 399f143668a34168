"""Desks: what an operator can ask about beyond lists of devices and changes, one object a subject.

Each is made when it is first asked for, so that a start pays for none of them.
"""

from functools import cached_property
from typing import TYPE_CHECKING

from tsui.store.store import Store

if TYPE_CHECKING:
    from tsui.service.verdict.desk import Verdicts
    from tsui.service.workspace import Workspace


class Desks:
    """The desks of a workspace."""

    def __init__(self, store: Store, workspace: "Workspace") -> None:
        self._store = store
        self._workspace = workspace

    @cached_property
    def verdicts(self) -> "Verdicts":
        """Why devices are offline."""
        from tsui.service.verdict.desk import Verdicts

        return Verdicts(self._store, self._workspace)
