"""What waits for a person is what the transition table lets them do, of what it waits for."""

from dataclasses import replace

from builders import child, situation
from domain.cells import STANDINGS, UNREACHED, people_of, transfer_of
from store.kept import calling, keep, numbered

from app.domain.available import available_actions
from app.domain.errors import NotVisible
from app.domain.pathway import TRANSITIONS, Action, Pathway, Stage
from app.domain.people import Actor
from app.domain.transfer import Transfer
from app.store.engine import Store
from app.usecases.find_transfers import Filters, count_transfers, find_transfers

AWAITED = {(row.action, stage) for row in TRANSITIONS if row.awaited for stage in row.sources}
MINE_TO_TAKE = (None, "rules-broken")
"""Whether the protocol's rules hold already makes no difference to whose turn it is."""


def _population() -> list[Transfer]:
    """A transfer of both pathways at every standing, each of a child of its own."""
    cells = [(p, s) for p in Pathway for s in STANDINGS if p not in UNREACHED.get(s, ())]
    found = [transfer_of(pathway, standing) for pathway, standing in cells]
    return [
        replace(transfer, id=numbered(n), children=(child(f"DUR{n}"),))
        for n, transfer in enumerate(found)
    ]


def _waits(transfer: Transfer, person: Actor) -> bool:
    """Whether an action that the process waits for is theirs now, as the domain tells it."""
    try:
        found = available_actions(transfer, person, situation())
    except NotVisible:
        return False
    theirs = {x.action for x in found if x.why_not in MINE_TO_TAKE}
    return any((action, transfer.stage) in AWAITED for action in theirs)


async def test_the_list_of_what_waits_is_what_each_person_may_do_at_each_stage(
    store: Store,
) -> None:
    population = _population()
    await keep(store, *population)
    people = [person for pathway in Pathway for person in people_of(pathway).values()]
    people = [person for person in people if person.id != "a system"]
    expected = [{t.id for t in population if _waits(t, person)} for person in people]

    async with store.read() as tx:
        for person, waiting in zip(people, expected, strict=True):
            call = calling(tx, person)
            found = await find_transfers(call, Filters(waiting_for_me=True), limit=1000)
            counted = await count_transfers(call, Filters(waiting_for_me=True))

            assert {line.id for line in found} == waiting, person
            assert sum(line.transfers for line in counted) == len(waiting), person

    assert sum(len(waiting) > 0 for waiting in expected) > 8


def test_the_process_waits_at_every_stage_between_the_draft_and_the_allocation() -> None:
    assert {stage for _, stage in AWAITED} == {
        Stage.AWAITING_AUTHORISATION,
        Stage.DISPATCHED,
        Stage.PICKED_UP,
        Stage.DECLINED,
        Stage.STARTED,
    }
    assert Action.CANCEL not in {action for action, _ in AWAITED}
