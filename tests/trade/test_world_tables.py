"""Worlds of many sectors as folders of long tables: read by keys, written, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.core.errors import InputError, OutputError
from landlink.trade.multisector_world import World
from landlink.trade.world_tables import cell_table
from tests.support.trade_worlds import REASON, REFERENCE, closed_sectors, nafta, random_sectors

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=REASON)
TABLES = ("flows", "value_added", "inputs", "consumption", "elasticities", "tariffs", "regions")


def assert_same(found: World, expected: World) -> None:
    assert (found.regions, found.sectors) == (expected.regions, expected.sectors)
    for field in fields(World)[2:]:
        np.testing.assert_allclose(getattr(found, field.name), getattr(expected, field.name), atol=1e-12, rtol=1e-12)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    closed_sectors(4, 3, 3).save(tmp_path / "world")
    return tmp_path / "world"


def shuffle(folder: Path, seed: int) -> None:
    for name in TABLES:
        table = pd.read_csv(folder / f"{name}.csv", dtype=str)
        columns = np.random.default_rng(seed).permutation(table.columns)
        table.sample(frac=1, random_state=seed)[list(columns)].to_csv(folder / f"{name}.csv", index=False)


def test_a_world_is_read_as_it_was_written(tmp_path: Path) -> None:
    world = closed_sectors(4, 3, 3)
    world.save(tmp_path / "world")
    assert sorted(path.stem for path in (tmp_path / "world").iterdir()) == sorted(TABLES)
    assert_same(World.load(tmp_path / "world"), world)


def test_the_order_of_rows_and_columns_does_not_matter(folder: Path) -> None:
    """Public codes reshape such tables by position, and read sparse or sorted ones as another world."""
    expected = World.load(folder)
    shuffle(folder, 1)
    assert_same(World.load(folder), expected)


def test_what_flows_imply_need_not_be_given(folder: Path) -> None:
    expected = World.load(folder)
    (folder / "regions.csv").unlink()
    (folder / "consumption.csv").unlink()
    found = World.load(folder)
    for name in ("value_added", "consumption_share", "expenditure_share"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-6)
    np.testing.assert_allclose(found.deficit, expected.deficit, atol=1e-6 * found.value_added.sum())
    assert ll.trade.sector_counterfactual(found, deficits="fixed").baseline_gap < 1e-6


def test_combinations_that_are_not_listed_are_zero_only_where_it_is_said(folder: Path) -> None:
    flows = pd.read_csv(folder / "flows.csv")
    gone = (flows["exporter"] == "R001") & (flows["importer"] == "R002") & (flows["sector"] == "S01")
    flows.assign(value=flows["value"].where(~gone, 0.0)).to_csv(folder / "flows.csv", index=False)
    stated = World.load(folder)
    flows[~gone].to_csv(folder / "flows.csv", index=False)
    with pytest.raises(InputError, match=r"flows\.csv, row R002,R001,S01: combination not listed"):
        World.load(folder)
    assert_same(World.load(folder, missing="zero"), stated)


def test_sigma_and_theta_are_told_apart(folder: Path) -> None:
    expected = World.load(folder).theta
    table = pd.read_csv(folder / "elasticities.csv")
    table.assign(sigma=table.pop("theta") + 1, source="somebody").to_csv(folder / "elasticities.csv", index=False)
    np.testing.assert_allclose(World.load(folder).theta, expected)


@needs_reference
def test_nafta_from_long_tables_is_as_published(tmp_path: Path) -> None:
    """Flows, shares and tariffs of 1993 written as tables in any order, without what flows imply."""
    world, new = nafta()
    data = np.load(REFERENCE / "caliendo_parro" / "cp2015_data.npz", allow_pickle=True)
    flows = world.expenditure_share * data["X_nj"][:, None, :] / (1 + world.tariff)
    triples = {"importer": world.regions, "exporter": world.regions, "sector": world.sectors}
    world.save(tmp_path / "world")
    cell_table(flows, triples, "value").to_csv(tmp_path / "world" / "flows.csv", index=False)
    (tmp_path / "world" / "regions.csv").unlink()
    shuffle_but = [name for name in TABLES if name != "regions"]
    for name in shuffle_but:
        path = tmp_path / "world" / f"{name}.csv"
        pd.read_csv(path, dtype=str).sample(frac=1, random_state=5).to_csv(path, index=False)
    tariffs = cell_table(new, triples, "tariff").sample(frac=1, random_state=6)
    tariffs.to_csv(tmp_path / "tariffs.csv", index=False)
    read = World.load(tmp_path / "world")
    table = ll.trade.sector_counterfactual(read, tariff=tmp_path / "tariffs.csv").table().set_index("region")
    for region, welfare in {"Mexico": 1.31, "Canada": -0.06, "USA": 0.08}.items():
        assert table["first_order_percent"][region] == pytest.approx(welfare, abs=0.005)
    expected = ll.trade.sector_counterfactual(world, tariff=new).table().set_index("region")
    assert np.abs(table - expected.loc[table.index]).max().max() < 1e-4


def test_shocks_as_tables_change_what_they_list() -> None:
    world = random_sectors(3, 2)
    tariff, cost = world.tariff.copy(), np.ones_like(world.tariff)
    tariff[0, 1, 1], cost[2, 0, :] = 0.5, 0.9
    arrays = ll.trade.sector_counterfactual(world, tariff=tariff, cost_ratio=cost)
    tables = ll.trade.sector_counterfactual(
        world,
        tariff=[("R000", "R001", "S01", 0.5)],
        cost_ratio=pd.DataFrame({"exporter": ["R000"], "importer": ["R002"], "change": [0.9]}),
    )
    np.testing.assert_array_equal(tables.tariff_after, arrays.tariff_after)
    pd.testing.assert_frame_equal(tables.table(), arrays.table(), check_exact=True)


@pytest.mark.parametrize(
    ("shock", "words"),
    [
        ({"tariff": [("R000", "R00", "S01", 0.5)]}, "unknown exporter|unknown country"),
        ({"tariff": [("R000", "R001", "S09", 0.5)]}, "unknown sector"),
        ({"tariff": [("R000", "R001", "S01", -0.5)]}, "invalid tariff"),
        ({"tariff": [("R000", "R001", "S01", 0.5)] * 2}, "duplicate combination"),
        ({"cost_ratio": [("R000", "R001", "S01", 0)]}, "invalid change.*ratio above 0"),
        ({"cost_ratio": pd.DataFrame({"exporter": ["R000"], "importer": ["R002"], "change_percent": [9]})}, "missing"),
    ],
)
def test_invalid_shocks_are_refused(shock: dict[str, object], words: str) -> None:
    with pytest.raises(InputError, match=words):
        ll.trade.sector_counterfactual(random_sectors(3, 2), **shock)


def cell(name: str, column: str, value: object, row: int = 2) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        table = pd.read_csv(folder / f"{name}.csv", dtype=object)
        table.loc[row, column] = value
        table.to_csv(folder / f"{name}.csv", index=False)

    return change


def rewritten(name: str, change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Path], None]:
    return lambda folder: change(pd.read_csv(folder / f"{name}.csv")).to_csv(folder / f"{name}.csv", index=False)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (cell("flows", "value", -1), r"flows\.csv, line 4 .*invalid flow"),
        (cell("flows", "value", ""), "blank flow"),
        (cell("flows", "sector", ""), "blank sector"),
        (rewritten("flows", lambda t: pd.concat([t, t.head(1)])), "duplicate combination"),
        (rewritten("flows", lambda t: t.drop(columns="sector")), "missing column"),
        (rewritten("flows", lambda t: t.assign(value=t["value"].where(t["exporter"] != "R001", 0))), "sells nothing"),
        (cell("value_added", "region", "R009"), "unknown region"),
        (cell("value_added", "share", -0.2), "invalid share"),
        (rewritten("value_added", lambda t: t.iloc[1:]), "combination not listed"),
        (rewritten("inputs", lambda t: t.iloc[1:]), "combination not listed"),
        (cell("inputs", "input", "S7"), "unknown sector"),
        (cell("inputs", "share", 0.9), "add to 1"),
        (cell("consumption", "share", 0.9), "add to 1"),
        (cell("elasticities", "theta", -4), "invalid elasticity.*above 0"),
        (cell("elasticities", "theta", "four"), "invalid elasticity"),
        (rewritten("elasticities", lambda t: t.iloc[1:]), "combination not listed"),
        (rewritten("elasticities", lambda t: t.assign(sigma=t.pop("theta") / 10)), "above 1"),
        (rewritten("elasticities", lambda t: t.assign(sigma=5)), "two columns of one quantity"),
        (rewritten("elasticities", lambda t: t.assign(theta=1 / t["theta"])), "look like their inverse"),
        (rewritten("elasticities", lambda t: t.rename(columns={"theta": "rate"})), "missing column"),
        (cell("tariffs", "tariff", -0.1), "invalid tariff"),
        (rewritten("tariffs", lambda t: t.iloc[1:]), "combination not listed"),
        (rewritten("regions", lambda t: t.assign(value_added=3 * t["value_added"])), "contradicts the flows"),
        (rewritten("regions", lambda t: t.assign(deficit=1 + t["deficit"])), "add to zero"),
        (lambda folder: (folder / "inputs.csv").unlink(), r"inputs\.csv: missing table"),
    ],
)
def test_faulty_tables_are_refused(folder: Path, change: Callable[[Path], None], words: str) -> None:
    change(folder)
    with pytest.raises(InputError, match=words):
        World.load(folder)


def test_inputs_beyond_what_is_bought_are_refused(folder: Path) -> None:
    flows = pd.read_csv(folder / "flows.csv")
    less = flows["sector"] == "S00"
    flows.assign(value=flows["value"].where(~less, flows["value"] / 50)).to_csv(folder / "flows.csv", index=False)
    for name in ("consumption", "regions"):
        (folder / f"{name}.csv").unlink()
    with pytest.raises(InputError, match="more of an input than the region buys"):
        World.load(folder)


def test_a_region_may_buy_nothing_of_a_sector(folder: Path) -> None:
    flows, inputs = (pd.read_csv(folder / f"{name}.csv") for name in ("flows", "inputs"))
    flows.loc[(flows["importer"] == "R001") & (flows["sector"] == "S01"), "value"] = 0
    row = (inputs["region"] == "R001") & (inputs["input"] == "S01")
    added = pd.read_csv(folder / "value_added.csv")
    own = added["region"] == "R001"
    added.loc[own, "share"] += added[own]["sector"].map(inputs[row].set_index("sector")["share"])
    inputs.loc[row, "share"] = 0
    for name, table in (("flows", flows), ("inputs", inputs), ("value_added", added)):
        table.to_csv(folder / f"{name}.csv", index=False)
    for name in ("consumption", "regions"):
        (folder / f"{name}.csv").unlink()
    found = ll.trade.sector_counterfactual(
        World.load(folder), cost_ratio=[("R000", "R001", "S00", 0.8)], deficits="fixed"
    )
    assert found.baseline_gap < 1e-7
    assert found.after.expenditure[1, 1] < 1e-9 < found.after.expenditure[1, 0]


def test_accounts_that_contradict_each_other_are_not_written(tmp_path: Path) -> None:
    world = closed_sectors(4, 3, 3)
    other = replace(world, value_added=world.value_added * np.array([1, 1, 1, 3]))
    with pytest.raises(InputError, match=r"value_added, row R.*contradicts the flows"):
        other.save(tmp_path / "world")
    assert not (tmp_path / "world").exists()


def test_a_folder_that_is_taken_is_not_replaced(folder: Path) -> None:
    with pytest.raises(OutputError, match=r"not empty|exists|holds"):
        closed_sectors(4, 3, 3).save(folder)


def test_flows_by_pair_and_sector_add_up(tmp_path: Path) -> None:
    found = ll.trade.sector_counterfactual(random_sectors(3, 2), tariff=[("R000", "R001", "S01", 0.5)])
    pairs = found.save(tmp_path / "flows.csv", table="flows")
    assert pairs["after"].sum() == pytest.approx(found.after.imports.sum())
    one = pairs.set_index(["exporter", "importer", "sector"]).loc[("R001", "R000", "S01")]
    assert one["before"] == found.before.imports[1, 0, 1]
    assert one["change_percent"] < 0
    abroad = pairs[pairs["exporter"] != pairs["importer"]].groupby("exporter")[["before", "after"]].sum()
    changes = found.save(tmp_path / "countries.parquet")["exports_percent"]
    assert 100 * (abroad["after"] / abroad["before"] - 1).to_numpy() == pytest.approx(changes)
    with pytest.raises(InputError, match="unknown table"):
        found.save(tmp_path / "x.csv", table="residuals")
