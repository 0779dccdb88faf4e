"""A process's system calls, as strace writes them: what went to the log, the disk, the caller."""

import re
from collections.abc import Iterable, Iterator

WROTE, SYNCED, ANSWERED = "wrote", "synced", "answered"
CALLS = "pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg"
_CALL = re.compile(r"^(\d+)\s+(\w+)\((.*)$")
_RESUMED = re.compile(r"^(\d+)\s+<\.\.\. (\w+) resumed>")
_SYNCS = ("fsync", "fdatasync")


def events(trace: Iterable[str]) -> Iterator[str]:
    """In order: the log was written, it was synced (once that call is over), 2xx was answered."""
    under_way: dict[str, str] = {}
    for line in trace:
        if resumed := _RESUMED.match(line):
            process, call = resumed.groups()
            if under_way.pop(process, "") == call and line.rstrip().endswith("= 0"):
                yield SYNCED
        elif found := _CALL.match(line):
            process, call, rest = found.groups()
            if call in _SYNCS and "-wal>" in rest:
                if "unfinished" in rest:
                    under_way[process] = call
                elif rest.rstrip().endswith("= 0"):
                    yield SYNCED
            elif call == "pwrite64" and "-wal>" in rest:
                yield WROTE
            elif "HTTP/1.1 20" in rest:
                yield ANSWERED


def too_early(seen: Iterable[str]) -> list[int]:
    """Which answers, counted from 0, went out before all that was written was synced.

    For requests that come one after the other, each of which changes something.
    """
    early: list[int] = []
    last, number = "", 0
    for event in seen:
        if event == ANSWERED:
            if last != SYNCED:
                early.append(number)
            number += 1
        last = event
    return early
