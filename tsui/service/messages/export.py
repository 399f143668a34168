"""What exports say of conversations and messages."""

from tsui.service.export import Columns, moment_text
from tsui.service.messages.desk import Conversation, Message

CONVERSATION_COLUMNS: Columns[Conversation] = {
    "device": lambda row: row.peer,
    "name": lambda row: row.device.custom1 if row.device else None,
    "last_utc": lambda row: moment_text(row.last.at),
    "way": lambda row: row.last.way.value,
    "state": lambda row: row.last.fate.delivery.value,
    "text": lambda row: row.last.text,
    "unread": lambda row: row.unread,
    "sent": lambda row: row.sent,
    "received": lambda row: row.received,
}
"""What an export says of a conversation."""

MESSAGE_COLUMNS: Columns[Message] = {
    "at_utc": lambda row: moment_text(row.at),
    "way": lambda row: row.way.value,
    "state": lambda row: row.fate.delivery.value,
    "why": lambda row: row.fate.said,
    "text": lambda row: row.text,
    "is_base64": lambda row: row.is_bytes,
    "source": lambda row: row.source,
    "request_id": lambda row: row.change.request_id if row.change else None,
}
"""What an export says of a message."""
