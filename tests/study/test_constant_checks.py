"""Constants and corridors that cannot be so are refused with their rows; what may be unintended is said."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.study.notices import notices
from tests.support.constant_rows import CORRIDOR, GATE, constant, in_corridor
from tests.support.small_study import TABLES, write_small_study

ON_WAY = {"kind": "corridor", "corridor_id": "way", "value": 3, "carries_over": 1}


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        ({"kind": "border", "value": 3, "carries_over": 1}, "crossing_id", "nothing says what it concerns"),
        ({"kind": "mode", "value": 3}, "modes", "nothing says what it concerns"),
        ({"kind": "pair", "value": 3}, "country_a", "nothing says what it concerns"),
        ({"kind": "corridor", "value": 3, "carries_over": 1}, "corridor_id", "nothing says what it concerns"),
        (GATE | {"value": 3, "carries_over": ""}, "carries_over", "must be said"),
        (GATE | {"value": 3, "corridor_id": "way"}, "corridor_id", "does not apply"),
        ({"kind": "mode", "families": "rail", "value": 3, "carries_over": 1}, "carries_over", "does not apply"),
        ({"kind": "mode", "families": "rail", "value": 3, "direction": "ab"}, "direction", "has no direction"),
        (GATE | {"kind": "policy", "value": 3}, "open_from", "a policy has a period"),
        (GATE | {"value": 3, "families": "raod"}, "families", "unknown family"),
        (GATE | {"value": 3, "families": "water"}, "families", "none has a row for the modes"),
        (GATE | {"value": 3, "crossing_id": "GAT"}, "crossing_id", "GAT"),
        (GATE | {"value": 3, "country_a": "CCC"}, "crossing_id", "no crossing is concerned"),
        (GATE | {"value": 3, "crossing_id": "", "country_a": "CCC"}, "country_a", "no crossing is concerned"),
        (ON_WAY, "corridor_id", "the corridor has no links"),
        (ON_WAY | {"corridor_id": "other"}, "corridor_id", "other"),
        ({"kind": "pair", "country_a": "CCC", "value": 3}, "country_a", "no zone is in this country"),
        ({"kind": "mode", "alternatives": "sea", "value": 3}, "alternatives", "unknown alternative"),
        ({"kind": "mode", "families": "water", "value": 3}, "families", "no alternative is concerned"),
        (GATE | {"value": 3, "open_from": "2025", "open_to": "2024"}, "open_to", "open_to is not after open_from"),
        (GATE | {"value": 3, "resource": 1.5}, "resource", "1.5"),
        (GATE | {"value": "many"}, "value", "many"),
    ],
)
def test_a_constant_that_cannot_be_so_is_refused_with_its_row(
    tmp_path: Path, row: dict[str, object], column: str, said: str
) -> None:
    good = GATE | {"value": 1}
    folder = write_small_study(tmp_path / "s", constant=constant(good, row), corridor=CORRIDOR)
    with pytest.raises(ll.InputError) as refused:
        ll.open_study(folder)
    (problem,) = refused.value.problems
    assert problem.table == "constant"
    assert "c1" in problem.row or "line 3" in problem.row
    assert problem.column == column
    assert said in f"{problem.message} {problem.value}"


def test_a_corridor_without_links_of_the_modes_concerned_is_refused(tmp_path: Path) -> None:
    rows = constant(ON_WAY | {"families": "rail"})
    folder = write_small_study(tmp_path / "s", constant=rows, corridor=CORRIDOR, link=in_corridor("R1"))
    with pytest.raises(ll.InputError, match="no links of the modes of the constant"):
        ll.open_study(folder)


def test_priors_lie_within_their_range(tmp_path: Path) -> None:
    header, row = constant(GATE | {"value": 3}).splitlines()
    for cells, said in (("1,2,9", "below low"), ("3,2,1", "high is not above low"), ("9,0,5", "above high")):
        folder = write_small_study(
            tmp_path / said.replace(" ", "-"), constant=f"{header},prior_mean,low,high\n{row},{cells}"
        )
        with pytest.raises(ll.InputError, match=said):
            ll.open_study(folder)


def test_a_link_may_name_any_corridor_until_corridors_are_declared(tmp_path: Path) -> None:
    link = in_corridor("R1", "R2")
    assert len(ll.open_study(write_small_study(tmp_path / "a", link=link)).tables["link"]) == 5
    folder = write_small_study(tmp_path / "b", link=link, corridor=CORRIDOR.replace("way,", "wey,"))
    with pytest.raises(ll.InputError, match="unknown corridor") as refused:
        ll.open_study(folder)
    assert {problem.row for problem in refused.value.problems} == {"R1", "R2"}


def test_a_measure_that_takes_the_place_away_is_refused(tmp_path: Path) -> None:
    measure = TABLES["measure"] + "off,Off,policy,,\n"
    effect = TABLES["effect"] + "off,link,R1,corridor,set,\n"
    folder = write_small_study(
        tmp_path / "s", constant=constant(ON_WAY), corridor=CORRIDOR, link=in_corridor("R1"), measure=measure,
        effect=effect,
    )  # fmt: skip
    with pytest.raises(ll.InputError, match="the corridor has no links"):
        ll.open_study(folder).apply("off").tables_in(2023)


def told(folder: Path, *rows: dict[str, object], **tables: str) -> list[str]:
    study = ll.open_study(write_small_study(folder, constant=constant(*rows), **tables))
    return [note for note in notices(study) if "constant" in note or "corridor" in note]


def test_constants_and_corridors_that_may_be_unintended_are_told(tmp_path: Path) -> None:
    pair = {"kind": "pair", "country_a": "AAA", "value": 3}
    idle, same = told(tmp_path / "a", GATE | {"value": 0}, pair)
    assert idle.startswith("constant c0 has no effect")
    assert same.startswith("constant c1 changes costs but no flow")
    (fork,) = told(tmp_path / "b", ON_WAY, corridor=CORRIDOR, link=in_corridor("R1", "R2", "B1"))
    assert fork.startswith("corridor way is not one line of road links")
    (families,) = told(tmp_path / "c", ON_WAY, corridor=CORRIDOR, link=in_corridor("R1", "R2", "T1", "T2"))
    assert families.startswith("corridor way has links of rail, road")
    assert not told(tmp_path / "d", ON_WAY, corridor=CORRIDOR, link=in_corridor("R1", "R2"))
    given = CORRIDOR.replace("The way,,", "The way,,200")
    assert not told(tmp_path / "e", ON_WAY, corridor=given, link=in_corridor("R1", "R2", "T1", "T2"))
