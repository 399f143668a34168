"""What screens may know of what is remembered: rows, questions and news, by their own names."""

from tsui.service.progress import Progress
from tsui.store.announce import News, Topic
from tsui.store.audit import AuditRow
from tsui.store.batches import Batch
from tsui.store.changes import OPEN, ChangeState, DeviceChange
from tsui.store.devices import DeviceRow
from tsui.store.errors import StoreError
from tsui.store.filtering import (
    CONDITIONS,
    EVERYTHING,
    FIELDS,
    HAS,
    IS,
    Filter,
    FilterError,
    Now,
    complete,
    parse,
)
from tsui.store.inbox import Message, Verdict
from tsui.store.mutes import Mute
from tsui.store.notices import Notice, NoticeQuery, Severity, Way
from tsui.store.opened import OpenPart, UnderWay
from tsui.store.query import DeviceQuery, Order
from tsui.store.reach import Sign, What
from tsui.store.readings import Reading
from tsui.store.rhythms import Coverage
from tsui.store.wakes import Wake, WakeKind, WakeState

__all__ = [
    "CONDITIONS",
    "EVERYTHING",
    "FIELDS",
    "HAS",
    "IS",
    "OPEN",
    "AuditRow",
    "Batch",
    "ChangeState",
    "Coverage",
    "DeviceChange",
    "DeviceQuery",
    "DeviceRow",
    "Filter",
    "FilterError",
    "Message",
    "Mute",
    "News",
    "Notice",
    "NoticeQuery",
    "Now",
    "OpenPart",
    "Order",
    "Progress",
    "Reading",
    "Severity",
    "Sign",
    "StoreError",
    "Topic",
    "UnderWay",
    "Verdict",
    "Wake",
    "WakeKind",
    "WakeState",
    "Way",
    "What",
    "complete",
    "parse",
]
