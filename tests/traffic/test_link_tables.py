"""Tables about links: delay curves and interactions, from files and frames; what they name and what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.core.errors import InputError
from tests.support.tntp import net_text, trips_text

#: From, to, type; two links from 3 to 4 side by side.
LINKS = [(1, 3, 1), (2, 3, 0), (3, 4, 1), (3, 4, 2), (4, 2, 1), (4, 1, 2)]


def network(**known: object) -> ll.RoadNetwork:
    links = pd.DataFrame(LINKS, columns=["from", "to", "link_type"])
    return ll.RoadNetwork.from_links(
        links.assign(capacity=10.0, free_flow_time=2.0, b=0.15, power=4.0), zones=2, **known
    )


def curve(*points: tuple[float, float], **name: float) -> pd.DataFrame:
    return pd.DataFrame(points, columns=["ratio", "relative_delay"]).assign(**name)


def refusal(table: str, values: object) -> list[tuple[str, str, str, str]]:
    """Row, column, value and message of each problem."""
    with pytest.raises(InputError) as caught:
        network(**{table: values})
    assert {problem.table for problem in caught.value.problems} == {table}
    return [(problem.row, problem.column, problem.value, problem.message) for problem in caught.value.problems]


# Curves


def test_links_are_named_by_type_by_ends_and_by_row_from_the_general_to_the_particular() -> None:
    table = pd.concat(
        [
            curve((0, 0.1), (1, 0.2), link_type=2),
            curve((0, 0.3), (1, 0.4), link_type=1),
            curve((0, 0.5), (1, 0.6), from_node=3, to_node=4),
            curve((0, 0.7), (1, 0.8), link=3),
        ]
    )
    made = network(curves=table)
    assert made.curves is not None
    without = made.time(np.zeros(6)) / 2 - 1
    # Row 3 is named by its row, 2 by its ends, and link 1 has a type without a curve.
    assert without == pytest.approx([0.3, 0.0, 0.5, 0.7, 0.3, 0.1])
    assert made.curves.tabulated.tolist() == [True, False, True, True, True, True]
    assert made.time(np.full(6, 10.0)) / 2 - 1 == pytest.approx([0.4, 0.15, 0.6, 0.8, 0.4, 0.2])


def test_points_of_several_curves_may_alternate() -> None:
    table = pd.DataFrame({"link": [0, 2, 0, 2], "ratio": [0, 0, 1, 2], "relative_delay": [0, 1, 1, 2]})
    assert network(curves=table).time(np.full(6, 10.0))[[0, 2]].tolist() == [4, 5]


def test_types_that_no_link_has_are_said() -> None:
    made = network(curves=curve((0, 0), (1, 1), link_type=7))
    assert made.notes == ("the curves of link types 7 are not used: no link has these types",)
    assert made.replaced(length_weight=1.0).notes == made.notes


def test_links_of_a_flat_curve_have_constant_times_at_any_capacity() -> None:
    made = network(curves=curve((0, 0.5), (3, 0.5), link=0)).replaced(b=[0.0] + [0.15] * 5)
    assert made.constant.tolist() == [True] + [False] * 5
    assert made.replaced(capacity=[0.0] + [10.0] * 5).time(np.full(6, 1e6))[0] == 3
    steep = made.replaced(curves=curve((0, 0.5), (3, 0.6), link=0))
    with pytest.raises(InputError, match="no capacity, but the time depends on the flow"):
        steep.replaced(capacity=[0.0] + [10.0] * 5)


@pytest.mark.parametrize(
    ("table", "told"),
    [
        (
            curve((0, 0), (1, 1)),
            [("row 1", "", "", "the row names no link"), ("row 2", "", "", "the row names no link")],
        ),
        (curve((0, 0), (1, 1), link=9), [("row 1", "link", "9", "unknown link")]),
        (curve((0, 0), (1, 1), link=-1), [("row 1", "link", "-1", "unknown link")]),
        (curve((0, 0), (1, 1), link=0.5), [("row 1", "link", "0.5", "unknown link")]),
        (curve((0, 0), (1, 1), from_node=4, to_node=3), [("row 1", "from_node, to_node", "4, 3", "unknown link")]),
        (curve((0.5, 0), (1, 1), link=0), [("row 1", "ratio", "0.5", "the curve does not begin without flow")]),
        (curve((0, 0), link=0), [("row 1", "ratio", "0", "the curve has one point")]),
        (curve((0, 0), (1, 1), (1, 2), link=0), [("row 3", "ratio", "1", "the ratio does not ascend")]),
        (curve((0, 0), (2, 1), (1, 2), link=0), [("row 3", "ratio", "1", "the ratio does not ascend")]),
        (curve((0, 0), (1, 1), (2, 0.5), link=0), [("row 3", "relative_delay", "0.5", "the delay falls")]),
        (curve((0, 0), (1, -1), link=0), [("row 2", "relative_delay", "-1.0", "out of bounds")]),
        (curve((0, 0), (1, np.inf), link=0), [("row 2", "relative_delay", "inf", "not a finite number")]),
        (curve((0, 0), (1, np.nan), link=0), [("row 2", "relative_delay", "", "the cell is empty")]),
    ],
)
def test_curves_that_are_refused(table: pd.DataFrame, told: list[tuple[str, str, str, str]]) -> None:
    assert refusal("curves", table) == told


def test_rows_that_name_links_in_two_ways_or_by_half() -> None:
    both = curve((0, 0), (1, 1), link=0, link_type=1)
    assert [problem[3] for problem in refusal("curves", both)] == ["the row names its links in two ways"] * 2
    half = curve((0, 0), (1, 1), to_node=3)
    assert [problem[3] for problem in refusal("curves", half)] == ["one end of the link is missing"] * 2


def test_tables_that_lack_columns_or_have_others() -> None:
    assert ("", "relative_delay", "", "the column is missing") in refusal("curves", {"link": [0], "ratio": [0.0]})
    unknown = refusal("curves", curve((0, 0), (1, 1), link=0, colour=3))
    assert unknown == [("", "colour", "", "unknown column")]
    assert refusal("curves", curve((0, 0), (1, 1), link=0, x_colour="red").iloc[:0])[0][3].startswith("the table has a")
    words = refusal("curves", pd.DataFrame({"link": [0, 0], "ratio": ["0", "much"], "relative_delay": [0, 1]}))
    assert words[0][1] == "ratio"
    assert "not every value is a number" in words[0][3]
    assert "not a table" in refusal("curves", 5)[0][3]
    assert "differ in length" in refusal("curves", {"link": [0], "ratio": [0, 1], "relative_delay": [0, 1]})[0][3]


def test_curves_of_other_links_are_refused() -> None:
    made = network(curves=curve((0, 0), (1, 1), link=0))
    links = pd.DataFrame({"from": [1], "to": [2], "capacity": 1.0, "free_flow_time": 1.0, "b": 0.1, "power": 1.0})
    with pytest.raises(InputError, match="the curves are those of other links"):
        ll.RoadNetwork.from_links(links, zones=2, curves=made.curves)


# Interactions


def entries(made: ll.RoadNetwork) -> list[tuple[int, int, float]]:
    assert made.interactions is not None
    found = made.interactions
    return sorted(zip(found.link.tolist(), found.other.tolist(), found.weight.tolist(), strict=True))


def test_links_and_others_are_named_by_row_or_by_ends() -> None:
    table = pd.DataFrame(
        {
            "link": [1, np.nan], "from_node": [np.nan, 3], "to_node": [np.nan, 4],
            "other_link": [np.nan, 0], "other_from_node": [3, np.nan], "other_to_node": [4, np.nan],
            "weight": [0.5, 0.25],
        }
    )  # fmt: skip
    made = network(interactions=table)
    # Ends name both links from 3 to 4.
    assert entries(made) == [(1, 2, 0.5), (1, 3, 0.5), (2, 0, 0.25), (3, 0, 0.25)]
    flow = np.array([8.0, 2.0, 4.0, 6.0, 0.0, 0.0])
    felt = np.array([8.0, 2.0 + 5.0, 4.0 + 2.0, 6.0 + 2.0, 0.0, 0.0])
    assert made.time(flow) == pytest.approx(network().time(felt))
    assert entries(made.replaced(length_weight=2.0)) == entries(made)


def test_interactions_without_effect_are_said() -> None:
    table = pd.DataFrame({"link": [0, 1], "other_link": [1, 0], "weight": [1.0, 1.0]})
    made = network(interactions=table).replaced(b=[0.0] + [0.15] * 5)
    assert made.notes == ("1 interactions have no effect: the time of their links does not depend on flow",)
    found = ll.assign(made, [[0, 9], [0, 0]], gap=1e-10)
    assert found.converged


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"link": [0], "other_link": [6], "weight": [1]}, ("row 1", "other_link", "6", "unknown link")),
        ({"link": [6], "other_link": [0], "weight": [1]}, ("row 1", "link", "6", "unknown link")),
        ({"link": [0], "weight": [1]}, ("row 1", "", "", "the row names no link")),
        ({"link": [0], "other_link": [1], "weight": [-1]}, ("row 1", "weight", "-1.0", "out of bounds")),
        ({"link": [0], "other_link": [1], "weight": [np.nan]}, ("row 1", "weight", "", "the cell is empty")),
        ({"link": [0], "other_link": [1], "weight": [np.inf]}, ("row 1", "weight", "inf", "not a finite number")),
        ({"link": [2], "other_link": [2], "weight": [1]},
         ("row 1", "", "", "the link itself, whose own flow always counts")),
        ({"link": [0, 0], "other_link": [1, 1], "weight": [1, 2]},
         ("row 2", "", "", "the same two links as in an earlier row")),
    ],
)  # fmt: skip
def test_interactions_that_are_refused(columns: dict[str, list[float]], told: tuple[str, str, str, str]) -> None:
    assert refusal("interactions", pd.DataFrame(columns)) == [told]
    assert refusal("interactions", columns) == [told]


def test_problems_of_both_tables_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        network(curves=curve((0, 0), (1, 1), link=9), interactions={"link": [9], "other_link": [8], "weight": [1.0]})
    assert [(problem.table, problem.column) for problem in caught.value.problems] == [
        ("curves", "link"), ("interactions", "link"), ("interactions", "other_link"),
    ]  # fmt: skip


def test_options_that_interactions_exclude() -> None:
    made = network(interactions={"link": [1], "other_link": [0], "weight": [0.5]})
    with pytest.raises(InputError, match="not available with interactions"):
        ll.assign(made, [[0, 1], [0, 0]], memory_limit_mb=100)
    with pytest.raises(InputError, match="interactions of links"):
        ll.assign_elastic(made, [[0, 1], [0, 0]], beta=0.1)
    with pytest.raises(InputError, match="no route"):
        ll.assign(made.replaced(from_node=[1, 2, 3, 3, 1, 1]), [[0, 1], [1, 0]])


def test_trips_that_use_no_link() -> None:
    made = network(interactions={"link": [1], "other_link": [0], "weight": [0.5]})
    found = ll.assign(made, [[3, 0], [0, 0]])
    assert found.converged
    assert found.objective is None
    assert found.flow.tolist() == [0] * 6


# Junctions


def test_links_give_way_to_the_others_at_their_end() -> None:
    """At node 3, links 1 and 5 give way to 2 and 3; 0 comes from a zone; at node 4 all are alike."""
    ends = [(1, 3, 1), (4, 3, 0), (5, 3, 1), (6, 3, 1), (3, 4, 1), (7, 3, 0), (5, 4, 1), (3, 2, 0)]
    links = pd.DataFrame(ends, columns=["from", "to", "link_type"])
    links = links.assign(capacity=1.0, free_flow_time=1.0, b=0.1, power=1.5)
    town = ll.RoadNetwork.from_links(links, zones=2, first_thru_node=3)
    table = ll.give_way(town, weight=0.4)
    assert table.to_numpy().tolist() == [[1, 2, 0.4], [1, 3, 0.4], [5, 2, 0.4], [5, 3, 0.4]]
    assert len(ll.give_way(town, link_type=5)) == 0
    assert entries(town.replaced(interactions=table))[0] == (1, 2, 0.4)
    assert ll.assign(town.replaced(interactions=ll.give_way(town, link_type=5)), [[0, 1], [0, 0]]).objective is not None


# Files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A town in the form of the asymmetric networks of the collection: two ways round, one of which gives way."""
    lines = [
        f"{start}\t{end}\t{capacity}\t{length}\t0.75\t0.1\t1.5\t50\t0\t{kind};"
        for start, end, capacity, length, kind in [
            (1, 4, "1.49999e+006", 0.3, 1), (2, 4, "1.49999e+006", 0.3, 1), (4, 5, 900, 0.2, 1), (4, 6, 900, 0.1, 1),
            (5, 7, 900, 0.1, 0), (6, 7, 450, 0.2, 1), (7, 3, "1.49999e+006", 0.3, 1), (4, 7, 600, 0.4, 0),
        ]
    ]  # fmt: skip
    header = "~\tInit node\tTerm node\tCapacity\tLength\tFree Flow Time\tB\tPower\tSpeed limit\tToll\tType\t;"
    (tmp_path / "net").write_text(net_text(lines, header=header, zones=3, nodes=7, first_thru_node=4))
    (tmp_path / "trips").write_text(trips_text("Origin 1\n 3 : 40000;\nOrigin 2\n 3 : 20000;\n", zones=3))
    return tmp_path


