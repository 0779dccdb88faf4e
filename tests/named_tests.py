"""The tests that a page of docs names, linked to where they are; links the pages when run."""

import re
from collections.abc import Mapping
from pathlib import Path

TESTS = Path(__file__).parent
PAGES = tuple(TESTS.parent / "docs" / name for name in ("hazards.md", "security.md", "promises.md"))
NAMED = re.compile(r"(\[)?`(test_\w+)`(?(1)\]\(\.\./tests/([^)]+)\))")


def written() -> dict[str, set[str]]:
    """Every test that there is, with the files, relative to `tests`, that have one of its name."""
    found: dict[str, set[str]] = {}
    for file in sorted(TESTS.rglob("test_*.py")):
        for name in re.findall(
            r"^ *(?:async )?def (test_\w+)", file.read_text("utf-8"), re.MULTILINE
        ):
            found.setdefault(name, set()).add(file.relative_to(TESTS).as_posix())
    return found


def named(text: str) -> list[str]:
    """The tests that a text names."""
    return [name for _, name, _ in NAMED.findall(text)]


def linked(text: str, tests: Mapping[str, set[str]]) -> str:
    """The text with a link at each test that is there; what is not there stays as it is."""

    def link(match: re.Match[str]) -> str:
        name, file = match[2], match[3]
        files = tests.get(name, set())
        if not files:
            return match[0]
        return f"[`{name}`](../tests/{file if file in files else min(files)})"

    return NAMED.sub(link, text)


if __name__ == "__main__":
    for page in PAGES:
        page.write_text(linked(page.read_text("utf-8"), written()), "utf-8")
    print("Linked the tests in docs/hazards.md, docs/security.md and docs/promises.md")  # noqa: T201 - an answer
