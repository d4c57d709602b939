"""Arrivals of a crossing over a period: random streams, scheduled arrivals and counts, from the tables of its days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from landlink.border.arrival_rates import hourly_rates, scheduled_arrivals
from landlink.border.calendar import TimeAxis
from landlink.border.pipeline import DIRECTIONS, KnownArrivals
from landlink.core.arrays import Bools, Floats
from landlink.study.arrival_counts import filled_counts
from landlink.tables.clock_cells import parse_season, parse_time_zone
from landlink.tables.frames import Row, records

__all__ = ["Arrivals", "enter_arrivals", "no_arrivals"]


@dataclass
class Arrivals:
    """Arrivals of a period while it is put together.

    Attributes
    ----------
    rates
        Vehicles per hour, known numbers included, shape (2, classes, hours).
    at_random
        Hours in which vehicles arrive at the rates, shape (2, classes, hours).
    known
        Direction, class, begin (h), width (h) and number of vehicles of known arrivals.
    """

    rates: Floats
    at_random: Bools
    known: list[tuple[int, int, float, float, float]] = field(default_factory=list)

    def known_arrivals(self) -> KnownArrivals | None:
        """Known arrivals as arrays; ``None`` if all arrivals are random."""
        if self.at_random.all():
            return None
        rows = sorted(self.known)
        direction, kind, begin, width, vehicles = zip(*rows, strict=True) if rows else ((), (), (), (), ())
        return KnownArrivals(
            direction=np.array(direction, dtype=np.int64),
            kind=np.array(kind, dtype=np.int64),
            begin_h=np.array(begin, dtype=np.float64),
            width_h=np.array(width, dtype=np.float64),
            vehicles=np.array(vehicles, dtype=np.float64),
            at_random=self.at_random,
        )


def no_arrivals(classes: int, hours: int) -> Arrivals:
    """Begin a period without arrivals."""
    return Arrivals(np.zeros((2, classes, hours)), np.ones((2, classes, hours), dtype=np.bool_))


def enter_arrivals(
    arrivals: Arrivals,
    tables: Mapping[str, pd.DataFrame],
    crossing: Row,
    classes: Sequence[str],
    days: tuple[date, date],
    axis: TimeAxis,
    load: float,
) -> None:
    """Enter the arrivals of some days into a period.

    Parameters
    ----------
    arrivals
        The period; changed.
    tables
        Tables ``arrival`` and ``arrival_count`` of these days at the crossing.
    crossing
        The crossing.
    classes
        Vehicle classes.
    days
        First day, and the first day after.
    axis
        Time axis of the period.
    load
        Factor on all arrivals.
    """
    begin, end = (axis.at(day, 0, axis.zone) for day in days)
    low, high = int(np.floor(begin)), min(int(np.ceil(end)), arrivals.rates.shape[2])
    clocks = [axis.clock(hour + 0.5) for hour in range(low, high)]
    season = parse_season(crossing["season"]) if crossing["season"] else None
    counts = _counts(tables["arrival_count"])
    for row in records(tables["arrival"]):
        if crossing["directions"] not in ("both", row["direction"]) or row["vehicle_class"] not in classes:
            continue
        stream = DIRECTIONS.index(row["direction"]), classes.index(row["vehicle_class"])
        here = (*stream, slice(low, high))
        if row["timetable"]:
            every = (days[0] + timedelta(days=number) for number in range(-1, (days[1] - days[0]).days))
            found = [(axis.at(*at, axis.zone), vehicles) for at, vehicles in scheduled_arrivals(row, every, season)]
            known = [(hour, 0.0, load * vehicles) for hour, vehicles in found if max(begin, 0.0) <= hour < high]
            arrivals.at_random[here] = False
        else:
            known = []
            with np.errstate(over="ignore"):  # too many vehicles are refused when they are simulated
                arrivals.rates[here] = load * hourly_rates(row, clocks, season)
        counted = list(_counted(counts.get((row["direction"], row["vehicle_class"]), ()), row, crossing, axis))
        hours = np.array([hour for hour, _ in counted if low <= hour < high], dtype=np.int64)
        arrivals.at_random[(*stream, hours)] = False
        arrivals.rates[(*stream, hours)] = 0.0
        replaced = set(hours.tolist())
        known = [one for one in known if int(one[0]) not in replaced]
        known += [(float(hour), 1.0, load * vehicles) for hour, vehicles in counted if hour in replaced]
        for hour, width, vehicles in known:
            arrivals.rates[(*stream, int(hour))] += vehicles
            arrivals.known.append((*stream, hour, width, vehicles))


def _counts(table: pd.DataFrame) -> dict[tuple[str, str], list[Row]]:
    """Rows of counts by direction and class."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in records(table):
        found.setdefault((str(row["direction"]), str(row["vehicle_class"])), []).append(row)
    return found


def _counted(rows: Sequence[Row], row: Row, crossing: Row, axis: TimeAxis) -> Iterator[tuple[int, float]]:
    """Yield the hours on the time axis that have a number of vehicles."""
    zone = parse_time_zone(crossing["time_zone"]) if crossing["time_zone"] else None
    origin = axis.clock(0.0).timestamp() / 3600.0
    for hour, vehicles in filled_counts(rows, row["count_gaps"], zone).items():
        yield round(hour - origin), vehicles
