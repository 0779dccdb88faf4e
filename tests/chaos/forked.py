"""Processes forked from this one, which has imported everything: each starts in milliseconds."""

import ctypes
import gc
import os
import signal
import sys
import traceback
import warnings
from collections.abc import Callable
from pathlib import Path

_SET_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG in Linux's <sys/prctl.h>
_LIBC = ctypes.CDLL(None)
RAISED = 70
"""The exit status of work that raised; its log says what."""


def fork(work: Callable[[], None], log: Path) -> int:
    """Do `work` in a process of its own, its output added to `log`; the process's id.

    It ends with this process. Nothing of this process is closed or flushed in it.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    gc.freeze()  # what is there already is not looked through again in each of them
    with warnings.catch_warnings():
        # A test runner's worker has a thread that waits for orders; the fork never meets it.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child:
        return child
    status = RAISED
    try:
        _alone(log)
        work()
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it is, this process must not go on as its parent
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)


def kill(child: int) -> None:
    """End a process as a crash does, and wait until it is gone."""
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def ended(child: int) -> int | None:
    """The exit status of a process that has ended (negative: by that signal); None: it runs."""
    found, status = os.waitpid(child, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if found else None


def _alone(log: Path) -> None:
    _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, int(signal.SIGKILL))
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
        signal.signal(name, signal.SIG_DFL)
    signal.set_wakeup_fd(-1)
    warnings.simplefilter("default")
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
