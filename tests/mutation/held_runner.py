"""How mutmut asks our tests about a mutant: they are collected once, not for each mutant again."""

import gc
from collections import Counter
from collections.abc import Iterable
from itertools import chain
from resource import RLIMIT_CPU, setrlimit
from time import process_time
from typing import Any

import pytest
from _pytest.config import _prepareconfig
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd

SECONDS = 6.0
ENDLESS = 30
"""Seconds of processor after which a mutant that has not been decided is taken to run for ever."""
KILLED = 1
SURVIVED = 0


class SteadyHypothesis:
    """The same examples every time, and none made smaller: that a test fails is enough."""

    def pytest_configure(self) -> None:
        """Set hypothesis up, before any test's module is read."""
        import hypothesis  # noqa: PLC0415 - pytest warns when it is there before it

        hypothesis.settings.register_profile(
            "mutants",
            derandomize=True,
            database=None,
            deadline=None,
            phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate),
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        hypothesis.settings.load_profile("mutants")


class HeldRunner(PytestRunner):  # type: ignore[misc] # mutmut is installed by `make mutate` alone
    """Collects the tests in mutmut's fork server, and runs those of a mutant in a fork of it.

    Those that cost least and reach least come first, and no more than SECONDS of them as they
    took without a mutant: a mutant that the rest would kill counts as a survivor.
    """

    def execute_pytest(self, params: list[str], **kwargs: Any) -> int:
        """As mutmut does, with the same examples every time."""
        kwargs["plugins"] = [*kwargs.get("plugins", ()), SteadyHypothesis()]
        return int(super().execute_pytest(params, **kwargs))

    def warm_up(self) -> None:
        """Collect every test and keep the session open, as `pytest` itself would."""
        chosen = (*self._pytest_add_cli_args, *self._pytest_add_cli_args_test_selection)
        with change_cwd("mutants"):
            config = _prepareconfig(
                ["--rootdir=.", "-x", "-q", "--tb=native", "--assert=plain", *chosen],
                plugins=[SteadyHypothesis()],
            )
            config._do_configure()  # noqa: SLF001 - pytest has no public way to keep a session
            self._session = pytest.Session.from_config(config)
            config.hook.pytest_sessionstart(session=self._session)
            config.hook.pytest_collection(session=self._session)
        self._items = {item.nodeid: item for item in self._session.items}
        self._reached = Counter(chain(*state().tests_by_mangled_function_name.values()))
        gc.collect()
        gc.freeze()  # or each fork would copy what its own collector only looks at

    def run_tests(self, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        """KILLED or SURVIVED; as mutmut does where it is about no mutant."""
        if mutant_name is None:
            return int(super().run_tests(mutant_name=mutant_name, tests=tests))
        until = int(process_time()) + ENDLESS
        setrlimit(RLIMIT_CPU, (until, until + 1))
        self._session.items = [self._items[name] for name in self._telling(tests)]
        with change_cwd("mutants"):
            try:
                self._session.config.hook.pytest_runtestloop(session=self._session)
            except self._session.Failed:
                return KILLED
        return KILLED if self._session.testsfailed else SURVIVED

    def _telling(self, tests: Iterable[str]) -> list[str]:
        took = state().duration_by_test
        chosen: list[str] = []
        left = SECONDS
        for name in sorted(tests, key=lambda name: (self._cost(name), name)):
            left -= took[name]
            if left < 0 and chosen:
                break
            chosen.append(name)
        return chosen

    def _cost(self, name: str) -> float:
        """Its seconds times the functions it reaches: who reaches many is about none of them."""
        seconds: float = state().duration_by_test[name]
        return max(seconds, 0.001) * self._reached[name]
