"""The bundled study's demand: its totals, its sources, and that the scripts make it again byte for byte."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from tools.china_kyrgyzstan import demand, demand_report, fitted
from tools.china_kyrgyzstan.__main__ import write
from tools.china_kyrgyzstan.flows import Flow
from tools.china_kyrgyzstan.reexports import MARKETS
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.tonnes_inputs import read_inputs, read_totals
from tools.china_kyrgyzstan.trade_matrix import read_arrivals, read_baci, regional_values
from tools.china_kyrgyzstan.trade_shares import Shares
from tools.china_kyrgyzstan.value_densities import Densities
from tools.china_kyrgyzstan.zone_shares import SENDS, SENDS_TO, TAKES, TAKES_FROM, Zones

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "src/landlink/studies/china-kyrgyzstan"
FACTS = ROOT.parent / "shared" / "facts"
TABLES = ("commodity", "growth", "gateway", "demand")

facts = pytest.mark.skipif(not FACTS.is_dir(), reason="needs the shared folder beside the checkout")


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    names = (*TABLES, "zone", "vehicle", "source")
    return {name: pd.read_csv(STUDY / f"{name}.csv", dtype=str, keep_default_na=False) for name in names}


@pytest.fixture(scope="module")
def trips(tables) -> pd.DataFrame:
    country = dict(zip(tables["zone"]["zone_id"], tables["zone"]["country"], strict=True))
    rows = tables["demand"].copy()
    rows["tonnes"] = rows["tonnes_per_year"].astype(float)
    rows["origin"] = rows["origin_zone_id"].map(country)
    rows["destination"] = rows["destination_zone_id"].map(country)
    return rows


@pytest.fixture(scope="module")
def flows() -> list[Flow]:
    return demand.all_flows(FACTS, Sources())


def total(trips: pd.DataFrame, **where: str) -> float:
    for column, value in where.items():
        trips = trips[trips[column] == value]
    return trips["tonnes"].sum()


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_comes_from_and_how_sure_it_is(tables, name):
    known = set(tables["source"]["source_id"])
    assert (tables[name]["source"] != "").all()
    assert {source for cell in tables[name]["source"] for source in cell.split(";")} <= known
    assert tables[name]["quality"].isin(["measured", "published", "estimated"]).all()


def test_demand_is_positive_between_different_known_zones_once_each(tables, trips):
    assert (trips["tonnes"] > 0).all()
    assert trips["origin"].notna().all()
    assert trips["destination"].notna().all()
    assert (trips["origin_zone_id"] != trips["destination_zone_id"]).all()
    assert set(trips["commodity_id"]) == set(tables["commodity"]["commodity_id"])
    assert not trips.duplicated(["origin_zone_id", "destination_zone_id", "commodity_id", "kind"]).any()


def test_demand_stays_small_enough_to_read_and_to_carry(tables):
    assert len(tables["demand"]) < 20_000
    assert (STUDY / "demand.csv").stat().st_size < 2_000_000


def test_every_zone_of_the_region_receives_and_all_but_six_send(tables, trips):
    internal = set(tables["zone"].loc[tables["zone"]["kind"] != "gateway", "zone_id"])
    # Zones with a small part of their country's product and no mine or mill of the tables: all they send lies
    # under the smallest flow that is kept.
    small = {"KZ-KZY", "KZ-ZHT", "TJ-GB", "TJ-RA", "XJ-ALT", "XJ-KIZ"}
    assert internal - set(trips["origin_zone_id"]) == small
    assert internal <= set(trips["destination_zone_id"])


@pytest.mark.parametrize(
    ("origin", "destination", "commodity", "million_tonnes"),
    [
        ("KAZ", "UZB", "grain", 3.5),
        ("KAZ", "UZB", "coal", 3.1),
        ("KGZ", "UZB", "coal", 1.066),
        ("KAZ", "CHN", "grain", 2.2),
        ("RUS", "TJK", "petroleum", 1.413 * 0.633),
        ("KAZ", "RUS", "coal", 31.2 - 3.1 - 0.981 * 1.2),  # 20.3 to Russia, the rest through its ports
    ],
)
def test_published_tonnes_hold_between_zones_too(trips, origin, destination, commodity, million_tonnes):
    tonnes = total(trips, origin=origin, destination=destination, commodity_id=commodity)
    assert tonnes == pytest.approx(million_tonnes * 1e6, rel=1e-3)


def test_all_goods_between_russia_and_tajikistan_are_as_published(trips):
    assert total(trips, origin="TJK", destination="RUS") == pytest.approx(55_900, rel=0.01)
    # Mongolia and Belarus stand behind Russian gateways as well, so a little more arrives through them.
    assert 1.2621e6 <= total(trips, origin="RUS", destination="TJK") <= 1.45e6


def test_what_enters_a_kyrgyz_market_to_be_sold_on_leaves_it(trips):
    reexports = trips[trips["kind"] == "reexport"]
    for market in MARKETS:
        entering = reexports[reexports["destination_zone_id"] == market].groupby("commodity_id")["tonnes"].sum()
        leaving = reexports[reexports["origin_zone_id"] == market].groupby("commodity_id")["tonnes"].sum()
        assert entering.sum() > 1e5
        pd.testing.assert_series_equal(entering, leaving, atol=10, rtol=1e-3)  # whole tonnes, row by row
    assert set(reexports["destination"]) == {"KGZ", "RUS", "KAZ", "UZB"}
    assert set(reexports.loc[reexports["destination"] == "KGZ", "origin"]) == {"CHN"}


def test_transit_has_no_end_in_central_asia(trips):
    transit = trips[trips["kind"] == "transit"]
    region = {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    assert not set(transit["origin"]) & region
    assert not set(transit["destination"]) & region
    assert total(transit, origin="CHN", destination="POL") == pytest.approx(4.41e6, rel=1e-3)


def test_trade_has_an_end_in_central_asia(trips):
    trade = trips[trips["kind"] == "trade"]
    region = {"KAZ", "KGZ", "TJK", "TKM", "UZB"}
    assert (trade["origin"].isin(region) | trade["destination"].isin(region)).all()


def test_neighbours_trade_only_with_each_other(trips):
    pairs = trips[trips["kind"] == "neighbour"]
    members = {"AFG", "AZE", "GEO", "IRN", "PAK", "RUS", "TUR"}
    assert set(pairs["origin"]) | set(pairs["destination"]) <= members
    assert total(pairs, origin="IRN", destination="AFG") > 1e6
    # Nothing of a pair is in the transit too.
    held = set(zip(pairs["origin_zone_id"], pairs["destination_zone_id"], pairs["commodity_id"], strict=True))
    transit = trips[(trips["kind"] == "transit") & (trips["origin"] != "RUS") & (trips["destination"] != "RUS")]
    assert not held & set(
        zip(transit["origin_zone_id"], transit["destination_zone_id"], transit["commodity_id"], strict=True)
    )


def test_russian_freight_goes_by_geography(trips):
    """Each zone sends more to the Kazakh region beside it than that region's share of all imports from Russia."""
    rows = trips[(trips["origin"] == "RUS") & (trips["destination"] == "KAZ") & (trips["kind"] == "trade")]
    flow = rows.pivot_table(
        index="origin_zone_id", columns="destination_zone_id", values="tonnes", aggfunc="sum"
    ).fillna(0.0)
    assert len(flow) == 10
    share = flow.div(flow.sum(axis=1), axis=0)
    every = flow.sum() / flow.sum().sum()
    beside = {"G-VOLG": "KZ-ZAP", "G-OREN": "KZ-AKT", "G-CHEL": "KZ-KUS", "G-SIB": "KZ-PAV", "G-ROST": "KZ-ATY"}
    for zone, region in beside.items():
        assert share.loc[zone, region] > 1.15 * every[region], (zone, region)


