"""Results from elsewhere: what their files name never leaves their folder, nor the folder of an export."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import landlink as ll
from landlink.formats.csv_folder import write_csv_files
from landlink.formats.geoparquet import write_parquet_files
from landlink.results.result import Result
from tests.support.small_study import write_small_study


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("solved")
    study = ll.open_study(write_small_study(folder / "two"))
    return ll.solve(study.apply("bypass").at(2030)).save(folder / "result")


def changed(solved: Path, folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of the result with another result.json."""
    shutil.copytree(solved, folder)
    content = json.loads((folder / "result.json").read_text(encoding="utf-8"))
    change(content)
    (folder / "result.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["../../../escape", "/tmp/abs", "..", "x", "link/../../x", "C:x", "nul"])
def test_unknown_tables_are_refused_before_any_file_of_theirs_is_touched(
    name: str, solved: Path, tmp_path: Path
) -> None:
    (tmp_path / "a" / "b" / "c").mkdir(parents=True)
    folder = changed(solved, tmp_path / "a" / "b" / "c" / "res", lambda content: content["tables"].update({name: 1}))
    # The table is there, wherever the name leads.
    place = folder / f"{name}.parquet"
    if place.parent.is_dir() and place.resolve().is_relative_to(tmp_path):
        shutil.copy(folder / "link.parquet", place)
    with pytest.raises(ll.ResultError, match="unknown table"):
        ll.open_result(folder)


@pytest.mark.parametrize("name", ["../../escape", "/abs", "a/b", "con", "x\x1b[2J", "x\u202ey", "x" * 300])
@pytest.mark.parametrize("what", ["study", "scenario", "measure"])
def test_names_of_which_files_are_made_are_checked(what: str, name: str, solved: Path, tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        run = content["provenance"]["run"]
        if what == "measure":
            run["measures"][0]["id"] = name
        else:
            run[what] = name

    folder = changed(solved, tmp_path / "res", change)
    with pytest.raises(ll.ResultError, match=f"invalid name of a {what}"):
        ll.open_result(folder)


def test_several_results_are_saved_under_their_folder_whatever_they_are_called(solved: Path, tmp_path: Path) -> None:
    def change(content: dict[str, Any]) -> None:
        content["provenance"]["presentation"]["label"] = "../../escape"

    one = ll.open_result(changed(solved, tmp_path / "res", change))
    cases = ll.Results([one, one, one])
    for places in (cases.save(tmp_path / "out"), cases.export(tmp_path / "csv", to="csv")):
        assert len({place.resolve() for place in places}) == 3
        assert all(place.resolve().parent.parent == tmp_path for place in places)


def test_tables_of_a_result_made_by_hand_stay_in_its_folder(solved: Path, tmp_path: Path) -> None:
    whole = ll.open_result(solved)
    frame = pd.DataFrame({"a": [1]})
    tables = {**whole.tables, "../escape": frame}
    odd = Result(tables, whole.provenance)
    for write in (
        lambda: odd.save(tmp_path / "in" / "result"),
        lambda: ll.export(odd, tmp_path / "in" / "csv", to="csv"),
        lambda: ll.export(odd, tmp_path / "in" / "parquet", to="parquet"),
        lambda: write_csv_files({"/abs": frame}, tmp_path),
        lambda: write_parquet_files({"a\\b": frame}, tmp_path),
    ):
        with pytest.raises(ll.InputError, match="the name of a table contains"):
            write()
    assert [path.name for path in tmp_path.rglob("*")] == ["in"]


def test_a_result_saved_before_landlink_knew_a_column_of_the_study_opens_with_it_blank(
    solved: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(solved, tmp_path / "earlier")
    path = folder / "commodity.parquet"
    pd.read_parquet(path).drop(columns=["group", "processing_stage"]).to_parquet(path, index=False)
    earlier, now = (ll.open_result(one).tables["commodity"] for one in (folder, solved))
    assert (earlier["group"] == "").all()
    assert earlier.columns.tolist() == now.columns.tolist()
    assert earlier.dtypes.tolist() == now.dtypes.tolist()
