"""The README and the documentation: examples run, links lead somewhere, lists are complete."""

import ast
import doctest
import json
import re
import shlex
import shutil
import tomllib
from pathlib import Path

import pytest
from program import run, run_text

import dokuwiki_data as dw
from dokuwiki_data.writers.losses import KINDS

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
README = ROOT / "README.md"
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in [README, *sorted(DOCS.rglob("*.md"))]}
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
COMMAND = re.compile(r"^\$ dokuwiki-data (.*)\n((?:[^$`\n].*\n)+)", re.MULTILINE)

#: A kind of diagnostic, and how a message is given beside it in the code.
KIND = re.compile(r"[a-z]+(-[a-z]+)*")


def blocks(text, language):
    return [match[2] for match in FENCED.finditer(text) if match[1] == language]


def table_under(text, heading):
    """The rows of the first table under a heading."""
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip("` ") for cell in row] for row in rows[1:]]


@pytest.fixture
def in_a_copy(tmp_path, monkeypatch):
    """A folder that holds the examples, where code may write."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", [name for name, text in TEXTS.items() if "```py" in text])
@pytest.mark.usefixtures("in_a_copy")
def test_python_does_what_is_shown(name):
    """Sessions and programs of a page run from top to bottom in one namespace."""
    names = {"__name__": "documentation"}
    runner = doctest.DocTestRunner(optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    for match in FENCED.finditer(TEXTS[name]):
        line = TEXTS[name].count("\n", 0, match.start(2))
        if match[1] == "pycon":
            session = doctest.DocTestParser().get_doctest(match[2], names, name, name, line)
            assert session.examples
            runner.run(session, clear_globs=False)
            names = session.globs
        elif match[1] == "python":
            exec(compile("\n" * line + match[2], name, "exec"), names)
    for test in [value for key, value in names.items() if key.startswith("test_")]:
        test()
    assert runner.summarize(verbose=False).failed == 0


def test_every_page_with_python_is_tried():
    languages = {match[1] for text in TEXTS.values() for match in FENCED.finditer(text)}
    assert languages == {"console", "json", "pycon", "python", "sql", "text", "toml", "yaml"}


@pytest.mark.parametrize(
    ("command", "output"), sorted({shown for text in TEXTS.values() for shown in COMMAND.findall(text)})
)
def test_commands_answer_what_is_shown(command, output, monkeypatch):
    monkeypatch.chdir(ROOT)
    done = run(*shlex.split(command))
    assert (done.stdout.decode(), done.stderr) == (output, b"")


@pytest.mark.parametrize(
    ("name", "link"), [(name, link) for name, text in TEXTS.items() for link in LINK.findall(FENCED.sub("", text))]
)
def test_links_lead_somewhere(name, link):
    assert ((ROOT / name).parent / link).exists()


def test_the_readme_is_short_and_has_the_test_command():
    assert TEXTS["README.md"].count("\n") <= 150
    assert len(re.findall(r"^env=", TEXTS["README.md"], re.MULTILINE)) == 1


def test_all_extras_are_named_and_no_other():
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    text = TEXTS["docs/getting-started.md"]
    (named,) = re.findall(r"`'\.\[([^]]*)\]'` all", text)
    assert named.split(",") == sorted(extras.keys() - {"test", "dev", "docs"})
    assert [row[0] for row in table_under(text, "Install")] == named.split(",")
    for text in TEXTS.values():
        assert set(re.findall(r"extra `(\w+)`", text)) <= extras.keys()


def test_the_record_is_that_of_the_page():
    (text,), (record,) = blocks(TEXTS["docs/record.md"], "text"), blocks(TEXTS["docs/record.md"], "json")
    page = dw.parse(text, page_id="tool:kettle", modified=1795292810)
    assert json.loads(record) == dw.render.json(page)


def test_the_table_of_keys_is_complete():
    (record,) = blocks(TEXTS["docs/record.md"], "json")
    keys = [key.strip("` ") for row in table_under(TEXTS["docs/record.md"], "Keys") for key in row[0].split(",")]
    assert keys == list(json.loads(record))


@pytest.mark.parametrize("table", ["pages", "entries", "links", "revisions"])
def test_the_columns_of_parquet_are_complete(table, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    dw.add_wiki(tmp_path, ROOT / "examples" / "wiki", "example")
    schema = parquet.read_schema(next((tmp_path / table).rglob("*.parquet")))
    documented = [tuple(row[:2]) for row in table_under(TEXTS["docs/parquet.md"], table)]
    assert documented == [(column.name, str(column.type)) for column in schema]


def test_every_option_of_the_command_is_described():
    described = set(re.findall(r"--[a-z-]+", TEXTS["docs/command.md"]))
    for command in ("convert", "export", "query", "history", "move", "struct", "tables", "check", "parse", "schema"):
        shown = run_text(command, "--help").stdout
        assert "usage: " in shown
        assert set(re.findall(r"(?<!\S)--[a-z-]+", shown)) <= described | {"--help"}


def kinds_in_the_code():
    """Every kind of diagnostic: a constant that is given with a message, as arguments of a call or in a table."""
    for path in (ROOT / "dokuwiki_data").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="lose")):  # losses of writers have kinds of their own
                    continue
                case ast.Call(func=ast.Name(name)) if name.startswith("Report"):  # what is in reports has names
                    continue
                case ast.Call(args=[ast.Constant(str(kind)), message, *_]) if is_message(message):
                    pass
                case ast.Call(func=ast.Attribute(attr="note"), args=[_, ast.Constant(str(kind)), message, *_]):
                    pass
                case ast.Tuple(elts=[ast.Constant(str(kind)), ast.Constant(), message]) if is_message(message):
                    pass
                case _:
                    continue
            if KIND.fullmatch(kind):
                yield kind


def is_message(node):
    match node:
        case ast.Constant(str(text)):
            return " " in text
        case ast.JoinedStr() | ast.Name("message"):
            return True
    return False


def test_every_kind_of_diagnostic_is_described():
    described = re.findall(r"^\| `([a-z-]+)` \|", TEXTS["docs/diagnostics.md"], re.MULTILINE)
    assert len(described) == len(set(described))
    assert set(described) == set(kinds_in_the_code())


def test_every_kind_of_loss_is_described():
    described = re.findall(r"^\| `([a-z-]+)` \| (.*) \|$", TEXTS["docs/losses.md"], re.MULTILINE)
    assert dict(described) == KINDS


def test_every_room_is_described():
    described = " ".join(row[0] for row in table_under(TEXTS["docs/architecture.md"], "Rooms"))
    rooms = {f"{path.parent.name}/" for path in (ROOT / "dokuwiki_data").glob("*/__init__.py")}
    assert set(described.replace("`", "").replace(",", "").split()) >= rooms


def test_every_page_is_in_the_navigation():
    navigation = (ROOT / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[2]
    pages = {path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")}
    assert set(re.findall(r"[\w/-]+\.md", navigation)) == pages
