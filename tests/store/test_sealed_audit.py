"""Sealing over both stores: one chain an authority, whoever seals, in whatever batches."""

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest
from builders import NOW
from sqlalchemy import insert, select, update
from store.auditing import TRANSFER, events

from app.domain.audit_chain import start_of
from app.store.audit_seal import HORIZON, seal, seal_stragglers
from app.store.engine import Store
from app.store.tables import audit_chain, audit_events, audit_handles, audit_streams
from app.store.unit_of_work import record_events
from app.usecases.seal_audit import Sealer
from app.usecases.verify_audit import verify_audit

TWELFTH = "a4c6ea41ab57938c172ff6399a1584a1a2edbbacc5ffb2d769881233360d75ef"
"""On either store, in any batches, for good: chains that councils hold are checked by it."""


async def record(store: Store, many: int, authority: str = "durham") -> None:
    async with store.write() as tx:
        await record_events(tx, authority, TRANSFER, events(many))


async def rows_of(store: Store, table: Any) -> list[dict[str, Any]]:
    async with store.read() as tx:
        found = await tx.connection.execute(select(table).order_by(*table.primary_key))
        return [dict(row) for row in found.mappings()]


async def test_every_event_is_one_link_and_the_head_is_the_last(store: Store) -> None:
    await record(store, 5)
    await record(store, 3, "rochdale")

    await Sealer(store).seal_all(NOW)
    await Sealer(store).seal_all(NOW)

    chain, heads = await rows_of(store, audit_chain), await rows_of(store, audit_streams)
    assert [(x["authority"], x["sequence"]) for x in chain] == [
        *(("durham", n) for n in range(1, 6)),
        *(("rochdale", n) for n in range(1, 4)),
    ]
    assert [x["event"] for x in chain] == [*range(1, 9)]
    assert [(x["sequence"], x["hash"]) for x in heads] == [
        (5, chain[4]["hash"]),
        (3, chain[7]["hash"]),
    ]
    assert start_of("durham") not in {x["hash"] for x in chain}


@pytest.mark.parametrize("batches", [(1,) * 12, (5, 1, 6), (2, 2, 2, 2, 2, 2), (100,)])
async def test_sealing_in_any_batches_gives_the_same_chain(
    store: Store, batches: Sequence[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("secrets.token_bytes", lambda many: b"s" * many)
    async with store.write() as tx:
        await record_events(tx, "durham", TRANSFER, events(12))

    for most in batches:
        async with store.write() as tx:
            await seal(tx, NOW, most)

    chain = await rows_of(store, audit_chain)
    assert [x["event"] for x in chain] == [*range(1, 13)]
    assert chain[-1]["hash"] == TWELFTH


async def test_two_relays_at_once_make_one_chain_without_a_gap_or_a_fork(store: Store) -> None:
    async def work() -> None:
        for _ in range(10):
            await record(store, 5)

    async def sealing() -> None:
        for _ in range(15):
            await Sealer(store).seal(NOW)

    await asyncio.gather(work(), work(), *(sealing() for _ in range(3)))
    await Sealer(store).seal_all(NOW)

    chain = await rows_of(store, audit_chain)
    assert [x["sequence"] for x in chain] == [*range(1, 101)]
    assert {x["event"] for x in chain} == {x["id"] for x in await rows_of(store, audit_events)}


async def test_an_event_whose_transaction_ended_late_is_sealed_behind_the_others(
    store: Store,
) -> None:
    await record(store, 3)
    late = {"id": 2**20, "authority": "durham", "transfer": None, "action": "edit"} | {
        "actor": "a",
        "at": NOW,
        "from_stage": None,
        "to_stage": None,
        "version": 1,
        "codes": [],
    }
    async with store.write() as tx:  # as if those before it had ended late
        await tx.connection.execute(insert(audit_events), late)
        await tx.connection.execute(audit_events.delete().where(audit_events.c.id == 2))
    await Sealer(store).seal_all(NOW)
    async with store.write() as tx:
        await tx.connection.execute(insert(audit_events), late | {"id": 2})

    async with store.write() as tx:
        assert await seal(tx, NOW, 100) == 0
        assert await seal_stragglers(tx, NOW, 100) == 1

    assert [x["event"] for x in await rows_of(store, audit_chain)] == [1, 3, 2**20, 2]


async def test_behind_the_horizon_nobody_looks_again(store: Store) -> None:
    await record(store, 3)
    sealer = Sealer(store)

    for later in range(4):
        await sealer.seal_all(NOW + later * HORIZON)
    async with store.write() as tx:
        await tx.connection.execute(audit_chain.delete().where(audit_chain.c.event == 2))
        assert await seal_stragglers(tx, NOW + 5 * HORIZON, 100) == 0


async def test_each_person_and_each_record_has_a_salt_of_its_own(store: Store) -> None:
    await record(store, 20)

    await Sealer(store).seal_all(NOW)

    handles = await rows_of(store, audit_handles)
    assert {(x["kind"], x["subject"]) for x in handles} == {
        ("record", TRANSFER),
        *(("person", f"person.{n}") for n in range(7)),
    }
    assert len({x["salt"] for x in handles}) == len(handles) == 8


@pytest.mark.parametrize("codes", [None, [1], {"a": 1}, "text"])
async def test_codes_that_are_none_stop_no_sealer(store: Store, codes: object) -> None:
    async with store.write() as tx:
        await record_events(tx, "durham", None, events(2))
        await tx.connection.execute(update(audit_events).values(codes=codes))

    await Sealer(store).seal_all(NOW)

    found = await verify_audit(store, "durham", None)
    assert (found.links, found.fault) == (2, None)
