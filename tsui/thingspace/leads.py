"""Leads: sales contacts of the partner program, which an activation can name."""

from tsui.thingspace.account import AccountName
from tsui.thingspace.continued import ContinuedOperation, ContinuedReply
from tsui.thingspace.operation import Effect
from tsui.thingspace.wire import Reply


class LeadAddress(Reply):
    """Where the customer of a lead is."""

    address_line1: str = ""
    """Street."""
    address_line2: str | None = None
    """Second line."""
    city: str = ""
    """City."""
    state: str = ""
    """Two-letter code."""
    zip: str = ""
    """ZIP code."""
    country: str = ""
    """Country."""


class Lead(Reply):
    """A sales contact."""

    lead_id: str = ""
    """What an activation names."""
    lead_state: str = ""
    """``Qualified``, ``Closed - Won`` or another word."""
    address: LeadAddress | None = None
    """Where the customer is."""


class LeadPage(ContinuedReply):
    """A block of leads."""

    leads: list[Lead] | None = None
    """The leads."""


class ListLeads(ContinuedOperation[LeadPage]):
    """Read the leads of an account."""

    title = "Retrieve Account Lead Information"
    method = "GET"
    path = "/leads/{account_name}"
    effect = Effect.READ

    account_name: AccountName
    """The account whose leads to read."""
