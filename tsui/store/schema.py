"""The tables, one function a version; a released version is never edited, only followed."""

from collections.abc import Iterable

import apsw

from tsui.store.database import Migration
from tsui.store.schema_commissioning import commissioning
from tsui.store.schema_drafts import text_drafts
from tsui.store.schema_heartbeats import heartbeats
from tsui.store.schema_incidents import incidents
from tsui.store.schema_monitors import reach, wakes
from tsui.store.schema_notices import mutes, notices
from tsui.store.schema_questions import question_fields
from tsui.store.schema_rhythm import create_rhythm
from tsui.store.schema_shifts import shifts
from tsui.store.schema_sightings import create_sighting
from tsui.store.schema_texts import texts
from tsui.store.tally import create_tally

_INDEXES = {
    "device_by_iccid": "device (account, iccid)",
    "device_by_imei": "device (account, imei)",
    "device_by_mdn": "device (account, mdn)",
    "device_by_state": "device (account, state)",
    "device_by_plan": "device (account, plan)",
    "device_by_groups": "device (account, groups)",
    "device_by_ip": "device (account, ip)",
    "device_by_custom1": "device (account, custom1)",
    "device_by_last_connection": "device (account, last_connection)",
    "device_by_created": "device (account, created)",
    "device_silent": "device (account, last_connection) WHERE connected = 0 AND state = 'active'",
    "device_by_eid": "device (account, eid) WHERE eid <> ''",
    "device_iccid_ends": "device (account, iccid_reversed)",
    "device_imei_ends": "device (account, imei_reversed)",
    "device_mdn_ends": "device (account, mdn_reversed)",
    "device_by_fingerprint": "device_seen (fleet, fingerprint)",
}
"""Indexes of the fleet; the id is the last column of each by itself."""

KNOWING = ("device_by_fingerprint",)
"""Index that tells a device that is known."""

_FROM_THE_START = frozenset({"device_by_iccid"})
"""Indexes that a fleet has while it is read for the first time: the list is sorted by one."""


def create_indexes(connection: apsw.Connection, names: Iterable[str] = _INDEXES) -> None:
    """Create those indexes of the fleet that are not there."""
    for name in names:
        connection.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {_INDEXES[name]}")


def drop_indexes(connection: apsw.Connection) -> None:
    """Drop the indexes that cost less when they are made once all devices are there."""
    for name in _INDEXES.keys() - _FROM_THE_START:
        connection.execute(f"DROP INDEX IF EXISTS {name}")


