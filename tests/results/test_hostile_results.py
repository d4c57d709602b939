"""Result folders of strangers: damaged, of the wrong types, larger than memory, with pipes for files."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.core.errors import LandlinkError, ResultError
from landlink.results.export import export
from landlink.results.provenance import Provenance
from landlink.results.result import Result
from landlink.results.storage import MARKER
from tests.support.odd_places import PLACES, needs_posix, odd_place, vast_file
from tests.support.small_study import write_small_study


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return ll.solve(ll.open_study(write_small_study(tmp_path_factory.mktemp("study") / "two")))


@pytest.fixture(scope="module")
def saved(result: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return result.save(tmp_path_factory.mktemp("result") / "good")


@pytest.fixture
def folder(saved: Path, tmp_path: Path) -> Path:
    """A copy to be damaged."""
    return Path(shutil.copytree(saved, tmp_path / "out"))


@needs_posix
@pytest.mark.parametrize("name", [MARKER, "od.parquet"])
@pytest.mark.parametrize("kind", PLACES)
def test_anything_but_a_file_is_refused(folder: Path, name: str, kind: str) -> None:
    told = odd_place(folder / name, kind)
    with pytest.raises(ResultError, match=told):
        ll.open_result(folder)


def test_a_description_larger_than_any_is_not_read(folder: Path) -> None:
    vast_file(folder / MARKER)
    with pytest.raises(ResultError, match="too large"):
        ll.open_result(folder)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '{"format": 1' + "0" * 5000 + "}", "{" + '"a": 1, ' * 9 + "}", "\ud800"]
)
def test_json_that_would_break_the_parser_is_damage(folder: Path, text: str) -> None:
    (folder / MARKER).write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(ResultError, match=f"{MARKER} is damaged"):
        ll.open_result(folder)


def _as_text(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(value=table["value"].astype("str"))


def _as_number(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(indicator=1.0)


def _with_gaps(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(unit=table["unit"].mask(table.index == 0))


def _repeated(table: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([table.iloc[:1], table.iloc[:-1]])


@pytest.mark.parametrize("damage", [_as_text, _as_number, _with_gaps, _repeated])
def test_values_of_the_wrong_type_and_keys_twice_are_damage(folder: Path, damage) -> None:
    path = folder / "indicator.parquet"
    damage(pd.read_parquet(path)).to_parquet(path, index=False)
    with pytest.raises(ResultError, match=r"indicator\.parquet is damaged"):
        ll.open_result(folder)


def test_a_table_that_bursts_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landlink.core.memory.available_memory", lambda: 2.0**28)
    pq.write_table(pa.table({"a": np.zeros(60_000_000)}), folder / "od.parquet")
    with pytest.raises(LandlinkError, match=r"od\.parquet: a table of 60,000,000 rows .* of memory"):
        ll.open_result(folder)


@given(st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
def test_damaged_files_are_read_or_refused(
    saved: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    copy = tmp_path_factory.getbasetemp() / "damaged"
    shutil.copytree(saved, copy, dirs_exist_ok=True)
    path = copy / data.draw(st.sampled_from([MARKER, "indicator.parquet", "od.parquet"]))
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    with contextlib.suppress(LandlinkError):
        ll.open_result(copy)


def _with_numbers_that_are_none(result: Result) -> Result:
    certificate = dataclasses.replace(result.provenance.certificate, relative_gap=float("nan"), objective=float("inf"))
    return dataclasses.replace(result, provenance=dataclasses.replace(result.provenance, certificate=certificate))


def _read(path: Path) -> dict[str, object]:
    return json.loads(path.read_text("utf-8"), parse_constant=pytest.fail)


def test_descriptions_are_json_whatever_the_numbers(result: Result, tmp_path: Path) -> None:
    odd = _with_numbers_that_are_none(result)
    opened = ll.open_result(odd.save(tmp_path / "out"))
    assert _read(tmp_path / "out" / MARKER)["provenance"]["certificate"]["relative_gap"] is None
    assert np.isnan(opened.provenance.certificate.relative_gap)
    export(opened, tmp_path / "csv", to="csv")
    assert _read(tmp_path / "csv" / "export.json")["provenance"]["certificate"]["objective"] is None


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_an_export_holds_the_provenance_as_data(result: Result, tmp_path: Path, to: str) -> None:
    export(result, tmp_path / to, to=to)
    told = _read(tmp_path / to / "export.json")["provenance"]
    assert Provenance.from_dict(told) == result.provenance
