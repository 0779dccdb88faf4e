"""The receiving teams at their mock case systems: they press *Pickup* and start a record."""

import asyncio
from collections import deque
from typing import Any

import aiohttp
from chaos.processes import SYSTEMS, Place
from serving import CLIENT_ID, CLIENT_SECRETS, address

Json = Any
PAUSE = 0.03
PATIENCE = 400
LINKS = {"lcs": "start-new-referral", "ehm": "start-early-help-episode"}
HOLDERS = {"lcs": "ff.manager", "ehm": "op.manager"}


class Trays:
    """What is to be picked up, asked for until it is in its tray."""

    def __init__(self, place: Place) -> None:
        self._urls = {system: address(place.mocks[system]) for system in SYSTEMS}
        self._waiting: deque[tuple[str, str, int]] = deque()
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=5))
        self._tokens: dict[str, str] = {}

    def accept(self, system: str, reference: str) -> None:
        """Have a task picked up and its record started once it has arrived."""
        self._waiting.append((system, reference, 0))

    async def work(self, over: asyncio.Event) -> None:
        """Pick up one task after the other, until it is over."""
        while not over.is_set():
            await asyncio.sleep(PAUSE)
            if self._waiting:
                system, reference, tried = self._waiting.popleft()
                if not await self._take(system, reference) and tried < PATIENCE:
                    self._waiting.append((system, reference, tried + 1))

    async def close(self) -> None:
        """Hang up."""
        await self._http.close()

    async def _take(self, system: str, reference: str) -> bool:
        by = {"worker": HOLDERS[system]}
        picked_up = await self._press(system, f"{reference}/pick-up", by)
        return picked_up and await self._press(system, f"{reference}/{LINKS[system]}", by)

    async def _press(self, system: str, path: str, body: Json) -> bool:
        url = f"{self._urls[system]}/duty-tasks/{path}"
        headers = {"Authorization": f"Bearer {await self._token(system)}"}
        try:
            async with self._http.post(url, json=body, headers=headers) as answer:
                return answer.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _token(self, system: str) -> str:
        if system not in self._tokens:
            ours = aiohttp.encode_basic_auth(CLIENT_ID, CLIENT_SECRETS[system])
            form = {"grant_type": "client_credentials"}
            url = f"{self._urls[system]}/oauth/token"
            headers = {"Authorization": ours}
            async with self._http.post(url, data=form, headers=headers) as answer:
                self._tokens[system] = (await answer.json())["access_token"]
        return self._tokens[system]
