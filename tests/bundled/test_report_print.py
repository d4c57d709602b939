"""The report on the bundled study, printed: a brief is one page, the whole at most 17, no heading is stranded."""

from __future__ import annotations

import pytest

import landlink as ll
from landlink.cli.scoreboards import scoreboard_of
from landlink.report import LANGUAGES, report
from tests.support.bundled import bundled_result, bundled_study
from tests.support.print_pages import CHROMIUM, FLAGS, PDFTOTEXT, last_lines, page_count, words_of

playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def results():
    return [bundled_result(name) for name in bundled_study().scenarios]


@pytest.fixture(scope="module")
def page():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page(viewport={"width": 390, "height": 800})
        browser.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_brief_is_one_page_and_fits_a_phone(results, page, tmp_path, language):
    path = report(results, tmp_path / "brief.html", brief=True, language=language)
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page_count(page.pdf(prefer_css_page_size=True)) == 1
    # Nothing is cut off to make it fit.
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 695, "height": 1024})
    assert page.evaluate("document.body.scrollHeight - document.body.clientHeight") <= 1
    page.emulate_media(media="null")
    page.set_viewport_size({"width": 390, "height": 800})


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_the_whole_report_is_short_and_no_heading_is_stranded(results, page, tmp_path, language):
    path = report(results, tmp_path / "r.html", language=language, scoreboard=scoreboard_of(results))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    headings = set(
        page.evaluate("[...document.querySelectorAll('h2, h3, caption')].map(one => one.textContent.trim())")
    )
    printed = tmp_path / "r.pdf"
    page.pdf(path=printed, prefer_css_page_size=True)
    assert page_count(printed.read_bytes()) <= 17
    if PDFTOTEXT is not None:
        assert [line for line in last_lines(printed) if line in headings] == []
        # As many words as a planner reads in half an hour; what says little is folded.
        assert language != "en" or len(words_of(printed)) <= 6000


def test_the_same_brief_is_printed_to_the_same_bytes_and_replaced(results, tmp_path):
    first = report(results, tmp_path / "a.pdf", brief=True).read_bytes()
    assert page_count(first) == 1
    assert report(results, tmp_path / "a.pdf", brief=True).read_bytes() == first
    (tmp_path / "other.pdf").write_bytes(b"%PDF-1.4 of somebody else")
    with pytest.raises(ll.OutputError, match="not a brief"):
        report(results, tmp_path / "other.pdf", brief=True)
