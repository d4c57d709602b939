"""Stages fitted to time stamps: known parameters are recovered, intervals cover them, and no row is lost in silence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import stats

import landlink as ll
from landlink.border.log_reading import StageLog, read_log
from landlink.border.pipeline_builder import build_pipeline
from landlink.border.replication import run_replication
from landlink.border.service_laws import FITTED_LAWS, anderson_darling, fit_law, fits_of_laws, law_p_value
from landlink.border.stage_fit import STAGE_ROW_COLUMNS, fit_stages, stage_rows
from landlink.core.errors import InputError
from landlink.tables.border_schemas import STAGE
from tests.support.border_records import STAMP_HEAD as HEAD
from tests.support.border_records import START, queued, stamp
from tests.support.small_border import write_small_border

EVENTS = "case_id,activity,timestamp,lifecycle"


def read(folder: Path, *rows: str, head: str = HEAD, name: str = "stamps.csv") -> StageLog:
    (folder / name).write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return read_log(folder / name)


def drawn(law: str, mean: float, cv: float, size: int, random: np.random.Generator) -> np.ndarray:
    if law == "exponential":
        return random.exponential(mean, size)
    if law == "gamma":
        return random.gamma(1 / cv**2, mean * cv**2, size)
    variance = np.log1p(cv**2)
    return random.lognormal(np.log(mean) - variance / 2, np.sqrt(variance), size)


# ---- laws ----


@pytest.mark.parametrize("law", FITTED_LAWS)
def test_the_fit_is_that_of_scipy(law: str) -> None:
    hours = drawn(law, 0.8, 0.6, 300, np.random.default_rng(5))
    found = fit_law(law, hours)
    peer = {"exponential": stats.expon, "gamma": stats.gamma, "lognormal": stats.lognorm}[law]
    frozen = peer(*peer.fit(hours, floc=0))
    assert found.mean_h == pytest.approx(frozen.mean(), rel=1e-4)
    assert found.cv == pytest.approx(frozen.std() / frozen.mean(), rel=1e-3)
    assert found.log_likelihood == pytest.approx(frozen.logpdf(hours).sum(), rel=1e-6)


@pytest.mark.parametrize("law", FITTED_LAWS)
def test_times_cut_off_count_as_longer(law: str) -> None:
    """Scipy's fit of censored data is a peer; leaving the long times out would shorten the mean."""
    random = np.random.default_rng(6)
    hours = drawn(law, 0.8, 0.6, 400, random)
    limit = random.uniform(0.3, 2.0, 400)
    ended, cut = hours[hours <= limit], limit[hours > limit]
    found = fit_law(law, ended, cut)
    peer = {"exponential": stats.expon, "gamma": stats.gamma, "lognormal": stats.lognorm}[law]
    frozen = peer(*peer.fit(stats.CensoredData(ended, right=cut), floc=0))
    assert found.mean_h == pytest.approx(frozen.mean(), rel=1e-3)
    assert found.log_likelihood >= frozen.logpdf(ended).sum() + frozen.logsf(cut).sum() - 1e-4
    assert found.mean_h > fit_law(law, ended).mean_h


def test_the_statistic_and_the_test_of_anderson_and_darling_are_those_of_scipy() -> None:
    hours = np.random.default_rng(7).gamma(0.6, 2.0, 50)
    law = fit_law("exponential", hours)
    peer = stats.goodness_of_fit(
        stats.expon, hours, known_params={"loc": 0}, statistic="ad", n_mc_samples=499, rng=np.random.default_rng(1)
    )
    assert anderson_darling(law, hours) == pytest.approx(peer.statistic)
    assert law_p_value(law, hours, samples=499, seed=2) == pytest.approx(peer.pvalue, abs=0.03)


def test_the_right_law_is_chosen_and_a_wrong_one_rejected() -> None:
    random = np.random.default_rng(8)
    for law, cv in (("exponential", 1.0), ("gamma", 0.7), ("lognormal", 1.2)):
        hours = drawn(law, 0.5, cv, 600, random)
        assert fits_of_laws(hours)[0].name == law
        wrong = "lognormal" if law != "lognormal" else "exponential"
        assert law_p_value(fit_law(wrong, hours), hours, samples=99, seed=1) <= 0.02
    # Two kinds of vehicles: no single law holds.
    both = np.concatenate([drawn("gamma", 0.1, 0.2, 300, random), drawn("gamma", 2.0, 0.2, 300, random)])
    assert law_p_value(fits_of_laws(both)[0], both, samples=99, seed=1) <= 0.02


