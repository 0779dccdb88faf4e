"""What cannot be is refused with every breach at once, and nothing of it is repeated."""

import copy
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from api.doors import CANARIES, DOORS, HEADERS, WITHOUT_BODY, Door
from builders import TRANSFER_ID
from service import Api, Person

from app.api import examples

Check = Callable[..., None]

NO_TEXT = {
    "lone surrogate": r'"\ud83d"',
    "NUL": r'"Zebedee\u0000"',
    "2 to the 63": "9223372036854775808",
    "minus 2 to the 64": "-18446744073709551616",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "minus infinity": "-Infinity",
    "1e400": "1e400",
    "true": "true",
    "a list": '["Zebedee"]',
    "an object": '{"Zebedee": "Quetzalcoatl"}',
}
NO_WORDS = {
    "over-length": f'"{"Zebedee" * 3000}"',
    "empty": '""',
    "blank": '"   "',
    "blank lines": r'"\n\t "',
    "no-break spaces": r'"\u00a0\u2003"',
    "escape": r'"Zebedee\u001b[2J"',
    "delete": r'"Zebedee\u007f"',
}
NO_CODE = {
    "over-length": f'"{"z" * 101}"',
    "empty": '""',
    "blank": '" "',
    "a line break": r'"zebedee\n"',
    "a tab": r'"zebedee\t"',
    "an accent": r'"zebed\u00e9e"',
    "markup": '"<Zebedee>/../"',
    "digits of another script": r'"\u0661\u0661\u0661"',
}
NO_DAY = {
    "the epoch": "0",
    "a day of seconds": "86400",
    "the epoch as text": '"0"',
    "seconds as text": '"86400"',
    "29 February 2025": '"2025-02-29"',
    "the year 0001": '"0001-01-01"',
    "the year 9999": '"9999-12-31"',
    "the year 0000": '"0000-01-01"',
    "the 13th month": '"2025-13-01"',
    "no dashes": '"20250101"',
    "a week": '"2025-W01-1"',
    "with a time": '"2025-01-01T00:00:00Z"',
    "a line break": r'"2025-01-01\n"',
    "digits of another script": r'"\u0662025-01-01"',
    "the British way": '"01/02/2025"',
}
NO_INSTANT = {
    "the epoch": "0",
    "seconds": "1763629200.5",
    "seconds as text": '"1763629200"',
    "29 February 2025": '"2025-02-29T00:00:00Z"',
    "the year 0001": '"0001-01-01T00:00:00Z"',
    "before the year 0001": '"0001-01-01T00:00:00+12:00"',
    "after the year 9999": '"9999-12-31T23:59:59-12:00"',
    "without an offset": '"2026-11-20T10:00:00"',
    "only a day": '"2026-11-20"',
    "the 24th hour": '"2026-11-20T24:00:00Z"',
    "the 60th second": '"2026-11-20T23:59:60Z"',
    "an offset of 99 hours": '"2026-11-20T10:00:00+99:00"',
}
KINDS = {
    "words": NO_TEXT | NO_WORDS,
    "codes": NO_TEXT | NO_CODE,
    "days": NO_TEXT | NO_DAY,
    "instants": NO_TEXT | NO_INSTANT,
    "answers": NO_TEXT | {"over-length": f'"{"Zebedee" * 3000}"'},
}
CASES = [
    pytest.param(kind, raw, id=f"{kind}: {name}")
    for kind, cases in KINDS.items()
    for name, raw in cases.items()
]


def _places(kind: str) -> Iterator[tuple[str, Door, str]]:
    for name, door in DOORS.items():
        for pointer in getattr(door, kind):
            yield name, door, pointer


