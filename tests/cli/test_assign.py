"""``landlink assign`` and ``landlink skim``: what is written, printed and refused."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from tests.support.tntp import HEADER, link, net_text, trips_text

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two links side by side from zone 1 to zone 2, and one back."""
    monkeypatch.chdir(tmp_path)
    links = [link(1, 2, 10, 5, 1, 1, 1), link(1, 2, 10, 1, 2, 1, 1, 3), link(2, 1, 10, 4, 1, 1, 1)]
    (tmp_path / "net").write_text(net_text(links, nodes=2))
    (tmp_path / "trips").write_text(trips_text("Origin 1\n 1 : 3; 2 : 20;\n"))
    # Ten ways, each found only when those before it are full.
    many = [link(1, 2, 1, 0, 1 + 0.1 * i, 0.15, 4) for i in range(10)]
    (tmp_path / "many").write_text(net_text(many, nodes=2))
    return tmp_path


def test_assign_writes_flows_and_prints_what_certifies_them(files: Path, capsys: Capture) -> None:
    assert main(["assign", "net", "trips", "--gap", "1e-12", "--threads", "1", "-o", "out/flows.csv"]) == 0
    # 1 + x / 10 = 2 (1 + (20 - x) / 10), so x = 50 / 3.
    table = pd.read_csv("out/flows.csv")
    assert table.columns.tolist() == ["from", "to", "flow", "cost"]
    assert table[["from", "to"]].to_numpy().tolist() == [[1, 2], [1, 2], [2, 1]]
    assert table["flow"].to_numpy() == pytest.approx([50 / 3, 10 / 3, 0])
    assert table["cost"].to_numpy() == pytest.approx([8 / 3, 8 / 3, 1])
    printed = capsys.readouterr().out
    for words in (
        "2 zones, 2 nodes, 3 links, 23 trips",
        "Note: 3 of 23 trips stay",
        "objective",
        "relative gap",
        "Flows: ",
    ):
        assert words in printed
    assert re.search(r"iterations +\d+\nseconds +\d+\.\d+\n", printed)
    assert ("peak memory" in printed) == (os.name != "nt")


def test_written_flows_are_those_of_python_to_the_last_bit(files: Path, capsys: Capture) -> None:
    answer = ll.assign(ll.read_tntp("net", "trips"), gap=1e-9)
    for name in ("a.csv", "b.parquet"):
        assert main(["assign", "net", "trips", "--gap", "1e-9", "-o", name]) == 0
    # Python's own numbers: older versions of pandas read some texts a last bit off.
    rows = [line.split(",") for line in Path("a.csv").read_text().splitlines()[1:]]
    assert [float(row[2]) for row in rows] == answer.flow.tolist()
    assert [float(row[3]) for row in rows] == answer.cost.tolist()
    assert pd.read_parquet("b.parquet")["flow"].tolist() == answer.flow.tolist()


def test_weights_and_json(files: Path, capsys: Capture) -> None:
    words = ["--length-weight", "0.5", "--toll-weight", "0", "--json"]
    assert main(["assign", "net", "trips", *words]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["ok"], document["length_weight"], document["toll_weight"]) == (True, 0.5, 0)
    assert (document["links"], document["trips"], document["intrazonal_trips"]) == (3, 23, 3)
    assert document["relative_gap"] <= document["target_gap"] == 1e-6
    assert document["flows"] is None
    assert tuple(document["notes"]) == ll.read_tntp("net", "trips").notes
    assert main(["assign", "net", "trips", "--toll-weight", "9"]) == 0
    assert "time + 0 length + 9 toll" in capsys.readouterr().out


