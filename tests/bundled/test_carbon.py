"""Energy and emissions of the bundled study: complete and plausible."""

from __future__ import annotations

import numpy as np
import pytest

import landlink as ll
from landlink.carbon.climbs import link_grades
from landlink.carbon.link_energy import LinkEnergy, link_energy
from landlink.carbon.place_energy import place_energy
from landlink.study.study import Scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return ll.open_study("china-kyrgyzstan").scenario("cku-2030")


@pytest.fixture(scope="module")
def energy(scenario: Scenario) -> LinkEnergy:
    return link_energy(scenario.tables, scenario.year)


def g_per_tkm(scenario: Scenario, energy: LinkEnergy) -> np.ndarray:
    reference = int(np.flatnonzero(energy.load_factors == 1.0)[0])
    return energy.wtw_kg_per_t[reference] / scenario.tables["link"]["length"].to_numpy()[:, None] * 1000


def test_every_link_has_plausible_emissions(scenario: Scenario, energy: LinkEnergy) -> None:
    link, found = scenario.tables["link"], g_per_tkm(scenario, energy)
    for mode, low, high in (("road", 80, 300), ("rail_1520", 0, 60), ("rail_1435", 0, 80), ("ferry", 60, 66)):
        of_mode = found[(link["mode"] == mode).to_numpy()]
        assert low < of_mode.min() <= of_mode.max() < high, mode
        assert (of_mode.sum(axis=1) > 0).all()


def test_the_road_over_torugart_is_all_climb_from_kashgar(scenario: Scenario, energy: LinkEnergy) -> None:
    link = scenario.tables["link"]
    place = link["link_id"].tolist().index("RD084")
    up, down = (climb[place] for climb in link_grades(scenario.tables).climb(link["length"].to_numpy()))
    there, back = g_per_tkm(scenario, energy)[place]
    assert abs(up - down) > 1000
    assert (there > back) == (up > down)


def test_the_railway_is_greener_than_the_road_beside_it(scenario: Scenario, energy: LinkEnergy) -> None:
    link, found = scenario.tables["link"], g_per_tkm(scenario, energy).mean(axis=1)
    of = dict(zip(link["link_id"], found, strict=True))
    assert of["RL020"] < 0.5 * of["RD084"]


def test_grids_have_a_path_to_2050(scenario: Scenario) -> None:
    grid = scenario.study.tables["grid"]
    by_country = grid[grid["country"] != "*"].groupby("country")["year"].agg(list)
    assert (by_country.map(tuple) == (2023, 2030, 2040, 2050)).all()
    estimated = grid[grid["year"] > 2023]["quality"]
    assert (estimated == "estimated").all()
    listed = {country for cell in scenario.tables["link"]["country"] for country in cell.split(";")}
    assert listed <= set(by_country.index)


def test_places_have_their_countries(scenario: Scenario) -> None:
    places = place_energy(scenario.tables, scenario.year)
    assert len(places.terminal_country) == len(scenario.tables["terminal"])
    assert places.handling_mj_per_t.sum(axis=1).min() > 0
