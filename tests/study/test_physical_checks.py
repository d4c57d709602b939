"""Lengths against the distance that a link covers."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.study.physical_checks import winding_links
from tests.support.small_study import TABLES, write_small_study


def opened(folder: Path, length: float, geometry: str = "") -> ll.Study:
    header, *rows = TABLES["link"].strip().splitlines()
    cells = ["g" if row.startswith("R1") and geometry else "" for row in rows]
    rows = [row.replace("R1,N1,X,0,100,", f"R1,N1,X,0,{length:g},") for row in rows]
    links = "\n".join([f"{header},geometry_id", *(f"{row},{cell}" for row, cell in zip(rows, cells, strict=True))])
    tables = {"link": links} | ({"geometry": f'geometry_id,geometry\ng,"{geometry}"\n'} if geometry else {})
    return ll.open_study(write_small_study(folder, **tables))


# The ends of R1 are 85.2 km apart: noted above 4 x 85.2 + 20 km, refused above 10 x 85.2 + 200 km.
@pytest.mark.parametrize(("length", "noted"), [(360, []), (362, ["R1"]), (1051, ["R1"])])
def test_a_long_way_round_is_noted(tmp_path: Path, length: float, noted: list[str]) -> None:
    assert winding_links(opened(tmp_path / "s", length).tables) == noted


def test_a_length_far_beyond_the_distance_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ll.InputError, match="far longer than the distance"):
        opened(tmp_path / "s", 1053)


def test_a_geometry_explains_a_length(tmp_path: Path) -> None:
    around = "LINESTRING (70 40, 70 50, 71 50, 71 40)"  # some 2,300 km
    assert winding_links(opened(tmp_path / "s", 2300, around).tables) == []
    with pytest.raises(ll.InputError, match="far longer than the distance"):
        opened(tmp_path / "t", 24_000, around)