@pytest.fixture
def nothing_repeated(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Check:
    """Check, with what was answered, that no canary left the request."""

    def check(*answers: str) -> None:
        logged = capsys.readouterr()
        assert "status=" in logged.out
        for place in (*answers, logged.out, logged.err, caplog.text):
            assert not [canary for canary in CANARIES if canary.lower() in place.lower()]

    return check


@pytest.mark.parametrize(("kind", "raw"), CASES)
async def test_a_field_that_cannot_be_so_is_named_and_not_repeated(
    storeless: Api, kind: str, raw: str, nothing_repeated: Check
) -> None:
    worker = storeless.as_("op.worker")
    answers, texts = {}, []

    for name, door, pointer in _places(kind):
        answer = await _send(worker, door, door.with_(pointer, raw))
        answers[name, pointer] = _refusal(answer)
        texts.append(answer.text)

    assert answers == {
        (name, pointer): (422, "/problems/invalid", [f"/body{_shown(pointer)}"])
        for name, _, pointer in _places(kind)
    }
    nothing_repeated(*texts)


async def test_an_unknown_field_is_refused_at_every_depth_and_not_named(
    storeless: Api, nothing_repeated: Check
) -> None:
    worker = storeless.as_("op.worker")
    answers, texts = {}, []

    for name, door, pointer in _places("objects"):
        answer = await _send(worker, door, door.with_(f"{pointer}/Zebedee", '"Quetzalcoatl"'))
        answers[name, pointer] = _refusal(answer)
        texts.append(answer.text)

    assert answers == {
        (name, pointer): (422, "/problems/invalid", [f"/body{pointer}"])
        for name, _, pointer in _places("objects")
    }
    nothing_repeated(*texts)


@pytest.mark.parametrize("raw", ["null", "[]", '"Zebedee"', "1", "NaN", "true", r'"\ud83d"'])
async def test_a_body_that_is_no_object_is_refused(
    storeless: Api, raw: str, nothing_repeated: Check
) -> None:
    worker = storeless.as_("op.worker")
    doors = {name: door for name, door in DOORS.items() if (name, raw) != ("pick up", "null")}

    answers = {name: await _send(worker, door, raw.encode()) for name, door in doors.items()}

    statuses = {name: answer.status_code for name, answer in answers.items()}
    assert statuses == dict.fromkeys(doors, 422)
    nothing_repeated(*(answer.text for answer in answers.values()))


@pytest.mark.parametrize("raw", ['{"Zebedee": NaN}', r'"\ud83d"', "1e400", "[-Infinity]"])
@pytest.mark.parametrize("path", WITHOUT_BODY)
async def test_an_action_without_fields_refuses_what_json_does_not_have(
    storeless: Api, path: str, raw: str, nothing_repeated: Check
) -> None:
    worker = storeless.as_("op.worker")

    answer = await worker.send("POST", path, content=raw.encode(), headers=HEADERS)

    assert _refusal(answer) == (422, "/problems/invalid", [])
    nothing_repeated(answer.text)


async def test_every_breach_is_listed_at_once(storeless: Api, nothing_repeated: Check) -> None:
    body = copy.deepcopy(DOORS["open"].body)
    body |= {"route": "Zebedee!", "pathway": "sideways", "Zebedee": 1}
    body["origin_record"] |= {"started_on": 0, "active": "yes"}
    body["children"][0] |= {"date_of_birth": "2025-02-29", "nhs_number": "Zebedee"}
    body["form"] |= {"comments": " ", "meeting": {"held_on": "9999-12-31", "chair": 7}}
    del body["origin_team"]

    answer = await storeless.as_("op.worker").post("/v1/transfers", body)

    status, _, where = _refusal(answer)
    assert status == 422
    assert sorted(where) == [
        "/body",
        "/body/children/0/date_of_birth",
        "/body/children/0/nhs_number",
        "/body/form/comments",
        "/body/form/meeting/chair",
        "/body/form/meeting/held_on",
        "/body/origin_record/active",
        "/body/origin_record/started_on",
        "/body/origin_team",
        "/body/pathway",
        "/body/route",
    ]
    assert all(breach["says"] for breach in answer.json()["breaches"])
    nothing_repeated(answer.text)


@pytest.mark.parametrize("many", [0, 21])
async def test_a_transfer_has_one_to_twenty_children(storeless: Api, many: int) -> None:
    children = [{**examples.CHILD, "child_id": f"DUR{n}"} for n in range(many)]

    answer = await storeless.as_("op.worker").post(
        "/v1/transfers", examples.STEP_UP | {"children": children}
    )

    assert _refusal(answer) == (422, "/problems/invalid", ["/body/children"])


async def test_a_child_is_named_once(storeless: Api, nothing_repeated: Check) -> None:
    body = copy.deepcopy(DOORS["open"].body)
    body["children"] *= 2

    answer = await storeless.as_("op.worker").post("/v1/transfers", body)

    assert _refusal(answer) == (422, "/problems/invalid", ["/body"])
    assert (
        answer.json()["breaches"][0]["says"] == "name each child once: two have the same child_id"
    )
    nothing_repeated(answer.text)


@pytest.mark.parametrize(
    ("what", "number"), [("nhs_number", "9434765919"), ("upn", "A950000178301")]
)
async def test_two_children_never_have_the_same_number(
    storeless: Api, nothing_repeated: Check, what: str, number: str
) -> None:
    children = [
        {**examples.CHILD, "nhs_number": None, "child_id": child_id, what: number}
        for child_id in ("DUR1", "DUR2")
    ]

    answer = await storeless.as_("op.worker").post(
        "/v1/transfers", examples.STEP_UP | {"children": children}
    )

    assert _refusal(answer) == (422, "/problems/invalid", ["/body"])
    assert answer.json()["breaches"][0]["says"].endswith(f"two have the same {what}")
    nothing_repeated(answer.text)


def _cursor(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


BIG = ("9223372036854775808", "1" * 5000, "-1", "0", "NaN", "1e400", "Infinity", "", "1.5", "\x00")
LINES = ("/v1/deliveries", "/v1/alerts", "/v1/transfers", "/v1/clocks")
BY_CURSOR = LINES[2:]
FAR = ("9999-12-31T23:59:59-12:00|x", "0001-01-01T00:00:00+12:00|x", "2026-11-20T10:00:00|x")
QUERIES = [
    *((path, "limit", value) for path in LINES for value in (*BIG, "201")),
    *((path, "after", value) for path in LINES[:2] for value in BIG if value != "0"),
    *((path, "cursor", _cursor(far)) for path in BY_CURSOR for far in FAR),
    *(
        (path, "cursor", value)
        for path in BY_CURSOR
        for value in ("", "zebedee", "=", "A" * 201, "a b", "\x00")
    ),
    *((path, "cursor", _cursor("2026-11-20T10:00:00Z|\x00")) for path in BY_CURSOR),
    ("/v1/transfers", "cursor", _cursor("2026-11-20T10:00:00Z|é")),
    ("/v1/clocks", "cursor", _cursor("2026-11-20T10:00:00Z|é|x")),
    ("/v1/clocks", "cursor", _cursor("2026-11-20T10:00:00Z|x|\x00")),
    ("/v1/clocks", "cursor", _cursor("2026-11-20T10:00:00|x|x")),
    ("/v1/clocks", "cursor", _cursor("zebedee|x|x")),
    *((path, "team", value) for path in BY_CURSOR for value in ("\x00", "a\nb", "z" * 101)),
    *(("/v1/transfers", "child_id", value) for value in ("", "\x00", "z" * 21, "Zebedee!", "é")),
    *(("/v1/transfers", name, "zebedee") for name in ("stage", "pathway")),
    ("/v1/deliveries", "state", "zebedee"),
    ("/v1/clocks", "state", "zebedee"),
]


@pytest.mark.parametrize(("path", "name", "value"), QUERIES)
async def test_a_query_that_cannot_be_so_is_refused(
    storeless: Api, path: str, name: str, value: str, nothing_repeated: Check
) -> None:
    answer = await storeless.as_("op.worker").get(path, **{name: value})

    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid"
    nothing_repeated(answer.text)


NO_ID = ("1", "zebedee", "9223372036854775808", "%00", f"{TRANSFER_ID}%0A", TRANSFER_ID.upper())
NO_NUMBER = (
    "0",
    "-1",
    "9223372036854775808",
    "1" * 5000,
    "zebedee",
    "1.5",
    "NaN",
    "%00",
    "%EF%BC%91",
)
PATHS = [
    *(
        f"/v1/transfers/{bad}{rest}"
        for bad in NO_ID
        for rest in ("", "/history", "/deliveries", "/checklist", "/clocks")
    ),
    *(f"/v1/teams/{bad}/members" for bad in ("%00", "a%20b", "z" * 101, "%C3%A9")),
    *(
        f"/v1/protocols/{path}{bad}"
        for path in ("", "durham/versions/")
        for bad in ("%00", "a%20b", "z" * 61, "durham%0A")
    ),
]


@pytest.mark.parametrize("path", PATHS)
async def test_a_path_that_cannot_be_so_is_refused(
    storeless: Api, path: str, nothing_repeated: Check
) -> None:
    answer = await storeless.as_("op.worker").get(path)

    assert answer.status_code == 422
    nothing_repeated(answer.text)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        *((f"/v1/deliveries/{bad}/replay", DOORS["replay"].body) for bad in NO_NUMBER),
        *(
            (door.path.replace(TRANSFER_ID, bad), door.body)
            for door in DOORS.values()
            for bad in NO_ID
            if door.method == "POST" and TRANSFER_ID in door.path
        ),
        *(
            (f"/v1/transfers/{TRANSFER_ID}/clocks/{bad}/pause", DOORS["pause"].body)
            for bad in ("%00", "a%20b", "z" * 61, "HZ-3%0A", "%C3%A9")
        ),
    ],
)
async def test_an_action_on_a_path_that_cannot_be_so_is_refused(
    storeless: Api, path: str, body: dict[str, Any], nothing_repeated: Check
) -> None:
    answer = await storeless.as_("op.worker").post(path, body, version=1)

    assert answer.status_code == 422
    nothing_repeated(answer.text)


