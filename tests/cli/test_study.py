"""The commands at work on a small study: what is written, printed and refused."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.cli import main
from landlink.ensemble.side_process import SideProcess
from tests.support.small_study import TABLES, write_small_study

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small study, in a working folder of its own."""
    monkeypatch.chdir(tmp_path)
    return write_small_study(tmp_path / "two")


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Results of the base year and of 2030 with the bypass."""
    folder = tmp_path_factory.mktemp("solved")
    study = str(write_small_study(folder / "two"))
    assert main(["run", study, "-o", str(folder / "today")]) == 0
    assert main(["run", study, "--year", "2030", "--apply", "bypass, easy-gate", "-o", str(folder / "plan")]) == 0
    return folder / "today", folder / "plan"


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_check_says_what_a_good_study_holds(study: Path, capsys: Capture) -> None:
    assert main(["check", str(study)]) == 0
    printed = capsys.readouterr().out
    assert "Two ports (two-ports): no problems found" in printed
    assert "3 measures: landlink measures" in printed


def test_check_as_json(study: Path, capsys: Capture) -> None:
    assert main(["check", str(study), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is True
    assert document["rows"]["link"] == 5
    assert len(document["hash"]) == 64


def test_check_lists_every_problem_with_its_place(tmp_path: Path, capsys: Capture) -> None:
    bad_link = TABLES["link"].replace("R1,N1,X,0,100,60", "R1,N1,Y,0,-100,60").replace("T2,X,N2,0,110", "T2,X,N2,0,")
    bad_demand = TABLES["demand"].replace("300000", "nan")
    folder = write_small_study(tmp_path / "bad", link=bad_link, demand=bad_demand)
    assert main(["check", str(folder)]) == 2
    told = capsys.readouterr().err
    assert "\nlink\n" in told
    assert "\ndemand\n" in told
    for sign in ("found 'Y'", "found '-100.0'", "found 'nan'", "(T2)", "allowed: "):
        assert sign in told
    assert "Traceback" not in told


def test_check_names_demand_that_has_no_route(tmp_path: Path, capsys: Capture) -> None:
    no_rail = TABLES["link"].replace("T2,X,N2,0,110,40,rail,BBB,20,existing", "T2,X,N2,0,110,40,rail,BBB,20,planned")
    no_road = no_rail.replace("R2,X,N2,0,100,60,road,BBB,200,existing", "R2,X,N2,0,100,60,road,BBB,200,planned")
    assert main(["check", str(write_small_study(tmp_path / "cut", link=no_road)), "--json"]) == 2
    problems = json.loads(capsys.readouterr().out)["problems"]
    assert {problem["table"] for problem in problems} == {"demand"}
    assert any("Z1" in problem["row"] and "Z2" in problem["row"] for problem in problems)


def test_run_prints_gap_headlines_and_what_next(study: Path, capsys: Capture) -> None:
    assert main(["run", str(study)]) == 0
    printed = capsys.readouterr()
    assert "relative gap" in printed.out
    assert "total.tonnes_per_year" in printed.out
    assert "Result: results/two-ports-2023" in printed.out.replace("\\", "/")
    assert "Next: landlink report" in printed.out
    assert printed.err == ""  # no progress where there is no terminal
    assert (study.parent / "results" / "two-ports-2023" / "result.json").is_file()


def test_run_names_the_default_folder_after_the_scenario(study: Path) -> None:
    assert main(["run", str(study), "--apply", "bypass", "--apply", "easy-gate", "--year", "2030"]) == 0
    assert (study.parent / "results" / "two-ports-2030-bypass-easy-gate").is_dir()


@pytest.mark.parametrize(("processors", "started"), [(1, 0), (2, 1)])
def test_years_are_solved_side_by_side_where_there_is_a_processor_for_each(
    processors: int, started: int, study: Path, solved: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[SideProcess] = []

    class Counted(SideProcess):
        def __enter__(self) -> SideProcess:
            begun.append(self)
            return super().__enter__()

    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    monkeypatch.setattr("landlink.ensemble.side_process.SideProcess", Counted)
    assert main(["run", str(study), "--scenario", "today,bypass-2030", "-o", "out"]) == 0
    assert len(begun) == started
    found, before = (ll.open_result(folder).tables["link"] for folder in ("out/today", solved[0]))
    assert found.equals(before)
    assert ll.open_result("out/bypass-2030").provenance.run.year == 2030


def test_run_says_when_a_measure_is_not_open_yet(study: Path, capsys: Capture) -> None:
    assert main(["run", str(study), "--apply", "bypass", "--year", "2029"]) == 0
    assert "Note: bypass has no effect in 2029" in capsys.readouterr().out


def test_run_as_json_holds_provenance_and_indicators(study: Path, capsys: Capture) -> None:
    assert main(["run", str(study), "--json", "-o", "out", "--threads", "1"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] is True
    assert document["result"] == "out"
    assert document["provenance"]["certificate"]["relative_gap"] <= 1e-6
    values = {row["indicator"]: row["value"] for row in document["indicators"]}
    assert values["total.tonnes_per_year"] == pytest.approx(800_000)


def test_run_that_misses_the_gap_exits_with_1_and_keeps_the_result(study: Path, capsys: Capture) -> None:
    text = (study / "study.toml").read_text(encoding="utf-8")
    limits = "[solver]\nmax_iterations = 1\n[[alternative]]"
    (study / "study.toml").write_text(text.replace("[[alternative]]", limits, 1), encoding="utf-8")
    assert main(["run", str(study), "--gap", "1e-15", "-o", "out"]) == 1
    assert "MISSED" in capsys.readouterr().out
    assert (study.parent / "out" / "result.json").is_file()


def test_run_replaces_an_older_result(study: Path) -> None:
    for _ in range(2):
        assert main(["run", str(study), "-o", "out"]) == 0


def test_run_never_replaces_other_files_and_says_so_before_it_solves(study: Path, capsys: Capture) -> None:
    before = files_below(study)
    assert main(["run", str(study), "-o", str(study)]) == 2
    assert "not replaced" in capsys.readouterr().err
    assert files_below(study) == before


def test_run_into_a_file_is_refused(study: Path, capsys: Capture) -> None:
    assert main(["run", str(study), "-o", str(study / "link.csv")]) == 2
    assert main(["run", str(study), "-o", str(study / "link.csv" / "out")]) == 2
    assert capsys.readouterr().err.count("landlink: ") == 2


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--apply", "bypas"], "did you mean 'bypass'?"),
        (["--apply", "easy-gate,closed-gate"], "excludes"),
        (["--year", "20300"], "1900 to 2200"),
    ],
)
def test_run_refuses(options: list[str], told: str, study: Path, capsys: Capture) -> None:
    assert main(["run", str(study), *options]) == 2
    assert told in capsys.readouterr().err
    assert not (study.parent / "results").exists()


def test_compare_prints_what_changes(solved: tuple[Path, Path], capsys: Capture) -> None:
    assert main(["compare", *map(str, solved)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("A  Today")
    rows = {line.split()[0]: line for line in printed.splitlines() if "." in line.split(" ")[0]}
    assert "Gate" in rows["crossing.trucks_per_day[GATE]"].split("vehicles/day")[1]
    assert "total.tonnes_per_year" not in rows  # it does not change


def test_compare_as_json_has_every_indicator(solved: tuple[Path, Path], capsys: Capture) -> None:
    assert main(["compare", *map(str, solved), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    table = pd.DataFrame(document["indicators"]).set_index("indicator")
    today, plan = document["labels"]
    assert table.loc["total.tonnes_per_year", [today, plan]].tolist() == pytest.approx([800_000, 800_000])
    assert table.loc["total.mean_time_h", "change"] < 0


def test_compare_shows_the_indicators_asked_for(solved: tuple[Path, Path], capsys: Capture) -> None:
    assert main(["compare", *map(str, solved), "--indicator", "od.time_h[*"]) == 0
    printed = capsys.readouterr().out.splitlines()
    lines = printed[printed.index("") + 2 :]
    lines = lines[: lines.index("")] if "" in lines else lines
    assert lines
    assert all(line.startswith("od.time_h[") for line in lines)


@pytest.mark.parametrize(
    ("patterns", "starts"),
    [
        (["crossing.*[GATE*"], {"crossing."}),
        (["total.mean_time_h", "mode.*[rail]"], {"total.mean_time_h", "mode."}),
        # By name only, and by the name of a place.
        (["crossing.time_h[GATE,road,ab]"], {"crossing.time_h[GATE,road,ab]"}),
        (["crossing.time_h*"], {"crossing.time_h[GATE,road,", "crossing.time_h[GATE,rail,"}),
        (["crossing.p95_time_h[GATE*"], {"crossing.p95_time_h[GATE,road,", "crossing.p95_time_h[GATE,rail,"}),
        (["gate"], {"crossing."}),
    ],
)
def test_compare_takes_patterns_names_and_places(
    patterns: list[str], starts: set[str], solved: tuple[Path, Path], capsys: Capture
) -> None:
    options = [word for pattern in patterns for word in ("--indicator", pattern)]
    assert main(["compare", *map(str, solved), *options, "--json"]) == 0
    shown = [row["indicator"] for row in json.loads(capsys.readouterr().out)["indicators"]]
    assert shown
    assert all(any(name.startswith(start) for start in starts) for name in shown)
    assert all(any(name.startswith(start) for name in shown) for start in starts)


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        ("crosing.trucks_per_day[GATE]", "crossing.trucks_per_day"),
        ("crossing.*[GAET*", "'GATE'"),
        ("crossing.*[GATE", "'crossing.*[GATE*'"),
        ("total.mean_tme_h", "total.mean_time_h"),
    ],
)
def test_compare_suggests_near_names(pattern: str, near: str, solved: tuple[Path, Path], capsys: Capture) -> None:
    assert main(["compare", *map(str, solved), "--indicator", pattern]) == 2
    told = capsys.readouterr().err
    assert pattern in told
    assert f"did you mean {near}" in told or near in told.partition("did you mean")[2]


def test_compare_says_what_demand_fixes(solved: tuple[Path, Path], capsys: Capture) -> None:
    name = "country.exports_tonnes_per_year[AAA]"
    assert main(["compare", *map(str, solved), "--indicator", name]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith(name)]
    assert line.endswith("no change: demand is fixed in this run")


def test_compare_says_notes_once_and_after_the_table(solved: tuple[Path, Path], capsys: Capture) -> None:
    notes = [ll.open_result(folder).provenance.presentation.notes for folder in solved]
    assert main(["compare", *map(str, solved)]) == 0
    printed = capsys.readouterr().out.splitlines()
    told = [line for line in printed if line.startswith("Note (")]
    assert len(told) == len({note for of_one in notes for note in of_one})
    assert printed[len(printed) - len(told) :] == told


def test_compare_never_hides_what_begins_at_nothing(
    solved: tuple[Path, Path], study: Path, tmp_path: Path, capsys: Capture
) -> None:
    closed = tmp_path / "closed"
    ll.solve(ll.open_study(study).apply("closed-gate")).save(closed)
    assert main(["compare", str(closed), str(solved[0])]) == 0
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if "[" in line}
    assert " new " in rows["crossing.tonnes_per_year[GATE,road]"]
    assert main(["compare", str(solved[0]), str(closed)]) == 0
    rows = {line.split()[0]: line for line in capsys.readouterr().out.splitlines() if "[" in line}
    assert " gone " in rows["crossing.tonnes_per_year[GATE,road]"]


def test_bottlenecks_are_ranked_in_the_shell(solved: tuple[Path, Path], capsys: Capture) -> None:
    assert main(["bottlenecks", str(solved[0]), "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["found"]
    table = ll.open_result(solved[0])["bottleneck"]
    assert found["bottlenecks"][0]["place_id"] == table["place_id"][0] == "GATE"
    assert found["bottlenecks"][0]["name"] == "Gate"
    worth = [row["one_percent_usd_per_year"] for row in found["bottlenecks"]]
    assert worth == sorted(worth, reverse=True)
    assert main(["bottlenecks", str(solved[0]), "--country", "AAA", "--by", "vehicle", "--top", "2"]) == 0
    printed = capsys.readouterr().out
    assert "crossing GATE road" in printed
    assert "link R2" not in printed
    assert main(["bottlenecks", str(solved[0]), "--country", "AAB"]) == 2
    assert "did you mean 'AAA'" in capsys.readouterr().err


def test_bottlenecks_are_those_of_the_region_unless_asked_otherwise(
    solved: tuple[Path, Path], tmp_path: Path, capsys: Capture
) -> None:
    result = ll.open_result(solved[0])
    # BBB becomes a gateway beyond the region: its road is left out, the post on its border stays.
    zone = result["zone"].assign(
        kind=["internal" if code == "AAA" else "gateway" for code in result["zone"]["country"]]
    )
    ll.Result(dict(result.tables) | {"zone": zone}, result.provenance).save(tmp_path / "gateway")
    places = {}
    for option in ([], ["--everywhere"], ["--country", "BBB"]):
        assert main(["bottlenecks", str(tmp_path / "gateway"), "--json", *option]) == 0
        found = json.loads(capsys.readouterr().out)
        places[found["area"]] = {(row["kind"], row["place_id"]) for row in found["found"][0]["bottlenecks"]}
    assert ("link", "R2") in places["everywhere"] - places["region"]
    assert ("crossing", "GATE") in places["region"] & places["BBB"]
    assert ("link", "R1") in places["region"] - places["BBB"]
    assert main(["bottlenecks", str(tmp_path / "gateway")]) == 0
    assert "--everywhere ranks all" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        main(["bottlenecks", str(tmp_path / "gateway"), "--everywhere", "--country", "AAA"])


def test_compare_with_itself_changes_nothing(solved: tuple[Path, Path], capsys: Capture) -> None:
    assert main(["compare", str(solved[0]), str(solved[0])]) == 0
    assert "No indicator changes." in capsys.readouterr().out


def test_compare_rejects_unknown_indicators(solved: tuple[Path, Path], capsys: Capture) -> None:
    assert main(["compare", *map(str, solved), "--indicator", "nonsense*"]) == 2
    assert "nonsense*" in capsys.readouterr().err


def test_a_brief_is_written_and_other_options_are_refused(
    solved: tuple[Path, Path], tmp_path: Path, capsys: Capture
) -> None:
    target = tmp_path / "brief.html"
    assert main(["report", *map(str, solved), "--brief", "-o", str(target)]) == 0
    assert capsys.readouterr().out == f"Brief: {target}\n"
    assert target.read_text(encoding="utf-8").count("<section") == 1
    assert main(["report", *map(str, solved), "--brief", "--sensitivity", "-o", str(target)]) == 2
    assert "--brief shows neither" in capsys.readouterr().err


def test_report_writes_one_file(solved: tuple[Path, Path], tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "new" / "report.html"
    assert main(["report", *map(str, solved), "-o", str(target), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["report"] == str(target)
    assert document["bytes"] == target.stat().st_size > 10_000
    assert files_below(target.parent) == {"report.html"}


@pytest.mark.parametrize("to", ["gpkg", "xlsx", "csv", "parquet"])
def test_export_writes_beside_the_result(to: str, solved: tuple[Path, Path], capsys: Capture) -> None:
    assert main(["export", str(solved[0]), "--to", to]) == 0
    written = Path(capsys.readouterr().out.removeprefix("Wrote ").strip())
    assert written.parent == solved[0].parent
    assert written.exists()


def test_a_damaged_result_is_bad_input(solved: tuple[Path, Path], tmp_path: Path, capsys: Capture) -> None:
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for file in solved[0].iterdir():
        (damaged / file.name).write_bytes(file.read_bytes())
    (damaged / "link.parquet").write_bytes(b"PAR1 cut")
    assert main(["report", str(damaged), "-o", str(tmp_path / "r.html")]) == 2
    assert "link.parquet" in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()


def test_init_copies_a_study_under_a_name_of_its_own_and_never_overwrites(
    study: Path, tmp_path: Path, capsys: Capture
) -> None:
    assert main(["init", "mine", "--from", str(study)]) == 0
    assert files_below(tmp_path / "mine") == files_below(study)
    for name in files_below(study) - {"study.toml"}:
        assert (tmp_path / "mine" / name).read_bytes() == (study / name).read_bytes()
    before, after = ((folder / "study.toml").read_text("utf-8") for folder in (study, tmp_path / "mine"))
    changed = [line for line in after.splitlines() if line not in before.splitlines()]
    assert changed == ['id = "mine"', 'title = "mine"']
    assert "it is called 'mine' (id mine)" in capsys.readouterr().out
    (tmp_path / "mine" / "node.csv").write_text("my work")
    assert main(["init", "mine", "--from", str(study)]) == 2
    assert "already exists" in capsys.readouterr().err
    assert (tmp_path / "mine" / "node.csv").read_text() == "my work"


def test_init_from_gmns_makes_a_study_that_checks(study: Path, tmp_path: Path, capsys: Capture) -> None:
    network = tmp_path / "gmns"
    network.mkdir()
    (network / "node.csv").write_text("node_id,x_coord,y_coord,zone_id\n1,70,40,1\n2,71,40,\n3,72,40,2\n")
    (network / "link.csv").write_text(
        "link_id,from_node_id,to_node_id,directed,length,free_speed,lanes\n1,1,2,false,100,60,1\n2,2,3,false,100,60,1\n"
    )
    (network / "config.csv").write_text("dataset_name,long_length,speed,crs\nshort line,km,kph,EPSG:4326\n")
    assert main(["init", "mine", "--gmns", str(network), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["left_to_do"]
    assert main(["check", "mine"]) == 0


def test_init_from_a_folder_that_is_no_network(tmp_path: Path, capsys: Capture) -> None:
    assert main(["init", str(tmp_path / "mine"), "--gmns", str(tmp_path)]) == 2
    assert "node" in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_an_interrupt_exits_with_130_and_leaves_nothing(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("landlink.ensemble.scenario_chains.solve", interrupted)
    assert main(["run", str(study), "-o", "out"]) == 130
    assert capsys.readouterr().err == "landlink: interrupted\n"
    assert not (study.parent / "out").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise on Windows")
def test_a_closed_pipe_is_not_an_error(solved: tuple[Path, Path]) -> None:
    command = [sys.executable, "-m", "landlink", "compare", *map(str, solved), "--all"]
    reading, writing = os.pipe()
    os.close(reading)  # nobody reads any more
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert done.returncode == 141
    assert done.stderr == ""


def test_a_report_with_sensitivity_needs_the_study_as_it_was(study: Path, capsys: Capture) -> None:
    settings = study / "study.toml"
    inputs = (
        'headline = "mode.tonnes_per_year[rail]"\nheadline_title = "Rail"\n\n[[sensitivity]]\ntitle = "Truck cost"\n'
        'table = "vehicle"\nrow = "road"\ncolumn = "cost_usd_per_vehicle_km"\nlow = 0.8\nhigh = 1.2\n'
    )
    settings.write_text(settings.read_text(encoding="utf-8") + inputs, encoding="utf-8")
    assert main(["run", str(study), "-o", "out"]) == 0
    assert main(["report", "out", "--sensitivity", "-o", "with.html"]) == 0
    assert main(["report", "out", "-o", "without.html"]) == 0
    assert "Truck cost" in Path("with.html").read_text(encoding="utf-8")
    assert "Truck cost" not in Path("without.html").read_text(encoding="utf-8")
    demand = study / "demand.csv"
    demand.write_text(demand.read_text(encoding="utf-8").replace("400000", "500000"), encoding="utf-8")
    assert main(["report", "out", "--sensitivity"]) == 2
    assert "has changed since" in capsys.readouterr().err


def test_a_report_in_an_unknown_language_is_bad_input(solved: tuple[Path, Path], capsys: Capture) -> None:
    assert main(["report", str(solved[0]), "--language", "tlh"]) == 2
    assert "tlh" in capsys.readouterr().err


def test_the_suggested_command_runs_as_printed(tmp_path: Path, capsys: Capture) -> None:
    study, folder = write_small_study(tmp_path / "my two ports"), tmp_path / "the result"
    quote = '"{}"' if os.name == "nt" else "'{}'"
    assert main(["check", str(study)]) == 0
    assert f"Next: landlink run {quote.format(study)} --scenario today" in capsys.readouterr().out
    assert main(["run", str(study), "-o", str(folder)]) == 0
    assert f"Next: landlink report {quote.format(folder)} -o report.html" in capsys.readouterr().out


def test_commodities_whose_modes_do_not_reach_a_zone_are_reported(tmp_path: Path, capsys: Capture) -> None:
    rows = TABLES["commodity"].strip().splitlines()
    goods = "\n".join([f"{rows[0]},modes", f"{rows[1]},rail", f"{rows[2]},"])
    no_rail = TABLES["link"].replace("T2,X,N2,0,110,40,rail,BBB,20,existing", "T2,X,N2,0,110,40,rail,BBB,20,planned")
    assert main(["check", str(write_small_study(tmp_path / "cut", commodity=goods, link=no_rail))]) == 2
    told = capsys.readouterr().err
    assert "grain may use rail; open links leave N1 by road, rail and reach N2 by road" in told


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signal")
def test_a_run_that_is_interrupted_leaves_nothing(tmp_path: Path) -> None:
    # A terminal is shown a bar from the first iteration on: the signal comes as soon as the solver is at work,
    # on a gap that keeps it at work far longer than a signal takes.
    words = [sys.executable, "-m", "landlink", "run", "china-kyrgyzstan", "--gap", "1e-300", "-o", "out"]
    here = os.environ | {"PYTHONPATH": str(Path(ll.__file__).parents[1])}
    screen, terminal = os.openpty()
    with subprocess.Popen(words, cwd=tmp_path, env=here, stdout=subprocess.PIPE, stderr=terminal) as run:
        os.close(terminal)
        told = os.read(screen, 1)
        run.send_signal(signal.SIGINT)
        told += _all_shown(screen)
        assert run.wait(timeout=60) == 130
        assert run.stdout is not None
        assert run.stdout.read() == b""
    assert told.decode().splitlines()[-1] == "landlink: interrupted"
    assert files_below(tmp_path) == set()


@pytest.mark.parametrize("words", [["--gap", "0"], ["--gap", "nan"], ["--threads", "0"], ["--threads", "-1"]])
def test_invalid_command_options(words: list[str], study: Path, capsys: Capture) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["run", str(study), *words])
    assert caught.value.code == 2
    assert "above 0" in capsys.readouterr().err


def _all_shown(screen: int) -> bytes:
    shown = b""
    with contextlib.suppress(OSError):  # how Linux says that no program has the terminal any more
        while part := os.read(screen, 4096):
            shown += part
    os.close(screen)
    return shown
