"""Triggers: alerts that the platform sends when usage leaves its bounds."""

from typing import Annotated, Literal

from pydantic import Field

from tsui.thingspace.account import AccountName
from tsui.thingspace.operation import Effect, Operation
from tsui.thingspace.parts import OBJECT_OR_ARRAY_OF_ONE
from tsui.thingspace.wire import Moment, Reply, RequestPart, RequestText

_TriggerId = Annotated[RequestText, Field(min_length=1)]


class SmsTrigger(RequestPart):
    """When the number of messages raises an alert; the words are not documented."""

    sms_type: RequestText | None = None
    """Which messages count, e.g. ``MO``."""
    comparator: RequestText | None = None
    """How usage compares, e.g. ``gt``."""
    threshold: int | None = None
    """Messages."""


class DataTrigger(RequestPart):
    """When the volume of data raises an alert; the words are not documented."""

    comparator: RequestText | None = None
    """How usage compares, e.g. ``gt``."""
    threshold: int | None = None
    """The volume."""
    threshold_unit: RequestText | None = None
    """The volume's unit."""


class SessionTrigger(RequestPart):
    """When the length of a session raises an alert; the words are not documented."""

    comparator: RequestText | None = None
    """How the length compares, e.g. ``gt``."""
    threshold: int | None = None
    """The length; its unit is not documented."""


class AnomalyTrigger(RequestPart):
    """Which unusual usage raises an alert."""

    account_names: RequestText | None = None
    """Accounts to look at, as one text."""
    include_abnormal: bool | None = None
    """Whether unusual usage counts."""
    include_very_abnormal: bool | None = None
    """Whether very unusual usage counts."""
    include_under_expected_usage: bool | None = None
    """Whether too little counts."""
    include_over_expected_usage: bool | None = None
    """Whether too much counts."""


class TriggerSaved(Reply):
    """The platform's note of a trigger that came, changed or went."""

    trigger_id: str = ""
    """The trigger's UUID."""


class TriggerOperation(Operation[TriggerSaved]):
    """What a trigger watches and when it fires; alerts come to AlertService."""

    trigger_cycle: Literal["Daily", "Weekly", "Monthly"] | None = None
    """What a threshold counts for: a day, a week from Monday, a billing cycle; no sessions."""
    sms_trigger_request: SmsTrigger | None = None
    """The bounds, for messages."""
    data_trigger_request: DataTrigger | None = None
    """The bounds, for data."""
    session_trigger_request: SessionTrigger | None = None
    """The bounds, for sessions."""
    anomaly_trigger_request: AnomalyTrigger | None = None
    """The bounds, for unusual usage."""


class CreateTrigger(TriggerOperation):
    """Have the platform watch usage."""

    title = "Create a Trigger"
    method = "POST"
    path = "/triggers"

    name: RequestText
    """The trigger's name; unique."""
    account_name: AccountName
    """The account."""
    group_name: RequestText
    """The group to watch; the documents require it, yet say that without it all are watched."""
    trigger_category: RequestText
    """What is watched: ``DeviceSMSUsage``; the names of the others are not confirmed."""


class UpdateTrigger(TriggerOperation):
    """Change what a trigger watches."""

    title = "Update a Trigger"
    method = "PUT"
    path = "/triggers"

    trigger_id: _TriggerId
    """The trigger's UUID."""
    name: RequestText | None = None
    """Its new name; unique."""
    account_name: AccountName | None = None
    """The account; needed when the user can reach several."""
    group_name: RequestText | None = None
    """The group to watch."""
    trigger_category: RequestText | None = None
    """What is watched."""


class Trigger(Reply):
    """A trigger as the platform tells it."""

    trigger_id: str = ""
    """The trigger's UUID."""
    trigger_name: str = ""
    """Its name."""
    account_name: str = ""
    """The account."""
    organization_name: str | None = None
    """The customer."""
    group_name: str | None = None
    """The group it watches."""
    trigger_category: str = ""
    """What it watches."""
    trigger_cycle: str | None = None
    """What a threshold counts for."""
    comparator: str | None = None
    """How usage compares."""
    sms_type: str | None = None
    """Which messages count."""
    threshold: str | None = None
    """The bound, as text."""
    threshold_unit: str | None = None
    """The bound's unit."""
    notification_group_name: str | None = None
    """Who is told."""
    created_at: Moment = None
    """When it was made."""
    modified_at: Moment = None
    """When it was changed last."""


class TriggerList(Reply):
    """Triggers."""

    triggers: list[Trigger] | None = None
    """The triggers."""


class ListTriggers(Operation[Annotated[TriggerList, OBJECT_OR_ARRAY_OF_ONE]]):
    """Read all triggers that the user can see."""

    title = "Get Triggers"
    method = "GET"
    path = "/triggers"
    effect = Effect.READ


class GetTrigger(Operation[Annotated[TriggerList, OBJECT_OR_ARRAY_OF_ONE]]):
    """Read one trigger."""

    title = "Get a Trigger"
    method = "GET"
    path = "/triggers/{trigger_id}"
    effect = Effect.READ

    trigger_id: _TriggerId
    """The trigger's UUID."""


class DeleteTrigger(Operation[TriggerSaved]):
    """End a trigger."""

    title = "Delete a Trigger"
    method = "DELETE"
    path = "/triggers/{trigger_id}"

    trigger_id: _TriggerId
    """The trigger's UUID."""
