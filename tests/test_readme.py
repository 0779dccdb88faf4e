"""The README's curl walk-through, run as it stands against real processes."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.demo.command import playing

STAND_IN = Path(__file__).parent / "curl_stand_in.py"
ROOT = Path(__file__).parents[1]
WALK = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


@pytest.mark.long
def test_the_walk_through_of_the_readme_works_as_it_stands(tmp_path: Path) -> None:
    (script,) = WALK
    (tmp_path / ".venv").symlink_to(Path(sys.prefix))
    if shutil.which("curl") is None:
        script = f'curl() {{ "{sys.executable}" "{STAND_IN}" "$@"; }}\n{script}'

    with playing(tmp_path / "data", "Durham") as running:
        script = script.replace("http://127.0.0.1:8000", running.api)
        script = script.replace("http://127.0.0.1:8101", running.lcs)
        done = subprocess.run(  # noqa: S603 - the README's own words
            ["sh", "-eu", "-c", script],  # noqa: S607 - of any machine
            cwd=tmp_path,
            env=os.environ | running.environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == 0, done.stderr
    assert '"DL-3-recipient"' in done.stdout
    assert "\ndispatched\n" in done.stdout
    assert '"state": "delivered"' in done.stdout
    assert "Transfer from Durham EHM" in done.stdout
