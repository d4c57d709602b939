"""Chains by hand: legs add up to the totals of the table od, names are found in any language, saved results suffice."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

import landlink as ll
from landlink.results.result import Result
from tests.support.chain_study import chain_study
from tests.support.small_study import write_small_study

HOURS = ["run_h", "stop_h", "terminal_h", "crossing_h", "access_h"]


@cache
def results() -> tuple[Result, Result]:
    with TemporaryDirectory() as folder:
        study = chain_study(Path(folder) / "study")
        return ll.solve(study.at(2023)), ll.solve(study.apply("easy-gate").at(2023))


def of(chain: ll.Chain, result: int, alternative: str) -> pd.DataFrame:
    return chain.profiles[result][alternative].legs


def test_every_step_is_what_the_tables_say() -> None:
    road = of(ll.chain(results(), "Z1", "Z2", "machinery"), 0, "road")
    assert road["kind"].tolist() == ["access", "run", "crossing", "run", "access"]
    assert road["at_km"].tolist() == [0, 100, 100, 200, 200]
    assert road["at_h"].tolist() == pytest.approx([2, 2 + 5 / 3, 8 + 5 / 3, 8 + 10 / 3, 10 + 10 / 3])
    assert road["at_usd_per_t"].tolist() == pytest.approx([3, 9.5, 13.01, 19.51, 22.51])
    # The Gate is the only doubt: 4 h more than its mean in one case of twenty.
    assert road["at_p95_h"].iloc[-1] == pytest.approx(40 / 3 + 4, rel=1e-3)
    assert road["at_p05_h"].iloc[-1] < road["at_h"].iloc[-1]
    assert road["at_p05_h"].iloc[1] == road["at_p95_h"].iloc[1]


def test_a_measure_at_the_crossing_lowers_its_step_alone() -> None:
    chain = ll.chain(results(), "Z1", "Z2", "machinery", alternative="road")
    before, after = of(chain, 0, "road"), of(chain, 1, "road")
    saved = before["time_h"] - after["time_h"]
    assert saved.tolist() == pytest.approx([0, 0, 3, 0, 0], abs=1e-9)


def test_steps_add_up_to_the_table_od(tmp_path: Path) -> None:
    study = ll.open_study(write_small_study(tmp_path / "busy"))
    result = ll.solve(study.at(2023))
    od = result.tables["od"].set_index(["origin_zone_id", "destination_zone_id", "commodity_id", "alternative"])
    for (origin, destination, commodity, alternative), row in od.iterrows():
        profile = ll.chain(result, origin, destination, commodity, alternative=alternative).profiles[0][alternative]
        assert profile.legs["time_h"].sum() == pytest.approx(row["time_h"], rel=1e-6)
        assert profile.legs["at_h"].iloc[-1] == pytest.approx(row["time_h"], rel=1e-6)
        assert profile.legs["at_usd_per_t"].iloc[-1] == pytest.approx(row["money_usd_per_t"], rel=1e-6)
        assert profile.legs["at_km"].iloc[-1] == pytest.approx(row["distance_km"])
        assert profile.legs[HOURS].sum().tolist() == pytest.approx(row[HOURS].tolist(), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("origin", "destination"), [("west", "EAST"), ("Запад", "Восток"), ("الغرب", "الشرق"), ("N1", "eastp")]
)
def test_places_are_found_by_any_name(origin: str, destination: str) -> None:
    ends = ll.chain(results(), origin, destination).ends
    assert (ends.origin, ends.destination, ends.commodity) == ("Z1", "Z2", "machinery")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Wets", "East"), "did you mean 'west'"),
        (("West", "West"), "there is no demand from Z1 to Z1"),
        (("West", "East", "machinry"), "did you mean 'machinery'"),
    ],
)
def test_what_is_wrong_is_named(arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(ll.InputError, match="(?i)" + message):
        ll.chain(results(), *arguments)


def test_other_goods_and_alternatives_are_refused_with_those_there_are(tmp_path: Path) -> None:
    demand = "origin_zone_id,destination_zone_id,commodity_id,tonnes_per_year\nZ1,Z2,machinery,1000\n"
    study = chain_study(tmp_path / "study", demand=demand)
    # Before anything is solved: a scenario is enough.
    with pytest.raises(ll.InputError, match="allowed: machinery"):
        ll.chain(study.at(2023), "Z1", "Z2", "grain")
    with pytest.raises(ll.UnknownNameError, match="did you mean 'road'"):
        ll.chain(study.at(2023), "Z1", "Z2", alternative="raod")
    with pytest.raises(ll.InputError, match="at least one"):
        ll.chain([], "Z1", "Z2")


def test_a_saved_result_gives_the_same_chain_also_for_other_pairs(tmp_path: Path) -> None:
    study = chain_study(tmp_path / "study")
    what_if = study.what_if("crossing GATE/road: time_ab_h +1").at(2023)
    result = ll.solve(what_if)
    saved = ll.open_result(result.save(tmp_path / "result"))
    assert saved.flow_summary is None
    for commodity in ("machinery", "grain"):  # the study names the first under [report], the second is solved again
        mine, other = (ll.chain(one, "Z1", "Z2", commodity, alternative="road").table for one in (result, saved))
        numbers = mine.select_dtypes("number").columns
        assert np.allclose(mine[numbers], other[numbers])
    assert other["crossing_h"].sum() == pytest.approx(7)


def test_a_study_that_has_changed_cannot_stand_in_for_a_saved_result(tmp_path: Path) -> None:
    study = chain_study(tmp_path / "study")
    saved = ll.open_result(ll.solve(study.at(2023)).save(tmp_path / "result"))
    link = tmp_path / "study" / "link.csv"
    link.write_text(link.read_text("utf-8").replace("R1,N1,X,0,100", "R1,N1,X,0,101"), "utf-8")
    with pytest.raises(ll.ResultError, match="has changed"):
        ll.chain(saved, "Z1", "Z2", "grain")
