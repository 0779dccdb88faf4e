"""Hazard 3 through the relay as it is wired: a task in a tray that nobody picks up."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from builders import NOW, actor, situation
from store.kept import act, keep, numbered_transfer

from app.domain import commands as c
from app.domain.pathway import Stage
from app.domain.transfer import Transfer
from app.relay import Relay
from app.settings import Settings
from app.store.alerts import list_alerts
from app.store.clocks import wind_clocks
from app.store.engine import Store
from app.usecases.alert_clocks import MOST_AT_ONCE

DRAFT = numbered_transfer(1, Stage.DRAFT)
FRIDAY_BEFORE_CHRISTMAS = datetime(2026, 12, 18, 16, 0, tzinfo=UTC)
ENDS = datetime(2026, 12, 22, 0, 0, tzinfo=UTC)
"""One working day after that Friday ends with the Monday."""


class Time:
    """A clock to be moved on."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def relay(store: Store, database_url: str, time: Time) -> AsyncIterator[Relay]:
    """A relay on the store's database."""
    del store  # it comes first
    settings = Settings(_env_file=None, environment="development", database_url=database_url)
    opened = Relay(settings, time)
    yield opened
    await opened.close()


async def _told(store: Store) -> list[tuple[str, str]]:
    """Kind and team of every alert on a task that is not picked up."""
    async with store.read() as tx:
        alerts = await list_alerts(tx, "durham", None, 0, 1000)
    return [(alert.kind, alert.team) for alert in alerts if "Picked up" in alert.says]


async def _dispatch(store: Store, now: datetime) -> Transfer:
    await keep(store, DRAFT, now=now)
    return (await act(store, DRAFT, c.Finalise(), actor("op.worker"), now)).after


async def test_h03_a_task_that_nobody_picks_up_is_told_to_both_teams_nearly_late_and_late_once_each(
    relay: Relay, store: Store, time: Time
) -> None:
    await _dispatch(store, FRIDAY_BEFORE_CHRISTMAS)
    told = []

    for hours_before in (30, 20, 10, 1, 0, -1, -23):
        time.now = ENDS - timedelta(hours=hours_before)
        await relay.ticks.tick()
        told.append([kind for kind, team in await _told(store) if team == "ff-bishop"])

    nearly, late = ["clock_nearly_late"], ["clock_nearly_late", "clock_late"]
    assert told == [[], nearly, nearly, nearly, late, late, late]
    assert {team for _, team in await _told(store)} == {"ff-bishop", "op-bishop"}
    assert len(await _told(store)) == 4


async def test_h03_a_working_day_after_that_the_operations_manager_is_told_once(
    relay: Relay, store: Store, time: Time
) -> None:
    await _dispatch(store, FRIDAY_BEFORE_CHRISTMAS)
    told = []

    for hours_after in (0, 23, 24, 25, 240):
        time.now = ENDS + timedelta(hours=hours_after)
        await relay.ticks.tick()
        told.append([kind for kind, team in await _told(store) if team == "ff-bishop"])

    late, escalated = ["clock_late"], ["clock_late", "clock_escalated"]
    assert told == [late, late, escalated, escalated, escalated]
    assert len(await _told(store)) == 4


async def test_h03_a_task_that_is_put_back_is_counted_anew(
    relay: Relay, store: Store, time: Time
) -> None:
    sent = await _dispatch(store, FRIDAY_BEFORE_CHRISTMAS)
    worker, monday = actor("ff.socialworker"), ENDS - timedelta(hours=10)
    picked_up = await act(store, sent, c.PickUp("ff.socialworker", monday), worker, monday)
    time.now = ENDS
    await relay.ticks.tick()
    in_time = await _told(store)

    await act(store, picked_up.after, c.Release(ENDS), worker, ENDS)
    time.now = ENDS + timedelta(days=2)
    await relay.ticks.tick()

    assert in_time == []
    assert await _told(store) == [("clock_late", "ff-bishop"), ("clock_late", "op-bishop")]


async def test_one_tick_alerts_on_more_clocks_than_one_batch_holds(
    relay: Relay, store: Store, time: Time
) -> None:
    many = [numbered_transfer(number) for number in range(MOST_AT_ONCE + 1)]
    await keep(store, *many)
    async with store.write() as tx:
        for transfer in many:
            clocks = [x for x in situation().clocks(transfer) if x.kind.code == "HZ-3-pick-up"]
            await wind_clocks(tx, transfer, clocks, NOW, new=True)

    time.now = ENDS
    await relay.ticks.tick()

    late = [team for kind, team in await _told(store) if kind == "clock_late"]
    assert len(late) == 2 * len(many)
