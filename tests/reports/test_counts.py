"""Numbers of reports, counted again in another way: by regular expressions over the files, and by SQL."""

import os
import re
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dokuwiki_data as dw
from dokuwiki_data.reports.chapters import CHAPTERS
from dokuwiki_data.reports.reporting import report_wiki
from dokuwiki_data.wiki.sources.files import MemoryFiles
from dokuwiki_data.wiki.sources.opening import open_source, source_of_files

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "wiki"
OWN = [chapter for chapter in CHAPTERS if chapter.name != "targets"]


def figures(report):
    return {figure.name: figure.value for chapter in report.chapters for figure in chapter.figures}


def dicts(report, name):
    table = report.table(name)
    return [dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows]


# ------------------------------------------------------------------------------------------- the example wiki


@pytest.fixture(scope="module")
def example():
    return report_wiki(open_source(EXAMPLE, print), chapters=OWN)


@pytest.fixture(scope="module")
def texts():
    paths = [Path(folder) / name for folder, _, names in os.walk(EXAMPLE / "pages") for name in names]
    return {path.relative_to(EXAMPLE / "pages").as_posix()[:-4].replace("/", ":"): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("counts") / "wiki.db"
    dw.write_sqlite(EXAMPLE, path)
    with sqlite3.connect(path) as opened:
        yield opened
    opened.close()


def without_code(text):
    return re.sub(r"<code.*?</code>|<file.*?</file>|%%.*?%%|<nowiki>.*?</nowiki>", "", text, flags=re.DOTALL)


def test_pages_of_the_example(example, texts):
    found = figures(example)
    assert found["pages"] == len(texts)
    assert found["bytes"] == sum(map(len, texts.values()))
    assert found["words"] == sum(len(text.split()) for text in texts.values())
    namespaces = Counter(page_id.rpartition(":")[0] for page_id in texts)
    assert found["namespaces"] == len(namespaces.keys() - {""})
    assert {row["namespace"]: row["pages"] for row in dicts(example, "namespaces")} == {
        name or "(root)": count for name, count in namespaces.items()
    }
    sizes = sorted(((-len(text), page_id) for page_id, text in texts.items()))
    assert [row["page"] for row in dicts(example, "largest_pages")] == [page_id for _, page_id in sizes]


def test_links_of_the_example(example, database):
    rows = database.execute("SELECT page_id, target, \"exists\" FROM links WHERE kind = 'page'").fetchall()
    found = figures(example)
    assert found["internal_links"] == len(rows)
    missing = sorted((page_id, target) for page_id, target, exists in rows if not exists)
    assert sorted((row["place"].page_id, row["missing"]) for row in dicts(example, "broken_links")) == missing
    assert found["wanted_pages"] == len({target for _, target in missing})
    others = Counter(target for page_id, target, _ in rows if page_id != target)
    assert {row["page"]: row["links"] for row in dicts(example, "linked_pages")} == {
        target: count for target, count in others.items() if target not in {target for _, target in missing}
    }


def test_entries_of_the_example(example, database, texts):
    found = figures(example)
    written = "\n".join(without_code(text.decode()) for text in texts.values())
    assert found["entries"] == len(re.findall(r"^---- *dataentry", written, re.MULTILINE))
    assert found["entries"] == database.execute("SELECT count(*) FROM blocks").fetchone()[0]
    assert {row["class"]: row["entries"] for row in dicts(example, "classes")} == dict(
        database.execute("SELECT class_name, entries FROM classes").fetchall()
    )
    told = {(row["class"], row["column"].lower()): row["values"] for row in dicts(example, "columns")}
    counted = database.execute(
        "SELECT class_name, key, count(DISTINCT value) FROM entries JOIN blocks USING (block_id) "
        "WHERE value <> '' GROUP BY class_name, key"
    ).fetchall()
    assert {key: count for key, count in told.items() if count} == {(name, key): count for name, key, count in counted}


def test_queries_of_the_example(example, texts):
    written = {page_id: without_code(text.decode()) for page_id, text in texts.items()}
    pattern = re.compile(r"^---- *(?:data(?:table|list|cloud|taglist|related)|datataglist|datarelated)\b", re.MULTILINE)
    counts = {page_id: len(pattern.findall(text)) for page_id, text in written.items()}
    rows = dicts(example, "queries")
    assert Counter(row["place"].page_id for row in rows) == Counter(
        {page_id: count for page_id, count in counts.items() if count}
    )
    traps = Counter(row["place"].page_id for row in dicts(example, "query_traps"))
    assert sum(row["traps"] for row in rows) == sum(traps.values())


# ------------------------------------------------------------------------------------------- generated wikis

NAMES = st.sampled_from(["a", "b", "c", "start", "ns:a", "ns:b", "ns:start", "ns:deep:c", "x"])
FILES = st.sampled_from(["p.png", "q.png", "ns:p.png", "ns:r.jpg", "lost.gif"])
VALUES = st.sampled_from(["one", "One", "two", "2026-01-02", "3", "a b", "ones"])
KEYS = st.sampled_from(["name", "Name", "size", "sizes", "since_dt", "tags"])

LINES = st.one_of(
    NAMES.map(lambda name: f"[[:{name}]]"),
    FILES.map(lambda name: f"{{{{:{name}}}}}"),
    st.tuples(KEYS, VALUES).map(lambda pair: f"---- dataentry k ----\n{pair[0]}: {pair[1]}\n----"),
    st.just("---- datatable ----\ncols: name, size\nfilter: name = one\n----"),
    st.just("jo@library.org"),
    st.just("password: Xy12-abc"),
    st.just(""),
)
PAGES = st.dictionaries(NAMES, st.lists(LINES, max_size=6).map("\n\n".join), min_size=1, max_size=7)
MEDIA = st.dictionaries(FILES, st.sampled_from([b"one", b"two", b"three"]), max_size=4)


@settings(max_examples=40, deadline=None)
@given(PAGES, MEDIA)
def test_generated_wikis(pages, media):
    files = {f"pages/{name.replace(':', '/')}.txt": text for name, text in pages.items()}
    files |= {f"media/{name.replace(':', '/')}": content for name, content in media.items()}
    files |= {"media/_dummy": b"", "meta/_dummy": b""}
    report = report_wiki(source_of_files(MemoryFiles(files)), chapters=OWN)
    found = figures(report)
    links = [(page_id, target) for page_id, text in pages.items() for target in re.findall(r"\[\[:(.*?)\]\]", text)]
    assert found["internal_links"] == len(links)
    broken = [(row["place"].page_id, row["missing"]) for row in dicts(report, "broken_links")]
    assert sorted(broken) == sorted(link for link in links if link[1] not in pages)
    assert {row["page"] for row in dicts(report, "wanted_pages")} == {target for _, target in links} - pages.keys()
    from_others = {target for page_id, target in links if page_id != target}
    assert {row["page"] for row in dicts(report, "orphaned_pages")} == {
        page_id for page_id in pages if page_id not in from_others and page_id.rpartition(":")[2] != "start"
    }
    shown = [(page_id, name) for page_id, text in pages.items() for name in re.findall(r"\{\{:(.*?)\}\}", text)]
    missing = [(row["place"].page_id, row["missing"]) for row in dicts(report, "missing_media")]
    assert sorted(missing) == sorted(one for one in shown if one[1] not in media)
    assert {row["media"] for row in dicts(report, "unused_media")} == media.keys() - {name for _, name in shown}
    assert found["media"] == len(media)  # without _dummy
    assert len(report.table("doubled_media").rows) == len(media) - len(set(media.values()))
    entries = re.findall(r"^---- dataentry k ----\n(\w+): (.*)\n----$", "\n".join(pages.values()), re.MULTILINE)
    assert found["entries"] == len(entries)
    assert found["queries"] == "\n".join(pages.values()).count("---- datatable ----")
    assert found["empty"] == sum(not text.strip() for text in pages.values())
    assert found["mail_addresses"] == "\n".join(pages.values()).count("jo@")
    assert found["passwords"] == "\n".join(pages.values()).count("password:")
    dates = [value for key, value in entries if key == "since_dt"]
    assert len(report.table("misfits").rows) == sum(value != "2026-01-02" for value in dates)
    assert report_wiki(source_of_files(MemoryFiles(files)), chapters=OWN, made=report.made) == report
