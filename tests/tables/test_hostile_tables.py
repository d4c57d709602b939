"""Tables of strangers: pipes in their place, cells and headers without end, bytes of any kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landlink.core.errors import InputError
from landlink.study import open_study
from landlink.tables.cell_parsers import PARSERS
from landlink.tables.clock_cells import parse_holidays, parse_hours
from landlink.tables.csv_text import read_rows
from landlink.tables.read import read_table, read_tables, read_texts
from landlink.tables.schemas import TABLES
from tests.support.odd_places import PLACES, needs_posix, odd_place, vast_file
from tests.support.small_study import write_small_study


@needs_posix
@pytest.mark.parametrize("kind", PLACES)
@pytest.mark.parametrize("table", ["link", "geometry"])
def test_anything_but_a_file_is_refused(tmp_path: Path, table: str, kind: str) -> None:
    study = write_small_study(tmp_path / "study")
    told = odd_place(study / f"{table}.csv", kind)
    with pytest.raises(InputError, match=f"{table}: the file {table}.csv cannot be read: .*{told}"):
        open_study(study)


@needs_posix
def test_an_optional_table_behind_a_broken_link_is_not_taken_for_absent(tmp_path: Path) -> None:
    study = write_small_study(tmp_path / "study")
    (study / "geometry.csv").symlink_to("nowhere")
    with pytest.raises(InputError, match=r"geometry\.csv is missing"):
        read_tables(study)


def test_a_table_larger_than_memory_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"node\.csv: reading .* would take .* of memory"):
        read_texts(vast_file(tmp_path / "node.csv"), "node")


def test_a_table_whose_cells_would_not_fit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landlink.core.memory.available_memory", lambda: 2.0**28)
    path = tmp_path / "node.csv"
    path.write_bytes(b"a,b\n" + b",,,,,,,\n" * 500_000)
    (problem,) = read_rows(path, "node").problems
    assert problem.message.startswith("a table of 500,001 lines would take ")


def test_a_header_without_end_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "node.csv"
    path.write_text(",".join(f"column{i}" for i in range(10_000)) + "\n")
    _, problems = read_table(path, TABLES["node"])
    assert "unknown columns: 9,950 more" in [problem.message for problem in problems]
    assert len(problems) < 100


def test_invalid_cells_without_end_are_counted(tmp_path: Path) -> None:
    columns = [column.name for column in TABLES["crossing"].columns]
    path = tmp_path / "crossing.csv"
    path.write_text("\n".join([",".join(columns), *(",".join([f"Asia/No{i}"] * len(columns)) for i in range(5000))]))
    _, problems = read_table(path, TABLES["crossing"])
    assert len(problems) < 30 * len(columns)
    assert any("unknown time zone" in problem.message for problem in problems)


def test_calendars_without_end_are_refused() -> None:
    with pytest.raises(ValueError, match="longer than 3660 days"):
        parse_holidays("0001-01-01/9999-12-31")
    with pytest.raises(ValueError, match="more than 2,000"):
        parse_hours(";".join(["08:00-09:00"] * 5000))


@given(st.sampled_from(sorted(PARSERS)), st.text(st.sampled_from("0123456789:-/;=. ,monAsia/%²٣\x00"), max_size=40))
@settings(deadline=None)
def test_any_cell_is_parsed_or_refused(kind: str, text: str) -> None:
    try:
        PARSERS[kind](text)
    except ValueError as error:
        words = str(error)
    else:
        words = "valid"
    assert words


@given(st.sampled_from(sorted(TABLES)), st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
def test_any_bytes_are_a_table_or_problems(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject
) -> None:
    table = TABLES[name]
    header = ",".join(column.name for column in table.columns).encode()
    cells = st.binary(max_size=8) | st.sampled_from(
        [b"1e999", b"-0", b"9" * 400, b'"', b'"\n', b"\xc2\xb2", b"nan", b"a;;b"]
    )
    rows = data.draw(st.lists(st.lists(cells, min_size=1, max_size=len(table.columns)).map(b",".join), max_size=4))
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(b"\n".join([header if data.draw(st.booleans()) else data.draw(st.binary(max_size=20)), *rows]))
    frame, problems = read_table(path, table)
    assert problems or [*frame.columns] == [column.name for column in table.columns]
