"""Shocks solved from what they move alone, beside solves of everything anew."""

from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.model.options import SolverOptions
from landlink.resilience.base import ShockBase
from landlink.resilience.figures import Figures, figure_names
from landlink.resilience.shock import Disturbance, Shock
from landlink.resilience.shock_work import ShockWork
from tests.support.bundled import bundled_study
from tests.support.small_study import TABLES, write_small_study

#: Two roads and a railway between two countries.
ROADS = TABLES["link"].replace("B1,N1,X,0,150,80", "B1,N1,X,0,103,60").replace("200,planned", "200,existing")
EXACT = SolverOptions(relative_gap=1e-10, threads=1)


def spread_study(folder: Path) -> ll.Study:
    header, *rows = TABLES["commodity"].strip().splitlines()
    commodity = "\n".join([header + ",route_scale", *(f"{row},0.6" for row in rows)])
    write_small_study(folder, commodity=commodity, link=ROADS)
    settings = (folder / "study.toml").read_text()
    (folder / "study.toml").write_text(settings.replace("[report]", '[solver]\nrouting = "spread"\n\n[report]'))
    return ll.open_study(folder)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> ShockWork:
    study = spread_study(tmp_path_factory.mktemp("fast") / "s")
    return ShockWork(ShockBase.of(study.at(study.settings.base_year), EXACT))


@pytest.fixture(scope="module")
def bundled() -> ShockWork:
    study = bundled_study()
    return ShockWork(ShockBase.of(study.at(study.settings.base_year), SolverOptions(relative_gap=1e-10)))


def anew(work: ShockWork, gap: float) -> ShockWork:
    return ShockWork(replace(work.base, options=replace(work.base.options, relative_gap=gap)), fast=False)


def figures(work: ShockWork, *shocks: Shock) -> Figures:
    return Figures(figure_names(work.base), np.array([work(shock) for shock in shocks]))


def singles(work: ShockWork) -> list[Shock]:
    links = work.base.scenario.study.tables["link"]["link_id"].tolist()
    slowed = Shock((Disturbance("link", links[0], capacity_factor=0.6, extra_h=2.0),))
    jammed = Shock((Disturbance("link", links[0], capacity_factor=0.1, slowed_days=0.5),))
    return [*(Shock.closing("link", link, days=2.0) for link in links), slowed, jammed]


def test_all_figures_are_those_of_a_solve_of_everything_anew(small: ShockWork) -> None:
    shocks = singles(small)
    assert all(small.solved_fast(shock) is not None for shock in shocks)
    fast, right = figures(small, *shocks), figures(anew(small, 1e-10), *shocks)
    gaps = {"relative_gap", "objective_low", "objective_high"}
    compared = [place for place, name in enumerate(fast.names) if name not in gaps]
    size = np.abs(right.values).max(axis=0)[compared]
    assert fast.values[:, compared] == pytest.approx(right.values[:, compared], rel=2e-3, abs=1e-3 * float(size.max()))
    for place in compared:
        off = np.abs(fast.values[:, place] - right.values[:, place]).max()
        assert off <= 2e-3 * max(np.abs(right.values[:, place]).max(), 1.0), fast.names[place]
    # Both bound the change of the same objective.
    assert (fast["objective_low"] <= right["objective_high"] * (1 + 1e-9) + 1e-6).all()
    assert (fast["objective_high"] >= right["objective_low"] * (1 - 1e-9) - 1e-6).all()


def test_longer_closures_cost_no_less(small: ShockWork) -> None:
    link = small.base.scenario.study.tables["link"]["link_id"].iloc[0]
    found = figures(small, *(Shock.closing("link", link, days=days) for days in (0.5, 1.0, 2.0, 5.0, 20.0)))
    assert (found["objective_high"][1:] >= found["objective_low"][:-1]).all()
    assert (np.diff(found["added_cost[total]"]) >= -1e-6).all()
    assert (found["objective_high"] >= 0).all()


@pytest.mark.parametrize("days", [0.25, 3.0, 400.0])
def test_a_place_that_is_slowed_costs_no_more_than_a_closed_one(small: ShockWork, days: float) -> None:
    """However little passes: who does not get through can wait, and pays no more than where nobody does."""
    link = small.base.scenario.study.tables["link"]["link_id"].iloc[0]
    factors = 0.8, 0.3, 0.05, 1e-4
    slowed = [Shock((Disturbance("link", link, capacity_factor=f, slowed_days=days),)) for f in factors]
    found = figures(small, *slowed, Shock.closing("link", link, days=days))
    assert (found["objective_high"][1:] >= found["objective_low"][:-1]).all()
    assert found["objective_high"][-2] > 10 * found["objective_high"][0] > 0


def test_other_processes_find_the_same_bytes(small: ShockWork) -> None:
    sent = pickle.loads(pickle.dumps(small))
    shocks = singles(small)
    in_order = [sent(shock).tobytes() for shock in shocks]
    assert in_order == [small(shock).tobytes() for shock in reversed(shocks)][::-1]


@pytest.mark.parametrize(
    "shock",
    [
        Shock.closing("crossing", "TORU/road", days=30),
        Shock.closing("link", "RD269", days=30),
        Shock.closing("terminal", "CHON-road-rail_1435", days=30),
    ],
    ids=lambda shock: shock.key,
)
def test_closures_of_the_bundled_study(bundled: ShockWork, shock: Shock) -> None:
    """Costs within 1 % of those of a solve to a gap of 1e-9, whether many markets feel the closure or few."""
    assert bundled.solved_fast(shock) is not None
    fast, right = figures(bundled, shock), figures(anew(bundled, 1e-9), shock)
    for name in (
        "added_cost[total]",
        "added_cost[KGZ]",
        "waiting_tonnes[total]",
        "waiting_exports[total]",
        "added_co2e",
    ):
        assert fast[name] == pytest.approx(right[name], rel=0.01, abs=0.5), name
    assert fast["isolated_zones"] == right["isolated_zones"]
    assert fast["relative_gap"] <= max(bundled.base.options.relative_gap, 1e-4)
