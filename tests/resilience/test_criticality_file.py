"""Files, pictures and the command of criticality."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.cli.printing import rough
from landlink.core.errors import InputError, OutputError, UnknownNameError
from landlink.resilience.closure_flow_schema import CLOSURE_FLOW, read_closure_flows
from landlink.resilience.criticality_file import read_criticality
from landlink.resilience.criticality_result import Criticality
from landlink.resilience.criticality_schema import CRITICALITY
from tests.support.posterior_study import write_posterior_study

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_posterior_study(tmp_path_factory.mktemp("posterior") / "study", 3)


@pytest.fixture(scope="module")
def found(folder: Path) -> Criticality:
    study = ll.open_study(folder)
    return ll.criticality(
        study.scenario("today"), programme=study.scenario("bypass-2030"), days=7, pairs_above=1000, workers=1
    )


def test_a_saved_analysis_is_read_back(found: Criticality, tmp_path: Path) -> None:
    pd.testing.assert_frame_equal(read_criticality(found.save(tmp_path / "criticality.csv")), found.table)
    pd.testing.assert_frame_equal(pd.read_parquet(found.save(tmp_path / "criticality.parquet")), found.table)


def test_where_freight_goes_is_read_back(found: Criticality, tmp_path: Path) -> None:
    flows = found.flows
    assert len(flows)
    pd.testing.assert_frame_equal(read_closure_flows(found.save_flows(tmp_path / "flows.csv")), flows)
    pd.testing.assert_frame_equal(pd.read_parquet(found.save_flows(tmp_path / "flows.parquet")), flows)
    with pytest.raises(OutputError, match="xlsx"):
        found.save_flows(tmp_path / "flows.xlsx")
    broken = (tmp_path / "flows.csv").read_text(encoding="utf-8").replace("crossing,", "gate,", 1)
    (tmp_path / "broken.csv").write_text(broken, encoding="utf-8")
    with pytest.raises(InputError, match="crossing"):
        read_closure_flows(tmp_path / "broken.csv")


def test_a_workbook_has_places_countries_and_pairs(found: Criticality, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(found.save(tmp_path / "criticality.xlsx"))
    assert book.sheetnames[-5:] == ["places", "countries", "pairs", "pair countries", "flows"]
    once = (tmp_path / "criticality.xlsx").read_bytes()
    assert found.save(tmp_path / "criticality.xlsx").read_bytes() == once


def test_what_is_no_analysis_is_refused(found: Criticality, tmp_path: Path) -> None:
    path = found.save(tmp_path / "criticality.csv")
    table = pd.read_csv(path, keep_default_na=False, dtype=str)
    parts = table[table["country"] != ""]
    parts.to_csv(path, index=False)
    with pytest.raises(InputError, match="there is no closure as a whole"):
        read_criticality(path)
    table[~((table["row"] == "R1") & (table["country"] == ""))].to_csv(path, index=False)
    with pytest.raises(InputError, match="a part of a closure that has no row as a whole"):
        read_criticality(path)
    table.drop(columns="row").to_csv(path, index=False)
    with pytest.raises(InputError, match="row"):
        read_criticality(path)
    with pytest.raises(OutputError):
        found.save(path)


def test_the_map_tells_every_place(found: Criticality) -> None:
    drawn = found.map()
    assert "2030 with the bypass: what a day costs on which one place is closed" in drawn.svg
    assert "57,000" in drawn.svg
    assert drawn.svg.count("<circle") >= 2
    assert 'direction="rtl"' in found.map(language="ar").svg
    with pytest.raises(UnknownNameError):
        found.map(language="xx")


def test_the_command_says_who_loses(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    words = ["criticality", str(folder), "--scenario", "today", "--programme", "bypass-2030", "--days", "7",
             "--workers", "1", "--members", "3", "--pairs", "--above", "10", "--compare"]  # fmt: skip
    assert main([*words, "-o", str(tmp_path / "criticality.csv")]) == 0
    told = capsys.readouterr().out
    assert "crossing GATE/road  Gate (+2 in line)" in told
    assert "AAA 50%, BBB 50%" in told
    assert "What the programme changes" in told
    assert "Pairs that are worse together than apart" in told
    assert "Where removal and shortest ways differ most from the equilibrium" in told
    assert f"Wrote {tmp_path / 'criticality.csv'}" in told
    assert main([*words[:4], "--days", "7", "--workers", "1", "--country", "BBB", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert {row["row"] for row in facts["rows"]} == {"GATE/road", "GATE/rail", "R2", "T2"}
    assert facts["rows"][0]["added_cost_usd_per_day"] > 0


def test_the_command_says_where_the_freight_goes(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "flows.csv"
    words = ["criticality", str(folder), "--scenario", "today", "--days", "7", "--workers", "1"]
    assert main([*words, "--flows", str(target)]) == 0
    told = capsys.readouterr().out
    assert "Where the freight goes meanwhile, t a day" in told
    assert f"Wrote {target}" in told
    flows = read_closure_flows(target)
    by_rail = flows[(flows["row"] == "GATE/road") & (flows["crossing"] == "GATE/rail")].iloc[0]
    assert f"Gate (rail) +{rough(by_rail['change_tonnes_per_day'])}" in told
    assert main([*words, "--closure", "crossing:GATE/road"]) == 0
    told = capsys.readouterr().out
    assert "Gate (crossing GATE/road) closed: of" in told
    assert "GATE/rail" in told
    assert "link R2" not in told
    assert main([*words, "--closure", "crossing:GATE/road", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert [row["crossing"] for row in facts["flows"]] == ["GATE/road", "GATE/rail"]
    assert facts["flows"][0]["closed"]


def test_the_command_says_what_all_days_of_one_closure_cost(folder: Path, capsys: Capture) -> None:
    words = ["criticality", str(folder), "--scenario", "today", "--workers", "1", "--closure", "crossing:GATE/road"]
    assert main([*words, "--days", "7", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    whole, own = (next(row for row in rows if row["country"] == one)["added_cost_usd_per_day"] for one in ("", "BBB"))
    assert main([*words, "--days", "7", "--for", "BBB"]) == 0
    told = capsys.readouterr().out
    assert "Today: Gate (crossing GATE/road) closed for 7 days; figures are those of one such day" in told
    assert f"All 7 days cost {rough(7 * whole)} USD, of which BBB {rough(7 * own)}\n" in told
    assert "Worst for" not in told
    assert "rank" not in told.partition("Note:")[0]
    assert main([*words, "--days", "1"]) == 0
    assert "closed for 1 day;" in (told := capsys.readouterr().out)
    assert "All 1" not in told


def test_the_command_says_the_worst_pair_of_a_country(folder: Path, tmp_path: Path, capsys: Capture) -> None:
    words = ["criticality", str(folder), "--scenario", "today", "--days", "7", "--workers", "1", "--pairs"]
    target = tmp_path / "criticality.csv"
    assert main([*words, "--for", "BBB", "--country", "BBB", "-o", str(target)]) == 0
    told = capsys.readouterr().out
    table = read_criticality(target)
    own = table[(table["country"] == "BBB") & (table["with_row"] != "")].nlargest(1, "added_cost_usd_per_day").iloc[0]
    alone = table[(table["country"] == "BBB") & (table["with_row"] == "")].set_index("row")["added_cost_usd_per_day"]
    apart = rough(alone[own["row"]] + alone[own["with_row"]])
    assert "each place in BBB or at its borders closed for 7 days" in told
    assert "Worst for BBB among places in BBB or at its borders: Gate (crossing GATE/road)," in told
    assert (
        "Worst pair for BBB, of the 2 busiest places in BBB or at its borders: Gate (crossing GATE/road) and"
        f" Gate (crossing GATE/rail), {rough(own['added_cost_usd_per_day'])} USD a day together ({apart} apart)"
    ) in told
    heads = next(line for line in told.splitlines() if " and " in line and "BBB loses, USD" in line)
    assert heads.endswith("BBB t waiting  zones cut off")
    pair = next(line for line in told.splitlines() if line.startswith("crossing GATE/road") and "GATE/rail" in line)
    assert pair.split()[-2:] == [rough(own["waiting_tonnes_per_day"]), "2"]
    assert main([*words, "--for", "BBB", "--country", "BBB", "--json"]) == 0
    worst = json.loads(capsys.readouterr().out)["worst_pairs"][0]
    assert worst["added_cost_usd_per_day"] == pytest.approx(own["added_cost_usd_per_day"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--above", "5"), "--above T goes with --pairs"),
        (("--members", "9"), "has 3 members"),
        (("--scenario", "nowhere"), "no such scenario"),
        (("--country", "Nowhere"), "Nowhere"),
        (("--closure", "crossing:GAET", "--closure", "GATE"), "unknown crossing"),
        (("--closure", "crossing:GAET", "--closure", "GATE"), "not a place"),
        (("--flows", "flows.svg"), "flows.svg"),
        (("--flows", "flows.csv", "-o", "flows.csv"), "name the same file"),
    ],
)
def test_what_the_command_refuses(words: tuple[str, ...], said: str, folder: Path, capsys: Capture) -> None:
    assert main(["criticality", str(folder), "--workers", "1", *words]) == 2
    assert said in capsys.readouterr().err


def test_the_page_names_every_column_with_its_unit() -> None:
    page = (Path(__file__).parents[2] / "docs" / "criticality.md").read_text(encoding="utf-8")
    for column in (*CRITICALITY.columns, *CLOSURE_FLOW.columns):
        assert f"| `{column.name}` | {column.unit} | {column.meaning} |" in page
