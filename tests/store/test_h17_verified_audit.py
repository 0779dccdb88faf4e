"""What a database's owner can do to the audit, on both stores, and what `verify` says of it."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOW
from sqlalchemy import select
from store.auditing import TRANSFER, Audited, audited, events

from app.domain.audit_chain import link, start_of
from app.domain.audit_handles import HandleKind, handles
from app.domain.audit_walk import Wrong
from app.domain.decision import Event
from app.outbox.checkpoints import NoCheckpoints
from app.store.audit_forget import forget_subject
from app.store.audit_links import links_after, salts_of
from app.store.audit_seal import HORIZON
from app.store.engine import Store, Transaction
from app.store.tables import alerts, audit_events, audit_handles
from app.store.unit_of_work import record_events
from app.usecases.seal_audit import Sealer

TEN = events(10)


@pytest.fixture
def audit(store: Store, tmp_path: Path) -> Audited:
    return audited(store, tmp_path)


async def test_h17_what_nobody_touched_holds_and_is_counted(audit: Audited) -> None:
    await audit.record(*TEN)
    await audit.record(*events(3), authority="rochdale")
    await audit.record(*events(2))

    found, other = await audit.verify(), await audit.verify(stream="rochdale")

    assert (found.fault, found.links, found.checkpoints) == (None, 12, 1)
    assert (other.fault, other.links, other.checkpoints) == (None, 3, 0)


EDITS = {
    "authority": "'rochdale'",
    "transfer": "'another'",
    "action": "'another'",
    "actor": "'person.4'",
    "at": "(SELECT at FROM audit_events WHERE id = 9)",
    "from_stage": "'draft'",
    "to_stage": "'draft'",
    "version": "1000",
    "codes": "(SELECT codes FROM audit_events WHERE id = 9)",
}


@pytest.mark.long
@pytest.mark.parametrize("column", EDITS)
async def test_h17_an_edit_of_any_column_is_found_without_checkpoints(
    audit: Audited, column: str
) -> None:
    await audit.record(*TEN)

    await audit.sql(
        " ".join(("UPDATE audit_events SET", column, "=", EDITS[column], "WHERE id = 3"))
    )

    fault = (await audit.verify(checkpoints=False)).fault
    assert fault is not None
    assert (fault.stream, fault.sequence, fault.event) == ("durham", 3, 3)
    expected = {"authority": Wrong.MISSING, "transfer": Wrong.SALT}
    assert fault.wrong is expected.get(column, Wrong.ALTERED)


ATTACKS = {
    "DELETE FROM audit_events WHERE id = 3": (3, Wrong.MISSING),
    "DELETE FROM audit_chain WHERE event = 3": (3, Wrong.MISSING),
    "UPDATE audit_chain SET hash = 'x' WHERE event = 3": (3, Wrong.ALTERED),
    "UPDATE audit_chain SET event = 11 WHERE event = 3": (3, Wrong.MISSING),
    "UPDATE audit_chain SET authority = 'x' WHERE event = 3": (3, Wrong.MISSING),
    "UPDATE audit_chain SET at = (SELECT at FROM audit_events WHERE id = 9) WHERE event = 3": (
        3,
        Wrong.ALTERED,
    ),
    "UPDATE audit_handles SET salt = (SELECT salt FROM audit_handles WHERE subject = 'person.4')"
    " WHERE subject = 'person.2'": (3, Wrong.HANDLE),
    "UPDATE audit_handles SET digest = 'x' WHERE subject = 'person.2'": (3, Wrong.HANDLE),
    "DELETE FROM audit_handles WHERE subject = 'person.2'": (3, Wrong.SALT),
    "UPDATE audit_handles SET salt = NULL WHERE subject = 'person.2'": (3, Wrong.HANDLE),
    "UPDATE audit_events SET codes = 'null' WHERE id = 3": (3, Wrong.ALTERED),
    "UPDATE audit_events SET codes = '[1]' WHERE id = 3": (3, Wrong.ALTERED),
    "UPDATE audit_streams SET sequence = 11": (11, Wrong.TRUNCATED),
    "UPDATE audit_streams SET sequence = 9": (11, Wrong.INSERTED),
    "UPDATE audit_streams SET hash = 'x'": (11, Wrong.INSERTED),
    "DELETE FROM audit_streams": (11, Wrong.TRUNCATED),
}


@pytest.mark.long
@pytest.mark.parametrize("attack", ATTACKS)
async def test_h17_an_attack_in_the_middle_is_found_without_checkpoints(
    audit: Audited, attack: str
) -> None:
    await audit.record(*TEN)

    await audit.sql(attack)

    fault = (await audit.verify(checkpoints=False)).fault
    assert fault is not None
    assert (fault.sequence, fault.wrong) == ATTACKS[attack]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "edit",
    [
        "audit_events SET codes = 'not json' WHERE id = 3",
        "audit_events SET codes = x'ff' WHERE id = 3",
        "audit_events SET at = 'not a time' WHERE id = 3",
        "audit_events SET at = x'ff' WHERE id = 3",
        "audit_chain SET at = 'not a time' WHERE event = 3",
    ],
)
async def test_h17_what_cannot_be_read_any_more_is_named_as_altered(
    audit: Audited, edit: str
) -> None:
    await audit.record(*TEN)

    await audit.sql(f"UPDATE {edit}")

    fault = (await audit.verify(checkpoints=False)).fault
    assert fault is not None
    assert (fault.sequence, fault.event, fault.wrong) == (3, 3, Wrong.ALTERED)


async def test_h17_two_events_that_change_places_are_found_without_checkpoints(
    audit: Audited,
) -> None:
    await audit.record(*TEN)

    for one, other in ((3, -1), (7, 3), (-1, 7)):
        await audit.sql("UPDATE audit_chain SET event = :to WHERE event = :at", at=one, to=other)

    fault = (await audit.verify(checkpoints=False)).fault
    assert fault is not None
    assert (fault.sequence, fault.event, fault.wrong) == (3, 7, Wrong.OUT_OF_ORDER)


async def test_h17_an_event_that_no_link_holds_is_found_once_it_had_its_time(
    audit: Audited,
) -> None:
    await audit.record(*TEN)
    for hours in range(3):
        await audit.seal(NOW + hours * HORIZON)

    await audit.sql("DELETE FROM audit_chain WHERE sequence = 10")
    await audit.sql(
        "UPDATE audit_streams SET sequence = 9,"
        " hash = (SELECT hash FROM audit_chain WHERE sequence = 9)"
    )

    fault = (await audit.verify(checkpoints=False)).fault
    assert fault is not None
    assert (fault.event, fault.wrong) == (10, Wrong.INSERTED)


async def cut_off(audit: Audited, left: int) -> None:
    """Cut the tail off, wherever it shows."""
    await audit.sql("DELETE FROM audit_chain WHERE sequence > :left", left=left)
    await audit.sql("DELETE FROM audit_events WHERE id > :left", left=left)
    await audit.sql(
        "UPDATE audit_streams SET sequence = :left,"
        " hash = (SELECT hash FROM audit_chain WHERE sequence = :left)",
        left=left,
    )


async def test_h17_a_tail_cut_off_is_found_by_a_checkpoint_and_by_nothing_else(
    audit: Audited,
) -> None:
    await audit.record(*TEN)

    await cut_off(audit, 6)

    assert (await audit.verify(checkpoints=False)).fault is None
    fault = (await audit.verify()).fault
    assert fault is not None
    assert (fault.sequence, fault.wrong) == (7, Wrong.TRUNCATED)
    assert "10 links" in fault.says


async def test_h17_what_is_after_the_last_checkpoint_can_be_cut_off_unseen(audit: Audited) -> None:
    await audit.record(*TEN)
    await audit.record(*events(3))

    await cut_off(audit, 10)

    assert (await audit.verify()).fault is None


async def write_anew(audit: Audited, event: int) -> None:
    """Alter an event and compute every hash from there on, as the service would."""
    await audit.sql("UPDATE audit_events SET version = 1000 WHERE id = :event", event=event)
    async with audit.store.read() as tx:
        links = await links_after(tx, "durham", 0)
        salts = await salts_of(tx, {one for x in links if x.event for one in handles(x.event)})
    digests = {handle: salted.digest for handle, salted in salts.items()}
    last = start_of("durham")
    for one in links:
        assert one.event is not None
        last = link("durham", one.sequence, last, one.event, digests)
        where = {"hash": last, "at": one.sequence}
        await audit.sql("UPDATE audit_chain SET hash = :hash WHERE sequence = :at", **where)
    await audit.sql("UPDATE audit_streams SET hash = :hash", hash=last)


async def test_h17_a_history_written_anew_is_found_by_a_checkpoint_and_by_nothing_else(
    audit: Audited,
) -> None:
    for _ in range(3):
        await audit.record(*events(4))

    await write_anew(audit, 6)

    assert (await audit.verify(checkpoints=False)).fault is None
    found = await audit.verify()
    assert found.fault is not None
    assert (found.fault.sequence, found.fault.wrong) == (8, Wrong.REWRITTEN)
    assert found.checkpoints == 1


async def test_h17_a_checkpoint_that_is_altered_dropped_or_signed_by_another_is_found(
    audit: Audited, tmp_path: Path
) -> None:
    for _ in range(3):
        await audit.record(*events(4))
    file = audit.folder / "durham.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    assert (await audit.verify()).checkpoints == len(lines) == 3
    jws = json.loads(lines[1])["jws"]
    head, said, signature = jws.split(".")
    other = json.dumps({"jws": f"{head}.{said[:-4]}AAAA.{signature}"}) + "\n"
    (tmp_path / "other").mkdir()
    strange = replace(audit, key=audited(audit.store, tmp_path / "other").key)

    found = {}
    for name, left in {
        "altered": [lines[0], other, lines[2]],
        "dropped": [lines[0], lines[2]],
        "swapped": [lines[1], lines[0]],
        "torn by a power cut": [lines[0], lines[1][:40] + "\n", lines[1], lines[2]],
    }.items():
        file.write_text("".join(left))
        fault = (await audit.verify()).fault
        found[name] = fault and (fault.wrong, fault.sequence)
    file.write_text("".join(lines))
    by_another = (await strange.verify()).fault

    assert found == {
        "altered": (Wrong.SIGNATURE, 4),
        "dropped": (Wrong.SIGNATURE, 4),
        "swapped": (Wrong.SIGNATURE, 0),
        "torn by a power cut": None,
    }
    assert by_another is not None
    assert by_another.wrong is Wrong.SIGNATURE


@pytest.mark.parametrize("left", [0, 1])
async def test_h17_checkpoints_that_were_taken_away_are_found(audit: Audited, left: int) -> None:
    for _ in range(3):
        await audit.record(*events(4))
    file = audit.folder / "durham.jsonl"
    file.write_text("".join(file.read_text().splitlines(keepends=True)[:left]))

    found = await audit.verify()

    assert found.fault is not None
    assert (found.fault.sequence, found.fault.wrong) == (12, Wrong.TRUNCATED)
    assert (await audit.verify(checkpoints=False)).fault is None


async def forget(tx: Transaction, kind: HandleKind, subject: str) -> None:
    await forget_subject(
        tx, authority="durham", kind=kind, subject=subject, actor="retention", now=NOW
    )


async def test_who_is_erased_is_gone_from_every_table_and_the_chain_still_holds(
    audit: Audited,
) -> None:
    told = Event("list", "person.1", NOW, None, None, None, ("transfers", TRANSFER, "child:DUR1"))
    moved = Event("worker_changed", "x", NOW, None, None, 1, ("from:person.1", "to:person.2"))
    await audit.record(*TEN, told, moved)
    async with audit.store.write() as tx:  # not sealed yet, as they are erased
        await record_events(tx, "durham", TRANSFER, (told, moved))
        await forget(tx, HandleKind.PERSON, "person.1")
        await forget(tx, HandleKind.RECORD, TRANSFER)
        await forget(tx, HandleKind.CHILD, "DUR1")

    assert (await audit.verify()).fault is None
    await audit.seal()
    assert (await audit.verify()).fault is None
    async with audit.store.read() as tx:
        rows = [
            *(await tx.connection.execute(select(audit_events))).mappings(),
            *(await tx.connection.execute(select(audit_handles))).mappings(),
        ]
    assert not [row for row in rows for x in ("person.1", TRANSFER, "DUR1") if x in str(row)]
    assert any("person.2" in str(row) for row in rows)


async def test_h17_who_is_erased_in_silence_is_found(audit: Audited) -> None:
    await audit.record(*TEN)

    await audit.sql(
        "UPDATE audit_events SET actor = '#' ||"
        " (SELECT digest FROM audit_handles WHERE subject = 'person.2') WHERE actor = 'person.2'"
    )
    await audit.sql("DELETE FROM audit_handles WHERE subject = 'person.2'")

    fault = (await audit.verify()).fault
    assert fault is not None
    assert (fault.sequence, fault.event, fault.wrong) == (3, 3, Wrong.ERASED)


async def test_h17_since_a_day_what_was_before_is_trusted_and_what_is_after_is_not(
    audit: Audited,
) -> None:
    later = [replace(event, at=event.at + timedelta(days=2)) for event in events(4)]
    await audit.record(*TEN)
    await audit.record(*later)
    await audit.sql("UPDATE audit_events SET version = 1000 WHERE id = 3")

    since = NOW + timedelta(days=1)
    before = await audit.verify(since=since)
    await audit.sql("UPDATE audit_events SET version = 1000 WHERE id = 12")
    after = await audit.verify(since=since)

    assert (before.fault, before.links, before.checkpoints) == (None, 4, 2)
    assert after.fault is not None
    assert after.fault.sequence == 12


async def test_a_checkpoint_that_cannot_be_written_is_told_once_and_made_up_for(
    audit: Audited,
) -> None:
    away = audit.folder.with_name("away")
    audit.folder.rename(away)

    for _ in range(3):
        await audit.record(*events(4))
    away.rename(audit.folder)
    await audit.seal()

    async with audit.store.read() as tx:
        raised = (await tx.connection.execute(select(alerts.c.kind, alerts.c.authority))).all()
    assert [tuple(row) for row in raised] == [("audit_checkpoint_failed", "durham")]
    found = await audit.verify()
    assert (found.fault, found.links, found.checkpoints) == (None, 12, 1)


async def test_where_no_checkpoints_can_be_written_each_chain_is_told_of_once(
    audit: Audited,
) -> None:
    async with audit.store.write() as tx:
        await record_events(tx, "durham", TRANSFER, TEN)
        await record_events(tx, "rochdale", TRANSFER, TEN)
    await Sealer(audit.store).seal_all(NOW)

    for relay in (NoCheckpoints(audit.store), NoCheckpoints(audit.store)):
        for _ in range(2):
            assert await relay.write_due(NOW) == 0

    async with audit.store.read() as tx:
        raised = (await tx.connection.execute(select(alerts.c.kind, alerts.c.authority))).all()
    told = sorted(tuple(row) for row in raised)
    assert told == [("audit_unsigned", "durham"), ("audit_unsigned", "rochdale")]


async def test_two_relays_that_write_the_same_checkpoint_write_it_once(audit: Audited) -> None:
    async with audit.store.write() as tx:
        await record_events(tx, "durham", TRANSFER, TEN)
    await Sealer(audit.store).seal_all(NOW)
    one, other = audit.checkpoints(), audit.checkpoints()

    await one.write_due(NOW)
    await audit.sql("UPDATE audit_streams SET checkpoint_sequence = 0")
    await other.write_due(NOW)

    assert len((audit.folder / "durham.jsonl").read_text().splitlines()) == 1
