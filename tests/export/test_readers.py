"""What somebody may not read is in no file of an export."""

import pytest
from exported import exported, write_wiki

MARKER = "marker7x"

PAGES = {
    "start": "====== Open ======\n[[secret:page]] [[:marker7x]] {{secret:marker7x.png}} [[secret:]]\n\n"
    "---- datatable ----\ncols: %pageid%, value\n----\n",
    "open:a": "{{page>secret:page}} {{indexmenu>:}}",
    "secret:page": f"====== {MARKER} ======\n{MARKER} [[start]]\n\n---- dataentry ----\nvalue: {MARKER}\n----\n",
    "secret:sidebar": MARKER,
    MARKER: f"{MARKER} [[start]] ~~REDIRECT>open:a~~",
    "open:other": "---- dataentry ----\nvalue: seen\n----\n",
}
CONF = {
    "local.php": "<?php\n$conf['useacl'] = 1;\n$conf['superuser'] = '@admin';\n",
    "acl.auth.php": f"* @ALL 1\nsecret:* @ALL 0\n{MARKER} @ALL 0\nsecret:* @staff 1\n",
}


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    folder = write_wiki(tmp_path_factory.mktemp("wiki"), PAGES, ["secret:marker7x.png", "open:x.png"], CONF)
    changes = "1700000000\t127.0.0.1\tC\tsecret:page\tann\tmarker7x\t\t3\n"
    (folder / "data/meta/secret").mkdir()
    (folder / "data/meta/secret/page.changes").write_text(changes, "utf-8")
    return folder


def test_a_guest_finds_no_trace(wiki, tmp_path):
    made = exported(wiki, tmp_path, readable_by=["@ALL"])
    assert set(made["pages"]) == {"start", "open:a", "open:other"}
    for path in tmp_path.rglob("*"):
        name = path.relative_to(tmp_path).as_posix()
        if path.is_file() and path.name != "export.json":
            content = path.read_bytes().decode("utf-8", "replace")
            # A page that may be read names in its own text what it links to.
            content = content.replace('title="marker7x"', "").replace(">marker7x<", "").replace("> marker7x", "")
            content = content.replace("marker7x.png", "") if name == "index.html" else content
            assert MARKER not in content, name
        assert MARKER not in name


def test_those_who_may_find_it(wiki, tmp_path):
    made = exported(wiki, tmp_path, readable_by=["ann", "@staff"])
    assert set(made["pages"]) == {"start", "open:a", "open:other", "secret:page", "secret:sidebar"}
    assert MARKER in (tmp_path / made["pages"]["secret:page"]["file"]).read_text("utf-8")


def test_a_narrower_export_removes_what_a_wider_one_wrote(wiki, tmp_path):
    exported(wiki, tmp_path)
    exported(wiki, tmp_path, readable_by=["@ALL"])
    assert not (tmp_path / "secret").exists()
    assert "secret" not in (tmp_path / ".dokuwiki-data-export").read_text("utf-8")