@pytest.mark.slow
def test_the_test_of_the_fit_keeps_its_level() -> None:
    """Of fits of the right law, one in ten has a p-value of 0.1 or less, though its parameters are fitted."""
    random = np.random.default_rng(9)
    found = []
    for _ in range(120):
        hours = drawn("gamma", 0.5, 0.7, 60, random)
        found.append(law_p_value(fit_law("gamma", hours), hours, samples=49, seed=int(random.integers(1 << 30))))
    assert 0.03 <= np.mean(np.array(found) <= 0.1) <= 0.19


# ---- stages ----


def simulated_rows(seed: int, days: int, folder: Path, digits: str) -> tuple[list[str], ll.Study]:
    """Stamps of the simulator at the stages of the small border, from a to b."""
    study = ll.open_study(write_small_border(folder))
    pipeline = build_pipeline(study, "GATE", start=START.date(), days=days)
    made = run_replication(pipeline, seed=seed, number=0)
    log, rows = made.log, []
    for vehicle in range(len(made.vehicles.arrival_h)):
        way = ("ab", "ba")[int(made.vehicles.direction[vehicle])]
        for step in range(log.stage.shape[0]):
            if log.stage[step, vehicle] >= 0 and not np.isnan(log.joined[step, vehicle]):
                name = pipeline.stages.names[int(log.stage[step, vehicle])]
                times = (log.joined[step, vehicle], log.began[step, vehicle], log.ended[step, vehicle])
                rows.append(f"V{vehicle},{name},{','.join(stamp(one, digits=digits) for one in times)},{way}")
    return rows, study


def test_stages_of_a_simulated_crossing_are_recovered(tmp_path: Path) -> None:
    rows, study = simulated_rows(3, 28, tmp_path / "study", "%Y-%m-%d %H:%M")
    log = read(tmp_path, *rows, head=f"{HEAD},direction")
    assert log.resolution_h == pytest.approx(1 / 60)
    truth = study.table("stage").set_index("stage_id")
    found = {one.stage: one for one in fit_stages(log, samples=49)}
    assert set(found) <= set(truth.index)
    assert len(found) >= 2
    for name, one in found.items():
        assert one.mean_h is not None
        assert one.mean_h.low <= float(truth.at[name, "mean_h"]) * 1.05
        assert one.mean_h.high >= float(truth.at[name, "mean_h"]) * 0.95


def log_of_hours(hours: np.ndarray, cut_after: float | None = None) -> StageLog:
    """A log of one stage in which every service begins at its own hour, cut off after some time if wished."""
    begin = np.arange(len(hours)) * 1e-6 + np.random.default_rng(1).uniform(0, 40, len(hours))
    end = begin + hours
    if cut_after is not None:
        end = np.where(end > cut_after, np.nan, end)
        begin = np.minimum(begin, cut_after)
    number = np.arange(len(hours))
    nothing = np.full(len(hours), -1)
    ends = float(np.nanmax(np.append(begin, end))) if cut_after is None else cut_after
    return StageLog(
        "log", ("check",), (), len(hours), number, np.zeros(len(hours), dtype=np.int64), nothing, nothing,
        np.full(len(hours), np.nan), begin, end, ends, 0.0, {},
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("law", "cv", "cut"), [("gamma", 0.6, None), ("lognormal", 0.8, None), ("gamma", 0.6, 39.5)])
def test_intervals_cover_what_they_should(law: str, cv: float, cut: float | None) -> None:
    """Of 95 % intervals of logs with 80 services, at least nine of ten hold the true mean and variation."""
    random = np.random.default_rng(11)
    means, variations, number = 0, 0, 100
    for _ in range(number):
        (found,) = fit_stages(log_of_hours(drawn(law, 0.7, cv, 80, random), cut), samples=1)
        assert found.mean_h is not None
        assert found.cv is not None
        means += found.mean_h.low <= 0.7 <= found.mean_h.high
        variations += found.cv.low <= cv <= found.cv.high
    assert means >= 0.88 * number
    # The law is chosen from the same times and not always the true one, so that intervals of the variation hold less.
    assert variations >= 0.76 * number


