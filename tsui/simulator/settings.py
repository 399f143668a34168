"""Everything about the simulator that can be set, at the start or while it runs."""

from dataclasses import dataclass

from tsui.simulator.clock import parse_iso
from tsui.simulator.identity import SPACE

_YEARS = range(1990, 2101)


@dataclass(slots=True)
class SimulatorSettings:
    """The simulator's settings; times in seconds."""

    devices: int = 10_000
    """Devices of the first account; a second account has a twentieth of that."""
    seed: int = 1
    """Another number, another fleet."""
    now: str | None = None
    """Time to begin at, ISO 8601 with zone; None begins now."""
    delay: float = 5.0
    """Time until a change is done; each device deviates by up to a fifth."""
    latency: float = 0.0
    """Time every answer takes at least."""
    latency_jitter: float = 0.0
    """Further time an answer may take, drawn for each."""
    error_rate: float = 0.0
    """Share of calls that end in HTTP 500 instead of being done."""
    failure_rate: float = 0.0
    """Share of changes that fail after they were accepted."""
    hostile: bool = False
    """Whether some custom fields hold texts that attack terminals and markup."""
    token_lifetime: float = 3600.0
    """Life of an OAuth token (documented)."""
    session_idle: float = 1200.0
    """Idle time after which a session ends (documented)."""
    lock_after: int = 5
    """Refused logins in a row that lock the contact (documented)."""
    login_refused_code: str = "UnifiedWebService.REQUEST_FAILED.LoginFailed"
    """Error code of a refused login (unverified)."""
    session_expired_status: int = 400
    """HTTP status of an expired session (field reports also name 401 and 403)."""
    actions_per_day: int = 5
    """Provisioning actions of a line in a day (documented; older pages say two)."""
    plan_changes_per_month: int = 4
    """Plan changes of a line in a month (documented)."""
    suspend_days_in_a_row: int = 90
    """Days after which a suspended line resumes by itself (documented)."""
    deactivate_suspended: bool = True
    """Whether a suspended line can be deactivated directly (unverified)."""
    max_devices: int = 10_000
    """Devices one request may name (documented)."""
    page_size: int = 2000
    """Devices on a page of the list at most (documented)."""
    history_page: int = 500
    """Records on a page of a history (documented)."""
    group_page: int = 1000
    """Devices of a group in a block (unverified)."""
    lead_page: int = 100
    """Leads in a block (unverified)."""
    global_page: int = 1000
    """Devices in a message of the global list (unverified)."""
    profile_patience: float = 60.0
    """Longest time a sleeping eUICC takes to do what it was told (unverified)."""
    look_interval: float = 900.0
    """Time between two looks at what happens by itself: notices, thresholds, triggers (documented
    for data, which is known a quarter of an hour after a session)."""
    elsewhere_a_day: float = 0.0
    """Lines of each account that others suspend in a day."""
    callback_attempts: int = 4
    """Attempts to deliver a callback message (documented)."""
    callback_interval: float = 300.0
    """Time between two attempts (documented; a field report says 1 to 2 s)."""
    loopback_listeners: bool = True
    """Whether listeners on this machine may use any port."""
    listener_replaces: bool = True
    """Whether registering a service again displaces its listener (field report)."""
    tells_paging_key: bool = True
    """Whether device lists carry the numeric DeviceId (field report; the SDK denies it)."""
    sms_every: float = 900.0
    """Time between messages that devices of an account send by themselves; none when 0."""
    sms_backlog: int = 12
    """Messages from devices that wait in the queue of an account at the start, at most."""
    sms_block: int = 100
    """Messages in a block of the queue (documented)."""
    sms_keeps_last_block: bool = True
    """Whether the last block stays in the queue, since no token acknowledges it (unverified)."""
    sms_lifetime: float = 432_000.0
    """Time the network tries to deliver a message, five days (documented)."""
    sms_expired_code: str = "REQUEST_FAILED.UnexpectedError"
    """Error code of the notice that a message expired (unverified)."""
    sms_devices: int = 10_000
    """Devices one message may name (only the code of the refusal is documented)."""
    sms_refuses_suspended: bool = False
    """Whether a message to a suspended line is refused instead of waiting (unverified)."""
    sms_counts_bytes: bool = False
    """Whether a message in 8-bit UTF-8 is measured in bytes (unverified)."""
    nidd_plan: str = "87641"
    """Service plan that carries non-IP data; any when empty (unverified)."""
    nidd_refuses_zero_pairs: bool = True
    """Whether non-IP data with two zero bytes in a row is refused (field report)."""
    nidd_delivers_queued: bool = True
    """Whether queued non-IP data is delivered when the device wakes (a field report denies it)."""
    location_page: int = 1000
    """Devices on a page of a location report (documented)."""
    location_without_consent: float = 0.0
    """Share of devices whose owner does not consent to being located."""
    location_unregistered: str = ""
    """Account that is not registered for locations; none when empty."""
    location_unfit: str = ""
    """Network technology whose devices cannot be located; none when empty (unverified)."""
    location_cache_mode: str = "1"
    """Cache mode of a request that names none (unverified)."""
    location_utc_offset: int = -5
    """Hours from UTC of the times of places (unverified)."""
    location_dated_txid: bool = True
    """Whether the id of a location report has a date in front (as in one sample)."""
    location_cancelled: str = "CANCELLED"
    """Status of a location report that was cancelled (unverified)."""
    location_answers_like_sdk: bool = True
    """Whether location listeners are told as by the SDK; otherwise as by the documents."""
    software_page: int = 1000
    """Devices on a page of software management (documented)."""
    software_protocol: str = ""
    """Protocol that is listed when none is asked for; all when empty (the SDK says LWM2M)."""
    software_refuses_unknown: bool = False
    """Whether an unknown IMEI is refused instead of left out (unverified)."""

    def objection(self) -> str:
        """Return why there can be no such simulator, in a sentence; empty when there can."""
        if not 0 <= self.devices <= SPACE:
            return f"The number of devices goes from 0 to {SPACE:,}."
        try:
            begins = self.now is None or parse_iso(self.now).year in _YEARS
        except ValueError:
            begins = False
        return "" if begins else f"It cannot begin at {self.now!r}: give a time such as 2026-03-01."
