"""The same tests have the same examples, whatever else runs."""

import sys
from types import ModuleType

import pytest
from hypothesis import find, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

#: Hypothesis would draw this number from a module that holds it.
NUMBER = 10**15 + 230_988_126_551


def test_no_example_comes_from_a_module_that_happens_to_be_loaded(tmp_path, monkeypatch, request):
    if request.config.getoption("--hypothesis-profile") == "explore":
        pytest.skip("exploring takes examples wherever they are")
    module = ModuleType("with_a_number")
    module.__file__ = str(tmp_path / "with_a_number.py")
    (tmp_path / "with_a_number.py").write_text(f"NUMBER = {NUMBER}\n")
    monkeypatch.setitem(sys.modules, "with_a_number", module)
    with pytest.raises(NoSuchExample):
        find(st.integers(10**15, 10**16), lambda number: number == NUMBER, settings=settings(max_examples=300))
