"""`make mutate`: app/domain is changed everywhere, one change at a time, and a test must fail.

Arguments pick mutants as mutmut names them: `app.domain.clocks*`. Without any, what was decided
before stands, but for functions that changed and mutants that survived. They are asked in the
order of a checksum of their names, so that whenever it is stopped, what was asked is an even
sample of all modules. Fails below THRESHOLD, and where a survivor is not explained.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path
from zlib import crc32

import mutmut.__main__ as asking
import mutmut.workers.isolation
from mutation.held_runner import HeldRunner
from mutation.survivors import unexplained

TESTS = str(Path(__file__).parents[1])
METAS = Path("mutants/app/domain")
STATS = Path("mutants/mutmut-stats.json")
"""Which test reaches which function: taken anew, or code that moved would be reached by none."""
THRESHOLD = 95.0
KILLED, SURVIVED, NO_TESTS = 1, 0, 33
TIMEOUTS = {-24, 24, 36, 152, 255}
COLUMNS = ("killed", "timeout", "survived", "no tests", "unasked")


def counts() -> dict[str, Counter[str]]:
    """What became of the mutants of each module, as mutmut keeps it."""
    found = {}
    for meta in sorted(METAS.rglob("*.py.meta")):
        codes = json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].values()
        module = meta.relative_to(METAS).as_posix().removesuffix(".py.meta")
        if codes:
            found[module] = Counter(map(_became, codes))
    return found


def survivors() -> list[str]:
    """The mutants that no test noticed, by mutmut's names."""
    return [
        name
        for meta in METAS.rglob("*.py.meta")
        for name, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items()
        if code in (SURVIVED, NO_TESTS)
    ]


def _became(code: int | None) -> str:
    if code is None:
        return "unasked"
    if code in TIMEOUTS:
        return "timeout"
    return {KILLED: "killed", SURVIVED: "survived", NO_TESTS: "no tests"}.get(code, "killed")


def killed_of(count: Counter[str]) -> float:
    """The share of the mutants asked that some test noticed, in per cent."""
    return 100 * (count["killed"] + count["timeout"]) / max(asked_of(count), 1)


def asked_of(count: Counter[str]) -> int:
    """How many were decided, those among them that no test reaches."""
    return count.total() - count["unasked"]


def table(found: dict[str, Counter[str]]) -> str:
    """The counts as docs/mutants.md shows them."""
    rows = [*found.items(), ("all", sum(found.values(), Counter()))]
    head = f"| module | {' | '.join(COLUMNS)} | % |\n|{' --- |' * (len(COLUMNS) + 2)}"
    return "\n".join([head, *(_line(name, count) for name, count in rows)])


def _line(name: str, count: Counter[str]) -> str:
    columns = " | ".join(str(count[column]) for column in COLUMNS)
    return f"| {name} | {columns} | {killed_of(count):.1f} |"


def ask_survivors_again() -> None:
    """Forget what survived or met no test: tests may have come since."""
    for meta in METAS.rglob("*.py.meta"):
        kept = json.loads(meta.read_text(encoding="utf-8"))
        codes = kept["exit_code_by_key"]
        kept["exit_code_by_key"] = {
            name: None if code in (SURVIVED, NO_TESTS) else code for name, code in codes.items()
        }
        meta.write_text(json.dumps(kept), encoding="utf-8")


def _turn(name: str) -> int:
    """When a mutant has its turn: evenly over all modules, and the same in every run."""
    return crc32(name.encode())


def main(picked: list[str]) -> int:
    """Ask, print the counts, and say whether enough was killed (of what was picked: all)."""
    mutmut.workers.isolation.PytestRunner = HeldRunner
    sys.path.remove(TESTS)  # the copies of the tests import each other, not these
    if not picked:
        STATS.unlink(missing_ok=True)
        ask_survivors_again()
    at_once = os.environ.get("WORKERS", "2")
    asking.estimated_worst_case_time = _turn
    asking.cli(["run", "--max-children", at_once, *picked], standalone_mode=False)
    found = counts()
    sys.stdout.write(table(found) + "\n")
    every = sum(found.values(), Counter())
    share = killed_of(every)
    sys.stdout.write(
        f"{share:.1f} % of {asked_of(every)} asked were killed, of {every.total()} that there are; "
        f"{THRESHOLD} % are required\n"
    )
    without = unexplained(survivors())
    sys.stdout.writelines(f"survived unexplained: {mutant}\n" for mutant in without)
    return 0 if picked or (share >= THRESHOLD and not without) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
