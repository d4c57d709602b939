"""What unknown words of hazards, events and closures may mean: rows by their names in any language, or their keys."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.study.disturbed_places import PlaceNames, UnknownPlaceError
from tests.support.small_study import TABLES, write_small_study

LINKS = "".join(f"RD{number:03d},N1,X,0,160,80,road,AAA,200,existing\n" for number in (12, 39, 199, 390, 399))
CROSSING = TABLES["crossing"].replace(",Gate,", ",Torugart crossing,").replace(
    "crossing_id,family,name,", "crossing_id,family,name,name_ru,name_ar,"
).replace(",Torugart crossing,", ",Torugart crossing,Торугарт,توروغارت,")  # fmt: skip
GATE = "crossing:GATE/road (Torugart crossing) or crossing:GATE/rail (Torugart crossing)"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("near") / "study"
    return write_small_study(folder, link=TABLES["link"] + LINKS, crossing=CROSSING)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        *((word, GATE) for word in ("Torugart", "crossing:torugart", "Торугарт", "توروغارت", "crossing:Torugrat")),
        *((word, GATE) for word in ("GATE", "crossing:gate", "crossing:GATE/water")),
        # Keys with digits: zeros and a digit too many or too few, never another digit.
        ("link:RD12", "link:RD012"),
        ("link:RD3999", "link:RD399"),
        ("link:rd399", "link:RD399"),
        ("RD012", "link:RD012"),
        ("link:RD999", ""),
        ("link:RE012", ""),
        ("nothing of the kind", ""),
    ],
)
def test_unknown_places(folder: Path, word: str, meant: str) -> None:
    names = PlaceNames(ll.open_study(folder).tables)
    with pytest.raises(UnknownPlaceError) as told:
        names.rows_of(word)
    assert told.value.allowed.partition("did you mean ")[2] == (f"{meant}?" if meant else "")


def test_what_is_proposed_is_a_place(folder: Path) -> None:
    names = PlaceNames(ll.open_study(folder).tables)
    for word in GATE.split(" or "):
        assert len(names.rows_of(word.partition(" ")[0])) == 1


def test_hazards_events_and_closures_are_told_alike(tmp_path: Path, folder: Path) -> None:
    rows = {
        "hazard": "hazard_id,cause,places,events_per_year,duration_days,capacity_factor\nh,weather,Torugart,1,3,0\n",
        "event": "event_id,phase,cause,places,begins,ends,capacity_factor\ne,1,works,Torugart,2025,2026,0\n",
    }
    wrong = write_small_study(tmp_path / "wrong", crossing=CROSSING, **rows)
    with pytest.raises(InputError) as refused:
        ll.open_study(wrong)
    assert [problem.table for problem in refused.value.problems] == ["hazard", "event"]
    with pytest.raises(InputError) as closure:
        ll.criticality(ll.open_study(folder), closures=["Torugart"], workers=1)
    problems = [*refused.value.problems, *closure.value.problems]
    assert [problem.allowed.endswith(f"did you mean {GATE}?") for problem in problems] == [True] * 3
