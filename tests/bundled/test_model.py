"""The bundled study solved: certified, in balance with itself, and moved by measures the way it must be."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.results.result import Result
from landlink.study import Study
from landlink.tables.schemas import TABLES
from tests.support.bundled import bundled_study

RAILWAY = "cku-railway"
#: Countries that the sea does not reach: all their trade passes crossings.
LANDLOCKED = ("KGZ", "KAZ", "UZB", "TJK", "TKM", "AFG")


@pytest.fixture(scope="module")
def study() -> Study:
    return bundled_study()


@pytest.fixture(scope="module")
def base(study) -> Result:
    """2023 with the railway applied, which is not there yet: as it stands, and a note that says so."""
    return ll.solve(study.apply(RAILWAY))


@pytest.fixture(scope="module")
def railway(study) -> Result:
    return ll.solve(study.apply(RAILWAY).at(2030), options=ll.SolverOptions(relative_gap=1e-4))


@pytest.fixture(scope="module")
def without_irkeshtam(study) -> Result:
    return ll.solve(study.apply("close-irkeshtam"), options=ll.SolverOptions(relative_gap=1e-4))


def test_the_base_year_is_solved_and_conserves_tonnes(base):
    kept = base.provenance.certificate
    assert kept.converged
    assert 0 <= kept.relative_gap <= kept.target_gap == 1e-6
    assert kept.conservation < 1e-9
    assert kept.iterations < 200


def test_rail_has_the_share_of_china_europe_that_it_had_in_2023(base):
    """211 of 772 thousand TEU by rail: an observation, to which the constant of the sea is fitted."""
    od, zone = base["od"], base["zone"]
    china = set(zone.loc[zone["country"] == "CHN", "zone_id"])
    there = od["origin_zone_id"].isin(china) & (od["destination_zone_id"] == "G-EUR")
    back = (od["origin_zone_id"] == "G-EUR") & od["destination_zone_id"].isin(china)
    between = od[there | back]
    rail = between.loc[between["alternative"] == "rail", "tonnes_per_year"].sum()
    assert rail / between["tonnes_per_year"].sum() == pytest.approx(0.27, abs=0.03)


def test_provenance_is_complete(study, base):
    run, presentation = base.provenance.run, base.provenance.presentation
    assert run.study == "china-kyrgyzstan"
    assert run.study_hash == study.apply(RAILWAY).hash != study.hash
    assert (run.year, run.base_year, run.seed) == (2023, 2023, 1)
    assert run.landlink
    assert run.finished_at
    for name in ("title", "licence", "disclaimer", "label", "headline", "headline_title"):
        assert getattr(presentation, name), name
    assert any("OpenStreetMap" in text for text in presentation.attribution)
    assert {"python", "numpy", "numba", "pandas"} <= set(run.versions)
    assert {"RL020", "RL026"} <= set(run.changed_links)
    assert {"TORU/rail", "KHAN/rail"} <= set(run.changed_crossings)
    for table, counted in presentation.quality.items():
        assert set(counted) <= {"measured", "published", "estimated"}
        assert sum(counted.values()) == len(study.table(table))


def test_the_railway_carries_freight_once_it_is_open_and_none_before(base, railway):
    assert "TORU/rail" not in set(base.tables["crossing"]["crossing_id"] + "/" + base.tables["crossing"]["family"])
    assert not base.indicator("crossing.tonnes_per_year[TORU,rail]") > 0
    assert base.provenance.presentation.notes[0] == f"{RAILWAY} has no effect in 2023: it is not in force then"
    assert [m.in_force for m in base.provenance.run.measures] == [False]
    assert railway.indicator("crossing.tonnes_per_year[TORU,rail]") > 1e6
    assert not any("not in force" in note for note in railway.provenance.presentation.notes)
    assert [m.in_force for m in railway.provenance.run.measures] == [True]
    link = railway.tables["link"].set_index("link_id")
    assert link.loc["RL020", "tonnes_per_year"].sum() == pytest.approx(
        railway.indicator("crossing.tonnes_per_year[TORU,rail]"), rel=1e-9
    )


def test_a_closed_crossing_sends_its_freight_elsewhere_and_loses_none(base, without_irkeshtam):
    shut = without_irkeshtam.tables["crossing"]
    assert "IRKE" not in set(shut["crossing_id"])
    assert not {"RD033"} & set(without_irkeshtam.tables["link_commodity"].query("tonnes_per_year > 1")["link_id"])
    total = "total.tonnes_per_year"
    assert without_irkeshtam.indicator(total) == pytest.approx(base.indicator(total), rel=1e-9)
    assert base.indicator("crossing.tonnes_per_year[IRKE,road]") > 1e6
    others = without_irkeshtam.indicator("crossing.tonnes_per_year[TORU,road]")
    assert others > base.indicator("crossing.tonnes_per_year[TORU,road]")
    cost = "total.generalised_cost_musd_per_year"
    assert without_irkeshtam.indicator(cost) > base.indicator(cost)


@pytest.mark.parametrize("country", LANDLOCKED)
@pytest.mark.parametrize("case", ["base", "railway", "without_irkeshtam"])
def test_what_crosses_a_border_is_what_zones_send_and_attract(case: str, country: str, request):
    result = request.getfixturevalue(case)
    crossing, od, zone = (result.tables[name] for name in ("crossing", "od", "zone"))
    into = crossing.loc[crossing["to_country"] == country, "tonnes_per_year"].sum()
    out = crossing.loc[crossing["from_country"] == country, "tonnes_per_year"].sum()
    own = set(zone.loc[zone["country"] == country, "zone_id"])
    attracts = od.loc[od["destination_zone_id"].isin(own), "tonnes_per_year"].sum()
    sends = od.loc[od["origin_zone_id"].isin(own), "tonnes_per_year"].sum()
    assert into - out == pytest.approx(attracts - sends, abs=1e-6 * (into + out))
    # Whatever neither begins nor ends here is transit. What a ferry takes from the port on runs on no link of its own.
    home = od["origin_zone_id"].isin(own) | od["destination_zone_id"].isin(own)
    row = result.tables["country"].set_index(["country", "family"]).loc[(country, "all")]
    unseen = od.loc[home, "tonnes_per_year"].sum() - row["tonnes_per_year"] + row["transit_tonnes_per_year"]
    here = (crossing["from_country"] == country) | (crossing["to_country"] == country)
    by_ferry = crossing.loc[here & (crossing["family"] == "water"), "tonnes_per_year"].sum()
    assert -1e-6 * into <= unseen <= by_ferry + 1e-6 * into
    within = od.loc[od["origin_zone_id"].isin(own) & od["destination_zone_id"].isin(own), "tonnes_per_year"].sum()
    assert into >= (attracts - within + row["transit_tonnes_per_year"]) * (1 - 1e-9)


def test_borders_add_up_over_crossings_and_commodities(base):
    crossing = base.tables["crossing"]
    by_good = base.tables["crossing_commodity"].groupby(["crossing_id", "family", "direction"])["tonnes_per_year"].sum()
    whole = crossing.set_index(["crossing_id", "family", "direction"])["tonnes_per_year"]
    assert by_good.reindex(whole.index, fill_value=0).to_numpy() == pytest.approx(whole.to_numpy(), rel=1e-9, abs=1e-6)
    for (start, end, family), rows in crossing.groupby(["from_country", "to_country", "family"]):
        border = base.indicator(f"border.tonnes_per_year[{start},{end},{family}]")
        assert border == pytest.approx(rows["tonnes_per_year"].sum(), rel=1e-9)


def test_links_add_up_over_commodities_and_od_to_the_demand(study, base):
    link = base.tables["link"].set_index(["link_id", "direction"])["tonnes_per_year"]
    by_good = base.tables["link_commodity"].groupby(["link_id", "direction"])["tonnes_per_year"].sum()
    assert by_good.reindex(link.index, fill_value=0).to_numpy() == pytest.approx(link.to_numpy(), rel=1e-9, abs=1e-6)
    keys = ["origin_zone_id", "destination_zone_id", "commodity_id"]
    demand = study.tables_in(2023)["demand"].query("tonnes_per_year > 0").groupby(keys)["tonnes_per_year"].sum()
    carried = base.tables["od"].groupby(keys)["tonnes_per_year"].sum()
    assert carried.reindex(demand.index).to_numpy() == pytest.approx(demand.to_numpy(), rel=1e-9)
    assert len(carried) == len(demand)


def test_tonne_kilometres_of_modes_links_and_journeys_agree(base):
    link, od, mode = (base.tables[name] for name in ("link", "od", "mode"))
    on_links = (link["tonnes_per_year"] * link["length_km"]).sum()
    assert mode["tkm_per_year"].sum() == pytest.approx(on_links, rel=1e-9)
    access = base.tables["zone"].set_index("zone_id")["access_km"]
    ends = od["origin_zone_id"].map(access) + od["destination_zone_id"].map(access)
    travelled = ((od["distance_km"] - ends) * od["tonnes_per_year"]).sum()
    assert travelled == pytest.approx(on_links, rel=1e-9)


def test_nothing_is_negative_or_faster_than_free(base):
    for name in ("link", "crossing", "terminal"):
        table = base.tables[name]
        assert (table["tonnes_per_year"] >= 0).all(), name
        assert (table["time_h"] >= table["free_time_h"] - 1e-9).all(), name
    od = base.tables["od"]
    parts = od[["run_h", "stop_h", "terminal_h", "crossing_h", "access_h"]]
    assert (parts >= 0).all().all()
    assert od["time_h"].to_numpy() == pytest.approx(parts.sum(axis=1).to_numpy())
    assert (od["money_usd_per_t"] > 0).all()


def test_observed_check_points_have_a_verdict_or_say_why_not(base):
    table = base.tables["observed"]
    points = table[table["heading"] == "Check points"]
    assert len(points) >= 20
    judged = points["verdict"].isin(["within", "outside", "kept", "broken", "input"])
    assert judged.sum() > len(points) / 3
    silent = points[~judged & (points["note"] == "")]
    assert silent["observed_id"].tolist() == []
    assert table.loc[table["indicator"] == "", "note"].ne("").all()
    stated = table["tolerance"].notna() & np.isfinite(table["model"]) & (table["why_not"] == "")
    assert table.loc[stated, "verdict"].isin(["within", "outside", "kept", "broken", "input"]).all()


BUNDLE = files("landlink") / "studies" / "china-kyrgyzstan"
WITH_SOURCE = [
    name for name, table in TABLES.items()
    if {"quality", "source"} <= set(table.by_name) and (BUNDLE / f"{name}.csv").is_file()
]  # fmt: skip


@pytest.mark.parametrize("name", WITH_SOURCE)
def test_every_row_says_how_sure_it_is_and_where_it_comes_from(name: str):
    rows = pd.read_csv(str(BUNDLE / f"{name}.csv"), dtype=str, keep_default_na=False)
    for column in ("quality", "source"):
        key = rows.columns[0]
        assert rows.loc[rows[column] == "", key].tolist() == [], column
