"""A report in a real browser, from the file system: tables sort and filter, rows lead to places, nothing of it runs."""

from __future__ import annotations

import os
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from made_report import HOSTILE, made_report, source_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("needs Chromium", allow_module_level=True)
if find_spec("pygal") is None:
    pytest.skip("needs pygal", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api")
pytest.importorskip("jinja2")

from dokuwiki_data.reports.html import html_files  # noqa: E402

pytestmark = pytest.mark.slow

#: The checker of accessibility; `.ci/run` gets it by npm.
AXE = Path(os.environ.get("AXE_CORE", "node_modules/axe-core/axe.min.js"))
PHONE = {"viewport": {"width": 390, "height": 800}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("report")
    for path, content in html_files(made_report(HOSTILE[::3]), source_of):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)
    return root


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, folder):
    """Return what opens a page of the report, on which nothing may go wrong, run, or be asked for elsewhere."""
    contexts, errors = [], []

    def open_page(path, **options):
        context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.add_init_script(
            "for (const name of ['alert', 'prompt', 'confirm', 'msgbox']) globalThis[name] = () => console.error(name)"
        )
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", lambda asked: errors.append(asked.url) if not asked.url.startswith("file:") else None)
        page.goto(f"{folder.as_uri()}/{path}")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


def shown(page, table, column):
    """The texts of a column of a table, in the rows that are visible."""
    return page.evaluate(
        """([table, column]) => [...document.querySelector(`#${table} table`).tBodies[0].rows]
            .filter((row) => row.checkVisibility()).map((row) => row.cells[column].innerText)""",
        [table, column],
    )


SIZES = [row[1] for row in made_report().table("many").rows]


def test_rows_are_sorted_by_their_values(opened):
    page = opened("found.html")
    header = page.locator("#many th").nth(1)
    wanted = sorted((size, f"row {number}") for number, size in enumerate(SIZES))
    for order, rows in (("ascending", wanted), ("descending", wanted[::-1])):
        header.get_by_role("button").click()
        assert header.get_attribute("aria-sort") == order
        assert shown(page, "many", 0) == [name for _, name in rows][:50]


def test_the_keyboard_sorts(opened):
    page = opened("found.html")
    page.locator("#values th button").nth(3).focus()
    page.keyboard.press("Enter")
    numbers = [int(text.replace(",", "")) for text in shown(page, "values", 3)]
    assert numbers == sorted(numbers)
    page.keyboard.press("Space")
    assert page.locator("#values th").nth(3).get_attribute("aria-sort") == "descending"


def test_the_first_rows_are_shown_until_all_are_asked_for(opened):
    page = opened("found.html")
    many = page.locator("#many")
    assert len(shown(page, "many", 0)) == 50
    assert many.get_by_role("status").inner_text() == "250 rows; the first 50 are shown"
    many.get_by_role("button", name="Show all 250 rows").click()
    assert len(shown(page, "many", 0)) == 250
    assert many.get_by_role("status").inner_text() == "250 rows"


def test_rows_are_filtered(opened):
    page = opened("found.html")
    many = page.locator("#many")
    many.get_by_label("Filter by Name").fill("ROW 24")
    assert shown(page, "many", 0) == ["row 24", *(f"row {number}" for number in range(240, 250))]
    assert many.get_by_role("status").inner_text() == "11 of 250 rows match"
    many.get_by_label("Filter by Name").fill("")
    assert len(shown(page, "many", 0)) == 50


def test_a_row_leads_to_its_place(opened):
    page = opened("found.html")
    page.locator("#values tbody tr").nth(3).get_by_role("link").first.click()
    assert re.search(r"/sources/.*\.html#L4C4$", page.url)
    place = page.locator("#L4C4")
    assert place.evaluate("(place) => place.matches(':target')")
    place.wait_for(state="visible")
    assert page.evaluate("document.querySelector('.row:has(:target)').getBoundingClientRect().top > 60")
    page.locator(".places a").first.click()
    assert page.url.endswith("/found.html#values")


def test_a_report_is_read_on_a_phone(opened):
    for path in ("index.html", "size.html", "found.html"):
        page = opened(path, **PHONE)
        assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Size and age").click()
    assert page.url.endswith("/size.html")


def test_a_report_says_all_without_scripts(opened):
    page = opened("found.html", java_script_enabled=False)
    assert page.locator("#many tbody tr").last.is_visible()
    assert not page.locator("tr.dataflt").first.is_visible()


def test_nothing_of_a_wiki_runs(opened, folder):
    use = """() => {
        addEventListener("click", (event) => event.preventDefault());
        for (const element of document.querySelectorAll("body *"))
            for (const name of ["mouseover", "focus", "toggle", "click", "load", "error"])
                element.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
        return [...document.querySelectorAll("a[href], [src]")]
            .filter((element) => /^(javascript|vbscript|data):/i.test(element.href || element.src)).length;
    }"""
    source = next((folder / "sources" / "ns").glob("*script*.html")).relative_to(folder).as_posix()
    for path in ("index.html", "size.html", "found.html", source):
        assert opened(path, bypass_csp=True).evaluate(use) == 0


@pytest.mark.skipif(not AXE.is_file(), reason="needs axe-core")
@pytest.mark.parametrize("path", ["index.html", "size.html", "found.html", "source"])
def test_axe_finds_no_fault(opened, folder, path):
    if path == "source":
        path = sorted((folder / "sources" / "ns").glob("*.html"))[0].relative_to(folder).as_posix() + "#L1C1"
    page = opened(path, bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    page.evaluate(AXE.read_text("utf-8"))
    for scheme, rules in (("light", {}), ("dark", {"runOnly": ["color-contrast"]})):
        page.emulate_media(color_scheme=scheme)
        options = {"resultTypes": ["violations"], "preload": False, **rules}
        found = page.evaluate("(options) => axe.run(options)", options)["violations"]
        assert [(scheme, one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_hostile_names_are_shown_as_they_are(opened):
    texts = shown(opened("found.html"), "values", 1)
    assert set(HOSTILE[:12:3]) <= set(texts)
