"""`make chaos`: with SQLite nobody is answered before the disk has what they were told."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from chaos.crowd import opening
from chaos.traced import ANSWERED, CALLS, SYNCED, WROTE, events, too_early
from service import token_at
from serving import address, listen

TRANSFERS = 20
STRACE = shutil.which("strace")
TRACE = """
101  pwrite64(9</db-wal>, "x", 24, 32) = 24
101  fdatasync(9</db-wal> <unfinished ...>
100  write(3<pipe:[1]>, "x", 1) = 1
101  <... fdatasync resumed>) = 0
100  write(14<TCP:[127.0.0.1]>, "HTTP/1.1 201 Created", 40) = 40
101  pwrite64(9</db-wal>, "x", 24, 32) = 24
100  sendto(14<TCP:[127.0.0.1]>, "HTTP/1.1 200 OK", 40, 0, NULL, 0) = 40
101  fdatasync(9</db-wal>) = 0
100  sendto(14<TCP:[127.0.0.1]>, "HTTP/1.1 200 OK", 40, 0, NULL, 0) = 40
"""


def test_an_answer_that_went_out_before_the_disk_had_it_is_found() -> None:
    seen = list(events(TRACE.splitlines()))

    assert seen == [WROTE, SYNCED, ANSWERED, WROTE, ANSWERED, SYNCED, ANSWERED]
    assert too_early(seen) == [1]


def test_an_answer_without_anything_written_is_found() -> None:
    assert too_early([ANSWERED, WROTE, SYNCED, ANSWERED, ANSWERED]) == [0, 2]


@contextmanager
def _traced(url: str, key: Path, folder: Path) -> Iterator[str]:
    """The API under strace; its address."""
    assert STRACE is not None, "this needs the program strace, which is not installed"
    with listen() as probe:
        port = probe.getsockname()[1]
        where = address(probe)
    command = [
        *(STRACE, "-f", "-y", "-s", "40", "-e", f"trace={CALLS}", "-o", str(folder / "trace")),
        *(sys.executable, "-m", "app.cli", "api", "--port", str(port)),
    ]
    settings = {
        "TRANSFERS_ENVIRONMENT": "development",
        "TRANSFERS_DATABASE_URL": url,
        "TRANSFERS_DEV_ISSUER_KEY": str(key),
        "TRANSFERS_LOG_LEVEL": "ERROR",
    }
    with subprocess.Popen(  # noqa: S603 - strace, and ourselves
        command, env=os.environ | settings, cwd=folder, start_new_session=True
    ) as process:
        try:
            _wait_for(f"{where}/health/ready")
            yield where
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def _wait_for(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if httpx.get(url, timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError("the traced process never answered")


@pytest.mark.chaos
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_h04_every_acknowledged_commit_of_sqlite_is_on_the_disk_first(
    stocked_url: str, issuer_key: Path, tmp_path: Path
) -> None:
    bearer = f"Bearer {token_at(datetime.now(UTC), issuer_key, 'op.worker')}"

    with _traced(stocked_url, issuer_key, tmp_path) as where, httpx.Client(base_url=where) as http:
        started = len(list(events((tmp_path / "trace").read_text().splitlines())))
        for number in range(TRANSFERS):
            seen = {"Authorization": bearer, "Idempotency-Key": str(uuid4())}
            opened = http.post(
                "/v1/transfers", json=opening("step_up", f"DUR{number}"), headers=seen
            )
            seen = seen | {"Idempotency-Key": str(uuid4()), "If-Match": '"1"'}
            sent = http.post(f"/v1/transfers/{opened.json()['id']}/finalise", headers=seen)
            assert (opened.status_code, sent.status_code) == (201, 200)

    told = list(events((tmp_path / "trace").read_text().splitlines()))[started:]
    syncs, answers = told.count(SYNCED), told.count(ANSWERED)
    print(f"\nUnder strace: {answers} acknowledged commits, {syncs} syncs of the log")  # noqa: T201
    assert answers == 2 * TRANSFERS
    assert too_early(told) == []
