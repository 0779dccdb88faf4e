"""Bodies that cannot be read: refused by their bytes, before anybody is asked who they are."""

import json
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from api.contract import operations
from api.doors import DOORS, HEADERS
from builders import TRANSFER_ID
from service import Api

BODY = json.dumps(DOORS["open"].body).encode()
WRITING = [
    (found["method"], found["path"].replace("{transfer_id}", TRANSFER_ID))
    for found in operations().values()
    if found["method"] != "GET"
]
MALFORMED = {
    "a key twice": b'{"comment": "Zebedee", "comment": "Zebedee"}',
    "a key twice, deep down": b'{"a": [{"b": {"Zebedee": 1, "Zebedee": 1}}]}',
    "a key twice, once escaped": rb'{"comment": 1, "\u0063omment": 2}',
    "invalid UTF-8": b'{"comment": "Zebedee\xff"}',
    "UTF-8 of a surrogate": b'{"comment": "\xed\xa0\xbd"}',
    "overlong UTF-8": b'{"comment": "\xc0\xaf"}',
    "100,000 levels": b"[" * 100_000 + b"]" * 100_000,
    "100,000 objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "100,000 levels that do not end": b"[" * 100_000,
    "33 levels": b"[" * 33 + b"]" * 33,
    "no JSON": b"Zebedee",
    "half a body": b'{"comment": "Zeb',
    "two bodies": b"{}{}",
    "a byte order mark": b"\xef\xbb\xbf{}",
    "a comment": b"{} // Zebedee",
    "a comma too many": b'{"comment": "Zebedee",}',
    "a raw line break": b'{"comment": "Zebedee\n"}',
    "UTF-16 under the name of UTF-8": '{"comment": "Zebedee"}'.encode("utf-16"),
    "quotes that never close": rb"\"" * 499_999,
    "a string that never closes": b'"' + rb"\"" * 499_999,
}
OTHER_TYPES = {
    "none": None,
    "text/plain": "text/plain",
    "a form": "application/x-www-form-urlencoded",
    "XML": "application/xml",
    "JSON of another kind": "application/problem+json",
    "UTF-16": "application/json; charset=utf-16",
    "Latin-1": "application/json; charset=ISO-8859-1",
    "two charsets in one": "application/json; charset*=utf-8''utf-8",
    "an unended quote": 'application/json; charset="',
    "nothing before the charset": "; charset=utf-8",
    "an accent": "applic\u00e4tion/json",
}


@pytest.mark.parametrize("content", MALFORMED.values(), ids=MALFORMED)
async def test_what_is_no_json_of_ours_answers_400(storeless: Api, content: bytes) -> None:
    answers = [await _send(storeless, *where, content) for where in WRITING]

    assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {
        (400, "/problems/malformed")
    }
    assert not any("Zebedee" in answer.text for answer in answers)


@pytest.mark.parametrize("declared", OTHER_TYPES.values(), ids=OTHER_TYPES)
async def test_a_body_that_is_not_declared_json_answers_415(
    storeless: Api, declared: str | None
) -> None:
    headers = {"Content-Type": declared} if declared is not None else {}

    answers = [await _send(storeless, *where, BODY, headers) for where in WRITING]

    assert {answer.status_code for answer in answers} == {415}


async def test_utf_16_declared_as_such_answers_415(storeless: Api) -> None:
    headers = {"Content-Type": "application/json; charset=utf-16"}

    answers = [
        await _send(storeless, *where, BODY.decode().encode("utf-16"), headers) for where in WRITING
    ]

    assert {answer.status_code for answer in answers} == {415}


async def test_a_compressed_body_answers_415(storeless: Api) -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}

    answers = [await _send(storeless, *where, BODY, headers) for where in WRITING]

    assert {answer.status_code for answer in answers} == {415}


@pytest.mark.parametrize("size", [1_000_001, 10_000_000])
async def test_a_body_that_is_too_large_answers_413(storeless: Api, size: int) -> None:
    content = b" " * size

    answers = [await _send(storeless, *where, content) for where in WRITING]

    assert {answer.status_code for answer in answers} == {413}


async def test_a_body_without_a_length_is_cut_off_as_well(storeless: Api) -> None:
    sent = 0

    async def forever() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 100_000

    answer = await storeless.client.post("/v1/transfers", content=forever(), headers=HEADERS)

    assert answer.status_code == 413
    assert sent < 20


@pytest.mark.parametrize(
    "declared",
    ["application/json", "application/json; charset=utf-8", 'APPLICATION/JSON;charset="UTF-8"'],
)
async def test_json_in_utf_8_is_read_however_it_is_declared(storeless: Api, declared: str) -> None:
    answer = await _send(storeless, "POST", "/v1/transfers", BODY, {"Content-Type": declared})

    assert answer.status_code == 401


async def test_reading_a_hostile_megabyte_takes_no_longer_than_reading_a_megabyte(
    storeless: Api,
) -> None:
    began = time.perf_counter()

    for content in (rb"\"" * 499_999, b'"' + rb"\"" * 499_999, b'"\\' * 499_999, b"[{" * 499_999):
        await _send(storeless, "POST", "/v1/transfers", content)

    assert time.perf_counter() - began < 10


async def _send(
    api: Api, method: str, path: str, content: bytes, headers: dict[str, str] | None = None
) -> httpx.Response:
    declared = {"Content-Type": "application/json"} if headers is None else headers
    sent = [(name.encode(), value.encode()) for name, value in declared.items()]
    return await api.client.request(method, path, content=content, headers=sent)
