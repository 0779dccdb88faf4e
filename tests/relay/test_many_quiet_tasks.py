"""Reconciliation through the relay: nobody's quiet task is left out for being one of many."""

import pytest
from builders import NOW
from store.kept import BOOK, delivered_rows, keep, numbered_transfer
from usecases.waits import ALERT_AFTER, QUIET_FOR

from app.domain.pathway import Stage
from app.relay import ticks
from app.relay.ticks import Ticks, Waits
from app.store.engine import Store
from app.usecases import reconcile

LATER = NOW + 2 * QUIET_FOR


async def test_a_tick_asks_about_more_quiet_tasks_than_one_batch_holds(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reconcile, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(ticks, "MOST_QUIET", 2)
    quiet = [numbered_transfer(number, Stage.DISPATCHED) for number in range(5)]
    await keep(store, *quiet)

    of_relay = Ticks(store, BOOK, Waits(QUIET_FOR, QUIET_FOR, ALERT_AFTER), lambda: LATER)
    asked = await of_relay.reconcile()

    assert asked == 5
    assert {row.transfer for row in await delivered_rows(store)} == {one.id for one in quiet}
