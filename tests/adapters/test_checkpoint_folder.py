"""The folder of checkpoints: lines that are only added, whole, one writer at a time."""

import threading
from pathlib import Path

import pytest

from adapters.checkpoint_folder import CheckpointFolder
from app.outbox.checkpoint_place import PlaceUnavailable


def test_each_line_is_made_of_the_one_before_and_read_back_in_order(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path)

    for _ in range(3):
        folder.append("durham", lambda last: f"{last}+")
    folder.append("durham", lambda _: None)
    folder.append("../a.b", lambda _: "x")

    assert [*folder.kept("durham")] == ["None+", "None++", "None+++"]
    assert [*folder.kept("nobody")] == []
    assert folder.streams() == ["../a.b", "durham"]
    assert {file.parent for file in tmp_path.rglob("*.jsonl")} == {tmp_path}


def test_a_line_that_a_power_cut_tore_is_none_and_the_next_begins_anew(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path)
    folder.append("durham", lambda _: "first")
    with (tmp_path / "durham.jsonl").open("a") as file:
        file.write('{"jws": "sec')

    folder.append("durham", lambda last: f"after {last}")

    assert [*folder.kept("durham")] == ["first", "after first"]


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    def count() -> None:
        folder = CheckpointFolder(tmp_path)
        for _ in range(20):
            folder.append("durham", lambda last: str(int(last or 0) + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [*CheckpointFolder(tmp_path).kept("durham")] == [str(n) for n in range(1, 81)]


def test_a_folder_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    nowhere = CheckpointFolder(tmp_path / "nowhere")

    with pytest.raises(PlaceUnavailable, match="No such file"):
        nowhere.append("durham", lambda _: "x")
    with pytest.raises(PlaceUnavailable, match="No such file"):
        nowhere.streams()