def _cache_1(connection: apsw.Connection) -> None:
    connection.execute("""
        -- A number instead of a name: every index of the devices begins with it.
        CREATE TABLE account (
            number INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE,
            -- How many devices it has: counting a million of them takes longer than showing some.
            devices INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE TABLE device (
            -- An id is never given twice: marks, the cursor and readings go by it.
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account INTEGER NOT NULL REFERENCES account (number),
            key TEXT NOT NULL,
            platform_id INTEGER,
            iccid TEXT NOT NULL, imei TEXT NOT NULL, mdn TEXT NOT NULL, eid TEXT NOT NULL,
            iccid_reversed TEXT NOT NULL, imei_reversed TEXT NOT NULL, mdn_reversed TEXT NOT NULL,
            state TEXT NOT NULL, plan TEXT NOT NULL, groups TEXT NOT NULL, ip TEXT NOT NULL,
            custom1 TEXT NOT NULL, custom2 TEXT NOT NULL, custom3 TEXT NOT NULL,
            custom4 TEXT NOT NULL, custom5 TEXT NOT NULL,
            connected INTEGER,
            last_connection REAL NOT NULL,
            created REAL NOT NULL,
            UNIQUE (account, key)
        ) STRICT;

        -- What changes with every reading, apart from the rest: it is written a million times.
        CREATE TABLE device_seen (
            id INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            fleet INTEGER NOT NULL,
            -- Tells a device that was told before in the same words, without reading the words.
            fingerprint INTEGER NOT NULL,
            read_at REAL NOT NULL,
            run INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE device_raw (
            id INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            dictionary INTEGER NOT NULL,
            body BLOB NOT NULL
        ) STRICT;
        -- Devices resemble each other: with some of them at hand the others take a sixth.
        CREATE TABLE dictionary (
            number INTEGER PRIMARY KEY,
            body BLOB NOT NULL
        ) STRICT;

        -- Only the text that is searched in.
        CREATE TABLE device_text (
            id INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            search TEXT NOT NULL
        ) STRICT;
        -- Texts whose trigrams are not in the index yet; they are looked through one by one.
        CREATE TABLE device_text_new (id INTEGER PRIMARY KEY) STRICT;
        CREATE VIRTUAL TABLE device_trigram USING fts5 (
            search, content = '', contentless_delete = 1, detail = none,
            tokenize = 'trigram case_sensitive 1'
        );
        CREATE TRIGGER trigrams_leave_with_their_device AFTER DELETE ON device_text BEGIN
            DELETE FROM device_trigram WHERE rowid = old.id;
            DELETE FROM device_text_new WHERE id = old.id;
        END;

        CREATE TABLE sync (
            account TEXT PRIMARY KEY,
            run INTEGER NOT NULL,
            started_at REAL NOT NULL,
            after INTEGER NOT NULL,
            seen INTEGER NOT NULL,
            finished_at REAL,
            total INTEGER
        ) STRICT;

        CREATE TABLE reading (
            account TEXT NOT NULL,
            device INTEGER NOT NULL,
            kind TEXT NOT NULL,
            body BLOB,
            read_at REAL,
            tried_at REAL NOT NULL,
            trouble TEXT NOT NULL,
            -- What the answer comes to, where that is one number.
            amount INTEGER,
            PRIMARY KEY (account, device, kind)
        ) STRICT;
        CREATE TRIGGER readings_leave_with_their_device AFTER DELETE ON device BEGIN
            DELETE FROM reading WHERE device = old.id
                AND account = (SELECT name FROM account WHERE number = old.account);
        END;

        CREATE TABLE memory (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
    """)
    create_indexes(connection)


def _journal_1(connection: apsw.Connection) -> None:
    connection.execute("""
        CREATE TABLE request (
            id INTEGER PRIMARY KEY,
            batch TEXT NOT NULL,
            environment TEXT NOT NULL,
            account TEXT NOT NULL,
            operator TEXT NOT NULL,
            operation TEXT NOT NULL,
            title TEXT NOT NULL,
            fields TEXT NOT NULL,
            owner TEXT NOT NULL,
            devices INTEGER NOT NULL,
            -- Whether its devices take no other such request before it is over.
            exclusive INTEGER NOT NULL,
            created_at REAL NOT NULL,
            sending_at REAL,
            answered_at REAL,
            settled_at REAL,
            -- Who confirmed it in which profile, and why.
            profile TEXT NOT NULL DEFAULT '',
            note TEXT NOT NULL DEFAULT '',
            request_id TEXT NOT NULL DEFAULT '',
            answer TEXT NOT NULL DEFAULT '',
            problem TEXT NOT NULL DEFAULT '',
            code TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE INDEX request_by_batch ON request (batch);
        CREATE INDEX request_by_request_id ON request (request_id) WHERE request_id <> '';
        CREATE INDEX request_open ON request (settled_at) WHERE settled_at IS NULL;

        CREATE TABLE request_device (
            id INTEGER PRIMARY KEY,
            request INTEGER NOT NULL REFERENCES request (id),
            device_key TEXT NOT NULL,
            kind TEXT NOT NULL,
            identifier TEXT NOT NULL,
            before TEXT NOT NULL,
            state TEXT NOT NULL,
            changed_at REAL NOT NULL,
            problem TEXT NOT NULL DEFAULT '',
            evidence TEXT NOT NULL DEFAULT ''
        ) STRICT;
        CREATE INDEX request_device_by_request ON request_device (request);
        CREATE INDEX request_device_by_key ON request_device (device_key, state);

        -- AUTOINCREMENT counts the rows there ever were, which tells when the last ones are gone.
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            at REAL NOT NULL,
            operator TEXT NOT NULL,
            profile TEXT NOT NULL,
            environment TEXT NOT NULL,
            account TEXT NOT NULL,
            event TEXT NOT NULL,
            operation TEXT NOT NULL,
            title TEXT NOT NULL,
            fields TEXT NOT NULL,
            request INTEGER,
            request_id TEXT NOT NULL,
            devices INTEGER NOT NULL,
            device TEXT NOT NULL,
            note TEXT NOT NULL,
            problem TEXT NOT NULL,
            evidence TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit is append-only');
        END;
        CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit is append-only');
        END;
        CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
        WHEN EXISTS (SELECT 1 FROM audit WHERE id = new.id) BEGIN
            SELECT RAISE(ABORT, 'the audit is append-only');
        END;

        CREATE TABLE login (
            username TEXT PRIMARY KEY,
            refused INTEGER NOT NULL,
            last_at REAL NOT NULL
        ) STRICT;
    """)


