"""No page keeps people out: scans by axe-core without a serious or critical finding."""

from __future__ import annotations

import pytest

import landlink as ll
from landlink.report.border_page import BorderFacts, border_page
from landlink.report.comparison_page import comparison_page
from landlink.statement.comparison import compare
from tests.support.accessibility import severe_findings
from tests.support.browser_pages import browser, opened  # noqa: F401 - a fixture
from tests.support.report_fixture import rich_page
from tests.support.small_border import write_small_border
from tests.support.statement_pair import pair

pytestmark = pytest.mark.browser

LOOKS = [
    {},
    {"viewport": {"width": 390, "height": 844}},
    {"color_scheme": "dark"},
]


def test_the_scan_finds_what_is_wrong(browser, tmp_path):  # noqa: F811
    path = tmp_path / "bad.html"
    path.write_text("<html><body><input><p style='color:#ccc;background:#fff'>pale</p></body></html>", encoding="utf-8")
    found = " ".join(severe_findings(opened(browser, path)))
    assert "color-contrast" in found
    assert "label" in found


@pytest.mark.parametrize("look", LOOKS, ids=["desk", "telephone", "dark"])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_report(browser, language, look):  # noqa: F811
    page = opened(browser, rich_page(language), **look)
    page.click(".unfold")
    page.fill("#map-search", "gate")
    page.wait_for_timeout(100)
    assert severe_findings(page) == []
    # What is chosen changes the map and the details beside it, and nothing else of the page.
    rest = """() => {
        const copy = document.body.cloneNode(true);
        copy.querySelector("#flow-map").remove();
        return copy.outerHTML;
    }"""
    before = page.evaluate(rest)
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    assert page.locator("#flow-map .details").is_visible()
    assert page.evaluate(rest) == before
    assert severe_findings(page, within="#flow-map") == []
    page.context.close()


@pytest.mark.parametrize("look", LOOKS, ids=["desk", "telephone", "dark"])
def test_the_border_page(browser, tmp_path, look):  # noqa: F811
    crossing = ll.crossing(ll.open_study(write_small_border(tmp_path / "study")), "GATE")
    run = crossing.simulate(replications=4)
    path = border_page(BorderFacts("The Gate", ["2023"], run), tmp_path / "border.html")
    assert severe_findings(opened(browser, path, **look)) == []


@pytest.mark.parametrize("look", LOOKS, ids=["desk", "telephone", "dark"])
def test_the_page_of_a_comparison(browser, tmp_path, look):  # noqa: F811
    path = comparison_page(compare(*pair()), tmp_path / "comparison.html")
    assert severe_findings(opened(browser, path, **look)) == []