@pytest.mark.parametrize(
    ("tag", "status"),
    [
        (None, 428),
        ("*", 428),
        ("1", 412),
        ('W/"1"', 412),
        ('"1", "2"', 412),
        ('""', 412),
        ('"9223372036854775808"', 412),
        ('"-1"', 412),
        ('"1.5"', 412),
        ('"zebedee"', 412),
    ],
)
async def test_a_change_says_which_version_it_is_of(
    storeless: Api, tag: str | None, status: int, nothing_repeated: Check
) -> None:
    worker = storeless.as_("op.worker")
    headers = {name: value for name, value in HEADERS.items() if name != "If-Match"}
    headers |= {} if tag is None else {"If-Match": tag}
    doors = [door for door in DOORS.values() if TRANSFER_ID in door.path]
    doors += [Door("POST", path, {}) for path in WITHOUT_BODY if not path.endswith("/test")]

    answers = [
        await worker.send(
            door.method, door.path, content=json.dumps(door.body).encode(), headers=headers
        )
        for door in doors
    ]

    assert {answer.status_code for answer in answers} == {status}
    nothing_repeated(*(answer.text for answer in answers))


@pytest.mark.parametrize("key", [None, "", " ", "z" * 256, "a b", "z\tz", "é", "\x7f", "\x00"])
async def test_a_post_has_a_key_of_visible_ascii(
    storeless: Api, key: str | None, nothing_repeated: Check
) -> None:
    worker = storeless.as_("op.worker")
    headers: dict[str, str | bytes] = dict(HEADERS)
    del headers["Idempotency-Key"]
    if key is not None:
        headers["Idempotency-Key"] = key.encode()
    doors = [door for door in DOORS.values() if door.method == "POST"]
    doors += [Door("POST", path, {}) for path in WITHOUT_BODY]

    answers = [
        await worker.send(
            door.method, door.path, content=json.dumps(door.body).encode(), headers=headers
        )
        for door in doors
    ]

    assert {_refusal(answer)[:2] for answer in answers} == {
        (400, "/problems/missing-idempotency-key")
    }
    nothing_repeated(*(answer.text for answer in answers))


async def _send(person: Person, door: Door, content: bytes) -> httpx.Response:
    return await person.send(door.method, door.path, content=content, headers=HEADERS)


def _refusal(answer: httpx.Response) -> tuple[int, str, list[str]]:
    body = answer.json()
    where = [breach["where"] for breach in body.get("breaches", [])]
    return answer.status_code, body["type"], where


def _shown(pointer: str) -> str:
    """A pointer as far as it is shown: the questions of a form are the family's own words."""
    for keyed in ("/fields", "/statements"):
        whole, named, _ = pointer.partition(f"{keyed}/")
        if named:
            return whole + keyed
    return pointer
