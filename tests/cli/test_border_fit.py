"""``landlink border fit``: what is printed, written and refused."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from landlink.cli import main
from tests.support.border_records import STAMP_HEAD as HEAD
from tests.support.border_records import START, counted, gate, queued


@pytest.fixture
def stamps(tmp_path: Path) -> Path:
    path = tmp_path / "stamps.csv"
    path.write_text("\n".join([HEAD, *queued(3, 150, 1), "V9,docs,,,"]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def counts(tmp_path: Path) -> Path:
    made = counted(gate(tmp_path / "gate"), 28, 1)
    series = zip(made.arrivals, made.departures, made.queue, strict=True)
    rows = [
        f"{(START + timedelta(hours=hour)).isoformat(sep=' ')},{come:g},{left:g},{waiting:g},1.5"
        for hour, (come, left, waiting) in enumerate(series)
    ]
    path = tmp_path / "counts.csv"
    path.write_text("\n".join(["hour,arrivals,departures,queue,wait_h", *rows]) + "\n", encoding="utf-8")
    return path


def test_stamps(stamps: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = tmp_path / "stage.csv"
    words = ["border", "fit", str(stamps), "--crossing", "GATE", "--samples", "19", "-o", str(rows)]
    assert main(words) == 0
    printed = capsys.readouterr().out
    for part in ("150 vehicles", "docs", "gamma", "1 rows not used: no time at all", "95 % intervals"):
        assert part in printed
    text = rows.read_text(encoding="utf-8")
    assert text.startswith(
        "crossing_id,family,stage_id,order,direction,servers,law,mean_h,cv,share,quality,source,note\nGATE,road,docs,1,both,3,"
    )
    # Its own file is replaced, another is not.
    assert main(words) == 0
    capsys.readouterr()
    rows.write_text("mine\n", encoding="utf-8")
    assert main(words) == 2
    assert rows.read_text(encoding="utf-8") == "mine\n"


def test_stamps_as_json(stamps: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["border", "fit", str(stamps), "--samples", "19", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    (stage,) = found["stages"]
    assert found["unused_rows"] == {"no time at all": 1}
    assert stage["mean_h"]["low"] < stage["mean_h"]["value"] < stage["mean_h"]["high"]
    assert (stage["servers"], stage["servers_known"]) == (3, True)
    assert found["rows"][0]["crossing_id"] == "stamps"


def test_counts(counts: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["border", "fit", str(counts), "--service-h", "0.25"]) == 0
    printed = capsys.readouterr().out
    for part in (
        "Service rate",
        "saturated hours",
        "deterministic",
        "simulated",
        "an estimate, to which nothing is fitted",
    ):
        assert part in printed
    assert main(["border", "fit", str(counts), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rate_per_h"]["low"] < 12.5
    assert found["rate_per_h"]["high"] > 11.5
    assert found["operators_wait"] is True
    assert np.isfinite(found["simulated_queue"]["mean"])


def test_bad_files_end_with_2_and_name_every_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(HEAD + "\nV1,docs,,x,y\n,docs,,2024-06-03 10:00,\n", encoding="utf-8")
    assert main(["border", "fit", str(path)]) == 2
    printed = capsys.readouterr().err
    assert "line 2" in printed
    assert "line 3" in printed
    assert main(["border", "fit", str(tmp_path / "none.csv")]) == 2
    assert "none.csv" in capsys.readouterr().err
    assert main(["border", "fit", str(tmp_path)]) == 2
    (tmp_path / "arrivals.csv").write_text("hour,arrivals\n2024-06-03 10:00,4\n", encoding="utf-8")
    assert main(["border", "fit", str(tmp_path / "arrivals.csv")]) == 2
    assert "arrivals alone" in capsys.readouterr().err


def test_a_negative_seed_is_refused(stamps: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["border", "fit", str(stamps), "--seed", "-1"])
    assert refused.value.code == 2
    assert "no seed" in capsys.readouterr().err
