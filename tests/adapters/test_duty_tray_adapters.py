"""Both adapters against two gateways: one that plays the contract's examples, and the real mock.

The same tests run against both, so that neither the adapters nor the mocks can drift from the
committed contract without being noticed.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import orjson
import pytest
from journeys.mock_system import MockSystem
from scripted_gateway import STALE, Contract, ScriptedGateway
from serving import CLIENT_ID, CLIENT_SECRETS, mock_app, served

from adapters.duty_tasks import as_payload
from adapters.ehm.tray import EhmTray
from adapters.http import GatewayClient, GatewaySettings
from adapters.lcs.tray import LcsTray
from app.domain.duty_task import (
    DutyTask,
    SharingLimit,
    TaskChild,
    TaskForm,
    TaskMeeting,
    TaskMember,
    TaskNotice,
)
from app.outbox.tray import (
    Capability,
    HeldByAnother,
    RecordAllocated,
    RecordDate,
    RecordIdentity,
    RecordsCreated,
    RecordUpdated,
    TaskDeclined,
    TaskPickedUp,
    TaskReceived,
    TaskWaiting,
    TrayRefused,
    TrayUnavailable,
)

REFERENCE = "TR-2026-000417-1"
KEY = "transfer:lcs:deliver_task:1"
NOTICE = TaskNotice(REFERENCE, "tm-bishop-01", "Threshold not met")
LIMIT = SharingLimit(REFERENCE, ("share_assessment",), ("F-88231", "F-90177"))
CHILD = RecordIdentity("C100234", "Jordan Example", date(2014, 5, 9))
TRAYS: dict[str, type[LcsTray | EhmTray]] = {"lcs": LcsTray, "ehm": EhmTray}


@dataclass(frozen=True)
class Arranged:
    """A tray behind a gateway in which the one task stands as asked for, and its record's id."""

    tray: LcsTray | EhmTray
    record_id: str
    asked: Callable[[], list[str]]


Arrange = Callable[[str], Awaitable[Arranged]]


def task(system: str) -> DutyTask:
    """The contract's example of a task, in the port's words."""
    sent = Contract(system).operation("post", "/duty-tasks")["requestBody"]["content"]
    (shown,) = sent["application/json"]["examples"].values()
    body = shown["value"]
    plain = {field.name: body[field.name] for field in fields(DutyTask) if field.name in body}
    return DutyTask(
        **plain
        | {
            "date_of_transfer": date.fromisoformat(body["date_of_transfer"]),
            "meeting": TaskMeeting(
                **body["meeting"] | {"held_on": date.fromisoformat(body["meeting"]["held_on"])}
            ),
            "record_id": body["origin_record"]["record_id"],
            "record_started_on": date.fromisoformat(body["origin_record"]["started_on"]),
            "children": tuple(
                TaskChild(**child | {"date_of_birth": date.fromisoformat(child["date_of_birth"])})
                for child in body["children"]
            ),
            "forms": tuple(
                TaskForm(**form | {"completed_on": date.fromisoformat(form["completed_on"])})
                for form in body["forms"]
            ),
            "team_around_the_family": tuple(
                TaskMember(**member) for member in body["team_around_the_family"]
            ),
        }
    )


