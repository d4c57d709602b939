"""The interactive map in Chromium: zoom, results, difference, filters, pop-ups, search, keys, telephones, paper."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

import landlink as ll
from landlink.report import report
from landlink.report.view import views_of
from landlink.report.words import Words
from tests.support.browser_pages import browser, opened  # noqa: F401 - a fixture
from tests.support.report_fixture import rich_page
from tests.support.small_study import TABLES, write_small_study

pytestmark = pytest.mark.browser

MAP = "document.getElementById('flow-map').landlink"


@cache
def results():
    """Today, 2030, 2030 with a bypass that is shorter than the road and takes most of it, 2030 with faster checks."""
    shorter = TABLES["link"].replace("B1,N1,X,0,150,80", "B1,N1,X,0,90,80")
    with TemporaryDirectory() as folder:
        study = ll.open_study(write_small_study(Path(folder) / "study", link=shorter))
        return (
            ll.solve(study.at(2023)),
            ll.solve(study.at(2030)),
            ll.solve(study.apply("bypass").at(2030)),
            ll.solve(study.apply("easy-gate").at(2030)),
        )


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    return {
        language: report(results(), folder / f"{language}.html", language=language) for language in ("en", "ar", "zh")
    }


@pytest.fixture
def shown(browser, pages):  # noqa: F811
    """Open a report with its map in view; afterwards nothing may have been said or asked."""
    made = []

    def open_map(language="en", **options):
        page = opened(browser, pages[language], **options)
        page.locator("#flow-map .canvas").scroll_into_view_if_needed()
        page.wait_for_selector("#flow-map canvas")
        page.wait_for_timeout(150)
        made.append((page, pages[language]))
        return page

    yield open_map
    for page, path in made:
        assert page.heard == []
        assert page.asked == [path.as_uri()]
        page.context.close()


def pixel(page, kind, identifier, part=0.5, aside=0.0):
    """Where an item is drawn on the screen; of a line, some part of the way, and some pixels to its right."""
    return page.evaluate(
        f"""([kind, id, part, aside]) => {{
            const {{ map, shapes, items }} = {MAP};
            const geometry = shapes[kind + "/" + items[kind].id.indexOf(id)].getGeometry();
            const at = geometry.getType() === "Point" ? geometry.getCoordinates() : geometry.getCoordinateAt(part);
            const [x, y] = map.getPixelFromCoordinate(at);
            const box = map.getTargetElement().getBoundingClientRect();
            return [box.x + x, box.y + y + aside];
        }}""",
        [kind, identifier, part, aside],
    )


def click(page, kind, identifier, **where):
    page.mouse.click(*pixel(page, kind, identifier, **where))
    page.wait_for_timeout(120)


def rows(page):
    """Rows of the pop-up's table: the cells of each behind its head, and the heading over it."""
    return page.evaluate(
        """() => {
            let group = "";
            return Array.from(document.querySelectorAll(".details tbody tr")).flatMap(row => {
                const cells = Array.from(row.cells, cell => cell.textContent);
                if (row.classList.contains("group")) { group = cells[0]; return []; }
                return [[group, cells[0], cells.slice(1)]];
            });
        }"""
    )


def resolution(page):
    return page.evaluate(f"{MAP}.map.getView().getResolution()")


def drawn_width(page, link):
    """Width of the line of a link as its style has it; none if it is not drawn."""
    return page.evaluate(
        f"""id => {{
            const {{ map, shapes, items }} = {MAP};
            const feature = shapes["link/" + items.link.id.indexOf(id)];
            const layer = map.getLayers().getArray().find(each => each.getSource().hasFeature(feature));
            const made = layer.getStyleFunction()(feature, 1);
            const styles = made === null ? [] : Array.isArray(made) ? made : [made];
            const stroke = styles.length ? styles[styles.length - 1].getStroke() : null;
            return stroke ? [stroke.getWidth(), stroke.getOffset() || 0] : null;
        }}""",
        link,
    )


def test_the_map_stands_in_for_the_drawings(shown):
    page = shown()
    assert page.locator("#flow-map").is_visible()
    assert not page.locator("#flows .map-figure svg").first.is_visible()


def test_without_scripts_and_on_paper_the_drawings_are_shown(browser, pages, shown):  # noqa: F811
    plain = opened(browser, pages["en"], java_script_enabled=False)
    assert plain.locator("#flows .map-figure svg.map").first.is_visible()
    assert not plain.locator("#flow-map").is_visible()
    page = shown()
    page.emulate_media(media="print")
    assert page.locator("#flows .map-figure svg.map").first.is_visible()
    assert not page.locator("#flow-map").is_visible()


