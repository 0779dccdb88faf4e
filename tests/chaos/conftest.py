"""A database with the sample directory in it, on each store."""

import pytest
from chaos.stocked import load_sample_directory


@pytest.fixture
def stocked_url(database_url: str) -> str:
    """The URL of a migrated database that holds the sample directory and no transfer."""
    load_sample_directory(database_url)
    return database_url
