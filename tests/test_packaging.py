"""The distribution: what a wheel and an sdist hold, and that a wheel installed alone parses a page and has types."""

import importlib.util
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONSUMER = ROOT / "tests" / "typed_consumer.py"

pytestmark = pytest.mark.slow

PARSE_A_PAGE = """
import dokuwiki_data as dw
page = dw.parse("====== Hello ======\\n---- dataentry ----\\nname: x\\n----\\n")
print(dw.__file__)
print(page.title, len(page.entries), dw.render.json(page)["version"], dw.render.json_schema()["$id"])
"""


def call(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of an sdist, and of a wheel that was built from that sdist."""
    folder = tmp_path_factory.mktemp("built")
    # The backend is there already, but for who has not installed the extra `test`. Releases are built without this.
    here = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    call(sys.executable, "-m", "build", *here, "--outdir", folder, ROOT)
    return folder


def test_the_wheel_holds_the_package_with_its_data(built):
    (wheel,) = built.glob("*.whl")
    files = set(zipfile.ZipFile(wheel).namelist())
    package = {path for path in (ROOT / "dokuwiki_data").rglob("*") if path.is_file() and path.suffix != ".pyc"}
    grammars = {f"dokuwiki_data/grammar/{path.name}" for path in (ROOT / "grammar").iterdir()}
    assert files >= grammars | {path.relative_to(ROOT).as_posix() for path in package}
    assert "dokuwiki_data/py.typed" in files
    assert {name.partition("/")[0] for name in files} == {
        "dokuwiki_data",
        f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info",
    }


def test_the_sdist_holds_what_its_tests_need(built):
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        top = {Path(name).parts[1] for name in archive.getnames()}
    assert {
        "dokuwiki_data",
        "grammar",
        "tests",
        "examples",
        "pyproject.toml",
        "hatch_build.py",
        "README.md",
        "LICENSE",
    } <= top


@pytest.fixture(scope="module")
def installed(built, tmp_path_factory):
    """The interpreter of a virtual environment in which the wheel is installed."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "env")
    python = folder / "env" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    (wheel,) = built.glob("*.whl")
    call(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-compile", wheel)
    return python


def test_a_wheel_installed_alone_parses_a_page(installed, tmp_path):
    place, said = call(installed, "-I", "-c", PARSE_A_PAGE, cwd=tmp_path).splitlines()
    assert Path(place).is_relative_to(installed.parent.parent)
    assert said == "Hello 1 1 urn:dokuwiki-data:page:1"

    (tmp_path / "wiki").mkdir()
    (tmp_path / "wiki" / "start.txt").write_text("text")
    assert '"page_id":"start"' in call(installed.with_name("dokuwiki-data"), "convert", "wiki", cwd=tmp_path)


def test_a_typed_program_passes_mypy(installed, tmp_path):
    pytest.importorskip("mypy", reason="mypy is in the extra dev")
    options = ["--strict", "--python-executable", installed, "--cache-dir", tmp_path, "--config-file", ""]
    call(sys.executable, "-m", "mypy", *options, CONSUMER, cwd=tmp_path)


def test_a_typed_program_passes_pyright(installed, tmp_path):
    pytest.importorskip("pyright", reason="pyright is in the extra dev")
    pyright = [sys.executable, "-m", "pyright"]
    if shutil.which("node") is None or subprocess.run([*pyright, "--version"], capture_output=True).returncode:
        pytest.skip("pyright needs Node.js, and its first start the network")
    call(*pyright, "--pythonpath", installed, "--project", tmp_path, CONSUMER, cwd=tmp_path)
