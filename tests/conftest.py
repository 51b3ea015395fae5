"""What all tests share: where the evidence lies, and how hypothesis works."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

#: Recorded from real wikis and from DokuWiki itself. The texts are other people's, so it is not part of the project.
SHARED = Path(__file__).parent.parent.parent / "shared"

# Timing is a matter of benchmarks/; how long an example takes says nothing on a busy machine.
settings.register_profile("tests", deadline=None)
settings.load_profile("tests")


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the evidence is not here: it belongs into ../shared")
    return SHARED
