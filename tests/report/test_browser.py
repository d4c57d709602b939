"""The report in Chromium: quiet console, no request, fits a phone, works by keyboard and without scripts."""

from __future__ import annotations

import pytest

from landlink.report import report
from landlink.report.fit_page import fit_page
from tests.support.calibrated_study import calibrated
from tests.support.print_pages import CHROMIUM, FLAGS, edges_of, page_count
from tests.support.report_fixture import SECTIONS, rich_page, rich_results

playwright = pytest.importorskip("playwright.sync_api", reason="the browser tests need the package playwright")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def pages():
    return {language: rich_page(language) for language in ("en", "ar")}


def opened(browser, path, **options):
    context = browser.new_context(**options)
    page = context.new_page()
    page.heard = []
    page.asked = []
    page.on("console", lambda message: page.heard.append(message.text))
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    page.on("dialog", lambda dialog: page.heard.append(dialog.message))
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(path.as_uri())
    return page


@pytest.mark.parametrize("language", ["en", "ar"])
def test_console_is_quiet_and_nothing_is_requested(browser, pages, language):
    page = opened(browser, pages[language])
    page.click(".unfold")
    page.wait_for_timeout(200)
    assert page.heard == []
    assert page.asked == [pages[language].as_uri()]
    assert page.title()


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_page_never_scrolls_sideways(browser, pages, language, width):
    page = opened(browser, pages[language], viewport={"width": width, "height": 800})
    page.click(".unfold")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_maps_show_large_names_on_a_phone_and_more_names_on_a_desk(browser, pages):
    def visible(width):
        page = opened(browser, pages["en"], viewport={"width": width, "height": 800})
        return [page.locator(f"#answer .names.{screen}").first.is_visible() for screen in ("wide", "narrow")]

    assert visible(1280) == [True, False]
    assert visible(360) == [False, True]


def test_first_tab_reaches_the_link_past_the_contents(browser, pages):
    page = opened(browser, pages["en"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_button_opens_and_folds_everything(browser, pages):
    page = opened(browser, pages["en"])
    folded = page.locator("details").count()
    assert folded > 5
    page.click(".unfold")
    assert page.locator("details[open]").count() == folded
    page.click(".unfold")
    assert page.locator("details[open]").count() == 0


def test_page_is_whole_without_scripts(browser, pages):
    page = opened(browser, pages["en"], java_script_enabled=False)
    assert page.locator("section").count() == len(SECTIONS)
    assert not page.locator(".unfold").is_visible()
    page.locator("#flows summary").first.click()
    assert page.locator("#flows details[open]").count() == 1


def test_dark_and_light_differ(browser, pages):
    def colours(scheme):
        page = opened(browser, pages["en"], color_scheme=scheme)
        return page.evaluate("[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]")

    light, dark = colours("light"), colours("dark")
    assert light[0] == "rgb(255, 255, 255)"
    assert dark[0] != light[0]
    assert dark[1] != light[1]


def test_right_to_left_page_starts_at_the_right(browser, pages):
    page = opened(browser, pages["ar"])
    heading = page.evaluate("getComputedStyle(document.querySelector('h1')).direction")
    chart = page.evaluate("getComputedStyle(document.querySelector('#answer .effects svg')).direction")
    drawing = page.evaluate("getComputedStyle(document.querySelector('#answer svg.map')).direction")
    assert (heading, chart, drawing) == ("rtl", "rtl", "ltr")


def test_paper_shows_what_is_open_and_not_the_button(browser, pages):
    page = opened(browser, pages["en"])
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert not page.locator("#flows details").first.is_visible()
    assert len(page.pdf()) > 10_000


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_fit_page_is_quiet_fits_and_keeps_its_scale_in_line(browser, tmp_path, language, width):
    path = fit_page(calibrated()[0], tmp_path / "fit.html", language=language)
    page = opened(browser, path, viewport={"width": width, "height": 800})
    page.click(".unfold")
    assert page.heard == []
    assert page.asked == [path.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # The line at 1 of every row lies under the 1 of the axis, and rows are no higher than their texts need.
    one = "[...document.querySelectorAll('#fit-observations .rule')].map(line => line.getBoundingClientRect().x)"
    places = page.evaluate(one)
    assert len(places) == len(calibrated()[0].tables["fit"])
    assert max(places) - min(places) < 0.5
    heights = page.evaluate("[...document.querySelectorAll('.marked li')].map(row => row.clientHeight)")
    assert max(heights) < 110


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_brief_prints_on_one_page_and_is_quiet(browser, tmp_path, language):
    path = report(rich_results()[:3], tmp_path / "brief.html", language=language, brief=True)
    page = opened(browser, path, viewport={"width": 390, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.heard == []
    assert page.asked == [path.as_uri()]
    assert page_count(page.pdf(prefer_css_page_size=True)) == 1


@pytest.mark.parametrize("language", ["en", "ru"])
def test_nothing_of_a_long_brief_is_printed_over_its_map(browser, tmp_path, language):
    path = report(rich_results()[:3], tmp_path / "brief.html", language=language, brief=True)
    page = opened(browser, path, viewport={"width": 1200, "height": 800})
    page.evaluate("""[1, 2, 3, 4, 5].forEach(() => {
        const told = Object.assign(document.createElement('p'), {textContent: 'A long answer takes room. '.repeat(16)});
        document.querySelector('.answer').append(told);
    })""")
    printed = page.pdf(prefer_css_page_size=True)
    assert page_count(printed) == 1
    caption, sure = (
        page.inner_text(f".{what}").split()[word] for what, word in (("map-figure figcaption", -1), ("grounds h3", 0))
    )
    assert edges_of(printed, sure)[1] < edges_of(printed, caption)[0]


def test_print_says_that_folded_parts_are_left_out(browser, pages):
    page = opened(browser, pages["en"])
    assert not page.locator(".print-note").is_visible()
    page.emulate_media(media="print")
    assert page.locator(".print-note").is_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_long_sections_are_folded_on_a_phone_and_open_where_they_are_asked_for(browser, pages, language):
    page = opened(browser, pages[language], viewport={"width": 390, "height": 844})
    height = "document.documentElement.scrollHeight"
    folded = page.evaluate(height)
    assert page.evaluate("document.querySelectorAll('#answer .fold').length") == 0
    names = page.evaluate("[...document.querySelectorAll('.fold')].map(fold => fold.parentElement.id)")
    assert len(names) > 3
    findings = page.locator("section:has(> .fold) > .finding")
    assert findings.count() > 0
    assert all(one.is_visible() for one in findings.all())
    page.click(f'nav a[href="#{names[-1]}"]')
    page.wait_for_function(f"document.querySelector('#{names[-1]} > .fold').open")
    page.click(".unfold")
    assert folded < 0.6 * page.evaluate(height)
    page.set_viewport_size({"width": 1200, "height": 900})
    assert not page.locator(".fold > summary").first.is_visible()
    assert opened(browser, pages[language]).locator(".fold").count() == 0
