"""The exported site in a real browser: people search it, sort and filter tables, and open its menu on a phone."""

from __future__ import annotations

import functools
import http.server
import importlib.util
import os
import shutil
import threading
from pathlib import Path

import pytest
from exported import write_wiki

import dokuwiki_data as dw
from dokuwiki_data import plugins

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("needs Chromium", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api")

pytestmark = pytest.mark.slow

HAS_SEARCH = importlib.util.find_spec("pagefind") is not None
#: The checker of accessibility; `.ci/run` gets it by npm.
AXE = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
HOSTILE = Path(__file__).parent.parent / "writers" / "payloads.txt"


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """Return what serves a folder with sites, below a path of its own each."""
    root = tmp_path_factory.mktemp("server")
    handler = functools.partial(_Quiet, directory=root)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield root, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def site(served):
    """The example wiki as a site: its folder and its address."""
    root, address = served
    dw.export("examples/wiki", root / "some" / "path", site_address="/some/path/")
    return root / "some" / "path", f"{address}/some/path"


@pytest.fixture
def opened(browser, site):
    """Return what opens a page of the site, on which nothing may go wrong."""
    contexts, errors = [], []

    def open_page(path, base=site[1], **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{base}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


PHONE = {"viewport": {"width": 390, "height": 800}}


SEARCH = ".search input"


@pytest.mark.skipif(not HAS_SEARCH, reason="needs Pagefind")
def test_search_finds_a_word(opened):
    page = opened("tool/index.html")
    page.fill(SEARCH, "xyzzyq")
    assert page.locator(".results .count").inner_text() == "Nothing was found."
    page.fill(SEARCH, "kettle")
    page.locator(".results a").click()
    assert page.url.endswith("/some/path/tool/monitoring_wall.html")
    assert "kettle" in page.locator("article").inner_text()


def cells(page, column):
    """The texts of a column of the first table, in the rows that are visible."""
    return page.evaluate(
        """(column) => [...document.querySelector("table.dataplugin_table").rows]
            .filter((row) => !row.hidden && row.cells[0].tagName === "TD")
            .map((row) => row.cells[column].innerText)""",
        column,
    )


def test_a_table_sorts(opened):
    page = opened("process/index.html")
    for number, (column, key) in enumerate({"Process": str, "Category": str, "Maturity": int}.items()):
        button = page.get_by_role("button", name=column).first
        before = cells(page, number)
        button.click()
        assert cells(page, number) == sorted(before, key=key)
        button.click()
        assert cells(page, number) == sorted(before, key=key, reverse=True)


def test_a_table_filters(opened):
    page = opened("process/index.html")
    page.get_by_label("Filter by Category").fill("secur")
    assert cells(page, 1) == ["Security", "Security"]
    page.get_by_label("Filter by Process").fill("patron")
    assert cells(page, 0) == ["Process: Patron data erasure"]
    page.get_by_label("Filter by Category").fill("")
    page.get_by_label("Filter by Process").fill("")
    assert len(cells(page, 0)) == 7


def test_the_order_of_a_query_is_marked(opened):
    header = opened("wiki/queries.html").locator("th[aria-sort]").first
    assert header.get_attribute("aria-sort") == "descending"
    assert header.inner_text().strip() == "Reviewed"


def test_the_menu_opens_on_a_phone(opened):
    page = opened("index.html", **PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    menu, button = page.locator(".menu"), page.get_by_role("button", name="Menu")
    assert (menu.is_visible(), button.get_attribute("aria-expanded")) == (False, "false")
    button.click()
    assert (menu.is_visible(), button.get_attribute("aria-expanded")) == (True, "true")
    menu.get_by_text("Tools").click()
    assert page.url.endswith("/tool/index.html")


def test_a_site_works_from_the_file_system(opened, site):
    page = opened("process/index.html", site[0].as_uri())
    assert not page.locator(SEARCH).is_visible()
    page.get_by_role("button", name="Maturity").first.click()
    assert cells(page, 2) == sorted(cells(page, 2))
    assert page.evaluate("getComputedStyle(document.querySelector('.columns')).display") == "grid"


def test_a_page_says_all_without_scripts(opened):
    page = opened("process/index.html", java_script_enabled=False, **PHONE)
    assert page.locator(".menu").is_visible()
    assert page.locator("article").is_visible()
    assert not page.locator("tr.dataflt").first.is_visible()


def test_the_page_for_missing_pages_leads_to_the_index(opened, site):
    page = opened("404.html")
    page.get_by_role("link", name="index of all pages").click()
    assert page.url == f"{site[1]}/_site/pages.html"


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core")
@pytest.mark.parametrize(
    ("path", "options"),
    [
        ("wiki/playground.html", PHONE),
        ("process/index.html", {"color_scheme": "dark"}),
        ("404.html", {}),
    ],
)
def test_axe_finds_no_serious_fault(opened, path, options):
    page = opened(path, bypass_csp=True, **options)
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []


# ------------------------------------------------------------------------------------------------ hostile content

USE = """() => {
    const events = ["mouseover", "mouseenter", "focus", "toggle", "click", "load", "error", "animationstart"];
    addEventListener("click", (event) => event.preventDefault());
    for (const element of document.querySelectorAll("body *"))
        for (const name of events) element.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
    const runs = [...document.querySelectorAll("a[href], [src]")]
        .filter((element) => /^(javascript|vbscript|data):/i.test(element.href || element.src));
    return [ran, runs.map((element) => element.outerHTML)];
}"""
COUNT = (
    "globalThis.ran = 0; for (const name of ['alert', 'prompt', 'confirm', 'msgbox']) globalThis[name] = () => ran++"
)


@pytest.fixture(scope="module")
def hostile(served, tmp_path_factory):
    """A wiki whose titles, values, summaries, authors and file names are all hostile, as a site: its address."""
    payloads = [line for line in HOSTILE.read_text("utf-8").splitlines() if not line.startswith("#")]
    pages = {
        f"a:p{number}": f"====== {payload} ======\n===== {payload} =====\n===== {payload} =====\n"
        f"[[start|{payload}]]\n\n---- dataentry ----\nx: {payload}\n----\n"
        for number, payload in enumerate(payloads)
    }
    pages["start"] = "".join(f"  * [[{page_id}]]\n" for page_id in pages) + (
        "\n---- datatable ----\ncols: %title%, x\ndynfilters: 1\nheaders: <img src=x onerror=alert(1)>\n----\n"
    )
    names = ['x"><img src=x onerror=alert(1)>', "javascript:alert(1)", "' onclick='alert(1)"]
    title = '"><img src=x onerror=alert(1)>'
    folder = tmp_path_factory.mktemp("hostile")
    settings = f"<?php\n$conf['useheading'] = 1;\n$conf['title'] = '{title}';\n"
    write_wiki(folder, pages, conf={"local.php": settings})
    for name in names:
        path = folder / "data" / "pages" / f"{name}.txt"
        path.write_text(f"====== {name} ======\n[[start]]", "utf-8")
    (folder / "data" / "meta" / "a").mkdir(parents=True)
    for number, payload in enumerate(payloads):
        line = "\t".join(("1700000000", "127.0.0.1", "E", f"a:p{number}", payload, payload, "", "3"))
        (folder / "data" / "meta" / "a" / f"p{number}.changes").write_text(f"{line}\n", "utf-8")
    root, address = served
    done = dw.export(folder, root / "hostile", syntax=dw.Syntax(plugins=tuple(plugins.known())))
    assert done.pages == len(pages) + len(names)
    return f"{address}/hostile"


def test_nothing_of_hostile_content_runs(browser, hostile):
    # The policy of the site would stop it, too; here it does not count.
    context = browser.new_context(bypass_csp=True)
    context.add_init_script(COUNT)
    page = context.new_page()
    for path in ("index.html", "a/p0.html", "_site/pages.html"):
        page.goto(f"{hostile}/{path}")
        assert page.evaluate("() => { alert(1); return ran }") == 1  # what would run would be counted
        if HAS_SEARCH and path == "index.html":
            page.fill(SEARCH, "alert")
            page.locator(".results a").first.wait_for()
        assert page.evaluate(USE) == [1, []]
    context.close()