def test_wheel_buttons_and_keys_zoom_and_move(shown):
    page = shown()
    before = resolution(page)
    page.click("#flow-map [data-part=zoom-in]")
    page.wait_for_timeout(200)
    closer = resolution(page)
    assert closer == pytest.approx(before / 2, rel=0.01)
    page.click("#flow-map [data-part=region]")
    page.wait_for_timeout(200)
    assert resolution(page) > closer
    page.focus("#flow-map .canvas")
    page.mouse.move(*pixel(page, "crossing", "GATE"))
    page.mouse.wheel(0, -240)
    page.wait_for_timeout(500)
    wheeled = resolution(page)
    assert wheeled < before
    centre = page.evaluate(f"{MAP}.map.getView().getCenter()")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    assert page.evaluate(f"{MAP}.map.getView().getCenter()")[0] > centre[0]
    page.keyboard.press("-")
    page.wait_for_timeout(400)
    assert resolution(page) > wheeled


def test_a_page_scrolled_past_the_map_leaves_it_alone(shown):
    page = shown()
    before = resolution(page)
    page.mouse.move(*pixel(page, "crossing", "GATE"))
    page.mouse.wheel(0, 200)
    page.wait_for_timeout(300)
    assert resolution(page) == before


def test_dragging_moves_the_map(shown):
    page = shown()
    x, y = pixel(page, "crossing", "GATE")
    page.mouse.move(x + 60, y + 90)
    page.mouse.down()
    page.mouse.move(x + 160, y + 130, steps=5)
    page.wait_for_timeout(150)
    page.mouse.up()
    page.wait_for_timeout(300)
    assert pixel(page, "crossing", "GATE")[0] > x + 50


def test_a_crossing_answers_with_the_figures_of_its_table(shown):
    page = shown()
    click(page, "crossing", "GATE")
    assert page.locator(".details h3").inner_text() == "Gate"
    words = Words("en")
    found = {(group, head): cells for group, head, cells in rows(page)}
    tables = [result.tables["crossing"] for result in results()]
    exact = [table.tonnes_per_year.sum() / 1e3 for table in tables]
    assert found["", "Freightthousand\u00a0t/year"][:4] == [words.rough_number(value) for value in exact]
    ahead = [table[(table.family == "road") & (table.direction == "ab")].time_h.iloc[0] for table in tables]
    way = next(head for group, head in found if group == "road: Time (h)")
    assert found["road: Time (h)", way][:4] == [words.rough_number(value) for value in ahead]
    assert len(page.locator(".details thead th").all()) == 5


def test_a_link_answers_with_the_figures_of_its_table(shown):
    page = shown()
    page.uncheck("#flow-map .modes label:has-text('rail') input")
    click(page, "link", "R2")
    view = views_of(results(), Words())[1]
    assert page.locator(".details h3").inner_text() == "Gate – Eastport"
    exact = [result.tables["link"].query("link_id == 'R2'").tonnes_per_year.sum() / 1e3 for result in results()]
    cells = next(cells for group, head, cells in rows(page) if head.startswith("Freight"))
    assert cells[:4] == [view.words.rough_number(value) for value in exact]
    change = exact[3] - exact[1]
    assert cells[4].startswith(view.words.rough_number(change, signed=True))
    assert view.words.percent(change / exact[1], signed=True) in cells[4]


def test_zones_answer_too_and_escape_closes_and_gives_back_the_focus(shown):
    page = shown()
    click(page, "zone", "Z1")
    assert page.locator(".details h3").inner_text() == "West"
    assert page.evaluate("document.activeElement.dataset.part") == "details"
    page.keyboard.press("Escape")
    assert not page.locator(".details").is_visible()
    assert page.evaluate("document.activeElement.dataset.part") == "canvas"


def test_enter_opens_what_lies_in_the_middle(shown):
    page = shown()
    click(page, "zone", "Z1")
    page.keyboard.press("Escape")
    place = f"{MAP}.shapes['crossing/0'].getGeometry().getCoordinates()"
    page.evaluate(f"{MAP}.map.getView().setCenter({place})")
    page.wait_for_timeout(100)
    page.keyboard.press("Enter")
    assert page.locator(".details h3").inner_text() == "Gate"


def test_switching_results_redraws_the_lines(shown):
    page = shown()
    page.select_option("#flow-map [data-part=first]", "1")
    page.select_option("#flow-map [data-part=second]", "2")
    page.click("#flow-map .show label:nth-of-type(2)")
    base, bypass = (result.tables["link"].groupby("link_id").tonnes_per_year.sum() for result in results()[1:3])
    most = max(base.max(), bypass.max())
    assert drawn_width(page, "B1")[0] == pytest.approx(0.8 + 13.2 * bypass["B1"] / most, rel=1e-3)
    page.click("#flow-map .show label:nth-of-type(1)")
    assert drawn_width(page, "R1")[0] == pytest.approx(0.8 + 13.2 * base["R1"] / most, rel=1e-3)
    assert drawn_width(page, "B1")[0] == 1


