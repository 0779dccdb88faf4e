"""Everybody, at every stage, with everything that may be asked over HTTP. Hazard 6.

What is expected stands in expected_rights.py, by hand; how it is asked, in asking.py.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import replace

import pytest
from api.asking import Before, answered
from api.expected_rights import (
    ACTIONS,
    AWAITING,
    BREAKING,
    DISPATCHED,
    DOWN,
    DRAFT,
    FOR_MANAGERS,
    IN_MEETING,
    IN_MEETING_READS,
    JUDGING,
    PEOPLE,
    READS,
    RECORDED,
    RECORDS,
    UP,
    Cell,
)
from api.furnished import bare, furnished, hire
from service import Api

from app.domain.pathway import Pathway, Stage

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CASES = [(UP, stage) for stage in Stage if stage is not AWAITING] + [
    (DOWN, stage) for stage in Stage
]
AT_ONCE = 8
"""More writers than that wait for each other, on a busy machine until one of them is refused."""
MOVING = (*ACTIONS, BREAKING)
MATRIX = pytest.mark.parametrize(("pathway", "stage"), CASES)


Cells = dict[tuple[str, str], int]


async def _asked(api: Api, cells: Iterable[tuple[str, str]], before: Before) -> Cells:
    """What each person is answered; a few ask at once."""
    a_few = asyncio.Semaphore(AT_ONCE)

    async def one(person: str, asked: str) -> int:
        async with a_few:
            return answered(asked, await before.ask(api, person, asked))

    asking = list(cells)
    return dict(zip(asking, await asyncio.gather(*(one(*cell) for cell in asking)), strict=True))


def _expected(asked: Iterable[str], before: Before) -> Cells:
    of, booked = before.transfer, before.meeting is not None
    return {
        (person, one): Cell(person, of.pathway, of.stage, of.holder, booked).answer(one)
        for person in PEOPLE
        for one in asked
    }


def _wrong(found: Cells, expected: Cells) -> dict[tuple[str, str], tuple[int, int]]:
    return {x: (found[x], expected[x]) for x in expected if found[x] != expected[x]}


async def _actions_are_right(api: Api, pathway: Pathway, stage: Stage, asked: Iterable[str]) -> int:
    before = await bare(api, pathway, stage)
    expected = _expected(asked, before)
    moving = [cell for cell, status in expected.items() if status < 300 and cell[1] in MOVING]

    found = await _asked(api, (cell for cell in expected if cell not in moving), before)
    for cell in moving:
        found |= await _asked(api, [cell], before)
        before = await bare(api, pathway, stage)

    assert _wrong(found, expected) == {}
    return len(expected)


@one_store
async def test_h06_what_waits_for_authorisation_is_judged_by_those_whose_it_is(api: Api) -> None:
    """The stage in which it matters most who acts. Every cell is asked of the decisions themselves
    in the fast lane, and over HTTP in the long one.
    """  # noqa: D205
    await hire(api)

    await _actions_are_right(api, DOWN, AWAITING, (*JUDGING, "cancelTransfer", "readTransfer"))


@one_store
@pytest.mark.long
@MATRIX
async def test_h06_everybody_may_do_at_a_stage_what_is_theirs_and_nothing_else(
    api: Api, pathway: Pathway, stage: Stage
) -> None:
    await hire(api)

    cells = await _actions_are_right(api, pathway, stage, (*ACTIONS, BREAKING, *READS))

    assert cells == len(PEOPLE) * 25


@one_store
@pytest.mark.long
@MATRIX
async def test_h06_everybody_may_record_around_a_transfer_what_is_theirs_and_nothing_else(
    api: Api, pathway: Pathway, stage: Stage
) -> None:
    """Of a version that is past, so that nothing changes: 412 is a yes to who asks."""
    await hire(api)
    before = replace(await furnished(api, pathway, stage), version=77)
    expected = _expected((*READS, *FOR_MANAGERS, *IN_MEETING_READS, *RECORDS), before)

    found = await _asked(api, expected, before)

    assert _wrong(found, expected) == {}
    assert len(expected) == len(PEOPLE) * 40


@one_store
@pytest.mark.long
@pytest.mark.parametrize(("pathway", "stage"), [(UP, DRAFT), (UP, DISPATCHED), (DOWN, DISPATCHED)])
async def test_h06_whose_it_is_does_record_it(api: Api, pathway: Pathway, stage: Stage) -> None:
    """Each of them in truth, of the version that it has; what is not yet possible is told so."""
    await hire(api)
    asked = [name for name in RECORDS if name != "replayDelivery"]
    expected = _expected(asked, await furnished(api, pathway, stage))
    theirs = [cell for cell, status in expected.items() if status == 412]
    found: dict[str, set[int]] = {}

    for number, (person, name) in enumerate(theirs, start=1):
        before = await furnished(api, pathway, stage, number)
        version = 1 if name in IN_MEETING else None
        answer = await replace(before, version=version).ask(api, person, name)
        found.setdefault(name, set()).add(answer.status_code)

    assert found == {name: RECORDED[stage].get(name, {200}) for name in asked}
    assert len(theirs) > 100


def test_the_matrix_has_20_000_cells_with_every_answer_among_them() -> None:
    around = (*READS, *FOR_MANAGERS, *IN_MEETING_READS, *RECORDS)
    each = len((*ACTIONS, BREAKING, *READS)) + len(around)
    answers = [
        Cell(person, pathway, stage, None, booked=True).answer(asked)
        for pathway, stage in CASES
        for person in PEOPLE
        for asked in (*ACTIONS, BREAKING, *around)
    ]

    cells = len(CASES) * len(PEOPLE) * each
    says = f"{len(PEOPLE)} people, {each} acts, {len(CASES)} stages: {cells} cells over HTTP"
    print(says)  # noqa: T201 - the figure that is claimed
    assert cells >= 20_000
    assert min(answers.count(status) for status in {*answers}) > 100
    assert {*answers} == {200, 201, 403, 404, 409, 412, 422}
