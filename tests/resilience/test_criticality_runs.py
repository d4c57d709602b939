"""Members, interruptions, workers and trade of criticality: against direct solves of the same problem."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import landlink as ll
from landlink.core.errors import InputError
from landlink.ensemble.posterior import posterior_of
from landlink.ensemble.quantiles import quantiles
from landlink.resilience.base import ShockBase
from landlink.resilience.closure_losses import LOSS
from landlink.resilience.criticality_result import Criticality
from landlink.resilience.figures import figure_names
from landlink.resilience.shock import Shock
from landlink.resilience.shock_work import ShockWork
from landlink.study import Study
from tests.support.closures import HURRY, closures, one_alternative
from tests.support.joint_study import trading_study
from tests.support.posterior_study import write_posterior_study

MEMBERS = 4
#: Of places in line the crossing stands for all.
PLACES = ["GATE/road", "GATE/rail"]


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return ll.open_study(write_posterior_study(tmp_path_factory.mktemp("posterior") / "study", MEMBERS))


@pytest.fixture(scope="module")
def doubtful(study: Study) -> Criticality:
    return ll.criticality(study.at(2023), days=7, members=MEMBERS, workers=1)


def test_intervals_are_those_of_the_members_solved_one_by_one(study: Study, doubtful: Criticality) -> None:
    rows = doubtful.places.set_index("row")
    shocks = [Shock.closing("crossing", name, days=7) for name in PLACES]
    losses = []
    for member in posterior_of(study).members:
        base = ShockBase.of(study.with_parameters(member.item).at(2023))
        at = figure_names(base).index(LOSS)
        losses.append([ShockWork(base)(shock)[at] for shock in shocks])
    expected = quantiles(np.array(losses))
    columns = [f"added_cost_{name}_usd_per_day" for name in ("p10", "p50", "p90")]
    for place, name in enumerate(PLACES):
        assert rows.loc[name, columns].tolist() == pytest.approx(expected[:, place].tolist(), rel=1e-3)


def test_ranks_are_sure_where_members_agree(doubtful: Criticality) -> None:
    rows = doubtful.places.set_index("row")
    assert rows.loc[PLACES, ["rank_p10", "rank_p90"]].to_numpy().tolist() == [[1, 1], [2, 2]]
    assert rows.loc[PLACES, "worst_five_probability"].tolist() == [1, 1]
    assert rows.loc["R2", "same_as"] == "crossing:GATE/road"
    assert np.isnan(rows.loc["R2", "rank_p10"])
    parts = doubtful.worst("AAA"), doubtful.worst("BBB")
    of_members = sum(doubtful.scenarios[0].intervals.by_country)
    assert of_members == pytest.approx(doubtful.scenarios[0].intervals.losses)
    for part in parts:
        ends = part.set_index("row").loc["GATE/road"]
        assert ends["added_cost_p10_usd_per_day"] <= ends["added_cost_p50_usd_per_day"]
        assert ends["rank_p10"] == 1
    assert set(doubtful.table["members"]) == {MEMBERS}


def test_changes_are_those_of_members_one_by_one(study: Study, doubtful: Criticality) -> None:
    plan = study.apply("easy-gate").at(2023)
    found = ll.criticality(study.at(2023), programme=plan, days=7, members=MEMBERS, workers=1)
    both = found.before_after.set_index("row")
    losses = []
    for member in posterior_of(study).members:
        bases = [ShockBase.of(one.study.with_parameters(member.item).at(2023)) for one in (study.at(2023), plan)]
        shock, at = Shock.closing("crossing", PLACES[0], days=7), figure_names(bases[0]).index(LOSS)
        before, after = (ShockWork(base)(shock)[at] for base in bases)
        losses.append([after - before])
    low, _, high = quantiles(np.array(losses)).ravel().tolist()
    ends = both.loc[PLACES[0], ["change_p10_usd_per_day", "change_p90_usd_per_day"]].tolist()
    assert ends == pytest.approx([low, high], rel=1e-3, abs=1)


def test_more_members_than_there_are_are_refused_before_anything_is_solved(study: Study) -> None:
    with pytest.raises(InputError, match="has 4 members"):
        ll.criticality(study.at(2023), members=MEMBERS + 1)


class StoppedError(Exception):
    """Stands for a process that is killed."""


def test_an_interrupted_analysis_goes_on_where_it_stopped(tmp_path: Path) -> None:
    study, folder = one_alternative(tmp_path / "study", HURRY), tmp_path / "kept"
    whole = closures(study, days=10, pairs_above=1)

    def stop(what: str, done: float | None) -> None:
        if what.startswith("solving closure 1 of 2"):
            raise StoppedError

    with pytest.raises(StoppedError):
        closures(study, days=10, pairs_above=1, folder=folder, progress=stop)
    kept = sorted(folder.rglob("member-*.npy"))
    assert [file.name for file in kept] == ["member-000000.npy"]
    times = [file.stat().st_mtime_ns for file in kept]
    found = closures(study, days=10, pairs_above=1, folder=folder)
    assert found.table.equals(whole.table)
    assert [file.stat().st_mtime_ns for file in kept] == times
    assert len(sorted((folder / "scenario" / "places").glob("member-*.npy"))) == 2
    assert len(sorted((folder / "scenario" / "pairs").glob("member-*.npy"))) == 1
    with pytest.raises(InputError, match=r"shocks differs .which places.* of 10 days at .*; allowed: .* of 11 days at"):
        closures(study, days=11, pairs_above=1, folder=folder)


def test_two_workers_write_the_same_bytes_as_one(study: Study, tmp_path: Path) -> None:
    for workers in (1, 2):
        found = ll.criticality(study.at(2023), days=7, members=2, top=1, trade="elastic", workers=workers)
        found.save(tmp_path / f"{workers}.csv")
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


@pytest.mark.parametrize("mode", ["elastic", "general"])
def test_lost_trade_is_that_of_the_study_with_the_wait_as_hours(mode: str, tmp_path: Path) -> None:
    """A day's closure is 12 h more at the gate, to goods and vehicles, so that the full solver can be asked too."""
    study, exact = trading_study(tmp_path / "study"), ll.SolverOptions(relative_gap=1e-9)
    found = ll.criticality(study.at(2023), days=1, trade=mode, workers=1, options=exact)
    slower = study.what_if("crossing GATE/road: time_ab_h +12", "crossing GATE/road: time_ba_h +12")
    reference = ll.solve(study.at(2023), options=exact)
    result = ll.solve(slower.at(2023), trade=mode, options=exact, trade_reference=reference)
    country = result.tables["trade_country"].set_index("country")
    rows = found.countries[found.countries["row"] == "GATE/road"].set_index("country")
    for name in ("AAA", "BBB"):
        percent = country.loc[name, "real_income_percent"]
        assert rows.loc[name, "real_income_percent"] == pytest.approx(percent, rel=1e-3, nan_ok=True)
        flow = result.tables["trade_flow"]
        sent = flow[(flow["exporter"] == name) & (flow["importer"] != name)]
        value = sent["reference_value_usd_per_year"] * (1 - sent["tonnes_per_year"] / sent["reference_tonnes_per_year"])
        assert rows.loc[name, "lost_exports_usd_per_day"] == pytest.approx(value.sum() / 365, rel=1e-3)
    assert (rows["lost_exports_usd_per_day"] > 0).any()