def test_increases_and_decreases_lie_side_by_side(shown):
    page = shown()
    page.select_option("#flow-map [data-part=first]", "1")
    page.select_option("#flow-map [data-part=second]", "2")
    page.click("#flow-map .show label:nth-of-type(3)")
    assert re.match(r".* − .*", page.locator("#flow-map .shown").inner_text())
    gain, loss = drawn_width(page, "B1"), drawn_width(page, "R1")
    assert gain[1] == pytest.approx(gain[0] / 2)
    assert loss[1] == pytest.approx(-loss[0] / 2)
    page.click("#flow-map [data-part=zoom-in]")
    page.wait_for_timeout(300)
    # Both links run along one line; on either side of it lies the one that is drawn there.
    click(page, "link", "B1", part=0.6, aside=gain[0] / 2 + 4)
    name = page.locator(".details h3").inner_text()
    state = page.evaluate(f"{MAP}.items.link.id[{MAP}.state.selected.item]")
    assert (name, state) == ("Westport – Gate", "B1")
    click(page, "link", "R1", part=0.6, aside=-loss[0] / 2 - 4)
    assert page.evaluate(f"{MAP}.items.link.id[{MAP}.state.selected.item]") == "R1"


def test_flows_on_one_way_lie_side_by_side(shown):
    page = shown()
    page.select_option("#flow-map [data-part=first]", "1")
    page.select_option("#flow-map [data-part=second]", "2")
    page.click("#flow-map .show label:nth-of-type(2)")
    flows = results()[2].tables["link"].groupby("link_id").tonnes_per_year.sum()
    links = results()[2].tables["link"].drop_duplicates("link_id").set_index("link_id")
    ends = links[["from_node_id", "to_node_id"]].apply(frozenset, axis=1)
    same = [link for link in links.index[ends == ends["B1"]] if flows[link] > 0]
    assert len(same) > 1
    drawn = sorted((drawn_width(page, link) for link in same), key=lambda line: line[1])
    edges = [side for width, offset in drawn for side in (offset - width / 2, offset + width / 2)]
    assert edges[1:-1:2] == pytest.approx(edges[2::2])
    assert edges[0] == pytest.approx(-edges[-1])
    assert [width for width, _ in drawn] == sorted((width for width, _ in drawn), reverse=True)


def test_modes_and_commodities_filter(shown):
    page = shown()
    page.select_option("#flow-map [data-part=second]", "1")
    assert drawn_width(page, "T1") is not None
    page.uncheck("#flow-map .modes label:has-text('rail') input")
    assert drawn_width(page, "T1") is None
    page.check("#flow-map .modes label:has-text('rail') input")
    page.select_option("#flow-map [data-part=commodity]", label="Machinery")
    goods = results()[1].tables["link_commodity"].query("commodity_id == 'machinery'")
    first = results()[0].tables["link_commodity"].query("commodity_id == 'machinery'")
    tonnes = goods.groupby("link_id").tonnes_per_year.sum()
    most = max(tonnes.max(), first.groupby("link_id").tonnes_per_year.sum().max())
    assert drawn_width(page, "R1")[0] == pytest.approx(0.8 + 13.2 * tonnes["R1"] / most, rel=2e-3)


def test_lines_can_be_as_wide_as_what_vehicles_emit(shown):
    page = shown()
    tables = [one.tables["emission_link"].groupby("link_id")["co2e_t_per_year"].sum() for one in results()]
    links = [link for link in tables[2].index if tables[2][link] > 0]
    page.select_option("#flow-map [data-part=first]", "1")
    page.select_option("#flow-map [data-part=second]", "2")
    page.check("#flow-map [data-part=show] input[value=second]", force=True)
    page.select_option("#flow-map [data-part=drawn]", "co2e")
    page.wait_for_timeout(120)
    assert page.locator("#flow-map [data-part=commodity]").is_disabled()
    widths = {link: drawn_width(page, link)[0] for link in links}
    # The same scale for both results: the widest line is the largest of either.
    largest = max(max(table) for table in tables[1:3])
    for link, width in widths.items():
        assert width == pytest.approx(0.8 + 13.2 * tables[2][link] / largest, rel=1e-3)
    page.check("#flow-map [data-part=show] input[value=difference]", force=True)
    page.wait_for_timeout(120)
    change = (tables[2] - tables[1].reindex(tables[2].index, fill_value=0.0)).abs()
    width = drawn_width(page, str(change.idxmax()))[0]
    assert width == pytest.approx(14.0, rel=1e-3)
    page.check("#flow-map [data-part=show] input[value=second]", force=True)
    page.locator("#flow-map .canvas").scroll_into_view_if_needed()
    page.wait_for_timeout(120)
    click(page, "link", "B1", part=0.3, aside=drawn_width(page, "B1")[1])
    told = {head: cells for _, head, cells in rows(page)}
    assert any(head.startswith("CO2e of vehicles") for head in told)
    page.select_option("#flow-map [data-part=drawn]", "tonnes")
    assert not page.locator("#flow-map [data-part=commodity]").is_disabled()


