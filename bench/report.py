"""What a bench found, kept as JSON, and RESULTS.md written from all that is kept."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from pydantic import TypeAdapter

from bench.measure import Figure

FOLDER = Path(__file__).parent / "results"
RESULTS = Path(__file__).parent / "RESULTS.md"
ORDER = (
    "finalise", "sqlite_writers", "journey", "delivery", "wake_up", "recovery", "pools",
    "partitions", "boards", "reads", "rules", "cold_start", "memory",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """One bench's findings, in Markdown.

    `about`: what was done, and how. `notes`: a paragraph each on what made the difference, and on
    what falls short and why.
    """

    title: str
    about: str
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kept:
    """A report with the day and the machine of its run."""

    at: date
    machine: str
    report: Report


_kept = TypeAdapter(Kept)


def keep(name: str, report: Report) -> None:
    """Keep a report and write RESULTS.md anew."""
    FOLDER.mkdir(exist_ok=True)
    kept = Kept(datetime.now(UTC).date(), machine(), _rounded(report))
    (FOLDER / f"{name}.json").write_bytes(_kept.dump_json(kept, indent=1) + b"\n")
    RESULTS.write_text("\n".join(_page()) + "\n")


def _rounded(report: Report) -> Report:
    """To the digits that mean something."""
    figures = (
        replace(figure, samples=tuple(float(f"{one:.4g}") for one in figure.samples))
        for figure in report.figures
    )
    return replace(report, figures=tuple(figures))


def lines(report: Report) -> Iterator[str]:
    """A report's figures as rows of a Markdown table."""
    yield "| figure | median | spread | goal | |"
    yield "| --- | ---: | ---: | ---: | --- |"
    for figure in report.figures:
        low, high = figure.spread
        goal, met = figure.goal or "", ""
        if figure.goal is not None:
            met = "met" if figure.goal.met_by(figure.median) else "**falls short**"
        median = f"{_short(figure.median)} {figure.unit}".strip()
        yield f"| {figure.name} | {median} | {_short(low)} to {_short(high)} | {goal} | {met} |"


def machine() -> str:
    """This machine, in a few words."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, {system}"


def _page() -> Iterator[str]:
    yield "# Results"
    yield ""
    yield "Written by `make bench`; edit nothing here. A figure is the median of its rounds, its"
    yield "spread the least and the most. Contenders take turns in one run, and a ratio is taken"
    yield "round by round."
    for name in ORDER:
        file = FOLDER / f"{name}.json"
        if file.exists():
            yield from _section(_kept.validate_json(file.read_bytes()))


def _section(kept: Kept) -> Iterator[str]:
    yield from ("", f"## {kept.report.title}", "", kept.report.about, "")
    yield from lines(kept.report)
    for note in kept.report.notes:
        yield from ("", note)
    yield from ("", f"{kept.at}, {kept.machine}.")


def _short(number: float) -> str:
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"
