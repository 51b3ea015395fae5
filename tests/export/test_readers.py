"""What somebody may not read is in no file of an export, whatever the target."""

import gzip
import re

import pytest
from exported import TITLED, exported, write_wiki
from program import run

import dokuwiki_data as dw
from dokuwiki_data import plugins
from dokuwiki_data.exports import TARGETS

#: It is in everything that is closed, and in nothing that is open.
MARKER = "marker7x"

PAGES = {
    "start": """====== Open ======
[[secret:page]] [[secret:page#part]] [[secret:]] {{secret:photo.jpg}} {{gallery>secret:}} ((a note [[secret:page]]))

---- datatable ----
cols: %title%, %pageid%, value, secret_page, image_img
----
---- datalist ----
cols: value
----
---- datacloud ----
field: value
----
---- datarelated ----
cols: value
----
---- dataentry ----
value: shared
----
""",
    "open:lists": "{{page>secret:page}} {{namespace>secret}} {{indexmenu>:}} {{topic>shared}} {{nstopics>secret}}",
    "open:moved": "~~REDIRECT>secret:page~~",
    "open:other": "{{tag>shared}}\n---- dataentry ----\nvalue: seen\n----\n",
    "secret:page": f"""====== {MARKER} title ======
{MARKER} [[start]] [[open:other]] {{{{tag>shared {MARKER}}}}} {{{{secret:{MARKER}.png}}}} ~~REDIRECT>https://{MARKER}.net~~
===== Part {MARKER} =====
<code php {MARKER}.php>
{MARKER}
</code>
---- dataentry {MARKER} ----
value: {MARKER}, shared
secret_page: secret:{MARKER}
image_img: secret:{MARKER}.png
----
""",
    f"secret:{MARKER}": "[[start]]",
    "secret:sidebar": MARKER,
    "secret:c_template": MARKER,
}
MEDIA = [f"secret:{MARKER}.png", "open:x.png"]
STATES = {
    ("start", 1500000000): "An old state",
    ("secret:page", 1500000000): f"{MARKER} once",
    (f"secret:gone{MARKER}", 1500000000): MARKER,
}
CONF = {
    "local.php": "<?php\n$conf['useacl'] = 1;\n$conf['useheading'] = 1;\n$conf['superuser'] = '@admin';\n",
    "acl.auth.php": "* @ALL 1\nsecret:* @ALL 0\nsecret:* @staff 1\n",
}
SYNTAX = dw.Syntax(plugins=tuple(plugins.known()))


@pytest.fixture(scope="module")
def wiki(tmp_path_factory):
    folder = write_wiki(tmp_path_factory.mktemp("wiki"), PAGES, MEDIA, CONF)
    (folder / "data/media/secret/photo.jpg").write_bytes(TITLED.replace(b"Its own title", MARKER.encode().ljust(13)))
    for (page_id, time), text in STATES.items():
        path = folder / "data/attic" / f"{page_id.replace(':', '/')}.{time}.txt.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(text.encode()))
    (folder / "data/meta/secret").mkdir()
    for name in ("page", f"gone{MARKER}"):
        line = "\t".join(("1500000000", "127.0.0.1", "C", f"secret:{name}", MARKER, f"{MARKER} summary", "", "3"))
        (folder / f"data/meta/secret/{name}.changes").write_text(f"{line}\n", "utf-8")
    return folder


def export(wiki, folder, target, **more):
    options = {"revisions": True} if target == "html" else {}
    return dw.export(wiki, folder, target, syntax=SYNTAX, **options, **more)  # with search, if that is installed


def traces(folder):
    """The files that have the marker in their names or contents, packed ones too."""
    found = []
    for path in sorted(folder.rglob("*")):
        content = path.read_bytes() if path.is_file() else b""
        content += gzip.decompress(content) if content.startswith(b"\x1f\x8b") else b""
        if MARKER.encode() in content or MARKER in path.name:
            found.append(path.relative_to(folder).as_posix())
    return found


@pytest.mark.parametrize("target", [*sorted(TARGETS), "mediawiki"])
def test_a_guest_finds_no_trace(wiki, tmp_path, target):
    export(wiki, tmp_path, target, readable_by=["@ALL"])
    assert traces(tmp_path) == []


@pytest.mark.parametrize(("who", "finds"), [("@ALL", False), ("ann,@staff", True)])
def test_a_history_has_what_its_readers_may_see(wiki, tmp_path, who, finds):
    stream = tmp_path / "stream"
    assert run("export", wiki, "--to", "git", "--stream", stream, "--readable-by", who, "-q").returncode == 0
    assert (MARKER.encode() in stream.read_bytes()) == finds


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_those_who_may_find_it(wiki, tmp_path, target):
    export(wiki, tmp_path, target, readable_by=["ann", "@staff"])
    found = traces(tmp_path)
    assert {"export.json", "redirects/redirects.csv"} <= set(found)
    assert [path for path in found if re.search("secret[/-]page", path)]


def test_the_list_of_pages_has_open_ones_alone(wiki, tmp_path):
    assert set(exported(wiki, tmp_path, readable_by=["@ALL"])["pages"]) == {one for one in PAGES if "secret" not in one}


def test_a_narrower_export_removes_what_a_wider_one_wrote(wiki, tmp_path):
    exported(wiki, tmp_path, revisions=True)
    assert traces(tmp_path)
    exported(wiki, tmp_path, revisions=True, readable_by=["@ALL"])
    assert traces(tmp_path) == []
    assert not (tmp_path / "secret").exists()
    assert "secret" not in (tmp_path / ".dokuwiki-data-export").read_text("utf-8")
