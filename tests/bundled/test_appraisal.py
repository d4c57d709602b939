"""What the bundled study's measures cost: published amounts, rows with their sources, made again by the scripts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.appraisal.cash_flow import npv, periods_of
from landlink.appraisal.costs import cost_flows
from landlink.appraisal.financing import financing_flows
from landlink.study.price_base import PriceBase
from landlink.tables.appraisal_schemas import APPRAISAL_TABLES
from tools.china_kyrgyzstan import appraisal
from tools.china_kyrgyzstan.__main__ import write
from tools.china_kyrgyzstan.sources import Sources

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "src/landlink/studies/china-kyrgyzstan"
FACTS = ROOT.parent / "shared" / "facts"
TABLES = [table.name for table in APPRAISAL_TABLES]

facts = pytest.mark.skipif(not FACTS.is_dir(), reason="needs the shared folder beside the checkout")


@pytest.fixture(scope="module")
def study() -> ll.Study:
    return ll.open_study("china-kyrgyzstan")


def costs(study, *names):
    return cost_flows(study.tables, names, study.settings.appraisal, base_year=study.settings.base_year)


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_comes_from_and_how_sure_it_is(name):
    table, source = (pd.read_csv(STUDY / f"{one}.csv", dtype=str, keep_default_na=False) for one in (name, "source"))
    assert {one for cell in table["source"] for one in cell.split(";")} <= set(source["source_id"])
    assert table["quality"].isin(["measured", "published", "estimated"]).all()
    title = source.set_index("source_id")["title"]
    recalled = [any("recalled" in title[one] for one in cell.split(";")) for cell in table["source"]]
    assert (table.loc[recalled, "quality"] == "estimated").all()


@pytest.mark.parametrize(("measure", "musd"), [("cku-railway", 4665), ("cku-railway-523", 8000)])
def test_the_railway_costs_what_is_published_and_is_split_as_agreed(study, measure, musd):
    found = costs(study, measure)
    built = found.flow[found.flow["item"] == "construction"]
    assert built["financial_usd"].sum() == pytest.approx(-musd * 1e6)
    assert (built["year"].min(), built["year"].max(), found.openings[measure]) == (2025, 2030, 2030)
    shares = built.groupby("country")["usd"].sum() / built["usd"].sum()
    assert shares.round(6).to_dict() == {"CHN": 0.51, "KGZ": 0.245, "UZB": 0.245}
    debt = financing_flows(study.tables, found)
    assert debt.loc[(debt["item"] == "loan") & (debt["group"] != "lenders"), "financial_usd"].sum() == pytest.approx(
        musd * 5e5
    )


def test_published_equity_is_what_the_shares_come_to(study):
    """1,187 to 1,190 M USD of China, 573 M each of Kyrgyzstan and Uzbekistan: half of the cost, by shares."""
    built = costs(study, "cku-railway").flow.query("item == 'construction'").groupby("country")["financial_usd"].sum()
    np.testing.assert_allclose(-built / 2e6, [1189.6, 571.5, 571.5], rtol=2e-4)


def test_costs_in_soms_are_those_published_in_dollars(study):
    """9,472 M som were reported as 108 M USD of 2025."""
    works = costs(study, "balykchy-kochkor-railway").inputs.set_index("item_id")["value"]["works"]
    deflated = 108e6 * PriceBase.of(study.tables, 2024).factor("USD", 2025)
    assert works == pytest.approx(deflated, rel=0.06)


def test_a_cost_of_2011_is_worth_more_now(study):
    works = costs(study, "lugovaya-bishkek-electrification").inputs.set_index("item_id")["value"]["works"]
    assert works == pytest.approx(250e6 * 1.1 * 313.689 / 224.939)


@pytest.mark.parametrize(
    ("measure", "gwh"),
    [("kambar-ata-1", 5600), ("toru-aigyr-solar", 600), ("ysyk-kol-1-solar", 3600), ("kok-moinok-wind", 290)],
)
def test_plants_make_the_published_electricity(study, measure, gwh):
    rows = study.tables["investment"].set_index(["measure_id", "item_id"])
    assert rows.loc[(measure, "electricity"), "amount_musd"] == pytest.approx(gwh * 0.05, rel=0.002)


def test_every_measure_with_rows_is_laid_out_without_a_gap(study):
    for name in dict.fromkeys(study.tables["investment"]["measure_id"]):
        found = costs(study, name)
        years = found.flow["year"]
        assert found.first_year <= years.min()
        assert years.max() <= found.last_year
        value = npv(found.flow["usd"], 0.09, periods=periods_of(years, 2024))
        by_country = found.flow.groupby("country")[["usd", "year"]].apply(
            lambda part: float(npv(part["usd"], 0.09, periods=periods_of(part["year"], 2024)))
        )
        assert by_country.sum() == pytest.approx(float(value), abs=0.01)
        assert not {one.code for one in found.assumptions} & {"no_rows", "no_country"}


def test_the_shadow_path_grows_by_two_per_cent(study):
    path = study.tables["carbon_value"].set_index("year")["usd_per_t"].astype(float)
    assert path[2016] == 36.3
    np.testing.assert_allclose(path, 36.3 * 1.02 ** (path.index.to_numpy(dtype=float) - 2016), atol=0.01)


@facts
def test_the_facts_give_the_same_tables(tmp_path):
    sources = Sources()
    register = pd.read_csv(STUDY / "measure.csv", dtype=str, keep_default_na=False).to_dict("records")
    made = appraisal.build(FACTS, sources, {"measure": register})
    assert set(made) == set(TABLES)
    for name, rows in made.items():
        write(name, rows, tmp_path)
        built, bundled = ((folder / f"{name}.csv").read_text("utf-8") for folder in (tmp_path, STUDY))
        # Costs of green measures, which a module of its own builds, follow.
        assert bundled.startswith(built) if name == "investment" else bundled == built, name


def test_the_page_has_the_costs_of_the_table(study):
    page = (ROOT / "docs/study/costs.md").read_text("utf-8")
    listed = [line for line in page.splitlines() if line.startswith("| `")]
    rows = study.tables["investment"]
    built = rows[rows["kind"] == "construction"].to_dict("records")
    assert listed == [
        f"| `{row['measure_id']}` | {amount:,.10g} {row['currency'] or 'USD'} | {row['price_year']} | "
        f"{row['begins']}–{row['ends']} | {row['life_years']:g} | {row['low']:g} | {row['high']:g} | {row['quality']} |"
        for row in built
        for amount in (row["amount_million"] if row["currency"] else row["amount_musd"],)
    ]
