"""What is exported opens elsewhere, holds every figure, and never runs as a formula."""

from __future__ import annotations

import io
import json
import re
import sqlite3
import struct
import xml.etree.ElementTree as ET
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from landlink.core.errors import InputError, OutputError
from landlink.formats import excel
from landlink.formats.csv_folder import GUARDED, csv_text, guarded, unguarded
from landlink.formats.excel import write_workbook
from landlink.formats.geopackage import write_geopackage
from landlink.formats.geoparquet import parquet_bytes
from landlink.formats.shapes import common_kind, shapes_of, to_wkb
from landlink.results.export import export
from landlink.results.provenance import AppliedMeasure, Certification, Presentation, Provenance, Run
from landlink.results.result import Result
from landlink.tables.outputs import OUTPUTS, unit_of_column
from landlink.tables.wkt import parse_wkt

SQUARE = "((0 0, 1 0, 1 1, 0 1, 0 0))"
WHEN = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
DANGEROUS = ["=1+1", "+7 996", "-cmd", "@SUM(A1)", "\t=1", "\r=1", "https://example.org", "0123"]


def tables() -> dict[str, pd.DataFrame]:
    """A small result: two links, one without a shape of its own."""
    return {
        "node": pd.DataFrame(
            {
                "node_id": ["A", "B", "C"],
                "name": ["Here", "There", "=Else"],
                "x_coord": [74.5, 75.5, 76.0],
                "y_coord": [43.0, 41.0, 40.0],
            }
        ),
        "zone": pd.DataFrame({"zone_id": ["Z"], "node_id": ["B"]}),
        "link": pd.DataFrame(
            {
                "link_id": ["L1", "L1", "L2", "L2"],
                "direction": ["ab", "ba", "ab", "ba"],
                "from_node_id": ["A", "A", "B", "B"],
                "to_node_id": ["B", "B", "C", "C"],
                "family": ["road"] * 4,
                "tonnes_per_year": [1e6, 5e5, 0.0, np.nan],
                "geometry": ["LINESTRING (74.5 43, 75 42, 75.5 41)"] * 2 + ["", ""],
            }
        ),
        "boundary": pd.DataFrame(
            {
                "boundary_id": ["one", "two"],
                "geometry": [f"POLYGON {SQUARE}", f"MULTIPOLYGON ({SQUARE}, ((5 5, 6 5, 6 6, 5 5)))"],
            }
        ),
        "od": pd.DataFrame({"origin_zone_id": DANGEROUS, "time_h": np.linspace(-1, 1, len(DANGEROUS))}),
        "observed": pd.DataFrame(
            {
                "fitted": [True, False],
                "year": pd.array([2023, None], dtype="Int64"),
                "value": [1.5, np.nan],
                "what": ["a", None],
            }
        ),
    }


#: Ends of column names and the units they stand for.
UNIT_ENDINGS = {
    "tonnes_per_year": "t/year", "tkm_per_year": "tkm/year", "vehicle_km_per_year": "vehicle-km/year",
    "vehicle_h_per_year": "vehicle-h/year", "vehicles_per_day": "vehicles/day", "_t_per_day": "t/day",
    "usd_per_t_h": "USD/t/h", "usd_per_h": "USD/h", "usd_per_t": "USD/t", "usd_per_vehicle": "USD/vehicle",
    "usd_per_vehicle_km": "USD/km", "h_per_h": "",
    "per_bn_vehicle_km": "1 per bn vehicle-km", "_km": "km", "_h": "h", "x_coord": "degree", "y_coord": "degree",
}  # fmt: skip


def result() -> Result:
    run = Run(
        study="test", study_path="", study_hash="abc", year=2023, measures=(AppliedMeasure("m", "=A measure"),),
        finished_at="2026-03-04T05:06:07+00:00", versions={"numpy": "2"},
    )  # fmt: skip
    certificate = Certification(relative_gap=1e-7, target_gap=1e-6, converged=True)
    presentation = Presentation(
        title="Test study", label="base", licence="ODbL-1.0", attribution=("© OpenStreetMap contributors",)
    )
    return Result(tables(), Provenance(run, certificate, presentation))


# --- shapes


