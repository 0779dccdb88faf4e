"""A database with the sample directory in it, on each store; and silence but for the counts."""

import logging
from collections.abc import Iterator

import pytest
import structlog
from chaos.stocked import load_sample_directory


@pytest.fixture
def stocked_url(database_url: str) -> str:
    """The URL of a migrated database that holds the sample directory and no transfer."""
    load_sample_directory(database_url)
    return database_url


@pytest.fixture(autouse=True)
def _counts_alone() -> Iterator[None]:
    """What a service in this process logs stays out of what `make chaos` prints."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.configure(**before)
