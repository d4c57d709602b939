"""Every number that a study can hold has a lower and an upper bound, and no result holds a figure that is none."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.study.settings import Settings
from landlink.study.settings_reader import BOUNDS
from landlink.tables.column import Column
from landlink.tables.schemas import TABLES
from tests.support.small_study import SETTINGS, write_small_study
from tests.support.small_study import TABLES as SMALL

NUMERIC = [
    (table.name, column)
    for table in TABLES.values()
    for column in table.columns
    if column.type in ("number", "integer", "numbers")
]


@pytest.mark.parametrize(("table", "column"), NUMERIC, ids=[f"{table}.{column.name}" for table, column in NUMERIC])
def test_every_numeric_column_has_both_bounds(table: str, column: Column) -> None:
    assert column.maximum is not None, f"{table}.{column.name} has no upper bound"
    assert column.minimum is not None or column.above is not None, f"{table}.{column.name} has no lower bound"


def test_every_numeric_setting_has_bounds() -> None:
    years = {"base_year"}
    numeric = {name for name, kind in Settings.__annotations__.items() if kind in ("int", "float")}
    assert numeric - years <= set(BOUNDS)


@pytest.mark.parametrize(
    ("table", "old", "new", "column"),
    [
        ("commodity", "grain,Grain,300,0.1", "grain,Grain,300,1e300", "value_of_time_usd_per_t_h"),
        ("commodity", "300,0.1,0.5", "300,0.1,1e300", "reliability_ratio"),
        ("crossing", "6,5,150", "1e300,5,150", "time_ab_h"),
        ("crossing", "6,5,150", "6,5,1e-300", "capacity_vehicles_per_day"),
        ("demand", "400000", "1e100", "tonnes_per_year"),
        ("link", "0,100,60", "0,100,1e-300", "free_speed"),
        ("link", "0,100,60", "0,1e9,60", "length"),
        ("vehicle", "road,road,Truck,20,", "road,road,Truck,1e300,", "payload_t"),
    ],
)
def test_numbers_beyond_any_plan_are_refused(tmp_path: Path, table: str, old: str, new: str, column: str) -> None:
    with pytest.raises(ll.InputError) as error:
        ll.open_study(write_small_study(tmp_path / "s", **{table: SMALL[table].replace(old, new, 1)}))
    assert (table, column) in {(problem.table, problem.column) for problem in error.value.problems}


@pytest.mark.parametrize(
    "line", ["operating_days = 0.001", "peak_factor = 1e300", "peak_factor = 1e-300", "operating_days = 400"]
)
def test_settings_beyond_any_plan_are_refused(tmp_path: Path, line: str) -> None:
    folder = write_small_study(tmp_path / "s")
    (folder / "study.toml").write_text(SETTINGS.replace("base_year = 2023", f"base_year = 2023\n{line}"))
    with pytest.raises(ll.InputError, match=line.split(maxsplit=1)[0]):
        ll.open_study(folder)


def test_bounds_of_links_hold_in_the_units_that_config_states(tmp_path: Path) -> None:
    config = "dataset_name,long_length,speed\nsmall,m,kph"
    link = SMALL["link"].replace("0,1", "0,1e5+").replace("1e5+00", "100000").replace("1e5+10", "110000")
    link = link.replace("1e5+50", "150000")
    study = ll.open_study(write_small_study(tmp_path / "s", link=link, config=config))
    assert study.table("link")["length"].tolist() == [100, 100, 110, 110, 150]
    with pytest.raises(ll.InputError, match="length"):
        ll.open_study(write_small_study(tmp_path / "far", link=link.replace("150000", "15e10"), config=config))
