"""The gateway contract, asked of a gateway over HTTP: every answer is held to its schema.

Imports nothing of the service, so that a vendor may run it against a gateway of their own; see
README.md beside it.
"""

import ast
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from jsonschema import Draft202012Validator

Json = Any
HERE = Path(__file__).parent
OPENAPI = HERE.parents[1] / "openapi"
WORDS = {
    "lcs": {
        "pathway": "step_up", "sender": "EHM", "start": "start-new-referral",
        "record": "referral", "dated": "date_of_referral", "in_future": "census_8600",
        "allocated": "worker", "reason": "RC9",
    },
    "ehm": {
        "pathway": "step_down", "sender": "LCS", "start": "start-early-help-episode",
        "record": "episode", "dated": "start_date", "in_future": "start_in_future",
        "allocated": "lead_professional", "reason": "Step up",
    },
}  # fmt: skip
TODAY = date.today()  # noqa: DTZ011 - the kit's day; a gateway's is at most one off


class Gateway:
    """A gateway, with a token; every answer is held to the contract as it comes."""

    def __init__(self, target: Json) -> None:
        self.system: str = target["system"]
        self.words = WORDS[self.system]
        self.tray: str = target["tray"]
        self.title = f"Transfer from {target['authority']} {self.words['sender']}"
        self.client: tuple[str, str] = target["client"]
        path = OPENAPI / f"{self.system}-gateway.json"
        self.contract = json.loads(path.read_text(encoding="utf-8"))
        self.http = httpx.Client(
            base_url=target["url"],
            trust_env=False,
            timeout=30,
            headers={"Accept-Encoding": "identity"},
            event_hooks={"response": [self.hold_to_contract]},
        )
        self.delivered: list[str] = []

    def hold_to_contract(self, answer: httpx.Response) -> None:
        """Every status, media type and body is one that the contract documents."""
        answer.read()
        told = self._operation(answer.request)
        if told is None:
            return
        status = str(answer.status_code)
        assert status in told["responses"], f"{told['operationId']} does not answer {status}"
        content = told["responses"][status]["content"]
        media_type = answer.headers["content-type"].partition(";")[0]
        assert media_type in content, f"{told['operationId']}: {status} as {media_type}"
        schema = content[media_type]["schema"] | {"components": self.contract["components"]}
        Draft202012Validator(schema).validate(answer.json())
        assert answer.headers.get("content-encoding", "identity") == "identity"
        if answer.status_code >= 400:
            assert answer.json()["status"] == answer.status_code

    def _operation(self, request: httpx.Request) -> Json:
        base = self.http.base_url.path.rstrip("/")
        path = request.url.path.removeprefix(base)
        for template, methods in self.contract["paths"].items():
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", template), path):
                return methods.get(request.method.lower())
        return None

    def token(self, secret: str | None = None, grant: str = "client_credentials") -> httpx.Response:
        client, known = self.client
        form = {"grant_type": grant}
        return self.http.post("/oauth/token", data=form, auth=(client, secret or known))

    def new_task(self, **changes: Any) -> Json:
        """A task that this gateway takes, with a reference and a child of its own."""
        number = uuid4().hex[:12].upper()
        task = {
            "reference": f"KIT-{number}",
            "title": self.title,
            "tray": self.tray,
            "pathway": self.words["pathway"],
            "route": "meeting",
            "immediate_risk": False,
            "date_of_transfer": str(TODAY - timedelta(days=2)),
            "comments": "Made up by the contract kit.",
            "from_team": "Contract kit",
            "from_worker": "kit-1",
            "meeting": {"held_on": str(TODAY - timedelta(days=3)), "decision": "agreed"},
            "origin_record": {
                "record_id": "KIT-1", "started_on": str(TODAY - timedelta(days=200)),
            },
            "children": [
                {"child_id": f"K{number}", "name": "Kit Example", "date_of_birth": "2014-05-09"}
            ],
            "forms": [
                {"form": "ehm_contact_record", "record_id": "KIT-2", "fields": {"reason": "Kit"}}
            ],
            "referral_source": "5D" if self.system == "lcs" else None,
            "primary_need": "N1",
            "statements": {"worry_statements": "Made up by the contract kit."},
            "next_lead_professional": "Kit Lead",
            "team_around_the_family": [
                {"name": "Kit Member", "agency": "Contract kit", "purpose": "Made up"}
            ],
        }  # fmt: skip
        return task | changes

    def deliver(self, task: Json, key: str | None = None) -> httpx.Response:
        answer = self.http.post(
            "/duty-tasks", json=task, headers={"Idempotency-Key": key or uuid4().hex}
        )
        if answer.status_code == 201:
            self.delivered.append(task["reference"])
        return answer

    def delivered_task(self) -> str:
        """The reference of a new task that waits in its tray."""
        task = self.new_task()
        assert self.deliver(task).status_code == 201
        return str(task["reference"])

    def read(self, reference: str) -> httpx.Response:
        return self.http.get(f"/duty-tasks/{reference}")

    def tell(self, reference: str, word: str, body: Json) -> httpx.Response:
        return self.http.post(f"/duty-tasks/{reference}/{word}", json=body)

    def withdraw(self, reference: str) -> httpx.Response:
        return self.tell(reference, "withdraw", {"reason": "Contract kit"})

    def pick_up(self, reference: str, worker: str = "kit-tm") -> httpx.Response:
        return self.tell(reference, "pick-up", {"worker": worker})

    def start(self, reference: str, worker: str = "kit-tm") -> httpx.Response:
        """Start the records. In a case system a person does so; here it is an operation."""
        return self.tell(reference, self.words["start"], {"worker": worker})

    def started_record(self) -> tuple[str, str]:
        """The reference of a started task, and the path of its record."""
        reference = self.delivered_task()
        self.pick_up(reference)
        (record,) = self.start(reference).json()["records"]
        return reference, f"/{self.words['record']}s/{record['record_id']}"

    def amend(self, path: str, dated: date, etag: str | None) -> httpx.Response:
        headers = {} if etag is None else {"If-Match": etag}
        return self.http.patch(path, json={self.words["dated"]: str(dated)}, headers=headers)

    def clear_up(self) -> None:
        """Withdraw what waits and close what was started."""
        for reference in self.delivered:
            if self.withdraw(reference).status_code == 200:
                continue
            for record in self.read(reference).json()["records"]:
                closing = {"reason": self.words["reason"], "closed_on": record["dated"]}
                path = f"/{self.words['record']}s/{record['record_id']}/close"
                self.http.post(path, json=closing)
        self.http.close()


