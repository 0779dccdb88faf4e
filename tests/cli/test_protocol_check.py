"""`transfers protocol check` says that a file is sound, or every fault of it with its line."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import transfers
from app.protocols.shelf import SHIPPED

TEXT = (SHIPPED / "durham.toml").read_text(encoding="utf-8")


def check(*files: Path) -> Result:
    """Check these files."""
    return CliRunner().invoke(transfers, ["protocol", "check", *map(str, files)])


def written(folder: Path, *changes: tuple[str, str]) -> Path:
    """Durham's file with each change at its first place."""
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def line_of(file: Path, line: str, after: str = "") -> int:
    """The number of the first line that begins so, behind the first one that begins with that."""
    lines = file.read_text(encoding="utf-8").splitlines()
    begin = next(number for number, text in enumerate(lines) if text.startswith(after))
    return 1 + next(
        number for number, text in enumerate(lines) if number > begin and text.startswith(line)
    )


def test_every_protocol_that_ships_is_sound_and_counted() -> None:
    answer = check(*sorted(SHIPPED.glob("*.toml")))

    assert (answer.exit_code, answer.stderr) == (0, "")
    assert all(": sound: " in line for line in answer.stdout.splitlines())
    assert (
        f"{SHIPPED}/durham.toml: sound: Durham County Council, version 2026-11, " in answer.stdout
    )


def test_of_several_files_each_is_told_and_one_fault_is_enough_to_fail(tmp_path: Path) -> None:
    faulty = written(tmp_path, ('short_name = "Durham"', 'short_name = "Durham"\ncolour = "red"'))

    answer = check(SHIPPED / "durham.toml", faulty, tmp_path / "none.toml")

    number = line_of(faulty, 'colour = "red"')
    assert answer.exit_code == 1
    assert answer.stdout.count("\n") == 1
    assert answer.stderr == (
        f"{faulty}:{number}: colour: unknown key\n{tmp_path}/none.toml: No such file or directory\n"
    )


def test_without_a_file_it_says_how_it_is_used() -> None:
    assert check().exit_code == 2


def test_all_faults_of_shape_are_told_at_once_by_line_and_in_plain_words(tmp_path: Path) -> None:
    rule = 'code = "DL-3-comments"'
    file = written(
        tmp_path,
        ("in_force_from = 2026-11-01", 'in_force_from = "soon"'),
        ('short_name = "Durham"', 'short_name = ""'),
        ('from_system = "ehm"', 'from_system = "paper"'),
        ("amend = true", 'amend = "perhaps"'),
        (f'{rule}\ngates = ["finalise"]\nseverity = "must"', f"{rule}\ngates = []"),
        ('needs = { field = "comments" }', 'needs = { fields = "comments" }'),
        ('within = "24 hours"', 'within = "24"'),
        ('falls_to = "receiving"', 'falls_to = "nobody"'),
    )

    answer = check(file)

    comments = "step_up.rules.DL-3-comments"
    told = answer.stderr.splitlines()
    assert answer.exit_code == 1
    for line, after, words in (
        ('in_force_from = "soon"', "", "in_force_from: is not a day, written without quotes as "),
        ('short_name = ""', "", "short_name: is empty"),
        ('from_system = "paper"', "", "step_up.from_system: is not one of: ehm or lcs"),
        ('amend = "perhaps"', "", "step_up.record_date.amend: is not true or false"),
        ('falls_to = "nobody"', "", ".falls_to: is not one of: origin or receiving"),
        ("gates = []", "", f"{comments}.gates: is empty"),
        ('needs = { fields = "comments" }', rule, f"{comments}.needs.fields: unknown key"),
        ('within = "24"', "", ".within: '24' is not a whole number from 1, a space and one of "),
    ):
        start = f"{file}:{line_of(file, line, after)}: "
        assert any(x.startswith(start) and words in x for x in told), words
    assert any(x.endswith(f"{comments}.severity: missing") for x in told)
    assert [int(x.split(":")[1]) for x in told] == sorted(int(x.split(":")[1]) for x in told)
    assert "Input should" not in answer.stderr


def test_all_faults_of_sense_are_told_at_once_by_line(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        ('custody_passes_on = "allocated"', 'custody_passes_on = "handed_over"'),
        ('code = "DL-3-date"\ngates = ["finalise"]', 'code = "DL-3-date"\ngates = ["complete"]'),
        ('code = "DL-13-comments"', 'code = "DL-13-date"'),
        ('source = "DL 4"', 'source = "DL 99"'),
        ('when = { meeting = "booked" }', 'when = { factor = "haste" }'),
    )

    answer = check(file)

    again = line_of(file, 'code = "DL-13-date"', after='code = "DL-13-date"')
    assert answer.exit_code == 1
    assert answer.stderr.splitlines() == [
        f"{file}:{number}: {words}"
        for number, words in (
            (line_of(file, "[step_up]"), "step_up: no rule asks for date_of_transfer at finalise"),
            (
                line_of(file, 'custody_passes_on = "handed_over"'),
                "step_up.custody_passes_on: no milestone handed_over",
            ),
            (
                line_of(file, 'source = "DL 99"'),
                "step_up.rules.DL-4-meeting-date.source: no clause DL 99",
            ),
            (
                line_of(file, 'when = { factor = "haste" }'),
                "step_up.rules.DF-5-evidence.when: no factor haste",
            ),
            (again, "step_down.rules.DL-13-date.code: the code DL-13-date is used twice"),
        )
    ]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('code = "durham', 1, "not TOML: "),
        ('\n[sources\nDL = "x"', 2, "not TOML: "),
        ("a = [1,\n2", 2, "not TOML: Unclosed array"),
    ],
)
def test_what_is_no_toml_is_told_with_the_line_where_reading_stopped(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")

    answer = check(file)

    assert answer.exit_code == 1
    assert answer.stderr.startswith(f"{file}:{line}: {words}")


def test_a_key_is_found_behind_texts_of_several_lines_dots_and_inner_tables(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(
        'authority = """\n[step_up]\ncode = 3\n"""\n'  # 1 to 4
        "code = 7\n"
        "sources.DL = 8\n"
        "[[step_up.rules]]\n[[step_up.rules]]\n"
        '"severity" = 9\n'
        "[step_up.rules.needs]\n"
        "field = 11\n",
        encoding="utf-8",
    )

    told = check(file).stderr.splitlines()

    for expected in (
        "5: code: is not text in quotes",
        "6: sources.DL: is not text in quotes",
        "9: step_up.rules.1.severity: is not one of: must or should",
        "11: step_up.rules.1.needs.field: is not text in quotes",
    ):
        assert f"{file}:{expected}" in told


def test_a_table_without_a_header_of_its_own_is_found_by_what_is_in_it(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("[step_up.record_date]\namend = true\n[other.inner]\n", encoding="utf-8")

    told = check(file).stderr.splitlines()

    assert f"{file}:1: step_up.form: missing" in told
    assert f"{file}:3: other: unknown key" in told
    assert f"{file}: sources: missing" in told


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_bytes(b"code = '\xfc'")

    assert check(file).stderr == f"{file}: not UTF-8\n"
