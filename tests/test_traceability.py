"""Every clause is enforced and proved, or its protocol says why not."""

from pathlib import Path

import pytest
from proofs import Proof, clauses_of, proofs
from traceability import PAGE, traceability_page, unknown, unproved

SOURCES = ("DL", "DF", "CE", "HZ")


def test_the_committed_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == traceability_page(), "run make traceability"


def test_every_clause_that_a_protocol_cites_is_proved_by_a_test_of_its_name() -> None:
    missing = unproved()

    assert not missing, "\n".join([f"{len(missing)} clauses without a test:", *missing])


def test_no_test_is_named_after_a_clause_that_no_protocol_has() -> None:
    wrong = unknown()

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    ("test", "clauses"),
    [
        ("test_dl_01_the_meeting_agrees", ["DL 1"]),
        ("test_dl_3_it_is_mandatory", ["DL 3"]),
        ("test_dl_03_13_it_is_mandatory", ["DL 3", "DL 13"]),
        ("test_ce_l2", ["CE L2"]),
        ("test_ce_l04_l05_refuses_it", ["CE L4", "CE L5"]),
        ("test_dl_01_df_07_ce_m12_all_of_it", ["DL 1", "DF 7", "CE M12"]),
        ("test_df_21_24_hours_are_counted", ["DF 21"]),
        ("test_df_13_5_working_days_are_counted", ["DF 13"]),
        ("test_h03_h19_nothing_lies_about", ["HZ 3", "HZ 19"]),
        ("test_is_12_of_a_source_that_is_not_asked_about", []),
        ("test_the_dl_3_of_it", []),
        ("test_dl_is_short", []),
        ("test_dl_3d_glasses", []),
    ],
)
def test_a_name_means_the_clauses_at_its_beginning(test: str, clauses: list[str]) -> None:
    assert clauses_of(test, SOURCES) == clauses


def test_proofs_are_found_wherever_they_stand(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "test_some.py").write_text(
        "import pytest\n\n"
        "@pytest.mark.parametrize('x', [1])\n"
        "async def test_dl_02_later(x): ...\n\n"
        "class TestThem:\n    def test_dl_02_first(self): ...\n",
        encoding="utf-8",
    )
    (tmp_path / "builders.py").write_text("def test_dl_02_no(): ...\n", encoding="utf-8")

    found = proofs(SOURCES, tmp_path)

    assert found.keys() == {"DL 2"}
    assert set(found["DL 2"]) == {
        Proof("test_dl_02_later", "deep/test_some.py"),
        Proof("test_dl_02_first", "deep/test_some.py"),
    }
