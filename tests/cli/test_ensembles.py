"""``run --ensemble`` and ``ask``: what is written, printed and refused."""

from __future__ import annotations

import json
import re
import socket

import pytest

import landlink as ll
from landlink.cli import main
from landlink.ensemble import scenario_run
from tests.support.dask_cluster import cluster_of
from tests.support.posterior_study import DOUBT, write_posterior_study

pytestmark = pytest.mark.slow

RAIL = "crossing.tonnes_per_year[GATE,rail]"


@pytest.fixture(scope="module")
def solved(tmp_path_factory):
    """Folder with results of both scenarios, and the study beside them."""
    folder = tmp_path_factory.mktemp("solved")
    study = str(write_posterior_study(folder / "two", members=6, doubt=DOUBT))
    words = ["run", study, "--scenario", "today", "--scenario", "easy-2023", "--ensemble", "--workers", "2"]
    assert main([*words, "-o", str(folder / "results")]) == 0
    return folder


def test_results_have_ensembles_and_no_member_is_left_beside_them(solved):
    assert {path.name for path in (solved / "results").iterdir()} == {"today", "easy-2023"}
    result = ll.open_result(solved / "results" / "today")
    assert result.provenance.ensemble.members == 6


def test_run_prints_medians_with_intervals(solved, capsys, tmp_path):
    words = ["run", str(solved / "two"), "--scenario", "today", "--ensemble", "--members", "3", "--workers", "1"]
    assert main([*words, "-o", str(tmp_path / "r")]) == 0
    printed = capsys.readouterr().out
    assert "Ensemble of 3 members (worth 3 independent ones)" in printed
    assert RAIL in printed


def test_an_interrupted_run_goes_on_where_it_stopped(solved, tmp_path, monkeypatch):
    def interrupted(*args, **options):
        whole(*args, **options)
        raise KeyboardInterrupt

    words = ["run", str(solved / "two"), "--scenario", "today", "--ensemble", "--workers", "1"]
    whole = scenario_run.run_members
    monkeypatch.setattr(scenario_run, "run_members", interrupted)
    assert main([*words, "-o", str(tmp_path / "r")]) == 130
    assert len(list((tmp_path / "r-members").glob("member-*.npy"))) == 6
    assert not (tmp_path / "r").exists()
    monkeypatch.setattr(scenario_run, "run_members", whole)
    assert main([*words, "-o", str(tmp_path / "r")]) == 0
    assert not (tmp_path / "r-members").exists()
    there = ll.open_result(tmp_path / "r").tables["member"]
    assert there.equals(ll.open_result(solved / "results" / "today").tables["member"])


def test_a_run_on_a_cluster_is_the_same(solved, tmp_path):
    pytest.importorskip("distributed", reason="needs distributed: pip install 'landlink[cluster]'")
    words = ["run", str(solved / "two"), "--scenario", "today", "--ensemble", "-o", str(tmp_path / "r")]
    with cluster_of(1) as cluster:
        assert main([*words, "--scheduler", cluster.address]) == 0
    for table in ("member", "quantile"):
        there = ll.open_result(tmp_path / "r").tables[table]
        assert there.equals(ll.open_result(solved / "results" / "today").tables[table])


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["--scheduler", "tcp://10.0.0.5:8786"], 2, "--scheduler: only with --ensemble"),
        (
            ["--ensemble", "--scheduler", "10.0.0.5"],
            2,
            "invalid address of a scheduler (found '10.0.0.5')",
        ),
        (["--ensemble", "--scheduler", "tcp://10.0.0.5:1", "--workers", "2"], 2, "give one of them"),
    ],
)
def test_refused_schedulers(solved, tmp_path, capsys, words, code, told):
    assert main(["run", str(solved / "two"), "--scenario", "today", "-o", str(tmp_path / "r"), *words]) == code
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["run --ensemble --scenario today", "calibrate"])
def test_nobody_at_the_address_of_a_scheduler(solved, tmp_path, capsys, verb):
    pytest.importorskip("distributed", reason="needs distributed: pip install 'landlink[cluster]'")
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    words = [*verb.split(), str(solved / "two"), "-o", str(tmp_path / "r"), "--scheduler", address]
    assert main(words) == 1
    assert f"no scheduler at {address}" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_compare_gives_the_interval_of_each_change(solved, capsys):
    today, easy = (str(solved / "results" / name) for name in ("today", "easy-2023"))
    assert main(["compare", today, easy]) == 0
    printed = capsys.readouterr().out
    assert "B - A, P10 to P90" in printed
    answer = ll.ask(ll.open_result(easy), "total.mean_time_h", against=ll.open_result(today))
    line = next(line for line in printed.splitlines() if line.startswith("total.mean_time_h"))
    low, high = re.search(r"(-[\d.]+) to (-[\d.]+)", line).groups()
    assert float(low) == pytest.approx(answer.p10, rel=0.1)
    assert float(high) == pytest.approx(answer.p90, rel=0.1)


def test_ask(solved, capsys):
    today, easy = (str(solved / "results" / name) for name in ("today", "easy-2023"))
    assert main(["ask", today, f"{RAIL} > 0.01 Mt"]) == 0
    printed = capsys.readouterr().out
    assert "probability: 1.000, standard error 0.1" in printed
    assert "80 % interval" in printed
    assert main(["ask", easy, f"{RAIL} < 0 kt", "--against", today, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["probability"] == 1
    assert answer["p50"] < 0
    assert answer["unit"] == "kt"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["ask", "results/today", f"{RAIL} > 10 h"], "compares t/year with h"),
        (["ask", "results/nothing", RAIL], "is not a folder"),
        (["run", "two", "--members", "3"], "--members: only with --ensemble"),
        (["run", "two", "--ensemble", "--members", "7"], "has 6 members"),
    ],
)
def test_bad_input_ends_with_2(solved, monkeypatch, capsys, words, message):
    monkeypatch.chdir(solved)
    assert main(words) == 2
    assert message in capsys.readouterr().err


def test_a_study_without_a_posterior(tmp_path, capsys):
    study = write_posterior_study(tmp_path / "s", posterior="member,parameter_id,value\n")
    assert main(["run", str(study), "--ensemble", "-o", str(tmp_path / "r")]) == 2
    assert "no posterior ensemble" in capsys.readouterr().err
    assert not (tmp_path / "r-members").exists()


@pytest.mark.parametrize(
    ("doubt", "message"),
    [
        (DOUBT.replace("easy-2023", "nowhere"), "no such scenario"),
        (DOUBT.replace('"easy-2023", ', ""), "a doubt has two answers at least"),
        (DOUBT + 'indicator = "total.tons"', "no such indicator"),
        (DOUBT.replace("title =", "titel ="), "missing setting"),
    ],
)
def test_doubts_that_cannot_be(tmp_path, capsys, doubt, message):
    study = write_posterior_study(tmp_path / "s", doubt=doubt)
    assert main(["check", str(study)]) == 2
    assert message in capsys.readouterr().err
