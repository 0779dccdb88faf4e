"""An Idempotency-Key: one effect and one answer, however often a request is sent."""

import asyncio
from typing import Any
from uuid import uuid4

import pytest
from api.seeding import DOWN, connected, seed, seed_delivery
from api.signing import forge
from builders import sample_directory
from service import Api, Person

from app.api import examples
from app.api.around_examples import CLOCK
from app.domain.pathway import Stage
from app.domain.people import Role
from app.store.directory import DatedMembership, save_person
from app.store.directory import Person as Listed

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
OPEN = "/v1/transfers"


def _opening(child_id: str = "DUR1001", **changes: Any) -> dict[str, Any]:
    return {
        **examples.STEP_UP,
        "children": [{**examples.CHILD, "child_id": child_id}],
        **changes,
    }


async def _events(api: Api, transfer: str) -> list[str]:
    answer = await api.as_("systems.team").get(f"{OPEN}/{transfer}/history")
    return [event["action"] for event in answer.json()]


async def _deliveries(api: Api, transfer: str) -> list[str]:
    answer = await api.as_("systems.team").get(f"{OPEN}/{transfer}/deliveries")
    return [delivery["kind"] for delivery in answer.json()]


async def test_a_repeated_open_answers_the_same_and_opens_one(api: Api) -> None:
    worker = api.as_("op.worker")

    first = await worker.post(OPEN, _opening(), key="a-key")
    again = await worker.post(OPEN, _opening(), key="a-key")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    for name in ("ETag", "Location", "Content-Type"):
        assert first.headers[name] == again.headers[name]
    assert len((await worker.get(OPEN)).json()["items"]) == 1


async def test_h05_a_double_finalise_with_the_same_key_makes_one_task(api: Api) -> None:
    draft = await seed(api, Stage.DRAFT)
    path = f"{OPEN}/{draft.id}/finalise"
    worker = api.as_("op.worker")

    first = await worker.post(path, version=draft.version, key="a-key")
    again = await worker.post(path, version=draft.version, key="a-key")
    other = await worker.post(path, version=first.json()["version"], key="another-key")

    assert first.status_code == 200
    assert again.content == first.content
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (other.status_code, other.json()["type"]) == (409, "/problems/illegal-transition")
    assert await _deliveries(api, draft.id) == ["deliver_task"]


