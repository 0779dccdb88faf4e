"""Keys change while the service runs, and where they come from may be slow, huge or hostile."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
from api import test_key_sets as sets
from api.desk import Desk
from api.signing import Forge
from fastapi import FastAPI, Response
from fastapi.responses import RedirectResponse, StreamingResponse
from joserfc.jwk import RSAKey
from serving import served

from app.api import discovered_keys
from app.api.discovered_keys import MOST_BYTES, DiscoveredKeys, fetch
from app.api.key_file import LOOK_AGAIN_AFTER, FileKeys
from app.api.problem_handlers import Refusal

NEW, OLD = sets.NEW, sets.OLD
LATER = 31.0
HOUR = 3600.0


def _write(path: Path, *keys: RSAKey, at: int) -> None:
    path.write_bytes(orjson.dumps({"keys": [key.as_dict(private=False) for key in keys]}))
    os.utime(path, ns=(at, at))


async def _known(keys: FileKeys) -> list[str | None]:
    return [key.kid for key in (await keys.keys("new")).keys]


async def test_a_replaced_key_file_is_read_again_without_a_restart(tmp_path: Path) -> None:
    file, now = tmp_path / "keys.json", [0.0]
    _write(file, OLD, at=1)
    keys = FileKeys(file, lambda: now[0])

    _write(file, NEW, at=2)
    at_once = await _known(keys)
    now[0] += LOOK_AGAIN_AFTER + 1
    soon = await _known(keys)

    assert (at_once, soon) == (["old"], ["new"])


@pytest.mark.parametrize("what", [b"", b"{", b'{"keys": []}', None])
async def test_a_key_file_that_is_spoilt_leaves_the_keys_that_were(
    tmp_path: Path, what: bytes | None
) -> None:
    file, now = tmp_path / "keys.json", [0.0]
    _write(file, OLD, at=1)
    keys = FileKeys(file, lambda: now[0])

    if what is None:
        file.unlink()
    else:
        file.write_bytes(what)
    now[0] += LOOK_AGAIN_AFTER + 1
    spoilt = await _known(keys)
    _write(file, NEW, at=3)
    now[0] += LOOK_AGAIN_AFTER + 1

    assert (spoilt, await _known(keys)) == (["old"], ["new"])


async def test_h16_the_tokens_of_a_withdrawn_key_open_nothing_and_those_of_the_new_one_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk, provider = Desk(monkeypatch), sets.Provider(OLD)
    monkeypatch.setattr(desk.published, "keys", provider.discovered().keys)
    old, new = (Forge(key).token({"kid": key.kid}) for key in (OLD, NEW))
    before = [await desk.says(token) for token in (old, new)]

    provider.keys, provider.seconds = (OLD, NEW), LATER
    both = [await desk.says(token) for token in (new, old)]
    provider.keys, provider.seconds = (NEW,), LATER + HOUR + 1
    after = [await desk.says(token) for token in (old, new)]

    assert before == ["op.worker", "not-authenticated"]
    assert both == ["op.worker"] * 2
    assert after == ["not-authenticated", "op.worker"]


async def test_keys_that_could_not_be_fetched_for_four_hours_are_believed_no_more() -> None:
    provider = sets.Provider(OLD)
    keys = provider.discovered()
    await keys.keys("old")

    provider.down, provider.seconds = httpx.ConnectError("down"), 4 * HOUR
    still = await keys.keys("old")
    provider.seconds += 1
    with pytest.raises(Refusal) as refused:
        await keys.keys("old")
    provider.down, provider.seconds = None, provider.seconds + 6
    again = await keys.keys("old")

    assert refused.value.kind == "unavailable"
    assert [len(found.keys) for found in (still, again)] == [1, 1]


async def test_while_old_keys_cannot_be_had_anew_they_are_asked_for_each_thirty_seconds() -> None:
    provider = sets.Provider(OLD)
    keys = provider.discovered()
    await keys.keys("old")
    provider.down = httpx.ConnectError("down")

    for second in range(0, 90, 10):
        provider.seconds = HOUR + 1 + second
        await keys.keys("old")

    assert provider.fetches == 1 + 3


async def test_nobody_whose_key_is_known_waits_for_a_fetch() -> None:
    provider, hung = sets.Provider(OLD), asyncio.Event()
    keys = provider.discovered()
    await keys.keys("old")
    provider.seconds = LATER

    async def never(_url: str) -> bytes:
        await hung.wait()
        raise httpx.ReadTimeout("slow")

    keys._get = never  # noqa: SLF001 - hangs from now on
    made_up = asyncio.create_task(keys.keys("made-up"))
    await asyncio.sleep(0)
    async with asyncio.timeout(1):
        found = await asyncio.gather(*(keys.keys("old") for _ in range(20)))
    hung.set()
    await made_up

    assert len(found) == 20


@pytest.mark.parametrize(
    "discovery",
    [
        {"issuer": sets.ISSUER, "jwks_uri": "http://identity.durham.invalid/keys"},
        {"issuer": sets.ISSUER, "jwks_uri": "file:///etc/passwd"},
        {"issuer": sets.ISSUER, "jwks_uri": 7},
        {"issuer": sets.ISSUER},
        {"jwks_uri": sets.JWKS},
        [],
    ],
)
async def test_asvs_9_1_3_keys_come_from_the_configured_issuer_under_tls(discovery: Any) -> None:
    asked = []

    async def get(url: str) -> bytes:
        asked.append(url)
        return orjson.dumps(discovery)

    with pytest.raises(Refusal):
        await DiscoveredKeys(sets.DISCOVERY, sets.ISSUER, get).keys("old")
    assert asked == [sets.DISCOVERY]


async def _dripping() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(0.02)


def _hostile() -> FastAPI:
    app = FastAPI()
    app.get("/huge")(lambda: Response(b" " * (MOST_BYTES + 1)))
    app.get("/most")(lambda: Response(b" " * MOST_BYTES))
    app.get("/away")(lambda: RedirectResponse("http://169.254.169.254/latest/meta-data"))
    app.get("/wrong")(lambda: Response(b"{}", 500))
    app.get("/drip")(lambda: StreamingResponse(_dripping()))
    return app


@pytest.mark.parametrize("path", ["/huge", "/away", "/wrong", "/drip", "/absent"])
async def test_what_is_huge_slow_or_elsewhere_is_not_fetched(
    monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(discovered_keys, "FETCH_WITHIN", 0.3)
    with served(_hostile()) as address:
        whole = await fetch(f"{address}/most")
        with pytest.raises((httpx.HTTPError, TimeoutError)):
            await fetch(f"{address}{path}")

    assert len(whole) == MOST_BYTES
