"""Files of the standard test collection are read right, however they are written, and refused with every fault."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.core.errors import InputError, Problem
from landlink.traffic.road_network import RoadNetwork
from landlink.traffic.tntp import read_tntp, read_tntp_flows
from tests.support.tntp import HEADER, LINKS, link, net_text, trips_text

Read = Callable[..., RoadNetwork]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Read a network from texts."""

    def read_texts(net: str | bytes, trips: str | None = None, nodes: str | None = None) -> RoadNetwork:
        paths = []
        for name, text in (("x_net.tntp", net), ("x_trips.tntp", trips), ("x_node.tntp", nodes)):
            paths.append(None if text is None else tmp_path / name)
            if text is not None:
                (tmp_path / name).write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_tntp(*paths)

    return read_texts


def problems(read: Read, *texts: str | bytes | None) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read(*texts)
    return caught.value.problems


def only(read: Read, *texts: str | bytes | None) -> Problem:
    (problem,) = problems(read, *texts)
    return problem


def test_a_network_is_read(read: Read) -> None:
    nodes = "node\tX\tY\t;\n1 0 1;\n2 2 3;\n3 4 5;\n4 -6 7.5;"
    network = read(net_text(), trips_text("Origin 1\n 1 : 0.0; 2 : 6.0;\n"), nodes)
    assert (network.zones, network.nodes, network.first_thru_node, len(network)) == (2, 4, 1, 5)
    assert network.from_node.tolist() == [1, 1, 3, 3, 4]
    assert network.to_node.tolist() == [3, 4, 2, 4, 2]
    assert network.capacity.tolist() == [2, 1, 1, 1, 2]
    assert network.free_flow_time.tolist() == [1, 50, 50, 10, 1]
    assert network.b.tolist() == [1, 0.02, 0.02, 0.1, 1]
    assert network.power.tolist() == [1] * 5
    assert network.length.tolist() == [1] * 5
    assert network.coordinates is not None
    assert network.coordinates.tolist() == [[0, 1], [2, 3], [4, 5], [-6, 7.5]]
    assert network.demand is not None
    assert network.demand.matrix().tolist() == [[0, 6], [0, 0]]
    assert network.notes == ()


# How files are written


