"""Failures that screens tell, importable without the network."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tsui.service.preflight import Report
    from tsui.service.proposal import Proposal

NOT_ENTITLED = "Not entitled: "
"""What a sentence begins with where the platform works, but not for whoever is signed in."""


class SignInFailed(Exception):
    """Nobody could be signed in; both texts may hold words from outside."""

    def __init__(self, problem: str, next_step: str, *, accounts: Sequence[str] = ()) -> None:
        super().__init__(f"{problem} {next_step}".strip())
        self.problem = problem
        """What failed."""
        self.next_step = next_step
        """What the operator can do."""
        self.accounts = tuple(accounts)
        """Accounts to choose from, when that is all that is missing."""


class ReadFailed(Exception):
    """A read brought nothing; the text says why and may hold words from outside."""

    def __init__(self, sentence: str, fate: str) -> None:
        super().__init__(sentence)
        self.fate = fate
        """``not sent``, ``refused`` or ``unknown``."""


class RecordingFailed(Exception):
    """A recording could not be written or opened; the text says why and may hold a file's name."""


class ChangeFailed(Exception):
    """A change was not sent; the text says why and may hold words from outside."""


class ReportChanged(Exception):
    """A fresh look at the devices changed who may take part; the operator has to look again."""

    def __init__(self, proposal: "Proposal") -> None:
        super().__init__("the devices changed since they were shown")
        self.proposal = proposal
        """What is proposed now."""

    @property
    def report(self) -> "Report":
        """The new report on the first of the changes."""
        return self.proposal.reports[0]
