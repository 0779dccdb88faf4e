"""The clocks' rows: what is written of them, and what is left alone."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from builders import NOW, transfer_at
from sqlalchemy import select, update
from store.asked import Recorder
from store.kept import keep

from app.domain.breach import Severity
from app.domain.clock_kind import ClockKind
from app.domain.clocks import Clock
from app.domain.milestone_kind import Side
from app.domain.pathway import Stage
from app.domain.timescales import parse_within
from app.domain.transfer import Transfer
from app.store.clocks import wind_clocks
from app.store.engine import Store
from app.store.tables import clocks

SENT = transfer_at(Stage.DISPATCHED)
DUE = NOW + timedelta(hours=8)
NEARLY = NOW + timedelta(hours=6)
KIND = ClockKind("CE-L10", "Passed on", "CE L10", (), (), parse_within("8 hours"), Side.RECEIVING)
RUNNING = Clock(KIND, NOW, DUE)


def of_kind(clock: Clock, code: str, **changes: object) -> Clock:
    return replace(clock, kind=replace(KIND, code=code, **changes))  # type: ignore[arg-type]


async def wind(
    store: Store, wound: Iterable[Clock], transfer: Transfer = SENT, *, new: bool = False
) -> list[str]:
    """Wind the clocks; the first words of what was asked of the database."""
    async with store.write() as tx:
        recorder = Recorder(tx.driver)
        await wind_clocks(replace(tx, driver=recorder), transfer, wound, NOW, new=new)
    return recorder.starts()


async def rows(store: Store) -> dict[str, tuple[str, datetime | None, bool]]:
    """Every row: whose it is, when it is looked at, whether it is open."""
    async with store.read() as tx:
        found = await tx.connection.execute(select(clocks))
        return {row.code: (row.team, row.alert_at, row.open) for row in found}


async def test_each_clock_that_has_started_has_a_row_that_says_when_to_look_at_it(
    store: Store,
) -> None:
    await keep(store, SENT)
    wound = {
        "going": RUNNING,
        "paused": replace(RUNNING, paused_at=NOW),
        "met": replace(RUNNING, met_at=NOW),
        "stopped": replace(RUNNING, stopped_at=NOW),
        "unknown": replace(RUNNING, due_at=None),
    }

    asked = await wind(
        store,
        [
            *(of_kind(clock, code) for code, clock in wound.items()),
            of_kind(RUNNING, "where possible", severity=Severity.SHOULD),
            of_kind(RUNNING, "the origin's", falls_to=Side.ORIGIN),
            Clock(replace(KIND, code="waiting")),
        ],
        new=True,
    )

    assert asked == ["INSERT"]
    assert await rows(store) == {
        "going": ("ff-bishop", NEARLY, True),
        "paused": ("ff-bishop", None, True),
        "met": ("ff-bishop", None, False),
        "stopped": ("ff-bishop", None, False),
        "unknown": ("ff-bishop", NOW, True),
        "where possible": ("ff-bishop", None, True),
        "the origin's": ("op-bishop", NEARLY, True),
    }


async def test_only_what_differs_is_written_and_what_counts_no_more_goes(store: Store) -> None:
    await keep(store, SENT)
    three = [of_kind(RUNNING, code) for code in "abc"]
    await wind(store, three, new=True)

    same = await wind(store, three)
    changed = await wind(store, [three[0], replace(three[1], met_at=NOW)])

    assert same == ["SELECT"]
    assert changed == ["SELECT", "DELETE", "UPDATE"]
    assert {code: is_open for code, (_, _, is_open) in (await rows(store)).items()} == {
        "a": True,
        "b": False,
    }


async def test_what_was_alerted_is_looked_at_again_only_where_the_clock_or_its_team_changed(
    store: Store,
) -> None:
    await keep(store, SENT)
    await wind(store, [RUNNING], new=True)
    looked_at = []
    changes = (
        (SENT, RUNNING),
        (SENT, replace(RUNNING, due_at=DUE + timedelta(hours=8))),
        (replace(SENT, sent_to="op-bishop"), RUNNING),
        (SENT, replace(RUNNING, started_at=NOW - timedelta(hours=8))),
    )

    for transfer, clock in changes:
        async with store.write() as tx:
            await tx.connection.execute(update(clocks).values(alert_at=None))
        await wind(store, [clock], transfer)
        looked_at.append((await rows(store))[KIND.code][1])

    assert looked_at == [None, *(c.nearly_late_at for _, c in changes[1:])]


async def test_a_clock_that_is_paused_and_resumed_in_the_same_hour_is_looked_at_again(
    store: Store,
) -> None:
    await keep(store, SENT)
    await wind(store, [RUNNING], new=True)

    await wind(store, [replace(RUNNING, paused_at=NOW)])
    paused = await rows(store)
    await wind(store, [RUNNING])

    assert paused[KIND.code][1] is None
    assert (await rows(store))[KIND.code][1] == NEARLY
