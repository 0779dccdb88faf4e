"""People who open and finalise step ups, and ask with the same key until they are answered."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
from journeys.forms import child, step_up_form
from service import token_at

from app.domain.london import local_date

Json = Any
AGAIN = 0.02
LOOKS_EVERY = 0.05
ENDS_WITHIN = 120


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What somebody was told of a transfer: its id, its child, its stage; and when."""

    transfer: str
    child: str
    stage: str
    at: float


@dataclass
class Crowd:
    """People at their desks, at the web processes of `urls`; what they were told, and met instead.

    `mindful`: they sit behind a proxy that sends to the processes that say they are ready.
    """

    urls: Sequence[str]
    issuer_key: Path
    mindful: bool = False
    finalise: bool = True
    told: list[Acknowledged] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: Iterator[int] = field(default_factory=count)

    async def work(self, people: int) -> None:
        """Work until it is over; what was begun is ended first."""
        self._ready = list(self.urls)
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=people)
        async with (
            httpx.AsyncClient(timeout=30, trust_env=False, limits=limits) as self._http,
            asyncio.TaskGroup() as all_of_them,
        ):
            for _ in range(people):
                all_of_them.create_task(self._one())
            if self.mindful:
                all_of_them.create_task(self._look())

    @asynccontextmanager
    async def at_work(self, people: int) -> AsyncIterator[None]:
        """People at work from the moment that some were answered."""
        working = self._working = asyncio.create_task(self.work(people))
        try:
            await self.told_more(than=2 * people)
            yield
            self.over.set()
            async with asyncio.timeout(ENDS_WITHIN):
                await working
        finally:
            working.cancel()

    async def told_more(self, than: int, within: float = 120) -> None:
        """Wait until they were told more than that many things."""
        async with asyncio.timeout(within):
            while len(self.told) <= than:
                if self._working.done():
                    self._working.result()
                await asyncio.sleep(0.005)

    async def _one(self) -> None:
        while not self.over.is_set():
            opened = await self._told("/v1/transfers", opening())
            if self.finalise:
                await self._told(f"/v1/transfers/{opened['id']}/finalise", None, opened["version"])

    async def _told(self, path: str, body: Json, version: int | None = None) -> Json:
        headers = {
            "Authorization": f"Bearer {token_at(datetime.now(UTC), self.issuer_key, 'op.worker')}",
            "Idempotency-Key": str(uuid4()),
        }
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        answer = await self._answered(path, body, headers)
        told = answer.json()
        child_id = told["children"][0]["child_id"]
        self.told.append(Acknowledged(told["id"], child_id, told["stage"], time.monotonic()))
        return told

    async def _answered(self, path: str, body: Json, headers: dict[str, str]) -> httpx.Response:
        while True:
            try:
                answer = await self._http.post(self._next() + path, json=body, headers=headers)
            except httpx.TransportError as error:
                self.met[type(error).__name__] += 1
            else:
                if answer.is_success:
                    return answer
                says = answer.json()["type"]
                self.met[f"{answer.status_code} {says}"] += 1
                assert answer.status_code in (409, 503), answer.text
            await asyncio.sleep(AGAIN)

    def _next(self) -> str:
        return self._ready[next(self._turn) % len(self._ready)]

    async def _look(self) -> None:
        while not self.over.is_set():
            found = await asyncio.gather(*(self._is_ready(url) for url in self.urls))
            self._ready = [url for url, ready in zip(self.urls, found, strict=True) if ready] or [
                *self.urls
            ]
            await asyncio.sleep(LOOKS_EVERY)

    async def _is_ready(self, url: str) -> bool:
        with suppress(httpx.TransportError):
            return (await self._http.get(f"{url}/health/ready")).is_success
        return False


def opening() -> Json:
    """A complete step up of a child of its own, by an episode that began 200 days ago."""
    today = local_date(datetime.now(UTC))
    began = str(today - timedelta(days=200))
    return {
        "pathway": "step_up",
        "route": "meeting",
        "origin": {"kind": "manual"},
        "origin_record": {"record_id": "EHE-1001", "started_on": began, "active": True},
        "origin_team": "op-bishop",
        "children": [child()],
        "form": step_up_form(today),
    }
