"""The tool that reads simulated trains: profiles along links, and the grade under a whole train."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tools.rail_traces import profile, train_grades

NETWORK = """
- max_grade: 0.06
- - {idx_curr: 0, length_meters: 0.0, elevs: []}
  - idx_curr: 1
    length_meters: 1000.0
    elevs: [{offset_meters: 0.0, elev_meters: 10.0}, {offset_meters: 1000.0, elev_meters: 20.0}]
  - idx_curr: 2
    length_meters: 2000.0
    elevs: [{offset_meters: 0.0, elev_meters: 20.0}, {offset_meters: 2000.0, elev_meters: 10.0}]
"""


def test_a_profile_runs_along_the_links_of_the_path(tmp_path: Path) -> None:
    (tmp_path / "networks").mkdir()
    (tmp_path / "demo_data").mkdir()
    (tmp_path / "networks" / "Taconite-NoBalloon.yaml").write_text(NETWORK, encoding="utf-8")
    (tmp_path / "demo_data" / "link_path.csv").write_text("link_idx\n1\n2\n", encoding="utf-8")
    places, heights = profile(tmp_path)
    assert places.tolist() == [0, 1000, 1000, 3000]
    assert heights.tolist() == [10, 20, 20, 10]


def test_the_grade_under_a_train_is_the_mean_of_its_length() -> None:
    line = np.array([0.0, 1000.0, 3000.0]), np.array([10.0, 20.0, 10.0])
    grades = train_grades(line, 500.0, 2500.0)
    assert grades[0] == pytest.approx(0.01)
    assert grades[-1] == pytest.approx(-0.005)
    # Halfway over the top, half of the train climbs and half descends.
    assert grades[15] == pytest.approx((0.01 - 0.005) / 2)
