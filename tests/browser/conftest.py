"""Debian's Chromium, driven through Playwright, in front of a whole world; see `make browser`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.window import Window
from journeys.world import World, new_world

from app.store.migrate import migrate

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.fail(
            f"there is no {CHROMIUM}: install Debian's package chromium, or name another "
            "Chromium in the environment variable CHROMIUM",
            pytrace=False,
        )
    try:
        from playwright.sync_api import (  # type: ignore[import-not-found, unused-ignore]  # noqa: PLC0415
            sync_playwright,
        )
    except ImportError:
        pytest.fail("the dependency group `browser` is not installed: make browser", pytrace=False)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(CHROMIUM))
        yield launched
        launched.close()


@pytest.fixture
def window(browser: Any) -> Iterator[Window]:
    page = browser.new_page(viewport={"width": 1000, "height": 900}, locale="en-GB")
    page.set_default_timeout(10_000)
    opened = Window(page)
    opened.listen()
    yield opened
    page.close()


@pytest.fixture(scope="session")
def world(issuer_key: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    url = f"sqlite:///{tmp_path_factory.mktemp('browser') / 'transfers.sqlite3'}"
    migrate(url)
    with new_world(url, issuer_key) as made:
        made.begin()
        yield made


@pytest.fixture
def pictures(request: pytest.FixtureRequest) -> Path | None:
    """Where screenshots go, if the environment variable PICTURES names a folder."""
    folder = os.environ.get("PICTURES")
    return Path(folder) / request.node.name if folder else None