def test_a_missed_gap_keeps_the_flows(files: Path, capsys: Capture) -> None:
    words = ["assign", "many", "trips", "--gap", "1e-15", "--max-iterations", "1", "-o", "flows.csv"]
    assert main(words) == 1
    assert "MISSED the target of 1.0e-15" in capsys.readouterr().out
    assert len(pd.read_csv("flows.csv")) == 10
    assert main([*words, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["ok"] is False


def test_invalid_input_is_rejected_completely(files: Path, capsys: Capture) -> None:
    (files / "bad").write_text(net_text([link(1, 9), link(1, 2, -1)], nodes=2))
    assert main(["assign", "bad", "trips", "-o", "flows.csv"]) == 2
    printed = capsys.readouterr()
    assert "2 problems found; nothing was done" in printed.err
    assert printed.out == ""
    assert not Path("flows.csv").exists()
    assert main(["assign", "bad", "nothing", "--json"]) == 2
    document = json.loads(capsys.readouterr().out)
    assert [(p["table"], p["row"], p["column"]) for p in document["problems"]] == [
        ("nothing", "", ""),
        ("bad", "line 8", "to_node"),
        ("bad", "line 9", "capacity"),
    ]


def test_trips_without_a_route(files: Path, capsys: Capture) -> None:
    (files / "apart").write_text(net_text([link(1, 2)], nodes=2))
    (files / "back").write_text(trips_text("Origin 2\n 1 : 5;"))
    assert main(["assign", "apart", "back"]) == 2
    assert "5 trips to 1" in capsys.readouterr().err


@pytest.mark.parametrize("output", ["flows.omx", "flows", "folder.csv", "net/flows.csv"])
def test_unwritable_outputs_are_reported_before_solving(files: Path, capsys: Capture, output: str) -> None:
    (files / "folder.csv").mkdir()
    assert main(["assign", "nothing", "nothing", "-o", output]) == 2
    assert "cannot write" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words", [["--gap", "0"], ["--toll-weight", "-1"], ["--length-weight", "nan"], ["--threads", "0"]]
)
def test_invalid_options(files: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["assign", "net", "trips", *words])
    assert caught.value.code == 2


def test_skim_without_traffic_and_with_it(files: Path, capsys: Capture) -> None:
    assert main(["skim", "net", "-o", "free.omx"]) == 0
    assert "Skims (cost, time, length, toll): free.omx" in capsys.readouterr().out
    free = ll.read_skims("free.omx")
    assert free["time"].tolist() == [[0, 1], [1, 0]]
    assert free["length"].tolist() == [[0, 5], [4, 0]]
    assert main(["skim", "net", "trips", "--gap", "1e-12", "-o", "full.csv", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["relative_gap"] < 1e-12
    assert ll.read_skims("full.csv")["time"][0, 1] == pytest.approx(8 / 3)
    assert main(["skim", "net", "--length-weight", "1", "-o", "far.parquet"]) == 0
    assert ll.read_skims("far.parquet")["toll"].tolist() == [[0, 3], [0, 0]]
    assert np.array_equal(ll.skim(ll.read_tntp("net"), length_weight=1)["cost"], ll.read_skims("far.parquet")["cost"])


def test_a_skim_that_missed_its_gap_is_kept(files: Path, capsys: Capture) -> None:
    assert main(["skim", "many", "trips", "--gap", "1e-15", "--max-iterations", "1", "-o", "a.omx"]) == 1
    assert Path("a.omx").exists()


def test_node_coordinates_are_read(files: Path, capsys: Capture) -> None:
    (files / "nodes").write_text("node X Y\n1 0 0\n2 1 1\n")
    assert main(["assign", "net", "trips", "--nodes", "nodes"]) == 0
    (files / "nodes").write_text("node X Y\n1 0 0\n2 x 1\n")
    assert main(["skim", "net", "--nodes", "nodes", "-o", "a.csv"]) == 2
    assert "not a number" in capsys.readouterr().err


def test_help_shows_an_example(capsys: Capture) -> None:
    for verb in ("assign", "skim"):
        with pytest.raises(SystemExit):
            main([verb, "--help"])
        assert f"example:\n  landlink {verb} " in capsys.readouterr().out


def test_the_parser_loads_nothing_heavy() -> None:
    code = "import sys; from landlink.cli import build_parser; build_parser(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.split()
    assert not {"numpy", "pandas", "numba", "h5py", "landlink.traffic.assign", "landlink.traffic.skims"} & set(loaded)


def test_files_of_windows_with_blanks_in_their_names(files: Path, capsys: Capture) -> None:
    text = net_text([link(1, 2)], nodes=2, header=HEADER).replace("\n", "\r\n")
    (files / "my net.tntp").write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert main(["assign", "my net.tntp", "trips", "-o", "my flows.csv"]) == 0
    assert len(pd.read_csv("my flows.csv")) == 1


def test_interactions_and_curves(files: Path, capsys: Capture) -> None:
    (files / "curves.csv").write_text("link,ratio,relative_delay\n2,0,0\n2,1,0.5\n")
    (files / "interactions.csv").write_text("link,other_link,weight\n1,0,0.1\n")
    tables = ["--curves", "curves.csv", "--interactions", "interactions.csv"]
    assert main(["assign", "net", "trips", *tables, "--gap", "1e-12", "-o", "flows.csv"]) == 0
    # 1 + x / 10 = 2 (1 + (y + x / 10) / 10) with x + y = 20: 2.8 x = 50.
    assert pd.read_csv("flows.csv")["flow"].to_numpy() == pytest.approx([50 / 2.8, 20 - 50 / 2.8, 0])
    printed = capsys.readouterr().out
    assert "1 curves by points, for 1 links\n1 interactions between links\n" in printed
    assert re.search(r"objective +none: the time of links depends on the flow of others\n", printed)
    assert re.search(r"unique +(yes|not shown)", printed)
    assert re.search(r"rounds +\d+\nseconds", printed)


def test_json_of_interactions(files: Path, capsys: Capture) -> None:
    (files / "interactions.csv").write_text("link,other_link,weight\n0,1,0.25\n")
    assert main(["assign", "net", "trips", "--interactions", "interactions.csv", "--gap", "1e-12", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["objective"] is None
    assert facts["unique"] is True
    assert main(["assign", "net", "trips", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["unique"] is True


def test_skims_with_curves(files: Path) -> None:
    (files / "curves.csv").write_text("link_type,ratio,relative_delay\n1,0,0.5\n1,1,1\n")
    assert main(["skim", "net", "--curves", "curves.csv", "-o", "free.csv"]) == 0
    assert pd.read_csv("free.csv")["time"].max() == 1.5


def test_invalid_tables_of_links(files: Path, capsys: Capture) -> None:
    (files / "curves.csv").write_text("link,ratio,relative_delay\n9,0,0\n9,1,much\n")
    (files / "interactions.csv").write_text("link,other_link,weight\n0,0,1\n")
    tables = ["--curves", "curves.csv", "--interactions", "interactions.csv"]
    assert main(["assign", "net", "trips", *tables, "-o", "flows.csv"]) == 2
    told = capsys.readouterr().err
    assert "much" in told
    assert "the link itself" in told
    assert not Path("flows.csv").exists()
    (files / "curves.csv").write_text("link,ratio,relative_delay\n0,0,0\n0,1,1\n")
    (files / "interactions.csv").write_text("link,other_link,weight\n1,0,1\n")
    assert main(["assign", "net", "trips", *tables, "-o", "curves.csv"]) == 2
    assert (files / "curves.csv").read_text().startswith("link,ratio")
