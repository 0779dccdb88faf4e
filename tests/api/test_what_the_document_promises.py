"""The document says of a field what is held, and of an answer what may follow it."""

from typing import Any

import pytest
from api.contract import document, operations
from api.seeding import seed_subscription
from builders import TRANSFER_ID
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError
from service import Api

from app.api.fields import AnswerText, Instant, IsoDate, Line, Words
from app.api.legal_hold_bodies import PlaceHoldBody

OPERATIONS = operations()
TEXTS = (
    "",
    " ",
    "\t",
    "\u3000",
    "\x85",
    "\ufeff",
    "a",
    " a ",
    "a\nb",
    "a\x00",
    "\x04",
    "\x7f",
    "x" * 201,
    "\u00e9",
)
DAYS = ("1899-12-31", "1900-01-01", "2199-12-31", "2200-01-01", "2026-11-2", "20261120")
MOMENTS = (
    *("2026-11-20T10:00:00Z", "2026-11-20T10:00:00.123456+01:00", "1899-12-31T10:00:00Z"),
    *("2026-11-20T10:00Z", "2026-11-20T10:00:00", "2026-11-20T10:00:00.1234567Z"),
)


@pytest.mark.parametrize(
    ("kind", "values"),
    [(Line, TEXTS), (Words, TEXTS), (AnswerText, TEXTS), (IsoDate, DAYS), (Instant, MOMENTS)],
    ids=["line", "words", "answer", "day", "moment"],
)
def test_the_schema_of_a_field_allows_what_is_taken_and_nothing_else(
    kind: Any, values: tuple[str, ...]
) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(kind)
    checker = Draft202012Validator.FORMAT_CHECKER
    schema = Draft202012Validator(adapter.json_schema(), format_checker=checker)

    allowed = [value for value in values if schema.is_valid(value)]

    assert allowed == [value for value in values if _taken(adapter, value)]
    assert 0 < len(allowed) < len(values)


def _taken(adapter: TypeAdapter[Any], value: str) -> bool:
    try:
        adapter.validate_python(value, strict=True)
    except ValidationError:
        return False
    return True


def test_every_link_leads_to_an_operation_with_parameters_that_it_has() -> None:
    links = document()["components"]["links"]

    for name, link in links.items():
        asked = {f"{x['in']}.{x['name']}" for x in OPERATIONS[name]["parameters"]}
        assert link["operationId"] == name
        assert link["parameters"].keys() <= asked, name
        assert {x for x in asked if x.startswith("path.")} <= link["parameters"].keys(), name
    assert len(links) > 45


def test_who_opened_or_read_a_transfer_is_told_every_operation_on_it() -> None:
    on_it = {
        name for name, found in OPERATIONS.items() if found["path"].startswith("/v1/transfers/{")
    }

    opened = OPERATIONS["openTransfer"]["responses"]["201"]["links"]
    read = OPERATIONS["readTransfer"]["responses"]["200"]["links"]

    assert opened.keys() == read.keys() == on_it
    assert OPERATIONS["finaliseTransfer"]["responses"]["200"]["links"].keys() == {"readTransfer"}


@pytest.mark.parametrize(
    ("given", "fits"),
    [({"child_id": "DUR1001"}, True), ({"transfer": TRANSFER_ID, "child_id": None}, True),
     ({}, False), ({"child_id": "DUR1001", "transfer": TRANSFER_ID}, False)],
)  # fmt: skip
def test_a_legal_hold_names_a_child_or_a_transfer(given: dict[str, Any], fits: bool) -> None:  # noqa: FBT001
    body = {"reason": "police_investigation", **given}
    schema = document()["components"]["schemas"]["PlaceHoldBody"]
    whole = {**schema, "components": document()["components"]}

    assert Draft202012Validator(whole).is_valid(body) is fits
    if fits:
        PlaceHoldBody.model_validate(body)
    else:
        with pytest.raises(ValidationError, match="give child_id or transfer"):
            PlaceHoldBody.model_validate(body)


async def test_a_whole_number_may_be_written_with_a_point(api: Api) -> None:
    subscription = await seed_subscription(api)
    path = f"/v1/subscriptions/{subscription.id}/rotate-secret"
    administrator = api.as_("systems.team")

    part = await administrator.post(path, {"overlap_hours": 1.5}, version=1)
    whole = await administrator.post(path, {"overlap_hours": 1.0}, version=1)

    assert (part.status_code, whole.status_code) == (422, 200)


async def test_a_path_beside_an_id_is_no_transfer_of_that_name(storeless: Api) -> None:
    counts = await storeless.client.patch("/v1/transfers/counts")
    transfer = await storeless.client.patch(f"/v1/transfers/{TRANSFER_ID}")

    assert (counts.status_code, transfer.status_code) == (405, 401)