def _journal_2(connection: apsw.Connection) -> None:
    connection.execute("""
        -- What the platform said later that does not fit with the state; the state stays.
        ALTER TABLE request_device ADD COLUMN contradiction TEXT NOT NULL DEFAULT '';
        CREATE INDEX request_device_contradicted ON request_device (id) WHERE contradiction <> '';
        -- What was sent within the last hour is looked up before anything is sent.
        CREATE INDEX request_by_sending ON request (account, operation, sending_at);
        CREATE INDEX request_by_creation ON request (account, operation, created_at);
    """)


def _inbox_1(connection: apsw.Connection) -> None:
    connection.execute("""
        CREATE TABLE message (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            -- What makes two messages the same; one that is delivered again has it too.
            digest BLOB NOT NULL UNIQUE,
            received_at REAL NOT NULL,
            last_at REAL NOT NULL,
            times INTEGER NOT NULL,
            service TEXT NOT NULL,
            source TEXT NOT NULL,
            request_id TEXT NOT NULL,
            body BLOB NOT NULL,
            verdict TEXT NOT NULL DEFAULT '',
            note TEXT NOT NULL DEFAULT '',
            handled_at REAL
        ) STRICT;
        CREATE INDEX message_new ON message (id) WHERE verdict = '';
        CREATE INDEX message_by_request ON message (request_id, id);
        CREATE INDEX message_stray ON message (received_at, request_id)
            WHERE verdict = 'foreign';

        -- Summing up the bodies of all messages would cost more with each that is kept.
        CREATE TABLE room (bytes INTEGER NOT NULL) STRICT;
        INSERT INTO room VALUES (0);
        CREATE TRIGGER room_is_taken AFTER INSERT ON message BEGIN
            UPDATE room SET bytes = bytes + length(new.body);
        END;
        CREATE TRIGGER room_is_given_back AFTER DELETE ON message BEGIN
            UPDATE room SET bytes = bytes - length(old.body);
        END;

        -- Reads whose answer comes by callback.
        CREATE TABLE question (
            request_id TEXT PRIMARY KEY,
            account TEXT NOT NULL,
            operation TEXT NOT NULL,
            asked_at REAL NOT NULL
        ) STRICT;
        CREATE INDEX question_newest ON question (account, operation, asked_at);
    """)


def _inbox_2(connection: apsw.Connection) -> None:
    connection.execute("""
        -- One row that is written over and over, to see whether a message could be.
        CREATE TABLE probe (id INTEGER PRIMARY KEY CHECK (id = 1), content BLOB NOT NULL) STRICT;
    """)


CACHE: tuple[Migration, ...] = (_cache_1, create_rhythm, create_tally, create_sighting)
"""Steps of the cache file."""

JOURNAL: tuple[Migration, ...] = (
    _journal_1, _journal_2, commissioning, incidents, wakes, shifts, text_drafts,
)  # fmt: skip
"""Steps of the journal file."""

INBOX: tuple[Migration, ...] = (
    _inbox_1, _inbox_2, notices, reach, heartbeats, mutes, texts, question_fields,
)  # fmt: skip
"""Steps of the file of callback messages."""
