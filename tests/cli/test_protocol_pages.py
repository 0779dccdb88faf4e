"""`transfers protocol show`, `diff` and `pages`: a council's procedure in words."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import transfers
from app.cli.protocol.command import PAGES, current_pages
from app.domain.protocol import CouncilProtocol
from app.protocols.shelf import SHIPPED, load_protocols

TEXT = (SHIPPED / "durham.toml").read_text(encoding="utf-8")
TOLD = '[step_up.milestones.told]\nsays = "Told"\nby = "origin"\nsource = "DF 6"\n\n'
COUNCILS = [kept.protocol for kept in load_protocols(None)]


def run(*words: str, **settings: str) -> Result:
    """Run `transfers protocol` with these settings."""
    given = {f"TRANSFERS_{name.upper()}": value for name, value in settings.items()}
    return CliRunner().invoke(transfers, ["protocol", *words], env=given)


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """Durham's file with each change at its first place."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_committed_pages_are_current_and_no_others_are_there() -> None:
    committed = {file.name: file.read_text(encoding="utf-8") for file in PAGES.glob("*.md")}

    assert committed == current_pages(), "run make pages"


@pytest.mark.parametrize("council", COUNCILS, ids=lambda council: council.code)
def test_a_page_says_everything_that_the_protocol_holds_with_its_clause(
    council: CouncilProtocol,
) -> None:
    page = current_pages()[f"{council.code}.md"]

    for half in council.pathways.values():
        said = [(x.says, x.source, x.code) for x in half.rules]
        said += [(x.says, x.source, x.code) for x in half.clocks]
        said += [(x.says, x.source, x.name) for x in half.routes.values()]
        said += [(x.says, x.source, x.name) for x in half.milestones.values()]
        assert all(says in page for says, _, _ in said)
        assert all(f"({source}; `{name}`)" in page for _, source, name in said)
        assert ("awaiting_authorisation --> dispatched" in page) >= half.gated
    assert all(clause.because in page for clause in council.clauses.values() if clause.because)
    assert all(f"`{series}`)" in page for series in council.meetings)
    assert not re.search(r"None|dataclass|object at|frozenset|<", page)


def test_a_page_goes_through_the_gates_in_the_order_of_the_process() -> None:
    page = run("show", "durham").stdout

    step_up = page[page.index("## Step up: ") : page.index("## Step down: ")]
    headings = re.findall(r"^#### (.*)$", step_up, re.MULTILINE)
    assert headings[:2] == ["To open the transfer", "Whenever the form is changed"]
    assert headings.index("To finalise the form") < headings.index(
        "Whenever a task is put into a duty tray"
    )
    assert headings[-1] == "To complete the transfer"


def test_the_diagram_is_that_of_the_protocol_s_own_stages() -> None:
    page = run("show", "durham").stdout

    step_up, step_down = page.split("## Step down: ")
    assert "draft --> dispatched: finalise\n" in step_up
    assert "awaiting_authorisation" not in step_up
    assert "draft --> awaiting_authorisation: finalise\n" in step_down


def test_the_version_in_force_today_is_shown_unless_another_is_named(tmp_path: Path) -> None:
    later = ('version = "2026-11"\nin_force_from = 2026-11-01',)
    file = written(tmp_path, (*later, 'version = "2099-01"\nin_force_from = 2099-01-01'))

    today = run("show", "durham", "--folder", str(tmp_path))
    named = run("show", "durham@2099-01", protocols_folder=str(tmp_path))
    by_file = run("show", str(file))

    assert "Version 2026-11, in force from 1 November 2026." in today.stdout
    assert "Version 2099-01, in force from 1 January 2099." in named.stdout
    assert named.stdout == by_file.stdout


@pytest.mark.parametrize(
    ("which", "says"),
    [
        ("leeds", "Error: no protocol leeds: there are cheshire_east, durham, "),
        ("durham@1", "Error: no version 1 of durham: there is 2026-11 from 2026-11-01\n"),
        ("none.toml", "Error: none.toml: No such file or directory\n"),
    ],
)
@pytest.mark.parametrize("command", [("show",), ("diff", "durham")], ids=["show", "diff"])
def test_what_there_is_not_is_told_in_words(
    command: tuple[str, ...], which: str, says: str
) -> None:
    answer = run(*command, which)

    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.startswith(says)


def test_a_version_that_is_not_in_force_yet_is_told_with_its_day(tmp_path: Path) -> None:
    written(
        tmp_path,
        ('code = "durham"', 'code = "barset"'),
        ("in_force_from = 2026-11-01", "in_force_from = 2099-01-01"),
    )

    answer = run("show", "barset", "--folder", str(tmp_path))

    assert answer.exit_code == 2
    assert answer.stderr == ("Error: no barset in force today: there is 2026-11 from 2099-01-01\n")


def test_the_same_protocol_twice_has_no_difference() -> None:
    answer = run("diff", "durham", str(SHIPPED / "durham.toml"))

    assert (answer.exit_code, answer.output) == (0, "")


def test_a_difference_is_told_by_code_with_its_old_and_its_new_value(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        ('version = "2026-11"', 'version = "2027-01"'),
        ("authorised_by = []", 'authorised_by = ["team_manager"]'),
        ('says = "Give the Comments"', 'says = "Write the Comments"'),
        ('when = { meeting = "booked" }', 'unless = { milestone = "opened" }'),
        ('within = "24 hours"', 'within = "2 working days"'),
        (
            "[step_up.milestones.records_updated]",
            f"{TOLD}[step_up.milestones.records_updated]",
        ),
        ('code = "DL-4-meeting-date"', 'code = "DL-4-held-on"'),
    )

    answer = run("diff", "durham", str(file))

    assert answer.exit_code == 1
    lines = answer.stdout.splitlines()
    assert lines[:4] == [
        "protocol:",
        "  ~ version: 2026-11 -> 2027-01",
        "step_up:",
        "  ~ authorised_by: none -> team_manager",
    ]
    heading = {line: lines[:at][-1] for at, line in enumerate(lines) if at}
    told = "{name: told; says: Told; by: origin; source: DF 6; roles: practitioner, team_manager}"
    assert f"  + told: {told}" in heading
    assert "  ~ DL-3-comments.says: Give the Comments -> Write the Comments" in heading
    booked = "the transfer is submitted to a meeting"
    assert f"  ~ DF-5-evidence.condition.when: {booked} -> none" in heading
    assert "  ~ DF-5-evidence.condition.unless: none -> the transfer is opened" in heading
    assert any(line.endswith(".timescale: 24 hours -> 2 working days") for line in heading)
    assert any(line.startswith("  - DL-4-meeting-date: {code: DL-4-") for line in heading)
    assert any(line.startswith("  + DL-4-held-on: {code: DL-4-held-on") for line in heading)


def test_another_order_alone_is_a_difference_too(tmp_path: Path) -> None:
    text = TEXT
    first, second = (
        block for block in text.split("\n\n") if re.search(r'code = "DL-2-(origin|stage)"', block)
    )
    file = tmp_path / "mine.toml"
    swapped = text.replace(first, "@").replace(second, first).replace("@", second)
    file.write_text(swapped, encoding="utf-8")

    answer = run("diff", "durham", str(file))

    assert (answer.exit_code, answer.stdout) == (1, "step_up rules:\n  ~ in another order\n")


def test_a_pathway_that_only_one_knows_is_told_by_its_form() -> None:
    answer = run("diff", "islington", "durham")

    assert "pathways:\n  + step_up: Step Up to Children's Social Care\n" in answer.stdout
    assert "  ~ IS" not in answer.stdout
