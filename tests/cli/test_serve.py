"""`transfers serve` as a process: what ends it ends what it started."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from serving import listen

PATIENCE = 60.0


def _free_port() -> int:
    with listen() as listener:
        port: int = listener.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/live", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _in_group(group: int) -> list[str]:
    """The processes of a process group that have not ended."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, of, *_ = status.read_text().rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        if int(of) == group and state != "Z":
            found.append(status.parent.name)
    return found


@pytest.mark.long
def test_a_sigterm_to_serve_leaves_neither_api_nor_relay_behind(tmp_path: Path) -> None:
    port = _free_port()
    with subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "app.cli", "serve", "--port", str(port)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as serve:
        until = time.monotonic() + PATIENCE
        while not _answers(port) and time.monotonic() < until:
            time.sleep(0.1)
        assert len(_in_group(serve.pid)) == 3

        serve.send_signal(signal.SIGTERM)
        serve.wait(PATIENCE)
        while _in_group(serve.pid) and time.monotonic() < until:
            time.sleep(0.05)

    assert _in_group(serve.pid) == []
