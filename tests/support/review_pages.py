"""A browser and review pages opened in it, for the tests of reviewing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from landlink.report.review import review
from landlink.statement.register import Register, open_register
from landlink.statement.register_draft import draft_register
from tests.support.statement_fixture import HASH, TEXT, reading

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture
def context(browser):
    """A browser without memory of other tests."""
    made = browser.new_context()
    yield made
    made.close()


@pytest.fixture
def opened(context, tmp_path):
    """Open the review page of a register, under the name of a reviewer."""

    def open_page(found: Register | None = None, *, width=1280, language="en", text=TEXT, sha256=HASH, who="Anna"):
        path = tmp_path / f"{language}.html"
        review(found or draft_register(reading()), text, path, sha256=sha256, language=language, force=True)
        shown = context.new_page()
        shown.set_viewport_size({"width": width, "height": 800})
        shown.heard = []
        shown.on("console", lambda message: shown.heard.append(message.text))
        shown.on("pageerror", lambda error: shown.heard.append(str(error)))
        shown.on("dialog", lambda dialog: dialog.accept())
        shown.goto(path.as_uri())
        if who:
            shown.fill("#name", who)
            shown.locator("#name").blur()
        return shown

    return open_page


def saved(shown, folder: Path) -> Register:
    """Save the register by its button and read it back."""
    with shown.expect_download() as waiting:
        shown.click("#save")
    path = folder / "saved.yaml"
    waiting.value.save_as(path)
    assert shown.heard == []
    return open_register(path)


def select_text(shown, words: str, within: str = "#source") -> None:
    """Select words of the page, which may run over several elements."""
    shown.evaluate(
        """([words, within]) => {
            const walker = document.createTreeWalker(document.querySelector(within), NodeFilter.SHOW_TEXT,
                node => node.parentElement.closest('[data-at]') ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_REJECT);
            const nodes = [];
            while (walker.nextNode()) { nodes.push(walker.currentNode); }
            const whole = nodes.map(node => node.data).join('');
            const start = whole.indexOf(words), end = start + words.length;
            const range = document.createRange();
            let at = 0;
            for (const node of nodes) {
                const next = at + node.data.length;
                if (start >= at && start < next) { range.setStart(node, start - at); }
                if (end > at && end <= next) { range.setEnd(node, end - at); }
                at = next;
            }
            const chosen = window.getSelection();
            chosen.removeAllRanges();
            chosen.addRange(range);
        }""",
        [words, within],
    )
