"""The versions of every council's protocol: which is in force, which a transfer keeps."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

from app.protocols.reader import ProtocolError
from app.protocols.shelf import SHIPPED, NoSuchVersion, Protocols, keep, load_protocols

TEXT = (SHIPPED / "durham.toml").read_text(encoding="utf-8")
FIRST, NEXT = "2026-11", "2027-04"
LATER = TEXT.replace(f'version = "{FIRST}"', f'version = "{NEXT}"').replace(
    "in_force_from = 2026-11-01", "in_force_from = 2027-04-01"
)


@pytest.mark.parametrize("code", ["durham", "cheshire_east", "rochdale", "islington"])
def test_the_service_comes_with_four_councils_protocols(code: str) -> None:
    found = load_protocols(None).in_force(code, date(2026, 11, 20))

    assert found is not None
    assert (found.code, found.version) == (code, FIRST)


@pytest.mark.parametrize(
    ("on", "version"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), FIRST),
        (date(2027, 3, 31), FIRST),
        (date(2027, 4, 1), NEXT),
        (date(2036, 1, 1), NEXT),
    ],
)
def test_the_newest_version_that_has_come_into_force_is_in_force(
    tmp_path: Path, on: date, version: str | None
) -> None:
    (tmp_path / "durham-2027.toml").write_text(LATER, encoding="utf-8")

    found = load_protocols(tmp_path).in_force("durham", on)

    assert (found.version if found else None) == version


def test_every_version_is_kept_with_its_text_and_digest(tmp_path: Path) -> None:
    (tmp_path / "durham-2027.toml").write_text(LATER, encoding="utf-8")
    shelf = load_protocols(tmp_path)

    old, new = shelf.kept("durham", FIRST), shelf.kept("durham", NEXT)

    assert (old.text, new.text) == (TEXT, LATER)
    assert new.digest == hashlib.sha256(LATER.encode()).hexdigest()
    with pytest.raises(NoSuchVersion, match=r"^durham 2019$"):
        shelf.kept("durham", "2019")


def test_versions_come_the_oldest_first_council_by_council(tmp_path: Path) -> None:
    (tmp_path / "a-later-one.toml").write_text(LATER, encoding="utf-8")

    versions = [(x.protocol.code, x.protocol.version) for x in load_protocols(tmp_path)]

    assert versions == [
        ("cheshire_east", FIRST),
        ("durham", FIRST),
        ("durham", NEXT),
        ("islington", FIRST),
        ("rochdale", FIRST),
    ]


def test_a_version_that_is_written_twice_is_refused(tmp_path: Path) -> None:
    changed = TEXT.replace('short_name = "Durham"', 'short_name = "Durham again"')
    (tmp_path / "mine.toml").write_text(changed, encoding="utf-8")

    with pytest.raises(ProtocolError, match=rf"^mine\.toml:.*durham {FIRST} is written twice"):
        load_protocols(tmp_path)


def test_a_faulty_file_of_a_council_s_own_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("colour = 1", encoding="utf-8")

    with pytest.raises(ProtocolError, match=r"^mine\.toml:"):
        load_protocols(tmp_path)


def test_what_is_no_toml_file_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("Not a protocol", encoding="utf-8")

    assert len(list(load_protocols(tmp_path))) == len(list(load_protocols(None)))


def test_a_version_without_a_file_serves_its_transfers_and_yields_to_those_with_one() -> None:
    shelf = load_protocols(None)

    shelf.add(keep(LATER, "durham 2027-04"))

    found = shelf.in_force("durham", date(2027, 4, 1))
    assert found is not None
    assert found.version == FIRST
    assert shelf.kept("durham", NEXT).text == LATER


def test_a_version_without_a_file_bridges_the_time_until_a_file_s_version_begins() -> None:
    shelf = Protocols([keep(LATER, "durham.toml")])

    shelf.add(keep(TEXT, "durham 2026-11"))

    found = [shelf.in_force("durham", on) for on in (date(2027, 3, 31), date(2027, 4, 1))]
    assert [protocol and protocol.version for protocol in found] == [FIRST, NEXT]
