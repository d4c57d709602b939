"""Labelled demand is taken by its labels, never by position."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import landlink as ll

# A ring 1 -> 2 -> 3 -> 1.
RING = ll.RoadNetwork.from_links(
    pd.DataFrame(
        {"from": [1, 2, 3], "to": [2, 3, 1], "capacity": 10.0, "free_flow_time": [1.0, 2.0, 3.0], "b": 0.0, "power": 1}
    ),
    zones=3,
)
FIVE = [[0, 0, 0], [5, 0, 0], [0, 0, 0]]  # rows and columns 3, 2, 1: five trips from 2 to 3


@pytest.mark.parametrize(
    "labels", [[3, 2, 1], ["3", "2", "1"], [3.0, 2.0, 1.0], ["3.0", "2.0", "1.0"], [b"3", b"2", b"1"]]
)
def test_rows_and_columns_go_where_their_labels_say(labels: list[object]) -> None:
    assert ll.assign(RING, pd.DataFrame(FIVE, index=labels, columns=labels)).flow.tolist() == [0, 5, 0]


def test_origins_may_be_the_first_column() -> None:
    frame = pd.DataFrame(FIVE, columns=["3", "2", "1"])
    frame.insert(0, "origin", [3, 2, 1])
    assert ll.assign(RING, frame).flow.tolist() == [0, 5, 0]


def test_a_pivot_on_text_is_aligned() -> None:
    zones = 12
    trips = np.arange(1.0, zones**2 + 1).reshape(zones, zones)
    long = ll.TripTable.of(trips, zones).frame().astype({"origin": "str", "destination": "str"})
    wide = long.pivot_table(index="origin", columns="destination", values="trips")
    assert wide.index.tolist()[:3] == ["1", "10", "11"]
    assert ll.TripTable.of(wide, zones).matrix().tolist() == trips.tolist()


@pytest.mark.parametrize(
    ("index", "columns", "message"),
    [
        ([0, 1, 2], [1, 2, 3], r"the rows .* labels that are not zones \(found '0'\)"),
        ([1, 2, 3], ["a", "b", "total"], r"the columns .* not zones \(found 'a, b, total'\)"),
        ([1, 2, 2], [1, 2, 3], r"the rows .* same label twice \(found '2'\)"),
        ([1, 2, 3], [1.5, 2, 3], "found '1.5'"),
        ([1, 2, True], [1, 2, 3], "found 'True'"),
    ],
)
def test_labels_that_are_not_the_zones_are_named(index: list, columns: list, message: str) -> None:
    with pytest.raises(ll.InputError, match=message):
        ll.assign(RING, pd.DataFrame(FIVE, index=index, columns=columns))


def test_a_zone_that_is_missing_is_named() -> None:
    with pytest.raises(ll.InputError, match=r"the rows of the demand lack zones \(found '3'\)"):
        ll.TripTable.of(pd.DataFrame([[0, 1, 0], [0, 0, 1]], index=[1, 2], columns=[1, 2, 3]), 3)


def test_every_form_of_demand_is_aligned() -> None:
    frame = pd.DataFrame(FIVE, index=[3, 2, 1], columns=[3, 2, 1])
    assert RING.replaced(demand=frame).demand.matrix()[1, 2] == 5
    assert ll.assign_elastic(RING, frame, beta=0.1, prior=frame).trips.matrix()[1, 2] == pytest.approx(5)


def test_quantities_of_links_are_aligned_by_row_number() -> None:
    grams = pd.Series([30.0, 10.0, 20.0], index=[2, 0, 1])
    assert ll.skim(RING, quantities={"grams": grams})["grams"][0].tolist() == [0, 10, 30]
    with pytest.raises(ll.InputError, match="grams: the values have labels that are not row numbers"):
        ll.skim(RING, quantities={"grams": pd.Series([1.0, 2, 3], index=["a", "b", "c"])})


def test_a_matrix_of_a_file_keeps_its_labels(tmp_path: Path) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(tmp_path / "trips.omx", "w") as file:
        file["data/trips"], file["lookup/taz"] = np.array(FIVE, dtype=float), [3, 2, 1]
    trips = ll.read_skims(tmp_path / "trips.omx").frame("trips")
    assert ll.assign(RING, trips).flow.tolist() == [0, 5, 0]
