"""The yearly series of an appraisal at its central inputs: benefits of solved years and costs, over all years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.cash_flow import periods_of, present_value
from landlink.appraisal.costs import CostFlows, cost_flows
from landlink.appraisal.inputs import Input, input_name
from landlink.appraisal.notes import Note
from landlink.appraisal.pairs import Pairs
from landlink.appraisal.series import DISPLACED, GROWTH, TRAFFIC, Series
from landlink.appraisal.timeline import growth_beyond, linear_path, weights_of_years
from landlink.appraisal.year_benefits import YearBenefits, climate_columns
from landlink.core.arrays import Floats, Ints
from landlink.core.currency import USD
from landlink.study.appraisal_settings import AppraisalSettings
from landlink.study.appraisal_years import check_solved_years
from landlink.study.price_base import PriceBase
from landlink.tables.appraisal_schemas import EVERYWHERE
from landlink.tables.frames import Tables, numbers, records

__all__ = ["Central", "central_series", "costs_of", "drawn_tonnes", "given_ranges", "grown"]

#: Items of which the shippers' part is no cash.
_NO_CASH: Final = frozenset({"time", "reliability", "other", "real_income", "co2e", "co2e_grid", "casualties"})
#: Items of years in which a measure is run.
_IN_SERVICE: Final = ("operation", "revenue")
#: Tables whose rows bear ranges, and the input that each is.
_RANGES: Final = {"carbon_value": "carbon_value", "safety": "safety_value"}


@dataclass(frozen=True, eq=False)
class Central:
    """Series with what they stem from.

    Attributes
    ----------
    series
        The series.
    costs
        What the measures cost.
    co2e_t
        Tonnes of CO2 equivalent that freight avoids, by the solved year and country of
        :func:`~landlink.appraisal.year_benefits.climate_columns` and by year, growth left out; shape (n, years).
    spared_t
        Tonnes that plants spare others who use their grids, by year; shape (years,).
    has_emissions
        Whether the results tell what freight emits.
    notes
        What a reader should know.
    """

    series: Series
    costs: CostFlows
    co2e_t: Floats
    spared_t: Floats
    has_emissions: bool
    notes: tuple[Note, ...]


def costs_of(pairs: Pairs, settings: AppraisalSettings) -> CostFlows:
    """What the measures between two results cost."""
    plan = pairs.plan[-1]
    base_year = plan.provenance.run.base_year or pairs.years[0]
    return cost_flows(plan.tables, pairs.measures, settings, base_year=base_year, money=plan.currency)


def central_series(
    pairs: Pairs, settings: AppraisalSettings, solved: Sequence[YearBenefits], prices: PriceBase
) -> Central:
    """Lay benefits of solved years and costs out over all years.

    Parameters
    ----------
    pairs
        The results.
    settings
        Rate, years and growth.
    solved
        Benefits of each solved year, ascending.
    prices
        Prices of the price year.
    """
    costs, plan = costs_of(pairs, settings), pairs.plan[-1]
    base_year = plan.provenance.run.base_year or settings.price_year
    _check_years(pairs, settings, base_year)
    opening, told = _opening(costs, pairs.years)
    years = np.arange(min(costs.first_year, opening), costs.last_year + 1)
    weights = weights_of_years(np.array(pairs.years), years, opening)
    # Benefits are in prices of the base year of the study, as its costs of transport are.
    to_price_year = prices.factor(USD, base_year, table="price_index", row=f"{USD},{settings.price_year}")
    rows = _Rows(years)
    for place, one in enumerate(solved):
        rows.add_benefits(one, place, weights[place], to_price_year)
    spared, ended = _spared_by_year(solved, weights, years, costs)
    notes = [*told, *ended, *_climate(rows, solved, weights, spared, plan.tables, prices)]
    rows.add_costs(costs.flow)
    columns = climate_columns(solved)
    tonnes = np.array([solved[place].co2e_t[country] * weights[place] for place, country in columns])
    discount = present_value(
        np.ones(len(years)),
        settings.discount_rate_percent / 100,
        periods_of(years, settings.discount_year or settings.price_year, settings.timing),  # type: ignore[arg-type]
    )
    notes += [one.note for one in costs.assumptions]
    return Central(
        rows.series(pairs.years[-1], discount),
        costs,
        tonnes.reshape(len(columns), len(years)),
        _total(spared, years),
        any(one.co2e_t for one in solved),
        tuple(notes),
    )


def _check_years(pairs: Pairs, settings: AppraisalSettings, base_year: int) -> None:
    tables = pairs.plan[-1].tables
    measures = [row for row in records(tables["measure"]) if row["measure_id"] in pairs.measures]
    stated = records(tables["investment"]) if "investment" in tables else []
    horizon = settings.horizon_years
    check_solved_years(pairs.years, measures, stated, base_year=base_year, horizon_years=horizon)


def grown(central: Central, growth_percent: float) -> Floats:
    """Tonnes avoided by year, with the growth beyond the last solved year."""
    factor = growth_beyond(central.series.last, central.series.years, np.array([growth_percent / 100]))
    return np.asarray(central.co2e_t.sum(axis=0) * factor[0] + central.spared_t)


def drawn_tonnes(central: Central, factors: Floats, ratios: Floats | None) -> Floats:
    """Tonnes avoided in all years by draw; arguments as of :meth:`.Series.evaluate`, shape (draws,)."""
    series = central.series
    growth = growth_beyond(series.last, series.years, factors[:, series.inputs.index(GROWTH)] / 100)
    by_column = growth @ central.co2e_t.T
    if ratios is not None:
        by_column = by_column * ratios[:, ratios.shape[1] - by_column.shape[1] :]
    tonnes = by_column.sum(axis=1) * factors[:, series.inputs.index(TRAFFIC)]
    spared = central.spared_t.sum()
    # Without a shadow price what plants spare is no input of the appraisal, and stays as it is.
    drawn = factors[:, series.inputs.index(DISPLACED)] if DISPLACED in series.inputs else 1.0
    return np.asarray(tonnes + spared * drawn)


def _opening(costs: CostFlows, years: Sequence[int]) -> tuple[int, list[Note]]:
    """First year in which benefits count, and what is to be said of it."""
    first, opens = years[0], costs.openings
    up_to_first = [year for year in opens.values() if year <= first]
    opening, notes = max(up_to_first, default=first), list[Note]()
    if late := sorted(name for name, year in opens.items() if year > first):
        if not up_to_first:
            opening = min(opens.values())
        notes.append(Note("late_opening", measures=late, year=first))
    if up_to_first and min(up_to_first) < opening:
        notes.append(Note("early_opening", first=min(up_to_first), year=opening))
    if opening < first:
        notes.append(Note("before_first", first=opening, last=first - 1, year=first))
    return opening, notes


class _Rows:
    """Rows of series as they are collected."""

    def __init__(self, years: Ints) -> None:
        self._years = years
        self._names: list[tuple[str, str, str]] = []
        self._inputs: list[tuple[str, ...]] = []
        self._solved: list[int] = []
        self._usd: list[Floats] = []
        self._financial: list[Floats] = []

    def add(
        self, name: tuple[str, str, str], inputs: tuple[str, ...], solved: int, usd: Floats, financial: Floats
    ) -> None:
        self._names.append(name)
        self._inputs.append(tuple(one for one in inputs if one))
        self._solved.append(solved)
        self._usd.append(usd)
        self._financial.append(financial)

    def add_benefits(self, one: YearBenefits, place: int, weight: Floats, to_price_year: float) -> None:
        """Add the benefits of a solved year; casualties are in prices of the price year."""
        table = one.table
        ends = zip(*(table[name].tolist() for name in ("country", "group", "item", "input")), strict=True)
        for (country, group, item, scaled), usd in zip(ends, numbers(table, "usd").tolist(), strict=True):
            amounts = usd * weight * (1.0 if item == "casualties" else to_price_year)
            cash = np.zeros(len(weight)) if item in _NO_CASH else amounts
            self.add((country, group, item), (TRAFFIC, scaled), place, amounts, cash)

    def add_costs(self, flow: pd.DataFrame) -> None:
        """Add what measures cost."""
        keys = ["measure_id", "item_id", "item", "country", "group"]
        for (measure, item_id, item, country, group), rows in flow.groupby(keys, sort=True):
            usd, financial = np.zeros((2, len(self._years)))
            place = rows["year"].to_numpy(dtype=np.int64) - self._years[0]
            np.add.at(usd, place, numbers(rows, "usd"))
            np.add.at(financial, place, numbers(rows, "financial_usd"))
            name = input_name(str(measure), str(item_id), str(item))
            self.add((str(country), str(group), str(item)), (name,), -1, usd, financial)

    def series(self, last: int, discount: Floats) -> Series:
        """All of them."""
        inputs = (TRAFFIC, *sorted({name for one in self._inputs for name in one} - {TRAFFIC}), GROWTH)
        exposure = np.array([[name in one for name in inputs] for one in self._inputs], dtype=np.bool_)
        solved, shape = np.array(self._solved, dtype=np.int64), (len(self._names), len(self._years))
        columns = {
            name: pd.Series([one[place] for one in self._names], dtype="str")
            for place, name in enumerate(("country", "group", "item"))
        }
        return Series(
            pd.DataFrame(columns), self._years, np.array(self._usd).reshape(shape),
            np.array(self._financial).reshape(shape), inputs, exposure.reshape(len(self._inputs), len(inputs)),
            solved >= 0, solved, last, discount,
        )  # fmt: skip


def _climate(
    rows: _Rows,
    solved: Sequence[YearBenefits],
    weights: Floats,
    spared: Mapping[str, Floats],
    tables: Tables,
    prices: PriceBase,
) -> list[Note]:
    """Add tonnes avoided at the shadow price of their year."""
    if not any(one.co2e_t for one in solved):
        return [Note("no_emissions")]
    path = _ShadowPath(tables, prices)
    if not path.known:
        return [Note("no_carbon_value")]
    countries = sorted({country for one in solved for country in one.co2e_t} | set(spared))
    unpriced = [country for country in countries if not path.has(country)]
    for (place, country), column in climate_columns(solved).items():
        if path.has(country):
            usd = solved[place].co2e_t[country] * weights[place] * path.of(country, rows._years)  # noqa: SLF001  its own
            rows.add((country, "climate", "co2e"), (TRAFFIC, "carbon_value"), column, usd, np.zeros(len(usd)))
    # What plants spare depends on no traffic, grows with none, and differs between no members of ensembles.
    for country, by_year in spared.items():
        if path.has(country):
            usd = by_year * path.of(country, rows._years)  # noqa: SLF001  likewise
            rows.add((country, "climate", "co2e_grid"), (DISPLACED, "carbon_value"), -1, usd, np.zeros(len(usd)))
    return [Note("unpriced_countries", countries=unpriced)] if unpriced else []


def _spared_by_year(
    solved: Sequence[YearBenefits], weights: Floats, years: Ints, costs: CostFlows
) -> tuple[dict[str, Floats], list[Note]]:
    """Tonnes that plants spare others, by country: while the measure that builds them is run; and what to say."""
    flow = costs.flow[costs.flow["item"].isin(_IN_SERVICE)]
    last = {str(measure): int(year) for measure, year in flow.groupby("measure_id")["year"].max().items()}
    found: dict[str, Floats] = {}
    for place, one in enumerate(solved):
        for (measure, country), tonnes in one.spared_t.items():
            in_service = years <= last.get(measure, years[-1])
            by_year = tonnes * weights[place] * in_service
            found[country] = found.get(country, np.zeros(len(years))) + by_year
    measures = sorted({measure for one in solved for measure, _ in one.spared_t})
    ended = [
        Note("plants_end", ("measure", measure), year=last[measure])
        for measure in measures
        if last.get(measure, years[-1]) < years[-1]
    ]
    return dict(sorted(found.items())), ended


def _total(by_country: Mapping[str, Floats], years: Ints) -> Floats:
    return np.asarray(sum(by_country.values(), np.zeros(len(years))))


class _ShadowPath:
    """Shadow price of carbon by country and year, USD/t of the price year."""

    def __init__(self, tables: Tables, prices: PriceBase) -> None:
        self.known: dict[str, tuple[Ints, Floats]] = {}
        if "carbon_value" not in tables:
            return
        table = tables["carbon_value"]
        for country, rows in table[table["kind"] == "shadow"].groupby("country"):
            where = [f"shadow,{country},{year}" for year in rows["year"]]
            factor = [
                prices.factor(USD, int(year), table="carbon_value", row=row)
                for year, row in zip(rows["price_year"], where, strict=True)
            ]
            usd = numbers(rows, "usd_per_t") * np.array(factor)
            self.known[str(country)] = rows["year"].to_numpy(dtype=np.int64), usd

    def has(self, country: str) -> bool:
        return country in self.known or EVERYWHERE in self.known

    def of(self, country: str, years: Ints) -> Floats:
        return linear_path(*self.known.get(country, self.known.get(EVERYWHERE, (years, np.zeros(len(years))))), years)


def given_ranges(costs: CostFlows, tables: Tables) -> Mapping[str, Input]:
    """Ranges of inputs that the study gives."""
    found: dict[str, Input] = {}
    for row in costs.inputs.to_dict("records"):
        name, value = input_name(*(str(row[key]) for key in ("measure_id", "item_id", "kind"))), float(row["value"])
        known = np.isfinite([row["low"], row["high"]]).all() and value > 0
        ends = (float(row["low"]), float(row["high"]), str(row["distribution"])) if known else (value, value, "fixed")
        multiplies = f"{row['kind']} of {row['measure_id']}, item {row['item_id']}"
        quality, source = str(row["quality"]), str(row["source"])
        found[name] = Input(name, value, ends[0], ends[1], USD, ends[2], multiplies, quality, source)
    for table, name in _RANGES.items():
        if table in tables and (one := _mean_range(tables[table], name)):
            found[name] = one
    if "levy" in tables:
        for kind, rows in tables["levy"].groupby("kind"):
            if one := _mean_range(rows, f"levy[{kind}]"):
                found[one.name] = one
    return found


def _mean_range(rows: pd.DataFrame, name: str) -> Input | None:
    """The mean range of rows that are moved together; ``None`` where none has one."""
    rows = rows[rows["kind"] == "shadow"] if name == "carbon_value" else rows
    known = rows[rows["low"].notna() & rows["high"].notna()]
    if known.empty:
        return None
    low, high = (float(numbers(known, end).mean()) for end in ("low", "high"))
    first = known.iloc[0]
    sources = ", ".join(dict.fromkeys(text for text in known["source"].astype("str") if text))
    what = {"carbon_value": "the shadow price of CO2 equivalent", "safety_value": "the value of casualties"}
    return Input(
        name, 1.0, low, high, "factor", str(first["distribution"]), what.get(name, name), str(first["quality"]), sources
    )
