"""The step downs of a child who comes back, found by one query over indexes."""

import re
from dataclasses import replace
from datetime import timedelta

from builders import NOW, child, opening
from sqlalchemy import func, insert, select, text
from store.kept import calling, keep, numbered, numbered_transfer
from store.plans import plan

from app.domain.authority import VisibleTo
from app.domain.pathway import Pathway, Stage
from app.domain.re_referral import SteppedDown
from app.domain.transfer import Transfer
from app.store.engine import Store
from app.store.re_referrals import (
    SoughtReReferrals,
    re_referrals_query,
    stepped_down,
    stepped_down_query,
)
from app.store.tables import milestones, transfer_children, transfers
from app.store.transfers import load_transfer
from app.usecases.open_transfer import open_transfer

DOWN = Pathway.STEP_DOWN
YEAR = timedelta(days=365)
MANY = 1000
READS_A_TABLE = r"SCAN (transfers|transfer_children|milestones)|Seq Scan"


def down(
    number: int, *children: str, ago: timedelta = YEAR, at: Stage = Stage.COMPLETED
) -> Transfer:
    """A step down of these children that ended so long ago."""
    return numbered_transfer(number, at, DOWN, NOW - ago, children=tuple(map(child, children)))


async def test_the_completed_step_downs_of_the_children_are_found_each_once(store: Store) -> None:
    await keep(store, down(1, "DURA", "DURB"), down(2, "DURC"), down(3, "DURD"))
    await keep(store, down(4, "DURA", ago=YEAR + timedelta(days=1)))
    await keep(store, down(5, "DURA", ago=2 * timedelta(days=1), at=Stage.CANCELLED))
    await keep(store, numbered_transfer(6, Stage.COMPLETED, children=(child("DURA"),)))
    await keep(store, down(7, "DURA", at=Stage.DRAFT))

    async with store.read() as tx:
        found = await stepped_down(tx, "durham", ["DURA", "DURB", "DURC"], NOW)
        elsewhere = await stepped_down(tx, "rochdale", ["DURA"], NOW)

    assert sorted(found, key=lambda x: x.transfer) == [
        SteppedDown(numbered(number), NOW - YEAR) for number in (1, 2)
    ]
    assert elsewhere == []


async def test_the_link_and_the_origin_s_lead_are_kept(store: Store) -> None:
    await keep(store, down(1, "DUR1001"))
    command = replace(opening(id=numbered(2)), origin_lead="Ünî Example")

    async with store.write() as tx:
        decision, _ = await open_transfer(calling(tx, "op.worker"), command)
    async with store.read() as tx:
        found = await load_transfer(tx, numbered(2))

    assert found == decision.after
    assert (decision.after.re_referral_of, decision.after.origin_lead) == (
        numbered(1),
        "Ünî Example",
    )


async def _crowd(store: Store) -> None:
    """Many step downs that are over, each of a child of its own."""
    await keep(store, down(0, "DUR0"))
    async with store.write() as tx:
        for table, of, many in (
            (transfers, "id", {}),
            (transfer_children, "transfer", {"child_id": "DUR"}),
            (milestones, "transfer", {}),
        ):
            found = (await tx.connection.execute(select(table))).mappings().all()
            copies = [
                {**row, of: numbered(n)} | {name: f"{value}{n}" for name, value in many.items()}
                for row in found
                for n in range(1, MANY)
            ]
            await tx.connection.execute(insert(table), copies)
        await tx.connection.execute(text("ANALYZE"))


async def test_the_opening_and_the_list_are_ranges_of_indexes(store: Store) -> None:
    await _crowd(store)
    mine = VisibleTo(frozenset({"op-bishop"}), frozenset({"weekly"}))
    queries = {
        "opening": stepped_down_query("durham", ["DUR7", "DUR8"], NOW),
        "mine": re_referrals_query(SoughtReReferrals("durham", mine, since=NOW - YEAR)),
        "all": re_referrals_query(
            SoughtReReferrals("durham", None, until=NOW, before=(NOW, numbered(1)))
        ),
    }

    async with store.read() as tx:
        plans = {
            name: await plan(tx, select(func.count()).select_from(query.subquery()))
            for name, query in queries.items()
        }

    assert "ix_transfer_children_authority_child_id" in plans["opening"]
    assert "ix_transfers_re_referrals" in plans["mine"]
    assert "ix_transfers_re_referrals" in plans["all"]
    assert not [name for name, found in plans.items() if re.search(READS_A_TABLE, found)], plans
