"""Hostile content in a real browser: nothing of it runs, whatever one points at or clicks on."""

from __future__ import annotations

import shutil

import pytest
from hostile import PAYLOADS, PLACES, RELEASES, hostile_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("needs Chromium", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api")

#: Counts what runs; then does everything to every element that could make it run something.
COUNT = "<script>var ran = 0; alert = prompt = confirm = msgbox = () => ran++</script>"
USE = """() => {
    const events = ["mouseover", "mouseenter", "focus", "toggle", "click", "load", "error", "animationstart"];
    addEventListener("click", (event) => event.preventDefault());
    for (const element of document.querySelectorAll("body *"))
        for (const name of events) element.dispatchEvent(new Event(name, {bubbles: true, cancelable: true}));
    const runs = [...document.querySelectorAll("a[href], img[src], source[src]")]
        .filter((element) => /^(javascript|vbscript|data):/i.test(element.href ?? element.src));
    return [ran, runs.map((element) => element.outerHTML)];
}"""


@pytest.mark.slow
def test_nothing_runs_in_chromium(tmp_path):
    parts = [hostile_html(payload, place, release) for release in RELEASES for place in PLACES for payload in PAYLOADS]
    file = tmp_path / "page.html"
    head = f'<!DOCTYPE html><meta charset="utf-8"><base href="http://127.0.0.1:9/">{COUNT}'
    file.write_text(head + "\n".join(dict.fromkeys(parts)), "utf-8", errors="replace")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_context(offline=True).new_page()
        page.goto(file.as_uri(), wait_until="load")
        assert page.evaluate("() => { alert(1); return ran }") == 1  # what would run would be counted
        assert page.evaluate(USE) == [1, []]
        browser.close()