def test_links_point_where_their_flow_goes_and_fall_back_on_straight_lines() -> None:
    shapes = shapes_of("link", tables())
    assert shapes is not None
    first, back, straight, straight_back = (shape.coordinates.tolist() for shape in shapes if shape)
    assert first == back[::-1] == [[74.5, 43], [75, 42], [75.5, 41]]
    assert straight == straight_back[::-1] == [[75.5, 41], [76, 40]]


def test_zones_stand_at_their_nodes_and_flows_between_zones_nowhere() -> None:
    shapes = shapes_of("zone", tables())
    assert shapes is not None
    assert shapes[0] is not None
    assert shapes[0].coordinates.tolist() == [[75.5, 41.0]]
    assert shapes_of("od", tables()) is None


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (["POINT (1 2)"], "POINT"),
        ([f"POLYGON {SQUARE}", f"MULTIPOLYGON ({SQUARE})"], "MULTIPOLYGON"),
        (["POINT (1 2)", "LINESTRING (1 2, 3 4)"], "GEOMETRY"),
        ([], "GEOMETRY"),
    ],
)
def test_common_kind(texts: list[str], kind: str) -> None:
    assert common_kind([parse_wkt(text) for text in texts]) == kind


def test_well_known_binary_by_hand() -> None:
    line = to_wkb(parse_wkt("LINESTRING (1 2, 3 4)"))
    assert line == b"\x01" + struct.pack("<II4d", 2, 2, 1, 2, 3, 4)
    polygon = to_wkb(parse_wkt("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"))
    assert polygon == b"\x01" + struct.pack("<II", 6, 1) + b"\x01" + struct.pack(
        "<III8d", 3, 1, 4, 0, 0, 1, 0, 1, 1, 0, 0
    )


# --- GeoPackage


