"""The sources in a report: what looks like a secret is masked, and every other letter stays in its place."""

from importlib.util import find_spec

import pytest
from program import run_text

from dokuwiki_data.reports.page_texts import page_texts, without_secrets
from dokuwiki_data.wiki.sources.opening import source_of_texts

BEGIN, END = "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----"
KEY = f"{BEGIN}\nMIIEow\nIBAAK\n{END}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nothing to hide @ all", "nothing to hide @ all"),
        ("ask jane.doe@library.org!", "ask j•••••••@library.org!"),
        ("password: hunter22", "password: h•••••••"),
        ("  * **Password**: ''s3cr3t-x''\n  * next", "  * **Password**: ''s•••••••''\n  * next"),
        (
            f"before\n{KEY}\nafter",
            f"before\n{BEGIN}\n••••••\n•••••\n{END}\nafter",
        ),
        ("-----BEGIN PRIVATE KEY-----\nabc", "-----BEGIN PRIVATE KEY-----\n•••"),
        ("ghp_" + "a" * 36, "g" + "•" * 39),
        ("ftp://joe:hunter22@host.org/x", "ftp://joe:h•••••••@host.org/x"),
    ],
)
def test_secrets_are_masked(text, shown):
    assert without_secrets(text) == shown


def test_texts_are_those_of_the_pages():
    texts = page_texts(source_of_texts({"a:b": "password: hunter22\n", "c": "\udcff"}))
    assert (texts("a:b"), texts("c"), texts("missing")) == ("password: h•••••••\n", "\udcff", None)


@pytest.mark.skipif(find_spec("pygal") is None or find_spec("jinja2") is None, reason="needs the extra report")
def test_no_file_of_a_report_has_a_secret(tmp_path):
    (tmp_path / "wiki").mkdir()
    text = f"[[missing]] password: hunter22 jane.doe@library.org\n{KEY}\n"
    (tmp_path / "wiki" / "start.txt").write_text(text)
    assert run_text("report", tmp_path / "wiki", tmp_path / "report", "--targets", "gfm").returncode == 0
    files = [path for path in (tmp_path / "report").rglob("*") if path.is_file()]
    assert {"index.html", "report.json", "start.html", "passwords.csv"} <= {path.name for path in files}
    for path in files:
        content = path.read_text("utf-8")
        assert not [word for word in ("unter22", "ane.doe", "IIEow", "BAAK") if word in content], path
