"""The tables, one function a version; a released version is never edited, only followed."""

import apsw

from tsui.store.database import Migration


def _cache_1(connection: apsw.Connection) -> None:
    connection.execute("""
        CREATE TABLE device (
            id INTEGER PRIMARY KEY,
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
            search TEXT NOT NULL,
            fingerprint INTEGER NOT NULL,
            read_at REAL NOT NULL,
            sync_run INTEGER NOT NULL,
            UNIQUE (account, key)
        ) STRICT;
        CREATE INDEX device_by_iccid ON device (account, iccid, id);
        CREATE INDEX device_by_state ON device (account, state, id);
        CREATE INDEX device_by_plan ON device (account, plan, id);
        CREATE INDEX device_by_last_connection ON device (account, last_connection, id);
        CREATE INDEX device_iccid_ends ON device (iccid_reversed);
        CREATE INDEX device_imei_ends ON device (imei_reversed);
        CREATE INDEX device_mdn_ends ON device (mdn_reversed);

        CREATE TABLE device_raw (
            id INTEGER PRIMARY KEY REFERENCES device (id) ON DELETE CASCADE,
            body BLOB NOT NULL
        ) STRICT;

        CREATE VIRTUAL TABLE device_search USING fts5 (
            search, content='device', content_rowid='id',
            tokenize="trigram case_sensitive 1", detail='none'
        );
        CREATE TRIGGER device_search_insert AFTER INSERT ON device BEGIN
            INSERT INTO device_search (rowid, search) VALUES (new.id, new.search);
        END;
        CREATE TRIGGER device_search_delete AFTER DELETE ON device BEGIN
            INSERT INTO device_search (device_search, rowid, search)
            VALUES ('delete', old.id, old.search);
        END;
        CREATE TRIGGER device_search_update AFTER UPDATE OF search ON device
        WHEN old.search IS NOT new.search BEGIN
            INSERT INTO device_search (device_search, rowid, search)
            VALUES ('delete', old.id, old.search);
            INSERT INTO device_search (rowid, search) VALUES (new.id, new.search);
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
            PRIMARY KEY (account, device, kind)
        ) STRICT;

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
            created_at REAL NOT NULL,
            sending_at REAL,
            answered_at REAL,
            settled_at REAL,
            request_id TEXT NOT NULL DEFAULT '',
            problem TEXT NOT NULL DEFAULT '',
            code TEXT NOT NULL DEFAULT ''
        ) STRICT;
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

        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            at REAL NOT NULL,
            operator TEXT NOT NULL,
            environment TEXT NOT NULL,
            account TEXT NOT NULL,
            event TEXT NOT NULL,
            request INTEGER,
            detail TEXT NOT NULL
        ) STRICT;
        CREATE TRIGGER audit_is_append_only_1 BEFORE UPDATE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit is append-only');
        END;
        CREATE TRIGGER audit_is_append_only_2 BEFORE DELETE ON audit BEGIN
            SELECT RAISE(ABORT, 'the audit is append-only');
        END;

        CREATE TABLE login (
            username TEXT PRIMARY KEY,
            refused INTEGER NOT NULL,
            last_at REAL NOT NULL
        ) STRICT;
    """)


CACHE: tuple[Migration, ...] = (_cache_1,)
"""Steps of the cache file."""

JOURNAL: tuple[Migration, ...] = (_journal_1,)
"""Steps of the journal file."""