def test_geopackage_says_what_it_is(tmp_path: Path) -> None:
    write_geopackage(tables(), tmp_path / "r.gpkg", changed=WHEN)
    base = sqlite3.connect(tmp_path / "r.gpkg")
    assert base.execute("PRAGMA application_id").fetchone() == (0x47504B47,)
    assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    kinds = dict(base.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
    assert kinds == {"links": "LINESTRING", "nodes": "POINT", "zones": "POINT", "boundaries": "MULTIPOLYGON"}
    content = dict(base.execute("SELECT table_name, data_type FROM gpkg_contents"))
    assert content["od"] == content["observed"] == content["layer_styles"] == "attributes"
    assert set(base.execute("SELECT DISTINCT last_change FROM gpkg_contents")) == {("2026-03-04T05:06:07.000Z",)}
    box = base.execute(
        "SELECT min_x, min_y, max_x, max_y, srs_id FROM gpkg_contents WHERE table_name = 'links'"
    ).fetchone()
    assert box == (74.5, 40.0, 76.0, 43.0, 4326)


def test_geopackage_holds_each_row_and_value(tmp_path: Path) -> None:
    write_geopackage(tables(), tmp_path / "r.gpkg", changed=WHEN)
    base = sqlite3.connect(tmp_path / "r.gpkg")
    rows = base.execute("SELECT fid, link_id, direction, tonnes_per_year FROM links ORDER BY fid").fetchall()
    assert rows == [(1, "L1", "ab", 1e6), (2, "L1", "ba", 5e5), (3, "L2", "ab", 0.0), (4, "L2", "ba", None)]
    assert base.execute("SELECT fitted, year, value, what FROM observed").fetchall() == [
        (1, 2023, 1.5, "a"),
        (0, None, None, None),
    ]
    blob = base.execute("SELECT geom FROM links WHERE fid = 3").fetchone()[0]
    assert blob[:8] == b"GP\x00" + bytes([0b11]) + struct.pack("<i", 4326)
    assert struct.unpack("<4d", blob[8:40]) == (75.5, 76.0, 40.0, 41.0)
    assert blob[40:] == to_wkb(parse_wkt("LINESTRING (75.5 41, 76 40)"))


def test_geopackage_style_is_xml_and_as_wide_as_the_busiest_link(tmp_path: Path) -> None:
    write_geopackage(tables(), tmp_path / "r.gpkg", changed=WHEN)
    table, style, used = sqlite3.connect(tmp_path / "r.gpkg").execute(
        "SELECT f_table_name, styleQML, useAsDefault FROM layer_styles"
    ).fetchone()  # fmt: skip
    assert (table, used) == ("links", 1)
    assert ET.fromstring(style).tag == "qgis"
    assert '"tonnes_per_year"' in style.replace("&quot;", '"')
    assert "1e+06" in style


def test_geopackage_layers_without_rows_keep_their_kind(tmp_path: Path) -> None:
    bare = {name: frame.head(0) for name, frame in tables().items()}
    write_geopackage(bare, tmp_path / "r.gpkg", changed=WHEN)
    base = sqlite3.connect(tmp_path / "r.gpkg")
    kinds = dict(base.execute("SELECT table_name, geometry_type_name FROM gpkg_geometry_columns"))
    assert kinds == {"links": "LINESTRING", "nodes": "POINT", "zones": "POINT", "boundaries": "MULTIPOLYGON"}
    assert base.execute("SELECT min_x FROM gpkg_contents WHERE table_name = 'links'").fetchone() == (None,)


def test_geopackage_columns_that_clash_with_its_own(tmp_path: Path) -> None:
    frame = pd.DataFrame({"fid": [7], "x_Note": ["a"], "x_note": ["b"]})
    write_geopackage({"odd": frame}, tmp_path / "r.gpkg", changed=WHEN)
    row = sqlite3.connect(tmp_path / "r.gpkg").execute("SELECT fid, fid_, x_Note, x_note_ FROM odd").fetchone()
    assert row == (1, 7, "a", "b")


def test_geopackage_opens_in_gdal(tmp_path: Path) -> None:
    pyogrio = pytest.importorskip("pyogrio")
    write_geopackage(tables(), tmp_path / "r.gpkg", changed=WHEN)
    layers = dict(pyogrio.list_layers(tmp_path / "r.gpkg"))
    assert layers["links"] == "LineString"
    assert layers["boundaries"] == "MultiPolygon"
    assert layers["od"] is None
    info = pyogrio.read_info(tmp_path / "r.gpkg", layer="links", force_total_bounds=True)
    assert (info["crs"], info["features"]) == ("EPSG:4326", 4)
    assert tuple(info["total_bounds"]) == (74.5, 40.0, 76.0, 43.0)


# --- GeoParquet


def test_geoparquet_metadata_and_rows() -> None:
    table = pq.read_table(io.BytesIO(parquet_bytes("boundary", tables())))
    geo = json.loads(table.schema.metadata[b"geo"])
    assert (geo["version"], geo["primary_column"]) == ("1.1.0", "geometry")
    column = geo["columns"]["geometry"]
    assert column["encoding"] == "WKB"
    assert column["geometry_types"] == ["MultiPolygon", "Polygon"]
    assert column["bbox"] == [0, 0, 6, 6]
    assert table["geometry"][0].as_py() == to_wkb(parse_wkt(f"POLYGON {SQUARE}"))
    assert table["boundary_id"].to_pylist() == ["one", "two"]


def test_tables_without_a_place_are_plain_parquet() -> None:
    table = pq.read_table(io.BytesIO(parquet_bytes("observed", tables())))
    assert b"geo" not in table.schema.metadata
    assert table["year"].to_pylist() == [2023, None]


def test_geoparquet_opens_in_geopandas(tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    (tmp_path / "link.parquet").write_bytes(parquet_bytes("link", tables()))
    frame = geopandas.read_parquet(tmp_path / "link.parquet")
    assert frame.crs.to_string() == "OGC:CRS84"
    assert frame.geometry.geom_type.tolist() == ["LineString"] * 4


# --- CSV


def test_csv_guards_text_and_leaves_numbers_alone() -> None:
    text = csv_text(tables()["od"])
    cells = [line.split(",")[0].strip('"') for line in text.splitlines()[1:] if line]
    assert {"'=1+1", "'@SUM(A1)", "https://example.org", "0123"} <= set(cells)
    assert ",-1\n" in text
    assert not re.search(r'(^|,)"?[=@+]', text, re.MULTILINE)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=8), min_size=1))
def test_guarded_text_is_safe_and_comes_back(texts: list[str]) -> None:
    series = pd.Series(texts, dtype="str")
    safe = guarded(series)
    assert not safe.str.startswith(GUARDED).any()
    assert unguarded(safe).tolist() == texts


