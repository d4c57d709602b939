"""Which observations a calibration looks at, and how much each weighs."""

from __future__ import annotations

from pathlib import Path

import pytest

import landlink as ll
from landlink.calibration.fitted_observations import observations_of
from tests.support.small_study import write_small_study

_HEAD = "observed_id,what,role,year,value,indicator,standard_error,error_reason,group"
_TRUCKS = "crossing.trucks_per_day[GATE]"


def weights(folder: Path, *rows: str) -> dict[str, float]:
    study = ll.open_study(write_small_study(folder / "study", observed="\n".join([_HEAD, *rows])))
    found = observations_of(study, 2023)
    return dict(zip(found.ids, found.weight.tolist(), strict=True))


def test_repeated_observations_share_a_weight_within_their_role(tmp_path: Path):
    """One that is never fitted takes nothing from those that are."""
    found = weights(
        tmp_path,
        f"a,A,fit,2023,100,{_TRUCKS},0.1,count,same",
        f"b,B,fit,2023,110,{_TRUCKS},0.1,count,same",
        f"c,C,validation,2023,120,{_TRUCKS},,,same",
        f"d,D,fit,2023,130,{_TRUCKS},0.1,count,other",
    )
    assert found == pytest.approx({"a": 0.5, "b": 0.5, "c": 1.0, "d": 1.0})


def test_bounds_inputs_and_what_has_no_logarithm_are_left_out(tmp_path: Path):
    head = f"{_HEAD},bound"
    rows = [
        f"a,A,fit,2023,100,{_TRUCKS},0.1,count,,value",
        f"most,Most,bound,2023,120,{_TRUCKS},,,,upper",
        "put-in,Input,input,2023,120,crossing.trains_per_day[GATE],,,,value",
        "none,None,validation,2023,0,total.tonnes_per_year,,,,value",
        "apart,Apart,validation,2023,5,,,,,value",
    ]
    study = ll.open_study(write_small_study(tmp_path / "study", observed="\n".join([head, *rows])))
    assert observations_of(study, 2023).ids == ("a",)
