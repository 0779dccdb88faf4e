"""Nobody judges what they prepared, over HTTP, whatever roles they have. Hazard 6."""

import pytest
from api.expected_rights import DISPATCHED, DRAFT
from api.seeding import seed
from service import Api

from app.api import examples

one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@one_store
@pytest.mark.parametrize(
    ("person", "drafted_by"),
    [("ff.deputy", "ff.deputy"), ("ff.manager", "ff.manager")],
)
@pytest.mark.parametrize("judging", ["authorise", "return"])
async def test_h06_nobody_judges_a_form_that_they_wrote_whatever_roles_they_have(
    api: Api, person: str, drafted_by: str, judging: str
) -> None:
    drafter = api.as_(drafted_by)
    draft = (await drafter.post("/v1/transfers", examples.STEP_DOWN)).json()
    path = f"/v1/transfers/{draft['id']}"
    waiting = (await drafter.post(f"{path}/finalise", version=draft["version"])).json()

    body = {"comment": "x"} if judging == "return" else None
    answer = await api.as_(person).post(f"{path}/{judging}", body, version=2)

    assert waiting["stage"] == "awaiting_authorisation"
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/separation-of-duties")


@one_store
@pytest.mark.parametrize("part", ["edits", "submits"])
async def test_h06_nobody_judges_a_form_that_they_edited_last_or_submitted(
    api: Api, part: str
) -> None:
    author, deputy = api.as_("ff.socialworker"), api.as_("ff.deputy")
    draft = (await author.post("/v1/transfers", examples.STEP_DOWN)).json()
    path = f"/v1/transfers/{draft['id']}"
    if part == "edits":
        await deputy.patch(path, {"comments": "Better words"}, version=1)
    submitter = deputy if part == "submits" else author
    waiting = (await submitter.post(f"{path}/finalise", version=2 if part == "edits" else 1)).json()

    own = await deputy.post(f"{path}/authorise", version=waiting["version"])
    others = await api.as_("ff.manager").post(f"{path}/authorise", version=waiting["version"])

    assert (own.status_code, own.json()["type"]) == (403, "/problems/separation-of-duties")
    assert others.status_code == 200
    assert others.json()["authorised_by"] == "ff.manager"


@one_store
async def test_h06_a_person_does_not_say_who_picked_a_task_up_and_a_system_does(api: Api) -> None:
    transfer = await seed(api, DISPATCHED)
    path, body = f"/v1/transfers/{transfer.id}/pick-up", {"worker": "somebody.else"}

    person = await api.as_("ff.manager").post(path, body, version=transfer.version)
    system = await api.as_("lcs.service").post(path, body, version=transfer.version)

    assert person.status_code == 403
    assert system.json()["holder"] == "somebody.else"


@one_store
async def test_a_transfer_that_is_not_there_looks_like_one_that_is_another_teams(api: Api) -> None:
    hidden = await seed(api, DRAFT)
    nobodys = "0b0f3d9e-52c7-4d6e-9f7a-000000000000"

    answers = [
        await api.as_("ff.manager").post(f"/v1/transfers/{id_}/finalise", version=version)
        for id_ in (hidden.id, nobodys)
        for version in (hidden.version, 77)
    ]

    assert {(x.status_code, x.content) for x in answers} == {(404, answers[0].content)}
