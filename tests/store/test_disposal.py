"""Disposal: of a transfer that is due nothing is left but a tombstone and its audit."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from builders import NOW, TRANSFER_ID, child, situation, step_up_form, transfer_at
from sqlalchemy import LargeBinary, insert, select, update

from app.domain.break_glass import BreakGlassReason, Opening
from app.domain.closing import Closing, Remaining, RemainingOutcome
from app.domain.consent import Consent, How
from app.domain.decision import Alert, Event
from app.domain.disagreement import Disagreement, Step
from app.domain.dispatch import dispatch
from app.domain.feedback import About, Feedback, Heard, Voice
from app.domain.form import AttachedForm, Meeting
from app.domain.legal_hold import HoldReason, LegalHold, hold_event
from app.domain.meetings import meeting as at_meeting
from app.domain.messages import Message
from app.domain.pathway import Stage
from app.domain.pauses import Pause
from app.domain.reading import ReadPart, reading
from app.domain.restriction import Restriction, RestrictionKind, RestrictionReason
from app.domain.retention import Retention
from app.domain.review import Review
from app.domain.sharing_basis import Basis, SharingBasis
from app.domain.subject_access import Applicant, RequestState, SubjectAccess
from app.domain.team_around import Member
from app.domain.transfer import Milestone, Transfer
from app.store.alerts import raise_alert
from app.store.clocks import wind_clocks
from app.store.deliveries import enqueue
from app.store.engine import Store
from app.store.idempotency import Scope, claim_key, forget_old_answers, keep_answer
from app.store.legal_holds import insert_hold, update_hold
from app.store.meetings import insert_meeting, save_meeting
from app.store.openings import insert_opening
from app.store.subject_access import insert_request, keep_export
from app.store.tables import audit_events, deliveries, inbox, metadata
from app.store.tombstones import tombstones
from app.store.transfers import insert_transfer, load_transfer
from app.store.unit_of_work import record_events
from app.usecases.dispose import dispose_all, forget_old, what_is_due
from app.usecases.forget_children import forget_children
from app.usecases.seal_audit import Sealer
from app.usecases.verify_audit import verify_audit

C = "Zebedee"
CHILD, SIBLING = "CANARYA1", "CANARYB2"
NAMES = ("Zebedee", CHILD, SIBLING, "9434765919", "A950000178301", "2017-03-09", "Quetzalcoatl")
GROWN_UP = datetime(2048, 1, 2, 12, tzinfo=UTC)
RETENTION = Retention()


def _full(stage: Stage = Stage.COMPLETED) -> Transfer:
    """A transfer with everything that can gather around one, each part naming somebody."""
    form = step_up_form(
        comments=f"{C} was hit",
        meeting=Meeting(NOW.date(), "A chair", "agreed", f"{C} spoke"),
        forms=(AttachedForm("ehm_contact_record", "ECR-1", NOW.date(), {C: "Quetzalcoatl"}),),
    )
    children = (
        replace(child(CHILD, f"{C} One"), upn="A950000178301"),
        child(SIBLING, f"{C} Two"),
    )
    made = transfer_at(stage, children=children, form=form, origin_lead=f"{C} Lead")
    given = Consent(
        "c1", "joint_visit", f"{C} Parent", NOW.date(), How.ORAL, informed=True, explicit=True,
        recorded_by="op.worker", recorded_at=NOW, withdrawn_at=NOW, withdrawn_by="op.worker",
        withdrawn_comment=f"{C} changed her mind",
    )  # fmt: skip
    return replace(
        made,
        form=replace(made.form, statements={"hopes": f"{C} hopes"}),
        consents=(given,),
        sharing_bases=(SharingBasis("b1", "x", Basis.SECTION_47, f"{C} again", "op.worker", NOW),),
        team_around=(Member("m1", f"{C} Teacher", "School", f"{C}'s needs", NOW),),
        pauses=(Pause("HZ-3-pick-up", NOW, "op.worker", "family_away", f"{C} away", NOW, "x"),),
        disagreements=(
            Disagreement(
                "d1", ("other",), f"About {C}", "op.worker", NOW,
                (Step("team_manager", "op.manager", NOW, f"{C} is at risk"),),
                "stays", f"{C} stays", "op.manager", NOW,
            ),
        ),
        reviews=(Review("R", "as_hoped", f"{C} well", f"{C} safe", NOW, "op.worker", NOW),),
        feedback=(
            Feedback(
                Voice.CHILD, About.TRANSFER, f"I am {C}", NOW.date(), Heard.ORAL, "op.worker", NOW,
                CHILD,
            ),
        ),
        restrictions=(
            Restriction(
                RestrictionKind.CONFLICT_OF_INTEREST, "op.keyworker",
                RestrictionReason.KNOWS_THE_FAMILY, f"{C} is a nephew", "op.manager", NOW,
            ),
        ),
        closing=Closing(
            NOW.date(), "RC7", None, f"{C} goes", "op.worker", NOW,
            remaining=(Remaining(SIBLING, RemainingOutcome.NO_FURTHER_HELP, f"{C} two"),),
        ),
        milestones=(
            *made.milestones,
            Milestone("not_taken", NOW, "x", NOW, person=SIBLING, note=f"{C} stays"),
        ),
    )  # fmt: skip


async def _kept(store: Store, transfer: Transfer) -> None:
    """Everything that the service keeps of it, in every table that can hold some of it."""
    place = situation(NOW)
    async with store.write() as tx:
        await insert_transfer(tx, transfer, NOW)
        await wind_clocks(tx, transfer, place.clocks(transfer), NOW, new=True)
        task = transfer_messages(transfer)
        await enqueue(
            tx, task, authority="durham", alert_team="op-bishop", immediate_risk=False, now=NOW
        )
        await tx.connection.execute(
            update(deliveries).values(state="delivered", settled_at=NOW, outcome="taken")
        )
        alert = Alert("a_kind", f"a_kind:{transfer.id}", "op-bishop", f"Look at {C}")
        await raise_alert(tx, alert, authority="durham", transfer=transfer.id, now=NOW)
        await tx.connection.execute(
            insert(inbox).values(
                system="lcs", message_id="m1", digest="0" * 64, transfer=transfer.id,
                kind="referral.created", received_at=NOW, status=200, answer={"child": CHILD},
            )
        )  # fmt: skip
        opening = Opening(
            "o1", transfer.id, "op.manager", BreakGlassReason.MISSING_CHILD, f"{C} ran", NOW, NOW
        )
        await insert_opening(tx, opening, "durham")
        scope = Scope("op.worker", "POST", "/v1/transfers", "a-key")
        assert await claim_key(tx, scope, "0" * 64, NOW) is None
        await keep_answer(tx, scope, 201, {}, f"{C} {CHILD}".encode())
        bare = at_meeting.Meeting("met", "durham", "durham", "2026-11", "weekly", NOW)
        action = at_meeting.MeetingAction("act", f"Tell {C}", f"{C}'s worker")
        case = at_meeting.MeetingCase(transfer.id, NOW, "op.worker", actions=(action,))
        assert await insert_meeting(tx, bare)
        await save_meeting(tx, bare, replace(bare, cases=(case,)))
        asked = SubjectAccess(
            "sar", "durham", CHILD, Applicant.CHILD, NOW.date(), "op.worker", NOW, NOW.date(),
            RequestState.RELEASED, decided_at=NOW,
        )  # fmt: skip
        await insert_request(tx, asked)
        await keep_export(tx, "sar", f"{C}".encode(), NOW + timedelta(days=9_999))
        hold = LegalHold("hold", "durham", HoldReason.COMPLAINT, "x", NOW, child_id=CHILD)
        await insert_hold(tx, replace(hold, lifted_at=NOW, lifted_by="y"))
        sought = reading(ReadPart.TRANSFERS, "op.worker", NOW, about=(f"child:durham:{CHILD}",))
        done = Event("complete", "op.manager", NOW, None, Stage.COMPLETED, 7)
        await record_events(tx, "durham", None, (sought,))
        await record_events(tx, "durham", transfer.id, (done,))


def transfer_messages(transfer: Transfer) -> Message:
    """The task that was sent of it."""
    return dispatch(replace(transfer, stage=Stage.DRAFT), "op.worker", situation(NOW))[1]


async def _everything(store: Store) -> str:
    """Every value of every table, as text."""
    found: list[str] = []
    async with store.read() as tx:
        for table in metadata.sorted_tables:
            binary = {c.name for c in table.c if isinstance(c.type, LargeBinary)}
            for row in (await tx.connection.execute(select(table))).mappings():
                found += [
                    bytes(value).decode(errors="replace")
                    if name in binary and value
                    else str(value)
                    for name, value in row.items()
                ]
    return "\n".join(found)


async def test_after_disposal_no_table_holds_anything_of_the_child(store: Store) -> None:
    transfer = _full()
    await _kept(store, transfer)
    before = await _everything(store)
    assert all(name in before for name in NAMES)

    await forget_old(store, RETENTION, GROWN_UP)
    assert await dispose_all(store, RETENTION, GROWN_UP) == 1

    after = await _everything(store)
    assert [name for name in NAMES if name in after] == []
    async with store.read() as tx:
        assert await load_transfer(tx, TRANSFER_ID) is None
        (stone,) = await tombstones(tx)
    assert (stone.id, stone.kind, stone.children) == (TRANSFER_ID, "completed", 2)
    assert (stone.stage, stone.outcomes) == ("completed", {"taken": 2})
    assert (stone.last_changed_at, stone.disposed_at) == (NOW, GROWN_UP)


async def test_two_relays_dispose_of_a_transfer_once(store: Store) -> None:
    await _kept(store, _full())

    done = await asyncio.gather(*(dispose_all(store, RETENTION, GROWN_UP) for _ in range(2)))

    async with store.read() as tx:
        left = await tombstones(tx)
        told = select(audit_events.c.id).where(audit_events.c.action == "disposed")
        assert len((await tx.connection.execute(told)).all()) == 1
    assert (sum(done), len(left)) == (1, 1)


def test_every_table_is_emptied_by_a_disposal_or_known_to_hold_no_child() -> None:
    by_transfer = {table.name for table in metadata.sorted_tables if "transfer" in table.c}

    assert {table.name for table in metadata.sorted_tables} - by_transfer == {
        *("authorities", "teams", "people", "memberships", "delegations", "protocol_versions"),
        *("subscriptions", "subscription_events", "disposed_transfers", "idempotency_keys"),
        *("audit_chain", "audit_handles", "audit_mentions", "audit_streams", "audit_sweep"),
        *("transfers", "meetings", "meeting_attendance"),
        *("subject_access", "subject_access_exports"),
    }, "say in docs/peoples-rights.md what becomes of a new table"


@pytest.mark.parametrize("sealed", ["before", "after"])
async def test_h17_the_audit_outlives_a_transfer_tells_of_its_disposal_and_holds(
    store: Store, sealed: str
) -> None:
    await _kept(store, _full())
    async with store.write() as tx:
        await forget_old_answers(tx, GROWN_UP)
    if sealed == "before":
        await Sealer(store).seal_all(NOW)
    await dispose_all(store, RETENTION, GROWN_UP)
    await Sealer(store).seal_all(GROWN_UP)

    async with store.read() as tx:
        rows = (await tx.connection.execute(select(audit_events).order_by("id"))).mappings().all()
    acts = ["list", "complete", "handle_erased", "handle_erased", "disposed"]
    assert [row["action"] for row in rows] == acts
    assert [row["transfer"] for row in rows] == [None, TRANSFER_ID, None, None, TRANSFER_ID]
    assert rows[-1]["codes"] == ["kind:completed", "children:2"]
    assert {row["actor"] for row in rows[2:]} == {"retention"}
    found = await verify_audit(store, "durham", iter(()))
    assert (found.fault, found.links) == (None, 5)
    assert [name for name in NAMES if name in await _everything(store)] == []


async def test_a_sibling_who_is_in_another_transfer_is_known_on(store: Store) -> None:
    await _kept(store, _full())
    other = TRANSFER_ID[:-1] + "6"
    later = transfer_at(Stage.DRAFT, id=other, children=(child(SIBLING, "B"),))
    async with store.write() as tx:
        await insert_transfer(tx, later, GROWN_UP)

    await forget_old(store, RETENTION, GROWN_UP)
    assert await dispose_all(store, RETENTION, GROWN_UP) == 1

    async with store.read() as tx:
        kept = await load_transfer(tx, later.id)
    assert kept is not None
    assert [x.child_id for x in kept.children] == [SIBLING]
    assert CHILD not in await _everything(store)


async def test_h17_another_councils_child_of_the_same_id_is_not_erased(store: Store) -> None:
    await _kept(store, _full())
    placed = hold_event(
        "placed",
        LegalHold("h9", "other", HoldReason.LITIGATION, "a.b", NOW, child_id=CHILD),
        "a.b",
        NOW,
        "litigation",
    )
    async with store.write() as tx:
        await forget_old_answers(tx, GROWN_UP)
        await record_events(tx, "other", None, (placed,))
    await Sealer(store).seal_all(NOW)

    assert await dispose_all(store, RETENTION, GROWN_UP) == 1

    for council in ("durham", "other"):
        assert (await verify_audit(store, council, iter(()))).fault is None
    async with store.read() as tx:
        query = select(audit_events.c.codes).where(audit_events.c.authority == "other")
        codes = (await tx.connection.execute(query)).scalar_one()
    assert tuple(codes) == placed.codes


@pytest.mark.parametrize("on", ["child", "transfer"])
async def test_nothing_that_is_held_is_disposed_of_until_the_hold_is_lifted(
    store: Store, on: str
) -> None:
    await _kept(store, _full())
    places: dict[str, Any] = {"child": {"child_id": SIBLING}, "transfer": {"transfer": TRANSFER_ID}}
    hold = LegalHold("h2", "durham", HoldReason.LITIGATION, "x", NOW, **places[on])
    async with store.write() as tx:
        await insert_hold(tx, hold)

    assert await dispose_all(store, RETENTION, GROWN_UP) == 0
    due = await what_is_due(store, RETENTION, GROWN_UP)
    assert (dict(due.transfers), dict(due.kept)) == ({}, {"legal_hold": 1})

    async with store.write() as tx:
        await tx.connection.execute(
            update(metadata.tables["legal_holds"]).values(lifted_at=GROWN_UP, lifted_by="y")
        )
    due = await what_is_due(store, RETENTION, GROWN_UP)
    assert dict(due.transfers) == {"completed": 1}
    assert await dispose_all(store, RETENTION, GROWN_UP) == 1


@pytest.mark.parametrize("state", ["pending", "leased", "uncertain", "parked"])
async def test_a_transfer_with_a_message_that_has_not_arrived_stays(
    store: Store, state: str
) -> None:
    await _kept(store, _full())
    async with store.write() as tx:
        await tx.connection.execute(update(deliveries).values(state=state))

    assert await dispose_all(store, RETENTION, GROWN_UP) == 0


async def test_an_open_request_of_the_child_keeps_everything(store: Store) -> None:
    await _kept(store, _full())
    async with store.write() as tx:
        await tx.connection.execute(
            update(metadata.tables["subject_access"]).values(state="in_review", decided_at=None)
        )

    assert await dispose_all(store, RETENTION, GROWN_UP) == 0


@pytest.mark.parametrize("stage", [s for s in Stage if s not in (Stage.COMPLETED, Stage.CANCELLED)])
async def test_a_transfer_that_has_not_ended_is_never_disposed_of(
    store: Store, stage: Stage
) -> None:
    async with store.write() as tx:
        await insert_transfer(tx, replace(_full(Stage.DRAFT), stage=stage), NOW)

    assert await dispose_all(store, RETENTION, GROWN_UP) == 0


async def test_payloads_that_arrived_are_minimised_and_keep_their_digest(store: Store) -> None:
    await _kept(store, _full())
    at = NOW + timedelta(days=RETENTION.payload_days, seconds=1)

    await forget_old(store, RETENTION, NOW + timedelta(days=RETENTION.payload_days - 1))
    async with store.read() as tx:
        (before,) = (await tx.connection.execute(select(deliveries))).mappings().all()
    await forget_old(store, RETENTION, at)
    await forget_old(store, RETENTION, at)

    async with store.read() as tx:
        (after,) = (await tx.connection.execute(select(deliveries))).mappings().all()
    assert (before["payload_digest"], C in str(before["payload"])) == (None, True)
    assert C not in str(after["payload"])
    assert after["payload"]["children"] == []
    assert len(after["payload_digest"]) == 64
    assert {k: v for k, v in after.items() if not k.startswith("payload")} == {
        k: v for k, v in before.items() if not k.startswith("payload")
    }


async def test_old_callbacks_alerts_and_exports_go(store: Store) -> None:
    await _kept(store, _full())
    at = NOW + timedelta(days=10_000)

    due = await what_is_due(store, RETENTION, at)
    await forget_old(store, RETENTION, at)
    await forget_children(store, RETENTION, at)

    assert due.rows == {"callbacks": 1, "alerts": 1, "exports": 1, "payloads": 1}
    async with store.read() as tx:
        for name in ("inbox", "alerts", "subject_access_exports", "subject_access"):
            rows = (await tx.connection.execute(select(metadata.tables[name]))).all()
            assert rows == [], name


@pytest.mark.parametrize("on", ["child", "transfer"])
async def test_old_rows_of_what_is_held_stay_until_the_hold_is_lifted(
    store: Store, on: str
) -> None:
    await _kept(store, _full())
    places: dict[str, Any] = {"child": {"child_id": CHILD}, "transfer": {"transfer": TRANSFER_ID}}
    hold = LegalHold("h3", "durham", HoldReason.LITIGATION, "x", NOW, **places[on])
    async with store.write() as tx:
        await insert_hold(tx, hold)
    at = NOW + timedelta(days=10_000)

    await forget_old(store, RETENTION, at)
    await forget_children(store, RETENTION, at)

    asked_for = {"subject_access", "subject_access_exports"} if on == "child" else set[str]()
    async with store.read() as tx:
        for name in {"inbox", "alerts"} | asked_for:
            rows = (await tx.connection.execute(select(metadata.tables[name]))).all()
            assert len(rows) == 1, name
        payload = (await tx.connection.execute(select(deliveries.c.payload))).scalar_one()
    assert C in str(payload)
    async with store.write() as tx:
        await update_hold(tx, replace(hold, lifted_at=at))
    after = (await what_is_due(store, RETENTION, at)).rows
    assert after == {"callbacks": 1, "alerts": 1, "exports": int(on == "child"), "payloads": 1}


async def test_a_day_too_early_nothing_goes(store: Store) -> None:
    await _kept(store, _full())
    last_instant = datetime(2047, 3, 8, 23, 59, 59, tzinfo=UTC)

    assert await dispose_all(store, RETENTION, last_instant) == 0
    assert await dispose_all(store, RETENTION, last_instant + timedelta(seconds=1)) == 1
