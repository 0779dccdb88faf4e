"""Boards over HTTP: filters, counts, and what became of what a team sent."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from api.contract import operations
from api.seeding import DOWN, seed
from service import Api, Person

from app.domain.pathway import Pathway, Stage
from app.domain.transfer import Transfer

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TRANSFERS, COUNTS = "/v1/transfers", "/v1/transfers/counts"
OUTGOING = "/v1/teams/op-bishop/outgoing"
SENT = datetime(2026, 11, 20, 10, tzinfo=UTC)
"""A Friday. What is sent now is late in the pickup or the handover by Tuesday."""
BOARDS = ("findTransfers", "countTransfers", "findOutgoing")


async def _found(person: Person, **query: Any) -> list[dict[str, Any]]:
    answer = await person.get(TRANSFERS, **query)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def _ids(person: Person, **query: Any) -> set[str]:
    return {item["id"] for item in await _found(person, **query)}


async def _six(api: Api) -> list[Transfer]:
    """Six transfers, an hour apart, the oldest first."""
    api.clock.now = SENT
    stages = (
        (Stage.DRAFT, Pathway.STEP_UP),
        (Stage.AWAITING_AUTHORISATION, Pathway.STEP_DOWN),
        (Stage.DISPATCHED, Pathway.STEP_UP),
        (Stage.PICKED_UP, Pathway.STEP_UP),
        (Stage.DECLINED, Pathway.STEP_UP),
        (Stage.ALLOCATED, Pathway.STEP_DOWN),
    )
    return [
        await seed(api, stage, pathway, SENT + n * timedelta(hours=1))
        for n, (stage, pathway) in enumerate(stages)
    ]


FILTERS: list[tuple[str, dict[str, Any], set[int]]] = [
    ("op.worker", {"mine": True}, {0, 2, 3, 4, 5}),
    ("ff.socialworker", {"mine": True}, {1, 3, 5}),
    ("systems.team", {"mine": True}, set()),
    ("ff.manager", {"waiting_for_me": True}, {1, 2, 3}),
    ("ff.socialworker", {"waiting_for_me": True}, {2, 3}),
    ("op.manager", {"waiting_for_me": True}, {4}),
    ("op.worker", {"waiting_for_me": True}, set()),
    ("operations.manager", {"waiting_for_me": True}, set()),
    ("ff.manager", {"waiting_for_me": True, "mine": True}, set()),
    ("ff.manager", {"direction": "incoming"}, {2, 3, 4}),
    ("ff.manager", {"direction": "outgoing"}, {1, 5}),
    ("op.manager", {"direction": "incoming", "stage": "allocated"}, {5}),
    ("systems.team", {"direction": "incoming", "team": "op-bishop"}, {5}),
    ("systems.team", {"direction": "outgoing", "team": "op-bishop"}, {0, 2, 3, 4}),
    ("systems.team", {"direction": "outgoing"}, set()),
    ("op.chester.manager", {"direction": "outgoing", "team": "op-bishop"}, set()),
    ("systems.team", {"recipient": "op-bishop"}, {1, 5}),
    ("systems.team", {"route": "meeting", "pathway": "step_down"}, {1, 5}),
    ("systems.team", {"route": "immediate_risk"}, set()),
]


async def test_a_filter_finds_what_it_says_and_counts_what_it_finds(api: Api) -> None:
    made = await _six(api)

    found, counted = [], []
    for person, query, _ in FILTERS:
        found.append(await _ids(api.as_(person), **query))
        counts = (await api.as_(person).get(COUNTS, **query)).json()
        counted.append((counts["transfers"], sum(c["transfers"] for c in counts["counts"])))

    assert found == [{made[n].id for n in numbers} for _, _, numbers in FILTERS]
    assert counted == [(len(numbers), len(numbers)) for _, _, numbers in FILTERS]


@pytest.mark.long
async def test_what_is_disputed_is_listed_and_counted_until_it_is_resolved_or_over(
    api: Api,
) -> None:
    made = await _six(api)
    worker, manager, other = (api.as_(x) for x in ("op.worker", "op.manager", "ff.chester.manager"))
    draft, sent, held = made[0], made[2], made[3]
    about = {"kinds": ["not_agreed"], "about": "More risk than the meeting saw"}
    paths = {x.id: f"{TRANSFERS}/{x.id}" for x in (draft, sent, held)}

    views = [
        (await worker.post(f"{paths[x.id]}/disagreements", about, version=x.version)).json()
        for x in (draft, sent, held)
    ]
    disputed, none = await _ids(manager, disputed=True), await _ids(other, disputed=True)
    counts = (await manager.get(COUNTS, disputed=True)).json()
    at_stage = await _ids(manager, disputed=True, stage="dispatched")
    resolve = f"{paths[sent.id]}/disagreements/{views[1]['disagreements'][0]['id']}/resolve"
    settled = {"outcome": "stays", "rationale": "All that was said."}
    resolved = await manager.post(resolve, settled, version=views[1]["version"])
    ended = {"reason": "entered_in_error", "comment": "After all not."}
    cancelled = await manager.post(f"{paths[draft.id]}/cancel", ended, version=views[0]["version"])

    assert (resolved.status_code, cancelled.status_code) == (200, 200)
    assert (disputed, none) == ({draft.id, sent.id, held.id}, set())
    assert (counts["transfers"], at_stage) == (3, {sent.id})
    assert await _ids(manager, disputed=True) == {held.id}
    assert len(await _ids(manager)) > 2


async def test_a_late_transfer_says_since_when_and_is_counted(api: Api) -> None:
    made = await _six(api)
    api.clock.now = SENT + timedelta(days=6)
    manager = api.as_("ff.manager")
    read = {x.id: (await manager.get(f"{TRANSFERS}/{x.id}")).json()["clocks"] for x in made[1:]}
    due = {
        id_: min((c["due_at"] for c in clocks if c["state"] == "late"), default=None)
        for id_, clocks in read.items()
    }

    listed = {item["id"]: item["late_since"] for item in await _found(manager)}
    late = {item["id"]: item["late_since"] for item in await _found(manager, late=True)}
    counts = (await manager.get(COUNTS)).json()

    assert listed == due
    assert late == {id_: since for id_, since in due.items() if since is not None}
    assert 0 < len(late) < len(listed)
    assert counts["late"] == sum(line["late"] for line in counts["counts"]) == len(late)
    assert (await manager.get(COUNTS, late=True)).json()["transfers"] == len(late)


@one_store
async def test_counts_have_a_line_for_every_pathway_and_stage(api: Api) -> None:
    await _six(api)

    counts = (await api.as_("operations.manager").get(COUNTS)).json()

    lines = {(line["pathway"], line["stage"]): line["transfers"] for line in counts["counts"]}
    assert list(lines) == [(pathway.value, stage.value) for pathway in Pathway for stage in Stage]
    assert {place for place, many in lines.items() if many} == {
        ("step_up", "draft"),
        ("step_up", "dispatched"),
        ("step_up", "picked_up"),
        ("step_up", "declined"),
        ("step_down", "awaiting_authorisation"),
        ("step_down", "allocated"),
    }


@one_store
async def test_days_are_londons_and_both_ends_count(api: Api) -> None:
    """In July a London day begins at 23:00 UTC."""
    api.clock.now = datetime(2026, 7, 3, 12, tzinfo=UTC)
    eve = datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC)
    before = await seed(api, Stage.DRAFT, at=eve)
    first = await seed(api, Stage.DRAFT, at=eve + timedelta(seconds=1))
    last = await seed(api, Stage.DRAFT, at=eve + timedelta(days=1))
    after = await seed(api, Stage.DRAFT, at=eve + timedelta(days=1, seconds=1))
    worker, day = api.as_("op.worker"), "2026-07-02"

    for span in ("opened", "changed"):
        ends = {f"{span}_from": day}, {f"{span}_to": day}, {f"{span}_from": day, f"{span}_to": day}
        found = [await _ids(worker, **query) for query in ends]

        everything = {before.id, first.id, last.id, after.id}
        assert found == [everything - {before.id}, everything - {after.id}, {first.id, last.id}]


@one_store
async def test_pages_of_a_board_of_several_teams_hold_each_transfer_once(api: Api) -> None:
    made = await _six(api)
    manager = api.as_("operations.manager")
    pages: list[list[str]] = []
    query: dict[str, Any] = {"limit": 2}

    while query:
        body = (await manager.get(TRANSFERS, **query)).json()
        pages.append([item["id"] for item in body["items"]])
        query = {"limit": 2, "cursor": body["next"]} if body["next"] else {}

    assert [id_ for page in pages for id_ in page] == [x.id for x in reversed(made)]


async def test_the_sender_reads_what_became_of_what_was_sent(api: Api) -> None:
    made = await _six(api)
    started = await seed(api, Stage.ALLOCATED, at=SENT + timedelta(hours=7))
    api.clock.now = SENT + timedelta(days=6)

    items = (await api.as_("op.worker").get(OUTGOING)).json()["items"]

    by_id = {item["id"]: item for item in items}
    picked_up, declined, allocated = (by_id[x.id] for x in (made[3], made[4], started))
    assert [item["id"] for item in items] == [started.id, made[4].id, made[3].id, made[2].id]
    assert {item["recipient_team"] for item in items} == {"ff-bishop"}
    assert (picked_up["stage"], picked_up["picked_up_by"]) == ("picked_up", "receiver")
    assert picked_up["since"] == picked_up["picked_up_at"] == "2026-11-20T13:00:00+00:00"
    assert picked_up["late_since"] is not None
    assert (declined["declined_reason"], declined["picked_up_by"]) == ("threshold_not_met", None)
    assert declined["since"] == declined["declined_at"] == "2026-11-20T14:00:00+00:00"
    assert (allocated["lead_professional"], allocated["completed_at"]) == ("a.worker", None)
    assert allocated["children"] == [
        {
            "child_id": started.children[0].child_id,
            "record_id": f"REC-{started.children[0].child_id}",
            "record_created_at": "2026-11-20T17:00:00+00:00",
            "record_dated": "2026-05-04",
            "allocated_to": "a.worker",
            "outcome": "taken",
            "outcome_reason": None,
            "outcome_at": "2026-11-20T17:00:00+00:00",
        }
    ]
    assert "Not yet" not in str(items), "the words of a decline"


@one_store
async def test_a_team_is_told_of_what_it_may_see_and_nothing_of_what_was_never_sent(
    api: Api,
) -> None:
    made = await _six(api)
    people = ("op.worker", "ff.manager", "systems.team", "ff.chester.manager")

    found = {
        person: {item["id"] for item in (await api.as_(person).get(OUTGOING)).json()["items"]}
        for person in people
    }
    first = (await api.as_("op.worker").get(OUTGOING, limit=2)).json()
    second = (await api.as_("op.worker").get(OUTGOING, limit=2, cursor=first["next"])).json()

    sent = {transfer.id for transfer in made[2:5]}
    assert found == {**dict.fromkeys(people[:3], sent), "ff.chester.manager": set()}
    assert [x["id"] for x in first["items"] + second["items"]] == [made[n].id for n in (4, 3, 2)]


HOSTILE: list[dict[str, Any]] = [
    {"stage": "nowhere"},
    {"pathway": "sideways"},
    {"direction": "both"},
    {"route": "Meeting"},
    {"route": ""},
    {"team": "a\x00b"},
    {"team": "' OR 1=1 --"},
    {"team": "%"},
    {"team": "x" * 101},
    {"recipient": "a\nb"},
    {"child_id": "' OR 1=1"},
    {"late": "perhaps"},
    {"disputed": "perhaps"},
    {"mine": ""},
    {"waiting_for_me": "2"},
    {"opened_from": "20-11-2026"},
    {"opened_to": "2026-02-30"},
    {"changed_from": "1764892800"},
    {"changed_to": "9999-12-31"},
    {"opened_from": "2026-11-21", "opened_to": "2026-11-20"},
    {"changed_from": "2026-11-21", "changed_to": "2026-11-20"},
    {"satge": "draft"},
]


async def test_what_no_filter_can_be_is_refused_and_not_repeated(storeless: Api) -> None:
    manager = storeless.as_("op.manager")

    for path in (TRANSFERS, COUNTS):
        for query in HOSTILE:
            answer = await manager.get(path, **query)

            assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid"), query
            assert "OR 1=1" not in answer.text
    pages: list[dict[str, Any]] = [{"cursor": "Zm9v"}, {"cursor": "\x00"}, {"limit": 0}]
    for query in (*pages, {"limit": 201}):
        assert (await manager.get(OUTGOING, **query)).status_code == 422
        assert (await manager.get(TRANSFERS, **query)).status_code == 422


def _examples() -> list[tuple[str, str, Any]]:
    return [
        (operations()[name]["path"].format(team="op-bishop"), parameter["name"], value)
        for name in BOARDS
        for parameter in operations()[name]["parameters"]
        if parameter["in"] == "query"
        for value in parameter["schema"].get("examples", ())
    ]


@one_store
async def test_every_example_of_a_filter_is_answered(api: Api) -> None:
    await seed(api, Stage.DISPATCHED, DOWN)
    asked = _examples()

    answers = [
        await api.as_("op.manager").get(path, **{name: value}) for path, name, value in asked
    ]

    assert {answer.status_code for answer in answers} == {200}
    assert len(asked) > 20
