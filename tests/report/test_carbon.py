"""The section on carbon: what it draws adds up, and it is there only where emissions are known."""

from __future__ import annotations

import re

import pytest

from landlink.carbon.published_factors import published_factors
from landlink.report import LANGUAGES
from landlink.report.carbon import section
from landlink.report.carbon_figures import causes_figure, chain_figure, countries_figure, intensity_figure
from landlink.report.emission_map import emission_map, emitting_links
from landlink.report.maps import Atlas
from landlink.report.stacked_bars import Bar, BarRow, Part, stacked_bars
from landlink.report.view import views_of
from landlink.report.words import Words
from landlink.results.result import Result
from landlink.tables.schemas import FAMILIES
from tests.support.report_fixture import bare_results, rich_results


def _views(language: str = "en", results=None):
    return views_of(results or rich_results(), Words(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_section(language):
    views = _views(language)
    made = section(views, Atlas(views))
    assert made is not None
    assert made.identifier == "carbon"
    assert made.finding
    assert "{" not in made.finding
    for figure in ("carbon-countries", "carbon-intensity", "carbon-causes", "emissions-map", "carbon-chain"):
        assert f'id="{figure}-title"' in made.body


def test_results_saved_before_emissions_have_no_section():
    old = [
        Result({name: table for name, table in one.tables.items() if not name.startswith("emission")}, one.provenance)
        for one in bare_results()
    ]
    views = _views(results=old)
    assert section(views, Atlas(views)) is None


def test_bars_are_as_long_as_their_countries_emit():
    views = _views(results=bare_results()[1:])
    view, baseline = views[-1], views[0]
    drawn = countries_figure(view, baseline)
    widths = [float(one) for one in re.findall(r'width="([0-9]+[.][0-9]{3})%"', drawn)]
    rows = [
        row
        for country in ("AAA", "BBB")
        for one in (baseline, view)
        for row in one.table("emission_country").groupby(["country", "family"])["co2e_t_per_year"].sum()[country]
    ]
    assert sum(widths) / max(widths) == pytest.approx(sum(rows) / max(rows), rel=1e-3)
    assert drawn.count("fill-opacity") == len(widths) / 2


def test_a_single_result_has_no_causes():
    views = _views(results=bare_results()[:1])
    assert not causes_figure(views[0], None)
    assert "fill-opacity" not in countries_figure(views[0], None)
    assert "d-before" not in intensity_figure(views[0], None)


def test_causes_of_faster_checks_are_waits():
    views = _views(results=bare_results())
    drawn = causes_figure(views[3], views[1])
    assert views[0].words("carbon.cause_waiting") in drawn


def test_the_chain_ends_at_what_a_tonne_emits():
    view = _views(results=bare_results()[:1])[0]
    uses = view.table("emission_leg")
    legs = view.table("leg")
    most = legs.sort_values("tonnes_per_year")["alternative"].iloc[-1]
    total = uses[uses["alternative"] == most]["co2e_kg_per_t"].sum()
    words = view.words
    assert f"{words('carbon.chain_total')}: {words.rough_number(total)}" in chain_figure(view)


def test_lines_of_the_map_are_as_wide_as_links_emit():
    views = _views(results=bare_results()[:1])
    atlas = Atlas(views)
    drawn = emission_map(atlas.sheets["region"], views[0], atlas.classes, identifier="m")
    links = emitting_links(views[0])
    found = [float(width) for width in re.findall(r'class="c-[a-z]+" stroke-width="([0-9.]+)"><title>', drawn.svg)]
    emitting = links[links["co2e_t_per_year"] > 0]["co2e_t_per_year"]
    assert len(found) == len(emitting)
    assert max(found) == 15.0


def test_published_factors_are_of_families_and_named_in_every_language():
    assert {one.family for one in published_factors()} <= set(FAMILIES)
    for language in LANGUAGES:
        names = {Words(language)(f"carbon.factor_{one.name}") for one in published_factors()}
        assert len(names) == len(published_factors())
    # The articulated truck above 33 t, half laden, and the train of DEFRA 2025.
    factors = {one.name: one.g_per_tkm for one in published_factors()}
    assert (factors["truck_half"], factors["train_mean"]) == (118.56, 34.7)


def test_bars_of_a_right_to_left_page_begin_on_the_right():
    rows = [BarRow("a", [Bar([Part(1.0, "c-blue", "one")], "1", 0.5, 2.0)])]
    left, right = (stacked_bars("x", "t", "d", rows, rtl=rtl) for rtl in (False, True))
    assert 'x="0.000%" width="33.000%"' in left
    assert 'x="67.000%" width="33.000%"' in right


def test_zones_at_the_ends_of_a_chain_are_named_in_the_language_of_the_page():
    result = bare_results()[1]
    zone = result.tables["zone"]
    named = Result({**result.tables, "zone": zone.assign(name="Old Town", name_ru="Старый город")}, result.provenance)
    (view,) = _views("ru", [named])
    assert view.place("Old Town") == view.name("zone", zone["zone_id"].iloc[0])
    assert "Старый город" in view.place("Old Town")
