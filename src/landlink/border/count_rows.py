"""Row for the table ``stage`` from a service rate fitted to hourly counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landlink.border.count_check import open_shifts
from landlink.border.count_fit import CountFit
from landlink.border.stage_fit import STAGE_ROW_COLUMNS

__all__ = ["count_rows"]


def count_rows(
    fit: CountFit, *, crossing_id: str, source: str, service_h: float | None = None, family: str = "road"
) -> pd.DataFrame:
    """Write the rate as one stage of both directions.

    Without a mean service time one server stands for all; with one, as many servers as pass the rate, and the law is
    exponential for want of anything better. A lower bound gives no row.
    """
    if fit.bound:
        return pd.DataFrame([], columns=list(STAGE_ROW_COLUMNS))
    rate = fit.rate_per_h
    servers = 1 if service_h is None else max(1, round(rate.value * service_h))
    mean = servers / rate.value
    range_of = ""
    if service_h is not None:
        low, high = (max(1, round(one * service_h)) for one in (rate.low, rate.high))
        range_of = f" Servers at a mean service time of {service_h:g} h: {low} to {high}."
    row = {
        "crossing_id": crossing_id,
        "family": family,
        "stage_id": "all",
        "order": 1,
        "direction": "both",
        "servers": open_shifts(fit.open_hours, servers),
        "law": "gamma" if service_h is None else "exponential",
        "mean_h": f"{mean:.4g}",
        "cv": f"{max(fit.cv, 0.05) if np.isfinite(fit.cv) else 1.0:.4g}" if service_h is None else "",
        "share": "1",
        "quality": "estimated",
        "source": source,
        "note": f"Service rate {rate} vehicles an hour by {fit.saturated} saturated hours on {fit.days} days of counts."
        f"{range_of}",
    }
    return pd.DataFrame([row], columns=list(STAGE_ROW_COLUMNS))
