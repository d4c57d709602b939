"""Tables of energy and emissions that are wrong are refused with the row, the column, the value and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import InputError
from tests.support.carbon_cases import CASES, FLEET, GRID, electrified
from tests.support.small_study import TABLES, write_small_study


@pytest.mark.parametrize("name", CASES)
def test_faults_are_told(name: str, tmp_path: Path) -> None:
    replaced, told = CASES[name]
    with pytest.raises(InputError) as error:
        ll.open_study(write_small_study(tmp_path / "s", **replaced))
    assert told in str(error.value)


def test_the_rows_that_the_faults_are_made_of_are_right(tmp_path: Path) -> None:
    fleet = f"{FLEET}road,*,2023,truck_diesel,0.7\nroad,*,2023,truck_battery,0.3\nrail,BBB,2023,train_electric,1\n"
    grid = {"grid": GRID["grid"] + "*,2023,400,8,\n"}
    study = ll.open_study(write_small_study(tmp_path / "s", **grid, **electrified(line="T2"), fleet=fleet))
    assert len(study.tables["fleet"]) == 3


def test_a_measure_that_leaves_shares_short_is_refused(tmp_path: Path) -> None:
    fleet = f"{FLEET}road,*,2023,truck_diesel,0.7\nroad,*,2023,truck_battery,0.3\n"
    effect = f"{TABLES['effect']}easy-gate,fleet,road/*//2023/truck_battery,share,set,0.5\n"
    study = ll.open_study(write_small_study(tmp_path / "s", fleet=fleet, effect=effect))
    with pytest.raises(InputError, match=r"row road/\*//2023, column share: after easy-gate: the shares"):
        study.apply("easy-gate").tables_in(2023)
