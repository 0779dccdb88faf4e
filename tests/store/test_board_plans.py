"""How boards are found: each is the range of an index, whatever the table holds besides."""

import re
from dataclasses import replace
from datetime import timedelta

from builders import NOW, actor
from sqlalchemy import insert, select, text
from store.kept import keep, numbered, numbered_transfer
from store.plans import plan
from store.test_wound_clocks import RUNNING

from app.domain.authority import VisibleTo, visible_to
from app.domain.pathway import Pathway, Stage
from app.domain.people import Role
from app.domain.waiting import waiting_for
from app.store.alerts import alerts_query
from app.store.clocks import wind_clocks
from app.store.counted import counts_query
from app.store.deliveries import unsettled_query
from app.store.engine import Store
from app.store.search import page_query
from app.store.sought import Between, Sought
from app.store.tables import (
    alerts,
    clocks,
    disagreements,
    restrictions,
    transfer_children,
    transfers,
)

MANY = 4000
LATER = NOW + timedelta(days=1)
TEAMS = ("op-bishop", "op-chester", "op-east", "ff-bishop", "ff-chester", "ff-east")
STAGES = (*[Stage.COMPLETED] * 20, *Stage)
ALL = Sought("durham", None, LATER, limit=20)
PAST = (NOW + timedelta(minutes=MANY // 2), numbered(MANY // 2))
UNDER = {Role.TEAM_MANAGER: frozenset({("durham", "2026-11", Pathway.STEP_UP)})}
MANAGER = replace(ALL, visible_to=visible_to(actor("op.manager")), before=PAST)
BOARDS = {
    "everything": (replace(ALL, before=PAST), "authority_opened_at_id"),
    "a stage": (replace(ALL, stage=Stage.DECLINED), "authority_stage_opened"),
    "my teams": (MANAGER, "authority_origin_team_opened|authority_sent_to_opened"),
    "a stage of my teams": (
        replace(MANAGER, stage=Stage.DISPATCHED),
        "authority_origin_team_stage|authority_sent_to_stage",
    ),
    "my series": (
        replace(MANAGER, visible_to=VisibleTo(series=frozenset({"north"}))),
        "authority_meeting_series_opened",
    ),
    "my team and my series": (
        replace(MANAGER, visible_to=VisibleTo(frozenset({"op-bishop"}), frozenset({"north"}))),
        "authority_(origin_team|sent_to|meeting_series)_opened",
    ),
    "outgoing": (replace(ALL, sent_by=frozenset({"op-east"})), "authority_origin_team_opened"),
    "outgoing and sent": (
        replace(MANAGER, sent_by=frozenset({"op-bishop"}), sent=True),
        "authority_origin_team_opened",
    ),
    "incoming": (replace(ALL, sent_to=frozenset({"ff-east"})), "authority_sent_to_opened"),
    "a team": (
        replace(ALL, team="op-east"),
        "authority_origin_team_opened|authority_recipient_team_opened",
    ),
    "a recipient": (replace(ALL, recipient="ff-east"), "authority_recipient_team_opened"),
    "mine": (
        replace(MANAGER, of_person="person-7"),
        "authority_worker_opened|authority_holder_opened|authority_lead_professional_opened",
    ),
    "waiting for me": (
        replace(MANAGER, waiting=waiting_for(actor("op.manager"), UNDER)),
        "authority_origin_team_stage|authority_sent_to_stage|authority_holder_opened",
    ),
    "opened these days": (
        replace(ALL, opened=Between(NOW + timedelta(hours=3), NOW + timedelta(hours=4))),
        "authority_opened_at_id",
    ),
}
"""What is asked, and the index, or indexes, that it is found by."""
GATHERED = {
    "a child": replace(ALL, child_id="DUR77"),
    "late": replace(MANAGER, late=True),
    "disputed": replace(MANAGER, disputed=True),
    "changed lately": replace(ALL, changed=Between(NOW + timedelta(minutes=MANY - 5))),
}
"""What is few: found by an index of its own, and put in order afterwards."""
COUNTED = (
    "a stage",
    "a stage of my teams",
    "mine",
    "waiting for me",
    "a child",
    "late",
    "disputed",
)
"""What is counted from the ranges of indexes; who counts all of a team, reads all of a team."""
READS_A_TABLE = (
    "Seq Scan on (transfers|clocks|disagreements)|SCAN (transfers|clocks|transfer_children)"
    "|SCAN disagreements(?! USING (COVERING )?INDEX ix_disagreements_open)"
)


async def _crowd(store: Store) -> None:
    """Many transfers of six teams, most of them over, each with a child; a few are late."""
    sent = numbered_transfer(0)
    await keep(store, sent)
    async with store.write() as tx:
        (one,) = (await tx.connection.execute(select(transfers))).mappings().all()
        (kid,) = (await tx.connection.execute(select(transfer_children))).mappings().all()
        await wind_clocks(tx, sent, [RUNNING], NOW, new=True)
        (clock,) = (await tx.connection.execute(select(clocks))).mappings().all()
        rows = [
            {
                **one,
                "id": numbered(n),
                "stage": STAGES[n % len(STAGES)].value,
                "origin_team": TEAMS[n % 6],
                "recipient_team": TEAMS[(n + 1 + n % 5) % 6],
                "sent_to": TEAMS[(n + 1 + n % 5) % 6],
                "author": f"person-{n % 50}",
                "meeting_series": ("north", "south", None)[n % 3],
                "worker": f"person-{n % 50}",
                "holder": f"person-{n % 51}" if n % 3 else None,
                "lead_professional": f"person-{n % 52}" if n % 2 else None,
                "opened_at": NOW + timedelta(minutes=n),
                "changed_at": NOW + timedelta(minutes=n),
            }
            for n in range(1, MANY)
        ]
        await tx.connection.execute(insert(transfers), rows)
        kids = [
            {**kid, "transfer": numbered(n), "child_id": f"DUR{n}", "open": False}
            for n in range(1, MANY)
        ]
        await tx.connection.execute(insert(transfer_children), kids)
        late = [
            {**clock, "transfer": numbered(n), "due_at": NOW, "open": n % 200 == 0}
            for n in range(1, MANY)
        ]
        await tx.connection.execute(insert(clocks), late)
        found = {
            "authority": "durham",
            "kinds": ["not_agreed"],
            "about": "x",
            "raised_by": "x",
            "raised_at": NOW,
        }
        disputes = [
            {**found, "transfer": numbered(n), "position": 0, "id": numbered(n), "steps": []}
            | {"resolved_at": None if n % 300 == 0 else LATER}
            for n in range(1, MANY)
        ]
        await tx.connection.execute(insert(disagreements), disputes)
        kept = {"authority": "durham", "kind": "named_only", "reason": "x", "note": "x", "by": "x"}
        few = [
            {**kept, "transfer": numbered(n), "position": 0, "at": NOW} for n in range(1, MANY, 40)
        ]
        await tx.connection.execute(insert(restrictions), few)
        alert = {"kind": "late", "says": "Look at this", "raised_at": NOW}
        of_others = [
            {**alert, "key": f"{n}", "authority": f"council-{n % 100}", "team": f"team-{n}"}
            for n in range(1, MANY)
        ]
        await tx.connection.execute(insert(alerts), of_others)
        await tx.connection.execute(text("ANALYZE"))


async def test_every_board_is_the_ranges_of_indexes_and_none_reads_a_table(store: Store) -> None:
    await _crowd(store)
    asked = {name: sought for name, (sought, _) in BOARDS.items()} | GATHERED
    pages = {name: page_query(sought) for name, sought in asked.items()}
    counts = {f"count {name}": counts_query(asked[name]) for name in COUNTED}

    async with store.read() as tx:
        plans = {
            name: await plan(tx, query)
            for name, query in (pages | counts).items()
            if query is not None
        }

    assert plans.keys() == pages.keys() | counts.keys()
    for name, found in plans.items():
        assert not re.search(READS_A_TABLE, found), (name, found)
        assert "OFFSET" not in str(pages.get(name)), name
    for name, (_, by) in BOARDS.items():
        used = set(re.findall(r"ix_transfers_(\w+)", plans[name]))
        assert {index for index in used if not re.match(by, index)} == set(), (name, plans[name])
        assert not re.search("Bitmap|MULTI-INDEX", plans[name]), (name, plans[name])


async def test_reading_on_postgresql_plans_for_the_one_who_asks(store: Store) -> None:
    async with store.read() as tx:
        if tx.connection.dialect.name != "postgresql":
            return
        mode = (await tx.connection.execute(text("SHOW plan_cache_mode"))).scalar_one()
    async with store.write() as tx:
        left = (await tx.connection.execute(text("SHOW plan_cache_mode"))).scalar_one()

    assert (mode, left) == ("force_custom_plan", "auto")


async def test_what_is_few_is_looked_up_however_many_postgresql_expects(store: Store) -> None:
    await _crowd(store)

    async with store.read() as tx:
        for name, sought in GATHERED.items():
            query = page_query(sought)
            assert query is not None
            found = await plan(tx, query)
            looked_up = (
                r"= ANY \(|SEARCH transfers USING INDEX sqlite_autoindex_transfers_1 \(id=\?"
            )
            assert re.search(looked_up, found), (name, found)


async def test_alerts_and_deliveries_are_listed_and_counted_from_ranges_of_indexes(
    store: Store,
) -> None:
    await _crowd(store)
    teams = frozenset({"op-bishop", "op-east"})
    asked = {
        "alerts of teams": alerts_query("durham", teams, 0, 20),
        "alerts": alerts_query("durham", None, 0, 20),
        "deliveries": unsettled_query(),
    }

    async with store.read() as tx:
        for name, query in asked.items():
            found = await plan(tx, query)
            assert re.search("ix_(alerts_(team|authority)_id|deliveries_undelivered)", found), name
            assert not re.search("Seq Scan|SCAN (alerts|deliveries)", found), (name, found)
