"""What is allowed and may be unintended: borders without a crossing, capacities that never bind."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.study.growth import growth_notes
from landlink.study.notices import idle_capacities, notices, table_notices, unguarded_borders
from tests.support.small_study import TABLES, write_small_study

ROADS = TABLES["link"].rstrip() + "\n"


def study(folder: Path, **replaced: str) -> ll.Study:
    return ll.open_study(write_small_study(folder, **replaced))


@pytest.mark.parametrize(
    ("nodes", "links", "found"),
    [
        ("", "", []),
        # Ends in two countries, by road and by rail.
        ("", "W1,N1,N2,0,250,60,road,AAA,,existing\n", ["W1"]),
        ("", "W1,N1,N2,0,250,60,rail,AAA,,existing\n", ["W1"]),
        # In two countries, by the link alone.
        ("M,Middle,71.0,41.0,\n", "W1,N1,M,0,250,60,road,AAA;BBB,,existing\n", ["W1"]),
        # Two roads of different countries meet where nothing is controlled.
        (
            "M,Middle,71.0,41.0,\n",
            "W1,N1,M,0,250,60,road,AAA,,existing\nW2,M,N2,0,250,60,road,BBB,,existing\n",
            ["W1", "W2"],
        ),
        # A road and a railway meet: nothing passes from one to the other without a terminal.
        (
            "M,Middle,71.0,41.0,\n",
            "W1,N1,M,0,250,60,road,AAA,,existing\nW2,M,N2,0,250,60,rail,BBB,,existing\n",
            [],
        ),
    ],
)
def test_links_that_change_country_without_a_crossing(tmp_path: Path, nodes: str, links: str, found: list[str]) -> None:
    made = study(tmp_path / "s", node=TABLES["node"].rstrip() + "\n" + nodes, link=ROADS + links)
    assert unguarded_borders(made.tables) == found
    for notes in (table_notices(made.tables), notices(made), ll.solve(made).provenance.presentation.notes):
        assert any(all(link in note for link in found) and "without a crossing" in note for note in notes) is bool(
            found
        )


def test_a_crossing_controls_only_its_own_family(tmp_path: Path) -> None:
    rail = TABLES["crossing"].replace("GATE,rail,Gate,X,AAA,BBB,12,12,20,12,bpr,1,4\n", "")
    assert unguarded_borders(study(tmp_path / "s", crossing=rail).tables) == ["T1", "T2"]


@pytest.mark.parametrize(
    ("table", "old", "new", "found"),
    [
        ("crossing", "AAA,BBB,6,5,150,6,bpr,1,4", "AAA,BBB,0,0,150,,bpr,1,4", ["crossing GATE/road"]),
        ("crossing", "AAA,BBB,6,5,150,6,bpr,1,4", "AAA,BBB,6,5,150,0,,,", ["crossing GATE/road"]),
        ("crossing", "AAA,BBB,6,5,150,6,bpr,1,4", "AAA,BBB,6,5,150,6,bpr,0,4", ["crossing GATE/road"]),
        ("crossing", "AAA,BBB,6,5,150,6,bpr,1,4", "AAA,BBB,0,0,150,,none,,", []),
        ("crossing", "AAA,BBB,6,5,150,6,bpr,1,4", "AAA,BBB,0,0,,,bpr,1,4", []),
        ("crossing", "AAA,BBB,6,5,150,6,bpr,1,4", "AAA,BBB,0,0,150,6,bpr,1,4", []),
    ],
)
def test_capacities_that_never_bind(tmp_path: Path, table: str, old: str, new: str, found: list[str]) -> None:
    made = study(tmp_path / "s", **{table: TABLES[table].replace(old, new)})
    assert idle_capacities(made.tables) == found
    assert any("never bind" in note for note in notices(made)) is bool(found)
    assert any("never bind" in note for note in ll.solve(made).provenance.presentation.notes) is bool(found)


def test_observations_of_years_that_no_scenario_has(tmp_path: Path) -> None:
    head = "observed_id,what,year,to_year,years_apart,value,indicator\n"
    rows = "old,Trade,2015,same,2,1,total.tonnes_per_year\nnear,Trade,2021,same,2,1,total.tonnes_per_year\n"
    (note, growth) = sorted(notices(study(tmp_path / "s", observed=head + rows)), key=lambda told: "demand of" in told)
    assert growth == "demand of 2030 is that of 2023: the table growth has no row"
    assert "old" in note
    assert "near" not in note


@pytest.mark.parametrize(
    ("year", "told"),
    [
        (2023, []),
        (2030, []),
        (2045, ["demand of 2045 is that of 2040: the table growth goes no further"]),
        (2035, []),
        (2010, ["demand of 2010 is that of 2023: the table growth goes no further"]),
    ],
)
def test_years_that_growth_does_not_reach_are_said(year: int, told: list[str]) -> None:
    growth = pd.DataFrame(
        {"commodity_id": ["*", "*", "coal"], "year_from": [2030, 2023, 2023], "year_to": [2040, 2030, 2040]}
    )
    assert growth_notes(growth, ["coal", "food"], 2023, year) == told


def test_goods_whose_growth_ends_earlier_are_named() -> None:
    growth = pd.DataFrame({"commodity_id": ["*", "coal"], "year_from": [2023, 2023], "year_to": [2040, 2030]})
    assert growth_notes(growth, ["coal", "food"], 2023, 2035) == [
        "demand of 2035 is that of 2030: the table growth goes no further (coal)"
    ]
