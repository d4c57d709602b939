"""``landlink trade counterfactual``: what is written, printed and refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main

Capture = pytest.CaptureFixture[str]
FLOWS = "exporter,importer,value\nA,A,80\nA,B,20\nA,C,5\nB,A,15\nB,B,180\nB,C,0\nC,A,7\nC,B,3\nC,C,40\n"
COSTS = "exporter,importer,change\nB,A,0.9\nA,B,0.9\n"
COMMAND = ["trade", "counterfactual", "flows.csv", "--shock", "costs.csv"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flows.csv").write_text(FLOWS)
    (tmp_path / "costs.csv").write_text(COSTS)
    return tmp_path


def test_changes_are_written_as_python_computes_them(here: Path, capsys: Capture) -> None:
    assert main([*COMMAND, "--sigma", "5", "-o", "out.csv"]) == 0
    table = pd.read_csv("out.csv")
    assert table.columns[:5].tolist() == [
        "country", "exports_percent", "imports_percent", "price_index_percent", "real_gdp_percent",
    ]  # fmt: skip
    expected = ll.trade.counterfactual("flows.csv", "costs.csv", sigma=5).table()
    pd.testing.assert_frame_equal(table, expected, check_exact=True, check_dtype=False)
    assert table["real_gdp_percent"][0] > 0.5
    printed = capsys.readouterr().out
    assert "3 countries, 2 pairs with other trade costs, sigma 5" in printed
    assert "Markets clear" in printed
    # A file of landlink's own is replaced, one of somebody else is not.
    assert main([*COMMAND, "--sigma", "4", "-o", "out.csv"]) == 0
    assert main([*COMMAND, "--sigma", "4", "-o", "costs.csv"]) == 2


@pytest.mark.parametrize("mode", ["full", "conditional", "one-pass"])
def test_json_holds_the_changes_and_the_residuals(here: Path, capsys: Capture, mode: str) -> None:
    assert main([*COMMAND, "--sigma", "5", "--mode", mode, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = ll.trade.counterfactual("flows.csv", "costs.csv", sigma=5, mode=mode)
    assert [row["country"] for row in told["countries"]] == ["A", "B", "C"]
    assert [row["exports_percent"] for row in told["countries"]] == found.table()["exports_percent"].tolist()
    assert told["mode"] == mode
    assert told["markets_clear"] == (told["largest_output_residual"] < 1e-10) == (mode != "one-pass")


def test_flows_and_residuals_can_be_written(here: Path) -> None:
    assert main([*COMMAND, "--sigma", "5", "--table", "flows", "-o", "after.csv"]) == 0
    flows = pd.read_csv("after.csv")
    assert flows[["exporter", "importer", "before"]].to_csv(index=False, header=False).split() == [
        line if "." in line else f"{line}.0" for line in FLOWS.split()[1:]
    ]
    assert flows["after"].sum() == pytest.approx(350)
    assert np.isnan(flows["change_percent"][5])
    assert main([*COMMAND, "--sigma", "5", "--table", "residuals", "-o", "residuals.parquet"]) == 0
    assert pd.read_parquet("residuals.parquet")["output_residual"].abs().max() < 1e-10


def test_the_screen_shows_changes_by_country(here: Path, capsys: Capture) -> None:
    assert main([*COMMAND, "--sigma", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].replace(" ", "") == "countryexports%imports%prices%realGDP%realincome%"
    assert [line.split()[0] for line in lines[2:5]] == ["A", "B", "C"]


def test_no_change_says_so(here: Path, capsys: Capture) -> None:
    (here / "costs.csv").write_text("exporter,importer,change\nA,B,1\n")
    assert main([*COMMAND, "--sigma", "5"]) == 0
    printed = capsys.readouterr().out
    assert "no trade cost changes" in printed
    assert "+0.00" in printed


@pytest.mark.parametrize("sigma", ["1", "0.2", "-3", "nan", "inf", "five", ""])
def test_elasticities_that_are_none_are_refused(here: Path, capsys: Capture, sigma: str) -> None:
    assert main([*COMMAND, f"--sigma={sigma}", "-o", "out.csv"]) == 2
    assert "invalid sigma" in capsys.readouterr().err
    assert not Path("out.csv").exists()


def test_a_sector_that_is_none_is_refused_with_those_near_it(here: Path, capsys: Capture) -> None:
    assert main([*COMMAND, "--sigma", "Coal"]) == 2
    told = capsys.readouterr().err
    assert "a sector of `landlink trade elasticities`" in told
    assert "did you mean 'coal'?" in told


def test_ratios_that_look_like_per_cent_are_noted(here: Path, capsys: Capture) -> None:
    (here / "costs.csv").write_text(COSTS.replace("0.9", "90"))
    assert main([*COMMAND, "--sigma", "5"]) == 0
    assert "Note: the largest ratio of trade costs is 90: 1 is no change" in capsys.readouterr().out
    (here / "costs.csv").write_text(COSTS.replace("0.9", "1.2"))
    assert main([*COMMAND, "--sigma", "5"]) == 0
    assert "Note" not in capsys.readouterr().out


@pytest.mark.filterwarnings("error")
def test_a_market_that_does_not_clear_is_named(here: Path, capsys: Capture) -> None:
    assert main([*COMMAND, "--sigma", "1e6"]) == 1
    assert "the market of A is off" in capsys.readouterr().err


FLOW_FAULTS = {
    "negative": (FLOWS.replace("A,B,20", "A,B,-20"), ["invalid flow", "line 3 (A,B)", "-20", "0 or more"]),
    "blank": (FLOWS.replace("B,C,0", "B,C,"), ["blank flow", "line 7 (B,C)", "written 0"]),
    "text": (FLOWS.replace("A,B,20", "A,B,many"), ["invalid flow", "many"]),
    "infinite": (FLOWS.replace("A,B,20", "A,B,inf"), ["invalid flow", "inf"]),
    "duplicate": (FLOWS + "A,B,20\n", ["duplicate pair", "line 11 (A,B)"]),
    "no domestic": (FLOWS.replace("B,B,180\n", ""), ["no domestic flow", "B,B", "gross output less exports"]),
    "domestic zero": (FLOWS.replace("B,B,180", "B,B,0"), ["no domestic flow", "B,B"]),
    "not listed": (FLOWS.replace("B,C,0\n", ""), ["pair not listed", "B,C"]),
    "apart": (FLOWS + "D,D,4\n" + "".join(f"D,{c},0\n{c},D,0\n" for c in "ABC"), ["do not trade", "D"]),
    "blank country": (FLOWS + ",B,20\n", ["blank country", "line 11"]),
    "no column": (FLOWS.replace("importer", "to"), ["missing column", "importer"]),
    "empty": ("exporter,importer,value\n", ["no rows"]),
    "percent": (FLOWS.replace("value", "value_percent"), ["missing column", "value"]),
}


@pytest.mark.parametrize("fault", FLOW_FAULTS)
def test_faults_of_flows_are_named(here: Path, capsys: Capture, fault: str) -> None:
    content, words = FLOW_FAULTS[fault]
    (here / "flows.csv").write_text(content)
    assert main([*COMMAND, "--sigma", "5", "-o", "out.csv"]) == 2
    told = capsys.readouterr().err
    assert all(word in told for word in words), told
    assert not Path("out.csv").exists()


COST_FAULTS = {
    "zero": ("B,A,0", ["invalid change of trade cost", "line 2 (B,A)", "above 0"]),
    "negative": ("B,A,-0.1", ["invalid change of trade cost", "-0.1"]),
    "blank": ("B,A,", ["invalid change of trade cost"]),
    "text": ("B,A,10%", ["invalid change of trade cost", "10%"]),
    "unknown": ("B,Aa,0.9", ["unknown country", "Aa", "importer", "did you mean 'A'"]),
    "duplicate": ("B,A,0.9\nB,A,0.9", ["duplicate pair", "line 3 (B,A)"]),
}


@pytest.mark.parametrize("fault", COST_FAULTS)
def test_faults_of_costs_are_named(here: Path, capsys: Capture, fault: str) -> None:
    rows, words = COST_FAULTS[fault]
    (here / "costs.csv").write_text(f"exporter,importer,change\n{rows}\n")
    assert main([*COMMAND, "--sigma", "5"]) == 2
    told = capsys.readouterr().err
    assert all(word in told for word in words), told


def test_faults_of_both_tables_are_told_at_once(here: Path, capsys: Capture) -> None:
    (here / "flows.csv").write_text(FLOWS.replace("A,B,20", "A,B,-20"))
    (here / "costs.csv").write_text("exporter,importer,change\nB,A,0\n")
    assert main([*COMMAND, "--sigma", "5"]) == 2
    told = capsys.readouterr().err
    assert "2 problems" in told
    assert "invalid flow" in told
    assert "invalid change of trade cost" in told


def test_missing_flows_are_zero_where_it_is_said(here: Path) -> None:
    assert main([*COMMAND, "--sigma", "5", "-o", "all.csv"]) == 0
    (here / "flows.csv").write_text(FLOWS.replace("B,C,0\n", ""))
    assert main([*COMMAND, "--sigma", "5", "--missing-zero", "-o", "sparse.csv"]) == 0
    assert Path("all.csv").read_bytes() == Path("sparse.csv").read_bytes()


def test_arguments_without_effect_and_unknown_references_are_refused(here: Path, capsys: Capture) -> None:
    assert main([*COMMAND, "--sigma", "5", "--mode", "conditional", "--deficits", "zero"]) == 2
    assert "no effect" in capsys.readouterr().err
    assert main([*COMMAND, "--sigma", "5", "--reference", "Z"]) == 2
    assert "unknown reference country" in capsys.readouterr().err
    assert main(["trade", "counterfactual", "none.csv", "--shock", "costs.csv", "--sigma", "5"]) == 2
    assert "none.csv" in capsys.readouterr().err


def test_published_elasticities_are_taken_where_none_is_given(here: Path, capsys: Capture) -> None:
    assert main([*COMMAND, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    goods = ll.trade.published_elasticities("goods", alternatives=False).iloc[0]
    assert (told["sigma"], told["sigma_source"]) == (goods["sigma"], goods["source"])
    assert main([*COMMAND, "--sigma", "coal"]) == 0
    printed = capsys.readouterr().out
    assert "sigma 6.1\nElasticity: published, Hertel" in printed
    assert main([*COMMAND, "--sigma", "5"]) == 0
    assert "published" not in capsys.readouterr().out


def test_published_elasticities_are_listed_with_sources(capsys: Capture) -> None:
    assert main(["trade", "elasticities"]) == 0
    printed = capsys.readouterr().out
    table = ll.trade.published_elasticities(alternatives=False)
    assert all(f"{row.sector_id} " in printed and row.source in printed for row in table.itertuples())
    assert main(["trade", "elasticities", "goods", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["elasticities"]
    assert [row["sigma"] for row in told] == ll.trade.published_elasticities("goods")["sigma"].tolist()
    assert main(["trade", "elasticities", "gold"]) == 2
    assert "unknown sector" in capsys.readouterr().err
