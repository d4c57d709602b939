"""Tables in Chromium: they sort, copy to a spreadsheet and fit a telephone."""

from __future__ import annotations

import pytest

from landlink.report import report
from tests.support.browser_pages import browser, opened  # noqa: F401 - a fixture
from tests.support.report_fixture import bare_results, rich_page, rich_results

pytestmark = pytest.mark.browser

#: Reads what a page put on the clipboard, as a spreadsheet would.
PASTE = """() => new Promise(resolve => {
    const field = document.createElement("textarea");
    document.body.append(field);
    field.addEventListener("paste", event => resolve(
        [event.clipboardData.getData("text/plain"), event.clipboardData.getData("text/html")]));
    field.focus();
})"""


@pytest.fixture(scope="module")
def pages():
    return {language: rich_page(language) for language in ("en", "ar", "fr")}


@pytest.fixture
def page(browser, pages):  # noqa: F811
    shown = opened(browser, pages["en"])
    shown.click(".unfold")
    yield shown
    assert shown.heard == []
    shown.context.close()


def values(page, column):
    return page.evaluate(
        """column => Array.from(document.querySelectorAll("#flows .scroll table")[0].tBodies[0].rows)
            .filter(row => !row.classList.contains("group")).map(row => Number(row.cells[column].dataset.value))""",
        column,
    )


def test_a_press_on_a_head_sorts_and_another_turns_round(page):
    head = page.locator("#flows .scroll thead th").nth(2)
    assert head.get_attribute("aria-sort") is None
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    falling = values(page, 2)
    assert len(set(falling)) > 1
    assert falling == sorted(falling, reverse=True)
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    assert values(page, 2) == sorted(falling)


def test_texts_sort_by_the_alphabet(page):
    page.locator("#flows .scroll thead th").nth(0).locator("button").click()
    names = page.locator("#flows .scroll").first.locator("tbody th[scope=row]").all_inner_texts()
    assert names == sorted(names, key=str.casefold)


def test_rows_stay_in_their_groups(page):
    grouped = (
        "[...document.querySelectorAll('#base table')[0].tBodies].map(body => body.rows[0].classList.contains('group'))"
    )
    before = page.evaluate(grouped)
    assert any(before)
    page.locator("#base .scroll").first.locator(".sorter").last.click()
    assert page.evaluate(grouped) == before


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_copying_gives_numbers_as_numbers(browser, pages, language):  # noqa: F811
    page = opened(browser, pages[language])
    page.click(".unfold")
    tools = page.locator("#flows .table-tools").first
    tools.locator("button").click()
    assert tools.locator("[role=status]").inner_text() != ""
    page.evaluate(f"() => {{ window.pasted = ({PASTE})(); }}")
    page.keyboard.press("Control+V")
    plain, marked = page.evaluate("window.pasted")
    lines = [line.split("\t") for line in plain.split("\n")]
    assert len({len(line) for line in lines}) == 1
    numbers = [float(line[2]) for line in lines[1:]]
    totals = [
        sorted(result.tables["link"].groupby("link_id").tonnes_per_year.sum() / 1e3, reverse=True)
        for result in rich_results()
    ]
    assert any(numbers == pytest.approx(total[: len(numbers)], rel=1e-5) for total in totals)
    assert f'x:num="{lines[1][2]}"' in marked
    assert page.heard == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_telephone_no_value_is_cut_off(browser, pages, language):  # noqa: F811
    page = opened(browser, pages[language], viewport={"width": 390, "height": 844})
    page.click(".unfold")
    assert page.locator(".scroll.cards").count() > 5
    cut = page.evaluate(
        """() => Array.from(document.querySelectorAll(".scroll td, .scroll tbody th")).filter(cell => {
            const box = cell.getBoundingClientRect();
            return box.width && (box.left < -1 || box.right > 391 || cell.scrollWidth > cell.clientWidth + 1);
        }).map(cell => cell.textContent)"""
    )
    assert cut == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    # What a value means stands beside it.
    shown = page.locator("#base .cards td.n").first
    assert shown.get_attribute("data-head")


def test_paper_has_no_tools(page):
    page.emulate_media(media="print")
    assert not page.locator(".table-tools").first.is_visible()


def test_a_page_without_a_map_has_tools_too(browser, tmp_path):  # noqa: F811
    shown = opened(browser, report(bare_results()[:1], tmp_path / "one.html"))
    assert shown.locator(".table-tools").count() > 0
    assert shown.heard == []
