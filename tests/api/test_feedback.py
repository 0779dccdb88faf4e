"""Feedback over HTTP: both sides read what was said, a case system does not."""

import pytest
from api.seeding import seed
from service import Api

from app.api.afterwards_examples import FEEDBACK
from app.domain.pathway import Stage


async def test_ce_m28_both_sides_read_what_was_said_and_a_case_system_does_not(api: Api) -> None:
    transfer = await seed(api, Stage.COMPLETED)
    path = f"/v1/transfers/{transfer.id}/feedback"
    child = transfer.children[0].child_id
    said = FEEDBACK | {"child_id": child, "given_on": api.clock.now.date().isoformat()}
    parents = {key: value for key, value in said.items() if key != "child_id"}

    first = await api.as_("op.worker").post(path, said, version=transfer.version)
    second = await api.as_("ff.socialworker").post(
        path, parents | {"said_by": "parent"}, version=transfer.version + 1
    )
    read = {
        person: await api.as_(person).get(path)
        for person in ("op.manager", "ff.manager", "lcs.service", "ff.chester.manager")
    }

    assert (first.status_code, second.status_code) == (200, 200), first.text
    assert [x.status_code for x in read.values()] == [200, 200, 403, 404]
    shown = read["ff.manager"].json()["feedback"]
    assert [(x["said_by"], x["childs_voice"], x["child_id"]) for x in shown] == [
        ("child", True, child),
        ("parent", False, None),
    ]


@pytest.mark.long
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_h14_the_transfer_and_its_history_do_not_show_the_words(api: Api) -> None:
    transfer = await seed(api, Stage.COMPLETED)
    path, day = f"/v1/transfers/{transfer.id}", api.clock.now.date().isoformat()
    words = FEEDBACK | {
        "child_id": transfer.children[0].child_id,
        "words": "Zebedee came along",
        "given_on": day,
    }
    await api.as_("op.worker").post(f"{path}/feedback", words, version=transfer.version)

    answers = [await api.as_("op.worker").get(x) for x in (path, f"{path}/history")]

    assert [x.status_code for x in answers] == [200, 200]
    assert not [x for x in answers if "Zebedee" in x.text]
