"""The tables, one function a version; a released version is never edited, only followed."""

import apsw

from tsui.store.database import Migration


def _cache_1(connection: apsw.Connection) -> None:
    connection.execute("""
        CREATE TABLE device (
            -- An id is never given twice: marks, the cursor and readings go by it.
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account TEXT NOT NULL,
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
            fingerprint INTEGER NOT NULL,
            read_at REAL NOT NULL,
            sync_run INTEGER NOT NULL,
            UNIQUE (account, key)
        ) STRICT;
        CREATE INDEX device_by_iccid ON device (account, iccid, id);
        CREATE INDEX device_by_imei ON device (account, imei, id);
        CREATE INDEX device_by_mdn ON device (account, mdn, id);
        CREATE INDEX device_by_state ON device (account, state, id);
        CREATE INDEX device_by_plan ON device (account, plan, id);
        CREATE INDEX device_by_groups ON device (account, groups, id);
        CREATE INDEX device_by_ip ON device (account, ip, id);
        CREATE INDEX device_by_custom1 ON device (account, custom1, id);
        CREATE INDEX device_by_last_connection ON device (account, last_connection, id);
        CREATE INDEX device_by_created ON device (account, created, id);
        CREATE INDEX device_by_eid ON device (account, eid) WHERE eid <> '';
        CREATE INDEX device_iccid_ends ON device (account, iccid_reversed);
        CREATE INDEX device_imei_ends ON device (account, imei_reversed);
        CREATE INDEX device_mdn_ends ON device (account, mdn_reversed);

        CREATE TABLE device_raw (
            id INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            body BLOB NOT NULL
        ) STRICT;

        -- Only the text that is searched in, so that a million of them are looked through in 0.2 s.
        -- An index of trigrams is hardly faster where most words are digits, and slow to write.
        CREATE TABLE device_text (
            id INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            account TEXT NOT NULL,
            search TEXT NOT NULL
        ) STRICT;

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
            PRIMARY KEY (account, device, kind)
        ) STRICT;
        CREATE TRIGGER readings_leave_with_their_device AFTER DELETE ON device BEGIN
            DELETE FROM reading WHERE account = old.account AND device = old.id;
        END;

        CREATE TABLE memory (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
    """)


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


CACHE: tuple[Migration, ...] = (_cache_1,)
"""Steps of the cache file."""

JOURNAL: tuple[Migration, ...] = (_journal_1,)
"""Steps of the journal file."""

INBOX: tuple[Migration, ...] = (_inbox_1,)
"""Steps of the file of callback messages."""
