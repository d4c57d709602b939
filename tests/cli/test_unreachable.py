"""Demand that has no route: refused, or left out on request, counted and listed."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.model.options import UNREACHABLE
from landlink.tables.read import read_tables
from tests.support.small_study import SETTINGS, TABLES, write_small_study

Capture = pytest.CaptureFixture[str]

# A third zone on an island, and goods for it.
ISLAND = {
    "node": TABLES["node"] + "N3,Island,75.0,40.0,BBB\nN4,Islet,75.5,40.0,BBB\n",
    "link": TABLES["link"] + "I1,N3,N4,0,50,60,road,BBB,200,existing\n",
    "zone": TABLES["zone"] + "Z3,Island,N3,BBB\n",
    "demand": TABLES["demand"] + "Z1,Z3,grain,7000\nZ3,Z1,machinery,3000\n",
}
NODE = "node_id,x_coord,y_coord,zone_id\n1,20,50,1\n2,20,49,2\n3,20,48,3\n4,20,47,4\n"
LINK = "link_id,from_node_id,to_node_id,directed,length,free_speed\n1,1,2,0,120,70\n2,3,4,0,120,70\n"
DEMAND = "o_zone_id,d_zone_id,volume\n1,3,50\n1,2,500\n3,4,200\n4,1,25\n"


@pytest.fixture
def network(tmp_path: Path) -> Path:
    """A network of two parts, with demand between them."""
    folder = tmp_path / "network"
    folder.mkdir()
    for name, text in {"node": NODE, "link": LINK, "demand": DEMAND}.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def test_a_run_refuses_or_drops(tmp_path: Path, capsys: Capture) -> None:
    study, result = write_small_study(tmp_path / "study", **ISLAND), tmp_path / "result"
    assert main(["run", str(study), "-o", str(result)]) == 2
    assert not result.exists()
    capsys.readouterr()
    assert main(["run", str(study), "-o", str(result), "--unreachable", "drop"]) == 0
    assert "Note: 2 flows without a route were left out, 10,000 t a year" in capsys.readouterr().out
    found = ll.open_result(result)
    assert found.tables["unserved"].to_dict("list") == {
        "origin_zone_id": ["Z1", "Z3"],
        "destination_zone_id": ["Z3", "Z1"],
        "commodity_id": ["grain", "machinery"],
        "tonnes_per_year": pytest.approx([7000, 3000]),
    }
    assert found.tables["od"]["tonnes_per_year"].sum() == pytest.approx(800_000)


def test_what_is_left_out_is_in_the_report_in_every_language(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "study", **ISLAND))
    result = ll.solve(study.at(2023), options=ll.SolverOptions(unreachable="drop"))
    for language, said in (("en", "2 flows without a route were left out"), ("ru", "не учтены потоки без маршрута: 2")):
        ll.report([result], tmp_path / "report.html", language=language)
        text = (tmp_path / "report.html").read_text(encoding="utf-8")
        assert said in text
        assert "Island" in text


@pytest.mark.parametrize("routing", ["", '\n[solver]\nrouting = "spread"\n'])
def test_the_rest_is_solved_as_if_the_demand_were_not_there(tmp_path: Path, routing: str) -> None:
    commodity = TABLES["commodity"].replace("logit_scale\n", "logit_scale,route_scale\n").replace(",0.2\n", ",0.2,2\n")
    tables = {name: ISLAND[name] for name in ("node", "link", "zone")} | {"commodity": commodity}
    whole = write_small_study(tmp_path / "whole", **(tables | {"demand": ISLAND["demand"]}))
    plain = write_small_study(tmp_path / "plain", **tables)
    for folder in (whole, plain):
        (folder / "study.toml").write_text(SETTINGS + routing)
    dropped = ll.solve(ll.open_study(whole), options=ll.SolverOptions(unreachable="drop"))
    served = ll.solve(ll.open_study(plain))
    assert dropped.converged
    columns = ["tonnes_per_year", "time_h"]
    assert dropped.tables["od"][columns].to_numpy() == pytest.approx(served.tables["od"][columns].to_numpy())
    assert "unserved" not in served.tables


def test_nothing_is_left_where_no_demand_has_a_route(tmp_path: Path) -> None:
    header = TABLES["demand"].strip().splitlines()[0]
    tables = ISLAND | {"demand": f"{header}\nZ1,Z3,grain,7000\n"}
    with pytest.raises(ll.InputError, match="no demand has a route"):
        ll.solve(
            ll.open_study(write_small_study(tmp_path / "s", **tables)), options=ll.SolverOptions(unreachable="drop")
        )


def test_other_answers_are_refused() -> None:
    assert UNREACHABLE == ("refuse", "drop")
    with pytest.raises(ll.InputError, match="unreachable"):
        ll.SolverOptions(unreachable="ignore")  # type: ignore[arg-type]


def test_init_ends_as_the_check_that_it_proposes(tmp_path: Path, network: Path, capsys: Capture) -> None:
    study = tmp_path / "study"
    assert main(["init", str(study), "--gmns", str(network)]) == 2
    told = capsys.readouterr().err
    assert "1 → 3" in told
    assert "--unreachable drop" in told
    assert not study.exists()
    assert main(["init", str(study), "--gmns", str(network), "--unreachable", "drop"]) == 0
    assert "2 flows, 75 t, have no route and were left out (1 to 3, 4 to 1)" in capsys.readouterr().out
    assert main(["check", str(study)]) == 0
    assert read_tables(study)["demand"]["tonnes_per_year"].tolist() == [500, 200]
    report = pd.read_csv(study / "x_import.csv")
    assert report[(report["table"] == "demand") & (report["kind"] == "left out")]["rows"].tolist() == [2]


def test_init_leaves_nothing_where_its_study_would_not_pass(tmp_path: Path, network: Path, capsys: Capture) -> None:
    (network / "link.csv").write_text(LINK.replace("1,2,0,120,70", "1,2,0,120,700"))
    assert main(["init", str(tmp_path / "study"), "--gmns", str(network), "--unreachable", "drop"]) == 2
    assert "more than any road vehicle has" in capsys.readouterr().err
    assert not (tmp_path / "study").exists()


def test_options_of_an_import(tmp_path: Path, network: Path, capsys: Capture) -> None:
    (network / "demand.csv").unlink()
    (network / "link.csv").write_text(
        LINK.replace("120", "400000").replace("speed", "speed,facility_type").replace("70", "40,zzz")
    )
    command = ["init", str(tmp_path / "study"), "--gmns", str(network), "--json"]
    assert main(command) == 2
    capsys.readouterr()
    options = ["--length-unit", "ft", "--speed-unit", "mph", "--crs", "EPSG:4326", "--class", "zzz=road"]
    assert main([*command, *options]) == 0
    document = json.loads(capsys.readouterr().out)
    assert {row["kind"] for row in document["import"]} >= {"taken over", "assumed", "to do"}
    link = read_tables(tmp_path / "study")["link"]
    assert link["length"].tolist() == pytest.approx([121.92, 121.92])
    assert link["free_speed"].tolist() == pytest.approx([64.3738, 64.3738], abs=1e-4)
    assert main(["init", str(tmp_path / "other"), "--crs", "EPSG:4326"]) == 2
    assert "--crs has no effect without --gmns" in capsys.readouterr().err


def test_a_copy_ends_as_the_check_that_it_proposes(tmp_path: Path, capsys: Capture) -> None:
    study = write_small_study(tmp_path / "study", **ISLAND)
    assert main(["check", str(study)]) == 2
    assert main(["init", str(tmp_path / "copy"), "--from", str(study)]) == 2
    assert "no route" in capsys.readouterr().err
    assert not (tmp_path / "copy").exists()
    assert main(["init", str(tmp_path / "good"), "--from", str(write_small_study(tmp_path / "plain"))]) == 0
