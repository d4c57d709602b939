"""Flows of what measures cost, by year, country and payer: from the table ``investment`` to amounts of each year.

All amounts are in constant USD of the price year, undiscounted; costs are below zero, what is earned or left over is
above.
``financial_usd`` is what the payer spends, ``usd`` what it costs the economy: the financial amount times the row's
shadow factor.

Construction is phased over its years. Operation and revenue run from the opening to the end of the appraisal, renewals
come at their intervals, and what remains of a life at the end is residual value, in a straight line, in the last year.
The appraisal ends ``horizon_years`` years after the last opening of its measures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeAlias

import pandas as pd

from landlink.appraisal.assumed_costs import Assumption, assumed, assumed_rows
from landlink.appraisal.stated_costs import stated_amount, stated_costs
from landlink.core.currency import Currency
from landlink.core.errors import InputError, Problem
from landlink.study.appraisal_settings import AppraisalSettings
from landlink.study.appraisal_years import opening_year, span
from landlink.study.price_base import PriceBase
from landlink.tables.clock_cells import parse_numbers
from landlink.tables.frames import Row, Tables, is_missing, records
from landlink.tables.lists import split_list

__all__ = ["FLOW_COLUMNS", "GROUPS", "CostFlows", "cost_flows", "cost_shares"]

_Rows: TypeAlias = dict[str, list[dict[str, Any]]]
#: What is said where nobody pays.
#: Groups of the appraisal by who pays.
GROUPS: Final = {"government": "governments", "operator": "operators", "shippers": "shippers"}
FLOW_COLUMNS: Final = ("measure_id", "item_id", "item", "year", "country", "group", "usd", "financial_usd")
_INPUT_COLUMNS: Final = (
    "name", "measure_id", "item_id", "kind", "value", "unit", "low", "high", "distribution", "quality", "source",
    "note",
)  # fmt: skip


@dataclass(frozen=True)
class CostFlows:
    """What measures cost.

    Attributes
    ----------
    flow
        A row for each item, year and country: ``measure_id``, ``item_id``, ``item`` (construction, operation, renewal,
        residual, revenue), ``year``, ``country`` (empty if nobody is named), ``group``, ``usd``, ``financial_usd``.
        Linear in the amount of each item, whose share of the flow are the rows with its ``measure_id`` and ``item_id``.
    inputs
        A row for each item: its ``name``, amount (``value``) in USD of the price year, and how uncertain it is, with
        ``low`` and ``high`` in the same unit; NaN if the item is not varied.
    openings
        Year of opening by measure.
    first_year, last_year
        The appraisal's years: from the first spending, at the latest the first opening, to the end of the horizon.
    assumptions
        What had to be assumed.
    stated
        A row for each item as it is stated; columns :data:`.STATED_COLUMNS`.
    """

    flow: pd.DataFrame
    inputs: pd.DataFrame
    openings: dict[str, int]
    first_year: int
    last_year: int
    assumptions: tuple[Assumption, ...]
    stated: pd.DataFrame


class _Amount(NamedTuple):
    """An amount of an item in a year, as a share of the item's amount; costs below zero."""

    item: str
    year: int
    share: float


def cost_flows(
    tables: Tables,
    measures: Sequence[str],
    settings: AppraisalSettings,
    *,
    base_year: int,
    money: Currency | None = None,
) -> CostFlows:
    """Lay out what measures cost over the years of an appraisal.

    Parameters
    ----------
    tables
        Tables of a study, or of a result in which the measures are applied.
    measures
        The measures; each opens in its own year.
    settings
        Settings of the appraisal.
    base_year
        Base year of the study: the price year, unless the settings name one.
    money
        Currency of the study.

    Raises
    ------
    InputError
        A measure is unknown, or an index or exchange rate is missing; lists every row.

    Examples
    --------
    >>> import landlink as ll
    >>> from landlink.appraisal.costs import cost_flows
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> found = cost_flows(study.tables, ["cku-railway"], study.settings.appraisal, base_year=2023)
    >>> found.openings, found.last_year
    ({'cku-railway': 2030}, 2059)
    """
    register = {str(row["measure_id"]): row for row in records(tables["measure"])}
    if unknown := [name for name in measures if name not in register]:
        raise InputError(Problem("measure", "no such measure", column="measure_id", value=name) for name in unknown)
    base = PriceBase.of(tables, settings.price_year or base_year, money)
    stated = _by_measure(tables, "investment")
    assumptions: list[Assumption] = []
    rows = {name: stated.get(name) or assumed_rows(register[name], base_year, assumptions) for name in measures}
    openings = {name: opening_year(register[name], rows[name], base_year) for name in measures}
    last = max(openings.values(), default=base_year) + settings.horizon_years - 1
    factors = _factors(rows, base, stated)
    flow = [
        (name, str(row["item_id"]), at.item, at.year, country, GROUPS[str(row["payer"])], financial * shadow, financial)
        for name in measures
        for row, usd in zip(rows[name], factors[name], strict=True)
        for shadow in (float(row["shadow_factor"]),)
        for country, share in cost_shares(tables, register[name], row)
        for at in _amounts(row, rows[name], openings[name], last)
        for financial in (at.share * share * usd,)
    ]
    assumptions += _gaps(tables, register, rows, openings, last)
    frame = pd.DataFrame(flow, columns=list(FLOW_COLUMNS)).astype(
        {"year": "int64", "usd": float, "financial_usd": float}
    )
    first = int(min([*frame["year"], *openings.values(), last]))
    stated_rows = stated_costs(rows, register, base)
    return CostFlows(frame, _inputs(rows, factors), openings, first, last, tuple(assumptions), stated_rows)


