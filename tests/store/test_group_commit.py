"""SQLite's writer: calls share a COMMIT, none is answered before it, none harms another."""

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import NullPool, create_engine

from app.store import group_commit
from app.store.drivers import OnSqliteHere
from app.store.failures import StoreUnavailable
from app.store.group_commit import GroupCommit


class Disk(sqlite3.Connection):
    """A connection whose COMMITs can be counted, made to fail, and made to wait."""

    commits = 0
    broken = False
    may_commit = threading.Event()

    def execute(self, sql: str, parameters: object = (), /) -> sqlite3.Cursor:
        if sql == "COMMIT":
            self.may_commit.wait(5)
            if self.broken:
                raise sqlite3.OperationalError("disk I/O error")
            self.commits += 1
        return super().execute(sql, parameters)  # type: ignore[arg-type]


class Writing:
    """A writer on a table of names."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.disk: Disk
        self.writer = GroupCommit(self.open, patience=5)

    def open(self) -> OnSqliteHere:
        given = {"factory": Disk, "check_same_thread": False, "timeout": 0}
        engine = create_engine(f"sqlite:///{self.file}", connect_args=given, poolclass=NullPool)
        connection = engine.connect()
        disk = connection.connection.driver_connection
        assert isinstance(disk, Disk)
        disk.isolation_level = None
        self.disk = disk
        return OnSqliteHere(connection, disk)

    async def add(self, name: str, then: Callable[[], object] = int) -> None:
        async with self.writer.transaction() as connection:
            await connection.change("INSERT INTO names VALUES (?)", [name])
            then()

    def names(self) -> list[str]:
        """As another process sees them."""
        with sqlite3.connect(self.file) as other:
            return [name for (name,) in other.execute("SELECT name FROM names ORDER BY rowid")]


@pytest.fixture
def file_of_names(tmp_path: Path) -> Path:
    file = tmp_path / "names.sqlite3"
    with sqlite3.connect(file) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE names (name TEXT UNIQUE)")
    Disk.may_commit.set()
    return file


@pytest.fixture
async def writing(file_of_names: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Writing]:
    monkeypatch.setattr(group_commit, "LONGEST", 5)  # however busy the machine is
    one = Writing(file_of_names)
    await one.add("first")
    one.disk.commits = 0
    yield one
    Disk.may_commit.set()
    await one.writer.close()


def refuse() -> None:
    raise LookupError("mine")


async def test_calls_that_wait_share_one_commit_in_the_order_in_which_they_came(
    writing: Writing,
) -> None:
    await asyncio.gather(*(writing.add(f"n{n}") for n in range(20)))

    assert writing.disk.commits == 1
    assert writing.names() == ["first", *(f"n{n}" for n in range(20))]


async def test_a_group_takes_in_no_more_than_its_size(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "LARGEST", 3)

    await asyncio.gather(*(writing.add(f"n{n}") for n in range(7)))

    assert writing.disk.commits == 3


async def test_a_group_that_has_lasted_lets_nobody_else_in(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "LONGEST", 0.0005)

    def take_long() -> None:
        until = asyncio.get_running_loop().time() + 0.001
        while asyncio.get_running_loop().time() < until:
            pass

    await asyncio.gather(*(writing.add(f"n{n}", take_long) for n in range(3)))

    assert writing.disk.commits == 3


async def test_a_call_that_fails_takes_back_its_own_changes_alone(writing: Writing) -> None:
    outcomes = await asyncio.gather(
        writing.add("before"), writing.add("refused", refuse), writing.add("after"),
        return_exceptions=True,
    )  # fmt: skip

    assert [type(outcome) for outcome in outcomes] == [type(None), LookupError, type(None)]
    assert writing.names() == ["first", "before", "after"]
    assert writing.disk.commits == 1


async def test_a_call_sees_what_those_before_it_in_the_group_wrote(writing: Writing) -> None:
    async def count() -> int:
        async with writing.writer.transaction() as connection:
            return len(await connection.fetch("SELECT 1 FROM names", []))

    _, _, seen = await asyncio.gather(writing.add("one"), writing.add("two"), count())

    assert seen == 3


async def test_nobody_is_answered_before_the_commit_and_the_loop_goes_on_meanwhile(
    writing: Writing,
) -> None:
    Disk.may_commit.clear()
    calls = [
        asyncio.create_task(writing.add("kept")),
        asyncio.create_task(writing.add("no", refuse)),
    ]

    await asyncio.sleep(0.05)
    answered_early = [call.done() for call in calls]
    seen_early = writing.names()
    Disk.may_commit.set()
    await asyncio.wait(calls)

    assert answered_early == [False, False]
    assert seen_early == ["first"]
    assert writing.names() == ["first", "kept"]
    assert isinstance(calls[1].exception(), LookupError)


async def test_a_commit_that_fails_fails_everyone_in_the_group_and_keeps_nothing(
    writing: Writing,
) -> None:
    writing.disk.broken = True
    outcomes = await asyncio.gather(
        writing.add("one"), writing.add("two", refuse), writing.add("three"),
        return_exceptions=True,
    )  # fmt: skip
    writing.disk.broken = False
    await writing.add("later")

    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert writing.names() == ["first", "later"]


async def test_a_disk_that_undoes_all_at_once_fails_those_who_had_ended_too(
    writing: Writing,
) -> None:
    def undo_all() -> None:
        writing.disk.execute("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    outcomes = await asyncio.gather(
        writing.add("one"), writing.add("two", undo_all), writing.add("three"),
        return_exceptions=True,
    )  # fmt: skip

    assert [type(outcome) for outcome in outcomes] == [
        StoreUnavailable,
        StoreUnavailable,
        type(None),
    ]
    assert writing.names() == ["first", "three"]


async def test_a_call_that_is_cancelled_while_it_works_takes_back_its_own_changes(
    writing: Writing,
) -> None:
    at_work = asyncio.Event()

    async def hang() -> None:
        async with writing.writer.transaction() as connection:
            await connection.change("INSERT INTO names VALUES (?)", ["hung"])
            at_work.set()
            await asyncio.sleep(60)

    hanging = asyncio.create_task(hang())
    other = asyncio.create_task(writing.add("other"))
    await at_work.wait()
    hanging.cancel()
    await other

    assert hanging.cancelled()
    assert writing.names() == ["first", "other"]


async def test_a_call_that_hangs_is_given_up_and_the_others_are_kept(
    writing: Writing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "LONGEST_CALL", 0.05)

    async def hang() -> None:
        async with writing.writer.transaction() as connection:
            await connection.change("INSERT INTO names VALUES (?)", ["hung"])
            await asyncio.Event().wait()

    outcomes = await asyncio.gather(
        writing.add("before"), hang(), writing.add("after"), return_exceptions=True
    )

    assert [type(outcome) for outcome in outcomes] == [type(None), TimeoutError, type(None)]
    assert writing.names() == ["first", "before", "after"]


async def test_closing_lets_those_who_wait_finish_and_refuses_who_comes_later(
    writing: Writing,
) -> None:
    waiting = [asyncio.create_task(writing.add(f"n{n}")) for n in range(3)]
    await asyncio.sleep(0)

    await writing.writer.close()
    async with asyncio.timeout(1):
        with pytest.raises(StoreUnavailable):
            await writing.add("late")
    await asyncio.gather(*waiting)

    assert writing.names() == ["first", "n0", "n1", "n2"]


@pytest.mark.parametrize("when", ["in the queue", "before the commit"])
async def test_a_caller_who_goes_away_leaves_the_others_and_the_writer_as_they_were(
    writing: Writing, when: str
) -> None:
    Disk.may_commit.clear()
    holding = asyncio.create_task(writing.add("holding"))
    await asyncio.sleep(0.02)  # its COMMIT waits for the disk
    leaving = asyncio.create_task(writing.add("leaving"))
    staying = asyncio.create_task(writing.add("staying"))
    await asyncio.sleep(0.02)
    (leaving if when == "in the queue" else holding).cancel()
    await asyncio.sleep(0)
    Disk.may_commit.set()
    await asyncio.wait([holding, leaving, staying])

    left = "leaving" if when == "in the queue" else "holding"
    kept = {"holding", "leaving", "staying"} - ({left} if when == "in the queue" else set())
    assert set(writing.names()) == {"first", *kept}
    assert staying.exception() is None


async def test_while_another_process_has_the_lock_everyone_waits_and_then_is_told(
    writing: Writing,
) -> None:
    await writing.writer.close()
    patient = GroupCommit(writing.open, patience=0.2)
    writing.writer = patient
    with sqlite3.connect(writing.file, isolation_level=None) as rival:
        rival.execute("BEGIN IMMEDIATE")
        outcomes = await asyncio.gather(
            *(writing.add(f"n{n}") for n in range(3)), return_exceptions=True
        )
        rival.execute("COMMIT")
    rival.close()
    await writing.add("afterwards")

    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert writing.names() == ["first", "afterwards"]


async def test_who_waits_for_another_process_goes_on_as_soon_as_its_lock_is_free(
    writing: Writing,
) -> None:
    rival = sqlite3.connect(writing.file, isolation_level=None)
    rival.execute("BEGIN IMMEDIATE")
    waiting = asyncio.create_task(writing.add("waited"))
    await asyncio.sleep(0.05)
    before = waiting.done()
    rival.execute("COMMIT")
    rival.close()
    await waiting

    assert not before
    assert writing.names() == ["first", "waited"]


def test_a_loop_that_ends_in_the_middle_of_a_group_leaves_nothing_to_the_next(
    file_of_names: Path,
) -> None:
    one = Writing(file_of_names)
    ends: list[type[BaseException]] = []

    async def hang() -> None:
        try:
            async with one.writer.transaction() as connection:
                await connection.change("INSERT INTO names VALUES (?)", ["hung"])
                await asyncio.sleep(60)
        except BaseException as error:
            ends.append(type(error))
            raise

    async def end_early() -> None:
        hanging = [asyncio.create_task(one.add("before")), asyncio.create_task(hang())]
        await asyncio.wait(hanging, timeout=0.05)

    async def go_on() -> None:
        await one.add("afterwards")
        await one.writer.close()

    asyncio.run(end_early())
    asyncio.run(go_on())

    assert ends == [asyncio.CancelledError]
    assert one.names() == ["afterwards"]
