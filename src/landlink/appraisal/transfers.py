"""Transfers: parts of what freight pays that are no cost to the economy but income of governments and operators.

Two kinds are known from a result:

- **Charges at crossings** (``cost_usd_per_vehicle``), of loaded vehicles, as shippers pay them: income of the
  governments of both countries, half each. A country with a levy for each ``vehicle`` has that in their place.
- **Levies** (table ``levy``): a share of the money cost of running in a country, or an amount for each vehicle-km
  (empty runs included), tonne-km, vehicle at the border, or tonne in the country.

Shippers pay them within their money costs, so that their surplus is net of them. An appraisal shows each twice: what
shippers pay more, and what the receiver gets more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd

from landlink.appraisal.costs import GROUPS
from landlink.tables.appraisal_schemas import EVERYWHERE
from landlink.tables.frames import Row, Tables, is_missing, mapped, numbers, records, texts

__all__ = ["operating_days", "transfers_of", "vehicle_km"]

#: Items of what governments and operators receive.
_ITEM: Final = {"governments": "taxes", "operators": "charges"}
_COLUMNS: Final = ("country", "group", "item", "input", "usd")


def transfers_of(tables: Tables, levy: pd.DataFrame | None = None) -> pd.DataFrame:
    """What governments and operators receive from freight in a result.

    Parameters
    ----------
    tables
        Tables of the result.
    levy
        Levies in place of those that the result carries.

    Returns
    -------
    pandas.DataFrame
        Columns country, group (governments, operators), item (fees: charges at crossings; taxes; charges), input (the
        levy that scales it, empty for charges at crossings), usd (a year).
    """
    table = tables.get("levy") if levy is None else levy
    levies = [] if table is None else records(table)
    days = operating_days(tables)
    rows = _levies(_Bases(tables, days), levies) if levies else []
    rows += _charges(tables["crossing"], days, {str(levy["country"]) for levy in levies if levy["unit"] == "vehicle"})
    sums: dict[tuple[str, str, str, str], float] = {}
    for country, group, item, scaled_by, usd in rows:
        key = country, group, item, scaled_by
        sums[key] = sums.get(key, 0.0) + usd
    return pd.DataFrame([(*key, sums[key]) for key in sorted(sums)], columns=list(_COLUMNS))


def operating_days(tables: Tables) -> float:
    """Days of operation a year of a result: loaded vehicles a year over those a day, at roads' crossings or links.

    NaN where nothing crosses a border.
    """
    crossing, flow = tables["crossing"], tables["crossing_commodity"]
    vehicle, good = tables["vehicle"], tables["commodity"]
    payload = vehicle.groupby("family")["payload_t"].agg(["min", "max"])
    single = set(payload.index[payload["min"] == payload["max"]])
    factor = dict(zip(good["commodity_id"], numbers(good, "load_factor"), strict=True))
    for family in sorted(single):
        here = (flow["family"] == family).to_numpy()
        load = mapped(flow["commodity_id"], factor)[here] * numbers(flow, "tonnes_per_year")[here]
        there = (crossing["family"] == family).to_numpy()
        a_day = float(numbers(crossing, "loaded_vehicles_per_day")[there].sum())
        if a_day > 0:
            return float(load.sum()) / float(payload.loc[family, "min"]) / a_day
    return float("nan")


def vehicle_km(tables: Tables) -> pd.DataFrame:
    """Traffic a year by country and family, and of all families together, in which a tonne counts once.

    Columns country, family, vehicle_km (empty runs included; NaN of all families), loaded_km, tkm, tonnes.
    """
    country = tables["country"]
    empty = mapped(country["family"], _by_family(tables, "empty_return"))
    return pd.DataFrame(
        {
            "country": country["country"].to_numpy(),
            "family": country["family"].to_numpy(),
            "vehicle_km": numbers(country, "vehicle_km_per_year") * (1 + empty),
            "loaded_km": numbers(country, "vehicle_km_per_year"),
            "tkm": numbers(country, "tkm_per_year"),
            "tonnes": numbers(country, "tonnes_per_year"),
        }
    )


def _by_family(tables: Tables, column: str) -> dict[str, float]:
    """Mean of a column of vehicles by family, weighted by the vehicle-km of its modes."""
    vehicle = tables["vehicle"]
    tkm = dict(zip(tables["mode"]["mode"], numbers(tables["mode"], "tkm_per_year"), strict=True))
    runs = np.array([tkm.get(mode, 0.0) for mode in vehicle["mode"]]) / numbers(vehicle, "payload_t")
    found = {}
    for family in sorted(set(vehicle["family"])):
        here = (vehicle["family"] == family).to_numpy()
        weight = runs[here] if runs[here].sum() > 0 else np.ones(int(here.sum()))
        found[family] = float(np.average(numbers(vehicle, column)[here], weights=weight))
    return found


def _charges(crossing: pd.DataFrame, days: float, replaced: set[str]) -> list[tuple[str, str, str, str, float]]:
    """Charges at crossings by country, without those that levies replace."""
    if not np.isfinite(days) or EVERYWHERE in replaced:
        return []
    usd = np.nan_to_num(numbers(crossing, "cost_usd_per_vehicle")) * numbers(crossing, "loaded_vehicles_per_day") * days
    return [
        (country, "governments", "fees", "", amount / 2)
        for side in ("from_country", "to_country")
        for country, amount in zip(texts(crossing, side), usd.tolist(), strict=True)
        if amount and country not in replaced
    ]


def _levies(bases: _Bases, levies: Sequence[Row]) -> list[tuple[str, str, str, str, float]]:
    rows = []
    for levy in levies:
        group = GROUPS[str(levy["receiver"])]
        same = [one for one in levies if (one["kind"], one["family"]) == (levy["kind"], levy["family"])]
        own = {str(one["country"]) for one in same}
        everywhere = levy["country"] == EVERYWHERE
        for country in bases.countries:
            if country not in own if everywhere else country == levy["country"]:
                amount = bases.amount(country, levy)
                rows.append((country, group, _ITEM[group], f"levy[{levy['kind']}]", amount))
    return rows


class _Bases:
    """What levies are paid for, by country and family."""

    def __init__(self, tables: Tables, days: float) -> None:
        runs, crossing = vehicle_km(tables), tables["crossing"]
        cost = np.nan_to_num(mapped(runs["family"], _by_family(tables, "cost_usd_per_vehicle_km")))
        self._country, self._family = (np.array(texts(runs, name)) for name in ("country", "family"))
        self._amounts = {name: numbers(runs, name) for name in ("vehicle_km", "tkm", "tonnes")}
        # Money is charged to loaded vehicles and pays for the empty ones.
        self._amounts["money"] = cost * numbers(runs, "loaded_km")
        self._ends = [np.array(texts(crossing, side)) for side in ("from_country", "to_country")]
        self._families = np.array(texts(crossing, "family"))
        self._vehicles_a_year = np.nan_to_num(numbers(crossing, "vehicles_per_day") * days)
        self.countries = sorted(set(self._country.tolist()))

    def amount(self, country: str, levy: Row) -> float:
        """What a levy brings in a country, USD a year."""
        if not is_missing(levy["share"]):
            return float(levy["share"]) * self._sum(country, levy, "money")
        rate, unit = float(levy["usd_per_unit"]), str(levy["unit"])
        if unit == "vehicle":
            return rate * self._vehicles(country, levy)
        return rate * self._sum(country, levy, {"vehicle_km": "vehicle_km", "tkm": "tkm", "t": "tonnes"}[unit])

    def _sum(self, country: str, levy: Row, column: str) -> float:
        # A tonne that changes modes counts once.
        family = str(levy["family"]) or ("all" if column == "tonnes" else "")
        of_family = (self._family == family) if family else (self._family != "all")
        return float(self._amounts[column][(self._country == country) & of_family].sum())

    def _vehicles(self, country: str, levy: Row) -> float:
        """Vehicles a year, loaded and empty, that cross a border of the country."""
        at = (self._ends[0] == country) | (self._ends[1] == country)
        of_family = (self._families == str(levy["family"])) | (not levy["family"])
        return float(self._vehicles_a_year[at & of_family].sum())
