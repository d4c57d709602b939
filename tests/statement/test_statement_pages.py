"""Pages of a comparison and of a track: in every language, quiet, filtered in a browser, safe from hostile text."""

from __future__ import annotations

import dataclasses
import datetime as dt
import shutil

import pytest

from landlink.report.comparison_page import comparison_page
from landlink.report.track_page import track_page
from landlink.report.words import LANGUAGES, Words
from landlink.statement.clause_changes import CHANGES, KINDS
from landlink.statement.comparison import compare
from landlink.statement.register_records import Outcome
from landlink.statement.register_schema import FINDINGS
from landlink.statement.status_events import EVENTS, STATUSES
from landlink.statement.track_folder import open_track
from landlink.statement.tracking import track
from tests.support.html_page import Page
from tests.support.statement_pair import KINDS as LINES
from tests.support.statement_pair import drafted, pair, programme

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
HOSTILE = "</style></script><script>alert(1)</script><img src=x onerror=alert(1)><b>&\"'\u202e"


def tracked(tmp_path):
    return track(open_track(programme(tmp_path / "programme")).registers, date=dt.date(2026, 6, 30))


def hostile_registers():
    entry = drafted("The two sides will build a road.", "2022-05-01").clauses[0]
    hurt = dataclasses.replace(
        entry, quote=None, gloss=HOSTILE, outcomes=(Outcome("2023", HOSTILE, HOSTILE, finding="open"),)
    )
    found = []
    for day in ("2022-05-01", "2024-05-01"):
        register = drafted("The two sides will build a road.", day)
        source = dataclasses.replace(register.source, title=HOSTILE)
        found.append(dataclasses.replace(register, clauses=(hurt,), source=source))
    return found


def checked(text: str) -> Page:
    page = Page(text)
    assert page.unmatched == []
    assert [tag for tag, _ in page.elements].count("script") == 1
    assert "img" not in [tag for tag, _ in page.elements]
    assert all(link.startswith(("#", "data:")) for link in page.values("href"))
    assert page.values("src") == []
    ids = page.values("id")
    assert len(ids) == len(set(ids))
    return page


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_are_whole_in_every_language(tmp_path, language):
    for path in (
        comparison_page(compare(*pair()), tmp_path / "c.html", language=language),
        track_page(tracked(tmp_path), tmp_path / "t.html", language=language),
    ):
        page = checked(path.read_text("utf-8"))
        assert not any(word.startswith(("compare.", "track.", "review.")) for word in page.words)
        assert ("html", {"lang": language, "dir": Words(language).direction}) in page.elements


def test_every_kind_change_event_and_status_has_words():
    for language in LANGUAGES:
        words = Words(language)
        keys = [*(f"compare.k_{kind}" for kind in KINDS), *(f"compare.c_{what}" for what in CHANGES)]
        keys += [f"track.e_{event}" for event in EVENTS if event != "finding"]
        keys += [*(f"track.s_{status}" for status in STATUSES), *(f"track.f_{finding}" for finding in FINDINGS)]
        assert all(words.get(key, "") for key in keys), language


def test_hostile_text_stays_text(tmp_path):
    before, after = hostile_registers()
    found = compare(before, dataclasses.replace(after, clauses=()))
    for path in (
        comparison_page(compare(before, after), tmp_path / "a.html"),
        comparison_page(found, tmp_path / "b.html"),
        track_page(track({"a": before, "b": after}), tmp_path / "t.html", language="ar"),
    ):
        text = path.read_text("utf-8")
        assert "<script>alert(1)" not in text
        checked(text)


def test_words_that_differ_are_marked_in_one_language_only(tmp_path):
    text = comparison_page(compare(*pair()), tmp_path / "c.html").read_text("utf-8")
    assert '<mark class="gone">700</mark>' in text
    assert '<mark class="added">900</mark>' in text
    across = compare(drafted("The two sides will build a solar power plant."), drafted("双方将建设太阳能电站。"))
    assert across.lines[0].kind == "restated"
    assert "<mark" not in comparison_page(across, tmp_path / "x.html").read_text("utf-8")


# In a browser


@pytest.fixture(scope="module")
def browser():
    playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


def shown(browser, path, width=1280):
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.set_default_timeout(120_000)
    heard, asked = [], []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: heard.append("dialog"))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert (heard, asked) == ([], [path.as_uri()])
    return page


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_never_scroll_sideways(browser, tmp_path, width, language):
    for path in (
        comparison_page(compare(*pair()), tmp_path / "c.html", language=language),
        track_page(tracked(tmp_path), tmp_path / "t.html", language=language),
        comparison_page(compare(*hostile_registers()), tmp_path / "h.html", language=language),
    ):
        assert shown(browser, path, width).evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
def test_a_comparison_is_searched_and_filtered(browser, tmp_path):
    page = shown(browser, comparison_page(compare(*pair()), tmp_path / "c.html"))
    assert page.locator("article:visible").count() == len(LINES)
    page.select_option("[name=kind]", "hardened")
    assert page.locator("article:visible").count() == 2
    page.fill("[name=search]", "BRIDGE darya")
    assert page.locator("article:visible").count() == 1
    assert page.locator("#count").inner_text() == "1"
    page.fill("[name=search]", "nothing of this")
    assert page.locator("#none").is_visible()
    page.fill("[name=search]", "")
    page.select_option("[name=kind]", "")
    page.select_option("[name=topic]", "digital")
    assert page.locator("article:visible").count() == 1


@pytest.mark.browser
def test_a_track_is_filtered_by_status_and_opens_its_history(browser, tmp_path):
    found = tracked(tmp_path)
    page = shown(browser, track_page(found, tmp_path / "t.html"))
    assert page.locator("tbody tr:visible").count() == len(found.commitments)
    page.check("[name=overdue]")
    assert page.locator("tbody tr:visible").count() == found.counts["overdue"] > 0
    page.uncheck("[name=overdue]")
    page.locator("summary").first.click()
    assert page.locator(".history").first.is_visible()
