"""Subject access over HTTP: one person asks, another reviews, both may fetch what is released."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from api.seeding import seed
from builders import child, step_up_form
from service import Api, Person
from sqlalchemy import select

from app.domain.consent import Consent, How
from app.domain.disagreement import Disagreement
from app.domain.feedback import About, Feedback, Heard, Voice
from app.domain.pathway import Stage
from app.domain.restriction import Restriction, RestrictionKind, RestrictionReason
from app.domain.transfer import Transfer
from app.store.tables import audit_events

CHILD, SIBLING = "DURASKED1", "DUROTHER2"
PATH = "/v1/subject-access"
REVIEWED = {"serious_harm_considered": True}
on_one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
long = pytest.mark.long


async def _case(api: Api, **parts: Any) -> Transfer:
    """A transfer of two siblings that has gone to Families First, with words about both."""
    now = api.clock.now

    def full(transfer: Transfer) -> Transfer:
        given = Consent(
            "c1", "joint_visit", "Morgan Mother", now.date(), How.ORAL, informed=True,
            explicit=True, recorded_by="op.worker", recorded_at=now,
        )  # fmt: skip
        dispute = Disagreement("d1", ("other",), "They <b>disagree</b>", "op.worker", now)
        spoken = (Voice.CHILD, About.TRANSFER, "I was heard", now.date(), Heard.ORAL)
        first = Feedback(*spoken, "op.worker", now, CHILD)
        said = (
            first,
            replace(first, words="Sibling's words", child_id=SIBLING),
            replace(first, words="Mother's words", child_id=None, said_by=Voice.PARENT),
        )
        kept: dict[str, Any] = {
            "consents": (given,),
            "disagreements": (dispute,),
            "feedback": said,
        }
        return replace(transfer, **(kept | parts))

    form = step_up_form(comments="A <script>alert(1)</script> comment")
    children = (child(CHILD, "Alex Asked"), child(SIBLING, "Olly Other"))
    return await seed(api, Stage.DISPATCHED, children=children, form=form, then=full)


async def _asked(api: Api, person: str = "op.worker") -> str:
    """A request; its path."""
    body = {"child_id": CHILD, "applicant": "child", "received_on": f"{api.clock.now:%Y-%m-%d}"}
    made = await api.as_(person).post(PATH, body)
    assert made.status_code == 201, made.text
    return str(made.headers["Location"])


async def _released(api: Api, **review: Any) -> str:
    path = await _asked(api)
    assert (await api.as_("op.manager").post(f"{path}/review", version=1)).status_code == 200
    done = await api.as_("op.manager").post(f"{path}/decide", REVIEWED | review, version=2)
    assert (done.status_code, done.json()["state"]) == (200, "released"), done.text
    return path


async def _actors_of(api: Api, action: str) -> list[str]:
    ours = select(audit_events.c.actor).where(audit_events.c.action == action)
    async with api.store.read() as tx:
        return list((await tx.connection.execute(ours.order_by("id"))).scalars())


async def test_one_person_asks_another_reviews_and_both_fetch_what_is_released(api: Api) -> None:
    await _case(api)
    await api.as_("ff.manager").get("/v1/transfers", child_id=CHILD)
    path = await _released(api)

    for person in ("op.worker", "op.manager"):
        export = await api.as_(person).get(f"{path}/export")
        page = await api.as_(person).get(f"{path}/page")
        assert (export.status_code, page.status_code) == (200, 200)
    found = export.json()
    assert len(found["parts"]) == 11
    (transfer,) = found["parts"]["transfer"]
    assert transfer["child"]["name"] == "Alex Asked"
    assert transfer["origin_team"] not in (None, "op-bishop")
    for word in ("Olly Other", SIBLING, "Sibling's words", "Morgan Mother", "Mother's words"):
        assert word not in export.text
        assert word not in page.text
    assert "I was heard" in export.text
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert "op.worker" not in export.text


@on_one_store
async def test_every_download_is_in_the_audit(api: Api) -> None:
    await _case(api)
    path = await _released(api)
    await api.as_("op.worker").get(f"{path}/export")
    await api.as_("op.manager").get(f"{path}/page")

    async with api.store.read() as tx:
        rows = (await tx.connection.execute(select(audit_events).order_by("id"))).mappings().all()
    acts = [(row["action"], row["actor"]) for row in rows]
    assert acts == [
        ("subject_access_requested", "op.worker"),
        ("subject_access_in_review", "op.manager"),
        ("subject_access_decided", "op.manager"),
        ("list", "op.worker"),
        ("list", "op.manager"),
    ]
    asked = f"request:{path.rpartition('/')[2]}"
    assert all(asked in row["codes"] for row in rows)


@long
async def test_who_asked_does_not_review_even_with_two_roles(api: Api) -> None:
    await _case(api)
    path = await _asked(api, "op.manager")

    own = await api.as_("op.manager").post(f"{path}/review", version=1)
    other = await api.as_("ff.manager").post(f"{path}/review", version=1)
    decided = await api.as_("op.manager").post(f"{path}/decide", REVIEWED, version=2)
    not_reviewer = await api.as_("operations.manager").post(f"{path}/decide", REVIEWED, version=2)

    assert (own.status_code, own.json()["type"]) == (403, "/problems/separation-of-duties")
    assert (other.status_code, other.json()["reviewed_by"]) == (200, "ff.manager")
    assert decided.status_code == 403
    assert not_reviewer.status_code == 403


@long
async def test_another_who_may_review_takes_over_and_who_had_it_decides_no_more(api: Api) -> None:
    await _case(api)
    path = await _asked(api)
    first, next_one = api.as_("op.manager"), api.as_("ff.manager")
    assert (await first.post(f"{path}/review", version=1)).status_code == 200

    stale = await next_one.post(f"{path}/review", version=1)
    taken = await next_one.post(f"{path}/review", version=2)
    too_late = await first.post(f"{path}/decide", REVIEWED, version=3)
    decided = await next_one.post(f"{path}/decide", REVIEWED, version=3)

    assert stale.status_code == 412
    assert (taken.status_code, taken.json()["reviewed_by"]) == (200, "ff.manager")
    assert too_late.status_code == 403
    assert (decided.status_code, decided.json()["state"]) == (200, "released")
    assert (await first.get(f"{path}/export")).status_code == 403
    assert await _actors_of(api, "subject_access_in_review") == ["op.manager", "ff.manager"]


@long
@pytest.mark.parametrize(
    ("person", "read", "review"),
    [
        ("op.worker", 200, 403),
        ("op.manager", 200, 200),
        ("ff.manager", 200, 200),
        ("operations.manager", 200, 200),
        ("systems.team", 200, 403),
        ("op.keyworker", 404, 404),
        ("ff.socialworker", 404, 404),
        ("op.chester.manager", 404, 404),
        ("ff.coordinator", 404, 404),
        ("lcs.service", 404, 404),
    ],
)
async def test_h14_a_request_is_there_for_who_made_it_may_review_it_or_audits(
    api: Api, person: str, read: int, review: int
) -> None:
    await _case(api)
    path = await _asked(api)
    somebody = api.as_(person)

    assert (await somebody.get(path)).status_code == read
    listed = (await somebody.get(PATH)).json()["items"]
    assert len(listed) == (1 if read == 200 else 0)
    assert (await somebody.post(f"{path}/review", version=1)).status_code == review


@long
async def test_h14_who_is_denied_the_case_neither_reviews_nor_fetches(api: Api) -> None:
    kept_from = Restriction(
        RestrictionKind.CONFLICT_OF_INTEREST, "op.manager", RestrictionReason.KNOWS_THE_FAMILY,
        "A neighbour", "ff.manager", api.clock.now,
    )  # fmt: skip
    await _case(api, restrictions=(kept_from,))
    path = await _asked(api)

    denied = api.as_("op.manager")
    assert (await denied.get(path)).status_code == 404
    assert (await denied.post(f"{path}/review", version=1)).status_code == 404
    assert (await denied.get(PATH)).json()["items"] == []


@long
async def test_parts_are_withheld_with_a_reason_and_others_are_let_out_on_purpose(
    api: Api,
) -> None:
    await _case(api)
    path = await _released(
        api,
        withheld=[
            {"part": "disagreements", "reason": "serious_harm"},
            {"part": "readers", "reason": "crime"},
        ],
        third_parties="consented",
    )

    view = (await api.as_("op.worker").get(path)).json()
    export = (await api.as_("op.worker").get(f"{path}/export")).json()

    assert (
        view["withheld"]
        == export["withheld"]
        == [
            {"part": "disagreements", "reason": "serious_harm"},
            {"part": "readers", "reason": "crime"},
        ]
    )
    assert {"disagreements", "readers"}.isdisjoint(export["parts"])
    (consents,) = export["parts"]["consents"]
    assert consents["consents"][0]["given_by"] == "Morgan Mother"
    assert "Mother's words" in str(export)
    assert "Sibling's words" not in str(export)


@long
async def test_a_release_needs_the_serious_harm_test_and_something_to_release(api: Api) -> None:
    await _case(api)
    path = await _asked(api)
    manager = api.as_("op.manager")
    early = await manager.post(f"{path}/decide", REVIEWED, version=1)
    await manager.post(f"{path}/review", version=1)
    parts = (
        *("transfer", "forms", "comments", "consents", "meetings", "disagreements", "feedback"),
        *("custody", "history", "deliveries", "readers"),
    )
    everything = [{"part": part, "reason": "crime"} for part in parts]

    asked: list[dict[str, Any]] = [
        {"serious_harm_considered": False},
        REVIEWED | {"withheld": everything},
        REVIEWED | {"withheld": everything[:1], "refused_because": "excessive"},
        REVIEWED | {"withheld": everything[:1] * 2},
    ]
    answers = [await manager.post(f"{path}/decide", body, version=2) for body in asked]

    assert early.status_code == 403
    assert [answer.status_code for answer in answers] == [422] * 4
    codes = [answer.json()["breaches"][0]["code"] for answer in answers[:3]]
    assert codes == ["serious-harm-test", "all-withheld", "refused-and-withheld"]


@long
async def test_a_refused_request_has_no_export_and_a_decided_one_is_settled(api: Api) -> None:
    await _case(api)
    path = await _asked(api)
    manager = api.as_("op.manager")
    early = await api.as_("op.worker").get(f"{path}/export")
    await manager.post(f"{path}/review", version=1)
    body = REVIEWED | {"refused_because": "identity_not_shown"}
    refused = await manager.post(f"{path}/decide", body, version=2)
    again = await manager.post(f"{path}/decide", REVIEWED, version=3)
    late = await manager.post(f"{path}/extend", {"reason": "complexity"}, version=3)

    assert early.status_code == 409
    assert refused.json()["state"] == "refused"
    assert again.status_code == late.status_code == 409
    assert (await manager.get(f"{path}/export")).status_code == 409
    assert (await manager.get(f"{path}/page")).status_code == 409
    assert (await api.as_("systems.team").get(f"{path}/export")).status_code == 403


@long
async def test_an_export_is_fetched_for_thirty_days(api: Api) -> None:
    await _case(api)
    path = await _released(api)
    api.clock.now += timedelta(days=30) - timedelta(seconds=1)
    before = await api.as_("op.worker").get(f"{path}/export")
    api.clock.move(seconds=1)

    assert before.status_code == 200
    assert (await api.as_("op.worker").get(f"{path}/export")).status_code == 404
    assert (await api.as_("op.worker").get(path)).status_code == 200


@long
async def test_a_request_is_due_in_a_month_and_extended_once_within_it(api: Api) -> None:
    await _case(api)
    path = await _asked(api)
    worker = api.as_("op.worker")
    extended = await worker.post(f"{path}/extend", {"reason": "complexity"}, version=1)
    again = await worker.post(f"{path}/extend", {"reason": "complexity"}, version=2)
    late = await _asked(api)
    api.clock.now += timedelta(days=32)
    over = await api.as_("op.worker").post(f"{late}/extend", {"reason": "complexity"}, version=1)

    assert extended.json()["extended_because"] == "complexity"
    assert extended.json()["due_on"] > (await api.as_("op.worker").get(late)).json()["due_on"]
    assert again.status_code == over.status_code == 422
    assert again.json()["breaches"][0]["code"] == "extension"


@long
@pytest.mark.parametrize("day", ["2200-01-01", "2020-01-01"])
async def test_a_request_is_of_a_day_within_the_last_year(api: Api, day: str) -> None:
    body = {"child_id": CHILD, "applicant": "child", "received_on": day}

    answer = await api.as_("op.worker").post(PATH, body)

    assert answer.status_code == 422


@long
async def test_what_is_asked_of_an_unknown_child_says_nothing_and_operations_answers(
    api: Api,
) -> None:
    path = await _asked(api)
    assert (await api.as_("op.manager").get(path)).status_code == 404
    operations: Person = api.as_("operations.manager")
    await operations.post(f"{path}/review", version=1)
    done = await operations.post(f"{path}/decide", REVIEWED, version=2)
    export = await operations.get(f"{path}/export")

    assert done.status_code == 200
    assert export.json()["parts"]["transfer"] == []


@on_one_store
async def test_a_request_is_made_once_for_a_key_and_changed_at_its_version(api: Api) -> None:
    await _case(api)
    body = {"child_id": CHILD, "applicant": "parent", "received_on": f"{api.clock.now:%Y-%m-%d}"}
    first = await api.as_("op.worker").post(PATH, body, key="k")
    again = await api.as_("op.worker").post(PATH, body, key="k")
    path = first.headers["Location"]
    stale = await api.as_("op.manager").post(f"{path}/review", version=7)

    assert first.json() == again.json()
    assert stale.status_code == 412