def test_csv_is_read_back_exactly() -> None:
    frame = tables()["od"].assign(note=['a,b "c"', "two\nlines", "x\ry", "", "Ош", "中", "ا", "z"])
    again = pd.read_csv(
        io.StringIO(csv_text(frame), newline=""), keep_default_na=False, dtype={"origin_zone_id": "str", "note": "str"}
    )
    for column in ("origin_zone_id", "note"):
        again[column] = unguarded(again[column])
    assert_frame_equal(again, frame.astype({"note": "str", "origin_zone_id": "str"}), check_exact=True)


def test_csv_writes_what_is_missing_as_nothing() -> None:
    assert csv_text(tables()["observed"]) == "fitted,year,value,what\n1,2023,1.5,a\n0,,,\n"


# --- Excel


def workbook(path: Path) -> Any:
    write_workbook(
        tables(),
        path,
        title="=Title",
        about=[("Licence", "=ODbL")],
        created=WHEN,
        descriptions={"od": "-Flows"},
        unit_of=unit_of_column,
    )
    return openpyxl.load_workbook(path)


def test_workbook_holds_text_as_text(tmp_path: Path) -> None:
    sheet = workbook(tmp_path / "r.xlsx")["od"]
    cells = [sheet.cell(row, 1) for row in range(2, len(DANGEROUS) + 2)]
    assert [cell.data_type for cell in cells] == ["s"] * len(DANGEROUS)
    assert [cell.value for cell in cells][:4] == DANGEROUS[:4]
    assert all(cell.quotePrefix for cell in cells[:6])
    assert not any(cell.quotePrefix or cell.hyperlink for cell in cells[6:])
    assert [sheet.cell(row, 2).value for row in (2, 9)] == [-1, 1]


def test_workbook_has_no_formula_anywhere(tmp_path: Path) -> None:
    workbook(tmp_path / "r.xlsx")
    with zipfile.ZipFile(tmp_path / "r.xlsx") as parts:
        for name in parts.namelist():
            assert b"<f>" not in parts.read(name)


def test_workbook_sheets_headers_and_first_sheet(tmp_path: Path) -> None:
    book = workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["about", "node", "zone", "link", "boundary", "od", "observed"]
    about = book["about"]
    assert about["A1"].value == "=Title"
    assert about["C3"].value == "=ODbL"
    links = book["link"]
    assert [cell.value for cell in links[1]][-1] == "tonnes_per_year [t/year]"
    assert links.freeze_panes == "B2"
    assert links.auto_filter.ref == "A1:F5"
    assert links["F2"].number_format == "#,##0"
    assert links["F5"].value is None
    assert book["observed"]["A2"].value is True


def test_workbook_splits_what_is_longer_than_a_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "_MOST_ROWS", 4)
    monkeypatch.setattr(excel, "_LONGEST_CELL", 40)
    frame = pd.DataFrame({"n": range(7), "t": ["x" * 50] * 7})
    write_workbook(
        {"a_table_with_a_very_long_name_indeed": frame}, tmp_path / "r.xlsx", title="T", about=[], created=WHEN
    )
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["about", *(f"a_table_with_a_very_long_na ({number})" for number in (1, 2, 3))]
    assert [row[0].value for name in book.sheetnames[1:] for row in book[name].iter_rows(min_row=2)] == list(range(7))
    assert book.worksheets[1]["B2"].value == "x" * 30 + " ... (cut)"


def test_every_output_column_with_a_number_of_a_quantity_has_its_unit() -> None:
    for name, output in OUTPUTS.items():
        for column in output.table.columns:
            ending = next((e for e in UNIT_ENDINGS if column.name.endswith(e)), None)
            if ending and column.type in ("number", "integer"):
                assert unit_of_column(name, column.name) == UNIT_ENDINGS[ending], (name, column.name)
    assert unit_of_column("link", "name") == unit_of_column("no such table", "x") == ""


# --- export


