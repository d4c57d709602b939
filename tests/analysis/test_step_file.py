"""Saved decompositions are read as they were written, and what is none is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.analysis.decomposition import EFFECT_STEP, STEPS
from landlink.analysis.step_file import read_steps

COLUMNS = [column.name for column in EFFECT_STEP.columns]
ROWS = [
    ("before", "crossing.tonnes_per_year", "GATE,road", 10.0, None, "t/year"),
    ("rerouting", "crossing.tonnes_per_year", "GATE,road", 14.0, 4.0, "t/year"),
    ("mode_shift", "crossing.tonnes_per_year", "GATE,road", 13.0, -1.0, "t/year"),
    ("new_trade", "crossing.tonnes_per_year", "GATE,road", 15.5, 2.5, "t/year"),
]


def written(path: Path, rows: list[tuple[object, ...]]) -> Path:
    pd.DataFrame(rows, columns=COLUMNS).to_csv(path, index=False)
    return path


def test_steps_are_read_as_they_were_written(tmp_path: Path) -> None:
    found = read_steps(written(tmp_path / "s.csv", ROWS))
    assert tuple(found["step"]) == STEPS
    assert found["change"].iloc[1:].tolist() == [4.0, -1.0, 2.5]
    assert found["key"].iloc[0] == "GATE,road"


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (ROWS[:3], "does not have all steps"),
        ([*ROWS[:3], (*ROWS[3][:4], 3.5, "t/year")], "not the difference of its values"),
        ([*ROWS[:3], (*ROWS[3][:3], None, 2.5, "t/year")], "not the difference of its values"),
    ],
)
def test_what_is_no_decomposition_is_refused(rows: list[tuple[object, ...]], told: str, tmp_path: Path) -> None:
    with pytest.raises(ll.InputError, match=told) as error:
        read_steps(written(tmp_path / "s.csv", rows))
    assert "GATE,road" in str(error.value)


def test_a_file_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ll.InputError, match="step"):
        read_steps(path)