def test_a_network_whose_links_give_way_is_read_and_solved(folder: Path) -> None:
    plain = ll.read_tntp(folder / "net", folder / "trips")
    ll.give_way(plain, weight=0.5).to_csv(folder / "interactions.csv", index=False)
    town = ll.read_tntp(folder / "net", folder / "trips", interactions=folder / "interactions.csv")
    assert entries(town) == [(4, 5, 0.5), (7, 5, 0.5)]
    found = ll.assign(town, gap=1e-12)
    assert found.converged
    assert found.flow.max() == pytest.approx(60000)
    three = found.flow[[4, 5, 7]]
    assert three.sum() == pytest.approx(60000)
    # Loads of tens of times capacity: 0.75 (1 + 0.1 x ** 1.5) with x the flow felt over capacity, the same each way.
    x = np.array([three[0] + 0.5 * three[1], three[1], three[2] + 0.5 * three[1]]) / [900, 450, 600]
    own = np.array([three[0] / 900, three[1] / 900, 0])
    times = 0.75 * (1 + 0.1 * x**1.5) + np.array([0.75, 0.75, 0]) + 0.075 * own**1.5
    assert times == pytest.approx([times[0]] * 3, rel=1e-9)


def test_files_are_refused_by_line(folder: Path) -> None:
    (folder / "curves.csv").write_text("link_type,ratio,relative_delay\n1,0,0\n\n1,1,0.5\n1,0.5,0.75\n")
    (folder / "interactions.csv").write_text("link,other_link,weight\n4,99,0.5\n4,five,x\n")
    with pytest.raises(InputError) as caught:
        ll.read_tntp(folder / "net", curves=folder / "curves.csv", interactions=folder / "interactions.csv")
    told = {(problem.table, problem.row, problem.column) for problem in caught.value.problems}
    assert told == {
        ("curves", "line 5", "ratio"), ("interactions", "line 3", "other_link"), ("interactions", "line 3", "weight"),
    }  # fmt: skip
    with pytest.raises(InputError, match="missing"):
        ll.read_tntp(folder / "net", curves=folder / "none.csv")
