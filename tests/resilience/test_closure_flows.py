"""Where freight goes while a place is closed, against what a pencil finds: two gates between two countries."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openpyxl
import pytest

import landlink as ll
from landlink.cli import main
from landlink.core.errors import InputError
from landlink.resilience.closure_flows import crossing_changes
from landlink.resilience.closure_places import Place
from landlink.resilience.criticality_result import Criticality
from tests.support.closures import HURRY, TIGHT, closures, one_alternative

#: A slow road with grain and a fast one with letters, each with a gate of its own.
GATES = {
    **HURRY,
    "node": "node_id,name,x_coord,y_coord,country\nN1,West,70,40,AAA\nN2,East,71,40,BBB\n",
    "link": """
link_id,from_node_id,to_node_id,directed,length,free_speed,mode,country,crossing_id
SHORT,N1,N2,0,100,50,road,,SLOW
LONG,N1,N2,0,150,150,road,,FAST
""",
    "zone": "zone_id,name,node_id,country\nZ1,West,N1,AAA\nZ2,East,N2,BBB\n",
    "crossing": """
crossing_id,family,name,country_a,country_b,time_ab_h,time_ba_h
SLOW,road,Slow gate,AAA,BBB,1,1
FAST,road,Fast gate,AAA,BBB,1,1
""",
    "event": """
event_id,phase,name,cause,places,begins,ends,capacity_factor
shut,1,Slow gate shut,works,crossing:SLOW/road,2020-02-01,2020-02-11,0
""",
}
BEFORE_AFTER = ["before_tonnes_per_day", "after_tonnes_per_day", "change_tonnes_per_day"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ll.Study:
    return one_alternative(tmp_path_factory.mktemp("gates") / "study", GATES)


@pytest.fixture(scope="module")
def shut(study: ll.Study) -> Criticality:
    return closures(study, days=10, pairs_above=1)


def of(found: Criticality, row: str, with_row: str = "") -> dict[str, list[float]]:
    """Freight of each crossing before and after, and the change, of one closure."""
    flows = found.flows[(found.flows["row"] == row) & (found.flows["with_row"] == with_row)]
    return {one["crossing"]: [one[name] for name in BEFORE_AFTER] for one in flows.to_dict("records")}


def test_freight_turns_to_the_other_gate(shut: Criticality) -> None:
    """Grain, 100 t a day, and letters, 10 t, each go by the other gate rather than wait for five days on average."""
    assert of(shut, "SLOW/road") == {
        "SLOW/road": pytest.approx([100, 0, -100]), "FAST/road": pytest.approx([10, 110, 100])
    }  # fmt: skip
    assert of(shut, "FAST/road") == {
        "FAST/road": pytest.approx([10, 0, -10]), "SLOW/road": pytest.approx([100, 110, 10])
    }  # fmt: skip
    assert of(shut, "SHORT") == of(shut, "SLOW/road")
    alone = shut.flows[shut.flows["with_row"] == ""]
    closed = set(alone.loc[alone["closed"], ["row", "crossing"]].itertuples(index=False, name=None))
    assert closed == {("SLOW/road", "SLOW/road"), ("FAST/road", "FAST/road")}, "where a road is closed, no gate is"


def test_who_waits_stays_at_the_gate(study: ll.Study) -> None:
    """For a tenth of a day grain waits an hour and a bit, and no crossing has other freight than usual."""
    found = closures(study, days=0.1)
    places = found.places.set_index("row")
    assert places.loc["SLOW/road", "waiting_tonnes_per_day"] == pytest.approx(100)
    assert of(found, "SLOW/road") == {}


def test_a_pair_has_its_own_changes(shut: Criticality) -> None:
    """With both gates shut all wait, each at its own."""
    assert of(shut, "SLOW/road", "FAST/road") == {}
    pairs = shut.pairs.set_index(["row", "with_row"])["waiting_tonnes_per_day"].to_dict()
    assert pairs["SLOW/road", "FAST/road"] == pytest.approx(110)
    mixed = of(shut, "SHORT", "SLOW/road")
    assert mixed == of(shut, "SLOW/road"), "two places in line, of which the gate is one"


def test_one_place_is_closed_by_its_name(study: ll.Study, shut: Criticality, tmp_path: Path) -> None:
    alone = closures(study, days=10, closures=["crossing:SLOW"])
    assert alone.places["row"].tolist() == ["SLOW/road"]
    assert of(alone, "SLOW/road") == of(shut, "SLOW/road")
    assert set(alone.table["closed_only"]) == {"crossing:SLOW"}
    about = openpyxl.load_workbook(alone.save(tmp_path / "one.xlsx")).worksheets[0]
    assert ["Only the places", "crossing:SLOW"] in [[cell for cell in row if cell] for row in about.values]
    both = closures(study, days=10, closures=["border:AAA-BBB/road", "link:SHORT"])
    assert set(both.places["row"]) == {"SLOW/road", "FAST/road", "SHORT"}
    with pytest.raises(InputError) as refused:
        closures(study, closures=["crossing:SLOE", "link:SHORT", "SLOW"])
    assert [problem.value for problem in refused.value.problems] == ["crossing:SLOE", "SLOW"]


def test_a_replay_finds_what_the_closure_does(study: ll.Study, shut: Criticality) -> None:
    table = ll.replay(study, "shut", options=TIGHT).table
    rows = table[table["record"] == "crossing"].pivot(index="place", columns="quantity", values="model")
    assert rows.loc["SLOW/road"].to_dict() == pytest.approx({"usual": 100, "meanwhile": 0})
    assert rows.loc["FAST/road"].to_dict() == pytest.approx({"usual": 10, "meanwhile": 110})
    assert set(rows.index) == set(of(shut, "SLOW/road"))


def test_changes_that_are_not_known_are_left_out() -> None:
    places = [Place("crossing", row, row, 50.0, 0.5, (0.0, 0.0), ()) for row in ("A/road", "B/road", "C/rail")]
    after = np.array([49.5, 20.0, 90.0])
    assert [one.key for one in crossing_changes(places, after, 1.0)] == ["C/rail", "B/road"]
    assert [one.key for one in crossing_changes(places, after, 0.1, ["A/road"])] == ["A/road", "C/rail", "B/road"]
    assert crossing_changes(places, np.full(3, 50.0), 0.0) == []


def test_the_replay_command_lists_the_crossings(study: ll.Study, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(study.path), "shut"]) == 0
    told = capsys.readouterr().out
    assert "Crossings whose freight changes most" in told
    assert "FAST/road  Fast gate" in told
