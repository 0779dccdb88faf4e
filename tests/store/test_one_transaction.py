"""What one decision means is kept whole or not at all."""

from dataclasses import replace

import pytest
from builders import NOW, actor, opening, situation, transfer_at
from store.kept import act, counted, keep

from app.domain import commands as c
from app.domain.decide import decide
from app.domain.decision import Alert, Decision
from app.domain.errors import StaleVersion
from app.domain.open_transfer import open_transfer
from app.domain.pathway import Stage
from app.domain.people import system_actor
from app.store import unit_of_work
from app.store.alerts import raise_alert
from app.store.engine import Store, Transaction
from app.store.transfers import load_transfer
from app.store.unit_of_work import record

ALERT = Alert("a_kind", "a-key", "op-bishop", "Look at this")


class Broken(Exception):
    """What goes wrong at the very end."""


async def test_a_decision_keeps_stage_milestones_audit_delivery_and_alert_together(
    store: Store,
) -> None:
    draft = transfer_at(Stage.DRAFT)
    await keep(store, draft)
    before = await counted(store)
    where = situation()
    decision = decide(draft, c.Finalise(), actor("op.worker"), where)

    async with store.write() as tx:
        await record(tx, replace(decision, alerts=(ALERT,)), where)
    after = await counted(store)

    risen = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    clocks = len([clock for clock in where.clocks(decision.after) if clock.started_at])
    assert clocks > 0
    assert risen == {
        "milestones": 2, "clocks": clocks, "audit_events": 1, "deliveries": 1, "alerts": 1
    }  # fmt: skip


async def test_nothing_of_a_new_transfer_is_kept_when_the_last_step_fails(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await counted(store)
    where = situation()
    opened = open_transfer(opening(), actor("op.worker"), where)
    sent = decide(opened.after, c.Finalise(), actor("op.worker"), where)
    both = replace(opened.then(replace(sent, before=None)), alerts=(ALERT,))

    async def fail_afterwards(tx: Transaction, alert: Alert, **more: object) -> None:
        await raise_alert(tx, alert, **more)  # type: ignore[arg-type]
        raise Broken

    monkeypatch.setattr(unit_of_work, "raise_alert", fail_afterwards)
    with pytest.raises(Broken):
        await _record(store, both)

    assert await counted(store) == before


async def test_nothing_of_a_change_is_kept_when_the_version_has_passed(store: Store) -> None:
    draft = transfer_at(Stage.DRAFT)
    await keep(store, draft)
    before = await counted(store)
    decision = decide(draft, c.Finalise(), actor("op.worker"), situation())
    late = replace(decision, before=replace(draft, version=7), alerts=(ALERT,))

    with pytest.raises(StaleVersion):
        await _record(store, late)

    assert await counted(store) == before
    async with store.read() as tx:
        assert await load_transfer(tx, draft.id) == draft


async def test_what_is_read_is_of_one_moment_whatever_is_decided_meanwhile(store: Store) -> None:
    draft = transfer_at(Stage.DRAFT)
    await keep(store, draft)

    async with store.read() as tx:
        first = await load_transfer(tx, draft.id)
        sent = await act(store, draft, c.Finalise(), actor("op.worker"))
        again = await load_transfer(tx, draft.id)
    async with store.read() as tx:
        afterwards = await load_transfer(tx, draft.id)

    assert first == again == draft
    assert afterwards == sent.after


async def test_an_alert_of_the_same_key_is_raised_once(store: Store) -> None:
    draft = transfer_at(Stage.DRAFT)
    await keep(store, draft)
    decision = decide(draft, c.Edit(draft.form), actor("op.worker"), situation())

    await _record(store, replace(decision, alerts=(ALERT, replace(ALERT, says="Again"))))
    again = decide(decision.after, c.Edit(draft.form), actor("op.worker"), situation())
    await _record(store, replace(again, alerts=(ALERT,)))

    assert (await counted(store))["alerts"] == 1


async def test_a_report_of_everything_at_once_keeps_every_event_of_it(store: Store) -> None:
    sent = transfer_at(Stage.DISPATCHED)
    await keep(store, sent)
    lcs = system_actor(situation().rules(sent).to_system, "durham")

    await act(store, sent, c.PickUp("a.worker", NOW, inferred=True), lcs)

    rows = await counted(store)
    assert (rows["audit_events"], rows["milestones"]) == (1, len(sent.milestones) + 1)


async def _record(store: Store, decision: Decision) -> None:
    async with store.write() as tx:
        await record(tx, decision, situation())
