"""What changed most, over indicators of all units: figures by hand, new and gone, and what demand fixes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.results.changes import FIXED, GIVEN, NOT_KNOWN, changed_rows, notes_of, ranked_by_change
from tests.support.small_study import write_small_study

NAN = np.nan


def comparison(rows: dict[str, tuple[float, float]]) -> pd.DataFrame:
    return pd.DataFrame.from_dict(rows, orient="index", columns=["a", "b"])


def ranked(rows: dict[str, tuple[float, float]]) -> list[str]:
    return list(ranked_by_change(comparison(rows), ["a", "b"]).index)


def test_a_change_is_weighed_by_the_size_within_its_kind() -> None:
    rows = {
        "total.tkm_per_year": (1000.0, 1000.0),
        # 10 % of the largest: 0.1
        "crossing.trucks_per_day[BIG]": (1000.0, 900.0),
        # 100 % of 4 % of the largest: 0.2
        "crossing.trucks_per_day[NEW]": (0.0, 40.0),
        # 100 % of a millionth: 0.001
        "crossing.trucks_per_day[TINY]": (0.0, 0.001),
        # Half of a kind of its own: 0.5
        "total.mean_time_h": (10.0, 5.0),
    }
    assert ranked(rows) == [
        "total.mean_time_h",
        "crossing.trucks_per_day[NEW]",
        "crossing.trucks_per_day[BIG]",
        "crossing.trucks_per_day[TINY]",
        "total.tkm_per_year",
    ]


def test_units_do_not_matter() -> None:
    rows = {"crossing.tonnes_per_year[A,road]": (1e6, 9e5), "crossing.tonnes_per_year[B,road]": (5e5, 1e5)}
    in_thousands = {name: (a / 1e3, b / 1e3) for name, (a, b) in rows.items()}
    assert ranked(rows) == ranked(in_thousands) == list(reversed(rows))


def test_what_was_not_there_is_new_but_its_time_is_no_change() -> None:
    rows = {
        "od.time_h[A,B]": (NAN, 50.0),
        "crossing.tonnes_per_year[A,rail]": (NAN, 13e6),
        "crossing.tonnes_per_year[B,rail]": (90e6, 85e6),
    }
    assert ranked(rows)[0] == "crossing.tonnes_per_year[A,rail]"
    assert ranked(rows)[-1] == "od.time_h[A,B]"


def test_nothing_is_no_change_whether_listed_or_not() -> None:
    rows = {"crossing.tonnes_per_year[A,rail]": (NAN, 0.0), "total.mean_time_h": (3.0, 3.0 * (1 + 1e-14))}
    assert changed_rows(comparison(rows), ["a", "b"]).empty
    assert len(changed_rows(comparison({"od.time_h[A,B]": (NAN, 3.0)}), ["a", "b"])) == 1


def test_what_demand_decides_is_fixed_or_given() -> None:
    rows = {
        "country.exports_tonnes_per_year[KGZ]": (5.0, 5.0),
        "country.exports_tonnes_per_year[KGZ,ALL,rail]": (2.0, 3.0),
        "total.tonnes_per_year": (5.0, 6.0),
        "total.mean_time_h": (5.0, 5.0),
    }
    assert notes_of(comparison(rows), ["a", "b"]) == [FIXED, "", GIVEN, ""]


def test_what_a_result_was_saved_without_is_not_new() -> None:
    table = comparison({"corridor.tonnes_per_year[c1,road]": (NAN, 5.0), "mode.tkm_per_year[road]": (3.0, 4.0)})
    old, new = {"link": pd.DataFrame()}, {"link": pd.DataFrame(), "corridor_performance": pd.DataFrame()}
    table["note"] = notes_of(table, ["a", "b"], [old, new])
    assert table["note"].tolist() == [NOT_KNOWN, ""]
    assert list(changed_rows(table, ["a", "b"]).index) == ["mode.tkm_per_year[road]"]
    assert list(ranked_by_change(table, ["a", "b"]).index) == ["mode.tkm_per_year[road]", table.index[0]]


def test_a_comparison_shows_values_in_a_narrow_terminal(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "two"))
    long = "The year 2030 with a bypass and with whatever else was built by then in either of the countries"
    base, plan = ll.solve(study.scenario("today")), ll.solve(study.scenario("bypass-2030"), label=long)
    table = ll.compare(base, plan)
    assert list(table.columns) == ["Today", "bypass-2030", "unit", "note", "change", "change_pct"]
    assert table.attrs["labels"] == {"Today": "Today", "bypass-2030": long}
    with pd.option_context("display.width", 80, "display.max_columns", 0, "display.show_dimensions", False):
        first = repr(table.loc[["total.mean_time_h"]]).splitlines()[-1].split()
    assert float(first[1]) == pytest.approx(base.indicator("total.mean_time_h"), rel=1e-3)
    assert float(first[-1]) == pytest.approx(table.loc["total.mean_time_h", "change_pct"], rel=1e-3)
    # What changed most comes first, what did not comes last.
    table = ll.compare(base, ll.solve(study.apply("easy-gate"), label="easier"))
    assert abs(table["change_pct"].iloc[0]) > 1
    assert table["change"].iloc[-1] == 0