SAME = {
    "blanks for tabs": lambda text: text.replace("\t", "   "),
    "no semicolons": lambda text: text.replace(";", ""),
    "semicolons at once": lambda text: text.replace("\t;", ";"),
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "old line ends": lambda text: text.replace("\n", "\r"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "small letters": lambda text: text.lower(),
    "tabs after metadata": lambda text: text.replace("\n<", "\t\t\t\n<"),
    "blanks in metadata": lambda text: text.replace("<NUMBER OF", "  < Number  of").replace("NODES>", "NODES >"),
    "comments everywhere": lambda text: text.replace("\n", "\n~ 1 2 3 said ; somebody <who>\n"),
    "comments after links": lambda text: text.replace("\t;\n\t3", "\t; ~ a 7 road\n\t3"),
    "empty lines": lambda text: text.replace("\n", "\n\n  \n"),
    "two links on a line": lambda text: text.replace("\t1\t;\n\t3\t2", "\t1\t;\t3\t2"),
    "no link type": lambda text: text.replace("\t1\t;\n", ";\n").replace("\tlink_type", ""),
    "a column of its own": lambda text: (
        text.replace("\t1\t;\n", "\t1\t9\t;\n").replace("link_type\t", "link_type\tlanes\t")
    ),
    "numbers with exponents": lambda text: text.replace("\t50\t", "\t5.0E+01\t").replace("0.02", "2e-2"),
    "no header": lambda text: text.replace(HEADER, ""),
    "words of its own in the standard order": lambda text: text.replace(
        HEADER, "~ Tail Head Capacity(veh/h) Miles T-zero(min) B Power Mph Cents Kind ;"
    ),
    "names with blanks": lambda text: text.replace(
        HEADER, "~ Init node Term node Capacity Length Free Flow Time B Power Speed limit Toll Type ;"
    ),
    "a header without its sign": lambda text: text.replace(HEADER, HEADER[1:]),
    "the older header": lambda text: text.replace(
        HEADER, "~\tTail\tHead\tCapacity (veh/h)\tLength (ft)\tFree Flow Time (min)\tB\tPower\tSpeed\tToll\tType\t;"
    ),
    "a comment after the header": lambda text: text.replace(HEADER, HEADER + "\n~ from here on links"),
}  # fmt: skip


@pytest.mark.parametrize("change", SAME.values(), ids=SAME.keys())
def test_equivalent_network_files(read: Read, change: Callable[[str], str]) -> None:
    usual, other = read(net_text()), read(change(net_text()))
    for name in ("from_node", "to_node", "capacity", "length", "free_flow_time", "b", "power", "toll"):
        assert getattr(other, name).tolist() == getattr(usual, name).tolist()
    assert (other.zones, other.nodes, other.first_thru_node) == (2, 4, 1)


@pytest.mark.parametrize(
    "encode", [gzip.compress, lambda content: content.decode().encode("utf-16")], ids=["gz", "utf-16"]
)
def test_equivalent_network_compressions(read: Read, encode: Callable[[bytes], bytes]) -> None:
    assert read(encode(net_text().encode())).capacity.tolist() == [2, 1, 1, 1, 2]


def test_comments_in_an_older_encoding(read: Read) -> None:
    assert len(read(net_text().replace("\n\n", "\n~ Bogotá\n").encode("latin-1"))) == 5


def test_columns_are_known_by_their_names(read: Read) -> None:
    header = "~ power ; to_node ; toll ; b ; from ; capacity ; fftt ;".replace(" ;", "")
    network = read(net_text(["4 2 7 0.15 1 100 3 ;"], header=header, nodes=2))
    assert (network.from_node[0], network.to_node[0], network.toll[0]) == (1, 2, 7)
    assert (network.power[0], network.b[0], network.capacity[0], network.free_flow_time[0]) == (4, 0.15, 100, 3)
    assert network.length[0] == 0


def test_metadata_of_any_order_and_the_header_among_them(read: Read) -> None:
    original = "~\tfrom\tto\ttoll\tcapacity\tlength\tftime\tB\tpower"
    text = net_text(["1 2 5 100 1 2 0.15 4;"], header="", nodes=2, metadata={"ORIGINAL HEADER": original})
    head, body = text.split("<END OF METADATA>")
    network = read("\n".join(reversed(head.splitlines())) + "\n<END OF METADATA>" + body)
    assert (network.toll[0], network.capacity[0], network.power[0]) == (5, 100, 4)


# What files mean


def test_links_whose_time_does_not_grow_need_no_capacity(read: Read) -> None:
    network = read(
        net_text(
            [
                link(1, 2, 0, 1, 0, 0.15, 4),  # no free-flow time
                link(1, 2, 0, 1, 5, 0, 4),  # no b
                link(1, 2, 1, 1, 5, 0, 0),  # power 0 with b 0
                link(1, 2, 0, 1, 5, 0.5, 0),  # power 0: half as much again at any flow
                link(1, 2, 1, 1, 5, 2, 1),  # capacity 1
            ],
            nodes=2,
        )
    )
    assert network.constant.tolist() == [True, True, True, True, False]
    assert network.time(np.full(5, 3.0)).tolist() == [0, 5, 5, 7.5, 35]
    assert network.time(np.zeros(5)).tolist() == [0, 5, 5, 7.5, 5]
    assert any("4 links are parallel to another" in note for note in network.notes)


def test_weights_in_the_metadata_become_the_networks(read: Read) -> None:
    network = read(net_text(metadata={"DISTANCE FACTOR": 0.04, "TOLL FACTOR": "2E-2"}))
    assert (network.length_weight, network.toll_weight) == (0.04, 0.02)
    trips = trips_text("Origin 1\n2 : 1;").replace("<END", "<Toll Factor> 0.02\n<END")
    assert read(net_text(), trips).toll_weight == 0.02
    wrong = only(read, net_text(metadata={"TOLL FACTOR": 0.03}), trips)
    assert (wrong.table, wrong.column, wrong.value) == ("x_trips.tntp", "<TOLL FACTOR>", "0.02")


TRIPS = {
    "several on a line": "Origin 1\n 1 : 2.0;  2 : 3.5;  3 : 0;\nOrigin 2\n 1 : 4;",
    "one on a line": "Origin 1\n1 : 2.0;\n2 : 3.5;\nOrigin 2\n1 : 4;",
    "on the line of the origin": "Origin 1  1:2; 2:3.5; Origin 2 1:4;".replace("; O", ";\nO"),
    "tabs and capitals": "ORIGIN\t1 \n\t1\t:\t2.0\t;\t2\t:3.5;\norigin\t2\n1:4;",
    "empty origins and an origin not named": "Origin 1\n1 : 2; 2 : 3.5;\nOrigin 3\nOrigin 2\n1 : 4.0;\n\n",
    "exponents": "Origin 1\n1 : 2E+00; 2 : .35e1;\nOrigin 2\n1 : 4.;",
    "no semicolons at line ends": "Origin 1\n1 : 2\n2 : 3.5\nOrigin 2\n1 : 4",
    "comments": "~ trips\nOrigin 1 ~ the first\n1 : 2.0; ~ 2 : 9;\n2 : 3.5;\nOrigin 2\n1 : 4;",
    "an origin twice": "Origin 1\n1 : 2;\nOrigin 2\n1 : 4;\nOrigin 1\n2 : 3.5;",
    "pairs over lines": "Origin 1\n1 :\n 2; 2\n: 3.5;\nOrigin 2\n1 : 4;",
}


@pytest.mark.parametrize("body", TRIPS.values(), ids=TRIPS.keys())
def test_equivalent_trip_files(read: Read, body: str) -> None:
    demand = read(net_text(zones=3), trips_text(body, zones=3)).demand
    assert demand is not None
    assert demand.matrix().tolist() == [[2, 3.5, 0], [4, 0, 0], [0, 0, 0]]
    assert (demand.total, demand.intrazonal, len(demand)) == (9.5, 2, 3)


def test_intrazonal_trips_and_inconsistent_totals_are_noted(read: Read) -> None:
    network = read(net_text(), trips_text("Origin 1\n 1 : 2; 2 : 6;", total=9))
    assert network.notes == (
        "2 of 8 trips stay within their zone and use no link",
        "x_trips.tntp contains 8 trips, but its metadata state 9",
    )
    assert len(read(net_text(), trips_text("Origin 1\n 1 : 2; 2 : 6;", total=6)).notes) == 1  # without those within
    assert read(net_text(), trips_text("Origin 1\n 2 : 6.0001;", total=6.0)).notes == ()  # rounded


def test_nodes_without_coordinates_are_noted(read: Read) -> None:
    network = read(net_text(), None, "4 1 2\n")
    assert network.coordinates is not None
    assert np.isnan(network.coordinates[:3]).all()
    assert network.notes == ("3 of 4 nodes have no coordinates in x_node.tntp",)


def test_coordinates_by_their_names(read: Read) -> None:
    network = read(net_text(nodes=2, links=[link(1, 2)]), None, "~ Y  X  Node ;\n 10 20 1;\n 30 40 2;\n")
    assert network.coordinates is not None
    assert network.coordinates.tolist() == [[20, 10], [40, 30]]


@pytest.mark.parametrize(
    "text",
    [
        "From \tTo \tVolume \tCost \n1 \t2 \t7.5 \t3\n2 \t1 \t0 \t1.5\n",
        "<NUMBER OF NODES> 2\n<END OF METADATA>\n~ Tail Head : Volume Cost ;\n1 2 : 7.5 3 ;\n2 1 : 0 1.5 ;\n",
        "1 2 7.5 3\n2 1 0 1.5",
        "~ To From Cost Flow\n2 1 3 7.5\n1 2 1.5 0",
    ],
)
def test_published_flows(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x_flow.tntp"
    path.write_text(text)
    table = read_tntp_flows(path)
    assert table.to_dict("list") == {"from": [1, 2], "to": [2, 1], "flow": [7.5, 0], "cost": [3, 1.5]}


# What is refused


def test_invalid_numbers(read: Read) -> None:
    lines = [link(1, 3, -5), link(1, 4, 1, -1), link(3, 2, 1, 0, float("nan")), link(3, 4, 1, 0, 1, float("inf")),
             link(4, 2, 1, 0, 1, 1, 21), link(1, 2, 1, 0, 1, 1, 1, -0.1), link(1, 2, 0),
             link(1, 9), link(0, 1)]  # fmt: skip
    found = {(p.row, p.column, p.value) for p in problems(read, net_text(lines))}
    assert found == {
        ("line 8", "capacity", "-5"), ("line 9", "length", "-1"), ("line 10", "free_flow_time", "nan"),
        ("line 11", "b", "inf"), ("line 12", "power", "21"), ("line 13", "toll", "-0.1"), ("line 14", "capacity", "0"),
        ("line 15", "to_node", "9"), ("line 16", "from_node", "0"),
    }  # fmt: skip


@pytest.mark.parametrize("cell", ["x", "1_000", "1,5", "0x1F", "--1", "1.2.3", "1e"])
def test_cells_that_are_not_numbers(read: Read, cell: str) -> None:
    lines = [*LINKS[:4], LINKS[4].replace("\t2\t2\t", f"\t2\t{cell}\t")]
    problem = only(read, net_text(lines))
    assert (problem.table, problem.row, problem.column, problem.value) == ("x_net.tntp", "line 12", "capacity", cell)


def test_every_fault_of_every_file_at_once(read: Read) -> None:
    lines = [*LINKS[:4], "\t4\t2\tmany\t1\t1\t1\t1\t0\t0\t1\t;"]
    found = problems(
        read,
        net_text(lines, first_thru_node=0),
        trips_text("Origin 1\n 2 : -6;\nOrigin 7\n 1 : 1;"),
        "node X Y\n1 1 inf;\n9 1 1;",
    )
    assert [(p.table, p.row, p.value) for p in found] == [
        ("x_net.tntp", "", "0"),
        ("x_net.tntp", "line 12", "many"),
        ("x_trips.tntp", "line 5", "-6"),
        ("x_trips.tntp", "line 6", "7"),
        ("x_node.tntp", "line 2", "[ 1. inf]"),
        ("x_node.tntp", "line 3", "9"),
    ]


@pytest.mark.parametrize("name", ["NUMBER OF ZONES", "NUMBER OF NODES", "FIRST THRU NODE", "NUMBER OF LINKS"])
def test_missing_or_invalid_metadata(read: Read, name: str) -> None:
    assert only(read, net_text(metadata={name: None})).column == f"<{name}>"
    for value in ("", "many", "2.5", "-1", "nan"):
        assert {p.column for p in problems(read, net_text(metadata={name: value}))} == {f"<{name}>"}


def test_counts_that_disagree(read: Read) -> None:
    problem = only(read, net_text(metadata={"NUMBER OF LINKS": 6}))
    assert (problem.row, problem.value, problem.allowed) == ("line 4", "5 links in the file", "6")
    assert only(read, net_text(metadata={"NUMBER OF LINKS": 0})).allowed == "0"
    problem = only(read, net_text(), trips_text("Origin 1\n 2 : 1;", zones=3))
    assert (problem.table, problem.row, problem.value, problem.allowed) == ("x_trips.tntp", "line 1", "3", "2")
    assert [p.column for p in problems(read, net_text(nodes=3))] == ["from_node", "to_node", "to_node"]
    assert only(read, net_text(zones=9)).column == "nodes"
    assert only(read, net_text(first_thru_node=6)).column == "first_thru_node"
    assert "duplicate metadata" in only(read, "<NUMBER OF ZONES> 3\n" + net_text()).message


def test_parts_that_are_missing(read: Read, tmp_path: Path) -> None:
    assert only(read, net_text().replace("<END OF METADATA>", "")).message == "the end of the metadata is missing"
    assert only(read, net_text([])).message == "no links"
    assert (
        only(read, net_text(), "<NUMBER OF ZONES> 2\nOrigin 1\n 2 : 6;").message == "the end of the metadata is missing"
    )
    assert [p.column for p in problems(read, net_text(["1 2 3 4 5;"]))] == ["b", "power"]
    with pytest.raises(InputError, match="the file does not exist"):
        read_tntp(tmp_path / "nothing_net.tntp")
    with pytest.raises(InputError, match="contains no text"):
        read(b"7z\xbc\xaf\x27\x1c\x00\x00")
    with pytest.raises(InputError, match="cannot be read"):
        read(gzip.compress(net_text().encode())[:-9])


def test_rows_with_cells_too_few_or_too_many(read: Read) -> None:
    lines = [*LINKS[:3], "\t3\t4\t1\t1\t10\t1\t0\t0\t1\t;", LINKS[4].replace("\t2\t2", "\t2\t 2 2")]
    assert [(p.row, p.value) for p in problems(read, net_text(lines))] == [
        ("line 11", "9 cells"),
        ("line 12", "11 cells"),
    ]


def test_the_wrong_file_is_reported_briefly(read: Read) -> None:
    trips = trips_text("Origin 1\n 2 : 6;")
    assert [p.message for p in problems(read, trips, net_text())][-2:] == [
        "the file contains trips, not links",
        "no trips",
    ]
    assert only(read, net_text(), trips_text("")).message == "no trips"
    many = "\n".join(f"Origin {o}\n" + " ".join(f"{d} : 1;" for d in range(1, 10)) for o in range(1, 10))
    assert only(read, net_text(), trips_text(many, zones=9)).column == "<NUMBER OF ZONES>"
    assert len(problems(read, "# A page\n\nSome words about it.\nMore\n")) <= 12


def test_all_problems_are_reported_together(read: Read) -> None:
    lines = [LINKS[0].replace("\t3\t2\t", "\t9\tx\t"), LINKS[1].replace("\t1\t1\t50", "\t-1\t1\t50"), "1 2 3", LINKS[4]]
    found = problems(read, net_text(lines, metadata={"NUMBER OF LINKS": 7}))
    assert {(p.row, p.column, p.value) for p in found} == {
        ("line 4", "<NUMBER OF LINKS>", "4 links in the file"),
        ("line 8", "to_node", "9"),
        ("line 8", "capacity", "x"),
        ("line 9", "capacity", "-1"),
        ("line 10", "", "3 cells"),
    }


def test_a_header_that_lacks_a_column(read: Read) -> None:
    header = "~ from to length capacity time power"
    assert [p.column for p in problems(read, net_text(["1 2 3 4 5 6;"], header=header, nodes=2))] == ["b"]
    header = "~ from to capacity capacity time b power"
    assert "twice" in only(read, net_text(["1 2 3 4 5 6 7;"], header=header, nodes=2)).message


@pytest.mark.parametrize(
    ("body", "row", "value"),
    [
        ("Origin 1\n 2 : 6;\n 3 : 1;", "line 6", "3"),
        ("Origin 1\n 2 : nan;", "line 5", "nan"),
        ("Origin 1\n 2 : 1e999;", "line 5", "1e999"),
        ("Origin 1\n 2 : six;", "line 5", "six"),
        ("Origin 1\n 2 : 1.2.3;", "line 5", "1.2.3"),
        ("Origin 1\n\n 2  6;", "line 6", "2"),
        ("Origin 1\n 2 : ;", "line 5", "2"),
        ("Origin 0\n 2 : 6;", "line 4", "0"),
        ("Origin\n 2 : 6;", "line 4", ""),
        (" 2 : 6;\nOrigin 1\n", "line 4", "2 : 6;"),
        ("Origin 1\n 2 : 6;\nOrigin 1\n 2 : 6;", "", "2"),
    ],
)
def test_invalid_trips(read: Read, body: str, row: str, value: str) -> None:
    problem = problems(read, net_text(), trips_text(body))[0]
    assert (problem.table, problem.row, problem.value) == ("x_trips.tntp", row, value)


def test_many_faults_of_a_kind_are_counted(read: Read) -> None:
    found = problems(read, net_text([link(1, 2, -1)] * 500))
    assert len(found) == 51
    assert "450 rows more" in found[-1].message


@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(1, 9), st.floats(0, 1e6)), max_size=40, unique_by=lambda trip: trip[:2]
    ),
    st.sampled_from(["{} : {!r};", "\t{}:{!r} ;\n", "  {} :  {:.17e};  "]),
)
def test_trips_keep_every_bit(
    tmp_path_factory: pytest.TempPathFactory, trips: list[tuple[int, int, float]], form: str
) -> None:
    folder = tmp_path_factory.mktemp("trips")
    body = "".join(
        f"Origin {o}\n" + "".join(form.format(d, t) for start, d, t in trips if start == o) + "\n" for o in range(1, 10)
    )
    (folder / "net").write_text(net_text([link(1, 2)], zones=9, nodes=9))
    (folder / "trips").write_text(trips_text(body, zones=9))
    demand = read_tntp(folder / "net", folder / "trips").demand
    assert demand is not None
    expected = np.zeros((9, 9))
    for origin, destination, value in trips:
        expected[origin - 1, destination - 1] = value
    assert demand.matrix().tolist() == expected.tolist()


