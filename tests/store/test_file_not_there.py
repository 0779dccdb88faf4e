"""An SQLite file that cannot be opened is said to be so, and leaves nothing of itself behind."""

import threading
from pathlib import Path

import pytest

from app.store.engine import Store
from app.store.failures import StoreUnavailable


async def test_a_file_that_cannot_be_opened_leaves_no_thread_behind(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/no-such-folder/transfers.sqlite3")
    left_behind = []

    for _ in range(300):
        before = set(threading.enumerate())
        with pytest.raises(StoreUnavailable):
            await store.check()
        left_behind += [
            thread
            for thread in set(threading.enumerate()) - before
            if "_connection_worker_thread" in thread.name
        ]

    assert left_behind == []