def code(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    return str(answer.json()["code"])


@pytest.fixture(scope="module")
def gateway(target: Json) -> Iterator[Gateway]:
    made = Gateway(target)
    token = made.token().json()["access_token"]
    made.http.headers["Authorization"] = f"Bearer {token}"
    yield made
    made.clear_up()


def test_the_client_gets_a_token(gateway: Gateway) -> None:
    answer = gateway.token()

    assert answer.status_code == 200
    assert answer.json()["token_type"] == "Bearer"


def test_a_wrong_secret_gets_none(gateway: Gateway) -> None:
    answer = gateway.token(secret="made-up")

    assert code(answer, 401) == "invalid_client"
    assert "WWW-Authenticate" in answer.headers


def test_another_grant_gets_none(gateway: Gateway) -> None:
    assert code(gateway.token(grant="password"), 400) == "unsupported_grant_type"


@pytest.mark.parametrize("authorization", ["Bearer made-up", "Basic eA==", "Bearer"])
def test_a_call_without_a_good_token_is_refused(gateway: Gateway, authorization: str) -> None:
    reference = gateway.delivered_task()

    answer = gateway.http.get(f"/duty-tasks/{reference}", headers={"Authorization": authorization})

    assert code(answer, 401) == "unauthorised"
    assert "WWW-Authenticate" in answer.headers


def test_a_delivered_task_waits_in_its_tray(gateway: Gateway) -> None:
    task = gateway.new_task()

    answer = gateway.deliver(task)

    listed = gateway.http.get("/duty-tasks", params={"tray": gateway.tray}).json()["items"]
    assert answer.status_code == 201
    assert answer.json()["state"] == "waiting"
    assert answer.json()["title"] == gateway.title
    assert [item["reference"] for item in listed].count(task["reference"]) == 1
    assert gateway.read(task["reference"]).json() == answer.json()


def test_the_forms_of_a_task_are_kept_as_they_came(gateway: Gateway) -> None:
    task = gateway.new_task()
    gateway.deliver(task)

    (form,) = gateway.http.get(f"/duty-tasks/{task['reference']}/forms").json()["items"]

    assert form == task["forms"][0] | {"completed_on": None, "restricted": False}


def test_the_answers_of_a_task_that_was_withdrawn_are_shown_to_nobody(gateway: Gateway) -> None:
    task = gateway.new_task()
    gateway.deliver(task)

    gateway.tell(task["reference"], "withdraw", {"reason": "Wrong tray"})

    (form,) = gateway.http.get(f"/duty-tasks/{task['reference']}/forms").json()["items"]
    assert (form["record_id"], form["restricted"], form["fields"]) == (
        task["forms"][0]["record_id"], True, {},
    )  # fmt: skip


@pytest.mark.parametrize("started", [False, True])
def test_a_form_that_is_shared_no_further_is_listed_and_its_answers_are_shown_to_nobody(
    gateway: Gateway, *, started: bool
) -> None:
    task = gateway.new_task()
    gateway.deliver(task)
    reference, form = task["reference"], task["forms"][0]
    limit = {"scopes": ["share_kit"], "forms": [form["record_id"]]}
    gateway.pick_up(reference)
    if started:
        gateway.start(reference)

    first, second = (gateway.tell(reference, "limit-sharing", limit) for _ in range(2))

    (now,) = gateway.http.get(f"/duty-tasks/{reference}/forms").json()["items"]
    assert first.json() == second.json() == gateway.read(reference).json()
    assert first.json()["withdrawn_scopes"] == ["share_kit"]
    assert first.json()["restricted_forms"] == limit["forms"]
    assert (now["record_id"], now["restricted"], now["fields"]) == (form["record_id"], True, {})
    for record in gateway.read(reference).json()["records"]:
        shown = gateway.http.get(f"/{gateway.words['record']}s/{record['record_id']}").json()
        assert not form["fields"].keys() & shown.get("contact_record", {}).keys()


def test_sharing_of_what_was_never_delivered_is_not_limited(gateway: Gateway) -> None:
    limit = {"scopes": ["share_kit"], "forms": []}

    assert code(gateway.tell("KIT-NEVER", "limit-sharing", limit), 404) == "unknown_reference"
    assert code(gateway.tell("KIT-NEVER", "limit-sharing", {"forms": []}), 422) == "invalid"


def test_the_same_key_with_the_same_body_is_the_same_task(gateway: Gateway) -> None:
    task, key = gateway.new_task(), uuid4().hex

    first, second = gateway.deliver(task, key), gateway.deliver(task, key)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["task_id"] == second.json()["task_id"]


def test_the_same_key_with_another_body_is_refused(gateway: Gateway) -> None:
    task, key = gateway.new_task(), uuid4().hex
    gateway.deliver(task, key)

    answer = gateway.deliver(task | {"comments": "Other words"}, key)

    assert code(answer, 409) == "key_reused"


def test_the_same_reference_under_another_key_is_a_duplicate(gateway: Gateway) -> None:
    task = gateway.new_task()
    gateway.deliver(task)

    assert code(gateway.deliver(task), 409) == "duplicate"


def test_eight_deliveries_at_once_make_one_task(gateway: Gateway) -> None:
    task, key = gateway.new_task(), uuid4().hex

    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda _: gateway.deliver(task, key), range(8)))

    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [201]
    assert len({answer.json()["task_id"] for answer in answers}) == 1