def test_the_interval_of_a_share_covers_it() -> None:
    random = np.random.default_rng(12)
    inside = 0
    for _ in range(200):
        takes = random.random(120) < 0.07
        vehicle = np.concatenate([np.arange(120), np.flatnonzero(takes)])
        stage = np.concatenate([np.zeros(120, dtype=np.int64), np.ones(int(takes.sum()), dtype=np.int64)])
        begin = np.concatenate([np.arange(120.0), np.flatnonzero(takes) + 0.5])
        log = StageLog("log", ("all", "some"), (), 120, vehicle, stage, np.full(120, -1), np.full(120, -1),
                       np.full(len(vehicle), np.nan), begin, begin + 0.25, 400.0, 0.0, {})  # fmt: skip
        share = fit_stages(log, samples=1)[1].share
        assert share.value == pytest.approx(takes.mean())
        inside += share.low <= 0.07 <= share.high
    assert inside >= 0.9 * 200


@pytest.mark.parametrize("servers", [1, 3, 8])
def test_servers_are_counted_while_vehicles_wait(tmp_path: Path, servers: int) -> None:
    (found,) = fit_stages(read(tmp_path, *queued(servers, 400, servers)), samples=1)
    assert (found.servers, found.servers_known) == (servers, True)
    assert found.wait_h > 0


def test_without_waits_servers_have_a_lower_bound_only(tmp_path: Path) -> None:
    rows = [f"V{n},docs,{stamp(n)},{stamp(n)},{stamp(n + 1.5 + 0.01 * n)}" for n in range(30)]
    (found,) = fit_stages(read(tmp_path, *rows), samples=1)
    assert (found.servers, found.servers_known) == (2, False)


def test_a_log_of_events_gives_the_same_as_a_table(tmp_path: Path) -> None:
    rows = queued(2, 60, 4)
    table = read(tmp_path, *rows)
    events = []
    for row in rows:
        vehicle, stage, *times = row.split(",")
        events += [
            f"{vehicle},{stage},{time},{what}"
            for time, what in zip(times, ("schedule", "start", "complete"), strict=True)
        ]
    events.append(f"V0,{stage},{times[0]},suspend")
    log = read(tmp_path, *sorted(events, key=lambda one: one[::-1]), head=EVENTS, name="events.csv")
    assert log.unused == {"lifecycle suspend, which gives no time of a service": 1}
    one, two = (fit_stages(found, samples=9)[0] for found in (table, log))
    assert one.mean_h is not None
    assert two.mean_h is not None
    assert (two.mean_h.value, two.mean_h.low) == pytest.approx((one.mean_h.value, one.mean_h.low))
    assert two.servers == one.servers
    xes = read(
        tmp_path,
        *sorted(events),
        head="case:concept:name,concept:name,time:timestamp,lifecycle:transition",
        name="x.csv",
    )
    again = fit_stages(xes, samples=9)[0].mean_h
    assert again is not None
    assert again.value == pytest.approx(one.mean_h.value)


def test_rows_that_are_incomplete_are_counted_by_their_reason(tmp_path: Path) -> None:
    rows = [f"V{n},docs,,{stamp(n)},{stamp(n + 0.3 + 0.02 * n)}" for n in range(20)]
    rows += [
        f"V20,docs,{stamp(20)},,{stamp(21)}", f"V21,docs,{stamp(21)},,", f"V22,docs,,{stamp(22)},",
        f"V22,scan,,{stamp(23)},{stamp(23.5)}", f"V23,docs,,{stamp(24)},", "V24,docs,,,",
        f"V25,docs,,{stamp(24.5)},{stamp(24.5)}",
    ]  # fmt: skip
    log = read(tmp_path, *rows)
    docs = next(one for one in fit_stages(log, samples=9) if one.stage == "docs").passage
    assert log.unused == {"no time at all": 1}
    assert docs.left_out == {
        "no end, though the vehicle was seen later": 1, "no begin of the service": 1,
        "came, but was not served in the log": 1,
    }  # fmt: skip
    assert len(docs.cut_off_h) == 1
    assert docs.rounded == 1
    assert len(docs.hours) == 21
    assert len(docs.hours) + len(docs.cut_off_h) + sum(docs.left_out.values()) + 1 == len(log)


