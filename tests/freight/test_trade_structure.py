"""Structure of trade: shares, concentration, unit values and balances by hand; exposure follows the routes."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import landlink as ll
from tests.support.small_study import TABLES, write_small_study
from tests.support.three_countries import THREE, solved

GRAIN, MACHINERY = 300.0, 8000.0


def grouped() -> str:
    """Commodities with groups and stages; the last has neither."""
    head, *rows = TABLES["commodity"].strip().splitlines()
    more = {"grain": ",farm,raw", "machinery": ",works,final"}
    return (
        "\n".join([head + ",group,processing_stage", *(row + more.get(row.split(",")[0], ",,") for row in rows)]) + "\n"
    )


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> ll.Result:
    return solved(tmp_path_factory.mktemp("s") / "three", **THREE, commodity=grouped())


EXPORTS = 140_000 * GRAIN + 30_000 * MACHINERY


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        ("country.exports_group_share[AAA,farm]", 140_000 * GRAIN / EXPORTS),
        ("country.exports_stage_share[AAA,final]", 30_000 * MACHINERY / EXPORTS),
        ("country.exports_stage_share[AAA,intermediate]", 0.0),
        ("country.imports_stage_share[AAA,final]", 1.0),
        (
            "country.exports_goods_hhi[AAA]",
            (100 * 140_000 * GRAIN / EXPORTS) ** 2 + (100 * 30_000 * MACHINERY / EXPORTS) ** 2,
        ),
        (
            "country.exports_partners_hhi[AAA]",
            (100 * 100_000 * GRAIN / EXPORTS) ** 2 + (100 * (40_000 * GRAIN + 30_000 * MACHINERY) / EXPORTS) ** 2,
        ),
        ("country.imports_goods_hhi[AAA]", 10_000.0),
        ("country.exports_unit_value_usd_per_t[AAA]", EXPORTS / 170_000),
        ("country.exports_unit_value_usd_per_t[AAA,BBB]", GRAIN),
        ("country.trade_balance_musd_per_year[AAA]", (EXPORTS - 10_000 * MACHINERY) / 1e6),
        ("country.trade_balance_musd_per_year[AAA,BBB]", 100_000 * GRAIN / 1e6),
        (
            "country.trade_balance_musd_per_year[CCC,AAA]",
            -(40_000 * GRAIN + 20_000 * MACHINERY) / 1e6,
        ),
        ("country_pair.trade_imbalance[AAA,BBB]", 1.0),
        (
            "country_pair.trade_imbalance[CCC,AAA]",
            (40_000 * GRAIN + 20_000 * MACHINERY) / (40_000 * GRAIN + 40_000 * MACHINERY),
        ),
        (
            "country_pair.trade_goods_hhi[AAA,CCC]",
            1e4 * ((40_000 * GRAIN) ** 2 + (40_000 * MACHINERY) ** 2) / (40_000 * GRAIN + 40_000 * MACHINERY) ** 2,
        ),
    ],
)
def test_figures_by_hand(indicator: str, value: float, result: ll.Result) -> None:
    assert result.indicator(indicator) == pytest.approx(value, rel=1e-9)


def test_countries_without_trade_have_no_concentration(result: ll.Result) -> None:
    assert math.isnan(result.indicator("country.exports_goods_hhi[ZZZ]"))
    assert math.isnan(result.indicator("country_pair.trade_imbalance[AAA,ZZZ]"))
    assert result.indicator("country.trade_balance_musd_per_year[ZZZ]") == 0


def test_shares_of_every_dimension_add_up(result: ll.Result) -> None:
    table = result["trade_structure"]
    sums = table.groupby(["country", "flow", "dimension"])[["value_share", "tonnes_share"]].sum()
    assert sums.to_numpy() == pytest.approx(1.0)
    assert set(table["dimension"]) == {"partner", "commodity", "group", "processing_stage"}


def test_without_groups_and_stages_trade_is_divided_by_partner_and_commodity(tmp_path: Path) -> None:
    assert set(solved(tmp_path / "s", **THREE)["trade_structure"]["dimension"]) == {"partner", "commodity"}


def test_all_that_has_one_way_passes_it_and_own_borders_are_named(result: ll.Result) -> None:
    whole = result["crossing_exposure"].query("family == 'all'").set_index(["country", "flow", "commodity_id"])
    assert whole.at[("AAA", "export", "ALL"), "crossing_id"] == "AB"
    assert whole.at[("AAA", "export", "ALL"), "value_share"] == pytest.approx(1.0)
    # All of it passes AB as well, which is no border of CCC.
    assert whole.at[("CCC", "export", "ALL"), "crossing_id"] == "BC"
    assert whole["own_border"].all()


def test_families_of_a_single_crossing_add_up_to_it(result: ll.Result) -> None:
    road, rail = (result.indicator(f"country.exports_crossing_exposure[AAA,grain,{way}]") for way in ("road", "rail"))
    assert 0.1 < rail < 0.9
    assert road + rail == pytest.approx(result.indicator("country.exports_crossing_exposure[AAA,grain]"))


def test_a_second_crossing_makes_a_country_less_exposed(tmp_path: Path) -> None:
    link = THREE["link"] + "R3,N1,N2,0,101,60,road,AAA,AD\n"
    crossing = THREE["crossing"] + "AD,road,Third gate,,AAA,BBB,6,5\n"
    alone = solved(tmp_path / "a", **THREE)
    routes = solved(tmp_path / "b", **{**THREE, "link": link, "crossing": crossing})
    exposure = "country.exports_crossing_exposure[AAA,ALL,road]"
    assert routes.indicator(exposure) <= alone.indicator(exposure)
    table = routes["crossing_exposure"].query("country == 'AAA' and flow == 'export' and family == 'road'")
    by_commodity = routes["crossing_commodity"].query("family == 'road' and direction == 'ab'")
    grain = by_commodity[by_commodity["commodity_id"] == "grain"].set_index("crossing_id")["tonnes_per_year"]
    named = table.set_index("commodity_id").at["grain", "crossing_id"]
    assert grain[named] == pytest.approx(grain[[one for one in grain.index if one != "BC"]].max())


def test_shares_are_fixed_by_the_demand_and_exposure_is_not() -> None:
    from landlink.indicators.registry import INDICATORS  # noqa: PLC0415  the registry of the package as it is imported

    assert INDICATORS["country.exports_goods_hhi"].is_fixed(("AAA",))
    assert not INDICATORS["country.exports_crossing_exposure"].is_fixed(("AAA",))
    assert INDICATORS["country_pair.load_ratio"].is_fixed(("AAA", "BBB"))
    assert not INDICATORS["country_pair.load_ratio"].is_fixed(("AAA", "BBB", "road"))


def test_an_unknown_stage_is_an_error(tmp_path: Path) -> None:
    commodity = grouped().replace(",works,final", ",works,finished")
    with pytest.raises(ll.InputError, match="raw, intermediate, final"):
        ll.open_study(write_small_study(tmp_path / "s", **THREE, commodity=commodity))


def test_a_study_without_crossings_depends_on_none(tmp_path: Path) -> None:
    tables = {name: THREE[name] for name in ("node", "zone", "demand", "measure", "effect")}
    link = THREE["link"].replace(",AB\n", ",\n").replace(",BC\n", ",\n")
    head = THREE["crossing"].partition("road")[0].rsplit("\n", 1)[0] + "\n"
    result = solved(tmp_path / "s", **tables, link=link, crossing=head)
    assert result["crossing_exposure"].empty
    assert result.indicator("country.exports_crossing_exposure[AAA]") == 0
    assert set(result["load_balance"]["basis"]) <= {"trade"}