def test_a_delivery_without_a_key_is_refused(gateway: Gateway) -> None:
    answer = gateway.http.post("/duty-tasks", json=gateway.new_task())

    assert code(answer, 422) == "invalid"


@pytest.mark.parametrize(
    "place",
    [
        (),
        ("children", 0),
        ("forms", 0),
        ("meeting",),
        ("origin_record",),
        ("team_around_the_family", 0),
    ],
)
def test_an_unknown_field_is_refused_and_its_value_not_repeated(
    gateway: Gateway, place: tuple[str | int, ...]
) -> None:
    task = gateway.new_task()
    inner = task
    for step in place:
        inner = inner[step]
    inner["nobody_defined"] = "Jordan Private"

    answer = gateway.deliver(task)

    assert code(answer, 422) == "invalid"
    assert any("nobody_defined" in error["where"] for error in answer.json()["errors"])
    assert "Jordan Private" not in answer.text


@pytest.mark.parametrize("field", ["date_of_transfer", "comments", "tray", "children"])
def test_a_missing_field_is_refused(gateway: Gateway, field: str) -> None:
    task = gateway.new_task()
    del task[field]

    assert code(gateway.deliver(task), 422) == "invalid"


@pytest.mark.parametrize(
    "field",
    [
        "meeting",
        "referral_source",
        "primary_need",
        "statements",
        "next_lead_professional",
        "team_around_the_family",
    ],
)
def test_a_task_may_leave_out_what_not_every_procedure_asks_for(
    gateway: Gateway, field: str
) -> None:
    task = gateway.new_task()
    del task[field]

    assert gateway.deliver(task).status_code == 201


