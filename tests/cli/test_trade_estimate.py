"""``landlink trade estimate``: what is written, printed and refused."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.trade import gravity_estimation
from tests.support.trade_worlds import drawn_flows

FORMULA = "value ~ log(distance) + border | exporter + importer"
Capture = pytest.CaptureFixture[str]
COMMAND = ["trade", "estimate", "flows.csv", "--formula", FORMULA]
needs_pyfixest = pytest.mark.skipif(
    find_spec("pyfixest") is None, reason="needs pyfixest: pip install 'landlink[estimate]'"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    drawn_flows().to_csv("flows.csv", index=False)
    return tmp_path


@needs_pyfixest
def test_coefficients_and_fitted_flows_are_written_and_used(here: Path, capsys: Capture) -> None:
    assert main([*COMMAND, "--cluster", "pair", "-o", "coefficients.csv", "--fitted", "fitted.csv"]) == 0
    found = ll.trade.estimate("flows.csv", FORMULA, cluster="pair")
    pd.testing.assert_frame_equal(pd.read_csv("coefficients.csv"), found.table(), check_exact=True, check_dtype=False)
    fitted = pd.read_csv("fitted.csv")
    assert fitted.columns.tolist() == ["exporter", "importer", "value", "fitted", "status"]
    printed = capsys.readouterr().out
    assert "64 flows; fixed effects: exporter 8, importer 8" in printed
    assert "clustered by pair (36); (N-1)/(N-K) * G/(G-1) with N = 64, K = 17, G = 36; as in Stata: G/(G-1)" in printed
    Path("costs.csv").write_text("exporter,importer,change\nC1,C2,0.9\n")
    shock = ["--shock", "costs.csv", "--sigma", "5", "-o", "out.csv"]
    assert main(["trade", "counterfactual", "fitted.csv", "--column", "fitted", *shock]) == 0
    expected = ll.trade.counterfactual(found.flows(), "costs.csv", sigma=5).table()
    pd.testing.assert_frame_equal(pd.read_csv("out.csv"), expected, check_exact=True, check_dtype=False)
    # Files of landlink's own are replaced, its inputs are not.
    assert main([*COMMAND, "-o", "coefficients.csv", "--fitted", "fitted.csv"]) == 0
    assert main([*COMMAND, "--fitted", "flows.csv"]) == 2
    assert main([*COMMAND, "-o", "same.csv", "--fitted", "same.csv"]) == 2


@needs_pyfixest
def test_json_holds_what_was_left_out(here: Path, capsys: Capture) -> None:
    table = drawn_flows()
    silent = table[table["exporter"] == "C0"].assign(exporter="S", value=0)
    pd.concat([table, silent]).to_csv("flows.csv", index=False)
    assert main([*COMMAND, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["observations"], told["separated"], told["singletons"]) == (64, 8, 0)
    assert [row["term"] for row in told["coefficients"]] == ["log(distance)", "border"]
    assert told["convention"].startswith("robust to heteroskedasticity")
    assert main(COMMAND) == 0
    assert "Left out: 8 separated flows" in capsys.readouterr().out


@needs_pyfixest
def test_faults_are_named(here: Path, capsys: Capture) -> None:
    text = Path("flows.csv").read_text().splitlines()
    Path("flows.csv").write_text("\n".join([*text[:3], text[3].replace(text[3].split(",")[2], "-4", 1), *text[4:]]))
    assert main([*COMMAND, "-o", "out.csv"]) == 2
    assert "column value: invalid flow\n    line 4  found '-4'" in capsys.readouterr().err
    assert main([*COMMAND[:-1], "value ~ exp(distance)"]) == 2
    assert "invalid formula" in capsys.readouterr().err
    table = pd.read_csv("flows.csv").assign(value=1.0)
    sizes = {name: 3.0 + place for place, name in enumerate(sorted(set(table["exporter"])))}
    table.assign(size=table["exporter"].map(sizes)).to_csv("flows.csv", index=False)
    assert main([*COMMAND[:-1], "value ~ size | exporter + importer"]) == 2
    told = capsys.readouterr().err
    assert "every covariate is a sum of the fixed effects" in told
    assert "package authors" not in told
    assert not Path("out.csv").exists()


def test_a_missing_package_is_named(here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gravity_estimation, "find_spec", lambda name: None)
    assert main(COMMAND) == 2
    assert "pip install 'landlink[estimate]'" in capsys.readouterr().err
