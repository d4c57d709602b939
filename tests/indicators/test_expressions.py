"""The grammar of indicators, its units, and what it refuses."""

from __future__ import annotations

import pandas as pd
import pytest

import landlink as ll
from landlink.core.errors import UnknownNameError
from landlink.core.registry import Registry
from landlink.indicators.expressions import canonical_form, parse_expression, split_terms, unit_of
from landlink.indicators.registry import INDICATORS, Indicator, TableView
from landlink.indicators.units import parse_unit
from tests.support.small_study import write_small_study


def view() -> TableView:
    od = pd.DataFrame({"tonnes_per_year": [1.0, 3.0], "time_h": [10.0, 20.0], "generalised_cost_usd_per_t": [1.0, 2.0]})
    link = pd.DataFrame({"tonnes_per_year": [4.0], "length_km": [25.0], "link_id": ["A+B/C"], "mode": ["road"]})
    return TableView({"od": od, "link": link})


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("total.tonnes_per_year", 4.0, "t/year"),
        ("total.tonnes_per_year + total.tonnes_per_year", 8.0, "t/year"),
        ("total.tkm_per_year / total.tonnes_per_year", 25.0, "tkm/year per t/year"),
        ("total.tonnes_per_year / total.tonnes_per_year", 1.0, ""),
        ("link.tonnes_per_year[A+B/C]", 4.0, "t/year"),
        ("total.mean_time_h", 17.5, "h"),
    ],
)
def test_values_and_units(text: str, value: float, unit: str) -> None:
    assert parse_expression(text).value(view()) == pytest.approx(value)
    assert unit_of(text) == unit


def test_nothing_divided_by_nothing_is_no_number() -> None:
    empty = TableView({"od": view()["od"].iloc[:0]})
    value = parse_expression("total.tonnes_per_year / total.tonnes_per_year").value(empty)
    assert value != value  # noqa: PLR0124


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("total.tonnes_per_yaer", ["no such indicator", "did you mean 'total.tonnes_per_year'"]),
        ("total.tkm_per_year / total.mean_time_h / total.mean_time_h", ["more than one division"]),
        ("crossing.trucks_per_day", ["crossing.trucks_per_day[crossing[,direction]]"]),
        ("crossing.trucks_per_day[A,ab,B]", ["crossing.trucks_per_day[crossing[,direction]]"]),
        ("crossing.trucks_per_day[A", ["crossing.trucks_per_day[A"]),
        ("total.tonnes_per_year[A]", ["total.tonnes_per_year"]),
        ("total.tonnes_per_year +", ["no such indicator"]),
        ("crossing.trucks_per_day[A] + total.tonnes_per_year", ["vehicles/day", "t/year", "terms of the same unit"]),
        ("total.mean_time_h / total.tonnes_per_year + total.mean_time_h", ["t/year", "in h"]),
    ],
)
def test_refused(text: str, words: list[str]) -> None:
    with pytest.raises(UnknownNameError) as error:
        parse_expression(text)
    for word in words:
        assert word in str(error.value)


def test_a_fault_inside_an_indicator_is_not_taken_for_a_wrong_number_of_arguments() -> None:
    def broken(_: TableView) -> float:
        raise TypeError("a fault inside")

    name = "test.broken"
    declared = Indicator(name, "", parse_unit("t"), "Breaks.", (), broken)
    INDICATORS.include([declared])
    try:
        with pytest.raises(TypeError, match="a fault inside"):
            parse_expression(name).value(view())
    finally:
        INDICATORS._items.pop(name)
        parse_expression.cache_clear()


def test_terms_are_split_outside_brackets_only() -> None:
    assert split_terms("a[x+y] + b / c[p/q]") == [["a[x+y]", "b"], ["c[p/q]"]]
    assert canonical_form("b + a[ x ]") == canonical_form("a[x]+b")


def test_names_are_taken_once() -> None:
    registry: Registry[Indicator] = Registry("things")
    one = Indicator("a", "", parse_unit("t"), "", (), float)
    registry.include([one])
    with pytest.raises(ValueError, match="'a'"):
        registry.include([Indicator("a", "", parse_unit("h"), "", (), float)])


OBSERVED = "observed_id,what,value,unit,indicator,scale,scale_unit\n"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("O1,Trucks,5,t,crossing.trucks_per_day[GATE],1,", ["vehicles/day", "found 't'"]),
        ("O1,All,5,km,total.tonnes_per_year,1,", ["t/year", "found 'km'"]),
        ("O1,All,5,furlongs,total.tonnes_per_year,1,", ["'furlongs' is not a known unit"]),
        ('O1,Rate,5,USD/FEU,"od.cost_usd_per_t[Z1,Z2]",20,', ["USD/t", "scale_unit"]),
        ("O1,Sum,5,t,total.tonnes_per_year + crossing.trucks_per_day[GATE],1,", ["t/year", "vehicles/day"]),
    ],
)
def test_observations_in_another_unit_than_their_indicator_are_refused(row: str, words: list[str], tmp_path) -> None:
    with pytest.raises(ll.InputError) as error:
        ll.open_study(write_small_study(tmp_path / "s", observed=OBSERVED + row + "\n"))
    for word in words:
        assert word in str(error.value)


@pytest.mark.parametrize(
    "row",
    [
        "O1,All,0.7,Mt,total.tonnes_per_year,0.000001,",
        "O1,Trucks,100,per day,crossing.trucks_per_day[GATE],1,",
        'O1,Trucks,100,,"od.time_h[Z1,Z2] / od.time_h[Z2,Z1]",1,',
        'O1,Rate,5,USD/FEU,"od.cost_usd_per_t[Z1,Z2]",20,t/FEU',
    ],
)
def test_observations_that_can_be_compared_are_accepted(row: str, tmp_path) -> None:
    ll.open_study(write_small_study(tmp_path / "s", observed=OBSERVED + row + "\n"))
