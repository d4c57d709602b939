"""Losses as tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.resilience import output_tables
from landlink.resilience.frequency import Rate
from landlink.resilience.hazards import Hazard
from landlink.resilience.loss_statistics import LEVELS
from landlink.resilience.losses import Losses, interval
from landlink.resilience.output_tables import EVERY_CAUSE, EVERY_COUNTRY
from landlink.study.study import Study
from landlink.tables.column import Table
from landlink.tables.frames import Row, records
from landlink.tables.names import frame_with_names, name_in, names_of
from landlink.tables.schemas import TABLES

__all__ = ["loss_tables"]


def loss_tables(losses: Losses, study: Study) -> dict[str, pd.DataFrame]:
    """Tables ``loss``, ``loss_hazard``, ``loss_risk`` and ``loss_curve``.

    Parameters
    ----------
    losses
        The losses.
    study
        The study, for names of hazards.
    """
    rows = {
        output_tables.LOSS: _losses(losses),
        output_tables.LOSS_HAZARD: _hazards(losses, study),
        output_tables.LOSS_RISK: _risk(losses),
        output_tables.LOSS_CURVE: _curve(losses),
    }
    return {table.name: _frame(table, found) for table, found in rows.items()}


def _frame(table: Table, rows: Iterator[dict[str, Any]]) -> pd.DataFrame:
    return frame_with_names(rows, table)


def _places(losses: Losses) -> tuple[str, ...]:
    return (EVERY_COUNTRY, *losses.countries)


def _losses(losses: Losses) -> Iterator[dict[str, Any]]:
    causes = [*losses.causes, EVERY_CAUSE]
    chosen = [*(losses.of_cause(cause) for cause in losses.causes), list(range(len(losses.hazards)))]
    amounts = {figure: losses.expected(figure) for figure in losses.events}
    events = np.array([one.mean_events for one in losses.hazards])
    error = losses.expected_error()
    for place, country in enumerate(_places(losses)):
        for row, (cause, numbers) in enumerate(zip(causes, chosen, strict=True)):
            low, high = interval(losses.members.expected[:, numbers, place].sum(axis=1))
            sums = {figure: float(values[numbers, place].sum()) for figure, values in amounts.items()}
            yield {
                "country": country,
                "cause": cause,
                "expected_usd_per_year": sums["added_cost"],
                "p10": float(low),
                "p90": float(high),
                "standard_error_usd_per_year": error[row, place],
                "events_per_year": float(events[numbers].sum()),
                "waiting_tonne_days_per_year": sums["waiting_tonnes"],
                "waiting_exports_usd_per_year": sums["waiting_exports"],
                "waiting_imports_usd_per_year": sums["waiting_imports"],
            }


def _hazards(losses: Losses, study: Study) -> Iterator[dict[str, Any]]:
    names = {str(row["hazard_id"]): row for row in records(study.tables["hazard"])}
    expected, alone = losses.expected()[:, 0], losses.events["added_cost"]
    low, high = interval(losses.members.expected[:, :, 0])
    for number, one in enumerate(losses.hazards):
        rates = _events(one.rate, one)
        yield {
            "hazard_id": one.id,
            **_names(names[one.id]),
            "cause": one.cause,
            "events_per_year": one.mean_events,
            "p10": rates[0],
            "p90": rates[1],
            "days_per_event": one.mean_days,
            "recovery_days": one.recovery_days,
            "usd_per_event": alone.mean[number, 0],
            "alone_usd_per_year": alone.yearly[number, 0],
            "expected_usd_per_year": expected[number],
            "p10_usd_per_year": low[number],
            "p90_usd_per_year": high[number],
            "idle": "",
        }
    for name, reason in losses.hazards.idle.items():
        yield {
            "hazard_id": name,
            **_names(names[name]),
            "cause": str(names[name]["cause"]),
            "idle": reason,
        }


def _names(row: Row) -> dict[str, str]:
    """Names of a hazard; English where only one is shown."""
    found = names_of(row, TABLES["hazard"])
    return found | {"name": name_in(found)}


def _events(rate: Rate, hazard: Hazard) -> tuple[float, float]:
    low, high = rate.interval
    return low * hazard.share, high * hazard.share


def _risk(losses: Losses) -> Iterator[dict[str, Any]]:
    at_risk, error, conditional = losses.at_risk, losses.at_risk_error, losses.conditional
    ends, of_conditional = losses.at_risk_ends, losses.conditional_ends
    for place, country in enumerate(_places(losses)):
        for row, level in enumerate(LEVELS):
            yield {
                "country": country,
                "percent": round(100 * level, 6),
                "value_at_risk_usd": at_risk[row, place],
                "p10": ends[0][row, place],
                "p90": ends[1][row, place],
                "standard_error_usd": error[row, place],
                "conditional_usd": conditional[row, place],
                "conditional_p10": of_conditional[0][row, place],
                "conditional_p90": of_conditional[1][row, place],
            }


def _curve(losses: Losses) -> Iterator[dict[str, Any]]:
    curve: Floats = losses.curve
    low, high = losses.curve_ends
    for place, country in enumerate(_places(losses)):
        for row, years in enumerate(losses.return_years):
            yield {
                "country": country,
                "return_period_years": years,
                "exceedance_probability": 1 / years,
                "loss_usd": curve[row, place],
                "p10": low[row, place],
                "p90": high[row, place],
            }
