"""Every command that writes: what it refuses to replace, by one rule, and what it replaces."""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import stat
import sys
from collections.abc import Iterator, Sequence
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from landlink.cli import build_parser, main
from tests.support.domestic_study import TOTAL, domestic_study
from tests.support.response_study import RESPONSE
from tests.support.small_border import write_small_border
from tests.support.small_study import write_small_study
from tests.support.tntp import link, net_text, trips_text
from tests.support.trading_study import write_trading_study

Capture = pytest.CaptureFixture[str]
TEXT = "Both sides will build a road by 2030. They will open the Gate."

#: Commands that write one thing, by a name, with the ending of what they write; folders have none.
WRITERS = {
    "report": (".html", ("report", "res")),
    "export-gpkg": (".gpkg", ("export", "res", "--to", "gpkg")),
    "export-xlsx": (".xlsx", ("export", "res", "--to", "xlsx")),
    "export-csv": ("", ("export", "res", "--to", "csv")),
    "export-parquet": ("", ("export", "res", "--to", "parquet")),
    "compare": (".xlsx", ("compare", "res", "res2")),
    "appraise": (".xlsx", ("appraise", "without", "with")),
    "appraise-folder": ("", ("appraise", "without", "with")),
    "abatement": (".csv", ("abatement", "study", "--measures", "easy-gate", "--year", "2030")),
    "chain-page": (".html", ("chain", "res", "--from", "Z1", "--to", "Z2")),
    "chain-picture": (".svg", ("chain", "res", "--from", "Z1", "--to", "Z2")),
    "chain-csv": (".csv", ("chain", "res", "--from", "Z1", "--to", "Z2")),
    "criticality": (".csv", ("criticality", "study", "--days", "7", "--workers", "1")),
    "criticality-parquet": (".parquet", ("criticality", "study", "--days", "7", "--workers", "1")),
    "counterfactual": (".csv", ("trade", "counterfactual", "trade.csv", "--shock", "costs.csv", "--sigma", "5")),
    "decompose": (".csv", ("decompose", "res", "res2", "--indicator", "total.tkm_per_year")),
    "emissions-csv": (".csv", ("emissions", "res", "--by", "link")),
    "emissions-xlsx": (".xlsx", ("emissions", "res")),
    "emissions-parquet": (".parquet", ("emissions", "res", "--by", "leg")),
    "domestic": (".csv", ("domestic", "inland")),
    "estimate": (".csv", ("trade", "estimate", "trade-flows.csv", "--formula", "value ~ border | exporter + importer")),
    "response": (".csv", ("response", "disturbed", "--kind", "rescue", "--units", "1")),
    "response-xlsx": (".xlsx", ("response", "disturbed", "--kind", "rescue", "--units", "1")),
    "run": ("", ("run", "study", "--threads", "1")),
    "replay": (".csv", ("replay", "closing", "shut")),
    "replay-parquet": (".parquet", ("replay", "closing", "shut")),
    "resilience": ("", ("resilience", "study", "--years", "2", "--members", "2", "--workers", "1")),
    "simulate": (".html", ("border", "simulate", "posts", "gate", "--days", "7", "--replications", "1")),
    "fit": (".csv", ("border", "fit", "stamps.csv", "--crossing", "GATE", "--samples", "19")),
    "read": (".yaml", ("statement", "read", "text.txt")),
    "review": (".html", ("statement", "review", "register.yaml", "--source", "text.txt")),
    "merge": (".yaml", ("statement", "merge", "register.yaml", "other.yaml")),
    "score-json": (".json", ("statement", "score", "study", "--observed", "--register", "register.yaml")),
    "score-csv": (".csv", ("statement", "score", "study", "--observed", "--register", "register.yaml")),
    "export-register": (".xlsx", ("statement", "export", "register.yaml")),
    "track-page": (".html", ("statement", "track", "programme")),
    "track-csv": (".csv", ("statement", "track", "programme")),
    "compare-page": (".html", ("statement", "compare", "register.yaml", "register.yaml")),
    "compare-csv": (".csv", ("statement", "compare", "register.yaml", "register.yaml")),
    "compare-json": (".json", ("statement", "compare", "register.yaml", "register.yaml")),
    "assign-csv": (".csv", ("assign", "net", "trips")),
    "assign-parquet": (".parquet", ("assign", "net", "trips")),
    "skim-omx": (".omx", ("skim", "net")),
    "skim-csv": (".csv", ("skim", "net")),
    "skim-parquet": (".parquet", ("skim", "net")),
    "trade-demand": (".csv", ("trade", "demand", "trading")),
    "trade-csv": (".csv", ("trade", "counterfactual", "trade.csv", "--shock", "costs.csv", "--sigma", "5")),
    "trade-parquet": (".parquet", ("trade", "counterfactual", "trade.csv", "--shock", "costs.csv", "--sigma", "5")),
}
FILES = [name for name, (suffix, _) in WRITERS.items() if suffix]
FOLDERS = [name for name, (suffix, _) in WRITERS.items() if not suffix]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study, its result, a border, a network, a text and its register."""
    folder = tmp_path_factory.mktemp("prepared")
    write_small_study(folder / "study")
    write_small_border(folder / "posts")
    write_small_study(folder / "disturbed", **RESPONSE)
    write_trading_study(folder / "trading")
    domestic_study(folder / "inland", domestic_total=TOTAL)
    shut = "event_id,phase,cause,places,begins,ends\nshut,1,works,crossing:GATE,2020,2021\n"
    write_small_study(folder / "closing", event=shut)
    assert main(["run", str(folder / "study"), "-o", str(folder / "res")]) == 0
    shutil.copytree(folder / "res", folder / "res2")
    sides = {"without": (), "with": ("--apply", "easy-gate")}
    for name, words in sides.items():
        assert main(["run", str(folder / "study"), "--year", "2030", *words, "-o", str(folder / name)]) == 0
    (folder / "trade.csv").write_text("exporter,importer,value\nA,A,90\nA,B,10\nB,A,10\nB,B,50\n")
    (folder / "costs.csv").write_text("exporter,importer,change\nA,B,0.9\nB,A,0.9\n")
    flows = [
        f"{i},{j},{100 if i == j else 3 + 2 * n},{int(i != j)}" for n, (i, j) in enumerate(product("ABCD", "ABCD"))
    ]
    (folder / "trade-flows.csv").write_text("\n".join(["exporter,importer,value,border", *flows]) + "\n")
    links = [link(1, 2, 10, 5, 1, 1, 1), link(2, 1, 10, 4, 1, 1, 1)]
    (folder / "net").write_text(net_text(links, nodes=2))
    (folder / "trips").write_text(trips_text("Origin 1\n 2 : 20;\n"))
    (folder / "trade.csv").write_text("exporter,importer,value\nA,A,8\nA,B,2\nB,A,2\nB,B,9\n")
    (folder / "costs.csv").write_text("exporter,importer,change\nA,B,0.9\n")
    (folder / "text.txt").write_text(TEXT)
    hours = [
        f"V{n},check,2024-03-04T08:{n % 60:02d},2024-03-04T08:{n % 60:02d},2024-03-04T09:{n % 50:02d}"
        for n in range(40)
    ]
    (folder / "stamps.csv").write_text("\n".join(["vehicle_id,stage_id,arrival,begin,end", *hours]) + "\n")
    assert main(["statement", "read", str(folder / "text.txt"), "-o", str(folder / "register.yaml")]) == 0
    shutil.copy(folder / "register.yaml", folder / "other.yaml")
    for year in (2022, 2024):
        dated = folder / "programme" / f"{year}.yaml"
        words = ("statement", "read", folder / "text.txt", "-o", dated, "--issued", f"{year}-02-06")
        assert main([*map(str, words)]) == 0
    return folder


@pytest.fixture
def here(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Path:
    """A copy of it to work in."""
    shutil.copytree(prepared, tmp_path / "work")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setenv("LANDLINK_CACHE", str(tmp_path / "cache"))
    capsys.readouterr()
    return tmp_path / "work"


def state(folder: Path) -> dict[str, tuple[int, ...]]:
    """What every file, folder and link is: its kind, which one, and of files size and times.

    Whoever writes a file changes the time of its status, which nothing sets back. To read hundreds of files before and
    after each command took longer than the commands.
    """
    found = {}
    for place, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = f"{place}/{name}"
            told = os.lstat(path)
            found[path] = (told.st_mode, told.st_ino)
            # The times of a folder also tell of drafts that came and went.
            if not stat.S_ISDIR(told.st_mode):
                found[path] += (told.st_size, told.st_mtime_ns, told.st_ctime_ns)
    return found


def refused(here: Path, words: Sequence[str], capsys: Capture, *said: str) -> None:
    """Run a command that must end with 2 and one plain line, and change nothing; the same by force if so asked."""
    before = state(here)
    capsys.readouterr()
    assert main(list(words)) == 2, words
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("landlink: ")
    assert "Traceback" not in told.err
    for part in said:
        assert part in told.err
    assert state(here) == before


def parsers(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield from parsers(one)


def test_every_command_with_an_output_can_be_forced_and_is_tried_here() -> None:
    writing = {one.prog for one in parsers(build_parser()) if "-o" in one._option_string_actions}
    forced = {one.prog for one in parsers(build_parser()) if "--force" in one._option_string_actions}
    assert writing == forced - {"landlink demo"}
    tried = [" ".join(("landlink", *words)) for _, words in WRITERS.values()]
    # A calibration makes a new folder, which no force replaces; its page is tried in tests of its own.
    elsewhere = {"landlink border recover", "landlink calibrate"}
    assert {prog for prog in writing if not any(one.startswith(prog) for one in tried)} == elsewhere


@pytest.mark.parametrize("name", FILES)
def test_files(name: str, here: Path, capsys: Capture) -> None:
    suffix, words = WRITERS[name]

    def to(target: str, *more: str) -> list[str]:
        return [*words, "-o", target, *more]

    # What belongs to a study or a result, there or not, also by force and by other names for it.
    shutil.copy("study/study.toml", "study/study.html")
    (here / f"linked{suffix}").symlink_to("study/study.toml")
    os.link("study/link.csv", f"hard{suffix}")
    places = [
        f"res/new{suffix}",
        f"study/study{suffix}" if suffix == ".html" else "study/study.html",
        f"linked{suffix}",
    ]
    if suffix == ".csv":
        places += ["study/link.csv", "study/flows.csv", "study/LINK.CSV"]
    if suffix == ".parquet":
        places += ["res/link.parquet"]
    for place in places:
        refused(here, to(place), capsys)
        refused(here, to(place, "--force"), capsys)

    # What somebody else wrote.
    (here / f"mine{suffix}").write_text("mine")
    refused(here, to(f"mine{suffix}"), capsys, "--force")
    refused(here, to(f"hard{suffix}"), capsys)
    (here / f"empty{suffix}").touch()
    refused(here, to(f"empty{suffix}"), capsys, "--force")

    # What is no file.
    (here / f"folder{suffix}").mkdir()
    refused(here, to(f"folder{suffix}", "--force"), capsys, "folder")
    if sys.platform != "win32":
        os.mkfifo(f"pipe{suffix}")
        (here / f"device{suffix}").symlink_to("/dev/null")
        (here / f"nowhere{suffix}").symlink_to("gone")
        refused(here, to(f"pipe{suffix}", "--force"), capsys, "not a regular file")
        refused(here, to(f"device{suffix}", "--force"), capsys, "not a regular file")
        refused(here, to(f"nowhere{suffix}", "--force"), capsys, "leads nowhere")
    refused(here, to(f"net/x{suffix}"), capsys, "net")

    # What is new, what landlink wrote, and what is given up by force.
    assert main(to(f"new folder/Отчёт{suffix}")) == 0
    assert main(to(f"new folder/Отчёт{suffix}")) == 0
    assert main(to(f"mine{suffix}", "--force")) == 0
    assert main(to(f"mine{suffix}")) == 0
    assert [path.name for path in (here / "new folder").iterdir()] == [f"Отчёт{suffix}"]


@pytest.mark.parametrize("name", FOLDERS)
def test_folders(name: str, here: Path, capsys: Capture) -> None:
    _, words = WRITERS[name]

    def to(target: str, *more: str) -> list[str]:
        return [*words, "-o", target, *more]

    (here / "other").mkdir()
    (here / "other" / "mine.txt").write_text("mine")
    inside = [".", "study", "study/link.csv", "study/new.csv", "res/sub", "other", "net", "/dev/null"]
    for place in inside if name == "run" else [*inside, "res"]:
        refused(here, to(place), capsys)
        refused(here, to(place, "--force"), capsys)

    assert main(to("new")) == 0
    assert main(to("new")) == 0
    (here / "new" / "notes.txt").write_text("mine")
    refused(here, to("new"), capsys, "notes.txt", "--force")
    shutil.copytree("study", "new/study")
    refused(here, to("new"), capsys, "holds")
    refused(here, to("new", "--force"), capsys, "holds")
    shutil.rmtree("new/study")
    assert main(to("new", "--force")) == 0
    assert not (here / "new" / "notes.txt").exists()


def test_an_input_is_never_an_output(here: Path, capsys: Capture) -> None:
    shutil.copy("net", "net.csv")
    shutil.copy("text.txt", "text.yaml")
    (here / "also.yaml").symlink_to("text.yaml")
    os.link("text.yaml", "hard.yaml")
    for words in (
        ["assign", "net.csv", "trips", "-o", "net.csv"],
        ["skim", "net.csv", "-o", "./net.csv"],
        ["statement", "read", "text.yaml", "-o", "text.yaml"],
        ["statement", "read", "text.yaml", "-o", "also.yaml"],
        ["statement", "read", "text.yaml", "-o", "hard.yaml"],
        ["statement", "read", "also.yaml", "-o", "text.yaml"],
    ):
        refused(here, words, capsys, "read by this very command")
        refused(here, [*words, "--force"], capsys, "read by this very command")
    # A register that a review reads is also an input, and so is the flows file that stands for a network.
    assert main(["assign", "net", "trips", "-o", "flows.csv"]) == 0
    capsys.readouterr()
    refused(here, ["assign", "net", "flows.csv", "-o", "flows.csv"], capsys, "read by this very command")


def test_a_reviewed_register_is_not_replaced_by_a_draft(here: Path, capsys: Capture) -> None:
    text = (here / "register.yaml").read_text(encoding="utf-8")
    reviewed = text.replace("status: draft", "status: rejected", 1)
    assert reviewed != text
    (here / "register.yaml").write_text(reviewed, encoding="utf-8")
    refused(here, ["statement", "read", "text.txt"], capsys, "--force")
    assert main(["statement", "read", "text.txt", "--force"]) == 0
    assert (here / "register.yaml").read_text(encoding="utf-8") == text


def test_a_register_may_be_read_into_its_study(here: Path) -> None:
    for _ in range(2):
        assert main(["statement", "read", "text.txt", "-o", "study/register.yaml"]) == 0


def test_a_study_is_never_made_in_place_of_something(here: Path, capsys: Capture) -> None:
    for place in ("study", "res", "res/sub", "study/link.csv", "study/health.csv", "net", ".", "net/sub"):
        refused(here, ["init", place, "--from", "study"], capsys)
    assert main(["init", "новое исследование", "--from", "study"]) == 0


def test_what_another_program_has_saved_is_not_replaced(here: Path, capsys: Capture) -> None:
    assert main(["export", "res", "--to", "xlsx"]) == 0
    book = openpyxl.load_workbook("res.xlsx")
    book["about"]["F1"] = "checked"
    book.save("res.xlsx")
    assert main(["export", "res", "--to", "gpkg"]) == 0
    with sqlite3.connect("res.gpkg") as base:
        base.execute("UPDATE gpkg_contents SET last_change = '2030-01-01T00:00:00.000Z' WHERE table_name = 'links'")
    base.close()
    capsys.readouterr()
    refused(here, ["export", "res", "--to", "xlsx"], capsys, "--force")
    refused(here, ["export", "res", "--to", "gpkg"], capsys, "--force")


def test_a_file_of_another_kind_is_not_replaced(here: Path, capsys: Capture) -> None:
    assert main(["report", "res", "-o", "page.html"]) == 0
    capsys.readouterr()
    refused(
        here, ["statement", "review", "register.yaml", "--source", "text.txt", "-o", "page.html"], capsys, "--force"
    )
    (here / "origin.csv").write_text("origin,destination,trips\n1,2,3\n")
    refused(here, ["skim", "net", "-o", "origin.csv"], capsys, "--force")


def test_several_results_are_refused_before_the_first_is_solved(here: Path, capsys: Capture) -> None:
    (here / "out" / "bypass-2030").mkdir(parents=True)
    (here / "out" / "bypass-2030" / "mine.txt").write_text("mine")
    words = ["run", "study", "--scenario", "today", "--scenario", "bypass-2030", "-o", "out"]
    refused(here, words, capsys, "not replaced")


def test_a_deep_measure_list_makes_a_short_folder_name(here: Path) -> None:
    measures = "\n".join(f"measure-with-a-rather-long-name-{i:02},Name,policy,,\n" for i in range(20))
    text = (here / "study" / "measure.csv").read_text()
    (here / "study" / "measure.csv").write_text(text + measures)
    names = ",".join(f"measure-with-a-rather-long-name-{i:02}" for i in range(20))
    assert main(["run", "study", "--apply", names]) == 0
    (folder,) = (here / "results").iterdir()
    assert folder.name.startswith("two-ports-2023-measure")