def test_kazakh_grain_moves_as_flour_and_by_its_season(trips):
    # Half a year of flour counted as wheat, doubled, would be 2.29 Mt for Afghanistan, and 228 USD/t on its value.
    assert total(trips, origin="KAZ", destination="AFG", commodity_id="grain") == pytest.approx(1.404e6, rel=0.01)
    assert total(trips, origin="KAZ", destination="TJK", commodity_id="grain") == pytest.approx(0.615e6, rel=0.01)


def test_every_country_reaches_its_gateways_with_all_its_trade(tables):
    shares = tables["gateway"].assign(share=tables["gateway"]["share"].astype(float))
    assert (shares["share"] > 0).all()
    assert shares.groupby("country")["share"].sum().to_numpy() == pytest.approx(1.0)
    assert set(shares["zone_id"]) <= set(tables["zone"]["zone_id"])


def test_commodities_are_named_in_five_languages_and_can_be_carried(tables):
    goods = tables["commodity"]
    assert len(goods) == 16
    for column in ("name_en", "name_ru", "name_zh", "name_ky", "name_ar"):
        assert (goods[column] != "").all()
        assert goods[column].is_unique
    modes = {mode for cell in goods["modes"] for mode in cell.split(";") if mode}
    assert modes <= set(tables["vehicle"]["mode"])
    assert (goods["value_of_time_usd_per_t_h"].astype(float) >= 0.02).all()
    clothing = goods.set_index("commodity_id").loc["clothing"]
    assert float(clothing["load_factor"]) == pytest.approx(20 / 19, abs=1e-3)  # loaded to the upper end of its range


