"""People at work in a storm: each opens transfers and takes them on, and asks until answered."""

import asyncio
import hashlib
import random
import signal
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp
import orjson
from chaos.journal import Journal, Told
from chaos.plan import Plan
from chaos.processes import Place, ahead_file
from chaos.trays import Trays
from journeys.forms import step_down_form, step_up_form
from service import token_at

from app.domain.london import local_date
from app.service_clock import clock_ahead

Json = Any
AGAIN = {502, 503, 504}
TIMEOUT = aiohttp.ClientTimeout(total=8)
PAUSE = (0.01, 0.15)
MOST_MOVED = timedelta(hours=3)
"""How far a clock may be behind the others, so that what people say is never of tomorrow."""
MANAGERS = {"step_up": "op.manager", "step_down": "ff.manager"}
ELSEWHERE = {"step_up": "ff-chester", "step_down": "op-chester"}
AFTER_ALL, REDIRECT, CANCEL, ACCEPT = 0.07, 0.2, 0.3, 0.6
"""Of a dispatched transfer's fates, by a number from 0 to 1: redirected and cancelled after all,
redirected, cancelled, accepted; the rest is left in its tray.
"""


@dataclass(slots=True)
class Crowd:
    """Everybody, with what they share."""

    place: Place
    plan: Plan
    journal: Journal
    http: aiohttp.ClientSession
    trays: Trays
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def work(self, number: int) -> None:
        """One person's day: transfer after transfer until it is over."""
        chance = random.Random(f"{self.plan.seed}:{number}")  # noqa: S311 - a storm is not a secret
        while not self.over.is_set():
            await _Transfer(self, chance, f"DUR{uuid4().hex[:12].upper()}").play()
            await asyncio.sleep(chance.uniform(*PAUSE))

    async def answer(  # noqa: PLR0913 - a request has as many parts
        self, method: str, path: str, person: str, body: Json, key: str, version: int | None
    ) -> tuple[int, bytes, bool, int]:
        """Ask until there is an answer: status, body, whether it was kept, attempts before."""
        headers = {"Authorization": f"Bearer {self._token(person)}", "Idempotency-Key": key}
        headers["Content-Type"] = "application/json"
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        late = 0
        while True:
            try:
                async with self.http.request(
                    method, path, data=orjson.dumps(body) if body else None, headers=headers
                ) as answer:
                    content = await answer.read()
            except (aiohttp.ClientError, OSError, TimeoutError):
                late += 1
                await asyncio.sleep(random.uniform(*PAUSE))  # noqa: S311 - as above
                continue
            wait = answer.headers.get("Retry-After")
            if answer.status in AGAIN or (wait is not None and answer.status != 200):
                late += 1
                await asyncio.sleep(min(float(wait or 0.2), 1))
                continue
            kept = answer.headers.get("Idempotency-Replayed") == "true"
            return answer.status, content, kept, late

    def now(self) -> datetime:
        """Some hours ago by the clocks of this storm, which may be moved by as much."""
        return clock_ahead(ahead_file(self.place, "crowd"))() - MOST_MOVED

    def _token(self, person: str) -> str:
        return token_at(self.now(), self.place.issuer_key, person)


@dataclass(slots=True)
class _Transfer:
    """One transfer on its way."""

    crowd: Crowd
    chance: random.Random
    child: str
    id: str | None = None
    version: int | None = None
    stage: str | None = None
    reference: str | None = None

    async def play(self) -> None:
        pathway = self.chance.choice(["step_up", "step_down"])
        up, manager = pathway == "step_up", MANAGERS[pathway]
        worker = "op.worker" if up else "ff.socialworker"
        await self.change("open", worker, opening(pathway, self.child, self.crowd.now()))
        await self.change("finalise", worker)
        if not up and self.chance.random() < 0.9:
            await self.change("authorise", manager)
        if self.stage != "dispatched":
            return
        fate = self.chance.random()
        if fate < REDIRECT:
            there = {"recipient": ELSEWHERE[pathway], "comment": "They have moved."}
            await self.change("redirect", manager, there)
        if fate < AFTER_ALL or REDIRECT <= fate < CANCEL:
            mistake = {"reason": "entered_in_error", "comment": "A mistake."}
            await self.change("cancel", manager, mistake)
        elif CANCEL <= fate < ACCEPT and self.reference:
            self.crowd.trays.accept("lcs" if up else "ehm", self.reference)

    async def change(self, action: str, person: str, body: Json = None) -> None:
        """Take an action and note what was said; one that met another version is taken again."""
        crowd = self.crowd
        path = f"/v1/transfers/{self.id}/{action}" if self.id else "/v1/transfers"
        while True:
            key = str(uuid4())
            asked = ("POST", path, person, body, key, self.version)
            status, content, kept, late = await crowd.answer(*asked)
            self._note(action, key, status, content, kept=kept, late=late)
            if status != 412:
                break
            await self._read(person)
        if status < 300 and self.chance.random() < 0.15:
            status, content, kept, late = await crowd.answer(*asked)
            self._note(action, key, status, content, kept=kept, late=late)

    async def _read(self, person: str) -> None:
        path = f"/v1/transfers/{self.id}"
        status, content, _, _ = await self.crowd.answer("GET", path, person, None, "-", None)
        if status == 200:
            self._is(orjson.loads(content))

    def _note(  # noqa: PLR0913 - an answer has as many parts
        self, action: str, key: str, status: int, content: bytes, *, kept: bool, late: int
    ) -> None:
        told: Json = orjson.loads(content) if status < 300 else {}
        if told:
            self._is(told)
        self.crowd.journal.note(
            Told(
                transfer=told.get("id", self.id),
                child=self.child,
                action=action,
                key=key,
                status=status,
                version=told.get("version"),
                stage=told.get("stage"),
                digest=hashlib.sha256(content).hexdigest(),
                late=late,
                replayed=kept,
            )
        )

    def _is(self, told: Json) -> None:
        self.id, self.version = told["id"], told["version"]
        self.stage, self.reference = told["stage"], told["reference"]


def opening(pathway: str, child: str, now: datetime | None = None) -> Json:
    """What a worker sends to open a transfer of that child."""
    today = local_date(now or datetime.now(UTC))
    up = pathway == "step_up"
    began = str(today - timedelta(days=120))
    made_of = {"kind": "child_in_need_plan_finalised", "stage_record_id": "CIN-88"}
    return {
        "pathway": pathway,
        "route": "meeting",
        "origin": {"kind": "manual"} if up else made_of,
        "origin_record": {"record_id": "REC-2002", "started_on": began, "active": True},
        "origin_team": "op-bishop" if up else "ff-bishop",
        "children": [{"child_id": child, "name": "A Child", "date_of_birth": "2015-06-30"}],
        "form": (step_up_form if up else step_down_form)(today),
    }


async def _crowd(place: Place, plan: Plan) -> None:
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(place.api, connector=connector, timeout=TIMEOUT) as http:
        trays = Trays(place)
        journal = Journal(place.folder / "journal")
        crowd = Crowd(place, plan, journal, http, trays)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, crowd.over.set)
        people = [asyncio.create_task(crowd.work(number)) for number in range(plan.people)]
        picking_up = asyncio.create_task(trays.work(crowd.over))
        await asyncio.gather(*people, picking_up)
        await trays.close()


def crowd(place: Place, plan: Plan) -> None:
    """Work until told to stop (SIGTERM); what was begun is ended first."""
    asyncio.run(_crowd(place, plan))
