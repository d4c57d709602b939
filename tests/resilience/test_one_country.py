"""A study of one country, without crossings: nothing turns to one, and no share of trade passes one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.resilience.closure_flow_schema import read_closure_flows
from landlink.resilience.criticality_file import read_criticality
from landlink.study import Study
from tests.support.small_study import TABLES, write_small_study

Capture = pytest.CaptureFixture[str]


def head(table: str) -> str:
    return TABLES[table].strip().splitlines()[0] + "\n"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    tables = {name: TABLES[name].replace("BBB", "AAA") for name in ("node", "link", "zone")}
    tables |= {name: head(name) for name in ("crossing", "measure", "effect")}
    tables["event"] = (
        "event_id,phase,name,cause,places,begins,ends,capacity_factor\n"
        "slip,1,Slip,landslide,link:R1,2020-01-01,2020-01-11,0\n"
    )
    tables["hazard"] = (
        "hazard_id,name,cause,places,events_per_year,duration_days,capacity_factor\nsnow,Snow,weather,link:R1,1,3,0\n"
    )
    folder = write_small_study(tmp_path_factory.mktemp("one") / "study", **tables)
    settings = (folder / "study.toml").read_text(encoding="utf-8").partition("[[")[0]
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    return ll.open_study(folder)


def test_closures_have_no_flows_at_crossings_and_pairs_may_be_none(
    study: Study, tmp_path: Path, capsys: Capture
) -> None:
    table, flows, page = tmp_path / "criticality.csv", tmp_path / "flows.csv", tmp_path / "report.html"
    words = ["criticality", str(study.path), "--pairs", "--workers", "1", "--flows", str(flows), "-o", str(table)]
    assert main(words) == 0
    told = capsys.readouterr().out
    assert "No pair of places costs more or less together than apart." in told
    assert "Where the freight goes" not in told
    found = read_criticality(table)
    assert set(found.loc[found["country"] == "", "row"]) == {"R1", "R2"}
    assert read_closure_flows(flows).empty
    ll.solve(study).save(tmp_path / "result")
    capsys.readouterr()
    given = ["--resilience", str(table), "--resilience", str(flows)]
    assert main(["report", str(tmp_path / "result"), *given, "-o", str(page)]) == 0
    assert 'id="security"' in page.read_text(encoding="utf-8")


def test_a_replay_and_its_losses_do_without_crossings(study: Study, tmp_path: Path, capsys: Capture) -> None:
    table = ll.replay(study, "slip").table
    assert "crossing" not in set(table["record"])
    cost = table[(table["record"] == "total") & (table["quantity"] == "added_cost")].iloc[0]
    assert cost["model"] > 0
    words = ["resilience", str(study.path), "--years", "10", "--solved-years", "0", "--members", "5", "--workers", "1"]
    assert main([*words, "-o", str(tmp_path / "out")]) == 0
    told = capsys.readouterr().out
    assert "over one crossing" not in told
    assert "has no other way" in told
    losses = pd.read_csv(tmp_path / "out" / "losses.csv", keep_default_na=False)
    assert set(losses["country"]) == {"ALL", "AAA"}
