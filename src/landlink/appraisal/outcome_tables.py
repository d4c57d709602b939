"""Tables of an appraisal made from its series and draws."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.appraisal.central import Central, grown
from landlink.appraisal.headline import shown_figure
from landlink.appraisal.outcomes import outcomes_of, rates_note
from landlink.appraisal.series import TRAFFIC, Evaluated, Series
from landlink.appraisal.surplus import PARTS
from landlink.appraisal.year_benefits import YearBenefits
from landlink.core.arrays import Floats
from landlink.ensemble.quantiles import quantiles
from landlink.study.appraisal_settings import AppraisalSettings

__all__ = [
    "by_country_table", "by_year_table", "distribution_table", "flow_table",
    "stream_table", "summary_table", "surplus_table",
]  # fmt: skip

#: Digits of a figure whose interval is not known.
#: Share of a figure below which the width of its interval is rounding.
_ROUNDING: Final = 1e-9
_NOTHING: Final = (math.nan, math.nan, math.nan)
#: Quantities that come from draws, the attribute of :class:`.Outcomes`, and the factor to the unit.
_DRAWN: Final = (
    ("npv_usd", "npv", 1.0), ("eirr_percent", "eirr", 100.0), ("bcr", "bcr", 1.0), ("payback_year", "payback", 1.0),
    ("benefits_usd", "benefits", 1.0), ("costs_usd", "costs", 1.0), ("fnpv_usd", "fnpv", 1.0),
    ("firr_percent", "firr", 100.0),
)  # fmt: skip


def flow_table(series: Series, usd: Floats, financial: Floats, financing: pd.DataFrame) -> pd.DataFrame:
    """Yearly amounts by country, group and item, with the financing of the costs; years without any are left out."""
    key = ["country", "group", "item"]
    of_series = list(zip(*(series.names[name].tolist() for name in key), strict=True))
    names = sorted(set(of_series))
    place_of = {name: place for place, name in enumerate(names)}
    code = np.array([place_of[name] for name in of_series], dtype=np.int64)
    sums = np.zeros((2, len(names), len(series.years)))
    for place, values in enumerate((usd, financial)):
        np.add.at(sums[place], code, values)
    year, row = np.nonzero((sums != 0).any(axis=0).T)
    columns = [pd.array([name[place] for name in names], dtype="str").take(row) for place in range(len(key))]
    flow = pd.DataFrame(
        {
            "year": series.years[year],
            **dict(zip(key, columns, strict=True)),
            "usd": sums[0][row, year],
            "financial_usd": sums[1][row, year],
        }
    )
    if financing.empty:
        return flow
    debt = financing.groupby(["year", *key], as_index=False, sort=True)[["usd", "financial_usd"]].sum()
    return pd.concat([flow, debt], ignore_index=True).sort_values(["year", *key], kind="stable", ignore_index=True)


def stream_table(series: Series) -> pd.DataFrame:
    """Central yearly amounts by country, group, item and the input that scales them besides the traffic.

    What stems from several solved years is summed; growth beyond the last of them is left out.
    """
    traffic = series.inputs.index(TRAFFIC)
    names = [""] * len(series.names)
    for place, input_ in enumerate(series.inputs):
        if place != traffic:
            names = [input_ if at else name for name, at in zip(names, series.exposure[:, place], strict=True)]
    streams = series.names.assign(input=names, traffic=series.exposure[:, traffic].astype(np.int64))
    key = list(streams)
    code, found = pd.factorize(pd.MultiIndex.from_frame(streams), sort=True)
    sums = np.zeros((2, len(found), len(series.years)))
    for place, values in enumerate((series.usd, series.financial)):
        np.add.at(sums[place], code, values)
    row, year = np.nonzero((sums != 0).any(axis=0))
    table = found.to_frame(index=False).set_axis(key, axis="columns").iloc[row].reset_index(drop=True)
    amounts = {"usd": sums[0][row, year], "financial_usd": sums[1][row, year]}
    return table.assign(year=series.years[year], **amounts)[["year", *key, *amounts]]


def by_year_table(series: Series, found: Evaluated, central: Central, settings: AppraisalSettings) -> pd.DataFrame:
    """Benefits and costs of all by year."""
    net, costs = found.net[0], found.costs[0]
    return pd.DataFrame(
        {
            "year": series.years,
            "benefits": net + costs,
            "costs": costs,
            "net": net,
            "factor": series.discount,
            "discounted": net * series.discount,
            "cumulated": np.cumsum(net * series.discount),
            "co2e_t": grown(central, settings.growth_percent),
        }
    )


def by_country_table(series: Series, found: Evaluated, drawn: Mapping[str, Floats]) -> pd.DataFrame:
    """Present values by country and group."""
    known = bool(drawn and series.parties)
    low, median, high = quantiles(drawn["present"]) if known else np.full((3, len(series.parties)), np.nan)
    columns = {name: [party[place] for party in series.parties] for place, name in enumerate(("country", "group"))}
    return pd.DataFrame({**columns, "present_value_usd": found.present[0], "p10": low, "p50": median, "p90": high})


def summary_table(
    series: Series, found: Evaluated, drawn: Mapping[str, Floats], central: Central, settings: AppraisalSettings
) -> pd.DataFrame:
    """Results with their intervals, in the digits that these bear."""
    made = outcomes_of(series, found)
    notes = {
        name: rates_note(getattr(found, flow)[0], series.years.astype(np.float64))
        for name, flow in (("eirr_percent", "net"), ("firr_percent", "financial"))
    }
    rows: list[tuple[Any, ...]] = []
    for quantity, name, factor in _DRAWN:
        ends = _ends(drawn, name, factor)
        roots, note = notes.get(quantity, (None, ""))
        value = factor * float(getattr(made, name)[0])
        if quantity == "payback_year" and math.isnan(value):
            note = f"not paid back by {series.years[-1]}"
        rows.append((quantity, value, *ends, shown_figure(quantity, value, ends), note))
        if roots is not None and len(roots) > 1:
            rows += [
                (
                    f"{quantity.removesuffix('_percent')}_{number}_percent",
                    100 * root,
                    *_NOTHING,
                    f"{100 * root:.3g}",
                    note,
                )
                for number, root in enumerate(roots.tolist(), 1)
            ]
    if drawn:
        share = float((drawn["npv"] > 0).mean())
        note = f"share of {len(drawn['npv']):,} draws"
        shown = "< 0.01" if share < 0.01 else "> 0.99" if share > 0.99 else f"{share:.2f}"
        rows.append(("probability_npv_positive", share, *_NOTHING, shown, note))
    if central.has_emissions or central.spared_t.any():
        tonnes, ends = float(grown(central, settings.growth_percent).sum()), _ends(drawn, "tonnes", 1.0)
        rows.append(("abated_t", tonnes, *ends, shown_figure("abated_t", tonnes, ends), ""))
    else:
        rows.append(("abated_t", math.nan, *_NOTHING, "", "no emissions in the results"))
    return pd.DataFrame(rows, columns=["quantity", "value", "p10", "p50", "p90", "shown", "note"])


def _ends(drawn: Mapping[str, Floats], name: str, factor: float) -> tuple[float, float, float]:
    if not drawn:
        return _NOTHING
    values = drawn[name]
    if name == "payback":
        # What is never paid back lies beyond every year.
        values = np.where(np.isnan(values), np.inf, values)
    with np.errstate(invalid="ignore"):
        low, median, high = (factor * quantiles(values.reshape(-1, 1)).ravel()).tolist()
    return tuple(value if math.isfinite(value) else math.nan for value in (low, median, high))  # type: ignore[return-value]


def distribution_table(drawn: Mapping[str, Floats]) -> pd.DataFrame:
    """Percentiles of the draws, from 1 to 99; empty without draws."""
    percent = np.arange(1, 100) if drawn else np.zeros(0)
    table = pd.DataFrame({"percent": percent.astype(np.float64)})
    for column, name, factor in (("npv_usd", "npv", 1.0), ("eirr_percent", "eirr", 100.0)):
        known = drawn[name].reshape(-1, 1) if drawn else None
        shares = tuple((percent / 100).tolist())
        table[column] = factor * quantiles(known, shares).ravel() if known is not None else np.zeros(0)
    return table


def surplus_table(solved: Sequence[YearBenefits]) -> pd.DataFrame:
    """Users' surplus of each solved year by method and part."""
    rows: list[tuple[int, str, str, float, float, str]] = []
    for one in solved:
        if one.surplus is None:
            usd = float(one.table.loc[one.table["item"] == "real_income", "usd"].sum())
            rows.append((one.year, "income", "total", usd, 1.0, "income of the reference times its change"))
            continue
        found, note = one.surplus, "; ".join(one.surplus.notes)
        known = ~np.isnan(found.half)
        parts = {name: float(found.parts[name].sum()) for name in PARTS}
        rows.append((one.year, "logsum", "total", found.usd, 1.0, note))
        rows += [(one.year, "logsum", name, usd, _share(usd, found.usd), "") for name, usd in parts.items()]
        total, exact = float(found.half[known].sum()), float(found.surplus[known].sum())
        count = f"{int(known.sum()):,} of {int(found.markets.in_both.sum()):,} markets"
        rows.append((one.year, "half", "total", total, 1.0, f"defined for {count}"))
        rows.append((one.year, "logsum_where_half", "total", exact, 1.0, f"of the same {count}"))
    return pd.DataFrame(rows, columns=["year", "method", "part", "usd", "share", "note"])


def _share(part: float, whole: float) -> float:
    return part / whole if whole else math.nan
