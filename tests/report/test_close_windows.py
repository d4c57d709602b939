"""Maps of closures and of units show the places that they are about; bad years are those of the reader's country."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.report import LANGUAGES
from landlink.report.close_windows import Close, close_to_closures, close_to_units
from landlink.report.criticality_map import criticality_map
from landlink.report.loss_figures import loss_curve, risk_sentence
from landlink.report.maps import Atlas
from landlink.report.response_map import response_map
from landlink.report.view import View, views_of
from landlink.report.words import Words
from landlink.results.result import Result
from landlink.study import Study
from tests.support.disturbed_study import SITES, UNITS, disturbed_study

#: The last place is near the middle, so that the map of the region shows all.
NODES = (
    "node_id,name,x_coord,y_coord,country\nN1,West,70.0,40.0,AAA\nN2,Middle,71.0,40.0,BBB\n"
    "N3,East,71.2,40.0,CCC\nN4,North,70.4,40.2,AAA\n"
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    folder = tmp_path_factory.mktemp("close") / "study"
    return disturbed_study(folder, node=NODES, response_unit=UNITS, response_site=SITES)


@pytest.fixture(scope="module")
def result(study: Study) -> Result:
    return ll.resilience(study, years=60, solved_years=5, members=20, workers=1)


@pytest.fixture(scope="module")
def within(study: Study) -> pd.DataFrame:
    """Closures in the middle country and on its borders alone."""
    return ll.criticality(study.at(study.settings.base_year), days=7, countries=["BBB"], workers=1).places


@pytest.fixture(scope="module")
def units(study: Study) -> pd.DataFrame:
    return ll.response_sites(study.at(study.settings.base_year), units=1, shared=["all"], workers=1).table


def seen(result: Result, country: str = "", language: str = "en") -> tuple[Atlas, View]:
    views = views_of([result], Words(language), country=country)
    return Atlas(views), views[0]


def shows(close: Close, points: pd.DataFrame) -> bool:
    return bool(close.sheet.frame.holds(points[["x_coord", "y_coord"]].to_numpy(dtype=np.float64)).all())


def test_a_map_of_some_closures_is_closer(result: Result, within: pd.DataFrame) -> None:
    atlas, view = seen(result)
    close, region = close_to_closures(atlas, view, within, "some"), atlas.sheets["region"]
    assert shows(close, within.dropna(subset=["x_coord"]))
    assert close.sheet.frame.area_km2 < 0.6 * region.frame.area_km2
    node = view.table("node")
    assert not shows(close, node[node["country"] == "AAA"]), "the other end of the row is left out"
    assert f'id="{close.sheet.identifier}-land"' in close.land
    drawn = criticality_map(close.sheet, view, within, identifier="some")
    assert f'href="#{close.sheet.identifier}-land"' in drawn.svg
    assert "<title>Middle – East" in drawn.svg.replace("\u2068", "").replace("\u2069", "")


def test_a_map_of_all_closures_is_that_of_the_region(result: Result, within: pd.DataFrame) -> None:
    atlas, view = seen(result)
    every = close_to_closures(atlas, view, within.assign(closed_in="", closed_only=""), "some")
    assert every.sheet is atlas.sheets["region"]
    assert every.land == "", "the page has it"


def test_a_country_is_shown_with_its_crossings(result: Result, within: pd.DataFrame, units: pd.DataFrame) -> None:
    atlas, view = seen(result, "CCC")
    node = view.table("node")
    for close in (
        close_to_closures(atlas, view, within.assign(closed_in=""), "some"),
        close_to_units(atlas, view, units, "units"),
    ):
        assert shows(close, node[node["country"] == "CCC"])
        assert not shows(close, node[node["country"] == "AAA"])


def test_the_map_of_units_shows_what_they_reach(result: Result, units: pd.DataFrame) -> None:
    atlas, view = seen(result)
    close = close_to_units(atlas, view, units, "units")
    soon = units.loc[(units["record"] == "node") & (units["hours"] <= 12), "row"]
    node = view.table("node")
    assert len(soon)
    assert shows(close, node[node["node_id"].isin(soon)])
    far = units.assign(hours=np.where(units["row"].isin(["N1", "N4"]), units["hours"], 99.0))
    kept = far[(far["record"] != "site") | (far["row"] == "west")]
    assert close_to_units(atlas, view, kept, "units").sheet.frame.area_km2 < close.sheet.frame.area_km2


def test_added_units_have_a_shape_of_their_own(result: Result, units: pd.DataFrame) -> None:
    """A diamond, no square: the colours of marks and lines need not be told apart."""
    atlas, view = seen(result)
    drawn = response_map(atlas.sheets["region"], view, units, identifier="units")
    for text, class_, shape in ((drawn.svg, "added", "path"), (drawn.svg, "standing", "rect")):
        mark = next(piece for piece in text.split("<")[1:] if f'class="{class_}"' in piece)
        assert mark.startswith(shape), class_
    assert "<path" in next(item for item in drawn.legend.split("<li>") if view.words("security.site_added") in item)


@pytest.mark.parametrize("language", LANGUAGES)
def test_bad_years_are_those_of_the_country(result: Result, language: str) -> None:
    risk = pd.DataFrame(
        {
            "country": ["ALL", "ALL", "BBB", "BBB"],
            "percent": [95.0, 99.0] * 2,
            "value_at_risk_usd": [8e6, 9e6, 3e6, 4e6],
            "p10": [8e6, 9e6, 3e6, 4e6],
            "p90": [8e6, 9e6, 3e6, 4e6],
        }
    )
    known = replace(result, tables={**result.tables, "loss_risk": risk})
    words = Words(language)
    every, own = (seen(known, country, language)[1] for country in ("", "BBB"))
    said = [words.rough(amount, "million USD") for amount in (3.0, 4.0, 8.0, 9.0)]
    assert [text in risk_sentence(own) for text in said] == [True] * 4
    assert [text in risk_sentence(every) for text in said] == [False, False, True, True]
    assert own.name("country", "BBB") in risk_sentence(own)


def test_the_curve_is_that_of_the_country(result: Result) -> None:
    curve = result.tables["loss_curve"]
    of_country = curve[curve["country"] == "BBB"].assign(country="ALL")
    alone = replace(result, tables={**result.tables, "loss_curve": of_country})
    own, every, same = (
        loss_curve(seen(one, country)[1]) for one, country in ((result, "BBB"), (result, ""), (alone, ""))
    )

    def line(figure: str) -> str:
        return figure.split("<polyline")[1].partition("</polyline>")[0]

    assert line(own) == line(same)
    assert line(own) != line(every)
    assert "BBB alone" in own
    assert "All countries together" in every


def test_a_picture_of_closures_is_as_close(study: Study) -> None:
    found = ll.criticality(study.at(study.settings.base_year), days=7, countries=["BBB"], workers=1)
    svg = found.map().svg
    assert 'id="sheet-closures-land"' in svg
    assert 'href="#sheet-closures-land"' in svg
