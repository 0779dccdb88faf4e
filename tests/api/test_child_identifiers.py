"""Numbers that cannot be a child's are refused by name and never repeated (issue 3, item 9)."""

import copy
from typing import Any

import httpx
import pytest
from service import Api

from app.api import examples
from app.domain.census_codes import PRIMARY_NEED, UPN_UNKNOWN

NOT_BOTH = "give a UPN or the reason why there is none, not both"


def with_child(**changes: Any) -> dict[str, Any]:
    return examples.STEP_UP | {"children": [examples.CHILD | changes]}


def with_form(**changes: Any) -> dict[str, Any]:
    return examples.STEP_UP | {"form": examples.FORM_STEP_UP | changes}


async def open_as_worker(api: Api, body: dict[str, Any]) -> httpx.Response:
    return await api.as_("op.worker").post("/v1/transfers", body)


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid"
    return [(breach["where"], breach["says"]) for breach in answer.json()["breaches"]]


@pytest.mark.parametrize(
    ("field", "number", "says"),
    [
        ("nhs_number", "9434765918", "the NHS number's check digit does not fit"),
        ("nhs_number", "9999999999", "an NHS number is not one digit ten times"),
        ("nhs_number", "943476591", "an NHS number is ten digits"),
        ("nhs_number", "943 476 5919", "an NHS number is ten digits"),
        ("upn", "B950000178301", "the UPN's check letter does not fit"),
        ("upn", "A950000178302", "the UPN's check letter does not fit"),
        ("upn", "B95000017830A", "the UPN's check letter does not fit"),
        ("upn", "A95000017830", "a UPN is a capital letter and twelve digits"),
        ("upn", "A95000017830O", "a UPN is a capital letter and twelve digits"),
    ],
)
async def test_a_number_that_cannot_be_the_childs_is_refused_by_name_and_not_repeated(
    storeless: Api, capsys: pytest.CaptureFixture[str], field: str, number: str, says: str
) -> None:
    answer = await open_as_worker(storeless, with_child(**{field: number}))

    ((where, said),) = faults(answer)
    assert where == f"/body/children/0/{field}"
    assert said.startswith(says)
    assert number not in answer.text
    assert number not in capsys.readouterr().out


@pytest.mark.parametrize("code", UPN_UNKNOWN)
async def test_a_child_without_a_upn_has_a_coded_reason_that_is_kept(api: Api, code: str) -> None:
    opened = await open_as_worker(api, with_child(upn=None, upn_unknown=code))

    read = await api.as_("op.worker").get(f"/v1/transfers/{opened.json()['id']}")

    assert opened.status_code == 201
    (child,) = read.json()["children"]
    assert (child["upn"], child["upn_unknown"]) == (None, code)


async def test_a_temporary_upn_is_taken_and_a_child_needs_neither_number_nor_reason(
    api: Api,
) -> None:
    numbers: list[dict[str, Any]] = [
        {"upn": "L95000017830A", "child_id": "TEMPORARY1"},
        {"upn": None, "nhs_number": None, "child_id": "NEITHER1"},
    ]

    answers = [await open_as_worker(api, with_child(**each)) for each in numbers]

    assert [answer.status_code for answer in answers] == [201, 201]
    shown = [answer.json()["children"][0] for answer in answers]
    assert [child["upn"] for child in shown] == ["L95000017830A", None]
    assert [child["upn_unknown"] for child in shown] == [None, None]


async def test_a_upn_and_a_reason_for_having_none_contradict_each_other(storeless: Api) -> None:
    answer = await open_as_worker(storeless, with_child(upn_unknown="UN1"))

    assert faults(answer) == [("/body/children/0/upn_unknown", NOT_BOTH)]


@pytest.mark.parametrize("code", ["UN6", "UN8", "un1", "UN1 "])
async def test_a_reason_that_the_census_does_not_have_is_refused(storeless: Api, code: str) -> None:
    answer = await open_as_worker(storeless, with_child(upn=None, upn_unknown=code))

    says = "choose one of UN1, UN2, UN3, UN4, UN5, UN7"
    assert faults(answer) == [("/body/children/0/upn_unknown", says)]


async def test_every_wrong_number_of_every_child_is_named_at_once(storeless: Api) -> None:
    body = copy.deepcopy(examples.STEP_UP)
    wrong = {"nhs_number": "9434765910", "upn": "Z950000178301"}
    body["children"] = [examples.CHILD | wrong | {"child_id": f"DUR{n}"} for n in range(2)]

    answer = await open_as_worker(storeless, body)

    assert [where for where, _ in faults(answer)] == [
        f"/body/children/{n}/{field}" for n in range(2) for field in ("nhs_number", "upn")
    ]


@pytest.mark.parametrize("code", PRIMARY_NEED)
async def test_every_primary_need_of_the_census_is_kept(api: Api, code: str) -> None:
    opened = await open_as_worker(api, with_form(primary_need=code))

    read = await api.as_("op.worker").get(f"/v1/transfers/{opened.json()['id']}")

    assert read.json()["form"]["primary_need"] == code


@pytest.mark.parametrize("code", ["N10", "N", "n1", "1", "N1\n"])
async def test_a_primary_need_that_the_census_does_not_have_is_refused(
    storeless: Api, code: str
) -> None:
    answer = await open_as_worker(storeless, with_form(primary_need=code))

    says = f"choose one of {', '.join(PRIMARY_NEED)}"
    assert faults(answer) == [("/body/form/primary_need", says)]


async def test_an_edit_changes_the_primary_need_alone_and_null_empties_it(api: Api) -> None:
    worker = api.as_("op.worker")
    opened = (await open_as_worker(api, with_form(primary_need="N1"))).json()
    address = f"/v1/transfers/{opened['id']}"

    changed = await worker.patch(address, {"primary_need": "N4"}, version=1)
    commented = await worker.patch(address, {"comments": "As agreed"}, version=2)
    emptied = await worker.patch(address, {"primary_need": None}, version=3)

    assert changed.json()["form"] == opened["form"] | {"primary_need": "N4"}
    assert commented.json()["form"]["primary_need"] == "N4"
    assert emptied.json()["form"] == opened["form"] | {
        "primary_need": None,
        "comments": "As agreed",
    }


async def test_the_document_names_the_codes_and_what_they_mean(storeless: Api) -> None:
    schemas = (await storeless.as_("op.worker").get("/openapi.json")).json()["components"][
        "schemas"
    ]

    coded = {
        "upn_unknown": schemas["ChildBody"]["properties"]["upn_unknown"],
        "primary_need": schemas["FormBody"]["properties"]["primary_need"],
    }

    for field, codes in (("upn_unknown", UPN_UNKNOWN), ("primary_need", PRIMARY_NEED)):
        (known,) = [kind for kind in coded[field]["anyOf"] if kind["type"] == "string"]
        assert known["enum"] == list(codes)
        assert all(meaning in known["description"] for meaning in codes.values())
