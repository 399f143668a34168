"""From nothing to the newest format, from an older one, and never from a newer one."""

import asyncio
import stat
import threading
from pathlib import Path

import apsw
import pytest

from tests.store.cases import elsewhere, intent, result_of
from tsui.store import schema
from tsui.store.database import Database, Migration
from tsui.store.errors import DiskFull, NewerStore
from tsui.store.store import Store


def _second(connection: apsw.Connection) -> None:
    connection.execute("ALTER TABLE login ADD COLUMN added TEXT NOT NULL DEFAULT 'new'")


NOW = len(schema.JOURNAL)
"""The format of the journal."""

NEXT = NOW + 1
"""The format that the tests bring it to."""


def _failing(connection: apsw.Connection) -> None:
    _second(connection)
    raise LookupError("in the middle of it")


def _version(connection: apsw.Connection) -> int:
    return int(connection.pragma("user_version"))


def _logins(connection: apsw.Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute("SELECT * FROM login")]


def _journal(path: Path, *more: Migration) -> Database:
    return Database(path, (*schema.JOURNAL, *more), durable=True)


async def _first_format(path: Path) -> None:
    database = _journal(path)
    await database.open()
    await database.write(lambda each: each.execute("INSERT INTO login VALUES ('me', 1, 2.0)") and 0)
    await database.close()


async def test_all_files_are_made_and_opened_again_as_they_were(tmp_path: Path) -> None:
    for _ in range(3):
        store = Store(tmp_path)
        await store.open()
        await store.memory.put("times", await store.memory.get("times", 0) + 1)
        await store.close()
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"cache.db", "inbox.db", "journal.db", "processes"}
    store = Store(tmp_path)
    await store.open()
    assert await store.memory.get("times") == 3
    await store.close()


async def test_processes_that_open_a_new_store_at_the_same_time_all_can(tmp_path: Path) -> None:
    for attempt in range(3):
        folder = tmp_path / str(attempt)
        work = """
            await store.logins.note_refusal("me", 1.0)
            print(await store.logins.refused("me") > 0)
        """
        processes = [elsewhere(folder, work) for _ in range(4)]
        assert [await result_of(each) for each in processes] == [["True"]] * 4
        store = Store(folder)
        await store.open()
        assert await store.logins.refused("me") == 4
        await store.close()


async def test_an_older_file_is_brought_up_and_keeps_what_it_held(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await _first_format(path)
    newer = _journal(path, _second)
    await newer.open()
    assert await newer.read(_version) == NEXT
    assert await newer.read(_logins) == [("me", 1, 2.0, "new")]
    await newer.close()


async def test_an_older_journal_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await _first_format(path)
    newer = _journal(path, _second)
    await newer.open()
    await newer.close()
    copy = tmp_path / f"journal.db.before-format-{NEXT}"
    assert {each.name for each in tmp_path.iterdir()} == {path.name, copy.name}
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    older = _journal(copy)
    await older.open()
    assert await older.read(_version) == NOW
    assert await older.read(_logins) == [("me", 1, 2.0)]
    assert await older.read(lambda each: each.pragma("integrity_check")) == "ok"
    await older.close()


async def test_a_copy_that_was_cut_off_is_made_again(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await _first_format(path)
    (tmp_path / f"journal.db.before-format-{NEXT}.begun").write_bytes(b"half of it")
    newer = _journal(path, _second)
    await newer.open()
    await newer.close()
    assert {each.name for each in tmp_path.iterdir()} == {
        path.name,
        f"{path.name}.before-format-{NEXT}",
    }


async def test_a_cache_is_not_copied(tmp_path: Path) -> None:
    path = tmp_path / "cache.db"
    older = Database(path, schema.CACHE, durable=False)
    await older.open()
    await older.close()
    newer = Database(path, (*schema.CACHE, lambda _: None), durable=False)
    await newer.open()
    assert await newer.read(_version) == len(schema.CACHE) + 1
    await newer.close()
    assert [each.name for each in tmp_path.iterdir()] == ["cache.db"]


async def test_a_step_that_fails_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await _first_format(path)
    newer = _journal(path, _failing)
    with pytest.raises(LookupError):
        await newer.open()
    await newer.close()
    older = _journal(path)
    await older.open()
    assert await older.read(_logins) == [("me", 1, 2.0)]
    await older.close()


async def test_without_room_for_the_copy_nothing_is_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "journal.db"
    await _first_format(path)

    def full(*_: object) -> None:
        raise apsw.FullError("no room")

    newer = _journal(path, _second)
    monkeypatch.setattr(newer, "_copy", full)
    with pytest.raises(DiskFull):
        await newer.open()
    await newer.close()
    older = _journal(path)
    await older.open()
    assert await older.read(_version) == NOW
    await older.close()


async def test_two_that_migrate_at_the_same_time_do_each_step_once(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await _first_format(path)
    steps: list[str] = []
    both_there = threading.Barrier(2)

    def slow(connection: apsw.Connection) -> None:
        steps.append(threading.current_thread().name)
        _second(connection)

    class Together(Database):
        def _prepare(self, connection: apsw.Connection) -> None:
            both_there.wait(10)
            super()._prepare(connection)

    both = [Together(path, (*schema.JOURNAL, slow), durable=True) for _ in range(2)]
    await asyncio.gather(*(each.open() for each in both))
    assert len(steps) == 1
    for each in both:
        assert await each.read(_version) == NEXT
        await each.close()


async def test_a_file_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    store = Store(tmp_path)
    await store.open()
    number = await store.journal.intend(intent("iccid:1"), owner=store.owner.name, at=1.0)
    await store.close()
    path = tmp_path / "journal.db"
    newer = _journal(path, _second, lambda _: None)
    await newer.open()
    await newer.close()
    again = Store(tmp_path)
    with pytest.raises(NewerStore) as caught:
        await again.open()
    assert str(caught.value) == (
        f"{path} was written by a newer tsui (format {NEXT + 1}, this one knows {NOW}). "
        "Use that version, or move the file away."
    )
    kept = _journal(path, _second, lambda _: None)
    count = "SELECT count(*) FROM request_device WHERE request = ?"
    assert await kept.read(lambda each: each.execute(count, (number,)).get) == 1
    await kept.close()


async def test_a_store_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    (tmp_path / "journal.db").write_bytes(b"no database" * 100)
    before = threading.active_count()
    with pytest.raises(Exception, match="damaged"):
        await Store(tmp_path).open()
    assert threading.active_count() <= before