def test_growth_covers_the_horizon_without_gaps(tables):
    for _, spells in tables["growth"].groupby("commodity_id"):
        ends = sorted(zip(spells["year_from"].astype(int), spells["year_to"].astype(int), strict=True))
        assert ends == [(2023, 2030), (2030, 2040)]
    assert "*" in set(tables["growth"]["commodity_id"])


@facts
@pytest.mark.facts
def test_the_scripts_make_the_same_bytes(tables, tmp_path):
    built = demand.build(FACTS, Sources(), {"vehicle": tables["vehicle"].to_dict("records")})
    for name in TABLES:
        write(name, built[name], tmp_path)
        assert (tmp_path / f"{name}.csv").read_bytes() == (STUDY / f"{name}.csv").read_bytes(), name


@facts
@pytest.mark.facts
def test_cutting_small_cells_keeps_the_total_of_each_pair_of_countries(flows):
    zones = Zones(FACTS)
    for flow in demand.join_blocks(flows, Densities(FACTS)):
        cells = demand.spread(flow, zones)
        assert sum(cells.values()) == pytest.approx(flow.tonnes, rel=1e-9)
        assert len(cells) == 1 or min(cells.values()) >= demand.SMALLEST_T


@facts
@pytest.mark.facts
def test_published_flows_survive_unchanged_among_the_flows(flows):
    held = {(flow.origin, flow.destination, flow.commodity): flow for flow in flows if flow.kind == "trade"}
    inputs = read_inputs(FACTS)
    assert len(inputs) > 20
    for row in inputs:
        assert held[row.exporter, row.importer, row.commodity].tonnes == pytest.approx(row.tonnes)
    for (exporter, importer), (tonnes, _) in read_totals(FACTS).items():
        pair = sum(flow.tonnes for key, flow in held.items() if key[:2] == (exporter, importer))
        assert pair == pytest.approx(tonnes)


@facts
@pytest.mark.facts
def test_shares_of_value_never_exceed_the_value():
    shares = Shares(FACTS)
    baci = read_baci(FACTS)
    values = regional_values(baci, read_arrivals(FACTS, baci))
    for exporter, importer in values:
        groups, _ = shares.groups(exporter, importer)
        parts, _ = shares.commodities(exporter, importer)
        assert sum(groups.values()) == pytest.approx(1.0)
        assert 0.0 < sum(parts.values()) <= 1.0 + 1e-9
        assert min(parts.values()) > 0.0


@facts
@pytest.mark.facts
def test_zone_shares_add_up_and_name_zones():
    zones = Zones(FACTS)
    for table in (SENDS, SENDS_TO, TAKES, TAKES_FROM):
        for shares in table.values():
            assert sum(shares.values()) == pytest.approx(1.0)
            assert set(shares) <= zones.ids
    for country in ("CHN", "KAZ", "KGZ", "TKM", "TUR", "RUS"):
        assert sum(zones.sends(country, "machinery").shares.values()) == pytest.approx(1.0)
        assert sum(zones.takes(country, "ores").shares.values()) == pytest.approx(1.0)


@facts
@pytest.mark.facts
def test_a_fifth_of_the_value_from_china_stays_in_kyrgyzstan(flows):
    value: defaultdict[str, float] = defaultdict(float)
    worth = Densities(FACTS)
    for flow in flows:
        if flow.origin == "CHN" and (flow.destination == "KGZ" or flow.destination in MARKETS):
            value[flow.kind] += flow.tonnes * worth.usd_per_t(flow.commodity, "CHN", "KGZ")
    assert value["trade"] / sum(value.values()) == pytest.approx(0.20, abs=1e-6)


@facts
@pytest.mark.facts
def test_inputs_named_as_fitted_stand_in_the_facts():
    checks = pd.read_csv(FACTS / "check_points.csv")
    tonnes = pd.read_csv(FACTS / "tonnes.csv", dtype=str, keep_default_na=False)
    rows = set(zip(tonnes["scope"], tonnes["direction"], tonnes["commodity"], tonnes["period"], strict=True))
    assert set(fitted.FITTED) <= set(checks["id"])
    assert rows >= fitted.FITTED_TONNES


@facts
@pytest.mark.facts
def test_the_docs_hold_what_the_report_prints(capsys):
    demand_report.main(FACTS)
    assert capsys.readouterr().out.strip() in (ROOT / "docs/study/demand.md").read_text(encoding="utf-8")
