"""Messages to callback listeners that answer a request."""

from typing import Annotated, Any

from tsui.thingspace.callback_envelope import CallbackIds, CallbackMessage, spelt
from tsui.thingspace.location import Position, PositionError
from tsui.thingspace.parts import ARRAY_OR_OBJECT
from tsui.thingspace.wire import Moment, Reply


class LineOutcome(Reply):
    """How a line is after a change; most changes tell only some of it."""

    device_ids: CallbackIds | None = None
    """All identifiers, new ones too."""
    account_name: str | None = None
    """The account."""
    ip_address: str | None = None
    """The address."""
    service_plan: str | None = None
    """The plan."""
    state: str | None = None
    """The line's state."""
    state_name: str | None = None
    """The state of the customer's own service."""
    service_name: str | None = None
    """The customer's own service."""
    expected_resume_date: Moment = None
    """When a suspension ends by itself."""


class CarrierResponse(Reply):
    """What became of a change; only the name of the identifier's is confirmed."""

    activate_response: LineOutcome | None = None
    """After an activation."""
    deactivate_response: LineOutcome | None = None
    """After a deactivation."""
    suspend_response: LineOutcome | None = None
    """After a suspension."""
    restore_response: LineOutcome | None = None
    """After a restoration."""
    change_identifier_response: LineOutcome | None = None
    """After another identifier."""
    change_service_plan_response: LineOutcome | None = None
    """After another plan."""
    change_cost_center_response: LineOutcome | None = None
    """After another cost center."""
    change_custom_fields_response: LineOutcome | None = None
    """After other custom fields."""
    change_contact_info_response: LineOutcome | None = None
    """After another place of use."""
    move_device_response: LineOutcome | None = None
    """After a move to another account."""
    cancel_location_response: LineOutcome | None = None
    """After a detachment from the network."""
    usage_segmentation_label_response: LineOutcome | None = None
    """After other labels."""


class CarrierMessage(CallbackMessage):
    """The outcome of a change of a line."""

    service = "CarrierService"
    marks = frozenset(
        f"{change}Response"
        for change in (
            "activate",
            "deactivate",
            "suspend",
            "restore",
            "changeIdentifier",
            "changeServicePlan",
            "changeCostCenter",
            "changeCustomFields",
            "changeContactInfo",
            "moveDevice",
            "cancelLocation",
            "usageSegmentationLabel",
        )
    )

    device_response: CarrierResponse | None = None
    """What became of it."""


class SmsEvents(Reply):
    """The log of a device's messages."""

    sms_events: list[Any] | None = None
    """Up to 500 messages; their form is not documented."""
    has_more_data: bool | None = None
    """Whether the span holds more."""


class BilledUsageBlock(Reply):
    """A block of billed usage, in the form of its sibling for unbilled usage."""

    account_name: str | None = None
    """The account."""
    timezone: str | None = None
    """The zone of its days."""
    total_devices: int | None = None
    """Devices of all blocks."""
    current_devices: int | None = None
    """Devices of this block."""
    sent_devices: int | None = None
    """Devices up to this block."""
    remaining_devices: int | None = None
    """Devices of the blocks to come."""
    devices: list[Any] | None = None
    """The figures; their form is not documented."""


class DeviceServiceResponse(Reply):
    """Answers about devices; neither names nor forms are confirmed."""

    device_availability_response: Any = None
    """Whether devices could be activated."""
    upload_response: Any = None
    """What became of each device of an upload."""
    order_status_response: Any = None
    """How far an activation is."""
    sms_event_history_response: SmsEvents | None = None
    """The log of a device's messages."""
    billed_usage_response: BilledUsageBlock | None = None
    """What was billed."""


class DeviceServiceMessage(CallbackMessage):
    """Availability, uploads, orders, logs of messages, billed usage."""

    service = "DeviceService"
    marks = frozenset(
        {
            "deviceAvailabilityResponse",
            "uploadResponse",
            "orderStatusResponse",
            "smsEventHistoryResponse",
            "billedUsageResponse",
        }
    )

    device_response: DeviceServiceResponse | None = None
    """The answer."""


class RoamingList(Reply):
    """The preferred roaming list of a 3G device."""

    prl: str | None = None
    """Its number."""


class RoamingListResponse(Reply):
    """The answer about a roaming list."""

    prl_response: RoamingList | None = None
    """The list."""


class RoamingListMessage(CallbackMessage):
    """The preferred roaming list of a 3G device."""

    service = "DevicePRLInformation"
    marks = frozenset({"prlResponse"})

    device_response: RoamingListResponse | None = None
    """The answer."""


