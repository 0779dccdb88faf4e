"""A transfer as its people move it over HTTP: builders that read like the procedure."""

from datetime import date, datetime, timedelta
from typing import Any, Self
from uuid import uuid4

import httpx
import pytest
from builders import DIRECTORIES
from service import Api
from sqlalchemy import Table, select

from app.cli.directory_file import read_directory
from app.domain.london import local_date
from app.store.engine import Transaction
from app.store.tables import authorities, memberships, people, teams
from app.usecases.alert_clocks import alert_clocks
from app.usecases.load_directory import load_directory

Body = dict[str, Any]
on_one_store = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""The stores are compared by whole procedures; a clause is proved once."""


class Case:
    """One transfer. Every step checks that it was taken; `view` is the transfer after it.

    `reader` is who looks at its clocks: whoever opened it. `systems` sees every alert.
    """

    systems = "systems.team"

    def __init__(self, api: Api, view: Body) -> None:
        self.api = api
        self.view = view
        self.reader = str(view["author"])

    @classmethod
    async def opened(cls, api: Api, by: str, body: Body) -> Self:
        """Opened by that person."""
        answer = await api.as_(by).post("/v1/transfers", body)
        assert answer.status_code == 201, answer.text
        return cls(api, answer.json())

    def at(self, now: datetime) -> None:
        """Let it be that time."""
        self.api.clock.now = now

    @property
    def path(self) -> str:
        return f"/v1/transfers/{self.view['id']}"

    @property
    def stage(self) -> str:
        return str(self.view["stage"])

    async def edit(self, by: str, **form: Any) -> None:
        """Change fields of the form."""
        version = self.view["version"]
        self._took(await self.api.as_(by).patch(self.path, form, version=version))

    async def submit_to_meeting(self, by: str, series: str, starts_at: datetime) -> None:
        """Submit it to the meeting of that series."""
        body = {"series": series, "starts_at": starts_at.isoformat()}
        await self.act(by, "submit-to-meeting", body)

    async def record(self, by: str, name: str, **more: Any) -> None:
        """Record that it has happened, now unless `at` says when."""
        await self.act(by, "milestones", self.milestone(name, **more))

    async def consent(self, by: str, scope: str, **more: Any) -> None:
        """Record consent to a scope: a parent's, oral, informed and explicit, unless `more`."""
        body = {
            "scope": scope,
            "given_by": "A parent",
            "given_on": self.today.isoformat(),
            "how": "oral",
            "informed": True,
            "explicit": True,
        }
        await self.act(by, "consents", body | more)

    async def close(self, by: str, **more: Any) -> None:
        """Say that the origin closed its record today, for the reason that is proposed."""
        await self.act(by, "closing", self.closed(**more))

    async def not_closed(self, by: str, **more: Any) -> list[str]:
        """Why it cannot be closed now."""
        return await self.refused(by, "closing", self.closed(**more))

    def closed(self, **more: Any) -> Body:
        """The body that closes the origin's record: RC7 where no reason is proposed."""
        down, proposed = self.view["pathway"] == "step_down", self.view["census"]["closure_reason"]
        reason = {"reason": "RC7"} if down and proposed is None else {}
        return {"closed_on": self.today.isoformat(), **reason} | more

    async def disagree(self, by: str, *kinds: str, about: str = "We see it otherwise.") -> None:
        """Raise a disagreement of these kinds."""
        await self.act(by, "disagreements", {"kinds": kinds, "about": about})

    async def escalate(self, by: str, level: str | None = None) -> None:
        """Take the one that is open up, to the next level unless one is named."""
        body = {"comment": "We could not agree."} | ({"level": level} if level else {})
        await self.act(by, f"{self.open_disagreement}/escalate", body)

    async def resolve(self, by: str, outcome: str = "stays") -> None:
        """Resolve the one that is open."""
        await self.act(by, f"{self.open_disagreement}/resolve", self.resolution(outcome))

    @staticmethod
    def resolution(outcome: str = "stays") -> Body:
        """The body that resolves a disagreement."""
        return {"outcome": outcome, "rationale": "All that was said."}

    @property
    def open_disagreement(self) -> str:
        """The path of the last that was raised."""
        return f"disagreements/{self.view['disagreements'][-1]['id']}"

    async def review(self, by: str, review: str, outcome: str) -> None:
        """Record a review that is held now."""
        await self.act(by, "reviews", self.reviewed(review, outcome))

    def reviewed(self, review: str, outcome: str) -> Body:
        """The body that records a review."""
        at = self.api.clock().isoformat()
        return {"review": review, "at": at, "outcome": outcome, "findings": "Steady"}

    async def pick_up(self, by: str) -> None:
        await self.act(by, "pick-up")

    async def start(self, by: str) -> None:
        """Record by hand what was created for each child, now."""
        records = [
            {
                "child_id": child["child_id"],
                "record_id": f"REC-{uuid4().hex[:8]}",
                "created_at": self.api.clock().isoformat(),
                "dated": self.today.isoformat(),
            }
            for child in self.view["children"]
        ]
        await self.act(by, "start", {"records": records})

    async def act(self, by: str, action: str, body: Body | None = None) -> None:
        """Take an action by the last part of its path."""
        self._took(await self._post(by, action, body))

    async def refused(self, by: str, action: str, body: Body | None = None) -> list[str]:
        """The codes of the rules that refuse the action."""
        answer = await self._post(by, action, body)
        assert answer.status_code == 422, answer.text
        return [str(breach["code"]) for breach in answer.json()["breaches"]]

    async def blocked(self, by: str, action: str, body: Body | None = None) -> list[str]:
        """The same without the rules that would only have warned."""
        answer = await self._post(by, action, body)
        assert answer.status_code == 422, answer.text
        breaches = answer.json()["breaches"]
        return [str(breach["code"]) for breach in breaches if breach["severity"] == "must"]

    async def forbidden(self, by: str, action: str, body: Body | None = None) -> None:
        """Somebody sees the transfer and may not do this."""
        answer = await self._post(by, action, body)
        assert answer.status_code == 403, answer.text

    async def not_recorded(self, by: str, name: str, **more: Any) -> list[str]:
        """Why it cannot be recorded now."""
        return await self.refused(by, "milestones", self.milestone(name, **more))

    async def not_for(self, by: str, name: str, **more: Any) -> None:
        """Somebody sees the transfer and may not record that."""
        await self.forbidden(by, "milestones", self.milestone(name, **more))

    @property
    def warnings(self) -> list[str]:
        """The codes of the rules that warned at the last step."""
        return [str(warning["code"]) for warning in self.view["warnings"]]

    async def clock(self, by: str, code: str) -> Body:
        """The clock of that code as it stands now."""
        answer = await self.api.as_(by).get(self.path)
        assert answer.status_code == 200, answer.text
        (found,) = [clock for clock in answer.json()["clocks"] if clock["code"] == code]
        return dict(found)

    async def states(self, by: str) -> dict[str, str]:
        """How each clock stands now, by its code."""
        answer = await self.api.as_(by).get(self.path)
        assert answer.status_code == 200, answer.text
        return {clock["code"]: clock["state"] for clock in answer.json()["clocks"]}

    async def undisputed(self, by: str) -> dict[str, str]:
        """The same without those that only a decline or a disagreement starts, which wait."""
        states = await self.states(by)
        disputed = {code for code in states if code.startswith("HZ-19-")}
        assert {states[code] for code in disputed} <= {"waiting"}
        return {code: state for code, state in states.items() if code not in disputed}

    async def reads(self, code: str) -> Body:
        """The clock of that code, as the reader sees it now."""
        return await self.clock(self.reader, code)

    async def due(self, code: str) -> datetime:
        return datetime.fromisoformat((await self.reads(code))["due_at"])

    async def state(self, code: str) -> str:
        return str((await self.reads(code))["state"])

    async def late_by(self, code: str) -> timedelta:
        return timedelta(seconds=(await self.reads(code))["late_by_seconds"])

    async def state_at(self, code: str, *times: datetime) -> list[str]:
        """How the clock stands at each of those times."""
        states = []
        for now in times:
            self.at(now)
            states.append(await self.state(code))
        return states

    async def alerted(self, code: str, *times: datetime) -> list[tuple[str, str]]:
        """Kind and team of every alert on that clock, once the relay has ticked at those times."""
        for now in times:
            self.at(now)
            await tick(self.api)
        says = (await self.reads(code))["says"]
        return [(a["kind"], a["team"]) for a in await self.alerts() if f": {says} (" in a["says"]]

    async def alerts(self) -> list[Body]:
        """Every alert about this transfer, oldest first."""
        answer = await self.api.as_(self.systems).get("/v1/alerts", limit=200)
        assert answer.status_code == 200, answer.text
        return [a for a in answer.json()["items"] if a["transfer"] == self.view["id"]]

    def milestone(self, name: str, **more: Any) -> Body:
        """The body that records a milestone now."""
        at = more.pop("at", self.api.clock())
        given = {k: v.isoformat() if isinstance(v, date) else v for k, v in more.items()}
        return {"name": name, "at": at.isoformat()} | given

    @property
    def today(self) -> date:
        return local_date(self.api.clock())

    def _took(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200, answer.text
        self.view = answer.json()

    async def _post(self, by: str, action: str, body: Body | None) -> httpx.Response:
        person = self.api.as_(by)
        return await person.post(f"{self.path}/{action}", body, version=self.view["version"])


async def tick(api: Api) -> None:
    """Let the relay look at the clocks twice: what is alerted once, is alerted once."""
    for _ in range(2):
        async with api.store.write() as tx:
            await alert_clocks(tx, api.app.state.service.book, api.clock())


async def with_council(api: Api, code: str) -> Api:
    """The API with that council's sample directory in its store, which had none of it."""
    async with api.store.write() as tx:
        if code not in _rows:
            await load_directory(tx, read_directory(DIRECTORIES / f"{code}.toml"))
            _rows[code] = await _rows_of(tx, code)
            return api
        for table, rows in _rows[code]:
            await tx.connection.execute(table.insert(), rows)
    return api


_rows: dict[str, list[tuple[Table, list[Body]]]] = {}
"""What loading a sample directory leaves: loaded once a run, copied for every other test."""


async def _rows_of(tx: Transaction, code: str) -> list[tuple[Table, list[Body]]]:
    ours = select(people.c.id).where(people.c.authority == code)
    queries = [
        (authorities, authorities.select().where(authorities.c.code == code)),
        (teams, teams.select().where(teams.c.authority == code)),
        (people, people.select().where(people.c.authority == code)),
        (memberships, memberships.select().where(memberships.c.person.in_(ours))),
    ]
    found = []
    for table, query in queries:
        rows = (await tx.connection.execute(query)).mappings()
        numbered = table is memberships
        found.append(
            (table, [{k: v for k, v in r.items() if k != "id" or not numbered} for r in rows])
        )
    return found
