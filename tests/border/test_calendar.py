"""Open hours against a count minute by minute, clocks that change, rates that add up, breakdowns."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import landlink as ll
from landlink.border.arrival_rates import hourly_rates
from landlink.border.breakdowns import servers_with_breakdowns
from landlink.border.calendar import Opening, TimeAxis, open_spans, servers_at_work, shift_spans
from landlink.border.pipeline import Pipeline
from landlink.border.pipeline_builder import build_pipeline
from landlink.tables.clock_cells import Shift, parse_holidays, parse_hours, parse_season, parse_shifts, parse_weekdays
from tests.support.small_border import write_small_border

ZONES = ["Asia/Bishkek", "Asia/Shanghai", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]
HOURS = ["00:00-24:00", "08:00-20:00", "09:00-13:00;14:00-18:00", "20:00-04:00", "00:30-01:15;22:45-23:50"]
SHIFTS = ["2", "08:00-16:00=4;16:00-20:00=2", "22:00-06:00=3", "06:00-14:00=1;12:00-20:00=2;20:00-06:00=0"]


def works(opening: Opening, moment: datetime) -> bool:
    """Whether a range that began today or yesterday holds a minute: the plain way."""
    local = moment.astimezone(opening.zone)
    minute = local.hour * 60 + local.minute
    today, yesterday = local.date(), local.date() - timedelta(days=1)
    return any(part.begin <= minute < part.end for part in opening.hours_on(today)) or any(
        part.begin <= minute + 1440 < part.end for part in opening.hours_on(yesterday)
    )


def on_duty(shifts: tuple[Shift, ...], zone: ZoneInfo, moment: datetime) -> int:
    local = moment.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return sum(s.servers for s in shifts if s.begin <= minute < s.end or s.begin <= minute + 1440 < s.end)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES), st.sampled_from(ZONES), st.sampled_from(ZONES), st.sampled_from(HOURS),
    st.sampled_from(SHIFTS), st.sampled_from(["mon-sun", "mon-fri", "sat;mon"]),
    st.dates(date(2015, 1, 1), date(2030, 1, 1)),
)  # fmt: skip
def test_open_hours_as_counted_minute_by_minute(
    axis_zone: str, opening_zone: str, shift_zone: str, hours: str, shifts: str, days: str, start: date
):
    axis = TimeAxis(start, ZoneInfo(axis_zone))
    opening = Opening(
        ZoneInfo(opening_zone), parse_hours(hours), parse_weekdays(days), (parse_holidays("01-01;05-09"),),
        parse_season("03-01/11-30"),
    )  # fmt: skip
    clock, last = ZoneInfo(shift_zone), start + timedelta(days=9)
    spans = servers_at_work(
        open_spans(axis, opening, start, last), shift_spans(axis, parse_shifts(shifts), clock, start, last), 0.0, 216.0
    )
    assert spans[0][0] == 0.0
    assert spans[-1][1] == 216.0
    begins = np.array([span[0] for span in spans])
    assert (np.diff(begins) > 0).all()
    origin = datetime.combine(start, time.min, axis.zone).astimezone(UTC)
    for minute in range(0, 216 * 60, 7):
        hour = (minute + 0.5) / 60
        moment = origin + timedelta(hours=hour)
        if _near_a_clock_change(moment, (ZoneInfo(opening_zone), clock)):
            continue
        expected = on_duty(parse_shifts(shifts), clock, moment) if works(opening, moment) else 0
        assert spans[int(np.searchsorted(begins, hour, side="right")) - 1][2] == expected


def _near_a_clock_change(moment: datetime, zones: tuple[ZoneInfo, ...]) -> bool:
    """Local times that come twice, or not at all, have no plain meaning."""
    around = (moment + timedelta(hours=step) for step in (-2, 2))
    before, after = ([at.astimezone(zone).utcoffset() for zone in zones] for at in around)
    return before != after


def test_a_day_is_shorter_when_summer_time_begins_and_longer_when_it_ends():
    zone = ZoneInfo("Europe/Berlin")
    whole = Opening(zone, parse_hours("00:00-24:00"), frozenset({6}), (), None)
    for start, length in ((date(2024, 3, 30), 23), (date(2024, 10, 26), 25), (date(2024, 6, 1), 24)):
        (span,) = (s for s in open_spans(TimeAxis(start, zone), whole, start, start + timedelta(days=2)) if s[0] == 24)
        assert span[1] - span[0] == length


def test_sides_keep_their_own_clocks(tmp_path: Path):
    pipeline = small(tmp_path, date(2024, 3, 4), 1)
    scales = slice(int(pipeline.stages.servers.first[1]), int(pipeline.stages.servers.first[2]))
    # 10:00-19:00 in Shanghai (UTC+8) is 08:00-17:00 in Bishkek (UTC+6).
    assert pipeline.stages.servers.time_h[scales].tolist() == [0, 8, 17]
    assert pipeline.stages.servers.value[scales].tolist() == [0, 1, 0]


def test_a_ferry_of_half_a_year():
    row = {"vehicles_per_day": 10.0, "hour_profile": "", "weekday_profile": "", "month_profile": ""}
    rates = hourly_rates(row, _year(2023), parse_season("05-01/10-31"))
    assert rates[: 24 * 120].sum() == 0
    assert rates.sum() == pytest.approx(3650, rel=1e-12)


PROFILE = st.floats(0, 10).map(lambda value: round(value, 3))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2000, 2040), st.floats(0.1, 500),
    st.lists(PROFILE, min_size=24, max_size=24).filter(any),
    st.lists(PROFILE.map(lambda value: value + 0.1), min_size=7, max_size=7),
    st.lists(PROFILE.map(lambda value: value + 0.1), min_size=12, max_size=12),
)  # fmt: skip
def test_rates_of_a_year_add_up(year: int, mean: float, hourly: list[float], weekly: list[float], monthly: list[float]):
    texts = [";".join(map(str, profile)) for profile in (hourly, weekly, monthly)]
    row = dict(zip(("hour_profile", "weekday_profile", "month_profile"), texts, strict=True))
    rates = hourly_rates({"vehicles_per_day": mean, **row}, _year(year), None)
    assert math.fsum(rates) == pytest.approx(mean * len(rates) / 24, rel=1e-9)
    first = rates[:24] * sum(hourly)
    np.testing.assert_allclose(first / max(first.max(), 1e-300), np.array(hourly) / max(hourly), atol=1e-12)


def _year(year: int) -> list[datetime]:
    first = datetime(year, 1, 1, 0, 30, tzinfo=UTC)
    hours = (datetime(year + 1, 1, 1, tzinfo=UTC) - datetime(year, 1, 1, tzinfo=UTC)).days * 24
    return [first + timedelta(hours=step) for step in range(hours)]


def small(folder: Path, start: date, days: int) -> Pipeline:
    return build_pipeline(ll.open_study(write_small_border(folder / "study")), "GATE", start=start, days=days)


def test_breakdowns_differ_between_replications_and_take_their_share(tmp_path: Path):
    pipeline = small(tmp_path, date(2024, 3, 4), 700)
    planned = work(pipeline, *_scales(pipeline, pipeline.stages.servers))
    found = []
    for replication in range(40):
        steps = servers_with_breakdowns(pipeline, seed=7, replication=replication)
        again = servers_with_breakdowns(pipeline, seed=7, replication=replication)
        assert steps.time_h.tobytes() == again.time_h.tobytes()
        documents = slice(0, int(steps.first[1]))
        assert np.array_equal(steps.value[documents], pipeline.stages.servers.value[documents])
        found.append(work(pipeline, *_scales(pipeline, steps)) / planned)
    assert len(set(found)) == 40
    error = np.std(found) / math.sqrt(len(found))
    assert np.mean(found) == pytest.approx(200 / 208, abs=4 * error)


def _scales(pipeline: Pipeline, steps) -> tuple[np.ndarray, np.ndarray]:
    part = slice(int(steps.first[1]), int(steps.first[2]))
    return steps.time_h[part], steps.value[part]


def work(pipeline: Pipeline, time_h: np.ndarray, value: np.ndarray) -> float:
    return float((np.diff([*time_h, pipeline.hours]) * value).sum())
