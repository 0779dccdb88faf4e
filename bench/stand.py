"""Where the benches run: both stores on a real disk, migrated, with fsync on."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from postgres_server import PostgresServer

from app.store.migrate import migrate


@dataclass(slots=True)
class Stand:
    """A folder of this run, and databases in it. `quick`: only to see that a bench works."""

    folder: Path
    postgres: PostgresServer
    quick: bool = False
    _migrated: dict[str, str] = field(default_factory=dict)

    def database(self, store: str) -> str:
        """A new, migrated and empty database, `sqlite` or `postgresql`."""
        if store == "postgresql":
            if store not in self._migrated:
                self._migrated[store] = self.postgres.create_database()
                migrate(self._migrated[store])
            return self.postgres.create_database(like=self._migrated[store])
        if store not in self._migrated:
            self._migrated[store] = f"sqlite:///{self.folder / 'migrated.sqlite3'}"
            migrate(self._migrated[store])
        file = self.folder / f"{len(list(self.folder.iterdir()))}.sqlite3"
        shutil.copy(self._migrated[store].removeprefix("sqlite:///"), file)
        return f"sqlite:///{file}"


@contextmanager
def stand(*, quick: bool) -> Iterator[Stand]:
    """A stand, and nothing of it left behind."""
    with (
        TemporaryDirectory(prefix="transfers-bench-") as folder,
        PostgresServer(private=True, durable=True) as server,
    ):
        yield Stand(Path(folder), server, quick)
