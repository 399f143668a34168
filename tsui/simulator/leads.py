"""Leads: customers that are about to buy, and those that have."""

from typing import Any

from tsui.simulator.catalogue import ACCOUNTS, SITES
from tsui.simulator.rules import Failure

LEADS = 3
"""Leads of an account."""

_OPEN, _WON = "Qualified", "Closed - Won"


class Leads:
    """The leads of every account; an activation that names one wins it."""

    def __init__(self) -> None:
        self._states = {
            account: {f"L-{20417 + index * 100 + number}": _OPEN for number in range(LEADS)}
            for index, account in enumerate(ACCOUNTS)
        }

    def of(self, account: str) -> list[dict[str, Any]]:
        """Return the leads of an account as the platform writes them."""
        return [
            {"leadId": name, "leadState": state, "address": _address(place)}
            for place, (name, state) in enumerate(self._states[account].items())
        ]

    def win(self, account: str, lead: str) -> Failure | None:
        """Note that an activation used a lead; returns why it cannot."""
        if lead not in self._states[account]:
            return Failure("REQUEST_FAILED.UnexpectedError", "The lead was not found.")
        self._states[account][lead] = _WON
        return None


def _address(place: int) -> dict[str, str]:
    city, state, zip_code = SITES[place % len(SITES)]
    return {
        "addressLine1": f"{12 + place} Harbor St",
        "city": city,
        "state": state,
        "zip": zip_code,
        "country": "USA",
    }