@pytest.fixture(params=["lcs", "ehm"])
def system(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def mocks() -> Iterator[dict[str, MockSystem]]:
    with served(mock_app("lcs")) as lcs_url, served(mock_app("ehm")) as ehm_url:
        both = {"lcs": MockSystem("lcs", lcs_url), "ehm": MockSystem("ehm", ehm_url)}
        yield both
        for mock in both.values():
            mock.close()


@pytest.fixture(params=["scripted", "mock"])
async def arrange(
    request: pytest.FixtureRequest, system: str, mocks: dict[str, MockSystem]
) -> AsyncIterator[Arrange]:
    clients: list[GatewayClient] = []

    def connected(url: str, transport: httpx.AsyncBaseTransport | None = None) -> LcsTray | EhmTray:
        settings = GatewaySettings(url, CLIENT_ID, CLIENT_SECRETS[system], deadline=5)
        clients.append(GatewayClient(settings, transport))
        return TRAYS[system](clients[-1])

    async def scripted(state: str) -> Arranged:
        gateway = ScriptedGateway(system, state, KEY)
        record = gateway.contract.example(gateway.record)[f"{gateway.record}_id"]
        tray = connected("http://gateway.invalid", gateway.transport)
        return Arranged(tray, record, lambda: [f"{m} {path}" for m, path, _ in gateway.sent])

    async def real(state: str) -> Arranged:
        mock = mocks[system]
        mock.reset()
        record = bring_to(mock, state)
        mock.stop_clock("2026-11-20T10:05:00Z")
        before = len(requests(mock))
        tray = connected(mock.url)
        return Arranged(tray, record, lambda: requests(mock)[before:])

    yield {"scripted": scripted, "mock": real}[request.param]
    for client in clients:
        await client.close()


def requests(mock: MockSystem) -> list[str]:
    entries = mock.read("/admin/log")["items"]
    return [f"{entry['method']} {entry['path']}" for entry in entries]


def bring_to(mock: MockSystem, state: str) -> str:
    """Have the mock's task stand like this; the id of its record, if it has one."""
    mock.stop_clock("2026-11-20T09:30:00Z")
    address, by = f"/duty-tasks/{REFERENCE}", {"worker": "tm-other"}
    if state == "absent":
        return "none"
    payload = json_of(as_payload(task(mock.name)))
    mock.try_to("/duty-tasks", payload, **{"Idempotency-Key": KEY})
    if state in ("declined", "withdrawn"):
        word = {"declined": "decline", "withdrawn": "withdraw"}[state]
        mock.press(f"{address}/{word}", {"reason": "x"} | (by if word == "decline" else {}))
    if state == "held":
        mock.press(f"{address}/pick-up", by)
    if state not in ("started", "allocated"):
        return "none"
    (record,) = mock.start(REFERENCE, "tm-other")
    if state == "allocated":
        records = {"lcs": "referrals", "ehm": "episodes"}[mock.name]
        who = {"lcs": "worker", "ehm": "lead_professional"}[mock.name]
        mock.press(f"/{records}/{record['record_id']}/finalise")
        mock.press(f"/{records}/{record['record_id']}/allocate", {who: "worker-7"})
    return str(record["record_id"])


def json_of(payload: dict[str, Any]) -> Any:
    return orjson.loads(orjson.dumps(payload))


async def test_a_task_is_delivered_into_its_tray(arrange: Arrange, system: str) -> None:
    gateway = await arrange("absent")

    receipt = await gateway.tray.deliver(task(system), KEY)

    assert receipt.says == "in the tray"
    assert receipt.at is not None
    assert receipt.at.tzinfo is not None


async def test_h05_a_task_that_is_delivered_again_with_its_key_is_in_the_tray(
    arrange: Arrange, system: str
) -> None:
    gateway = await arrange("waiting")

    receipt = await gateway.tray.deliver(task(system), KEY)

    assert receipt.says == "in the tray"
    assert gateway.tray.capability is Capability.DEDUPES_ON_KEY


async def test_h05_a_duplicate_under_another_key_counts_as_delivered(
    arrange: Arrange, system: str
) -> None:
    gateway = await arrange("waiting")

    receipt = await gateway.tray.deliver(task(system), "another-key")

    assert receipt.says == "in the tray already"


async def test_a_task_that_was_withdrawn_is_not_delivered_any_more(
    arrange: Arrange, system: str
) -> None:
    gateway = await arrange("withdrawn")

    with pytest.raises(TrayRefused, match="status 409: withdrawn"):
        await gateway.tray.deliver(task(system), "another-key")


@pytest.mark.parametrize("state", ["absent", "waiting", "held", "declined", "withdrawn"])
async def test_a_task_is_withdrawn_however_it_stands(arrange: Arrange, state: str) -> None:
    gateway = await arrange(state)

    receipt = await gateway.tray.withdraw(NOTICE, "key-w")

    assert receipt.says == "withdrawn"


@pytest.mark.parametrize("say", ["withdraw", "pick_up", "release", "decline"])
async def test_h05_what_is_no_answer_about_the_task_may_have_been_processed(
    system: str, say: str
) -> None:
    def garbage(request: httpx.Request) -> httpx.Response:
        token = request.url.path == "/oauth/token"
        return httpx.Response(200, json={"access_token": "opaque"} if token else {"result": "OK"})

    settings = GatewaySettings("http://gateway.invalid", CLIENT_ID, CLIENT_SECRETS[system])
    client = GatewayClient(settings, httpx.MockTransport(garbage))
    telling = getattr(TRAYS[system](client), say)

    with pytest.raises(TrayUnavailable, match="no duty task") as raised:
        await telling(NOTICE, "key-t")
    await client.close()

    assert raised.value.ambiguous


async def test_a_started_task_is_not_withdrawn(arrange: Arrange) -> None:
    gateway = await arrange("started")

    with pytest.raises(TrayRefused, match="status 409: already_started"):
        await gateway.tray.withdraw(NOTICE, "key-w")


@pytest.mark.parametrize("state", ["waiting", "held", "declined", "withdrawn", "started"])
async def test_h12_sharing_is_limited_however_the_task_stands(arrange: Arrange, state: str) -> None:
    gateway = await arrange(state)

    receipt = await gateway.tray.limit_sharing(LIMIT, "key-l")

    assert receipt.says == "sharing limited"
    assert gateway.asked()[-1] == f"POST /duty-tasks/{REFERENCE}/limit-sharing"


async def test_sharing_of_a_task_that_is_not_there_is_not_limited(arrange: Arrange) -> None:
    gateway = await arrange("absent")

    with pytest.raises(TrayRefused, match="status 404"):
        await gateway.tray.limit_sharing(LIMIT, "key-l")


async def test_a_waiting_task_is_picked_up(arrange: Arrange) -> None:
    gateway = await arrange("waiting")

    receipt = await gateway.tray.pick_up(NOTICE, "key-p")

    assert receipt.says == "picked up"


async def test_a_task_that_another_holds_says_who(arrange: Arrange) -> None:
    gateway = await arrange("held")

    with pytest.raises(HeldByAnother) as held:
        await gateway.tray.pick_up(NOTICE, "key-p")

    assert held.value.worker == "tm-other"


async def test_a_declined_task_is_not_picked_up(arrange: Arrange) -> None:
    gateway = await arrange("declined")

    with pytest.raises(TrayRefused, match="status 409: not_in_tray"):
        await gateway.tray.pick_up(NOTICE, "key-p")


async def test_a_held_task_is_released_by_its_holder(arrange: Arrange) -> None:
    gateway = await arrange("held")

    receipt = await gateway.tray.release(TaskNotice(REFERENCE, "tm-other"), "key-r")

    assert receipt.says == "released"


async def test_a_waiting_task_is_declined(arrange: Arrange) -> None:
    gateway = await arrange("waiting")

    receipt = await gateway.tray.decline(NOTICE, "key-d")

    assert receipt.says == "declined"


@pytest.mark.parametrize(
    ("state", "leads_there"),
    [
        ("waiting", [TaskReceived, TaskWaiting]),
        ("held", [TaskReceived, TaskPickedUp]),
        ("declined", [TaskReceived, TaskDeclined]),
        ("withdrawn", [TaskReceived]),
        ("started", [TaskReceived, TaskPickedUp, RecordsCreated, RecordUpdated]),
        (
            "allocated",
            [TaskReceived, TaskPickedUp, RecordsCreated, RecordUpdated, RecordAllocated],
        ),
    ],
)
async def test_a_look_up_tells_what_led_to_the_tasks_state(
    arrange: Arrange, state: str, leads_there: list[type]
) -> None:
    gateway = await arrange(state)

    reports = await gateway.tray.look_up(REFERENCE)

    assert reports is not None
    assert [type(report) for report in reports] == leads_there
    workers = {report.worker for report in reports if isinstance(report, TaskPickedUp)}
    assert workers <= {"tm-other"}
    allocated = {report.worker for report in reports if isinstance(report, RecordAllocated)}
    assert allocated <= {"worker-7"}


async def test_a_look_up_of_a_task_that_the_tray_does_not_have_finds_none(
    arrange: Arrange,
) -> None:
    gateway = await arrange("absent")

    assert await gateway.tray.look_up(REFERENCE) is None


async def test_a_created_record_is_read_with_its_date_its_child_and_its_version(
    arrange: Arrange, system: str
) -> None:
    gateway = await arrange("started")

    record = await gateway.tray.read_record(gateway.record_id)

    copied = {"lcs": date(2026, 3, 2), "ehm": date(2026, 11, 20)}[system]
    assert record == RecordDate(copied, CHILD, '"1"', None)


async def test_a_record_that_does_not_exist_cannot_be_read(arrange: Arrange) -> None:
    gateway = await arrange("started")

    with pytest.raises(TrayRefused, match="status 404: unknown_"):
        await gateway.tray.read_record("made-up")


async def test_a_reference_is_escaped_on_its_way_into_an_address(arrange: Arrange) -> None:
    gateway = await arrange("absent")

    with pytest.raises(TrayRefused):
        await gateway.tray.read_record("..%2Fadmin%2Flog?#")

    assert not [asked for asked in gateway.asked() if "admin" in asked and "%2F" not in asked]


@pytest.mark.parametrize("system", ["lcs"], indirect=True)
async def test_h08_a_referrals_date_is_amended_where_it_is_as_it_was_read(
    arrange: Arrange,
) -> None:
    gateway = await arrange("started")
    read = await gateway.tray.read_record(gateway.record_id)

    await gateway.tray.amend_date(gateway.record_id, read, date(2026, 11, 20), "key-a")

    assert gateway.asked()[-1] == f"PATCH /referrals/{gateway.record_id}"


@pytest.mark.parametrize("system", ["lcs"], indirect=True)
async def test_h08_a_referral_that_changed_after_it_was_read_is_to_be_judged_afresh(
    arrange: Arrange,
) -> None:
    gateway = await arrange("started")
    stale = RecordDate(date(2026, 3, 2), CHILD, STALE)

    with pytest.raises(TrayUnavailable, match="changed after it was read") as failure:
        await gateway.tray.amend_date(gateway.record_id, stale, date(2026, 11, 20), "key-a")

    assert failure.value.ambiguous is False


@pytest.mark.parametrize("system", ["ehm"], indirect=True)
async def test_an_episodes_start_date_is_never_amended(arrange: Arrange) -> None:
    gateway = await arrange("started")
    read = await gateway.tray.read_record(gateway.record_id)
    asked_before = gateway.asked()

    with pytest.raises(TrayRefused, match="not ours to amend"):
        await gateway.tray.amend_date(gateway.record_id, read, date(2026, 11, 19), "key-a")

    assert gateway.asked() == asked_before


def test_h14_a_task_says_what_the_contract_asks_for_and_not_a_field_more(system: str) -> None:
    schemas = Contract(system).document["components"]["schemas"]
    payload = json_of(as_payload(task(system)))

    assert set(payload) == set(schemas["NewDutyTask"]["properties"])
    assert set(payload["meeting"]) == set(schemas["Meeting"]["properties"])
    assert set(payload["origin_record"]) == set(schemas["OriginRecord"]["properties"])
    assert set(payload["children"][0]) == set(schemas["Child"]["properties"])
    assert set(payload["forms"][0]) == set(schemas["Form"]["properties"])
    assert set(payload["team_around_the_family"][0]) == set(schemas["Member"]["properties"])
    for name in ("NewDutyTask", "Meeting", "OriginRecord", "Child", "Form", "Member"):
        assert schemas[name]["additionalProperties"] is False, name
    Contract(system).hold_to_schema(schemas["NewDutyTask"], payload)


def test_h14_nothing_is_in_the_port_that_the_contract_does_not_know(system: str) -> None:
    schemas = Contract(system).document["components"]["schemas"]
    elsewhere = {"record_id", "record_started_on"}

    assert {f.name for f in fields(DutyTask)} - elsewhere < set(
        schemas["NewDutyTask"]["properties"]
    )
    assert {f.name for f in fields(TaskChild)} == set(schemas["Child"]["properties"])
    assert {f.name for f in fields(TaskForm)} == set(schemas["Form"]["properties"])
    assert {f.name for f in fields(TaskMeeting)} == set(schemas["Meeting"]["properties"])
    assert {f.name for f in fields(TaskMember)} == set(schemas["Member"]["properties"])


async def test_times_of_a_report_are_moments_and_not_wall_clocks(arrange: Arrange) -> None:
    gateway = await arrange("started")

    reports = await gateway.tray.look_up(REFERENCE)

    assert reports is not None
    assert all(report.at.utcoffset() == timedelta() for report in reports)
    assert min(report.at for report in reports) == datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


async def test_a_task_of_before_the_statements_and_the_team_travelled_is_still_delivered(
    arrange: Arrange, system: str
) -> None:
    gateway = await arrange("absent")
    bare = replace(
        task(system),
        referral_source=None,
        primary_need=None,
        statements={},
        next_lead_professional=None,
        team_around_the_family=(),
    )

    receipt = await gateway.tray.deliver(bare, KEY)

    assert receipt.says == "in the tray"
