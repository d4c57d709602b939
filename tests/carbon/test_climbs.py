"""Grades of links from climbs, elevations and the steepest grade."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import landlink as ll
from landlink.carbon.climbs import link_grades, spread_of_climb
from landlink.carbon.motion import mean_excess
from landlink.carbon.renewables import season_shares
from tests.support.small_study import TABLES, write_small_study


@given(st.floats(-0.06, 0.06), st.floats(0.0, 0.04))
def test_the_spread_gives_the_climb_back(mean: float, more: float) -> None:
    climb = max(mean, 0.0) + more
    found = float(mean_excess(np.array(mean), spread_of_climb(np.array(mean), np.array(climb))))
    assert found == pytest.approx(climb, abs=1e-9)


def graded(folder: Path, heights: tuple[str, str, str], cells: str = ",,") -> tuple[np.ndarray, np.ndarray]:
    """Climbs of the link R1 of 100 km there and back, and of R2."""
    header, *rows = TABLES["node"].strip().splitlines()
    node = "\n".join([f"{header},z_coord", *(f"{row},{z}" for row, z in zip(rows, heights, strict=True))])
    header, *rows = TABLES["link"].strip().splitlines()
    link = "\n".join(
        [f"{header},climb_ab_m,climb_ba_m,max_grade_pct", f"{rows[0]},{cells}", *(f"{row},,," for row in rows[1:])]
    )
    tables = ll.open_study(write_small_study(folder, node=node, link=link)).at(2023).tables
    there, back = link_grades(tables).climb(tables["link"]["length"].to_numpy())
    return there, back


@pytest.mark.parametrize(("percent", "metres_per_km"), [("3", 8), ("6", 16), ("8", 21), ("12", 32)])
def test_hidden_undulation_follows_the_steepest_grade(tmp_path: Path, percent: str, metres_per_km: float) -> None:
    """Rise and fall together, in the range of the terrain classes of HDM-4."""
    there, back = graded(tmp_path / "s", ("500", "500", "500"), f",,{percent}")
    assert (there[0] + back[0]) / 100 == pytest.approx(metres_per_km, abs=0.5)


def test_climbs_differ_by_the_rise_from_end_to_end(tmp_path: Path) -> None:
    there, back = graded(tmp_path / "s", ("500", "2500", ""))
    assert there[0] - back[0] == pytest.approx(2000)
    assert there[0] >= 2000
    assert there[1] == pytest.approx(back[1])


@pytest.mark.parametrize("cells", ["2600,600,", "2600,,", ",600,"])
def test_given_climbs_are_kept_and_the_other_follows(tmp_path: Path, cells: str) -> None:
    there, back = graded(tmp_path / "s", ("500", "2500", "500"), cells)
    assert (there[0], back[0]) == (pytest.approx(2600, rel=1e-9), pytest.approx(600, rel=1e-9))


def test_a_climb_below_the_rise_is_taken_as_the_rise(tmp_path: Path) -> None:
    there, back = graded(tmp_path / "s", ("500", "2500", "500"), "1500,,")
    assert (there[0], back[0]) == (pytest.approx(2000), pytest.approx(0.0, abs=1e-6))


@pytest.mark.parametrize("cell", ["", "1;2;3;4", "1;1;1;2;2;2;3;3;3;4;4;4"])
def test_seasons_are_shares_of_a_year(cell: str) -> None:
    months = season_shares(cell)
    assert months.shape == (12,)
    assert months.sum() == pytest.approx(1)
    if cell:
        assert months[9] / months[0] == pytest.approx(4)
