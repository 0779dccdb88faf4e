"""What restrictions withhold is in no list: the SQL says what the domain says."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOW, TODAY, sample_directory, situation
from domain.restricting import AUDITOR, CONFLICT, actor, kept_from, open_to, restriction
from store.kept import calling, keep, message, numbered_transfer, queue

from app.domain.authority import may_see
from app.domain.break_glass import BreakGlassReason, Opening
from app.domain.decision import Alert
from app.domain.delegation import Delegation
from app.domain.messages import MessageKind
from app.domain.pathway import Pathway, Stage
from app.domain.people import Actor, Delegated, Membership, Role
from app.domain.transfer import Transfer
from app.domain.withheld import reader, withheld
from app.store.alerts import raise_alert
from app.store.clocks import wind_clocks
from app.store.delegations import insert_delegation, keep_end
from app.store.directory import actor_of_person, actor_of_subject
from app.store.engine import Store
from app.store.openings import insert_opening
from app.store.sought_clocks import ClockFilter
from app.store.transfers import load_transfer
from app.store.withheld import withheld_from
from app.usecases import find_transfers as found
from app.usecases.find_clocks import find_clocks
from app.usecases.re_referrals import find_re_referrals
from app.usecases.watch_deliveries import find_alerts, find_deliveries

PEOPLE = sorted({m.person for m in sample_directory().memberships} | {AUDITOR.id})
FILTERS = {
    "all": found.Filters(),
    "of a team": found.Filters(team="op-bishop"),
    "outgoing": found.Filters(direction=found.Direction.OUTGOING),
    "incoming": found.Filters(direction=found.Direction.INCOMING),
    "of a stage": found.Filters(stage=Stage.DISPATCHED),
    "of a recipient": found.Filters(recipient="ff-bishop"),
    "opened": found.Filters(opened_from=TODAY - timedelta(days=2)),
    "changed": found.Filters(changed_from=TODAY - timedelta(days=2)),
    "late": found.Filters(late=True),
}


def _restricted() -> list[Transfer]:
    plain = [numbered_transfer(n) for n in range(1, 12)]
    down = numbered_transfer(12, Stage.PICKED_UP, Pathway.STEP_DOWN)
    lifted = replace(restriction(CONFLICT, "op.worker"), lifted_at=NOW, lifted_by="op.manager")
    return [
        plain[0],
        kept_from(plain[1], "op.keyworker", "ff.manager"),
        kept_from(plain[2], "op.manager", "systems.team", AUDITOR.id),
        open_to(plain[3]),
        open_to(plain[4], "op.keyworker", "ff.socialworker", "systems.team"),
        open_to(replace(plain[5], worker="op.keyworker", holder="ff.socialworker")),
        kept_from(open_to(plain[6], "op.keyworker"), "op.keyworker", "ff.deputy"),
        replace(plain[7], restrictions=(lifted,)),
        open_to(replace(plain[8], worker="somebody", sent_to=None)),
        open_to(down, "op.worker"),
        kept_from(numbered_transfer(13, Stage.DRAFT), "op.manager"),
    ]


async def _kept(store: Store) -> list[Transfer]:
    transfers = _restricted()
    await keep(store, *transfers)
    later = NOW + timedelta(days=60)
    async with store.write() as tx:
        for transfer in transfers:
            await wind_clocks(tx, transfer, situation().clocks(transfer), NOW, new=True)
            for team in {transfer.origin_team, transfer.sent_to or transfer.origin_team}:
                alert = Alert("late", f"late:{transfer.id}:{team}", team, "Look at this")
                of = {"authority": "durham", "transfer": transfer.id, "now": later}
                await raise_alert(tx, alert, **of)  # type: ignore[arg-type]
    return transfers


def _seen(who: Actor, transfers: list[Transfer]) -> set[str]:
    return {transfer.id for transfer in transfers if may_see(who, transfer)}


async def test_h06_restrictions_are_kept_with_their_transfer(store: Store) -> None:
    transfers = await _kept(store)

    async with store.read() as tx:
        loaded = [await load_transfer(tx, transfer.id) for transfer in transfers]

    assert [x and x.restrictions for x in loaded] == [x.restrictions for x in transfers]


@pytest.mark.parametrize(
    "database_url",
    ["sqlite", pytest.param("postgresql", marks=pytest.mark.long)],
    indirect=True,
)
async def test_h06_each_list_and_count_holds_what_one_may_see_and_nothing_else(
    store: Store,
) -> None:
    transfers = await _kept(store)
    now = NOW + timedelta(days=60)

    async with store.read() as tx:
        for person in PEOPLE:
            who = actor(person)
            call, seen = calling(tx, who, now), _seen(who, transfers)
            for name, filters in FILTERS.items():
                listed = {x.id for x in await found.find_transfers(call, filters, limit=100)}
                counted = sum(x.transfers for x in await found.count_transfers(call, filters))
                assert listed <= seen, (person, name)
                assert counted == len(listed), (person, name)
            all_of_it = {x.id for x in await found.find_transfers(call, FILTERS["all"])}
            assert all_of_it == seen, person


LENT_BY = {
    "a stranger": ("op.manager", Membership(Role.TEAM_MANAGER, "op-bishop")),
    "a colleague": (
        "op.manager",
        Membership(Role.TEAM_MANAGER, "op-bishop"),
        Membership(Role.PRACTITIONER, "op-bishop"),
    ),
    "an auditor": (
        "ff.manager",
        Membership(Role.TEAM_MANAGER, "ff-bishop"),
        Membership(Role.AUDITOR),
    ),
}


@pytest.mark.parametrize(("by", "lent", "own"), [(x[0], x[1], x[2:]) for x in LENT_BY.values()])
async def test_h06_a_delegate_finds_nothing_that_is_denied_to_the_delegator(
    store: Store, by: str, lent: Membership, own: tuple[Membership, ...]
) -> None:
    transfers = await _kept(store)
    more = kept_from(open_to(numbered_transfer(20)), "op.manager")
    await keep(store, more)
    who = Actor("kim", "durham", frozenset({lent, *own}), frozenset({Delegated(lent, by)}))

    async with store.read() as tx:
        listed = {x.id for x in await found.find_transfers(calling(tx, who), FILTERS["all"])}
        kept = set(await withheld_from(tx, "durham", reader(who)))

    assert listed == _seen(who, [*transfers, more])
    assert not kept & listed


async def test_h06_nobody_finds_clocks_alerts_or_deliveries_of_what_is_withheld(
    store: Store,
) -> None:
    transfers = await _kept(store)
    for transfer in transfers:
        await queue(store, message(MessageKind.LOOK_UP_TASK, transfer))

    async with store.read() as tx:
        for person in PEOPLE:
            who = actor(person)
            call, seen = calling(tx, who), _seen(who, transfers)
            kept = {transfer.id for transfer in transfers if withheld(who, transfer)}
            for team in (None, "op-bishop", "ff-bishop"):
                clocks = await find_clocks(call, team, ClockFilter.OPEN, None, 200)
                assert not {x.found.transfer for x in clocks} & kept, person
            alerts = {x.transfer for x in await find_alerts(call, 0, 200)}
            sent = {x.transfer for x in await find_deliveries(call, None, 0, 200)}
            assert not alerts & kept, person
            assert sent == seen, person
            assert set(await withheld_from(tx, "durham", reader(who))) == kept, person


async def test_h06_a_step_up_after_a_step_down_that_is_withheld_is_no_re_referral_for_them(
    store: Store,
) -> None:
    before = numbered_transfer(1, Stage.COMPLETED, Pathway.STEP_DOWN)
    after = replace(numbered_transfer(2), re_referral_of=before.id)
    await keep(store, kept_from(before, "ff.manager"), after)

    async with store.read() as tx:
        seen = {
            person: len(await find_re_referrals(calling(tx, actor(person)), None, None, None, 50))
            for person in ("ff.manager", "ff.socialworker")
        }

    assert seen == {"ff.manager": 0, "ff.socialworker": 1}


DELEGATED = Delegation(
    "durham", "ff.manager", "op.worker", Role.TEAM_MANAGER, "ff-bishop",
    TODAY, TODAY + timedelta(days=1), "ff.manager", NOW,
)  # fmt: skip
LENT = Membership(Role.TEAM_MANAGER, "ff-bishop")


@pytest.mark.parametrize(("days", "holds"), [(-1, False), (0, True), (1, True), (2, False)])
async def test_h06_a_delegation_holds_on_its_days_both_included(
    store: Store, days: int, *, holds: bool
) -> None:
    async with store.write() as tx:
        await insert_delegation(tx, DELEGATED)
        who = await actor_of_person(tx, "op.worker", TODAY + timedelta(days=days))

    assert who is not None
    assert (LENT in who.memberships) is holds
    assert who.delegated == ({Delegated(LENT, "ff.manager")} if holds else frozenset())
    assert who.own.memberships == actor("op.worker").memberships


async def test_h06_a_delegation_that_was_ended_holds_no_more(store: Store) -> None:
    async with store.write() as tx:
        made = replace(DELEGATED, id=await insert_delegation(tx, DELEGATED))
        await keep_end(tx, replace(made, ended_at=NOW, ended_by="op.worker"))
        who = await actor_of_subject(tx, "op.worker", NOW)

    assert who is not None
    assert who.delegated == frozenset()


async def test_h06_a_delegate_has_no_more_than_the_delegator_has_still(store: Store) -> None:
    chain = replace(DELEGATED, delegator="op.worker", delegate="op.keyworker")
    other = replace(DELEGATED, role=Role.OPERATIONS_MANAGER)
    async with store.write() as tx:
        for made in (DELEGATED, chain, other):
            await insert_delegation(tx, made)
        delegate = await actor_of_person(tx, "op.worker", TODAY)
        second = await actor_of_person(tx, "op.keyworker", TODAY)

    assert delegate is not None
    assert second is not None
    assert delegate.delegated == {Delegated(LENT, "ff.manager")}
    assert second.delegated == frozenset()


async def test_h06_what_is_one_s_own_is_not_held_by_delegation(store: Store) -> None:
    to_deputy = replace(DELEGATED, delegate="ff.deputy")
    async with store.write() as tx:
        await insert_delegation(tx, to_deputy)
        who = await actor_of_person(tx, "ff.deputy", TODAY)

    assert who == actor("ff.deputy")


async def test_h06_a_glass_is_open_until_its_time_and_for_whoever_broke_it(store: Store) -> None:
    transfer = numbered_transfer(1)
    await keep(store, transfer)
    async with store.write() as tx:
        until = NOW + timedelta(minutes=15)
        made = Opening(
            "o-1",
            transfer.id,
            "op.chester.manager",
            BreakGlassReason.MISSING_CHILD,
            "x",
            NOW,
            until,
        )
        await insert_opening(tx, made, "durham")

    async with store.read() as tx:
        reading = {
            (person, minutes)
            for person in ("op.chester.manager", "op.worker")
            for minutes in (0, 14, 15)
            if (who := await actor_of_subject(tx, person, NOW + timedelta(minutes=minutes)))
            and transfer.id in who.opened
        }

    assert reading == {
        ("op.chester.manager", 0),
        ("op.chester.manager", 14),
    }
