"""What all tests share: where the evidence lies, how hypothesis works, and which tests come first."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

#: Recorded from real wikis and from DokuWiki itself. The texts are other people's, so it is not part of the project.
SHARED = Path(__file__).parent.parent.parent / "shared"

# The same examples in every run. Timing is a matter of benchmarks/; how long an example takes says nothing here.
settings.register_profile("tests", deadline=None, derandomize=True)
# ``pytest --hypothesis-profile explore`` searches at random, and for longer. What it finds becomes an example.
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile("tests")


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the evidence is not here: it belongs into ../shared")
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the slow ones."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