PER_LANE = (
    "<NUMBER OF ZONES> 2\n<NUMBER OF NODES> 3\n<FIRST THRU NODE> 1\n<NUMBER OF LINKS> 2\n{original}<END OF METADATA>\n"
    "~ init_node term_node {capacity} length free_flow_time b power speed critical_speed lanes ;\n"
    "1 3 100 1 10 0.15 4 60 48 2 ;\n3 2 100 1 10 0.15 4 60 48 {lanes} ;\n"
)


@pytest.mark.parametrize(
    ("original", "capacity", "multiplied"),
    [
        ("<ORIGINAL HEADER>~ from to capacity (per lane) length (km) fftt (min)\n", "capacity", True),
        ("", "capacity(veh/h/lane)", True),
        ("", "capacity", False),
    ],
)
def test_capacity_of_one_lane_is_multiplied_by_the_lanes(
    tmp_path: Path, original: str, capacity: str, multiplied: bool
) -> None:
    path = tmp_path / "x_net.tntp"
    path.write_text(PER_LANE.format(original=original, capacity=capacity, lanes=3))
    network = read_tntp(path)
    assert network.capacity.tolist() == ([200, 300] if multiplied else [100, 100])
    assert any("per lane" in note for note in network.notes) is multiplied


def test_no_lanes_for_a_capacity_per_lane(tmp_path: Path) -> None:
    path = tmp_path / "x_net.tntp"
    path.write_text(PER_LANE.format(original="<ORIGINAL HEADER>~ capacity per lane\n", capacity="capacity", lanes=0))
    with pytest.raises(InputError, match="line 9, column lanes: invalid value"):
        read_tntp(path)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PER_LANE.format(original="", capacity="capacity", lanes=1), "a network"),
        ("<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 1\n 2 : 2.0;\n", "trips"),
        ("1 2 100 1 10 0.15 4 60 0 1 ;\n", "more columns"),
        ("<FIRST THRU NODE> 1\n<END OF METADATA>\n1 2 100 1 ;\n", "a network"),
    ],
)
def test_files_of_another_kind_are_not_flows(tmp_path: Path, text: str, kind: str) -> None:
    path = tmp_path / "x_flow.tntp"
    path.write_text(text)
    with pytest.raises(InputError, match=f"not a file of flows: it contains {kind}"):
        read_tntp_flows(path)
