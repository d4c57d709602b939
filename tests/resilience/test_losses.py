"""Losses of years of hazards on a row of three countries, against compound Poisson sums and what a pencil finds."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landlink.core.errors import InputError
from landlink.ensemble.posterior import posterior_of
from landlink.resilience.base import ShockBase
from landlink.resilience.hazards import hazards_of
from landlink.resilience.loss_doubt import member_rates, resampled_years
from landlink.resilience.loss_events import CLASS_SHARES
from landlink.resilience.loss_pieces import YearCutter
from landlink.resilience.losses import LOSS, Losses, LossOptions, interval, losses_of
from landlink.resilience.shock import Shock
from landlink.resilience.shock_runs import ShockRuns
from landlink.resilience.shock_work import ShockWork
from landlink.resilience.years import drawn_years, merged_shock
from landlink.study import open_study
from tests.support.hazard_study import HEADER, hazard_study
from tests.support.posterior_study import write_posterior_study

Bases = Callable[..., ShockBase]
#: A closure of three days of the second gate, twice a year; its length varies.
SPREAD = HEADER.strip() + ",duration_spread\n"
SLIDE = "slide,Slide,landslide,crossing:BC,2,3,0"
WITHOUT_OVERLAPS = LossOptions(years=20_000, solved_years=0, members=2)


@pytest.fixture(scope="module")
def base_of(tmp_path_factory: pytest.TempPathFactory) -> Bases:
    """Undisturbed freight of the row with some hazards."""

    def made(*rows: str, **tables: str) -> ShockBase:
        study = hazard_study(tmp_path_factory.mktemp("losses") / "study", *rows, **tables)
        return ShockBase.of(study.at(study.settings.base_year))

    return made


def drawn(base: ShockBase, options: LossOptions, *, workers: int = 1, **runs: Any) -> Losses:
    return losses_of(base, options, ShockRuns(workers, **runs))


def loss_of(base: ShockBase, shock: Shock, days: float) -> float:
    """What a closure costs, from the solver itself."""
    return float(ShockWork(base)(shock)[0] * days)


def test_one_hazard_is_a_compound_poisson_sum(base_of: Bases) -> None:
    base = base_of(hazard=SPREAD + "slide,Slide,landslide,crossing:BC,2,3,0,,,,,0.8\n")
    found = drawn(base, WITHOUT_OVERLAPS)
    (hazard,) = found.hazards
    each = np.array([loss_of(base, Shock.closing("crossing", "BC/road", days=d), d) for d in hazard.durations])
    mean, square = (float((CLASS_SHARES * each**power).sum()) for power in (1, 2))
    assert found.expected()[0, 0] == pytest.approx(2 * mean, rel=1e-9)
    yearly = found.losses[:, 0]
    deviation = math.sqrt(2 * square)
    assert yearly.mean() == pytest.approx(2 * mean, abs=4 * deviation / math.sqrt(len(yearly)))
    assert yearly.std() == pytest.approx(deviation, rel=0.03)
    # Years without a slide come once in e^2.
    assert (yearly == 0).mean() == pytest.approx(math.exp(-2), abs=0.01)


def test_hazards_that_are_independent_add_up_in_mean_and_variance(base_of: Bases) -> None:
    other = "rocks,Rocks,landslide,crossing:AB,3,2,0"
    one, two, both = (
        drawn(base_of(*rows), WITHOUT_OVERLAPS).losses[:, 0] for rows in ((SLIDE,), (other,), (SLIDE, other))
    )
    assert both.mean() == pytest.approx(one.mean() + two.mean())
    assert both.var() == pytest.approx(one.var() + two.var(), rel=0.03)
    # The same hazard strikes alike, whatever else may.
    assert np.corrcoef(one, both)[0, 1] > 0.1


def test_a_group_raises_the_tail_and_not_the_mean(base_of: Bases) -> None:
    rows = ["slide,,landslide,crossing:BC,0.5,3,0{}", "rocks,,landslide,crossing:AB,0.5,3,0{}"]
    alone, group = (drawn(base_of(*(row.format(end) for row in rows)), WITHOUT_OVERLAPS) for end in ("", ",rain"))
    assert group.expected()[:, 0] == pytest.approx(alone.expected()[:, 0], rel=1e-9)
    # Of a group, an event costs the sum: the variance grows by twice the product.
    each = alone.expected()[:, 0] / 0.5
    assert group.losses[:, 0].var() == pytest.approx(0.5 * each.sum() ** 2, rel=0.05)
    assert alone.losses[:, 0].var() == pytest.approx(0.5 * (each**2).sum(), rel=0.05)
    assert group.conditional[0, 0] > 1.1 * alone.conditional[0, 0]


def test_events_of_a_group_strike_members_with_their_share(base_of: Bases) -> None:
    rows = "slide,,landslide,crossing:BC,1,3,0,rain,0.25", "rocks,,landslide,crossing:AB,1,3,0,rain"
    found = drawn(base_of(*rows), WITHOUT_OVERLAPS)
    assert [one.id for one in found.hazards] == ["rocks", "slide"]
    whole = drawn(base_of(*(row.split(",rain")[0] for row in rows)), WITHOUT_OVERLAPS).expected()[:, 0]
    assert found.expected()[:, 0] == pytest.approx(whole * [1, 0.25])
    assert found.losses[:, 0].mean() == pytest.approx(found.expected()[:, 0].sum(), rel=0.05)


def test_two_closures_of_one_place_are_waited_for_once(base_of: Bases) -> None:
    """Both strike in every event: the longer closure alone is waited for; each bears half of what that saves."""
    rows = "long,,conflict,crossing:BC,1,8,0,rain", "short,,landslide,crossing:BC,1,8,0,rain"
    base = base_of(*rows)
    found = drawn(base, LossOptions(years=300, solved_years=300, members=2))
    alone = loss_of(base, Shock.closing("crossing", "BC/road", days=8), 8)
    events = found.years[LOSS].alone[:, 0] / (2 * alone)
    struck = events > 0.5
    once = np.isclose(events, 1)
    assert struck.any()
    assert found.losses[once, 0] == pytest.approx(np.full(once.sum(), alone))
    assert found.losses[~struck, 0] == pytest.approx(0.0)
    first, second = found.expected()[:, 0]
    assert first == pytest.approx(second)


def test_two_gates_in_series_are_waited_for_one_after_the_other(base_of: Bases) -> None:
    rows = "long,,conflict,crossing:BC,1,8,0,rain", "short,,landslide,crossing:AB,1,8,0,rain"
    found = drawn(base_of(*rows), LossOptions(years=50, solved_years=50, members=2))
    once = found.years[LOSS].alone[:, 0] < 1.5 * found.years[LOSS].alone[:, 0][found.losses[:, 0] > 0].min()
    assert found.losses[once] == pytest.approx(found.years[LOSS].alone[once], rel=1e-9)


def test_causes_and_countries_add_up(base_of: Bases) -> None:
    base = base_of("slide,,landslide,crossing:BC,20,9,0", "snow,,avalanche,crossing:BC;crossing:AB,20,9,0")
    found = drawn(base, LossOptions(years=40, solved_years=40, members=2))
    expected, shared = found.expected(), found.years[LOSS].shared
    assert found.causes == ("avalanche", "landslide")
    assert expected[:, 0] == pytest.approx(expected[:, 1:].sum(axis=1), rel=1e-9)
    assert found.losses[:, 0] == pytest.approx(found.losses[:, 1:].sum(axis=1), rel=1e-9)
    # What overlaps change is attributed whole.
    change = found.years[LOSS].solved - found.years[LOSS].alone[:40]
    assert shared.sum(axis=1) == pytest.approx(change, abs=1e-6)
    assert (change[:, 0] < 0).all()
    assert (found.expected_error()[:, 0] > 0).all()


def test_years_are_cut_where_anything_begins_or_ends(base_of: Bases) -> None:
    """The same shocks for the same days as the draws themselves give, with what each event does."""
    rows = "slide,,landslide,crossing:BC,20,9,0,,,,,6,0.8", "snow,,avalanche,link:R2,20,9,0.5,,,,,,"
    table = "\n".join([HEADER.strip() + ",recovery_days,duration_spread", *rows, ""])
    found = hazards_of(base_of(hazard=table).scenario)
    cutter = YearCutter(found)
    for year in drawn_years(found, range(5), seed=1):
        days: dict[Shock, float] = {}
        for piece in cutter.pieces(year):
            days[piece.shock] = days.get(piece.shock, 0.0) + piece.days
            if len({hazard for hazard, _ in piece.parts}) == len(piece.parts):
                parts = (one for _, shock in piece.parts for one in shock.disturbances)
                assert piece.shock == merged_shock(parts)
        expected: dict[Shock, float] = {}
        for piece in year.pieces(found):
            expected[piece.shock] = expected.get(piece.shock, 0.0) + piece.days
        assert days == pytest.approx(expected)


def test_who_has_no_part_in_an_overlap_bears_nothing_of_it(base_of: Bases) -> None:
    """Two closures of one gate save a wait; a slide elsewhere, on other days, stays what it is."""
    rows = "long,,conflict,crossing:BC,6,20,0", "short,,landslide,crossing:BC,6,20,0", "rocks,,works,link:R4,3,1,0"
    found = drawn(base_of(*rows), LossOptions(years=60, solved_years=60, members=2))
    by_hazard = found.years[LOSS].shared.sum(axis=0)[:, 0]
    assert [one.id for one in found.hazards] == ["long", "rocks", "short"]
    assert by_hazard[0] < 0
    assert by_hazard[2] < 0
    # In pieces of two, a closure of a road that nothing else passes changes nothing.
    assert abs(by_hazard[1]) < 0.1 * abs(by_hazard[0])


def test_years_that_are_not_solved_take_what_overlaps_change_on_average(base_of: Bases) -> None:
    base = base_of("slide,,landslide,crossing:BC,10,9,0", "snow,,avalanche,crossing:BC,10,9,0")
    few, all_of = (drawn(base, LossOptions(years=400, solved_years=number, members=2)) for number in (100, 400))
    error = 4 * few.expected_error()[-1, 0]
    assert few.expected().sum(axis=0)[0] == pytest.approx(all_of.expected().sum(axis=0)[0], abs=error)
    assert few.losses[:100] == pytest.approx(all_of.losses[:100])
    assert few.losses[:, 0].mean() == pytest.approx(all_of.losses[:, 0].mean(), rel=0.05)
    assert 0 < few.overlap_error < 0.5


def test_intervals_are_those_of_what_a_count_leaves_open(base_of: Bases) -> None:
    base = base_of("few,,epidemic,crossing:BC,,10,0,,,1,17")
    found = drawn(base, LossOptions(years=2_000, solved_years=0, members=2_000))
    (hazard,) = found.hazards
    each = found.events[LOSS].mean[0, 0]
    low, high = interval(found.members.expected[:, 0, 0])
    assert hazard.rate.interval == pytest.approx((low / each, high / each), rel=0.15)
    assert found.members.expected[:, 0, 0].mean() == pytest.approx(1.5 / 17 * each, rel=0.05)
    assert found.members.rates[:, 0].var() == pytest.approx(1.5 / 17**2, rel=0.15)
    # Rates of a stated hazard that is certain are the same in all members.
    certain = member_rates(drawn(base_of(SLIDE), LossOptions(1, 0, 2)).hazards, 5, seed=1)
    assert certain.ravel().tolist() == pytest.approx([2.0] * 5)


@pytest.mark.parametrize("seed", range(4))
def test_the_interval_of_bad_years_holds_their_loss_however_few_are_drawn(base_of: Bases, seed: int) -> None:
    base = base_of("few,,epidemic,crossing:BC,,10,0,,,1,5", SLIDE)
    found = drawn(base, LossOptions(years=100, solved_years=0, members=3, seed=seed))
    for value, (low, high) in (
        (found.at_risk[0], (ends[0] for ends in found.at_risk_ends)),
        (found.conditional[0], (ends[0] for ends in found.conditional_ends)),
        (found.curve, found.curve_ends),
    ):
        assert (low <= value).all()
        assert (value <= high).all()
    # One year in a hundred takes more years than that.
    assert np.isnan(found.at_risk[1]).all()
    assert np.isnan(found.conditional_ends[0][1]).all()


def test_years_of_members_are_compound_poisson_too(base_of: Bases) -> None:
    found = drawn(base_of(SLIDE, "rocks,,landslide,crossing:AB,3,2,0"), LossOptions(1, 0, 2))
    events = found.events[LOSS]
    years = resampled_years(events, np.array([3.0, 2.0]), 20_000, member=0, seed=1)
    each = events.mean[:, 0]
    assert years[:, 0].mean() == pytest.approx(float((np.array([3.0, 2.0]) * each).sum()), rel=0.02)
    assert years[:, 0].var() == pytest.approx(float((np.array([3.0, 2.0]) * each**2).sum()), rel=0.04)
    again = resampled_years(events, np.array([3.0, 2.0]), 20_000, member=0, seed=1)
    assert again.tobytes() == years.tobytes()
    assert resampled_years(events, np.array([3.0, 2.0]), 10, member=1, seed=1)[:, 0].tolist() != years[:10, 0].tolist()


def same(one: Losses, other: Losses) -> bool:
    """Whether losses are the same byte for byte."""
    parts = (
        lambda found: found.expected(), lambda found: found.losses, lambda found: found.members.at_risk,
        lambda found: found.members.curve, lambda found: found.years[LOSS].shared,
    )  # fmt: skip
    return all(part(one).tobytes() == part(other).tobytes() for part in parts)


class InterruptedRunError(Exception):
    """Stands for an interruption."""


def test_an_interrupted_run_goes_on_and_two_workers_find_the_same(base_of: Bases, tmp_path: Path) -> None:
    base = base_of(SLIDE, "snow,,avalanche,crossing:AB,9,5,0")
    options = LossOptions(years=60, solved_years=20, members=3)
    whole = drawn(base, options, folder=tmp_path / "whole")
    seen: list[str] = []

    def interrupting(what: str, done: float | None = None) -> None:
        seen.append(what)
        if done is not None and done >= 0.5:
            raise InterruptedRunError

    with pytest.raises(InterruptedRunError):
        drawn(base, options, folder=tmp_path / "run", progress=interrupting)
    finished = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "run" / "shocks").glob("member-*.npy")}
    assert 0 < len(finished) < whole.shocks
    resumed = drawn(base, options, folder=tmp_path / "run", workers=2)
    files = {path.name: path for path in (tmp_path / "run" / "shocks").glob("member-*.npy")}
    assert len(files) == whole.shocks
    assert all(files[name].stat().st_mtime_ns == time for name, time in finished.items())
    assert same(whole, resumed)
    with pytest.raises(InputError, match="study_hash"):
        drawn(base_of(SLIDE), options, folder=tmp_path / "run")


def test_a_study_without_hazards_loses_nothing(base_of: Bases) -> None:
    found = drawn(base_of(), LossOptions(years=10, solved_years=10, members=3))
    assert found.shocks == 0
    assert found.losses.shape == (10, 4)
    assert not found.losses.any()
    assert not found.expected().sum(axis=0).any()
    assert not found.at_risk.any()


def test_everything_closed_is_answered(base_of: Bases) -> None:
    base = base_of("end,,earthquake,link:*;country:BBB,1,400,0")
    found = drawn(base, LossOptions(years=200, solved_years=30, members=3))
    assert np.isfinite(found.losses).all()
    assert (found.losses <= found.years[LOSS].alone * (1 + 1e-9)).all()
    assert found.events["waiting_tonnes"].mean[0, 0] == pytest.approx(192_000 / 365 * 400)


def test_numbers_without_a_meaning_are_refused_together() -> None:
    with pytest.raises(InputError) as refused:
        LossOptions(years=0, solved_years=-1, members=1, posterior=-1, seed=-1).checked()
    with pytest.raises(InputError, match="at most the 5 members"):
        LossOptions(members=5, posterior=6).checked()
    assert [one.column for one in refused.value.problems] == ["years", "solved_years", "members", "posterior", "seed"]
    assert LossOptions(years=5).checked().solved_years == 5


def test_posterior_members_solve_every_event_with_their_own_parameters(tmp_path: Path) -> None:
    hazard = HEADER + "slide,,landslide,link:R1,2,3,0,,,,\n"
    study = open_study(write_posterior_study(tmp_path / "study", members=3, hazard=hazard))
    base = ShockBase.of(study.at(2023))
    options = LossOptions(years=5, solved_years=0, members=6, posterior=3)
    found = drawn(base, options, folder=tmp_path / "run")
    expected = found.members.expected[:, 0, 0]
    assert expected[:3].tolist() == expected[3:].tolist()
    for member, of_member in zip(posterior_of(study).members, expected[:3].tolist(), strict=True):
        own = ShockBase.of(study.with_parameters(member.item).at(2023), start=base.start)
        assert of_member == pytest.approx(2 * loss_of(own, Shock.closing("link", "R1", days=3), 3), rel=1e-6)
    assert len(set(expected.tolist())) == 3
    with pytest.raises(InputError, match="posterior"):
        drawn(base, LossOptions(years=5, solved_years=0, members=6, posterior=4))
