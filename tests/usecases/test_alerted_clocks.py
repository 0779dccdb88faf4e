"""Who is told of a clock, when, in which words, and that nobody is told twice."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from builders import NOW, actor, situation
from store.kept import BOOK, act, keep, numbered_transfer
from subscribing import sent_to, subscribed, subscription

from app.domain import commands as c
from app.domain.clocks import Clock
from app.domain.event_types import EventType
from app.domain.published_event import PublishedEvent
from app.domain.transfer import Transfer
from app.store.alerts import RaisedAlert, list_alerts
from app.store.clocks import wind_clocks
from app.store.engine import Store
from app.usecases.alert_clocks import MOST_AT_ONCE, alert_clocks

PICK_UP = "HZ-3-pick-up"
SENT = numbered_transfer(1)
(RUNNING,) = (x for x in situation().clocks(SENT) if x.kind.code == PICK_UP)
NEARLY = datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
LATE = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
NOTHING: list[tuple[str, str]] = []
NEARLY_LATE = [("clock_nearly_late", "ff-bishop"), ("clock_nearly_late", "op-bishop")]
IS_LATE = [("clock_late", "ff-bishop"), ("clock_late", "op-bishop")]
A_DAY_LATE = LATE + timedelta(days=1)
"""A working day after it was due has passed."""
ESCALATED = [("clock_escalated", "ff-bishop"), ("clock_escalated", "op-bishop")]


async def _wind(store: Store, *wound: Clock, transfer: Transfer = SENT, new: bool = True) -> None:
    async with store.write() as tx:
        await wind_clocks(tx, transfer, wound, NOW, new=new)


async def _alert(store: Store, now: datetime) -> int:
    async with store.write() as tx:
        return await alert_clocks(tx, BOOK, now)


async def _alerts(store: Store) -> list[RaisedAlert]:
    async with store.read() as tx:
        return await list_alerts(tx, "durham", None, 0, 1000)


def _told(alerts: Iterable[RaisedAlert]) -> list[tuple[str, str]]:
    return [(alert.kind, alert.team) for alert in alerts]


async def test_both_sides_are_told_once_when_nearly_late_and_once_when_late(store: Store) -> None:
    await keep(store, SENT)
    await _wind(store, RUNNING)
    told = []

    for now in (
        NEARLY - timedelta(seconds=1), NEARLY, NEARLY, LATE - timedelta(microseconds=1), LATE, LATE
    ):  # fmt: skip
        await _alert(store, now)
        told.append(_told(await _alerts(store)))

    both = NEARLY_LATE + IS_LATE
    assert told == [NOTHING, NEARLY_LATE, NEARLY_LATE, NEARLY_LATE, both, both]


async def test_an_alert_says_what_when_in_london_and_by_which_clause_and_names_no_child(
    store: Store,
) -> None:
    await keep(store, SENT)
    summer = replace(RUNNING, due_at=datetime(2026, 7, 1, 12, 5, tzinfo=UTC))
    await _wind(store, summer)

    await _alert(store, summer.due_at or NOW)
    await _alert(store, NOW)

    nearly, _, late, *_ = await _alerts(store)
    assert nearly.says == "Due Wednesday 1 July 2026, 13:05: Picked up (HZ 3)"
    assert late.says == "Late, due Wednesday 1 July 2026, 13:05: Picked up (HZ 3)"
    assert late.transfer == SENT.id
    child = SENT.children[0]
    assert not {child.name, child.child_id} & {
        word for a in (nearly, late) for word in a.says.split()
    }


async def test_a_relay_that_was_away_says_late_and_no_more_that_it_nearly_is(store: Store) -> None:
    await keep(store, SENT)
    await _wind(store, RUNNING)

    await _alert(store, LATE + timedelta(hours=3))

    assert _told(await _alerts(store)) == IS_LATE


async def test_h03_what_is_late_for_as_long_again_is_told_to_the_operations_manager_once(
    store: Store,
) -> None:
    await keep(store, SENT)
    await _wind(store, RUNNING)
    await _alert(store, LATE)

    for now in (A_DAY_LATE - timedelta(microseconds=1), A_DAY_LATE, A_DAY_LATE + timedelta(days=9)):
        await _alert(store, now)

    alerts = await _alerts(store)
    assert _told(alerts) == IS_LATE + ESCALATED
    said = "For the operations manager: late since Monday 23 November 2026, 23:59: Picked up (HZ 3)"
    assert {alert.says for alert in alerts[2:]} == {said}


async def test_h03_a_relay_that_was_away_for_long_tells_the_operations_manager_all_the_same(
    store: Store,
) -> None:
    await keep(store, SENT)
    await _wind(store, RUNNING)

    await _alert(store, A_DAY_LATE + timedelta(days=3))

    assert sorted(_told(await _alerts(store))) == sorted(IS_LATE + ESCALATED)


async def test_a_clock_whose_due_time_no_calendar_knows_is_told_at_once_and_once(
    store: Store,
) -> None:
    await keep(store, SENT)
    await _wind(store, replace(RUNNING, due_at=None))

    for _ in range(2):
        await _alert(store, NOW)

    alerts = await _alerts(store)
    assert _told(alerts) == [("clock_unknown", "ff-bishop"), ("clock_unknown", "op-bishop")]
    assert alerts[0].says == "No calendar knows when this is due: Picked up (HZ 3)"


async def test_a_protocol_that_is_missing_keeps_nobody_from_being_told(store: Store) -> None:
    lost = replace(numbered_transfer(2), protocol_version="1999-01")
    await keep(store, SENT, lost)
    for transfer in (SENT, lost):
        await _wind(store, RUNNING, transfer=transfer)

    await _alert(store, LATE)

    says = {(a.transfer, a.says.split(": ")[1]) for a in await _alerts(store)}
    assert says == {(SENT.id, "Picked up (HZ 3)"), (lost.id, PICK_UP)}


async def test_a_clock_that_is_paused_met_or_stopped_alerts_nobody(store: Store) -> None:
    sent = [numbered_transfer(number) for number in range(1, 4)]
    ended = ({"paused_at": NOW}, {"met_at": NOW}, {"stopped_at": NOW})
    await keep(store, *sent)
    for transfer, end in zip(sent, ended, strict=True):
        await _wind(store, RUNNING, transfer=transfer)
        await _wind(store, replace(RUNNING, **end), transfer=transfer, new=False)  # type: ignore[arg-type]

    looked_at = await _alert(store, LATE)

    assert looked_at == 0
    assert await _alerts(store) == []


async def test_a_run_that_is_due_later_is_told_of_again_and_the_old_one_is_not(
    store: Store,
) -> None:
    await keep(store, SENT)
    await _wind(store, RUNNING)
    await _alert(store, LATE)

    later = replace(RUNNING, due_at=LATE + timedelta(days=30))
    await _wind(store, later, new=False)
    at_once = await _alert(store, LATE)
    await _alert(store, LATE + timedelta(days=31))

    assert at_once == 0
    assert _told(await _alerts(store)) == IS_LATE * 2


async def test_a_team_that_is_redirected_a_late_task_is_told_and_the_origin_is_not_told_again(
    store: Store,
) -> None:
    await keep(store, SENT)
    await _wind(store, RUNNING)
    await _alert(store, LATE)

    await act(store, SENT, c.Redirect("ff-east", "wrong_team"), actor("ff.manager"), LATE)
    await _alert(store, LATE)

    picked_up = [a for a in await _alerts(store) if "Picked up" in a.says]
    assert _told(picked_up) == [*IS_LATE, ("clock_late", "ff-east")]


async def test_two_relays_at_once_and_a_worker_who_acts_meanwhile_raise_each_alert_once(
    store: Store, database_url: str
) -> None:
    sent = [numbered_transfer(number) for number in range(1, MOST_AT_ONCE // 4)]
    await keep(store, *sent)
    for transfer in sent:
        await _wind(store, RUNNING, transfer=transfer)
    other = Store(database_url)

    looked_at = await asyncio.gather(
        *(_alert(opened, LATE) for opened in (store, other) * 2),
        act(store, sent[0], c.PickUp("ff.worker", LATE), actor("ff.socialworker"), LATE),
    )
    await other.close()
    await _alert(store, LATE)

    told = [alert for alert in await _alerts(store) if alert.transfer != sent[0].id]
    assert sum(x for x in looked_at if isinstance(x, int)) >= len(sent) - 1
    assert sorted(_told(told)) == sorted(IS_LATE * (len(sent) - 1))


async def test_subscribers_hear_once_of_each_whoever_is_told_and_however_often_it_is_looked(
    store: Store,
) -> None:
    kinds = (EventType.CLOCK_NEARLY_LATE, EventType.CLOCK_LATE, EventType.CLOCK_ESCALATED)
    hub = subscription(kinds)
    await subscribed(store, hub)
    await keep(store, SENT)
    await _wind(store, RUNNING)

    for now in (NEARLY, NEARLY, LATE, LATE, A_DAY_LATE + timedelta(days=3)):
        await _alert(store, now)

    heard = [row.payload for row in await sent_to(store, hub)]
    assert all(isinstance(event, PublishedEvent) for event in heard)
    assert [(e.type, e.clock, e.team) for e in heard if isinstance(e, PublishedEvent)] == [
        ("clock.nearly_late", PICK_UP, "ff-bishop"),
        ("clock.late", PICK_UP, "ff-bishop"),
        ("clock.escalated", PICK_UP, "ff-bishop"),
    ]
