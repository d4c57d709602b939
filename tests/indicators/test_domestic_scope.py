"""National totals that count domestic freight: bounds without it in the model, values with it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import landlink as ll
from landlink.indicators.domestic_scope import with_domestic_scope
from tests.support.domestic_study import domestic_study

OBSERVED = """
observed_id,what,role,value,unit,bound,scope,indicator
road,All road freight of A,bound,1,Mt,upper,all_freight,"country.tonnes_per_year[AAA,road]"
share,Mean haul by road in A,validation,90,km,value,all_freight,"country.mean_haul_km[AAA,road]"
least,At least by road in A,bound,0.01,Mt,lower,international,"country.tonnes_per_year[AAA,road]"
other,All road freight of B,bound,2,Mt,upper,all_freight,"country.tonnes_per_year[BBB,road]"
gate,Trucks at the Gate with domestic ones,bound,900,vehicles/day,upper,all_freight,crossing.trucks_per_day[GATE]
"""


@pytest.fixture(scope="module")
def observed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    folder: Path = tmp_path_factory.mktemp("scope")
    return {
        name: ll.solve(ll.open_study(domestic_study(folder / name, setting, observed=OBSERVED)))["observed"].set_index(
            "observed_id"
        )
        for name, setting in (("off", "[demand]\ndomestic = false\n"), ("on", ""))
    }


def test_totals_of_a_country_with_domestic_freight_are_values(observed: dict[str, pd.DataFrame]) -> None:
    off, on = observed["off"], observed["on"]
    assert off.loc["road", ["role", "bound", "verdict"]].tolist() == ["bound", "upper", "kept"]
    assert on.loc["road", ["role", "bound", "verdict"]].tolist() == ["validation", "value", "no tolerance"]
    assert off.loc["share", "verdict"] == "not comparable"
    assert on.loc["share", "why_not"] == ""
    assert on.loc["share", "ratio"] > 0


def test_other_observations_are_as_before(observed: dict[str, pd.DataFrame]) -> None:
    columns = ["role", "bound", "scope", "verdict"]
    for name in ("least", "other", "gate"):
        assert observed["on"].loc[name, columns].tolist() == observed["off"].loc[name, columns].tolist()


def test_without_domestic_freight_the_table_is_the_same_object() -> None:
    frame = pd.DataFrame({"scope": ["all_freight"], "indicator": [""], "role": ["bound"], "bound": ["upper"]})
    assert with_domestic_scope(frame, frozenset()) is frame
    assert with_domestic_scope(frame, {"AAA"})["scope"].tolist() == ["all_freight"]
