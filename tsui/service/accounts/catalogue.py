"""What the platform told about an account, as records: pure functions over remembered answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tsui.service.accounts.model import Entry
from tsui.service.failures import NOT_ENTITLED
from tsui.service.replies import text
from tsui.store.readings import Reading

Count = tuple[str, int]
"""A value, and the devices that have it."""

KILOBYTE = 1000
"""Bytes of a plan's kilobyte."""

RIGHTS = {
    "ListListeners": "Callback listeners",
    "ListLocationListeners": "Location service",
    "ListServicesAndStates": "Custom services",
    "ListLeads": "Leads",
    "ListSkus": "SKUs (Open Development)",
    "ListTriggers": "Triggers",
    "GetBilledUsage": "Billed usage",
    "ListBilledUsage": "Billed usage by callback",
    "FindLocations": "Locating devices",
    "GetAggregateUsage": "Usage in sum",
}
"""What an account may be entitled to, by the read that shows it."""


def plans(body: Any, counts: Iterable[Count]) -> list[Entry]:
    """Return the plans of the list, then those that devices are on without being in it."""
    used = dict(counts)
    found = [
        Entry(
            code,
            (code, f"{used.pop(code, 0):,}", _text(each, "name"), _size(each.get("size_kb"))),
            dict(each),
        )
        for each in _maps(body)
        if (code := _text(each, "code"))
    ]
    strays = [
        Entry(code, (code, f"{number:,}", "not in the account's list", ""), {"code": code}, "warn")
        for code, number in used.items()
        if code
    ]
    return [*found, *strays]


def groups(body: Any, counts: Iterable[Count]) -> list[Entry]:
    """Return the groups with their devices; one that is in several counts for each."""
    used: dict[str, int] = {}
    for names, number in counts:
        for name in filter(None, (each.strip() for each in names.split(","))):
            used[name] = used.get(name, 0) + number
    return [
        Entry(
            name,
            (
                name,
                f"{used.get(name, 0):,}",
                _text(each, "description"),
                "default" if each.get("is_default") else "",
            ),
            dict(each),
        )
        for each in _maps(body)
        if (name := _text(each, "name"))
    ]


def services(body: Any) -> list[Entry]:
    """Return the states of every service that the customer defined."""
    engagements = body.get("engagement") if isinstance(body, Mapping) else None
    found = []
    for engagement in _maps(engagements):
        for service in _maps(engagement.get("services")):
            for state in [*_maps(service.get("states"))] or [{}]:
                cells = (
                    _text(service, "name"),
                    _text(state, "name") or "none",
                    text(state.get("workflowSequenceNumber", "")),
                    ", ".join(map(str, state.get("servicePlans") or ())),
                    _text(engagement, "engagementId"),
                )
                found.append(Entry(cells[0], cells, {**service, "states": [dict(state)]}))
    return found


def leads(body: Any) -> list[Entry]:
    """Return the leads with where the customer is."""
    found = body.get("leads") if isinstance(body, Mapping) else None
    return [
        Entry(_text(each, "leadId"), (_text(each, "leadId"), _text(each, "leadState"),
                                      _address(each.get("address"))), dict(each))
        for each in _maps(found)
    ]  # fmt: skip


def skus(body: Any) -> list[Entry]:
    """Return the registered SKUs."""
    found = body.get("deviceSkuInfo") if isinstance(body, Mapping) else None
    return [
        Entry(name, (name, _text(each, "deviceSkuStatus")), dict(each))
        for each in _maps(found)
        if (name := _text(each, "deviceSku"))
    ]


def listeners(body: Any) -> list[Entry]:
    """Return who hears of which service."""
    found = []
    for each in _maps(body):
        name = _text(each, "serviceName") or _text(each, "name")
        found.append(Entry(name, (name, _text(each, "url")), dict(each)))
    return found


def about(body: Any, at: float | None) -> list[Entry]:
    """Return what the platform told of the account itself, and what is switched on."""
    if not isinstance(body, Mapping):
        return []
    return [
        Entry(what, (what, value), {what: value}, at=at) for what, value in _facts(body) if value
    ]


def rights(readings: Mapping[str, Reading | None]) -> list[Entry]:
    """Return what is known of entitlements: proven by an answer, denied, or not known."""
    found = []
    for operation, what in RIGHTS.items():
        said, look, at = _right(readings.get(operation))
        found.append(Entry(what, (what, said), {what: said}, look, at))
    return found


def _right(reading: Reading | None) -> tuple[str, str, float | None]:
    if reading is None:
        return "not known: nobody asked yet", "dim", None
    if reading.trouble.startswith(NOT_ENTITLED):
        said = reading.trouble.removeprefix(NOT_ENTITLED).strip()
        return f"not entitled. {said}", "warn", reading.tried_at
    if reading.trouble:
        return f"not known: {reading.trouble}", "bad", reading.tried_at
    return "entitled: it was answered", "good", reading.read_at


def _facts(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    yield "Account", _text(body, "accountName")
    yield "Number", _text(body, "accountNumber")
    yield "Organization", _text(body, "organizationName")
    allowed = body.get("isProvisioningAllowed")
    yield "Add and activate in one", "" if allowed is None else text(allowed)
    yield "Carriers", ", ".join(map(str, body.get("carriers") or ()))
    for each in body.get("features") or ():
        yield f"Feature {each}", "switched on"
    for pool in _maps(body.get("ipPools") or body.get("iPPools")):
        default = ", the default" if pool.get("isDefaultPool") else ""
        yield f"Pool {_text(pool, 'poolName')}", f"{_text(pool, 'poolType')}{default}"


def _address(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    names = ("addressLine1", "addressLine2", "city", "state", "zip", "country")
    return ", ".join(filter(None, (_text(value, name) for name in names)))


def _size(value: Any) -> str:
    if not isinstance(value, int) or not value:
        return "not told"
    return f"{value / KILOBYTE:,.0f} MB" if value >= KILOBYTE else f"{value} kB"


def _maps(value: Any) -> Sequence[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _text(value: Mapping[str, Any], name: str) -> str:
    found = value.get(name)
    return "" if found is None else text(found)