@pytest.mark.parametrize("to", ["gpkg", "xlsx"])
def test_exported_files_are_the_same_bytes_each_time(tmp_path: Path, to: Any) -> None:
    assert export(result(), tmp_path / f"a.{to}", to=to) == tmp_path / f"a.{to}"
    export(result(), tmp_path / f"b.{to}", to=to)
    assert (tmp_path / f"a.{to}").read_bytes() == (tmp_path / f"b.{to}").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"a.{to}", f"b.{to}"]


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_exported_folders_are_the_same_bytes_each_time(tmp_path: Path, to: Any) -> None:
    export(result(), tmp_path / "a", to=to)
    export(result(), tmp_path / "b", to=to)
    export(result(), tmp_path / "b", to=to)
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == sorted(["export.json", *(f"{name}.{to}" for name in tables())])
    for name in files:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    about = json.loads((tmp_path / "a" / "export.json").read_text())
    assert about["files"][f"od.{to}"]["units"] == {"time_h": "h"}
    assert about["provenance"]["presentation"]["licence"] == "ODbL-1.0"


@pytest.mark.parametrize("to", ["csv", "parquet"])
def test_other_folders_are_never_replaced(tmp_path: Path, to: Any) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    with pytest.raises(OutputError):
        export(result(), tmp_path, to=to)
    assert (tmp_path / "thesis.doc").read_text() == "years of work"


def test_provenance_travels_with_the_workbook_and_the_geopackage(tmp_path: Path) -> None:
    export(result(), tmp_path / "r.xlsx", to="xlsx")
    about = openpyxl.load_workbook(tmp_path / "r.xlsx")["about"]
    lines = {row[0].value: row[2].value for row in about.iter_rows(min_row=3, max_row=12)}
    assert about["A1"].value == "Test study: base"
    assert lines["Relative gap"] == "1e-07 (target: 1e-06)"
    assert lines["Attribution"] == "© OpenStreetMap contributors"
    export(result(), tmp_path / "r.gpkg", to="gpkg")
    rows = dict(sqlite3.connect(tmp_path / "r.gpkg").execute("SELECT what, text FROM about"))
    assert rows["Licence of the data"] == "ODbL-1.0"


def test_unknown_format_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="gpkg, parquet, csv, xlsx"):
        export(result(), tmp_path / "r.doc", to="doc")  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def over_the_antimeridian() -> dict[str, pd.DataFrame]:
    """A link from 179 E to 179 W without a shape, one with a shape, and a boundary on both sides."""
    node = pd.DataFrame({"node_id": ["A", "B"], "x_coord": [179.0, -179.0], "y_coord": [60.0, 62.0]})
    link = pd.DataFrame(
        {
            "link_id": ["straight", "drawn"],
            "from_node_id": ["A", "B"],
            "to_node_id": ["B", "A"],
            "geometry": ["", "LINESTRING (-179 62, -179.5 62, 179 60)"],
        }
    )
    ring = "((170 60, -170 60, -170 70, 170 70, 170 60), (171 64, 173 64, 173 66, 171 64))"
    return {
        "node": node,
        "link": link,
        "boundary": pd.DataFrame({"boundary_id": ["b"], "geometry": [f"POLYGON {ring}"]}),
    }


def test_lines_and_polygons_over_the_antimeridian_are_cut_there() -> None:
    geopandas = pytest.importorskip("geopandas")
    tables = over_the_antimeridian()
    for name, parts in (("link", 2), ("boundary", 2)):
        frame = geopandas.read_parquet(io.BytesIO(parquet_bytes(name, tables)))
        for shape in frame.geometry:
            assert len(shape.geoms) == parts
            assert all(piece.bounds[2] - piece.bounds[0] < 11 for piece in shape.geoms)
    holes = geopandas.read_parquet(io.BytesIO(parquet_bytes("boundary", tables))).geometry[0]
    assert [len(piece.interiors) for piece in holes.geoms] == [1, 0]
    assert holes.is_valid
    assert holes.area == pytest.approx(20 * 10 - 2)


def test_a_geopackage_line_over_the_antimeridian_is_two(tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    write_geopackage(over_the_antimeridian(), tmp_path / "x.gpkg", changed=WHEN)
    links = geopandas.read_file(tmp_path / "x.gpkg", layer="links")
    assert set(links.geom_type) == {"MultiLineString"}
    assert all(piece.bounds[2] - piece.bounds[0] <= 1 for line in links.geometry for piece in line.geoms)
