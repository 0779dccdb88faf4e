"""What people were told while it stormed: a line for every answer that acknowledged a change."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Told:
    """One answer to one attempt under a key. `digest` is of the body; `late` counts the attempts
    before it, `replayed` is what the answer said of itself.
    """  # noqa: D205

    transfer: str | None
    child: str
    action: str
    key: str
    status: int
    version: int | None
    stage: str | None
    digest: str
    late: int
    replayed: bool


class Journal:
    """Written line by line, so that a reader finds what was told up to any moment."""

    def __init__(self, path: Path) -> None:
        self._lines = path.open("a", encoding="utf-8", buffering=1)

    def note(self, told: Told) -> None:
        """Keep an answer."""
        self._lines.write(json.dumps(asdict(told)) + "\n")


def read_journal(path: Path) -> list[Told]:
    """Every answer that was kept; none where nobody was told anything."""
    if not path.exists():
        return []
    return [Told(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
