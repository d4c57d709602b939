"""A GMNS network of somebody else becomes a study, and every assumption is said."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd
import pytest

from landlink.core.errors import InputError, OutputError
from landlink.formats.gmns import import_gmns
from landlink.tables.read import read_tables

NODE = (
    "node_id,name,x_coord,y_coord,z_coord,node_type,ctrl_type,zone_id\n"
    "1,West,-71.2,42.0,100,city,,10\n2,Mid,-71.1,42.0,,,signal,\n3,East,-71.0,42.0,,,none,20\n4,Alone,-70.0,41.0,,,,30\n"
)
LINK = (
    "link_id,name,from_node_id,to_node_id,directed,geometry,dir_flag,length,grade,facility_type,capacity,free_speed,lanes,allowed_uses,toll\n"
    '1,Road,1,2,0,"LINESTRING (-71.1 42, -71.15 42.01, -71.2 42)",-1,5.5,-3,arterial,1800,30,2,"auto,truck",150\n'
    '2,Road,2,3,1,,,5.2,,arterial,,,1,"auto,truck",\n'
    "3,Road back,3,2,True,,,5.2,,,,30,1,all,\n"
    '4,Path,1,3,0,,,10.5,,path,,3,1,"walk,bike",\n'
    "5,Cars only,1,3,0,,,10.5,,,,50,1,auto,\n"
)
CONFIG = (
    "dataset_name,short_length,long_length,speed,crs,geometry_field_format,currency,version_number\n"
    "Two towns,foot,mile,mph,4326,wkt,US cents,0.94\n"
)
ZONE = (
    "zone_id,name,boundary,super_zone\n10,Westerners,,\n"
    '40,Easterners,"POLYGON ((-71.05 41.95, -70.95 41.95, -70.95 42.05, -71.05 42.05, -71.05 41.95))",\n50,Nowhere,,\n'
)


def make(tmp_path: Path, **files: str) -> tuple[dict[str, pd.DataFrame], list[str], Path]:
    """A study from a network of the given files."""
    source = tmp_path / "network"
    source.mkdir()
    for name, text in ({"node": NODE, "link": LINK} | files).items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    notes = import_gmns(source, tmp_path / "My Study").notes
    return read_tables(tmp_path / "My Study"), notes, tmp_path / "My Study"


def test_units_of_the_config_are_converted(tmp_path: Path) -> None:
    tables, _, _ = make(tmp_path, config=CONFIG)
    link = tables["link"].set_index("link_id")
    assert link.loc["1", "length"] == pytest.approx(5.5 * 1.609344)
    assert link.loc["1", "free_speed"] == pytest.approx(30 * 1.609344)
    assert link.loc["1", "toll"] == pytest.approx(1.5)
    assert tables["node"]["z_coord"].iloc[0] == pytest.approx(30.48)
    assert tables["config"][["long_length", "speed"]].iloc[0].tolist() == ["km", "kph"]


@pytest.mark.parametrize(("factor", "unit"), [(1.609344, "km"), (1.0, "mi"), (1609.344, "m")])
def test_unit_without_a_config_is_inferred_from_distances(tmp_path: Path, factor: float, unit: str) -> None:
    link = (
        "link_id,from_node_id,to_node_id,directed,length,free_speed\n"
        f"1,1,2,0,{5.5 * factor},30\n2,2,3,0,{5.6 * factor},30\n"
    )
    tables, notes, _ = make(tmp_path, link=link)
    assert tables["link"]["length"].tolist() == pytest.approx([5.5 * 1.609344, 5.6 * 1.609344])
    assert any(f"lengths are in {unit}:" in note for note in notes)


def test_links_that_freight_cannot_use_are_left_out(tmp_path: Path) -> None:
    tables, notes, _ = make(tmp_path, config=CONFIG)
    assert tables["link"]["link_id"].tolist() == ["1", "2", "3"]
    assert set(tables["link"]["mode"]) == {"road"}
    assert any(note.startswith("2 links were left out") for note in notes)


def test_files_of_other_programs_with_a_comma_at_the_end_of_lines(tmp_path: Path) -> None:
    link = "link_id,from_node_id,to_node_id,dir_flag,length,facility_type,free_speed,\n"
    link += "1,1,2,1,8851,primary,80,\n2,2,3,1,9012,primary,80,\n3,3,1,1,17500,footway,5,\n4,3,1,1,17500,primary,80,\n"
    tables, notes, _ = make(tmp_path, link=link)
    assert tables["link"]["link_id"].tolist() == ["1", "2", "4"]
    assert tables["link"]["length"].tolist() == pytest.approx([8.851, 9.012, 17.5])
    assert tables["link"]["directed"].all()
    assert any("Check directed" in note for note in notes)


def test_where_no_truck_is_named_cars_may_stand_for_them(tmp_path: Path) -> None:
    tables, _, _ = make(tmp_path, config=CONFIG, link=LINK.replace("auto,truck", "auto"))
    assert tables["link"]["link_id"].tolist() == ["1", "2", "3", "5"]


def test_groups_and_definitions_of_uses_are_understood(tmp_path: Path) -> None:
    tables, _, _ = make(
        tmp_path,
        config=CONFIG,
        link=LINK.replace("auto,truck", "everyone").replace("walk,bike", "slow"),
        use_definition="use,description\nhv,heavy trucks\nwalk,pedestrians\nbike,bicycles\n",
        use_group='use_group,uses\neveryone,"hv,walk"\nslow,"walk,bike"\n',
    )
    assert tables["link"]["link_id"].tolist() == ["1", "2", "3"]


def test_lanes_directions_grades_and_shapes(tmp_path: Path) -> None:
    segment = "segment_id,link_id,ref_node_id,start_lr,end_lr,grade\n1,2,2,0,100,6\n2,2,2,100,200,-7.5\n"
    tables, notes, _ = make(tmp_path, config=CONFIG, segment=segment)
    link = tables["link"].set_index("link_id")
    assert link["directed"].tolist() == [False, True, True]
    assert link["lanes"].tolist() == [2, 1, 1]
    assert link["max_grade_pct"].tolist() == [3, 7.5, 0]
    assert tables["geometry"]["geometry"].tolist() == ["LINESTRING (-71.2 42.0, -71.15 42.01, -71.1 42.0)"]
    assert link["geometry_id"].tolist() == ["1", "", ""]
    assert any("segment.csv" in note for note in notes)


def test_missing_speeds_and_lengths_get_stated_ones(tmp_path: Path) -> None:
    link = "link_id,from_node_id,to_node_id,directed,length,free_speed\n1,1,2,0,,\n2,2,3,0,8.5,40\n"
    tables, notes, _ = make(tmp_path, link=link)
    frame = tables["link"]
    assert frame["length"].tolist() == pytest.approx([8.263, 8.5], abs=0.01)
    assert frame["free_speed"].tolist() == [60.0, 40.0]
    assert any("1 links without a free_speed" in note for note in notes)
    assert any("1 links without a length" in note for note in notes)


def test_zones_with_and_without_nodes(tmp_path: Path) -> None:
    tables, notes, _ = make(tmp_path, config=CONFIG, zone=ZONE)
    zone = tables["zone"].set_index("zone_id")
    assert zone["node_id"].to_dict() == {"10": "1", "40": "3"}
    assert zone["name"].tolist() == ["Westerners", "Easterners"]
    assert any("1 zones without node and boundary" in note and "50" in note for note in notes)
    assert any("1 zones without a node" in note for note in notes)


def test_zones_that_only_nodes_name_and_nodes_off_the_network(tmp_path: Path) -> None:
    tables, notes, _ = make(tmp_path, config=CONFIG)
    assert tables["zone"]["zone_id"].tolist() == ["10", "20"]
    assert any("1 zones were left out" in note and "30" in note for note in notes)


def test_zones_are_made_where_the_network_has_none(tmp_path: Path) -> None:
    node = "node_id,x_coord,y_coord\n1,-71.2,42\n2,-71.1,42\n3,-71.0,42\n"
    tables, notes, _ = make(tmp_path, config=CONFIG, node=node)
    assert sorted(tables["zone"]["zone_id"]) == ["Z-1", "Z-2", "Z-3"]
    assert any(note.startswith("Replace the 3 zones") for note in notes)


def test_demand_without_a_file_is_a_placeholder_that_says_so(tmp_path: Path) -> None:
    tables, notes, _ = make(tmp_path, config=CONFIG)
    demand = tables["demand"]
    assert list(zip(demand["origin_zone_id"], demand["destination_zone_id"], strict=True)) == [
        ("10", "20"),
        ("20", "10"),
    ]
    assert set(demand["kind"]) == {"placeholder"}
    assert set(demand["quality"]) == {"estimated"}
    assert notes[0].startswith("Replace demand.csv")


def test_placeholder_flows_only_where_links_lead(tmp_path: Path) -> None:
    one_way = "link_id,from_node_id,to_node_id,directed,length\n1,1,2,1,5.5\n2,2,3,1,5.5\n"
    tables, _, _ = make(tmp_path, config=CONFIG, link=one_way)
    demand = tables["demand"]
    assert list(zip(demand["origin_zone_id"], demand["destination_zone_id"], strict=True)) == [("10", "20")]


def test_demand_file_is_read_and_what_is_left_out_is_said(tmp_path: Path) -> None:
    demand = "o_zone_id,d_zone_id,volume\n10,20,5\n10,20,6\n10,10,3\n10,99,3\n20,10,0\n"
    tables, notes, _ = make(tmp_path, config=CONFIG, demand=demand)
    assert tables["demand"]["tonnes_per_year"].tolist() == [11]
    assert any("volume" in note for note in notes)
    assert any("1 rows of demand.csv refer to unknown zones" in note for note in notes)
    assert any("1 rows of demand.csv are intrazonal" in note for note in notes)


def test_two_modes_meet_at_terminals(tmp_path: Path) -> None:
    link = "link_id,from_node_id,to_node_id,directed,length,allowed_uses\n1,1,2,0,5.5,truck\n2,2,3,0,5.5,rail\n"
    tables, notes, study = make(tmp_path, config=CONFIG, link=link)
    assert tables["link"]["mode"].tolist() == ["road", "rail"]
    assert tables["terminal"][["node_id", "mode_a", "mode_b"]].to_numpy().tolist() == [["2", "rail", "road"]]
    assert tables["vehicle"].set_index("mode")["family"].to_dict() == {"rail": "rail", "road": "road"}
    assert any("1 terminals" in note for note in notes)
    assert tomllib.loads((study / "study.toml").read_text())["alternative"] == [
        {"id": "any", "modes": ["rail", "road"]}
    ]


def test_settings_and_readme_hold_every_note(tmp_path: Path) -> None:
    _, notes, study = make(tmp_path, config=CONFIG)
    settings = tomllib.loads((study / "study.toml").read_text(encoding="utf-8"))
    assert (settings["id"], settings["title"]) == ("my-study", "Two towns")
    text = (study / "README.md").read_text(encoding="utf-8")
    assert all(note in text for note in notes)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"link": LINK.replace("1,Road,1,2", "1,Road,1,99")}, "unknown node"),
        ({"config": CONFIG.replace("mile", "league")}, "unknown unit"),
        (
            {"config": CONFIG.replace("4326", "EPSG:32637")},
            "which is not longitude and latitude.*--crs EPSG:4326.*--crs EPSG:32637",
        ),
        ({"config": CONFIG.replace("mile,", "foot,")}, "times the great-circle distances"),
        (
            {
                "config": CONFIG,
                "link": LINK.replace("auto,truck", "bike").replace(",all,", ",walk,").replace(",auto,", ",bike,"),
            },
            "no link",
        ),
        ({"node": NODE.replace("-71.2", "west")}, "not a number"),
        ({"node": "node_id,x_coord\n1,2\n"}, "missing"),
        ({"node": NODE + "1,Again,0,0,,,,\n"}, "duplicate node_id"),
        ({"node": NODE.replace("42.0", "142.0"), "config": CONFIG}, "out of bounds"),
        ({"link": LINK.replace(",", ";")}, "semicolons"),
    ],
)
def test_broken_networks_are_refused_and_leave_nothing(tmp_path: Path, files: dict[str, str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        make(tmp_path, **files)
    assert [path.name for path in tmp_path.iterdir()] == ["network"]


def test_existing_folders_are_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "My Study").mkdir()
    (tmp_path / "My Study" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="not empty"):
        make(tmp_path, config=CONFIG)
    assert [path.name for path in (tmp_path / "My Study").iterdir()] == ["mine.txt"]


def test_missing_network(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        import_gmns(tmp_path / "nowhere", tmp_path / "s")


def test_projected_coordinates_are_distinguished_from_degrees(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"row 2: x_coord and y_coord are not in degrees.*510000.*EPSG:4326"):
        make(tmp_path, node=NODE.replace("-71.1,42.0", "510000,4650000"))


def test_nodes_without_a_place_are_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 2: the node has no coordinates"):
        make(tmp_path, node=NODE.replace("-71.1,42.0", ","))


def test_columns_that_differ_by_capital_letters(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"differs from from_node_id only in capital letters \(found 'From_Node_ID'\)"):
        make(tmp_path, link=LINK.replace("from_node_id", "From_Node_ID"))


def test_faults_of_the_tables_made_name_no_line_of_another_file(tmp_path: Path) -> None:
    link = LINK.replace("1,Road,1,2,", '1,Road,1,"2;a",').replace("2,Road,2,3", '2,Road,"2;a",3')
    with pytest.raises(InputError) as caught:
        make(tmp_path, node=NODE.replace("2,Mid", "\n\n2;a,Mid"), link=link.replace("3,2,True", '3,"2;a",True'))
    assert "node, row 2;a, column node_id: contains a separator" in str(caught.value)
    assert "line " not in str(caught.value)


def test_the_same_link_twice(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="row 2: duplicate link_id"):
        make(tmp_path, link=LINK.replace("3,Road back", "2,Road back"))