async def test_h05_twins_that_come_at_once_have_one_effect_and_one_answer(api: Api) -> None:
    draft = await seed(api, Stage.DRAFT)
    worker = api.as_("op.worker")
    await connected(api)

    answers = await asyncio.gather(
        *(
            worker.post(f"{OPEN}/{draft.id}/finalise", version=draft.version, key="a-key")
            for _ in range(8)
        )
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert [x.headers.get("Idempotency-Replayed") for x in answers].count("true") == 7
    assert await _events(api, draft.id) == ["finalise"]
    assert await _deliveries(api, draft.id) == ["deliver_task"]


async def test_h09_twins_of_an_open_have_one_effect_and_one_answer(api: Api) -> None:
    worker = api.as_("op.worker")
    await connected(api)

    answers = await asyncio.gather(*(worker.post(OPEN, _opening(), key="a-key") for _ in range(8)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1


async def test_h09_two_workers_who_open_for_the_same_child_at_once_open_one(api: Api) -> None:
    people = [api.as_("op.worker"), api.as_("op.manager"), api.as_("op.keyworker")]
    await connected(api)

    answers = await asyncio.gather(*(person.post(OPEN, _opening()) for person in people * 2))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert {x.json().get("type") for x in answers} == {None, "/problems/child-in-transfer"}


async def test_h10_a_step_up_and_a_step_down_of_the_same_child_do_not_cross(api: Api) -> None:
    down = {**examples.STEP_DOWN, "children": [{**examples.CHILD, "child_id": "DUR1001"}]}
    await connected(api)

    answers = await asyncio.gather(
        api.as_("op.worker").post(OPEN, _opening()),
        api.as_("ff.socialworker").post(OPEN, down),
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409]


async def test_h06_of_rivals_with_keys_of_their_own_one_wins(api: Api) -> None:
    waiting = await seed(api, Stage.AWAITING_AUTHORISATION, DOWN)
    manager = api.as_("ff.manager")
    await connected(api)

    answers = await asyncio.gather(
        *(manager.post(f"{OPEN}/{waiting.id}/authorise", version=waiting.version) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert await _deliveries(api, waiting.id) == ["deliver_task"]


@one_store
@pytest.mark.parametrize(
    "body",
    [
        _opening("DUR1002"),
        _opening(route="immediate_risk"),
        _opening(form={}),
        _opening(origin={"kind": "manual", "stage_record_id": None}),
    ],
)
async def test_the_same_key_with_another_body_answers_422(api: Api, body: dict[str, Any]) -> None:
    worker = api.as_("op.worker")

    await worker.post(OPEN, _opening(), key="a-key")
    other = await worker.post(OPEN, body, key="a-key")

    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


@one_store
async def test_the_same_body_in_another_order_and_spacing_is_the_same_request(api: Api) -> None:
    worker = api.as_("op.worker")
    body = _opening()

    first = await worker.post(OPEN, body, key="a-key")
    again = await worker.post(OPEN, dict(reversed(body.items())), key="a-key")

    assert again.content == first.content


@one_store
async def test_the_same_key_for_another_transfer_answers_422(api: Api) -> None:
    one, two = await seed(api, Stage.DRAFT), await seed(api, Stage.DRAFT)
    worker = api.as_("op.worker")

    await worker.post(f"{OPEN}/{one.id}/finalise", version=one.version, key="a-key")
    other = await worker.post(f"{OPEN}/{two.id}/finalise", version=two.version, key="a-key")

    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")


@one_store
async def test_the_same_key_on_another_route_is_another_key(api: Api) -> None:
    worker = api.as_("op.worker")
    opened = (await worker.post(OPEN, _opening(), key="a-key")).json()

    finalised = await worker.post(
        f"{OPEN}/{opened['id']}/finalise", version=opened["version"], key="a-key"
    )

    assert finalised.status_code == 200
    assert "Idempotency-Replayed" not in finalised.headers


@one_store
async def test_the_same_key_of_another_person_is_another_key(api: Api) -> None:
    first = await api.as_("op.worker").post(OPEN, _opening(), key="a-key")
    other = await api.as_("op.manager").post(OPEN, _opening(), key="a-key")
    third = await api.as_("op.keyworker").post(OPEN, _opening("DUR1002"), key="a-key")

    assert first.status_code == 201
    assert other.json()["type"] == "/problems/child-in-transfer"
    assert third.status_code == 201


async def test_a_refusal_is_not_kept_so_that_the_same_key_may_succeed_later(api: Api) -> None:
    worker = api.as_("op.worker")
    empty = (await worker.post(OPEN, _opening(form={}))).json()
    path = f"{OPEN}/{empty['id']}"

    refused = await worker.post(f"{path}/finalise", version=1, key="a-key")
    edited = await worker.patch(path, examples.FORM_STEP_UP, version=1)
    stale = await worker.post(f"{path}/finalise", version=1, key="a-key")
    accepted = await worker.post(f"{path}/finalise", version=2, key="a-key")
    again = await worker.post(f"{path}/finalise", version=2, key="a-key")

    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/rules-broken")
    assert edited.status_code == 200
    assert stale.status_code == 412
    assert accepted.status_code == 200
    assert again.headers["Idempotency-Replayed"] == "true"


@one_store
async def test_a_conflict_is_not_kept_either(api: Api) -> None:
    worker, manager = api.as_("op.worker"), api.as_("op.manager")
    blocking = (await worker.post(OPEN, _opening())).json()

    refused = await worker.post(OPEN, _opening(), key="a-key")
    await manager.post(
        f"{OPEN}/{blocking['id']}/cancel", examples.CANCEL["example"]["value"], version=1
    )
    accepted = await worker.post(OPEN, _opening(), key="a-key")

    assert (refused.status_code, accepted.status_code) == (409, 201)


@one_store
@pytest.mark.parametrize(("days", "status"), [(6.9, 422), (7.1, 201)])
async def test_a_key_is_kept_for_seven_days(api: Api, days: float, status: int) -> None:
    await api.as_("op.worker").post(OPEN, _opening(), key="a-key")

    api.clock.move(days=days)
    now = int(api.clock.now.timestamp())
    later = Person(api.client, forge(api.key).token(iat=now, nbf=now, exp=now + 60))
    other = await later.post(OPEN, _opening("DUR1002"), key="a-key")

    assert other.status_code == status


Held = tuple[Role, str | None] | None
REMOVED: dict[str, Held] = {
    "from the team": None,
    "to another team": (Role.PRACTITIONER, "op-chester"),
    "to the archive": (Role.AUDITOR, None),
}


@one_store
@pytest.mark.parametrize("held", REMOVED.values(), ids=REMOVED)
@pytest.mark.parametrize("what", ["open", "finalise", "milestone", "pause", "replay"])
async def test_h06_authorisation_is_asked_again_before_an_answer_is_repeated(
    api: Api, held: Held, what: str
) -> None:
    path, body, version = await _request(api, what)
    manager = api.as_("op.manager")
    first = await manager.post(path, body, version=version, key="a-key")

    await _moved(api, "op.manager", held)
    again = await manager.post(path, body, version=version, key="a-key")

    reads_all = held is not None and held[1] is None
    seen = what in ("milestone", "pause") and reads_all
    assert first.status_code in {200, 201}
    assert again.status_code == (200 if seen else 403 if reads_all or what == "open" else 404)
    assert ('"children"' in again.text) == seen


@one_store
async def test_h06_a_person_removed_in_mid_session_may_do_nothing_more(api: Api) -> None:
    draft = await seed(api, Stage.DRAFT)
    worker = api.as_("op.worker")
    before = await worker.get(f"{OPEN}/{draft.id}")

    await _moved(api, "op.worker", None)
    answers = [
        await worker.get(f"{OPEN}/{draft.id}"),
        await worker.get(f"{OPEN}/{draft.id}/history"),
        await worker.patch(f"{OPEN}/{draft.id}", {"comments": "x"}, version=draft.version),
        await worker.post(f"{OPEN}/{draft.id}/finalise", version=draft.version),
        await worker.post(OPEN, _opening()),
    ]
    found = await worker.get(OPEN)

    assert before.status_code == 200
    assert {answer.status_code for answer in answers} == {404}
    assert found.json()["items"] == []


async def test_a_person_with_the_longest_subject_may_repeat_a_request(api: Api) -> None:
    subject = "s" * 200
    async with api.store.write() as tx:
        await save_person(
            tx, Listed("op.long", "durham", "Somebody", subject), [_membership("op.long")]
        )
    somebody = api.as_(subject)

    first = await somebody.post(OPEN, _opening(), key="k" * 255)
    again = await somebody.post(OPEN, _opening(), key="k" * 255)

    assert first.status_code == 201
    assert again.content == first.content


async def _request(api: Api, what: str) -> tuple[str, Any, int | None]:
    if what == "open":
        return OPEN, _opening(), None
    transfer = await seed(api, Stage.DRAFT if what == "finalise" else Stage.DISPATCHED)
    path = f"{OPEN}/{transfer.id}"
    if what == "finalise":
        return f"{path}/finalise", None, transfer.version
    if what == "milestone":
        at = api.clock.now.isoformat()
        return f"{path}/milestones", {"name": "origin_closing_begun", "at": at}, transfer.version
    if what == "pause":
        why = {"reason": "family_away", "comment": "x"}
        return f"{path}/clocks/{CLOCK}/pause", why, transfer.version
    delivery = await seed_delivery(api, transfer)
    return f"/v1/deliveries/{delivery}/replay", {"reason": "tray_mended"}, None


def _membership(person: str) -> DatedMembership:
    some = next(m for m in sample_directory().memberships if m.person == "op.worker")
    return DatedMembership(person, some.role, some.team, some.from_date)


async def _moved(api: Api, person: str, held: Held) -> None:
    """Somebody's membership replaced, as a load of the directory does it."""
    since = _membership(person).from_date
    now = [DatedMembership(person, held[0], held[1], since)] if held else []
    async with api.store.write() as tx:
        await save_person(tx, Listed(person, "durham", uuid4().hex, person), now)
