"""Replays as tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import pandas as pd

from landlink.resilience.event_phases import Event
from landlink.resilience.output_tables import REPLAY
from landlink.resilience.replay_figures import ReplayFigures
from landlink.tables.names import frame_with_names, name_in

__all__ = ["event_name", "replay_table"]


def replay_table(replays: Iterable[ReplayFigures]) -> pd.DataFrame:
    """The table ``replay`` of some replays."""
    return frame_with_names((row for replay in replays for row in _rows(replay)), REPLAY)


def event_name(event: Event, language: str = "en") -> str:
    """Name of an event in a language, else its own, else its identifier."""
    return name_in(event.names, language) or event.id


def _rows(replay: ReplayFigures) -> Iterator[dict[str, Any]]:
    names = {column: name for column, name in replay.event.names.items() if column != "name"}
    named = {"what": event_name(replay.event), **names}
    for row in (*_course(replay), *_totals(replay), *_countries(replay), *_crossings(replay)):
        yield {"event_id": replay.event.id, **named, **row}
    for row in (*_observed(replay), *_rules(replay)):
        yield {"event_id": replay.event.id, **row}


def _times(replay: ReplayFigures, begins: float, ends: float) -> dict[str, Any]:
    """Days, and the dates that they lie in; the end is the first day that is whole after it."""
    last = replay.begins + timedelta(days=math.ceil(ends))
    return {
        "begins": replay.day(begins).isoformat(), "ends": last.isoformat(), "begins_day": begins, "ends_day": ends,
    }  # fmt: skip


def _course(replay: ReplayFigures) -> Iterator[dict[str, Any]]:
    for part in replay.course.parts:
        times = {**_times(replay, part.begins, part.ends), "phase": part.span.phase_text, "record": "course"}
        yield {**times, "quantity": "arriving", "model": part.arriving, "unit": "share"}
        yield {**times, "quantity": "passing", "model": part.passing, "unit": "share"}
        yield {
            **times, "quantity": "waiting", "model": part.waiting_at_begin, "model_at_end": part.waiting_at_end,
            "unit": "t",
        }  # fmt: skip
        yield {**times, "quantity": "cost_index", "model": part.cost_index, "unit": ""}


def _totals(replay: ReplayFigures) -> Iterator[dict[str, Any]]:
    course = replay.course
    found = {
        "triangle": (course.triangle_days("arriving"), "days"),
        "triangle_passing": (course.triangle_days("passing"), "days"),
        "recovery": (course.recovery_days("arriving"), "days"),
        "recovery_passing": (course.recovery_days("passing"), "days"),
        "clearing": (course.clearing_days, "days"),
        "most_waiting": (course.most_waiting, "t"),
        "added_cost": (float(replay.added_cost.sum()), "USD"),
        "lost_trade": (float(replay.lost_exports.sum()), "USD"),
    }
    times = {**_times(replay, 0.0, course.ends), "record": "total"}
    for quantity, (value, unit) in found.items():
        yield {**times, "quantity": quantity, "model": value if math.isfinite(value) else math.nan, "unit": unit}


def _countries(replay: ReplayFigures) -> Iterator[dict[str, Any]]:
    times = {**_times(replay, 0.0, replay.course.ends), "record": "country", "unit": "USD"}
    amounts = {
        "added_cost": replay.added_cost, "lost_exports": replay.lost_exports, "lost_imports": replay.lost_imports,
    }  # fmt: skip
    for quantity, values in amounts.items():
        for country, value in zip(replay.countries, values.tolist(), strict=True):
            yield {**times, "quantity": quantity, "place": country, "model": value}


def _crossings(replay: ReplayFigures) -> Iterator[dict[str, Any]]:
    for part in replay.crossings:
        times = {
            **_dated(replay, part.piece.begins, part.piece.ends), "phase": part.piece.phase_text,
            "record": "crossing", "unit": "t/day",
        }  # fmt: skip
        for one in part.changes:
            yield {**times, "quantity": "usual", "place": one.key, "model": one.before}
            yield {**times, "quantity": "meanwhile", "place": one.key, "model": one.after}


def _observed(replay: ReplayFigures) -> Iterator[dict[str, Any]]:
    for one in replay.observed:
        yield {
            **_dated(replay, one.begins, one.ends), "record": "observed", "quantity": one.indicator, "model": one.model,
            "observed": one.observed, "bound": one.bound, "error": one.error, "index_error": one.index_error,
            "unit": one.unit, "what": one.what, "source": one.source,
        }  # fmt: skip


def _rules(replay: ReplayFigures) -> Iterator[dict[str, Any]]:
    for one in replay.rules:
        yield {
            **_dated(replay, one.begins, one.ends), "record": "rule", "quantity": "vehicles_per_day",
            "place": one.crossing_id, "model": one.vehicles_per_day, "unit": "vehicles/day", "what": one.rules,
        }  # fmt: skip


def _dated(replay: ReplayFigures, begins: date, ends: date) -> dict[str, Any]:
    days = (float((day - replay.begins).days) for day in (begins, ends))
    begins_day, ends_day = days
    return {"begins": begins.isoformat(), "ends": ends.isoformat(), "begins_day": begins_day, "ends_day": ends_day}
