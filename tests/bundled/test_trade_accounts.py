"""The bundled study's trade accounts: their totals, that freight fits in them, and that the scripts make them again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landlink.trade import published_elasticities, sector_counterfactual
from landlink.trade.study_world import StudyWorld, study_world
from tests.support.bundled import bundled_study
from tools.china_kyrgyzstan import trade_accounts, trade_report
from tools.china_kyrgyzstan.__main__ import write
from tools.china_kyrgyzstan.reexports import RETAINED_VALUE
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.trade_accounts import fitted_to_freight, mean_estimate
from tools.china_kyrgyzstan.trade_matrix import read_baci

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "src/landlink/studies/china-kyrgyzstan"
FACTS = ROOT.parent / "shared" / "facts"
TABLES = ("trade", "trade_country", "elasticity")

facts = pytest.mark.skipif(not FACTS.is_dir(), reason="needs the shared folder beside the checkout")


@pytest.fixture(scope="module")
def made() -> StudyWorld:
    return study_world(bundled_study().tables)


def flow(made: StudyWorld, exporter: str, importer: str) -> np.ndarray:
    places = [made.accounts.regions.index(name) for name in (exporter, importer)]
    return np.asarray(made.accounts.trade[places[0], places[1]])


@pytest.mark.parametrize("name", TABLES)
def test_every_row_says_where_it_comes_from_and_how_sure_it_is(name):
    table, source = (pd.read_csv(STUDY / f"{one}.csv", dtype=str, keep_default_na=False) for one in (name, "source"))
    assert {one for cell in table["source"] for one in cell.split(";")} <= set(source["source_id"])
    assert table["quality"].isin(["measured", "published", "estimated"]).all()


def test_accounts_close_and_reproduce_themselves(made):
    assert max(made.residuals().values()) < 1e-12
    found = sector_counterfactual(made.world, deficits="fixed")
    assert found.baseline_gap < 1e-8
    np.testing.assert_allclose(found.before.imports.transpose(2, 1, 0), made.accounts.trade, rtol=1e-6, atol=1e4)


def test_freight_is_worth_hardly_more_than_trade_anywhere(made):
    """Rows of several exporters have one mean value, which puts a percent of the freight above its trade."""
    abroad = ~np.eye(len(made.accounts.regions), dtype=bool)
    freight, trade = made.freight[abroad], made.accounts.trade[abroad]
    assert freight.sum() > 1.5e11
    assert np.maximum(freight - trade, 0).sum() < 0.02 * freight.sum()
    assert made.network_share.max() == 1.0


def test_what_china_sells_to_kyrgyzstan_is_what_stays_there(made):
    goods = flow(made, "CHN", "KGZ").sum()
    assert goods == pytest.approx(RETAINED_VALUE * 18.18e9, rel=0.02)


def test_countries_of_the_region_trade_as_published(made):
    position = made.accounts.regions.index
    exports, imports = made.accounts.exports.sum(axis=1), made.accounts.imports.sum(axis=1)
    assert exports[position("KAZ")] / 1e9 == pytest.approx(90, rel=0.1)
    assert exports[position("UZB")] / 1e9 == pytest.approx(24.4, rel=0.1)
    assert imports[position("KGZ")] / 1e9 == pytest.approx(12, rel=0.15)


def test_elasticities_lie_in_the_published_range(made):
    published = published_elasticities(alternatives=False)["sigma"]
    assert made.elasticities.sigma.min() >= published.min()
    assert made.elasticities.sigma.max() < 10
    assert (made.elasticities.sigma_error > 0).all()
    assert set(made.elasticities.origin) == {"study"}


def test_goods_of_a_pair_give_way_to_those_whose_freight_is_worth_more():
    cells, notes = fitted_to_freight({"coal": 10.0, "food": 60.0, "other": 30.0}, {"coal": 30.0, "food": 40.0})
    assert cells == pytest.approx({"coal": 30.0, "food": 52.0, "other": 18.0})
    assert set(notes) == {"coal", "food", "other"}
    assert "above" not in "".join(notes.values())
    cells, notes = fitted_to_freight({"coal": 10.0}, {"coal": 30.0})
    assert cells == {"coal": 30.0}
    assert "the pair's total" in notes["coal"]


def test_the_error_of_a_mean_holds_the_spread_between_estimates():
    assert mean_estimate([[4.0, 1.0]]) == (4.0, 1.0)
    mean, error = mean_estimate([[2.0, 0.0], [6.0, 0.0]])
    assert (mean, error) == pytest.approx((4.0, 2.0))


@facts
def test_the_facts_give_the_same_tables(tmp_path):
    sources = Sources()
    for name, rows in trade_accounts.build(FACTS, sources, {}).items():
        write(name, rows, tmp_path)
        assert (tmp_path / f"{name}.csv").read_bytes() == (STUDY / f"{name}.csv").read_bytes(), name


@facts
def test_pairs_without_anything_special_keep_the_value_of_customs(made):
    assert flow(made, "TUR", "RUS").sum() == pytest.approx(read_baci(FACTS)["TUR", "RUS"] * 1e6, rel=1e-3)
    assert flow(made, "KAZ", "CHN").sum() == pytest.approx(read_baci(FACTS)["KAZ", "CHN"] * 1e6, rel=1e-3)


def test_the_page_quotes_the_report():
    page = (ROOT / "docs/study/trade-accounts.md").read_text(encoding="utf-8")
    assert "\n".join(trade_report.lines(bundled_study())).strip() in page
