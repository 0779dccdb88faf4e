"""The directory: loaded whole or not at all, and in force by its dates."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builders import NOW, TODAY, actor, sample_directory, transfer_at
from store.kept import calling, counted, keep

from app.domain.errors import NotVisible
from app.domain.pathway import Stage
from app.domain.people import Membership, Role
from app.store.directory import (
    DatedMembership,
    Person,
    actor_of_person,
    actor_of_subject,
    authority_of,
    list_authorities,
    list_members,
    list_teams,
    load_teams,
)
from app.store.engine import Store
from app.usecases.load_directory import Directory, DirectoryError, load_directory
from app.usecases.read_transfer import read_transfer

SAMPLE = sample_directory()
EMPTY = Directory((), (), (), ())
DAY = timedelta(days=1)
NEWCOMER = Person("new.comer", "durham", "A Newcomer", "new.comer@example.invalid")


async def _load(store: Store, directory: Directory) -> None:
    async with store.write() as tx:
        await load_directory(tx, directory)


async def test_what_was_loaded_is_found_again(store: Store) -> None:
    async with store.read() as tx:
        authorities = await list_authorities(tx)
        teams = await list_teams(tx, "durham")
        members = await list_members(tx, "ff-bishop")
        people = {p.id: await actor_of_person(tx, p.id, TODAY) for p in SAMPLE.people}
        nobody = await actor_of_subject(tx, "nobody", NOW)
        nowhere = await authority_of(tx, "nowhere")

    assert tuple(authorities) == SAMPLE.authorities
    assert sorted(teams, key=lambda t: t.id) == sorted(SAMPLE.teams, key=lambda t: t.id)
    assert people == {p.id: actor(p.id) for p in SAMPLE.people}
    assert {held.role for _, held in members} >= {Role.PRACTITIONER, Role.TEAM_MANAGER}
    assert [person.id for person, _ in members].count("ff.deputy") == 2
    assert (nobody, nowhere) == (None, None)


async def test_loading_twice_changes_nothing(store: Store) -> None:
    before = await counted(store)

    await _load(store, SAMPLE)

    assert await counted(store) == before


async def test_every_name_that_leads_nowhere_is_listed_and_nothing_is_loaded(
    store: Store,
) -> None:
    before = await counted(store)
    faulty = Directory(
        (),
        (replace(SAMPLE.teams[0], id="t", authority="atlantis"),),
        (replace(NEWCOMER, authority="el-dorado"),),
        (
            DatedMembership(NEWCOMER.id, Role.PRACTITIONER, "no-team", TODAY),
            DatedMembership("stranger", Role.AUDITOR, None, TODAY),
        ),
    )

    with pytest.raises(DirectoryError) as caught:
        await _load(store, faulty)

    assert str(caught.value) == (
        "there is no authority atlantis; there is no authority el-dorado; "
        "there is no team no-team; the file does not describe stranger"
    )
    assert await counted(store) == before


async def test_a_file_may_build_on_what_an_earlier_one_loaded(store: Store) -> None:
    held = DatedMembership(NEWCOMER.id, Role.PRACTITIONER, "op-bishop", TODAY)

    await _load(store, replace(EMPTY, people=(NEWCOMER,), memberships=(held,)))
    async with store.read() as tx:
        found = await actor_of_subject(tx, NEWCOMER.subject, NOW)

    assert found is not None
    assert found.id == NEWCOMER.id
    assert found.memberships == {Membership(Role.PRACTITIONER, "op-bishop")}


async def test_a_persons_memberships_are_replaced_as_a_whole_and_others_left_alone(
    store: Store,
) -> None:
    worker = next(p for p in SAMPLE.people if p.id == "op.worker")
    held = DatedMembership(worker.id, Role.CHAIR, "op-east", TODAY)

    await _load(store, replace(EMPTY, people=(worker,), memberships=(held,)))
    async with store.read() as tx:
        changed = await actor_of_person(tx, worker.id, TODAY)
        other = await actor_of_person(tx, "op.manager", TODAY)

    assert changed is not None
    assert changed.memberships == {Membership(Role.CHAIR, "op-east")}
    assert other == actor("op.manager")


async def test_a_membership_holds_from_its_first_day_to_its_last(store: Store) -> None:
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    dated = (
        DatedMembership(NEWCOMER.id, Role.PRACTITIONER, "op-bishop", first, last),
        DatedMembership(NEWCOMER.id, Role.TEAM_MANAGER, "op-bishop", last + DAY),
    )
    await _load(store, replace(EMPTY, people=(NEWCOMER,), memberships=dated))
    days = [first - DAY, first, last, last + DAY, date(2099, 1, 1)]

    async with store.read() as tx:
        actors = [await actor_of_person(tx, NEWCOMER.id, day) for day in days]

    roles = [sorted(m.role for m in found.memberships) if found else None for found in actors]
    assert roles == [[], ["practitioner"], ["practitioner"], ["team_manager"], ["team_manager"]]


async def test_a_removal_takes_effect_at_once(store: Store) -> None:
    sent = transfer_at(Stage.DISPATCHED)
    await keep(store, sent)
    worker = next(p for p in SAMPLE.people if p.id == "op.worker")

    async with store.read() as tx:
        before = await actor_of_person(tx, worker.id, TODAY)
        assert before is not None
        assert await read_transfer(calling(tx, before), sent.id) == sent
    await _load(store, replace(EMPTY, people=(worker,)))
    async with store.read() as tx:
        after = await actor_of_person(tx, worker.id, TODAY)
        assert after is not None
        assert after.memberships == frozenset()
        with pytest.raises(NotVisible):
            await read_transfer(calling(tx, after), sent.id)


async def test_a_team_is_renamed_or_closed_in_place(store: Store) -> None:
    closed = replace(SAMPLE.teams[0], name="One Point, closed", active=False)

    await _load(store, replace(EMPTY, teams=(closed,)))
    async with store.read() as tx:
        found = await load_teams(tx, {closed.id})

    assert found == {closed.id: closed}
    assert (await counted(store))["teams"] == len(SAMPLE.teams)
