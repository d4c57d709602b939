"""GMNS networks as other programs and people write them: taken over, asked about, or refused by name."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from landlink.core.errors import InputError
from landlink.formats.gmns import ImportOptions, import_gmns
from landlink.formats.import_report import ImportReport
from landlink.formats.link_classes import UNKNOWN, known_modes, link_classes
from landlink.tables.read import read_tables

NODE = "node_id,x_coord,y_coord,zone_id\n1,20.0,50.0,1\n2,20.0,49.0,2\n3,20.0,48.0,3\n"
LINK = "link_id,from_node_id,to_node_id,directed,length,free_speed\n10,1,2,0,120,70\n11,2,3,0,115,70\n"
CONFIG = "dataset_name,short_length,long_length,speed,crs\nTown,{},{},{},{}\n"


def imported(
    tmp_path: Path, options: ImportOptions | None = None, **files: str
) -> tuple[dict[str, pd.DataFrame], ImportReport]:
    """A study from a network of the given files."""
    source = tmp_path / "network"
    source.mkdir(exist_ok=True)
    for name, text in ({"node": NODE, "link": LINK} | files).items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    report = import_gmns(source, tmp_path / "study", options=options)
    return read_tables(tmp_path / "study"), report


def asked(tmp_path: Path, options: ImportOptions | None = None, **files: str) -> str:
    """What is said of a network that is not taken over."""
    with pytest.raises(InputError) as caught:
        imported(tmp_path, options, **files)
    assert not (tmp_path / "study").exists()
    return str(caught.value)


def with_column(name: str, *cells: str, link: str = LINK) -> str:
    """The links with one more column."""
    header, *rows = link.strip().splitlines()
    return "\n".join([f"{header},{name}", *(f'{row},"{cell}"' for row, cell in zip(rows, cells, strict=True))]) + "\n"


def lengths(tmp_path: Path, *values: float, options: ImportOptions | None = None, **files: str) -> list[float]:
    link = LINK.replace("120", f"{values[0]:g}").replace("115", f"{values[1]:g}")
    return imported(tmp_path, options, link=link, **files)[0]["link"]["length"].tolist()


# Units


def test_two_units_that_fit_are_asked_about(tmp_path: Path) -> None:
    link = LINK.replace("120", "400000").replace("115", "390000")
    told = asked(tmp_path, link=link)
    assert "m: 3.55 times the distances" in told
    assert "ft: 1.08 times" in told
    assert "--length-unit m or --length-unit ft" in told


@pytest.mark.parametrize(("unit", "km"), [("m", 400.0), ("ft", 121.92)])
def test_the_answer_is_taken(tmp_path: Path, unit: str, km: float) -> None:
    found = lengths(tmp_path, 400_000, 390_000, options=ImportOptions(length_unit=unit))
    assert found[0] == pytest.approx(km)


def test_a_drawing_is_no_place_on_earth(tmp_path: Path) -> None:
    node = "node_id,x_coord,y_coord,zone_id\n1,1.2,2.1,1\n2,2.2,2.1,\n3,2.2,3.1,3\n"
    link = LINK.replace("120", "1600000").replace("115", "1600000")
    told = asked(tmp_path, node=node, link=link)
    assert "no place on Earth" in told
    assert "--crs drawing" in told
    tables, report = imported(tmp_path, ImportOptions(length_unit="m", crs="drawing"), node=node, link=link)
    assert tables["link"]["length"].tolist() == [1600, 1600]
    places = tables["node"][["x_coord", "y_coord"]].to_numpy()
    assert np.hypot(*(places[1] - places[0])) == pytest.approx(1600 / 111.195, rel=1e-3)
    assert any("drawing" in note for note in report.notes)


@pytest.mark.parametrize(
    ("column", "value", "km"),
    [
        ("length_m", 120_000, 120),
        ("length (ft)", 393_700.8, 120),
        ("length_mi", 74.5645, 120),
        ("distance_km", 120, 120),
    ],
)
def test_a_column_states_its_unit(tmp_path: Path, column: str, value: float, km: float) -> None:
    link = LINK.replace(",length,", f",{column},").replace("120", f"{value}").replace("115", f"{value}")
    assert imported(tmp_path, link=link)[0]["link"]["length"].tolist() == pytest.approx([km, km], rel=1e-4)


def test_a_column_and_a_config_that_contradict_one_another_are_asked_about(tmp_path: Path) -> None:
    link = LINK.replace(",length,", ",length_m,")
    told = asked(tmp_path, link=link, config=CONFIG.format("", "mile", "", ""))
    assert "the column length_m says m: 0.00106 times" in told
    assert "config.long_length says mile: 1.7 times" in told
    speeds = with_column("free_speed_mph", "40", "40").replace("free_speed,", "x,")
    assert "--speed-unit" in asked(tmp_path, link=speeds, config=CONFIG.format("", "km", "kph", ""))


def test_feet_under_a_config_of_miles_and_feet(tmp_path: Path) -> None:
    found = lengths(tmp_path, 393_700.8, 380_000, config=CONFIG.format("foot", "mile", "mph", "4326"))
    assert found[0] == pytest.approx(120)


def test_a_config_that_does_not_fit_is_asked_about(tmp_path: Path) -> None:
    told = asked(
        tmp_path,
        link=LINK.replace("120", "120000").replace("115", "115000"),
        config=CONFIG.format("foot", "mile", "mph", ""),
    )
    assert "times the great-circle distances" in told
    assert "m fits: 1.06 times" in told


def test_geometries_decide_where_distances_do_not(tmp_path: Path) -> None:
    winding = "LINESTRING (20 50, 25 49.5, 20 49)"  # 727 km
    link = with_column("geometry", winding, "", link=LINK.replace("120", "727000").replace("115", "390000"))
    tables, report = imported(tmp_path, link=link)
    assert tables["link"]["length"].tolist() == [727, 390]
    assert any("lengths are in m: inferred from their geometries" in note for note in report.notes)


@pytest.mark.parametrize(
    ("speeds", "kmh"),
    [
        (("25 mph", "40 km/h"), [40.2336, 40]),
        (("25mph", "10 m/s"), [40.2336, 36]),
        (("['25 mph', '30 mph']", "50|60"), [40.2336, 50]),
        (("20 knots", "20"), [37.04, 20]),
    ],
)
def test_speeds_with_their_unit(tmp_path: Path, speeds: tuple[str, str], kmh: list[float]) -> None:
    link = with_column(
        "free_speed", *speeds, link="\n".join(row.rpartition(",")[0] for row in LINK.strip().splitlines())
    )
    tables, report = imported(tmp_path, link=link)
    assert tables["link"]["free_speed"].tolist() == pytest.approx(kmh)
    stated = [speed for speed in speeds if speed.strip("[]'|0123456789")]
    told = [entry for entry in report.entries if "free_speed state a unit, which was used" in entry.text]
    assert [(entry.kind, entry.rows) for entry in told] == [("changed", len(stated))]
    assert stated[0] in told[0].text


def test_all_numbers_that_are_none_are_told_at_once(tmp_path: Path) -> None:
    node = NODE.replace("20.0,49.0", "20.0,north")
    link = with_column("toll", "free", "", link=LINK.replace("120", "far").replace("115,70", "115,fast"))
    told = asked(tmp_path, node=node, link=link, demand="o_zone_id,d_zone_id,volume\n1,3,much\n")
    for value in ("north", "far", "fast", "free", "much"):
        assert f"found '{value}'" in told
    assert told.startswith("5 problems")


def test_negative_numbers_are_refused_not_replaced(tmp_path: Path) -> None:
    told = asked(tmp_path, link=with_column("lanes", "-1", "2", link=LINK.replace("120,70", "-120,-70")))
    for column, value in (("length", "-120"), ("free_speed", "-70"), ("lanes", "-1")):
        assert f"row 10, column {column}: negative (found '{value}')" in told


# Coordinates


def utm() -> tuple[str, str]:
    pyproj = pytest.importorskip("pyproj")
    to_utm = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:32634", always_xy=True)
    rows = [(name, *to_utm.transform(20.0, lat)) for name, lat in ((1, 50.0), (2, 49.0), (3, 48.0))]
    lines = "\n".join(f"{name},{x:.3f},{y:.3f},{name}" for name, x, y in rows)
    shape = "LINESTRING (" + ", ".join(f"{x:.3f} {y:.3f}" for _, x, y in rows[:2]) + ")"
    return f"node_id,x_coord,y_coord,zone_id\n{lines}\n", shape


@pytest.mark.parametrize("how", ["32634", "EPSG:32634", "option"])
def test_projected_coordinates_are_reprojected(tmp_path: Path, how: str) -> None:
    node, shape = utm()
    link = with_column("geometry", shape, "")
    options = ImportOptions(crs="EPSG:32634") if how == "option" else None
    files = {} if options else {"config": CONFIG.format("", "km", "kph", how)}
    tables, report = imported(tmp_path, options, node=node, link=link, **files)
    places = tables["node"][["x_coord", "y_coord"]].to_numpy()
    assert places == pytest.approx(np.array([[20, 50], [20, 49], [20, 48]]), abs=1e-6)
    assert tables["geometry"]["geometry"].iloc[0].startswith("LINESTRING (20.0")
    assert any("reprojected" in note for note in report.notes)


def test_projected_coordinates_without_a_reference_system_are_asked_about(tmp_path: Path) -> None:
    assert "--crs" in asked(tmp_path, node=utm()[0])


def test_coordinates_outside_the_area_of_the_reference_system(tmp_path: Path) -> None:
    told = asked(tmp_path, ImportOptions(crs="EPSG:3735"), node=utm()[0])
    assert "outside the area for which EPSG:3735 is defined" in told
    assert "unknown reference system" in asked(tmp_path, ImportOptions(crs="Mars"), node=utm()[0])


# Names and ids


def test_column_names_cut_by_a_shapefile(tmp_path: Path) -> None:
    link = with_column("allowed_us", "auto", "walk").replace("from_node_id", "from_node_")
    tables, report = imported(tmp_path, link=link)
    assert tables["link"]["link_id"].tolist() == ["10"]
    assert any("from_node_ as from_node_id" in note and "allowed_us as allowed_uses" in note for note in report.notes)


def test_decimal_ids_are_the_same_ids(tmp_path: Path) -> None:
    demand = "o_zone_id,d_zone_id,volume\n1,3.0,5\n3.0,1,6\n"
    tables, report = imported(
        tmp_path, link=LINK.replace(",1,2,", ",1.0,2.0,"), node=NODE.replace(",3\n", ",3.0\n"), demand=demand
    )
    assert tables["link"]["from_node_id"].tolist() == ["1", "2"]
    assert tables["demand"]["tonnes_per_year"].tolist() == [5, 6]
    assert sum("written as decimals" in note for note in report.notes) == 5


@pytest.mark.parametrize("table", ["node", "zone", "demand", "link"])
def test_ids_damaged_by_a_spreadsheet_are_named(tmp_path: Path, table: str) -> None:
    files = {
        "node": NODE.replace("\n3,", "\n2.50174E+11,"),
        "zone": "zone_id,x_coord,y_coord\n2.50174E+11,20,50\n2.50174E+11,20,48\n",
        "demand": "o_zone_id,d_zone_id,volume\n1,2.5E+11,4\n",
        "link": LINK.replace("11,2,3", "1.1E+12,2,3"),
    }
    told = asked(tmp_path, **{table: files[table]})
    assert "damaged by a spreadsheet" in told
    assert "as text" in told


def test_faults_of_rows_that_are_left_out_do_not_matter(tmp_path: Path) -> None:
    link = with_column("facility_type", "primary", "primary") + "12,1,99,0,,slow,footway\n12,2,3,0,1,1,footway\n"
    tables, _ = imported(tmp_path, link=link, node=NODE + "77,,,\n")
    assert tables["link"]["link_id"].tolist() == ["10", "11"]
    assert tables["node"]["node_id"].tolist() == ["1", "2", "3"]


# Directions


@pytest.mark.parametrize(
    ("column", "cells", "directed", "start"),
    [
        ("dir_flag", ("0", "0"), [False, False], ["1", "2"]),
        ("dir_flag", ("1", "-1"), [True, True], ["1", "3"]),
        ("directed", ("TRUE", "no"), [True, False], ["1", "2"]),
        ("oneway", ("yes", "-1"), [True, True], ["1", "3"]),
    ],
)
def test_directions_however_they_are_spelt(
    tmp_path: Path, column: str, cells: tuple[str, str], directed: list[bool], start: list[str]
) -> None:
    plain = LINK.replace(",0,120", ",120").replace(",0,115", ",115").replace(",directed", "")
    demand = "o_zone_id,d_zone_id,volume\n1,2,1\n"
    tables, _ = imported(tmp_path, link=with_column(column, *cells, link=plain), demand=demand)
    assert tables["link"]["directed"].tolist() == directed
    assert tables["link"]["from_node_id"].tolist() == start


def test_a_flag_beside_a_twin_turns_only_the_geometry(tmp_path: Path) -> None:
    link = (
        "link_id,from_node_id,to_node_id,dir_flag,length,geometry\n"
        '1,1,2,1,120,"LINESTRING (20 50, 20.1 49.5, 20 49)"\n2,2,1,-1,120,"LINESTRING (20 50, 20.1 49.5, 20 49)"\n'
    )
    tables, _ = imported(tmp_path, link=link)
    assert tables["link"][["from_node_id", "to_node_id"]].to_numpy().tolist() == [["1", "2"], ["2", "1"]]
    assert tables["geometry"]["geometry"].iloc[1] == "LINESTRING (20.0 49.0, 20.1 49.5, 20.0 50.0)"


def test_unknown_directions_are_refused(tmp_path: Path) -> None:
    told = asked(tmp_path, link=LINK.replace(",0,120", ",maybe,120"))
    assert "row 10, column directed: unknown direction (found 'maybe')" in told


# Classes


def test_the_table_of_classes_is_well_formed() -> None:
    assert UNKNOWN not in known_modes()
    assert set(known_modes()) >= {"road", "rail", "rail_narrow", "ferry", "inland_water", "air", "none"}


@pytest.mark.parametrize(
    ("text", "key", "mode"),
    [
        ("motorway", "", "road"), ("Light Rail", "", "none"), ("BIKEWAY", "", "none"), ("SharedPath", "", "none"),
        ("on-ramp", "", "road"), ("minor arterial street", "", "road"), ("Contraflow Bike Lane", "", "none"),
        ("['residential', 'tertiary']", "", "road"), ("['residential', 'footway']", "", UNKNOWN),
        ("canal", "waterway", "inland_water"), ("ditch", "waterway", "none"), ("minor_line", "power", "none"),
        ("anything", "power", "none"), ("runways", "", "none"), ("rail_1520", "", "rail_1520"),
        ("haul road", "", "road"),
        ("rail trail", "", UNKNOWN), ("quantum tunnel", "", UNKNOWN), ("highway=trunk", "", "road"),
    ],
)  # fmt: skip
def test_classes_have_the_mode_that_the_table_says(text: str, key: str, mode: str) -> None:
    assert link_classes().mode_of(text, key) == mode


@pytest.mark.parametrize(
    ("column", "cells", "modes"),
    [
        ("facility_type", ("river", "canal"), ["inland_water"] * 2),
        ("railway", ("rail", "narrow_gauge"), ["rail", "rail_narrow"]),
        ("link_type_name", ("ferry", "tram"), ["ferry"]),
        ("mode", ("truck", "rail_1520"), ["road", "rail_1520"]),
        ("highway", ("primary", "construction"), ["road"]),
        ("aeroway", ("", "runway"), ["road"]),
        ("allowed_uses", ("auto", "aeroway"), ["road"]),
    ],
)
def test_no_river_tramway_or_runway_becomes_a_road(
    tmp_path: Path, column: str, cells: tuple[str, str], modes: list[str]
) -> None:
    tables, _ = imported(tmp_path, link=with_column(column, *cells))
    assert tables["link"]["mode"].tolist() == modes


def test_a_gauge_makes_the_mode_of_a_railway(tmp_path: Path) -> None:
    link = with_column("gauge", "1520", "1435;1520", link=with_column("railway", "rail", "rail"))
    tables, report = imported(tmp_path, link=link)
    assert tables["link"]["mode"].tolist() == ["rail_1520", "rail"]
    assert tables["link"]["gauge_mm"].tolist()[0] == 1520
    assert any("several gauges" in note for note in report.notes)


def test_unknown_classes_are_left_out_and_the_user_may_say_what_they_are(tmp_path: Path) -> None:
    link = with_column("facility_type", "primary", "hyperloop")
    tables, report = imported(tmp_path, link=link)
    assert tables["link"]["link_id"].tolist() == ["10"]
    assert any("facility_type hyperloop (1)" in note and "--class 'hyperloop=road'" in note for note in report.notes)
    (tmp_path / "study").rename(tmp_path / "first")
    tables, _ = imported(tmp_path, ImportOptions(classes={"Hyperloop": "rail"}), link=link)
    assert tables["link"]["mode"].tolist() == ["road", "rail"]


def test_a_mode_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "did you mean 'road'" in asked(tmp_path, ImportOptions(classes={"hyperloop": "raod"}))


# Shapes


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("MULTILINESTRING ((20 50, 20.1 49.5, 20 49))", "LINESTRING (20.0 50.0, 20.1 49.5, 20.0 49.0)"),
        ("MULTILINESTRING ((20 50, 20.1 49.5), (20.1 49.5, 20 49))", "LINESTRING (20.0 50.0, 20.1 49.5, 20.0 49.0)"),
        (
            "MULTILINESTRING Z ((20 50 1, 20.1 49.6 2), (20.1 49.5 3, 20 49 4))",
            "MULTILINESTRING ((20.0 50.0, 20.1 49.6), (20.1 49.5, 20.0 49.0))",
        ),
        ("LINESTRING Z (20 50 100, 20 49 200)", "LINESTRING (20.0 50.0, 20.0 49.0)"),
        ("SRID=4326;LINESTRINGZM(20 50 1 2, 20 49 3 4)", "LINESTRING (20.0 50.0, 20.0 49.0)"),
    ],
)
def test_lines_keep_their_shape(tmp_path: Path, text: str, shape: str) -> None:
    tables, _ = imported(tmp_path, link=with_column("geometry", text, ""))
    assert tables["geometry"]["geometry"].tolist() == [shape]


@pytest.mark.parametrize(
    "text", ["POINT (20 50)", "LINESTRING EMPTY", "LINESTRING (20 50)", "0102000000", "LINESTRING (20 a, 1 2)"]
)
def test_what_is_no_line_is_listed(tmp_path: Path, text: str) -> None:
    tables, report = imported(tmp_path, link=with_column("geometry", text, ""))
    assert tables["geometry"].empty
    assert any("1 geometries of links are not WKT lines and were left out (10)" in note for note in report.notes)


def test_geometries_that_are_missing_or_there_twice_are_listed(tmp_path: Path) -> None:
    shapes = 'geometry_id,geometry\na,"LINESTRING (20 50, 20 49)"\na,"LINESTRING (20 50, 21 49.5, 20 49)"\n'
    tables, report = imported(tmp_path, link=with_column("geometry_id", "a", "b"), geometry=shapes)
    assert tables["geometry"]["geometry"].tolist() == ["LINESTRING (20.0 50.0, 20.0 49.0)"]
    assert any("1 rows of geometry.csv were left out" in note for note in report.notes)
    assert any("1 links refer to a geometry that geometry.csv does not have" in note for note in report.notes)


# Zones and demand


def test_zone_zero_is_a_zone_if_demand_names_it(tmp_path: Path) -> None:
    node = NODE.replace("50.0,1", "50.0,0")
    tables, _ = imported(tmp_path, node=node, demand="o_zone_id,d_zone_id,volume\n0,2,500\n0,3,900\n2,3,200\n")
    assert tables["demand"]["tonnes_per_year"].tolist() == [500, 900, 200]
    (tmp_path / "study").rename(tmp_path / "first")
    (tmp_path / "network" / "demand.csv").unlink()
    tables, report = imported(tmp_path, node=node)
    assert tables["zone"]["zone_id"].tolist() == ["2", "3"]
    assert any("1 nodes of zone 0 were taken to be in no zone" in note for note in report.notes)


def test_negative_demand_is_refused_with_its_row(tmp_path: Path) -> None:
    told = asked(tmp_path, demand="o_zone_id,d_zone_id,volume\n1,3,500\n3,1,-200\n")
    assert "demand, row 2 (3 to 1), column volume: negative amount (found '-200')" in told


def test_an_amount_that_is_no_number_is_refused_with_its_row(tmp_path: Path) -> None:
    told = asked(tmp_path, demand="o_zone_id,d_zone_id,volume\n1,3,500\n3,1,200\n1,2,much\n")
    assert "demand, row 3, column volume: not a number (found 'much')" in told


def test_demand_of_zones_that_no_freight_reaches_says_why_it_is_lost(tmp_path: Path) -> None:
    told = asked(
        tmp_path,
        link=with_column("allowed_uses", "walk", "truck"),
        demand="o_zone_id,d_zone_id,volume\n1,3,500\n",
    )
    assert "1 rows of demand.csv refer to unknown zones and were left out, 500 t (1)." in told
    assert "1 zones were left out: no link usable by freight reaches their nodes (1)." in told


def test_every_row_of_demand_is_accounted_for(tmp_path: Path) -> None:
    demand = "o_zone_id,d_zone_id,volume\n1,3,5\n1,3,6\n1,1,7\n1,9,8\n,2,9\n2,1,0\n3,1,\n"
    tables, report = imported(tmp_path, demand=demand)
    assert tables["demand"]["tonnes_per_year"].tolist() == [11]
    rows = {entry.text.partition(" rows of")[2]: entry.rows for entry in report.entries if entry.table == "demand"}
    assert (
        sum(
            entry.rows or 0
            for entry in report.entries
            if entry.table == "demand" and entry.kind in ("left out", "taken over")
        )
        == 7
    ), rows
    assert any(
        "2 rows of demand.csv refer to unknown zones and were left out, 17 t (empty, 9)" in note
        for note in report.notes
    )
    assert any("1 rows of demand.csv repeat a pair" in note for note in report.notes)


def test_zeros_that_a_spreadsheet_cut_are_pointed_out(tmp_path: Path) -> None:
    node = NODE.replace("50.0,1", "50.0,0101")
    _, report = imported(tmp_path, node=node, demand="o_zone_id,d_zone_id,volume\n101,3,5\n2,3,5\n")
    assert any("(101, perhaps 0101)" in note for note in report.notes)


def test_several_commodities(tmp_path: Path) -> None:
    demand = "o_zone_id,d_zone_id,commodity,tonnes_per_day\n1,3,coal,2\n1,3,fruit,1\n3,1,coal,3\n"
    commodity = "commodity_id,value_usd_per_t,value_of_time_usd_per_t_h\nfruit,1500,5\n"
    tables, report = imported(tmp_path, demand=demand, commodity=commodity)
    assert tables["demand"]["tonnes_per_year"].tolist() == [730, 365, 1095]
    table = tables["commodity"].set_index("commodity_id")
    assert table.loc["fruit", "value_of_time_usd_per_t_h"] == 5
    assert table.loc["coal", "value_of_time_usd_per_t_h"] == 1
    assert any("1 commodities" in note and "coal" in note for note in report.notes)


def test_a_column_for_each_commodity(tmp_path: Path) -> None:
    demand = "o_zone_id,d_zone_id,coal,fruit\n1,3,2,1\n3,1,3,0\n"
    assert "--demand-columns coal,fruit" in asked(tmp_path, demand=demand)
    tables, _ = imported(tmp_path, ImportOptions(demand_columns=("coal", "fruit")), demand=demand)
    found = tables["demand"][["origin_zone_id", "commodity_id", "tonnes_per_year"]].to_numpy().tolist()
    assert found == [["1", "coal", 2], ["3", "coal", 3], ["1", "fruit", 1]]


def test_the_report_is_part_of_the_study(tmp_path: Path) -> None:
    _, report = imported(tmp_path, link=with_column("facility_type", "primary", "tram"))
    stored = pd.read_csv(tmp_path / "study" / "x_import.csv")
    assert stored.columns.tolist() == ["table", "kind", "rows", "what"]
    assert set(stored["what"]) == {entry.text for entry in report.entries}
    assert (stored["kind"] == "left out").sum() >= 1


def test_every_column_that_is_not_taken_over_is_listed_with_its_rows(tmp_path: Path) -> None:
    link = with_column("capacity", "1800", "", link=with_column("vdf_alpha", "0.15", "0.2"))
    _, report = imported(
        tmp_path,
        link=with_column("speed_limit", "", "50", link=link) + "12,2,1,0,9,9,9,900,9\n13,9,9,0,9,9,9,900,9\n",
        node=NODE.replace("zone_id\n", "zone_id,ctrl_type\n")
        .replace(",1\n", ",1,signal\n")
        .replace(",2\n", ",2,\n")
        .replace(",3\n", ",3,\n"),
        config="dataset_name,version_number\nTown,0.97\n",
        zone='zone_id,super_zone,boundary\n1,9,"POLYGON ((19 51, 21 51, 21 49.5, 19 51))"\n2,9,\n3,,\n',
        demand="o_zone_id,d_zone_id,volume,tons,trips\n1,3,5,1,\n3,1,6,1,2\n",
        commodity="commodity_id,value_usd_per_t,handling\ngeneral,10,soft\nfruit,20,\n",
        segment="segment_id,link_id,grade\n1,10,2\n2,77,9\n",
        geometry='geometry_id,geometry,format\ng,"LINESTRING (20 50, 20 49)",wkt\n',
        movement="mvmt_id\n1\n2\n3\n",
    )
    found = {
        (entry.table, entry.text.split(",")[0]): entry.rows for entry in report.entries if entry.kind == "left out"
    }
    assert found == {
        ("config", "The column version_number of config.csv"): 1,
        ("node", "The column ctrl_type of node.csv"): 1,
        ("link", "1 links with the same start and end node were left out (13)."): 1,
        ("link", "The column free_speed of link.csv was used"): 2,
        ("link", "The column vdf_alpha of link.csv"): 3,
        ("link", "The column capacity of link.csv"): 2,
        ("geometry", "The column format of geometry.csv"): 1,
        ("geometry", "1 rows of geometry.csv were left out: no link that was taken over refers to them (g)."): 1,
        ("zone", "The column super_zone of zone.csv"): 2,
        ("zone", "The column boundary of zone.csv"): 1,
        ("segment", "The column segment_id of segment.csv"): 2,
        ("segment", "1 rows of segment.csv were left out: they are of no link that was taken over (77)."): 1,
        ("demand", "The column tons of demand.csv"): 2,
        ("demand", "The column trips of demand.csv"): 1,
        ("commodity", "The column handling of commodity.csv"): 1,
        ("commodity", "1 rows of commodity.csv were left out: no demand is of these commodities (fruit)."): 1,
        ("", "The file movement.csv"): 3,
    }
    assert any("capacity of link.csv, filled in 2 rows, was not taken over: GMNS" in note for note in report.notes)


def test_tolls_in_another_currency_are_counted(tmp_path: Path) -> None:
    config = "dataset_name,currency\nTown,roubles\n"
    _, report = imported(tmp_path, link=with_column("toll", "5", ""), config=config)
    assert [entry.rows for entry in report.entries if "tolls in USD" in entry.text] == [1]


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("toll", ";" * 10**5 + "["),
        ("toll", "[" * 10**5),
        ("toll", "1" * 10**5 + "x"),
        ("grade", "1 " + "a " * 10**5 + "9"),
        ("geometry", "LINESTRING" + " " * 10**5 + "x"),
        ("geometry", "LINESTRING " + "(" * 10**5),
    ],
)
def test_cells_without_end_end(tmp_path: Path, column: str, cell: str) -> None:
    if column == "geometry":
        _, report = imported(tmp_path, link=with_column(column, cell, ""))
        assert any("1 geometries of links are not WKT lines" in note for note in report.notes)
    else:
        assert f"column {column}: not a number" in asked(tmp_path, link=with_column(column, cell, ""))
