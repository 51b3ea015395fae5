"""What all tests share: where the evidence lies, how hypothesis works, and which tests come first."""

from __future__ import annotations

import gc
import io
import os
import sys
import tarfile
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

#: Recorded from real wikis and from DokuWiki itself. The texts are other people's, so it is not part of the project.
SHARED = Path(__file__).parent.parent.parent / "shared"

# What is compiled is kept, whatever the shell says: half the time of every interpreter that a test starts, and half of
# what pytest needs to find the tests. It lies in `__pycache__` folders, which git ignores.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Timing is a matter of benchmarks/: how long an example takes says nothing here, least of all on a busy machine.
settings.register_profile("any speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# The same examples in every run, and few of them: more of what is drawn is more of the same.
settings.register_profile("tests", settings.get_profile("any speed"), derandomize=True, max_examples=60)
# ``pytest --hypothesis-profile explore`` searches at random, and for longer. What it finds becomes an example.
settings.register_profile("explore", settings.get_profile("any speed"), max_examples=1000, print_blob=True)
settings.load_profile("tests")


def pytest_configure(config: pytest.Config) -> None:
    """Make examples depend on their test alone, unless hypothesis explores.

    It draws some of them from the constants of all modules of a project that are loaded at the moment, so that they
    differ with the tests that have run before, and with where the package is installed.
    """
    providers = sys.modules.get("hypothesis.internal.conjecture.providers")  # earlier versions have none
    if providers and config.getoption("--hypothesis-profile", None) != "explore":
        providers.is_local_module_file = lambda path: False  # type: ignore[attr-defined]


#: The files whose tests share what takes long to make: one process runs all of a file.
TOGETHER = (
    "export/test_site_in_browser.py", "test_packaging.py", "wiki/test_distributed.py", "wiki/test_output.py",
    "writers/test_recorded_markdown.py",
)  # fmt: skip


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give every test to the process that is free, those of some files together, which begin before the others.

    The marker ``xdist_group`` has no effect with pytest 9.2 and pytest-xdist 3.8.
    """
    if config.getoption("dist") != "loadscope":
        return None
    from xdist.scheduler import LoadScopeScheduling

    class ByTest(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            path = nodeid.partition("::")[0]
            return path if path.endswith(TOGETHER) else nodeid

    return ByTest(config, log)


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the evidence is not here: it belongs into ../shared")
    return SHARED


@pytest.fixture(scope="session")
def part_of_a_real_wiki(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with every fortieth page of a wiki of 6,427 pages, and with every eighth of those that have a query.

    `test_a_real_wiki` reads them all.
    """
    with_query = count()
    part = tmp_path_factory.mktemp("real") / "part.tar.xz"
    with tarfile.open(shared / "wikis" / "lede-dump.tar.xz") as whole, tarfile.open(part, "w:xz", preset=0) as archive:
        for number, member in enumerate(whole):
            content = whole.extractfile(member)
            if content is None:
                continue
            text = content.read()
            has_query = b"---- datatable" in text or b"---- datacloud" in text
            if number % 40 == 0 or (has_query and next(with_query) % 8 == 0):
                archive.addfile(member, io.BytesIO(text))
    return part


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow ones."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over all tests and modules, which stay, and look seldom: trees are no garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000)