def test_classes_with_other_times_are_told_apart(tmp_path: Path) -> None:
    rows = [
        f"V{n},docs,,{stamp(n)},{stamp(n + (0.2 if n % 2 else 0.8) + 0.001 * n)},{'empty' if n % 2 else 'loaded'}"
        for n in range(40)
    ]
    (found,) = fit_stages(read(tmp_path, *rows, head=f"{HEAD},vehicle_class"), samples=49)
    assert found.by_class["empty"].high < 0.3
    assert found.by_class["loaded"].low > 0.7
    assert found.p_value < 0.05


def test_rows_fit_the_table_of_a_study(tmp_path: Path) -> None:
    # The small border has measures and rules on a stage of this name.
    stamps = [row.replace("docs", "documents") for row in queued(2, 80, 5)]
    rows = stage_rows(fit_stages(read(tmp_path, *stamps), samples=9), crossing_id="GATE", source="stamps")
    assert set(rows.columns) <= set(STAGE.by_name)
    assert list(rows.columns) == list(STAGE_ROW_COLUMNS)
    folder = write_small_border(tmp_path / "study")
    (folder / "stage.csv").write_text(rows.assign(source="").to_csv(index=False), encoding="utf-8")
    (folder / "service.csv").unlink(missing_ok=True)
    assert set(ll.open_study(folder).table("stage")["stage_id"]) == {"documents"}


def test_stages_stand_in_the_order_in_which_vehicles_pass_them(tmp_path: Path) -> None:
    rows = [
        f"V{n},{name},,{stamp(n + place)},{stamp(n + place + 0.1)}"
        for n in range(5)
        for place, name in enumerate(("zoo", "gate", "customs"))
        if not (name == "gate" and n % 2)
    ]
    assert read(tmp_path, *reversed(rows)).stages == ("zoo", "gate", "customs")


@pytest.mark.parametrize(
    ("rows", "head", "said"),
    [
        (["V1,docs,,2024-06-03 10:00,2024-06-03 09:00"], HEAD, ["line 2", "end", "before the begin"]),
        (["V1,docs,2024-06-03 11:00,2024-06-03 10:00,"], HEAD, ["line 2", "begin", "before the arrival"]),
        (["V1,docs,,10 o'clock,"], HEAD, ["line 2", "begin", "10 o'clock", "such as"]),
        (["V1,docs,,2024-06-03 10:00,2024-06-03T11:00+06:00"], HEAD, ["line 2", "offset from UTC on all"]),
        ([",docs,,2024-06-03 10:00,"], HEAD, ["line 2", "vehicle_id", "empty cell"]),
        (["V1,docs,,2024-06-03 10:00,2024-06-03 11:00,north"], f"{HEAD},direction", ["line 2", "north", "ab, ba"]),
        (["V1,docs,,2024-06-03 10:00,2024-06-03 11:00,ab", "V1,scan,,2024-06-03 12:00,2024-06-03 13:00,ba"],
         f"{HEAD},direction", ["line 3", "another direction"]),
        (["V1,docs,2024-06-03 10:00"], "vehicle_id,stage_id,begin", ["two times"]),
        (["docs,2024-06-03 10:00,2024-06-03 11:00"], "stage_id,begin,end", ["vehicle_id", "missing column"]),
        (["V1,docs,2024-06-03 10:00,going"], EVENTS, ["line 2", "going", "start", "complete"]),
        (["V1,docs,,,"], HEAD, ["no service is recorded"]),
        (["V1,docs,,a,b", "V2,docs,,c,d"], HEAD, ["line 2", "line 3", "4 problems"]),
    ],
)  # fmt: skip
def test_bad_rows_are_refused_with_their_lines(tmp_path: Path, rows: list[str], head: str, said: list[str]) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, *rows, head=head)
    for words in said:
        assert words in str(raised.value)
