"""A meeting as its people hold it over HTTP."""

from datetime import date
from typing import Any

import httpx
from procedures.case import Body, Case
from service import Api


class MeetingRoom:
    """One meeting. Every step checks that it was taken; `view` is the meeting after it.

    `systems` sees every meeting.
    """

    def __init__(self, api: Api, view: Body, systems: str) -> None:
        self.api = api
        self.view = view
        self.systems = systems

    @classmethod
    async def of(
        cls, api: Api, by: str, series: str, day: date, systems: str = "ce.systems"
    ) -> "MeetingRoom":
        """The one meeting of a series on a day, as somebody reads it."""
        days = {"from": day.isoformat(), "to": day.isoformat()}
        listed = await api.as_(by).get("/v1/meetings", series=series, **days)
        assert listed.status_code == 200, listed.text
        (line,) = listed.json()["items"]
        answer = await api.as_(by).get(f"/v1/meetings/{line['id']}")
        assert answer.status_code == 200, answer.text
        return cls(api, answer.json(), systems)

    @property
    def path(self) -> str:
        return f"/v1/meetings/{self.view['id']}"

    async def agenda(self, by: str) -> list[Body]:
        """What the agenda shows somebody."""
        answer = await self.api.as_(by).get(f"{self.path}/agenda")
        assert answer.status_code == 200, answer.text
        items: list[Body] = answer.json()["items"]
        return items

    async def post(self, by: str, act: str, body: Body | None = None) -> httpx.Response:
        """Do something in it, on the version that is there."""
        path = f"{self.path}/{act}"
        return await self.api.as_(by).post(path, body, version=await self._version())

    async def act(self, by: str, act: str, body: Body | None = None) -> None:
        """Do something in it that is taken."""
        answer = await self.post(by, act, body)
        assert answer.status_code == 200, answer.text
        self.view = answer.json()

    async def refused(self, by: str, act: str, body: Body | None = None) -> list[Body]:
        """Every breach that refuses it."""
        answer = await self.post(by, act, body)
        assert answer.status_code == 422, answer.text
        breaches: list[Body] = answer.json()["breaches"]
        return breaches

    async def decide(self, by: str, case: Case, outcome: str, **more: Any) -> None:
        """Record what it decided of a case."""
        body = {"outcome": outcome, "rationale": f"Why it is {outcome}.", **more}
        await self.act(by, f"cases/{case.view['id']}/decision", body)
        await self.look_at(case)

    async def look_at(self, case: Case) -> None:
        """See a case as the meeting left it."""
        case.view = (await self.api.as_(case.reader).get(case.path)).json()

    async def record(self, by: str, name: str) -> None:
        """Record that something happened to every case, now."""
        await self.act(by, "milestones", self.milestone(name))

    def milestone(self, name: str) -> Body:
        """The body that records it now."""
        return {"name": name, "at": self.api.clock().isoformat()}

    def case(self, case: Case) -> Body:
        """How a case stands in it."""
        (found,) = [x for x in self.view["cases"] if x["transfer"] == case.view["id"]]
        return dict(found)

    async def _version(self) -> int:
        answer = await self.api.as_(self.systems).get(self.path)
        return int(answer.json()["version"])
