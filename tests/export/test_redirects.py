"""Old addresses lead to the files of an export, whichever server reads the redirects."""

import csv
import io
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from urllib.parse import unquote

import pytest

from dokuwiki_data.exports.places import PlaceRules, Places
from dokuwiki_data.exports.redirects import redirect_files, redirects

PAGES = ["start", "a:b", "a:start", "a:index", "größe:x y", "a.b$1", "con", "%20", 'q"u\\ote', "a:b.html", "old", "out"]
MEDIA = ["a:b.png", "x.pdf", "ä:ü.jpg"]
PLACES = Places(PlaceRules(), PAGES, MEDIA)
TARGETS = {"old": "/a/b.html#part", "out": "https://example.org/?a=$1&b=%20"}
FOUND = redirects(PLACES, TARGETS)
FILES = {path: content.decode() for path, content in redirect_files(FOUND).items()}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/doku.php?id=a:b", "/a/b.html"),
        ("/doku.php/a:b", "/a/b.html"),
        ("/a:b", "/a/b.html"),
        ("/a/b", "/a/b.html"),
        ("/doku.php?id=start", "/index.html"),
        ("/a/start", "/a/index.html"),
        ("/_media/a:b.png", "/_media/a/b.png"),
        ("/lib/exe/fetch.php?media=a:b.png", "/_media/a/b.png"),
        ("/lib/exe/detail.php?media=a:b.png", "/_media/a/b.png"),
        ("/doku.php?id=old", "/a/b.html#part"),
        ("/old.html", "/a/b.html#part"),
        ("/doku.php?id=out", "https://example.org/?a=$1&b=%20"),
    ],
)
def test_an_old_address_has_a_new_one(old, new):
    assert {one.old: one.new for one in FOUND}[old] == new


def test_an_address_with_a_file_is_not_redirected():
    assert "/a/b.html" not in {one.path for one in FOUND}  # the short address of the page a:b.html
    assert "/_media/a/b.png" not in {one.path for one in FOUND}


def test_the_base_of_the_old_wiki_is_part_of_old_addresses():
    assert redirects(Places(PlaceRules(), ["a"]), {}, "/wiki/")[0].old == "/wiki/a"


@pytest.mark.parametrize("site", ["/copy/", "https://new.example.org/copy/"])
def test_new_addresses_begin_with_that_of_the_site(site):
    places = Places(PlaceRules(), ["a", "copy:a.html"], ["x.png"])
    found = {one.old: one.new for one in redirects(places, {}, "/", site)}
    assert found["/doku.php?id=a"] == f"{site}a.html"
    assert found["/_media/x.png"] == f"{site}_media/x.png"
    assert "/copy/a.html" not in found  # the short address of the other page


def test_the_table_for_programs_has_all():
    rows = list(csv.reader(io.StringIO(FILES["redirects/redirects.csv"])))
    assert rows == [["old", "new"], *([one.old, one.new] for one in FOUND)]


def test_lines_for_hosts_hold_no_placeholder_and_no_loop():
    lines = [line for line in FILES["_redirects"].splitlines() if not line.startswith("#")]
    for line in lines:
        source, *query, new, status = line.split(" ")
        assert status == "301"
        assert len(query) < 2
        assert not {":", "*"} & set(source)
        assert new not in (source, f"{source}.html")
    assert "/doku.php id=a%3Ab /a/b.html 301" in lines
    assert "/a%3Ab /a/b.html 301" in lines
    assert "/a/start /a/index.html 301" in lines


# -------------------------------------------------------------------------------------------- real servers


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def location(port, address):
    """Where a server on this machine leads from an address."""
    try:
        urllib.request.build_opener(_NoRedirect).open(f"http://127.0.0.1:{port}{address}", timeout=5).close()
    except urllib.error.HTTPError as error:
        error.close()
        return error.headers.get("Location", "")
    return ""


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def serve(command, port):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return process
        time.sleep(0.05)
    process.terminate()
    raise AssertionError(f"{command[0]} does not answer")


def check_server(process, port):
    try:
        wrong = []
        for one in FOUND:
            olds = {one.old, one.old.replace(":", "%3A")} if one.parameter else {one.old}
            if one.parameter == "media":
                olds.add(one.old.replace("?", "?w=20&tok=abc&"))
            for old in olds:
                found = location(port, old).removeprefix(f"http://127.0.0.1:{port}")
                if unquote(found) != unquote(one.new):
                    wrong.append((old, found, one.new))
        assert wrong == []
        for other in ("/", "/other", "/doku.php?id=other", "/a/b.html", "/doku.php?id=a:bc", "/xa:b"):
            assert location(port, other) == ""
    finally:
        process.terminate()
        process.wait(10)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx")
def test_nginx_redirects(tmp_path, port):
    (tmp_path / "nginx.map").write_text(FILES["redirects/nginx.map"], "utf-8")
    head = [line.removeprefix("#") for line in FILES["redirects/nginx.map"].splitlines()]
    setup = "\n".join(line for line in head if line.startswith("   ")).replace(
        "redirects/nginx.map", str(tmp_path / "nginx.map")
    )
    setup = setup.replace("server {", f"server {{ listen 127.0.0.1:{port};")
    temporary = "".join(
        f"{name}_temp_path {tmp_path}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (tmp_path / "nginx.conf").write_text(
        f"daemon off; pid {tmp_path}/pid; error_log {tmp_path}/log;\n"
        f"events {{}} http {{ access_log off; {temporary}\n{setup}\n}}",
        "utf-8",
    )
    check_server(serve(["nginx", "-c", str(tmp_path / "nginx.conf"), "-e", str(tmp_path / "log")], port), port)


@pytest.mark.skipif(shutil.which("apache2") is None, reason="needs Apache")
def test_apache_redirects(tmp_path, port):
    (tmp_path / "redirects.conf").write_text(FILES["redirects/apache.conf"], "utf-8")
    modules = "".join(
        f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"
        for name in ("mpm_event", "authz_core", "rewrite")
    )
    (tmp_path / "httpd.conf").write_text(
        f"{modules}ServerName localhost\nListen 127.0.0.1:{port}\nPidFile {tmp_path}/pid\nErrorLog {tmp_path}/log\n"
        f"DocumentRoot {tmp_path}\nAllowEncodedSlashes On\n"
        f"<VirtualHost *:{port}>\nInclude {tmp_path}/redirects.conf\n</VirtualHost>\n",
        "utf-8",
    )
    check_server(serve(["apache2", "-X", "-f", str(tmp_path / "httpd.conf")], port), port)
