"""A database's URL is held to what both drivers take, and is refused without a word of it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from app.store.urls import TAKEN, faults_of, read_only, sqlite_file

ODD = "a?b#c%41 ü.sqlite3"
WRITTEN = "a%3Fb%23c%2541 ü.sqlite3"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///transfers.sqlite3",
        "sqlite:////var/lib/transfers.sqlite3",
        f"sqlite:///{WRITTEN}",
        "postgresql://somebody:p%40ss@database/transfers",
        "postgresql://somebody@[::1]:5432/transfers",
        "postgresql://one:5433,two/transfers?sslmode=verify-full",
        "postgresql:///transfers?host=/var/run/postgresql",
        *(
            f"postgresql://database/transfers?{name}={value}"
            for name, values in TAKEN.items()
            for value in values
        ),
    ],
)
def test_what_both_drivers_take_has_no_fault(url: str) -> None:
    assert faults_of(url) == []


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///", "it names no file"),
        ("sqlite:///a.sqlite3?mode=ro", "nothing may follow a ?"),
        ("postgresql://somebody:hunter2@database", "it names no database"),
        ("postgresql://database:0/transfers", "a port is from 1 to 65535"),
        ("postgresql://database:65536/transfers", "a port is from 1 to 65535"),
        ("postgresql://one,two:99999/transfers", "a port is from 1 to 65535"),
        ("postgresql://somebody:hunter2@database:port/transfers", "it is no database's address"),
        ("postgresql://database/transfers?sslmode=hunter2", "sslmode is one of disable, allow"),
        ("postgresql://database/transfers?sslmod=hunter2", "after ? it takes sslmode and target"),
        ("postgresql://a/b?sslmode=require&sslmode=disable", "sslmode is one of disable, allow"),
        ("hunter2", "it is no database's address"),
    ],
)
def test_a_fault_is_said_in_words_that_hold_nothing_of_the_url(url: str, words: str) -> None:
    (said,) = faults_of(url)

    assert said.startswith(words)
    assert "hunter2" not in said


def test_every_fault_of_a_url_is_said_at_once() -> None:
    found = faults_of("postgresql://database:99999?sslmode=no&sslmod=x")

    assert [words[:16] for words in found] == [
        "it names no data", "a port is from 1", "sslmode is one o", "after ? it takes",
    ]  # fmt: skip


def test_a_file_of_any_name_is_read_and_none_is_made_beside_it(tmp_path: Path) -> None:
    file = sqlite_file(f"sqlite:///{tmp_path}/{WRITTEN}")
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE kept (number INTEGER)")

    with closing(sqlite3.connect(read_only(file), uri=True)) as opened:
        found = opened.execute("SELECT name FROM sqlite_master").fetchall()

    assert found == [("kept",)]
    assert [there.name for there in tmp_path.iterdir()] == [ODD]
