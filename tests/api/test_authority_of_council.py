"""Everybody, with everything that may be asked of no transfer; and every operation, from elsewhere.

What is expected stands in expected_of_council.py, by hand. Hazard 6.
"""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from api.asking import OPERATIONS, ask_council
from api.expected_of_council import NOT_BY_PERSON, OF_COUNCIL, OPENS, PAGES
from api.expected_rights import (
    ACTIONS,
    BREAKING,
    DISPATCHED,
    ELSEWHERE,
    FOR_MANAGERS,
    IN_MEETING_READS,
    PEOPLE,
    READS,
    RECORDS,
    UP,
)
from api.furnished import furnished, hire
from api.seeding import seed, seed_hold, seed_request, seed_subscription
from fastapi import APIRouter
from fastapi.routing import APIRoute
from service import Api

import app.api as rooms
from app.api import examples
from app.domain.pathway import Pathway

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@one_store
@pytest.mark.long
async def test_h06_what_is_of_no_transfer_is_for_those_whose_it_is(api: Api) -> None:
    ids = await _ids(api)
    expected = {(who, name): row.answer(who) for name, row in OF_COUNCIL.items() for who in PEOPLE}

    found = {cell: await ask_council(api, *cell, ids) for cell in expected}

    wrong = {x: (found[x], expected[x]) for x in expected if found[x] != expected[x]}
    assert wrong == {}
    assert len(expected) == len(PEOPLE) * 41


@one_store
@pytest.mark.long
@pytest.mark.parametrize("pathway", Pathway)
async def test_h06_whoever_is_no_practitioner_or_manager_of_the_team_opens_nothing(
    api: Api, pathway: Pathway
) -> None:
    await hire(api)
    body = examples.STEP_UP if pathway is UP else examples.STEP_DOWN
    found = {}

    for number, person in enumerate(PEOPLE):
        child = {**examples.CHILD, "child_id": f"DUR{number}"}
        answer = await api.as_(person).post("/v1/transfers", body | {"children": [child]})
        found[person] = answer.status_code

    assert found == {person: OPENS[pathway].answer(person) for person in PEOPLE}


def test_every_route_stands_in_the_matrix() -> None:
    asked = (*ACTIONS, *READS, *FOR_MANAGERS, *IN_MEETING_READS, *RECORDS)
    asked += (BREAKING, *OF_COUNCIL, "openTransfer")
    known = {name.partition(" ")[0] for name in asked} | {*NOT_BY_PERSON}

    assert known == {*OPERATIONS}
    assert {route.operation_id or route.path for route in _routes()} == known | {*PAGES}


@one_store
async def test_h06_nothing_of_another_council_exists_whatever_is_asked_of_its_id(api: Api) -> None:
    """Every operation that takes an id (OWASP API1), by who may do most in another council."""
    ids = await _ids(api)
    before = await furnished(api, UP, DISPATCHED)
    names = [name for name, one in OPERATIONS.items() if "{" in one["path"]]
    found = {}

    for person in ELSEWHERE:
        for name in names:
            if name in OF_COUNCIL:
                answer = await ask_council(api, person, name, ids)
            else:
                answer = (await before.ask(api, person, name)).status_code
            found[person, name] = answer

    public = {(who, name) for who in ELSEWHERE for name in ("readProtocol", "readProtocolVersion")}
    assert found == {cell: 200 if cell in public else 404 for cell in found}
    assert len(names) >= 60


async def _ids(api: Api) -> dict[str, object]:
    """The cast is hired; what they may ask of."""
    delegations = await hire(api)
    subscription = await seed_subscription(api)
    child_id = (await seed(api, DISPATCHED)).children[0].child_id
    request = await seed_request(api, child_id=child_id, reviewed_by="ff.operations")
    return {
        "subscription_id": subscription.id,
        "delegation_id": delegations["ff.delegate"].id,
        "hold_id": (await seed_hold(api)).id,
        "request_id": request.id,
    }


def _routes() -> Iterator[APIRoute]:
    """Those of every router of the API, documented or not."""
    for found in pkgutil.iter_modules(rooms.__path__):
        for one in vars(importlib.import_module(f"{rooms.__name__}.{found.name}")).values():
            if isinstance(one, APIRouter):
                yield from (route for route in one.routes if isinstance(route, APIRoute))
