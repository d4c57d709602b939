"""``landlink domestic``: from totals to a table of the study, and faults with exit code 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import landlink as ll
from landlink.cli import main
from tests.support.domestic_study import TOTAL, domestic_study


def test_totals_become_a_table_that_the_study_reads(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = domestic_study(tmp_path / "s")
    (folder / "demand_domestic.csv").unlink()
    totals = tmp_path / "totals.csv"
    totals.write_text(TOTAL.strip() + "\n")
    assert main(["domestic", str(folder), str(totals), "-o", str(folder / "demand_domestic.csv")]) == 0
    told = capsys.readouterr().out
    assert "AAA" in told
    assert "0.90" in told
    demand = ll.open_study(folder).tables["demand_domestic"]
    assert demand["tonnes_per_year"].sum() == pytest.approx(1e6, abs=5)
    assert set(demand["kind"]) == {"domestic"}


def test_json_has_every_total(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = domestic_study(tmp_path / "s", domestic_total=TOTAL)
    assert main(["domestic", str(folder), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [row["alternative"] for row in said["totals"]] == ["road", "rail"]
    assert said["totals"][0]["mean_km"] == pytest.approx(210)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--smallest", "many"], "not a number of tonnes"),
        (["--smallest", "-1"], "invalid tonnes"),
        (["missing.csv"], "missing.csv"),
    ],
)
def test_faults_end_with_code_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    folder = domestic_study(tmp_path / "s", domestic_total=TOTAL)
    assert main(["domestic", str(folder), *arguments]) == 2
    assert message in capsys.readouterr().err
