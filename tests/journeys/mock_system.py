"""A mock case system as a person at its screen and a script behind it see it: HTTP alone."""

import time
from typing import Any

import httpx
from serving import CLIENT_ID, CLIENT_SECRETS

Json = Any
PATIENCE = 10.0


class MockSystem:
    """One mock case system."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url
        self._http = httpx.Client(base_url=url, trust_env=False, timeout=10)
        form = {"grant_type": "client_credentials"}
        told = self._http.post("/oauth/token", data=form, auth=(CLIENT_ID, CLIENT_SECRETS[name]))
        self._http.headers["Authorization"] = f"Bearer {told.json()['access_token']}"

    def close(self) -> None:
        self._http.close()

    def reset(self) -> None:
        assert self._http.post("/admin/reset").status_code == 204

    def script(self, fault: str, operation: str, **more: Any) -> None:
        """Have something go wrong."""
        order = {"fault": fault, "operation": operation} | more
        assert self._http.post("/admin/faults", json=order).status_code == 201

    def stop_clock(self, now: str) -> None:
        assert self._http.put("/admin/clock", json={"now": now}).status_code == 200

    def seed(self, records: str, record: Json) -> str:
        """Put in a record that was there before any transfer; its id."""
        seeded = self._http.post(f"/admin/{records}", json=record)
        assert seeded.status_code == 201, seeded.text
        return str(seeded.json()["record_id"])

    def log(self, operation: str) -> list[Json]:
        """The requests for an operation since the last reset."""
        entries = self._http.get("/admin/log").json()["items"]
        return [entry for entry in entries if entry["operation"] == operation]

    def callbacks(self, kind: str | None = None) -> list[Json]:
        """The callbacks since the last reset."""
        entries = self._http.get("/admin/callbacks").json()["items"]
        return [entry for entry in entries if kind in (None, entry["type"])]

    def wait_for_callbacks(self) -> None:
        """Wait until every callback was taken, lost, or given up."""
        end = time.monotonic() + PATIENCE
        while any(entry["state"] == "pending" for entry in self.callbacks()):
            assert time.monotonic() < end, self.callbacks()
            time.sleep(0.005)

    def wait_for(self, operation: str) -> None:
        """Wait until there was a request for an operation."""
        end = time.monotonic() + PATIENCE
        while not self.log(operation):
            assert time.monotonic() < end, operation
            time.sleep(0.005)

    def tray(self, code: str) -> list[Json]:
        """Every task that a tray received and that was not withdrawn."""
        found = self._http.get("/duty-tasks", params={"tray": code}).json()["items"]
        return [task for task in found if task["state"] != "withdrawn"]

    def read(self, path: str) -> Json:
        answer = self._http.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def press(self, path: str, body: Json = None) -> Json:
        """Do what a button on a page does."""
        answer = self.try_to(path, body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()

    def try_to(self, path: str, body: Json = None, **headers: str) -> httpx.Response:
        return self._http.post(path, json=body, headers=headers)

    def save(self, path: str, change: Json) -> Json:
        """Save fields of a record, as a person who has it open."""
        seen = self._http.get(path).headers["ETag"]
        answer = self._http.patch(path, json=change, headers={"If-Match": seen})
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, path: str) -> str:
        return self._http.get(path).text

    def start(self, reference: str, worker: str) -> list[Json]:
        """Press *Pickup*, then *Start New Referral* or *Start Early Help Episode*; the records."""
        link = "start-new-referral" if self.name == "lcs" else "start-early-help-episode"
        self.press(f"/duty-tasks/{reference}/pick-up", {"worker": worker})
        records = self.press(f"/duty-tasks/{reference}/{link}", {"worker": worker})["records"]
        return list(records)
