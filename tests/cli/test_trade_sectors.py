"""``landlink trade counterfactual`` with a world of many sectors, with re-exports, and with parts of a table."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.trade.multisector_world import World
from tests.support.trade_worlds import closed_sectors

Capture = pytest.CaptureFixture[str]
COMMAND = ["trade", "counterfactual"]
TARIFFS = "importer,exporter,sector,tariff\nR000,R001,S01,0.5\n"
COSTS = "exporter,importer,change\nR001,R002,0.9\n"
FLOWS = "exporter,importer,year,value,fitted\n" + "".join(
    f"{i},{j},{year},{(70 if i == j else 9) + year - 2018},{50 if i == j else 12}\n"
    for year in (2018, 2019)
    for i in "ABC"
    for j in "ABC"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    closed_sectors(4, 3, 3).save("world")
    (tmp_path / "tariffs.csv").write_text(TARIFFS)
    (tmp_path / "costs.csv").write_text(COSTS)
    (tmp_path / "flows.csv").write_text(FLOWS)
    (tmp_path / "shock.csv").write_text("exporter,importer,change\nA,B,0.9\nB,C,0.9\n")
    return tmp_path


@pytest.mark.parametrize("place", [["--world", "world"], ["world"]])
def test_changes_are_written_as_python_computes_them(here: Path, capsys: Capture, place: list[str]) -> None:
    shocks = ["--tariffs", "tariffs.csv", "--shock", "costs.csv", "--deficits", "fixed"]
    assert main([*COMMAND, *place, *shocks, "-o", "out.csv"]) == 0
    found = ll.trade.sector_counterfactual(
        World.load("world"), tariff="tariffs.csv", cost_ratio="costs.csv", deficits="fixed"
    )
    pd.testing.assert_frame_equal(pd.read_csv("out.csv"), found.table(), check_exact=True, check_dtype=False)
    assert found.table()["exports_percent"].abs().min() > 0.01
    assert "4 regions, 3 sectors, deficits fixed\nMarkets clear" in capsys.readouterr().out
    assert main([*COMMAND, *place, *shocks, "--table", "flows", "-o", "out.csv"]) == 0
    assert pd.read_csv("out.csv").columns[2] == "sector"


def test_the_screen_and_json_show_regions_and_what_balancing_does(here: Path, capsys: Capture) -> None:
    assert main([*COMMAND, "world", "--tariffs", "tariffs.csv"]) == 0
    printed = capsys.readouterr().out
    assert "from the data, as trade is balanced" in printed
    shown = [line.split()[0] for line in printed.splitlines() if line.startswith("R0")]
    assert shown == ["R000", "R001", "R002", "R003"]
    assert main([*COMMAND, "world", "--tariffs", "tariffs.csv", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["deficits"] == "zero"
    assert max(told["residuals"].values()) < 1e-8
    assert [row["region"] for row in told["regions"]] == ["R000", "R001", "R002", "R003"]


def test_a_base_that_hardly_differs_from_the_data_is_not_told(here: Path, capsys: Capture) -> None:
    found = ll.trade.sector_counterfactual(World.load("world"), tariff="tariffs.csv", deficits="fixed")
    assert 0 < found.baseline_gap < 5e-4
    assert main([*COMMAND, "world", "--tariffs", "tariffs.csv", "--deficits", "fixed"]) == 0
    assert "Changes are from a base" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"tariffs.csv": "importer,exporter,sector,tariff\nR001,R001,S01,0.1\n"},
         "tariff of a region on its own goods\n    row R001,R001,S01  found '0.1'"),
        ({"world/tariffs.csv": "importer,exporter,sector,tariff\nR001,R001,S01,0.1\n"},
         "tariff of a region on its own goods\n    row R001,R001,S01  found '0.1'"),
        # A row is named as it stands in its file, where exporters come first.
        ({"costs.csv": "exporter,importer,sector,change\nR001,R002,S01,0\n"}, "line 2 (R001,R002,S01)  found '0'"),
        ({"costs.csv": "exporter,importer,change\nR001,R009,0.9\n"}, "line 2 (R001,R009)  found 'R009'"),
    ],
)  # fmt: skip
def test_faults_of_changes_are_named(here: Path, capsys: Capture, tables: dict[str, str], told: str) -> None:
    for name, text in tables.items():
        (here / name).write_text(text)
    options = ["--missing-zero", "--tariffs", "tariffs.csv", "--shock", "costs.csv", "--deficits", "fixed"]
    assert main([*COMMAND, "world", *options]) == 2
    assert told in capsys.readouterr().err


def test_changes_of_costs_go_to_the_pair_that_is_named(here: Path) -> None:
    world = World.load("world")
    cost = np.ones_like(world.tariff)
    cost[2, 1] = 0.9  # importers first
    expected = ll.trade.sector_counterfactual(world, cost_ratio=cost, deficits="fixed").table()
    found = ll.trade.sector_counterfactual(world, cost_ratio="costs.csv", deficits="fixed").table()
    pd.testing.assert_frame_equal(found, expected)
    (here / "by-sector.csv").write_text("exporter,importer,sector,change\nR001,R002,S01,0.9\n")
    cost[2, 1] = [0.9 if sector == "S01" else 1.0 for sector in world.sectors]
    expected = ll.trade.sector_counterfactual(world, cost_ratio=cost, deficits="fixed").table()
    found = ll.trade.sector_counterfactual(world, cost_ratio="by-sector.csv", deficits="fixed").table()
    pd.testing.assert_frame_equal(found, expected)


def test_tariffs_and_ratios_that_look_like_per_cent_are_noted(here: Path, capsys: Capture) -> None:
    (here / "tariffs.csv").write_text(TARIFFS.replace("0.5", "10"))
    (here / "costs.csv").write_text(COSTS.replace("0.9", "90"))
    assert main([*COMMAND, "world", "--tariffs", "tariffs.csv", "--shock", "costs.csv"]) == 0
    printed = capsys.readouterr().out
    assert "Note: the largest new tariff is 10: a share, 0.1 for 10 %" in printed
    assert "Note: the largest ratio of trade costs is 90" in printed


def test_missing_flows_need_their_option(here: Path, capsys: Capture) -> None:
    table = pd.read_csv("world/flows.csv")
    table.drop(index=5).to_csv("world/flows.csv", index=False)
    assert main([*COMMAND, "world", "--shock", "costs.csv"]) == 2
    assert "combination not listed\n    row R000,R001,S02" in capsys.readouterr().err
    assert main([*COMMAND, "world", "--shock", "costs.csv", "--missing-zero"]) == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["world"], "nothing changes"),
        (["world", "--shock", "costs.csv", "--sigma", "5"], "--sigma has no effect with many sectors"),
        (["world", "--shock", "costs.csv", "--mode", "full"], "--mode has no effect with many sectors"),
        (["world", "--shock", "costs.csv", "--table", "residuals"], "unknown table"),
        (["flows.csv", "--world", "world", "--shock", "costs.csv"], "exclude each other"),
        (["flows.csv", "--shock", "shock.csv", "--sigma", "5", "--tariffs", "tariffs.csv"], "--tariffs needs many"),
        (["--shock", "shock.csv", "--sigma", "5"], "FLOWS is required"),
        (["--world", "nowhere", "--shock", "costs.csv"], "missing table"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(here: Path, capsys: Capture, words: list[str], told: str) -> None:
    assert main([*COMMAND, *words]) == 2
    assert told in capsys.readouterr().err


def test_a_column_and_a_year_can_be_taken(here: Path) -> None:
    options = ["--shock", "shock.csv", "--sigma", "5", "--where", "year=2019"]
    assert main([*COMMAND, "flows.csv", *options, "--column", "value", "-o", "value.csv"]) == 0
    table = pd.read_csv("flows.csv")
    rows = table[table["year"] == 2019][["exporter", "importer", "value"]]
    expected = ll.trade.counterfactual(rows, "shock.csv", sigma=5).table()
    pd.testing.assert_frame_equal(pd.read_csv("value.csv"), expected, check_exact=True, check_dtype=False)
    assert main([*COMMAND, "flows.csv", *options, "--column", "fitted", "-o", "fitted.csv"]) == 0
    assert not pd.read_csv("fitted.csv").equals(pd.read_csv("value.csv"))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--where", "year=2020"], ["no such row", "2018, 2019"]),
        (["--where", "years=2019"], ["missing column", "did you mean 'year'"]),
        (["--where", "2019"], ["invalid condition"]),
        (["--column", "fit"], ["missing column", "did you mean 'fitted'"]),
        (["--column", "value"], ["duplicate pair", "line 11 (A,A)"]),
    ],
)
def test_parts_that_are_not_there_are_refused(here: Path, capsys: Capture, options: list[str], told: list[str]) -> None:
    assert main([*COMMAND, "flows.csv", "--shock", "shock.csv", "--sigma", "5", *options]) == 2
    error = capsys.readouterr().err
    assert all(word in error for word in told), error


def test_lines_are_those_of_the_file_where_rows_are_chosen(here: Path, capsys: Capture) -> None:
    (here / "flows.csv").write_text(FLOWS.replace("C,C,2019,71", "C,C,2019,-71"))
    options = ["--shock", "shock.csv", "--sigma", "5", "--column", "value", "--where", "year=2019"]
    assert main([*COMMAND, "flows.csv", *options]) == 2
    assert "line 19 (C,C)" in capsys.readouterr().err


def test_reexports_are_netted(here: Path, capsys: Capture) -> None:
    options = ["--shock", "shock.csv", "--column", "value", "--where", "year=2019", "--reexports", "reexports.csv"]
    (here / "reexports.csv").write_text("exporter,hub,importer,value\nA,B,C,8\n")
    assert main([*COMMAND, "flows.csv", *options, "--table", "flows", "-o", "net.csv"]) == 0
    net = pd.read_csv("net.csv").set_index(["exporter", "importer"])["before"]
    assert net[[("A", "B"), ("B", "C"), ("A", "C")]].tolist() == [2, 2, 18]
    (here / "reexports.csv").write_text("exporter,hub,importer,value\nA,B,C,11\n")
    assert main([*COMMAND, "flows.csv", *options]) == 2
    assert "re-exports exceed the flow" in capsys.readouterr().err
