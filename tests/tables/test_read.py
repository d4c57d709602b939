"""Each way in which a table can be wrong is refused, with the row, the value and what is allowed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landlink.core.errors import InputError, Problem
from landlink.tables.read import read_table, read_tables
from landlink.tables.schemas import TABLES

GOOD = {
    "node": "node_id,name,x_coord,y_coord,country\nA,Here,74.6,42.9,KGZ\nB,There,75.4,40.5,CHN\n",
    "link": "link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country\nL1,A,B,0,300,60,road,KGZ;CHN\n",
    "zone": "zone_id,node_id,country\nZ1,A,KGZ\nZ2,B,CHN\n",
    "commodity": "commodity_id,value_usd_per_t,value_of_time_usd_per_t_h,logit_scale\nall,1000,1,0.1\n",
    "vehicle": "mode,family,payload_t,cost_usd_per_vehicle_km\nroad,road,20,1.2\n",
    "demand": "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,all,1000\n",
}


def folder_with(tmp_path: Path, **changed: str | bytes | None) -> Path:
    """A small good study with some tables changed; ``None`` leaves one out."""
    folder = tmp_path / "study"
    folder.mkdir()
    for name, text in {**GOOD, **changed}.items():
        if text is not None:
            (folder / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def problems_with(tmp_path: Path, **changed: str | bytes | None) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_tables(folder_with(tmp_path, **changed))
    return caught.value.problems


def only_problem(tmp_path: Path, **changed: str | bytes | None) -> Problem:
    problems = problems_with(tmp_path, **changed)
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def vehicle(**cells: str) -> str:
    row = {"mode": "road", "family": "road", "payload_t": "20", "cost_usd_per_vehicle_km": "1.2"} | cells
    quoted = ('"' + cell.replace('"', '""') + '"' for cell in row.values())
    return ",".join(row) + "\n" + ",".join(quoted) + "\n"


def test_good_study_has_every_table_and_column(tmp_path: Path) -> None:
    frames = read_tables(folder_with(tmp_path))
    assert list(frames) == list(TABLES)
    for name, frame in frames.items():
        assert list(frame) == [column.name for column in TABLES[name].columns]
    assert frames["link"]["length"].tolist() == [300.0]
    assert frames["link"]["directed"].dtype == np.bool_
    assert frames["link"]["lanes"].dtype == "Int64"
    assert frames["link"]["cost_factor"].tolist() == [1.0]
    assert frames["link"]["status"].tolist() == ["existing"]
    assert frames["link"]["open_from"].tolist() == [""]
    assert np.isnan(frames["link"]["capacity_vehicles_per_day"]).all()
    assert frames["measure"].empty
    assert frames["config"]["long_length"].tolist() == ["km"]


def test_absent_table_has_the_types_of_a_present_one(tmp_path: Path) -> None:
    rows = "terminal_id,node_id,mode_a,mode_b,time_h,cost_usd_per_t\nT,A,road,road,5,3\n"
    frames = read_tables(folder_with(tmp_path, terminal=rows))
    (tmp_path / "other").mkdir()
    without = read_tables(folder_with(tmp_path / "other"))
    assert frames["terminal"].dtypes.equals(without["terminal"].dtypes)


def test_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    text = ("\ufeff" + GOOD["node"]).replace("\n", "\r\n")
    assert read_tables(folder_with(tmp_path, node=text))["node"]["node_id"].tolist() == ["A", "B"]


def test_blanks_blank_lines_and_spreadsheet_leftovers_are_no_data(tmp_path: Path) -> None:
    text = "zone_id,node_id,country\n\n Z1 , A ,KGZ\nZ2,B,CHN\n,,\n\n"
    zone = read_tables(folder_with(tmp_path, zone=text))["zone"]
    assert zone["zone_id"].tolist() == ["Z1", "Z2"]
    assert zone["node_id"].tolist() == ["A", "B"]


def test_own_columns_are_kept_as_text(tmp_path: Path) -> None:
    text = "zone_id,node_id,country,x_code\nZ1,A,KGZ,007\nZ2,B,CHN,\n"
    assert read_tables(folder_with(tmp_path, zone=text))["zone"]["x_code"].tolist() == ["007", ""]


def test_text_that_looks_like_missing_is_text(tmp_path: Path) -> None:
    text = "zone_id,name,node_id,country\nZ1,NA,A,NA\nZ2,null,B,CHN\n"
    zone = read_tables(folder_with(tmp_path, zone=text))["zone"]
    assert zone["name"].tolist() == ["NA", "null"]
    assert zone["country"].tolist() == ["NA", "CHN"]


@pytest.mark.parametrize(("length", "speed", "km", "kmh"), [("mi", "mph", 482.8032, 96.56064), ("m", "kph", 0.3, 60.0)])
def test_units_of_config_are_converted(tmp_path: Path, length: str, speed: str, km: float, kmh: float) -> None:
    frames = read_tables(folder_with(tmp_path, config=f"long_length,speed\n{length},{speed}\n"))
    assert frames["link"]["length"].iloc[0] == pytest.approx(km)
    assert frames["link"]["free_speed"].iloc[0] == pytest.approx(kmh)
    assert frames["config"][["long_length", "speed"]].iloc[0].tolist() == ["km", "kph"]


def test_config_has_one_row(tmp_path: Path) -> None:
    assert "more than one row" in only_problem(tmp_path, config="long_length\nkm\nmi\n").message


# --- columns


def test_unknown_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, zone="zone_id,node_id,country,populaton\nZ1,A,KGZ,5\nZ2,B,CHN,6\n")
    assert (problem.table, problem.column) == ("zone", "populaton")
    assert "'population'" in problem.allowed
    assert "x_" in problem.allowed


def test_missing_column_is_named(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, vehicle="mode,family,cost_usd_per_vehicle_km\nroad,road,1.2\n")
    assert (problem.column, problem.message) == ("payload_t", "the column is missing")
    assert "at least 0.001" in problem.allowed


def test_duplicate_column(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, zone="zone_id,node_id,country,country\nZ1,A,KGZ,X\nZ2,B,CHN,Y\n")
    assert (problem.column, problem.message) == ("country", "duplicate column, present 2 times")


def test_column_without_a_name(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, zone="zone_id,node_id,country,\nZ1,A,KGZ,1\nZ2,B,CHN,2\n")
    assert problem.message == "a column has no name"


# --- cells


@pytest.mark.parametrize(
    "text", ["nan", "NaN", "-nan", "NAN", "inf", "-Inf", "Infinity", "+infinity", "NA", "N/A", "#N/A", "null", "None",
             "<NA>", "#DIV/0!", "#VALUE!", "1.#INF", "1.#QNAN", "∞"],
)  # fmt: skip
def test_values_that_are_not_finite(tmp_path: Path, text: str) -> None:
    problem = only_problem(tmp_path, vehicle=vehicle(payload_t=text))
    assert problem.message == "not a finite number"
    assert (problem.row, problem.column, problem.value) == ("line 2 (road)", "payload_t", text)


def test_number_too_large_to_be_finite(tmp_path: Path) -> None:
    assert only_problem(tmp_path, vehicle=vehicle(payload_t="1e999")).message == "number too large"


@pytest.mark.parametrize(
    "text", ["1,200", "3,5", "1 200", "1'200", "1’200", "1\u00a0200", "1\u202f200,5", "1.200,5", "1,234,567.8", "-0,5"]
)
def test_separators_of_a_spreadsheet(tmp_path: Path, text: str) -> None:
    problem = only_problem(tmp_path, vehicle=vehicle(payload_t=text))
    assert problem.message == "number with thousands separators or a decimal comma"
    assert "decimal separator" in problem.allowed
    assert problem.value == text


@pytest.mark.parametrize("text", ["1,200", "3,5"])
def test_separators_of_a_spreadsheet_without_quotes(tmp_path: Path, text: str) -> None:
    problem = only_problem(tmp_path, vehicle=f"mode,family,payload_t,cost_usd_per_vehicle_km\nroad,road,{text},1.2\n")
    assert problem.message == "the row has too many cells: 5"
    assert text in problem.allowed
    assert "decimal separator" in problem.allowed


@pytest.mark.parametrize("text", ["twenty", "20 t", "0x14", "1_000", "٢٠", "１２", "2e", "--3", "=20"])
def test_values_that_are_not_numbers(tmp_path: Path, text: str) -> None:
    problem = only_problem(tmp_path, vehicle=vehicle(payload_t=text))
    assert problem.message.startswith("not a number")
    assert problem.value == text


def test_unit_in_a_cell(tmp_path: Path) -> None:
    assert "the unit is t" in only_problem(tmp_path, vehicle=vehicle(payload_t="20 t")).message


def test_date_in_a_number(tmp_path: Path) -> None:
    assert "date" in only_problem(tmp_path, vehicle=vehicle(payload_t="03/05/2024")).message


@pytest.mark.parametrize("text", ["20", "+20", "2e1", "20.", "020", ".2E2"])
def test_valid_numbers(tmp_path: Path, text: str) -> None:
    assert read_tables(folder_with(tmp_path, vehicle=vehicle(payload_t=text)))["vehicle"]["payload_t"].tolist() == [20]


@pytest.mark.parametrize("text", ["0", "-5", "-1e-9"])
def test_out_of_bounds(tmp_path: Path, text: str) -> None:
    problem = only_problem(tmp_path, vehicle=vehicle(payload_t=text))
    assert problem.message == "out of bounds"
    assert "at least 0.001, at most 600000 (t)" in problem.allowed


def test_negative_demand(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, demand=GOOD["demand"].replace("1000", "-1000"))
    assert (problem.message, problem.row) == ("out of bounds", "line 2 (Z1/Z2/all)")


@pytest.mark.parametrize("text", ["1.5", "1e3", "12345678901234567890"])
def test_values_that_are_not_integers(tmp_path: Path, text: str) -> None:
    zone = f"zone_id,node_id,country,population\nZ1,A,KGZ,{text}\nZ2,B,CHN,\n"
    assert "whole number" in only_problem(tmp_path, zone=zone).message


def test_whole_numbers(tmp_path: Path) -> None:
    zone = read_tables(folder_with(tmp_path, zone="zone_id,node_id,country,population\nZ1,A,KGZ,12.0\nZ2,B,CHN,\n"))
    assert zone["zone"]["population"].tolist() == [12, pd.NA]


def test_booleans(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, link=GOOD["link"].replace(",0,", ",yes,"))
    assert (problem.message, problem.value) == ("not a boolean", "yes")
    (tmp_path / "good").mkdir()
    frames = read_tables(folder_with(tmp_path / "good", link=GOOD["link"].replace(",0,", ",TRUE,")))
    assert frames["link"]["directed"].tolist() == [True]


@pytest.mark.parametrize("text", ["2024-13", "2023-02-30", "03.09.2024", "2024-9", "soon", "24"])
def test_dates(tmp_path: Path, text: str) -> None:
    link = GOOD["link"].replace("country\n", "country,open_from\n").replace("KGZ;CHN\n", f"KGZ;CHN,{text}\n")
    problem = only_problem(tmp_path, link=link)
    assert (problem.column, problem.message, problem.value) == ("open_from", "not a date", text)


def test_values_that_are_not_allowed(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, vehicle=vehicle(family="truck"))
    assert problem.message == "invalid value"
    assert problem.allowed == "one of road, rail, water, air"


def test_lists_with_an_empty_item(tmp_path: Path) -> None:
    assert "empty item" in only_problem(tmp_path, link=GOOD["link"].replace("KGZ;CHN", "KGZ;;CHN")).message


@pytest.mark.parametrize(
    "text", ["here", "LINESTRING (74.6 42.9)", "POINT (200 10)", "POLYGON ((0 0, 1 0, 1 1, 0 1))", "LINESTRING (1 2, 3"]
)
def test_geometries(tmp_path: Path, text: str) -> None:
    problem = only_problem(tmp_path, geometry=f'geometry_id,geometry\nG,"{text}"\n')
    assert (problem.table, problem.column, problem.row) == ("geometry", "geometry", "line 2 (G)")


def test_required_cell_that_is_empty(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, vehicle=vehicle(payload_t=""))
    assert (problem.column, problem.message) == ("payload_t", "the cell is empty")


def test_required_text_that_is_empty(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, zone="zone_id,node_id,country\nZ1,A,KGZ\nZ2,B,\n")
    assert (problem.column, problem.message, problem.row) == ("country", "the cell is empty", "line 3 (Z2)")


# --- keys and references


def test_duplicate_key_names_both_rows(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, zone="zone_id,node_id,country\nZ1,A,KGZ\nZ2,B,CHN\nZ1,B,CHN\n")
    assert problem.message == "duplicate key, already used in line 2 (Z1)"
    assert (problem.row, problem.value) == ("line 4 (Z1)", "Z1")


def test_duplicate_key_of_several_columns_counts_defaults(tmp_path: Path) -> None:
    demand = (
        "origin_zone_id,destination_zone_id,commodity_id,kind,tonnes_per_year\n"
        "Z1,Z2,all,,10\nZ1,Z2,all,transit,10\nZ1,Z2,all,trade,10\n"
    )
    problem = only_problem(tmp_path, demand=demand)
    assert (problem.row, problem.value) == ("line 4 (Z1/Z2/all/trade)", "Z1/Z2/all/trade")
    assert problem.message.startswith("duplicate key, already used in line 2")


def test_reference_to_an_unknown_row(tmp_path: Path) -> None:
    node = "node_id,x_coord,y_coord\nBISHKEK,74.6,42.9\nKASHGAR,76,39.5\nB,75,41\n"
    link = GOOD["link"].replace("L1,A,", "L1,BISHKEKK,")
    problem = only_problem(tmp_path, node=node, link=link, zone="zone_id,node_id,country\nZ1,B,KGZ\nZ2,B,CHN\n")
    assert (problem.table, problem.column, problem.value) == ("link", "from_node_id", "BISHKEKK")
    assert "'BISHKEK'" in problem.allowed


def test_reference_in_a_list(tmp_path: Path) -> None:
    source = "source_id,title\natlas,An atlas\n"
    zone = "zone_id,node_id,country,source\nZ1,A,KGZ,atlas\nZ2,B,CHN,atlas; book\n"
    problem = only_problem(tmp_path, source=source, zone=zone)
    assert (problem.row, problem.column, problem.value) == ("line 3 (Z2)", "source", "book")


def test_reference_to_a_table_that_is_not_there(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, zone="zone_id,node_id,country,source\nZ1,A,KGZ,atlas\nZ2,B,CHN,\n")
    assert "source.csv has no rows" in problem.message


def test_no_reference_is_blamed_on_a_table_that_could_not_be_read(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, node=b"")
    assert (problem.table, problem.message) == ("node", "the file is empty")


# --- rows and files


def test_cut_row_and_row_that_is_too_long(tmp_path: Path) -> None:
    cut, long = problems_with(tmp_path, zone="zone_id,node_id,country\nZ1,A,KGZ\nZ2,B\nZ3,B,CHN,5\n")[:2]
    assert (cut.row, cut.message, cut.allowed) == ("line 3 (Z2)", "the row is truncated: it has 2 cells", "3 cells")
    assert (long.row, long.message) == ("line 4 (Z3)", "the row has too many cells: 4")


def test_line_numbers_count_line_breaks_inside_cells(tmp_path: Path) -> None:
    zone = 'zone_id,name,node_id,country\nZ1,"two\nlines",A,KGZ\n\nZ2,x,B,\n'
    assert only_problem(tmp_path, zone=zone).row == "line 5 (Z2)"


@pytest.mark.parametrize("name", ['"open', 'x"y"', '"a"b'])
def test_broken_quotes(tmp_path: Path, name: str) -> None:
    text = f"zone_id,name,node_id,country\nZ1,ok,A,KGZ\nZ2,{name},B,CHN\n"
    if name.startswith('"'):
        problem = only_problem(tmp_path, zone=text)
        assert "invalid quoting" in problem.message
        assert problem.row == "line 3"
    else:  # a quote inside a cell that does not begin with one is a letter like any other
        assert read_tables(folder_with(tmp_path, zone=text))["zone"]["name"].iloc[1] == name


@pytest.mark.parametrize(("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
def test_other_separators(tmp_path: Path, mark: str, word: str) -> None:
    problem = only_problem(tmp_path, zone=GOOD["zone"].replace(",", mark))
    assert f"separated by {word}" in problem.message
    assert "CSV UTF-8" in problem.allowed


def test_latin_1_is_located(tmp_path: Path) -> None:
    content = "zone_id,name,node_id,country\nZ1,Osh,A,KGZ\nZ2,Ürümqi,B,CHN\n".encode("latin-1")
    problem = only_problem(tmp_path, zone=content)
    assert problem.message == f"the file is not UTF-8: byte {content.index(0xDC) + 1} is 0xdc"
    assert problem.row == "line 3"
    assert "CSV UTF-8" in problem.allowed


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16(tmp_path: Path, encoding: str) -> None:
    assert "UTF-16" in only_problem(tmp_path, zone=GOOD["zone"].encode(encoding)).message


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"PK\x03\x04rest", "Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Excel workbook"),
        (b"\x1f\x8b\x08\x00", "gzip"),
        (b"PAR1....", "Parquet"),
        (GOOD["zone"].encode() + b"Z3,\x00B,CHN\n", "binary"),
    ],
)
def test_files_that_are_not_text(tmp_path: Path, content: bytes, word: str) -> None:
    assert word in only_problem(tmp_path, zone=content).message


@pytest.mark.parametrize("content", [b"", b"\n\n", b"  \n", b"\xef\xbb\xbf", b",,\n,,\n"])
def test_empty_files(tmp_path: Path, content: bytes) -> None:
    assert only_problem(tmp_path, zone=content).message == "the file is empty"


def test_header_without_rows(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, demand=GOOD["demand"].splitlines()[0] + "\n")
    assert problem.message == "the table has a header but no rows (freight demand between zones in the base year)"


def test_optional_table_may_have_no_rows(tmp_path: Path) -> None:
    assert read_tables(folder_with(tmp_path, source="source_id,title\n"))["source"].empty


def test_missing_file(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, demand=None)
    assert problem.message == "the file demand.csv is missing"


def test_missing_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_tables(tmp_path / "nowhere")


def test_folder_where_a_file_is_meant(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, zone=None)
    (folder / "zone.csv").mkdir()
    with pytest.raises(InputError, match=r"zone\.csv cannot be read"):
        read_tables(folder)


def test_file_without_a_matching_table(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, crossings="crossing_id\n")
    assert problem.table == "crossings.csv"
    assert "'crossing.csv'" in problem.allowed
    (tmp_path / "own").mkdir()
    assert read_tables(folder_with(tmp_path / "own", x_counts="a,b\n1,2\n"))


# --- many problems


def test_all_problems_of_all_tables_at_once(tmp_path: Path) -> None:
    problems = problems_with(
        tmp_path,
        node=GOOD["node"].replace("42.9", "142.9"),
        demand=GOOD["demand"].replace("1000", "nan"),
        vehicle=vehicle(payload_t="0", family="boat"),
        zone="zone_id,node_id,country\nZ1,A,KGZ\nZ2,Q,CHN\n",
    )
    places = {(problem.table, problem.column) for problem in problems}
    expected = {("node", "y_coord"), ("demand", "tonnes_per_year"), ("vehicle", "payload_t"), ("vehicle", "family")}
    assert places == expected | {("zone", "node_id")}


def test_many_rows_of_one_kind_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"M{number},road,0,1\n" for number in range(332))
    problems = problems_with(
        tmp_path,
        vehicle="mode,family,payload_t,cost_usd_per_vehicle_km\nroad,road,20,1\n" + rows,
    )
    assert len(problems) == 21
    assert problems[-1].message == "and 312 more: out of bounds"


def test_very_long_cell(tmp_path: Path) -> None:
    points = ", ".join(f"{70 + i / 1e5:.5f} 40" for i in range(20_000))
    geometry = read_tables(folder_with(tmp_path, geometry=f'geometry_id,geometry\nG,"LINESTRING ({points})"\n'))
    assert len(geometry["geometry"]["geometry"].iloc[0]) > 131_072


def test_read_table_gives_problems_instead_of_raising(tmp_path: Path) -> None:
    folder = folder_with(tmp_path, zone="zone_id,node_id,country\nZ1,,KGZ\n")
    frame, problems = read_table(folder / "zone.csv", TABLES["zone"])
    assert len(frame) == 1
    assert [problem.column for problem in problems] == ["node_id"]
