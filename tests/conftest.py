"""Settings of all tests, and how they are shared out to the workers of a run."""

from __future__ import annotations

import gc
import os
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from landlink.core import kernel_cache
from tests.support.made_once import begin_run
from tests.support.read_once import tables_read_once

# How long an example takes says something of the machine, not of the code: the first also loads kernels.
settings.register_profile("landlink", deadline=None)
settings.load_profile("landlink")

#: Files whose tests share nothing that takes long, so that any worker may run any of them.
APART = ("tests/bundled/test_flow_hashes.py", "tests/docs/test_docs.py", "tests/docs/test_notebooks.py")

#: Objects made, less those freed, before the garbage collector looks at the young ones (Python's own: 700).
GARBAGE = 20_000
USUAL = gc.get_threshold()

#: Seconds that a test is taken to need whose file was not measured: one that is marked slow, and another.
SLOW_S, PLAIN_S = 5.0, 0.1


def pytest_configure(config: pytest.Config) -> None:
    config.add_cleanup(begin_run())
    if workers := int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "0")):
        _share_processors(config, workers)


def _share_processors(config: pytest.Config, workers: int) -> None:
    """Let each worker see its part of the processors, as many as there are without the others.

    A command would otherwise start further processes, each of which imports all and loads kernels anew, for processors
    that the other workers keep busy. Tests of several processes say how many.
    """
    whole = os.cpu_count
    os.cpu_count = lambda: max(1, (whole() or 1) // workers)  # type: ignore[assignment]
    config.add_cleanup(lambda: setattr(os, "cpu_count", whole))


def pytest_collection_finish() -> None:
    """Set aside what lives as long as the run: modules and tests, which each full collection would walk through.

    The collector took a seventh of the time of tests that open small studies.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE, 20, 20)


@pytest.fixture
def usual_garbage() -> Iterator[None]:
    """Within a test that measures memory, garbage is collected as often as users have it."""
    gc.set_threshold(*USUAL)
    yield
    gc.set_threshold(GARBAGE, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _shared_by_all_tests() -> Iterator[None]:
    # The folder is chosen when first asked for. A test that names an empty one must not be the first, or all kernels
    # would be compiled anew.
    kernel_cache._folder()
    with tables_read_once():
        yield


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Begin with the files that take long: what comes last is then short, and no worker waits for another."""
    if not hasattr(config, "workerinput"):
        return
    measured = tomllib.loads((Path(__file__).parent / "seconds.toml").read_text(encoding="utf-8"))
    seconds: Counter[str] = Counter()
    for item in items:
        seconds[_file_of(item.nodeid)] += SLOW_S if item.get_closest_marker("slow") else PLAIN_S
    seconds.update({file: time - seconds[file] for file, time in measured.items() if file in seconds})
    items.sort(key=lambda item: (-seconds[_file_of(item.nodeid)], _file_of(item.nodeid)))


def _file_of(nodeid: str) -> str:
    return nodeid.partition("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object | None:
    """Keep a file with one worker, since its tests share what they solve, unless they are known to stand apart."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling  # noqa: PLC0415  tests run without it too

    class Scheduling(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = _file_of(nodeid)
            return nodeid if file in APART else file

    config.option.loadscopereorder = False
    return Scheduling(config, log)
