"""Units: read, compared, multiplied, divided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.indicators.units import ONE, UnknownUnitError, known_units, parse_unit
from landlink.tables.outputs import OUTPUTS
from landlink.tables.schemas import TABLES

WORDS = st.sampled_from([word for word in known_units() if word not in ("share", "ratio", "%")])
UNITS = st.lists(WORDS, min_size=1, max_size=3).map("/".join)


@pytest.mark.parametrize(
    ("text", "powers"),
    [
        ("t/year", {"mass": 1, "time": -1}),
        ("tkm/year", {"mass": 1, "length": 1, "time": -1}),
        ("million USD/year", {"money": 1, "time": -1}),
        ("USD/t/h", {"money": 1, "mass": -1, "time": -1}),
        ("vehicle-km/year", {"vehicle": 1, "length": 1, "time": -1}),
        ("per day", {"time": -1}),
        ("t/year per vehicles/day", {"mass": 1, "vehicle": -1}),
        ("", {}),
        ("share", {}),
    ],
)
def test_units_are_read_by_what_they_measure(text: str, powers: dict[str, int]) -> None:
    assert dict(parse_unit(text).powers) == powers


@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [("Mt", "t", 1e6), ("days", "h", 24.0), ("h", "days", 1 / 24), ("bn tkm", "tkm", 1e9), ("%", "", 0.01)],
)
def test_like_units_convert(source: str, target: str, factor: float) -> None:
    assert parse_unit(source).alike(parse_unit(target))
    assert parse_unit(source).factor / parse_unit(target).factor == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("one", "other"), [("t/year", "vehicles/day"), ("USD/t", "USD/FEU"), ("trains/day", "trucks/day")]
)
def test_units_of_different_things_are_not_alike(one: str, other: str) -> None:
    assert not parse_unit(one).alike(parse_unit(other))
    assert not parse_unit(one).same(parse_unit(other))


def test_things_counted_may_be_left_out_on_one_side_of_a_comparison() -> None:
    assert parse_unit("per day").alike(parse_unit("vehicles/day"))
    assert parse_unit("crossings/day").same(parse_unit("trucks/day"))


def test_a_rate_is_comparable_with_its_amount_over_a_span_of_time() -> None:
    rate = parse_unit("t/year")
    assert rate.alike_over_time(parse_unit("Mt"))
    assert rate.alike_over_time(parse_unit("t/day"))
    assert not rate.alike_over_time(parse_unit("km"))
    assert (parse_unit("USD/t") * parse_unit("t/FEU")).alike_over_time(parse_unit("USD/FEU"))


@given(UNITS)
def test_a_unit_over_itself_is_a_pure_number(text: str) -> None:
    unit = parse_unit(text)
    assert unit / unit == ONE


@given(UNITS, UNITS)
def test_a_ratio_reads_back_as_the_unit_that_it_is(one: str, other: str) -> None:
    ratio = parse_unit(one) / parse_unit(other)
    assert parse_unit(ratio.text).powers == ratio.powers
    assert parse_unit(ratio.text).factor == pytest.approx(ratio.factor, rel=1e-12)


@given(UNITS, UNITS)
def test_products_and_ratios_undo_each_other(one: str, other: str) -> None:
    a, b = parse_unit(one), parse_unit(other)
    back = (a * b) / b
    assert back.powers == a.powers
    assert back.factor == pytest.approx(a.factor, rel=1e-9)


def test_what_is_no_unit_is_named() -> None:
    with pytest.raises(UnknownUnitError, match="'each'"):
        parse_unit("trucks/day each way")


def test_every_unit_of_the_schemas_is_known() -> None:
    tables = [*TABLES.values(), *(output.table for output in OUTPUTS.values())]
    for table in tables:
        for column in table.columns:
            parse_unit(column.unit)
