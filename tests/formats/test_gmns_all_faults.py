"""Faults of a GMNS network are told all at once, whatever the stage that finds them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from landlink.cli import main
from landlink.core.errors import InputError
from landlink.formats.gmns import ImportOptions, import_gmns

NODE = "node_id,x_coord,y_coord,zone_id\n1,20.0,50.0,1\n2,20.0,49.0,2\n3,20.0,48.0,3\n"
LINK = "link_id,from_node_id,to_node_id,directed,length,free_speed,lanes\n10,1,2,0,120,70,2\n11,2,3,0,115,70,2\n"
NUMBER = "a number with a decimal point, without thousands separators"
LANES = "a whole number without thousands separators, at least 0, at most 20"
DEMAND = "o_zone_id,d_zone_id,volume\n1,3,5\n3,1,6\n2,1,7\n"


def network(tmp_path: Path, **files: str) -> Path:
    """A folder with the given files."""
    source = tmp_path / "network"
    source.mkdir()
    for name, text in ({"node": NODE, "link": LINK, "demand": DEMAND} | files).items():
        (source / f"{name}.csv").write_text(text, encoding="utf-8")
    return source


def told(tmp_path: Path, options: ImportOptions | None = None, **files: str) -> list[str]:
    """The problems of a network, each as a line."""
    with pytest.raises(InputError) as caught:
        import_gmns(network(tmp_path, **files), tmp_path / "study", options=options)
    assert not (tmp_path / "study").exists()
    return [str(problem) for problem in caught.value.problems]


def test_an_unknown_node_hides_no_other_fault(tmp_path: Path) -> None:
    link = LINK.replace("11,2,3,0,115,70,2", "11,2,99,0,-115,fast,90") + "12,1,3,maybe,240,70,2\n"
    found = told(tmp_path, link=link, demand=DEMAND.replace("1,3,5", "1,3,-5"))
    assert found == [
        "demand, row 1 (1 to 3), column volume: negative amount (found '-5'); allowed: 0 or more",
        "link, row 11, column to_node_id: unknown node (found '99'); allowed: node_id of a row of node.csv",
        f"link, row 11, column free_speed: not a number (found 'fast'); allowed: {NUMBER}",
        "link, row 11, column length: negative (found '-115'); allowed: 0 or more; empty if unknown",
        "link, row 12, column directed: unknown direction (found 'maybe'); allowed: 0, 1, true or false",
        f"link, row 11, column lanes: out of bounds (found '90'); allowed: {LANES}",
    ]


def test_amounts_that_are_no_numbers_hide_no_negative_ones(tmp_path: Path) -> None:
    found = told(tmp_path, demand="o_zone_id,d_zone_id,volume\n1,3,much\n3,1,-6\n2,1,1e30\n")
    assert [line.partition("; allowed")[0] for line in found] == [
        "demand, row 1, column volume: not a number (found 'much')",
        "demand, row 2 (3 to 1), column volume: negative amount (found '-6')",
        "demand, row 3 (2 to 1), column volume: out of bounds (found '1e+30')",
    ]


def test_a_question_about_units_hides_no_fault(tmp_path: Path) -> None:
    link = LINK.replace("120", "400000").replace("115", "390000").replace("70,2\n11", "70,50\n11")
    node = NODE + "4,200.0,50.0,\n5,20.0,120.0,\n6,,,\n"
    found = told(tmp_path, node=node, link=link + "12,3,6,0,1,1,1\n")
    assert [line.partition(" (found")[0].partition(";")[0] for line in found] == [
        "node, row 6: the node has no coordinates",
        "link, column length: no unit of lengths is stated, and several fit",
        "node, row 4, column x_coord: out of bounds",
        "node, row 5, column y_coord: out of bounds",
        "link, row 10, column lanes: out of bounds",
    ]
    assert "--length-unit m or --length-unit ft" in found[1]
    assert "(found '120.0')" in found[3]
    assert "at least -90, at most 90 (degree)" in found[3]


def test_questions_are_asked_together(tmp_path: Path) -> None:
    link = LINK.replace("120", "400000").replace("115", "390000").replace("free_speed", "free_speed_mph")
    config = "dataset_name,short_length,long_length,speed,crs\nTown,,,kph,\n"
    found = told(tmp_path, ImportOptions(classes={"hot": "raod"}, demand_columns=("coal",)), link=link, config=config)
    for part in ("demand, column coal", "column hot: unknown mode", "column length: no unit", "--speed-unit"):
        assert sum(part in line for line in found) == 1
    assert len(found) == 4


def test_an_unreadable_file_hides_no_fault_of_the_others(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        node="node_id,x_coord,zone_id\n1,2,1\n",
        zone="zone_id\n1,2\n",
        link=LINK.replace("120", "far"),
        demand=DEMAND.replace("volume", "gold"),
    )
    for part in ("node, column y_coord: the column is missing", "zone, line 2", "found 'far'", "demand, column tonnes"):
        assert sum(part in line for line in found) == 1
    assert len(found) == 4


def test_ids_that_a_spreadsheet_damaged_make_no_other_faults(tmp_path: Path) -> None:
    node = NODE.replace("\n1,", "\n2.5E+11,").replace("\n2,", "\n2.5E+11,")
    found = told(tmp_path, node=node, link=LINK.replace("120,", "120,-"))
    assert ["damaged" in line for line in found] == [True, False]
    assert "column free_speed: negative" in found[1]


def test_zones_and_commodities_are_held_against_their_schema_with_the_rest(tmp_path: Path) -> None:
    found = told(
        tmp_path,
        zone="zone_id,x_coord,y_coord\n1,20,50\n1,20,50\na;b,20,48\n",
        commodity="commodity_id,value_usd_per_t,value_of_time_usd_per_t_h\ncoal,-3,1\n",
        link=LINK.replace("11,2,3", "11,2,9"),
    )
    for part in (
        "duplicate zone_id",
        "row a;b, column zone_id: contains",
        "row coal, column value_usd",
        "unknown node",
    ):
        assert sum(part in line for line in found) == 1
    assert len(found) == 4


def test_the_command_ends_with_code_2_and_the_whole_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = network(tmp_path, link=LINK.replace("11,2,3", "11,2,9"), node=NODE.replace("48.0", "120.0"))
    assert main(["init", str(tmp_path / "study"), "--gmns", str(source), "--json"]) == 2
    facts = json.loads(capsys.readouterr().out)
    shown = json.dumps(facts)
    assert "unknown node" in shown
    assert "out of bounds" in shown
