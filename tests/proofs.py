"""Which tests prove which clauses: a test says so in its name, as `test_ce_l04_l05_refuses_…`.

After `test_` stands a source and a clause of it (`dl_03`, `ce_l2`), then any further clauses: with
their letter (`l05`), with their source (`df_07`), or as a number of two figures that is no amount
of time (`dl_03_13`). Clauses of the hazard log (HZ) are proved by `test_h03_…`.
"""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent
HAZARDS = "HZ"
_UNITS = r"_(?:minute|hour|working|day|week|month)"
_NUMBER = r"[a-z]?\d{1,3}(?=_|$)"
_FURTHER = rf"_(?:[a-z]\d{{1,3}}(?=_|$)|\d\d(?=_|$)(?!{_UNITS}))"


@dataclass(frozen=True, slots=True)
class Proof:
    """A test, with its file from the folder of the tests."""

    test: str
    file: str


def proofs(sources: Collection[str], folder: Path = TESTS) -> dict[str, list[Proof]]:
    """The tests of each clause that a name means, in order of files and lines."""
    found: dict[str, list[Proof]] = {}
    for proof in _tests(folder):
        for clause in clauses_of(proof.test, sources):
            found.setdefault(clause, []).append(proof)
    return found


def clauses_of(test: str, sources: Collection[str]) -> list[str]:
    """The clauses that a test's name means: "DL 3", "CE L4"."""
    if hazards := re.match(r"test((?:_h\d\d)+)(?:_|$)", test):
        return [f"{HAZARDS} {int(number)}" for number in re.findall(r"_h(\d\d)", hazards[1])]
    names = "|".join(source.lower() for source in sources if source != HAZARDS)
    part = rf"_(?:{names})_{_NUMBER}(?:{_FURTHER})*"
    means = re.match(rf"test((?:{part})+)", test)
    if means is None:
        return []
    clauses = []
    for name, rest in re.findall(rf"_({names})((?:_[a-z]?\d{{1,3}}(?=_|$))+)", means[1]):
        for letter, number in re.findall(r"_([a-z]?)(\d+)", rest):
            clauses.append(f"{name.upper()} {letter.upper()}{int(number)}")
    return clauses


def _tests(folder: Path) -> Iterator[Proof]:
    for file in sorted(folder.rglob("test_*.py")):
        where = file.relative_to(folder).as_posix()
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Proof(node.name, where)
