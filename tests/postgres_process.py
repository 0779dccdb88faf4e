"""Running PostgreSQL's programs: never as root, and never longer than the test process."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG in Linux's <sys/prctl.h>
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Account:
    """The system user and group that a program runs as."""

    user: int
    group: int


def server_account() -> Account:
    """This process's own account, or `nobody` for root, whom PostgreSQL refuses to serve.

    Raises:
        PermissionError: This is root, and there is no user `nobody` to run as instead.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError as error:
        raise PermissionError("root may not run it, and there is no user `nobody`") from error
    return Account(nobody.pw_uid, nobody.pw_gid)


def spawn(
    command: Sequence[str | Path], directory: Path, account: Account
) -> subprocess.Popen[bytes]:
    """Start a program in the directory, its output added to the file `log` there.

    It gets a session of its own, so that Ctrl-C reaches the tests and not the server under them.
    """
    drops_privileges = os.geteuid() == 0
    with (directory / "log").open("ab") as log:
        return subprocess.Popen(  # noqa: S603 - the programs that postgres_binaries found
            command,
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            user=account.user if drops_privileges else None,
            group=account.group if drops_privileges else None,
            extra_groups=[] if drops_privileges else None,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - one system call, loaded beforehand
        )


def end(process: subprocess.Popen[bytes], *, immediate: bool) -> None:
    """End a server: fast (or at once, as in a crash), and by force when it does not obey."""
    for number in (signal.SIGQUIT if immediate else signal.SIGINT, signal.SIGQUIT):
        process.send_signal(number)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        return
    process.kill()  # its children see the postmaster gone and end themselves
    process.wait()


def reachable(programs: Path, directory: Path, account: Account) -> Path:
    """The programs, or a copy of their installation where the account can reach them."""
    try:
        spawn([programs / "postgres", "--version"], directory, account).wait()
    except PermissionError:
        return _copied(programs, directory, account)
    return programs


def _copied(programs: Path, directory: Path, account: Account) -> Path:
    copy = directory / "copy"
    installation, package = programs.parents[:2]
    shutil.copytree(installation, copy / package.name / installation.name, symlinks=True)
    # A wheel keeps the shared libraries that its programs need beside the package.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, copy / libraries.name, symlinks=True)
    for path in (copy, *copy.rglob("*")):
        os.chown(path, account.user, account.group, follow_symlinks=False)
    return copy / package.name / installation.name / programs.name


def _die_with_parent() -> None:
    if _LIBC is not None:
        _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGQUIT))