def cost_shares(tables: Tables, measure: Row, row: Row | None = None) -> list[tuple[str, float]]:
    """Who bears the cost of a measure, or of one row of ``investment``: countries and their shares.

    The country of the row; otherwise the agreed split of ``cost_share``; otherwise the countries of the measure,
    evenly; otherwise nobody who is named.
    """
    if row is not None and row["country"]:
        return [(str(row["country"]), 1.0)]
    agreed = _by_measure(tables, "cost_share").get(str(measure["measure_id"]), [])
    if agreed:
        total = sum(float(one["share"]) for one in agreed)
        return [(str(one["country"]), float(one["share"]) / total) for one in agreed if one["share"] > 0]
    countries = split_list(str(measure["countries"])) or ("",)
    return [(country, 1 / len(countries)) for country in countries]


def _by_measure(tables: Tables, name: str) -> _Rows:
    """Rows of a table that a result may lack, by measure."""
    found: _Rows = {}
    for row in records(tables[name]) if name in tables else ():
        found.setdefault(str(row["measure_id"]), []).append(row)
    return found


def _factors(rows: _Rows, base: PriceBase, stated: _Rows) -> dict[str, list[float]]:
    """Amount of each row in USD of the price year, contingency included."""
    problems: list[Problem] = []
    found: dict[str, list[float]] = {}
    for name, items in rows.items():
        found[name] = []
        for row in items:
            currency, amount = stated_amount(row)
            where = ("investment", f"{name}/{row['item_id']}", "price_year")
            if name not in stated:
                where = ("measure", name, "cost_year")
            faults = base.problems(currency, int(row["price_year"]), table=where[0], row=where[1], column=where[2])
            if faults:
                problems += faults
                continue
            to_usd = base.factor(currency, int(row["price_year"]))
            found[name].append(amount * 1e6 * to_usd * (1 + float(row["contingency_pct"]) / 100))
    if problems:
        raise InputError(dict.fromkeys(problems))
    return found


def _amounts(row: Row, siblings: Iterable[Row], opening: int, last: int) -> Iterator[_Amount]:
    """Amounts of a row by year, as shares of its amount."""
    kind = str(row["kind"])
    residual_stated = any(one["kind"] == "residual" for one in siblings)
    begins = opening if row["begins"] is None else int(row["begins"])
    ends = last if row["ends"] is None else min(int(row["ends"]), last)
    if kind == "construction":
        first, final = span(row)
        yield from (_Amount(kind, first + i, -share) for i, share in enumerate(phasing(row)) if share)
        if not residual_stated:
            yield from _left(row["life_years"], opening, max(final, last), last)
    elif kind == "residual":
        yield _Amount(kind, last if row["begins"] is None else begins, 1.0)
    elif kind == "renewal":
        every = int(row["every_years"])
        years = range(opening + every if row["begins"] is None else begins, ends + 1, every)
        yield from (_Amount(kind, year, -1.0) for year in years)
        if years and not residual_stated:
            life = every if is_missing(row["life_years"]) else row["life_years"]
            yield from _left(life, years[-1], last, last)
    else:
        sign = 1.0 if kind == "revenue" else -1.0
        yield from (_Amount(kind, year, sign) for year in range(begins, ends + 1))


def phasing(row: Row) -> list[float]:
    """Shares of a row of construction by year, adding to 1."""
    first, final = span(row)
    if not row["phasing"]:
        return [1 / (final - first + 1)] * (final - first + 1)
    shares = parse_numbers(str(row["phasing"]))
    return [share / sum(shares) for share in shares]


def _left(life: Any, begins: int, year: int, last: int) -> Iterator[_Amount]:
    """Residual value: the share of a life that begins with a year and lies beyond the last."""
    if not is_missing(life) and (remaining := begins + float(life) - (last + 1)) > 0:
        yield _Amount("residual", year, min(remaining / float(life), 1.0))


def _inputs(rows: _Rows, factors: dict[str, list[float]]) -> pd.DataFrame:
    found = [
        (
            f"investment[{name}/{row['item_id']}]", name, str(row["item_id"]), str(row["kind"]), value, "USD",
            value * row["low"], value * row["high"], str(row["distribution"]), str(row["quality"]), str(row["source"]),
            str(row["note"]),
        )
        for name, items in rows.items()
        for row, value in zip(items, factors[name], strict=True)
    ]  # fmt: skip
    return pd.DataFrame(found, columns=list(_INPUT_COLUMNS)).astype(dict.fromkeys(("value", "low", "high"), float))


def _gaps(
    tables: Tables, register: dict[str, dict[str, Any]], rows: _Rows, openings: dict[str, int], last: int
) -> Iterator[Assumption]:
    """What the rows of measures leave open."""
    agreed = _by_measure(tables, "cost_share")
    for name, items in rows.items():
        open_split = [row for row in items if not row["country"]]
        if open_split and name not in agreed:
            if countries := split_list(str(register[name]["countries"])):
                yield assumed(name, "even_split", len(countries), countries=countries)
            else:
                yield assumed(name, "no_country", 0)
        for row in items:
            life = row["life_years"]
            renewed = any(one["kind"] == "renewal" for one in items)
            if row["kind"] == "construction" and not is_missing(life) and not renewed:
                ends = openings[name] + float(life) - 1
                if ends < last:
                    yield assumed(name, "life_ends", ends, item=str(row["item_id"]), year=ends, last=last)