class ProfileOutcome(Reply):
    """How a profile is after a change."""

    device_ids: CallbackIds | None = None
    """The device."""
    status: str | None = None
    """``EXECUTED_SUCCESS``; with ``EXECUTED_WITHWARNING`` another message follows."""


class ProfileResponse(Reply):
    """Answers about eUICC devices."""

    device_profile_response: ProfileOutcome | None = None
    """How a profile is."""
    device_list: list[Any] | None = None
    """Devices of the global list; their form is not documented."""
    device_provisioning_history: list[Any] | None = None
    """Records of the global history; their form is not documented."""


class ProfileMessage(CallbackMessage):
    """Profiles of eUICC devices, and the lists of the Global IoT service."""

    service = "DeviceProfileService"
    marks = frozenset({"deviceProfileResponse", "deviceList", "deviceProvisioningHistory"})

    device_response: ProfileResponse | None = None
    """The answer."""


class SuspensionStatus(Reply):
    """How long a line was and will be suspended."""

    state: str | None = None
    """The line's state."""
    suspend_date: Moment = None
    """Since when."""
    expected_resume_date: Moment = None
    """When it ends by itself."""
    suspend_days_for_reason: int | None = None
    """Days of this suspension."""
    days_suspended_last12_months: int | None = None
    """Days of the last year."""
    days_remaining: int | None = None
    """Days that are left of the year's."""


class SuspensionResponse(Reply):
    """The answer about a suspension."""

    device_suspension_status_response: SuspensionStatus | None = None
    """The suspension."""


class SuspensionMessage(CallbackMessage):
    """How long a line was and will be suspended."""

    service = "DeviceSuspensionStatus"
    marks = frozenset({"deviceSuspensionStatusResponse"})

    device_response: SuspensionResponse | None = None
    """The answer."""


class UsageSum(Reply):
    """Usage of a device in sum."""

    device_ids: CallbackIds | None = None
    """The device."""
    data_usage: int | None = None
    """Bytes."""
    sms_usage: int | None = None
    """Messages."""


class UsageResponse(Reply):
    """The answer about usage."""

    usage_response: Annotated[list[UsageSum] | None, ARRAY_OR_OBJECT] = None
    """Usage of each device; a single one may come bare."""


class UsageMessage(CallbackMessage):
    """Usage of devices in sum."""

    service = "DeviceUsage"
    marks = frozenset({"usageResponse"})

    device_response: UsageResponse | None = None
    """The answer."""


class ReachabilityMessage(CallbackMessage):
    """Monitors that came or went, and changes of reachability.

    The field that says whether a device can be reached is not documented: look into ``unknown``.
    """

    service = "DiagnosticsService"
    marks = frozenset({"monitorId", "monitorType", "MaxUEAvailabilityTime"})

    monitor_id: str | None = None
    """The monitor; needed to stop it."""
    request_type: str | None = spelt("requestType", "monitorType")
    """What is watched."""
    max_ue_availability_time: Moment = spelt("MaxUEAvailabilityTime", "maxUEAvailabilityTime")
    """Until when a device that can be reached should stay so."""
    comment: str | None = None
    """More about it."""


class CustomStateOutcome(LineOutcome):
    """How a line is after it went to a customer's own state."""

    smsr_oid: str | None = None
    """Subscription manager of an eUICC."""
    subscription_type_code: str | None = None
    """Kind of subscription, e.g. ``GPX``."""
    subscription_type_desc: str | None = spelt("subscriptionTypeDesc", "subscriptionTypeCodeDesc")
    """The same in words."""
    stage_state_change_reason_code: str | None = None
    """Why the state changed; may be empty."""
    stage_state_change_reason_desc: str | None = spelt(
        "stageStateChangeReasonDesc", "stageStateChangeReasonCodeDesc"
    )
    """The same in words."""


class CustomStateResponse(Reply):
    """What became of a way to a customer's own state."""

    go_to_state_response: CustomStateOutcome | None = None
    """How the line is."""


class CustomStateMessage(CallbackMessage):
    """The outcome of goToState, and the third message of an EID swap."""

    service = "StateService"
    marks = frozenset({"goToStateResponse"})

    device_response: CustomStateResponse | None = None
    """What became of it."""


class LocationMessage(CallbackMessage):
    """The place of a device that was asked for by callback."""

    service = "DeviceLocation"
    marks = frozenset({"msid", "pd"})

    txid: str | None = None
    """The job's id."""
    account_name: str | None = None
    """The account."""
    msid: str | None = None
    """The line's number."""
    pd: Position | None = None
    """The place."""
    error: PositionError | None = None
    """Why there is no place."""


class LocationReportMessage(CallbackMessage):
    """A report of locations came further; what it says beyond is not documented."""

    service = "Location"
    marks = frozenset({"txid"})

    txid: str | None = None
    """The job's id."""
