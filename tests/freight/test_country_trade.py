"""Trade of countries: figures by hand, and sums that must agree whichever way they are taken."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import INDICATORS
from tests.support.small_study import TABLES, write_small_study
from tests.support.three_countries import THREE


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ll.Result:
    path = write_small_study(tmp_path_factory.mktemp("s") / "three", **THREE)
    settings = (path / "study.toml").read_text(encoding="utf-8").partition("[[scenario]]")[0]
    (path / "study.toml").write_text(settings, encoding="utf-8")
    return ll.solve(ll.open_study(path))


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        ("country.exports_tonnes_per_year[AAA]", 170_000),
        ("country.exports_tonnes_per_year[AAA,BBB]", 100_000),
        ("country.exports_tonnes_per_year[AAA,CCC]", 70_000),
        ("country.exports_tonnes_per_year[AAA,CCC,all,grain]", 40_000),
        ("country.imports_tonnes_per_year[AAA]", 10_000),
        ("country.exports_musd_per_year[AAA,CCC]", (40_000 * 300 + 30_000 * 8000) / 1e6),
        ("country.domestic_tonnes_per_year[AAA]", 7_000),
        ("country.transit_tonnes_per_year[BBB]", 80_000),
        ("country_pair.trade_musd_per_year[AAA,CCC]", (40_000 * 300 + 40_000 * 8000) / 1e6),
        ("country_pair.trade_balance_musd_per_year[AAA,CCC]", (40_000 * 300 + 20_000 * 8000) / 1e6),
        ("country.exports_tonnes_per_year[ZZZ]", 0),
    ],
)
def test_figures_by_hand(indicator: str, value: float, result: ll.Result) -> None:
    assert result.indicator(indicator) == pytest.approx(value, rel=1e-9)


def test_transit_of_the_table_is_that_of_the_countries(result: ll.Result) -> None:
    table = result["country_trade"].query("flow == 'transit'")
    sums = table.groupby("country")["tonnes_per_year"].sum()
    of_countries = result["country"].query("family == 'all'").set_index("country")["transit_tonnes_per_year"]
    assert sums.to_dict() == pytest.approx({"BBB": 80_000}, rel=1e-9)
    assert of_countries["BBB"] == pytest.approx(sums["BBB"], rel=1e-12)


def test_sums_over_partners_alternatives_and_commodities_are_the_total(result: ll.Result) -> None:
    table = result["country_trade"]
    for flow in ("export", "import"):
        for country in ("AAA", "BBB", "CCC"):
            total = result.indicator(f"country.{flow}s_tonnes_per_year[{country}]")
            part = table[(table["flow"] == flow) & (table["country"] == country)]
            by_partner = [
                result.indicator(f"country.{flow}s_tonnes_per_year[{country},{partner}]")
                for partner in part["partner"].unique()
            ]
            by_way = [
                result.indicator(f"country.{flow}s_tonnes_per_year[{country},ALL,{way}]") for way in ("road", "rail")
            ]
            by_good = [
                result.indicator(f"country.{flow}s_tonnes_per_year[{country},ALL,all,{good}]")
                for good in ("grain", "machinery")
            ]
            assert sum(by_partner) == pytest.approx(total, rel=1e-12)
            assert sum(by_way) == pytest.approx(total, rel=1e-12)
            assert sum(by_good) == pytest.approx(total, rel=1e-12)


def test_exports_of_one_country_to_another_are_imports_of_that_from_it(result: ll.Result) -> None:
    for one in ("AAA", "BBB", "CCC"):
        for other in {"AAA", "BBB", "CCC"} - {one}:
            sent = result.indicator(f"country.exports_tonnes_per_year[{one},{other}]")
            assert sent == result.indicator(f"country.imports_tonnes_per_year[{other},{one}]")
            assert sent == pytest.approx(result.indicator(f"country_pair.tonnes_per_year[{one},{other}]"), rel=1e-12)


def test_the_value_is_the_tonnes_at_the_value_density(result: ll.Result) -> None:
    table = result["country_trade"]
    density = table["commodity_id"].map({"grain": 300.0, "machinery": 8000.0})
    assert (table["tonnes_per_year"] * density).tolist() == pytest.approx(table["value_usd_per_year"].tolist())


def test_only_countries_of_the_region_are_listed(result: ll.Result) -> None:
    listed = result.indicators["indicator"]
    assert "country.exports_tonnes_per_year[AAA]" in set(listed)
    assert not any(name.startswith(("country.exports", "country.imports")) and "[CCC" in name for name in listed)


@pytest.mark.parametrize(
    ("indicator", "fixed"),
    [
        ("country.exports_tonnes_per_year[AAA]", True),
        ("country.exports_tonnes_per_year[AAA,BBB]", True),
        ("country.exports_tonnes_per_year[AAA,BBB,all,grain]", True),
        ("country.exports_tonnes_per_year[AAA,ALL,rail]", False),
        ("country.domestic_tonnes_per_year[AAA]", True),
        ("country.domestic_tonnes_per_year[AAA,road]", False),
        ("country.transit_tonnes_per_year[BBB]", False),
        ("total.tonnes_per_year", True),
        ("total.tkm_per_year", False),
        ("od.tonnes_per_year[Z1,Z2]", True),
        ("od.tonnes_per_year[Z1,Z2,rail]", False),
        ("country.exports_tonnes_per_year[AAA] / total.tonnes_per_year", True),
        ("country.exports_tonnes_per_year[AAA,ALL,rail] / country.exports_tonnes_per_year[AAA]", False),
    ],
)
def test_what_the_demand_alone_decides_says_so(indicator: str, fixed: bool) -> None:
    assert parse_expression(indicator).fixed_by_demand is fixed


def test_what_is_fixed_does_not_change_where_only_the_network_does(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "two"))
    base, plan = (ll.solve(study.scenario(name)) for name in ("today", "bypass-2030"))
    for name, value in base.indicators.set_index("indicator")["value"].items():
        expression = parse_expression(str(name))
        if expression.fixed_by_demand:
            assert plan.indicator(str(name)) == pytest.approx(value, rel=1e-9), name
    names = {name for name, one in INDICATORS.items() if one.fixed_when_demand_fixed is not None}
    assert {"country.exports_tonnes_per_year", "country_pair.tonnes_per_year", "total.tonnes_per_year"} <= names
    assert TABLES["demand"].count("\n") > 2