@pytest.mark.parametrize(
    "change",
    [
        {"referral_source": "5G"},
        {"primary_need": "N10"},
        {"statements": {"worry_statements": " "}},
        {"next_lead_professional": "x" * 201},
        {"team_around_the_family": [{"name": "Kit Member"}]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_code_or_text_that_the_contract_does_not_know_is_refused(
    gateway: Gateway, change: Json
) -> None:
    assert code(gateway.deliver(gateway.new_task(**change)), 422) == "invalid"


def test_a_child_without_a_upn_comes_with_the_reason(gateway: Gateway) -> None:
    task = gateway.new_task()
    task["children"][0] |= {"upn": None, "upn_unknown": "UN1"}

    assert gateway.deliver(task).status_code == 201


def test_a_task_that_does_not_belong_here_is_refused(gateway: Gateway) -> None:
    other = {"step_up": "step_down", "step_down": "step_up"}[gateway.words["pathway"]]

    assert code(gateway.deliver(gateway.new_task(tray="NO-SUCH")), 422) == "unknown_tray"
    assert code(gateway.deliver(gateway.new_task(title="Transfer")), 422) == "wrong_title"
    assert code(gateway.deliver(gateway.new_task(pathway=other)), 422) == "wrong_pathway"


def test_what_is_not_json_is_refused(gateway: Gateway) -> None:
    headers = {"Idempotency-Key": uuid4().hex, "Content-Type": "application/json"}

    answer = gateway.http.post("/duty-tasks", content=b"{", headers=headers)

    assert code(answer, 400) == "malformed"


def test_a_reference_that_was_never_delivered_is_unknown(gateway: Gateway) -> None:
    assert code(gateway.read("KIT-NEVER"), 404) == "unknown_reference"
    assert code(gateway.pick_up("KIT-NEVER"), 404) == "unknown_reference"


def test_a_withdrawn_task_stays_withdrawn(gateway: Gateway) -> None:
    task = gateway.new_task()
    gateway.deliver(task)

    first, second = (gateway.withdraw(task["reference"]) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 200)
    assert gateway.read(task["reference"]).json()["state"] == "withdrawn"
    assert code(gateway.pick_up(task["reference"]), 409) == "not_in_tray"
    assert code(gateway.deliver(task), 409) == "withdrawn"


def test_a_withdrawal_before_the_delivery_leaves_a_tombstone(gateway: Gateway) -> None:
    task = gateway.new_task()

    early = gateway.withdraw(task["reference"])
    late = gateway.deliver(task)

    assert early.json() == {"reference": task["reference"], "state": "withdrawn"}
    assert code(late, 409) == "withdrawn"
    assert code(gateway.read(task["reference"]), 404) == "unknown_reference"


def test_one_worker_holds_a_task(gateway: Gateway) -> None:
    reference = gateway.delivered_task()

    held, again = gateway.pick_up(reference), gateway.pick_up(reference)
    refused = gateway.pick_up(reference, "kit-other")

    assert (held.json()["state"], held.json()["held_by"]) == ("picked_up", "kit-tm")
    assert again.json()["picked_up_at"] == held.json()["picked_up_at"]
    assert code(refused, 409) == "held_by_another"
    assert refused.json()["held_by"] == "kit-tm"


def test_of_eight_workers_at_once_one_holds_the_task(gateway: Gateway) -> None:
    reference = gateway.delivered_task()

    with ThreadPoolExecutor(8) as many:
        answers = list(many.map(lambda n: gateway.pick_up(reference, f"kit-{n}"), range(8)))

    holder = gateway.read(reference).json()["held_by"]
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {a.json()["held_by"] for a in answers} == {holder}


def test_the_holder_alone_releases_a_task(gateway: Gateway) -> None:
    reference = gateway.delivered_task()
    gateway.pick_up(reference)

    refused = gateway.tell(reference, "release", {"worker": "kit-other"})
    free = gateway.tell(reference, "release", {"worker": "kit-tm"})

    assert code(refused, 409) == "held_by_another"
    assert (free.json()["state"], free.json()["held_by"]) == ("waiting", None)
    assert gateway.pick_up(reference, "kit-other").status_code == 200


def test_a_declined_task_is_no_longer_in_the_tray(gateway: Gateway) -> None:
    reference = gateway.delivered_task()
    declining = {"worker": "kit-tm", "reason": "Another locality"}

    answers = [gateway.tell(reference, "decline", declining) for _ in range(2)]

    assert [answer.json()["state"] for answer in answers] == ["declined", "declined"]
    assert code(gateway.pick_up(reference), 409) == "not_in_tray"


def test_a_task_must_be_picked_up_before_it_is_started(gateway: Gateway) -> None:
    reference = gateway.delivered_task()

    assert code(gateway.start(reference), 409) == "not_picked_up"


def test_starting_creates_one_record_a_child_and_only_once(gateway: Gateway) -> None:
    task = gateway.new_task()
    task["children"].append(task["children"][0] | {"child_id": f"K{uuid4().hex[:12].upper()}"})
    gateway.deliver(task)
    gateway.pick_up(task["reference"])

    first, second = gateway.start(task["reference"]), gateway.start(task["reference"])

    children = {child["child_id"] for child in task["children"]}
    assert first.json()["state"] == "started"
    assert {record["child_id"] for record in first.json()["records"]} == children
    assert second.json()["records"] == first.json()["records"]


def test_a_child_who_is_left_out_gets_no_record_and_is_told_of_with_the_task(
    gateway: Gateway,
) -> None:
    task = gateway.new_task()
    left = {"child_id": f"K{uuid4().hex[:12].upper()}", "reason": "Safe with an aunt"}
    task["children"].append(task["children"][0] | {"child_id": left["child_id"]})
    gateway.deliver(task)
    gateway.pick_up(task["reference"])

    body = {"worker": "kit-tm", "not_taken": [left]}
    started = gateway.tell(task["reference"], gateway.words["start"], body)

    taken = task["children"][0]["child_id"]
    assert [record["child_id"] for record in started.json()["records"]] == [taken]
    assert gateway.read(task["reference"]).json()["not_taken"] == [left]


def test_a_started_task_can_neither_be_withdrawn_nor_declined(gateway: Gateway) -> None:
    reference, _ = gateway.started_record()
    declining = {"worker": "kit-tm", "reason": "Too late"}

    assert code(gateway.withdraw(reference), 409) == "already_started"
    assert code(gateway.tell(reference, "decline", declining), 409) == "already_started"


def test_a_record_shows_whose_it_is_and_its_version(gateway: Gateway) -> None:
    reference, path = gateway.started_record()

    answer = gateway.http.get(path)

    record = answer.json()
    assert answer.headers["ETag"]
    assert record["reference"] == reference
    assert (record["child"]["name"], record["child"]["date_of_birth"]) == (
        "Kit Example",
        "2014-05-09",
    )


def test_a_record_that_does_not_exist_is_unknown(gateway: Gateway) -> None:
    answer = gateway.http.get(f"/{gateway.words['record']}s/KIT-NEVER")

    assert code(answer, 404) == f"unknown_{gateway.words['record']}"


def test_a_date_is_amended_where_the_record_is_as_it_was_read(gateway: Gateway) -> None:
    _, path = gateway.started_record()
    read = gateway.http.get(path)
    right = TODAY - timedelta(days=1)

    saved = gateway.amend(path, right, read.headers["ETag"])

    after = gateway.http.get(path)
    assert saved.status_code == 200
    assert after.json()[gateway.words["dated"]] == str(right)
    assert after.headers["ETag"] == saved.headers["ETag"] != read.headers["ETag"]


def test_a_date_is_not_amended_where_the_record_has_changed(gateway: Gateway) -> None:
    _, path = gateway.started_record()
    stale = gateway.http.get(path).headers["ETag"]
    gateway.amend(path, TODAY - timedelta(days=1), stale)

    answer = gateway.amend(path, TODAY - timedelta(days=5), stale)

    assert code(answer, 412) == "stale"
    dated = gateway.http.get(path).json()[gateway.words["dated"]]
    assert dated == str(TODAY - timedelta(days=1))


def test_a_date_is_not_amended_unconditionally(gateway: Gateway) -> None:
    _, path = gateway.started_record()

    assert code(gateway.amend(path, TODAY, None), 428) == "if_match_required"


def test_a_date_in_the_future_is_refused(gateway: Gateway) -> None:
    _, path = gateway.started_record()
    etag = gateway.http.get(path).headers["ETag"]

    answer = gateway.amend(path, TODAY + timedelta(days=3), etag)

    assert code(answer, 422) == gateway.words["in_future"]


def test_a_record_is_finalised_before_it_is_allocated(gateway: Gateway) -> None:
    reference, path = gateway.started_record()
    who = {gateway.words["allocated"]: "kit-worker"}

    too_early = gateway.http.post(f"{path}/allocate", json=who)
    gateway.http.post(f"{path}/finalise")
    allocated = gateway.http.post(f"{path}/allocate", json=who)

    assert code(too_early, 409) == "not_finalised"
    assert allocated.json()["state"] == "allocated"
    assert gateway.read(reference).json()["allocated_to"] == "kit-worker"


def test_the_kit_imports_nothing_of_the_service() -> None:
    for file in HERE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", []) if hasattr(alias, "name")]
            names.append(getattr(node, "module", None) or "")
            assert not [name for name in names if re.match(r"(app|adapters)(\.|$)", name)], file
