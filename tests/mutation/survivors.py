"""Which mutants no test noticed, in words that outlast their numbers, and which are explained."""

import tomllib
from collections.abc import Iterable
from pathlib import Path

from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.utils.format_utils import orig_function_and_class_names_from_key

EXPLAINED = Path("docs/survivors.toml")
WITHIN = "app.domain."
HEADS = ("---", "+++")


def described(mutant: str) -> str:
    """A mutant as `module.function: what stood there -> what stands there now`."""
    function, within = orig_function_and_class_names_from_key(mutant)
    module = mutant.rpartition(".")[0].removeprefix(WITHIN)
    place = ".".join(part for part in (module, within, function) if part)
    lines = [
        line for line in get_diff_for_mutant(mutant).splitlines() if not line.startswith(HEADS)
    ]
    was, became = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+"
    )
    return f"{place}: {was} -> {became or 'nothing'}"


def explained() -> set[str]:
    """The mutants for which docs/survivors.toml says why no test notices them."""
    reasons = tomllib.loads(EXPLAINED.read_text(encoding="utf-8"))["because"]
    return {mutant for reason in reasons for mutant in reason["mutants"]}


def unexplained(survivors: Iterable[str]) -> list[str]:
    """The descriptions of those that survived, without those explained, each once."""
    return sorted({described(mutant) for mutant in survivors} - explained())
