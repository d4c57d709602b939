"""An appraisal in rows that a person can read: amounts in millions, in the digits that their doubt bears."""

from __future__ import annotations

import math
from typing import Final

from landlink.appraisal.appraisal import Appraisal
from landlink.appraisal.headline import last_place, paid_back_in
from landlink.appraisal.notes import payer_name
from landlink.ensemble.digits import rounded
from landlink.tables.frames import records

__all__ = ["GROUP_ORDER", "country_rows", "headline_rows", "share_rows", "terms_line"]

#: Quantities of the summary in the order shown, their titles, and the unit: M for millions of the currency.
_HEADLINES: Final = (
    ("npv_usd", "Net present value", "M"),
    ("eirr_percent", "Economic internal rate of return", "%"),
    ("bcr", "Benefit-cost ratio", ""),
    ("payback_year", "Paid back in", "year"),
    ("benefits_usd", "Present value of benefits", "M"),
    ("costs_usd", "Present value of costs", "M"),
    ("fnpv_usd", "Financial net present value of those who pay", "M"),
    ("firr_percent", "Financial internal rate of return", "%"),
    ("probability_npv_positive", "Probability that the net present value is above 0", ""),
    ("abated_t", "CO2 equivalent avoided", "t"),
)
#: Groups in the order of tables and pictures.
GROUP_ORDER: Final = ("shippers", "operators", "governments", "climate", "safety")
_DASH: Final = "–"
_MINUS: Final = "\u2212"
#: Countries listed; the others are summed.
_MOST: Final = 8


def terms_line(found: Appraisal) -> str:
    """Terms in one line: prices, rate, years."""
    terms = found.terms
    solved = ", ".join(map(str, terms.solved_years))
    timing = "" if terms.timing == "end" else ", mid-year"
    return (
        f"prices of {terms.price_year}; present values of {terms.discount_year} at {terms.rate_percent:g} %{timing};"
        f" {terms.first_year} to {terms.last_year}, in service from {terms.opening}; solved: {solved}"
    )


def headline_rows(found: Appraisal) -> list[tuple[str, ...]]:
    """Title, figure to quote, P10, P90, central value, unit and note of each quantity that has a value or a note."""
    rows = []
    table = {str(row["quantity"]): row for row in records(found.tables["summary"])}
    for quantity, title, unit in _HEADLINES:
        if (row := table.get(quantity)) is None:
            continue
        value, ends = float(row["value"]), found.interval(quantity)
        quoted = found.headline(quantity)
        figures = (quoted.value, quoted.low, quoted.high, value)
        if math.isnan(value) and not row["note"]:
            continue
        if quantity == "probability_npv_positive":
            cells = [row["shown"], *[_DASH] * 3]
        elif unit == "year":
            cells = [f"{paid_back_in(one)}" if math.isfinite(one) else _DASH for one in figures]
        else:
            scale = found.terms.currency_per_usd / 1e6 if unit == "M" else 1.0
            place = last_place(quoted.value * scale, (ends[0] * scale, ends[1] * scale, ends[2] * scale))
            cells = [_figure(one * scale, place) for one in figures]
        named = f"million {found.terms.currency}" if unit == "M" else "" if unit == "year" else unit
        rows.append((title, *map(str, cells), named, str(row["note"])))
    return rows


def country_rows(found: Appraisal) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and rows of present values by country and group, million; the largest first, the rest summed."""
    table, scale = found.tables["by_country"], found.terms.currency_per_usd / 1e6
    wide = table.pivot_table(index="country", columns="group", values="present_value_usd", aggfunc="sum", sort=True)
    groups = [name for name in (*GROUP_ORDER, *sorted(set(wide.columns) - set(GROUP_ORDER))) if name in wide]
    wide = wide[groups].fillna(0.0) * scale
    wide = wide.assign(all=wide.sum(axis=1))
    order = wide["all"].abs().sort_values(ascending=False, kind="stable").index
    place = last_place(float(wide["all"].abs().max()) if len(wide) else 0.0, (math.nan, math.nan, math.nan))
    shown = [(payer_name(str(name)), *wide.loc[name].tolist()) for name in order[:_MOST]]
    if len(order) > _MOST:
        shown.append((f"{len(order) - _MOST} others", *wide.loc[order[_MOST:]].sum().tolist()))
    shown.append(("all", *wide.sum().tolist()))
    heads = ("million " + found.terms.currency, *groups, "all")
    return heads, [(str(name), *(_figure(float(one), place) for one in values)) for name, *values in shown]


def share_rows(found: Appraisal) -> list[tuple[str, ...]]:
    """Country, benefit, and under each rule its cost and least subsidy, million; empty without costs."""
    table, scale = found.tables["cost_share"], found.terms.currency_per_usd / 1e6
    place = last_place(scale * float(table["cost_usd"].abs().max()), (math.nan,) * 3) if len(table) else None
    rows = []
    for country in sorted(set(table["country"])):
        here = table[table["country"] == country].set_index("rule")
        cells = [_figure(scale * float(here["benefit_usd"].iloc[0]), place)]
        borne = [here["cost_usd"].get(rule, math.nan) for rule in ("agreed", "shapley", "scrb")]
        cells += [_figure(scale * float(cost), place) for cost in borne]
        subsidy = here["least_subsidy_usd"].get("agreed", math.nan)
        rows.append((payer_name(country), *cells, _figure(scale * float(subsidy), place)))
    return rows


def _figure(value: float, place: int | None) -> str:
    if not math.isfinite(value):
        return _DASH
    figure = rounded(value, place)
    text = f"{abs(figure):,.{max(0, -(place or 0))}f}"
    return (_MINUS if figure < 0 else "") + text
