"""The page of a chain in Chromium: nothing asked or said, no page wider than the screen, no severe finding."""

from __future__ import annotations

import pytest

import landlink as ll
from tests.support.accessibility import severe_findings
from tests.support.browser_pages import browser, opened  # noqa: F401 - a fixture
from tests.support.chain_study import chain_study


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("chain")
    study = chain_study(folder / "study")
    chain = ll.chain([study.at(2023), study.apply("easy-gate").at(2023)], "Z1", "Z2", "machinery")
    return {language: chain.in_language(language).save(folder / f"{language}.html") for language in ("en", "ar")}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [1200, 390])
def test_a_page_fits_the_screen_and_is_quiet(browser, pages, language, width):  # noqa: F811
    page = opened(browser, pages[language], viewport={"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    frame = page.locator(".chain-frame").first
    frame.focus()
    # A telephone has a chart of its own width, of which nothing lies outside the screen.
    assert frame.evaluate("frame => frame === document.activeElement")
    assert page.locator(".chain-frame .slim").first.is_visible() == (width < 600)
    assert page.locator(".chain-frame .broad").first.is_visible() == (width >= 600)
    outside = """frame => [...frame.querySelectorAll('text')].map(text => text.getBoundingClientRect())
        .filter(box => box.width && (box.left < 0 || box.right > innerWidth)).length"""
    assert frame.evaluate(outside) == 0
    names = page.locator(".chain text").all_text_contents()
    assert any("Gate" in name for name in names)
    assert page.heard == []
    assert page.asked == [pages[language].as_uri()]
    page.context.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_everybody_can_use_it(browser, pages, language):  # noqa: F811
    page = opened(browser, pages[language])
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true; })")
    assert severe_findings(page) == []
    page.context.close()