def test_a_popup_tells_of_the_commodity_chosen_and_gives_way_to_the_windows(shown):
    page = shown()
    page.evaluate("document.querySelector('#flow-map [data-part=search]').focus()")
    page.select_option("#flow-map [data-part=commodity]", label="Machinery")
    page.fill("#map-search", "Westport")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    click(page, "link", "R1", part=0.3)
    assert page.locator(".details").is_visible()
    first = page.locator(".details tbody tr").first.inner_text()
    assert first.startswith("Machinery")
    page.select_option("#flow-map [data-part=commodity]", "-1")
    assert not page.locator(".details tbody tr").first.inner_text().startswith("Machinery")
    page.click("#flow-map [data-part=region]")
    assert page.locator(".details").is_hidden()


def test_search_suggests_and_goes_there(shown):
    page = shown()
    for _ in range(3):
        page.click("#flow-map [data-part=zoom-out]")
        page.wait_for_timeout(50)
    before = resolution(page)
    page.fill("#map-search", "port")
    options = page.locator("#map-suggestions li")
    assert {text.split("\n")[0] for text in options.all_inner_texts()} == {"Westport", "Eastport"}
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#map-search", "aria-activedescendant") == "map-suggestion-1"
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert page.locator(".details h3").inner_text() in ("Westport", "Eastport")
    assert resolution(page) < before
    page.fill("#map-search", "no such place")
    assert "Nothing found" in options.first.inner_text()


def test_places_lead_on_to_their_links_by_keyboard(shown):
    page = shown()
    page.fill("#map-search", "westport")
    page.keyboard.press("Enter")
    page.locator(".details .as-link").first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".details h3").inner_text() == "Westport – Gate"


def test_the_difference_section_leads_to_the_map(shown):
    page = shown()
    button = page.locator("#differences .to-map").first
    button.click()
    assert page.evaluate(f"{MAP}.state.show") == "difference"
    assert page.evaluate("document.activeElement.dataset.part") == "canvas"


@pytest.mark.parametrize("language", ["en", "ar", "zh"])
def test_a_telephone_shows_all_of_it(shown, language):
    page = shown(language, viewport={"width": 390, "height": 844}, has_touch=True)
    x, y = pixel(page, "crossing", "GATE")
    page.touchscreen.tap(x, y)
    page.wait_for_timeout(300)
    box = page.locator(".details").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 391
    cells = "[...document.querySelectorAll('.details td, .details th')]"
    assert page.evaluate(f"{cells}.filter(each => each.scrollWidth > each.clientWidth + 1).length") == 0
    right = "Math.max(...[...document.querySelectorAll('.details td')].map(each => each.getBoundingClientRect().right))"
    assert page.evaluate(right) <= 390
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sizes = page.evaluate("[...document.querySelectorAll('.map-buttons button')].map(each => each.offsetHeight)")
    assert min(sizes) >= 44


def test_figures_are_written_as_in_the_language(shown):
    page = shown("ar")
    click(page, "crossing", "GATE")
    cells = next(cells for _, _, cells in rows(page))
    exact = results()[0].tables["crossing"].tonnes_per_year.sum() / 1e3
    assert cells[0] == Words("ar").rough_number(exact)


def test_names_of_results_keep_their_letters_from_right_to_left(shown):
    page = shown("ar")
    page.click("#flow-map .show label:nth-of-type(3)")
    text = page.locator("#flow-map .shown").inner_text()
    assert re.fullmatch("\u2067[A-D]: .*\u2069 \u2212 \u2067[A-D]: .*\u2069", text)


def test_names_never_become_markup_on_the_map(browser):  # noqa: F811
    page = opened(browser, rich_page())
    page.locator("#flow-map .canvas").scroll_into_view_if_needed()
    page.fill("#map-search", "script")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert "<script>" in page.locator(".details h3").inner_text()
    assert page.heard == []


def test_dark_pages_have_dark_maps(shown):
    def land(scheme):
        page = shown(color_scheme=scheme)
        return page.evaluate("getComputedStyle(document.querySelector('.map-frame')).backgroundColor")

    assert land("light") != land("dark")
