"""Benefits of a plan against a base in one solved year, by country, group and item.

- **Shippers**: their surplus, divided into time, reliability, money and other (constants, resistances and variety);
  of a market, a stated share falls to the country of origin, the rest to that of destination. Or real income of
  countries in its place, never both.
- **Governments and operators**: what they receive more. Shippers pay it: the same amount is taken from their item
  ``fees``, ``taxes`` or ``charges`` and put back into ``money``, so that their sum stays their surplus, and transfers
  add up to 0 over the groups. Real income counts all that transport costs as used up, so what is received is no part of
  it either: it is put back into ``real_income``.
- **Operators** also spend less on energy where a measure changes energy alone, such as wires over a railway: with the
  same freight on every link, the cost by the kilometre that shippers pay stays, and the energy saved is a gain. Where
  freight moves, its money costs hold the energy, and nothing is added.
- **Climate** and **safety**: tonnes of CO2 equivalent and casualties avoided, in the country where they arise; tonnes
  of freight, and those that renewable projects spare others who use their grids.

References
----------
S. Jara-Díaz (1986), On the relation between users' benefits and the economic effects of transportation activities,
Journal of Regional Science 26(2): users' surplus and real income measure the same gain, and are not added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.energy_benefits import energy_saved, spared_elsewhere
from landlink.appraisal.notes import Note
from landlink.appraisal.surplus import MARKET, Markets, UsersSurplus, paired_markets, users_surplus
from landlink.appraisal.transfers import transfers_of, vehicle_km
from landlink.core.arrays import Floats
from landlink.core.currency import USD
from landlink.core.errors import InputError, Problem
from landlink.results.result import Result
from landlink.study.price_base import PriceBase
from landlink.tables.appraisal_schemas import EVERYWHERE
from landlink.tables.frames import Tables, mapped
from landlink.trade.country_table import INCOME

__all__ = ["YearBenefits", "climate_columns", "year_benefits"]

#: Items of the shippers' surplus, and the parts of it that each holds.
ITEMS: Final = {
    "time": ("time",),
    "reliability": ("reliability",),
    "money": ("money",),
    "other": ("resource_constant", "resistance", "variety"),
}
#: Tables of emissions, and of what freight pays for them, by country, with the column of each.
EMISSIONS: Final = ("emission_country", "co2e_t_per_year")
PAYMENTS: Final = ("carbon_payment", "usd_per_year")
_KEY: Final = ("country", "group", "item", "input")
#: Inputs that scale an item, besides the traffic.
_SCALED: Final = {"time": "value_of_time", "reliability": "value_of_time", "casualties": "safety_value"}


@dataclass(frozen=True, eq=False)
class YearBenefits:
    """Benefits in one year.

    Attributes
    ----------
    year
        The year.
    table
        Columns country, group, item, input (what scales it besides the traffic), usd.
    co2e_t
        Tonnes of CO2 equivalent that freight avoids, by country; empty without emissions.
    spared_t
        Those that plants spare others who use their grids, by measure that builds them and country.
    surplus
        Users' surplus; ``None`` where real income stands in its place.
    notes
        What a reader should know.
    """

    year: int
    table: pd.DataFrame
    co2e_t: Mapping[str, float]
    spared_t: Mapping[tuple[str, str], float]
    surplus: UsersSurplus | None
    notes: tuple[Note, ...] = ()


def climate_columns(solved: Sequence[YearBenefits]) -> dict[tuple[int, str], int]:
    """Column of the ratios of members for the tonnes of a solved year and country; the first are those of the years."""
    keys = [(place, country) for place, one in enumerate(solved) for country in one.co2e_t]
    return {key: len(solved) + number for number, key in enumerate(keys)}


def year_benefits(base: Result, plan: Result, *, benefit: str, users_split: float, prices: PriceBase) -> YearBenefits:
    """Benefits of a plan against a base, results of one year.

    Parameters
    ----------
    base, plan
        The results.
    benefit
        ``users`` for the users' surplus, ``income`` for real income.
    users_split
        Share of a market's surplus that falls to the country of origin, 0 to 1.
    prices
        Prices in which casualties are valued; all else is in the prices of the results.

    Raises
    ------
    InputError
        Real income is asked for of results without trade in general equilibrium.
    """
    rows: list[tuple[str, str, str, str, float]] = []
    surplus, notes = None, list[Note]()
    if benefit == "income":
        rows += _real_income(base, plan)
        markets, back = paired_markets(base.tables, plan.tables), "real_income"
        weights = _countries(markets, _country_of_zone(plan.tables), users_split)
    else:
        surplus = users_surplus(base.tables, plan.tables, (base.provenance.trade, plan.provenance.trade))
        notes += surplus.notes
        markets, back = surplus.markets, "money"
        weights = _countries(markets, _country_of_zone(plan.tables), users_split)
        rows += _shippers(surplus, weights)
    rows += _transfers(base.tables, plan.tables, weights.of(markets.tonnes.sum(axis=0)), weights.names, back)
    energy, told = energy_saved(base.tables, plan.tables)
    rows, notes = rows + energy, notes + told
    rows += _safety(base.tables, plan.tables, prices)
    table = pd.DataFrame(rows, columns=[*_KEY, "usd"]).groupby(list(_KEY), sort=True)[["usd"]].sum().reset_index()
    climate = _abated(base.tables, plan.tables), _spared(base.tables, plan.tables)
    return YearBenefits(plan.provenance.run.year, table, *climate, surplus, tuple(notes))


def _country_of_zone(tables: Tables) -> dict[str, str]:
    zone = tables["zone"]
    return dict(zip(zone["zone_id"], zone["country"], strict=True))


@dataclass(frozen=True, eq=False)
class _Countries:
    """Countries with the share of each in each market, as one sparse list of entries."""

    names: tuple[str, ...]
    market: np.ndarray
    country: np.ndarray
    share: Floats

    def of(self, values: Floats) -> Floats:
        """What falls to each country of values of markets; shape (countries,)."""
        return np.bincount(self.country, self.share * values[self.market], len(self.names)).astype(np.float64)


def _countries(markets: Markets, country_of: Mapping[str, str], split: float) -> _Countries:
    """Share of each country in each market: ``split`` to the origin's, the rest to the destination's."""
    names = sorted(set(country_of.values()) | {""})
    number = {zone: float(names.index(country)) for zone, country in country_of.items()}
    ends = [np.nan_to_num(mapped(markets.names[name], number)) for name in MARKET[:2]]
    code, size = np.concatenate(ends).astype(np.int64), len(markets.names)
    market = np.concatenate([np.arange(size)] * 2)
    return _Countries(tuple(names), market, code, np.repeat([split, 1 - split], size))


def _shippers(surplus: UsersSurplus, countries: _Countries) -> list[tuple[str, str, str, str, float]]:
    rows = []
    for item, parts in ITEMS.items():
        amounts = countries.of(np.sum([surplus.parts[part] for part in parts], axis=0))
        rows += [
            (name, "shippers", item, _SCALED.get(item, ""), amount)
            for name, amount in zip(countries.names, amounts.tolist(), strict=True)
            if amount
        ]
    return rows


def _transfers(
    before: Tables, after: Tables, tonnes: Floats, countries: Sequence[str], back: str
) -> list[tuple[str, str, str, str, float]]:
    """What receivers gain, and shippers pay, twice with opposite signs.

    Whose shippers pay is not known by market; it is divided as the tonnes of their countries are, which moves no
    country's sum, since what comes out of one of its shippers' items goes ``back`` into another.
    """
    # A result without levies, as those saved before there were any, would count the plan's as new.
    levy = None if "levy" in before and "levy" in after else after.get("levy", before.get("levy"))
    received = _change(transfers_of(before, levy), transfers_of(after, levy))
    received += [
        (country, "governments", "carbon_payment", "", amount)
        for country, amount in _change_by_country(before, after, *PAYMENTS).items()
        if amount
    ]
    rows = list(received)
    share = tonnes / tonnes.sum() if tonnes.sum() > 0 else tonnes
    totals: dict[tuple[str, str], float] = {}
    for _, _, item, scaled_by, amount in received:
        totals[item, scaled_by] = totals.get((item, scaled_by), 0.0) + amount
    for (item, scaled_by), total in totals.items():
        for name, part in zip(countries, (share * total).tolist(), strict=True):
            if part:
                rows.append((name, "shippers", item, scaled_by, -part))
                rows.append((name, "shippers", back, scaled_by, part))
    return rows


def _change(before: pd.DataFrame, after: pd.DataFrame) -> list[tuple[str, str, str, str, float]]:
    one, other = (frame.set_index(list(_KEY))["usd"] for frame in (before, after))
    change = other.sub(one, fill_value=0.0)
    rows = zip(*(map(str, change.index.get_level_values(name)) for name in _KEY), change.tolist(), strict=True)
    return [(country, group, item, scaled, usd) for country, group, item, scaled, usd in rows if usd]


def _real_income(base: Result, plan: Result) -> list[tuple[str, str, str, str, float]]:
    """Equivalent gain of real income by country: income of the reference times the change of its ratio."""
    for result in (base, plan):
        run = result.provenance.trade
        if run is None or run.mode != "general":
            message = "real income needs results with trade in general equilibrium"
            mode = "fixed" if run is None else run.mode
            raise InputError(Problem("benefit", message, result.label, value=mode, allowed="--trade general"))
    before, after = (one.tables["trade_country"].set_index("country") for one in (base, plan))
    if INCOME not in after:
        message = "the result was saved without incomes; run the scenario again"
        raise InputError(Problem("trade_country", message, plan.label))
    ratio = after["real_income_percent"] - before["real_income_percent"].reindex(after.index)
    gain = after[INCOME] * ratio / 100
    return [(str(name), "shippers", "real_income", "", float(usd)) for name, usd in gain.items() if np.isfinite(usd)]


def _change_by_country(before: Tables, after: Tables, name: str, column: str) -> dict[str, float]:
    """Change of a column by country; empty where a result lacks its table."""
    if any(name not in tables for tables in (before, after)):
        return {}
    sums: Sequence[pd.Series[float]] = [tables[name].groupby("country")[column].sum() for tables in (before, after)]
    change = sums[1].sub(sums[0], fill_value=0.0)
    return {str(country): float(value) for country, value in change.items()}


def _abated(before: Tables, after: Tables) -> dict[str, float]:
    return {country: -tonnes for country, tonnes in _change_by_country(before, after, *EMISSIONS).items()}


def _spared(before: Tables, after: Tables) -> dict[tuple[str, str], float]:
    change = spared_elsewhere(after).sub(spared_elsewhere(before), fill_value=0.0)
    ends = (map(str, change.index.get_level_values(level)) for level in (0, 1))
    return {(one, country): tonnes for one, country, tonnes in zip(*ends, change.tolist(), strict=True) if tonnes}


def _safety(before: Tables, after: Tables, prices: PriceBase) -> list[tuple[str, str, str, str, float]]:
    """Casualties avoided, by the rates of the plan's table ``safety``."""
    rates = after.get("safety")
    if rates is None or rates.empty:
        return []
    key = ["country", "family"]
    runs = [vehicle_km(tables).set_index(key)["vehicle_km"] for tables in (before, after)]
    change = (runs[1].sub(runs[0], fill_value=0.0) / 1e9).dropna()
    usd = {
        (row["country"], row["family"]): (
            row["deaths_per_bn_vehicle_km"] * row["usd_per_death"]
            + row["injuries_per_bn_vehicle_km"] * row["usd_per_injury"]
        )
        * prices.factor(USD, int(row["price_year"]), table="safety", row=f"{row['country']},{row['family']}")
        for row in rates.fillna({"injuries_per_bn_vehicle_km": 0.0, "usd_per_injury": 0.0}).to_dict("records")
    }
    rows = []
    ends = zip(*(map(str, change.index.get_level_values(name)) for name in key), change.tolist(), strict=True)
    for country, family, more in ends:
        rate = usd.get((country, family), usd.get((EVERYWHERE, family)))
        if rate is not None and more:
            rows.append((country, "safety", "casualties", _SCALED["casualties"], -more * rate))
    return rows
