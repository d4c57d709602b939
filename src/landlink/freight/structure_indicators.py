"""Indicators of the structure of trade: shares, concentration, unit values, balances, and dependence on a crossing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Final

import pandas as pd

from landlink.freight.definitions import EVERY_COMMODITY, EVERY_FAMILY
from landlink.indicators.registry import IndicatorSet, Listing, TableView

__all__ = ["EXPOSURES", "STRUCTURE", "exposed_countries"]

STRUCTURE: Final = IndicatorSet()

#: Indicators of the largest share over one crossing, by flow.
EXPOSURES: Final = {flow: f"country.{flow}s_crossing_exposure" for flow in ("export", "import")}

_TABLES: Final = ("trade_structure", "zone")
_HHI: Final = (
    "Index of Herfindahl and Hirschman: the sum of the squares of shares in value, in per cent; near 0 for many small"
    " shares, 10,000 for a single one."
)
_DEMAND: Final = "It follows from the demand alone. Goods that are sold on are trade of the countries at the ends."
_BALANCES: Final = ("load_balance",)


def _always(_: tuple[str, ...]) -> bool:
    """The demand alone decides the value, whatever the arguments."""
    return True


def _rows(view: TableView) -> dict[tuple[str, str, str], pd.DataFrame]:
    """Rows of the structure by flow, country and dimension."""
    keys = ["flow", "country", "dimension"]
    return {key: rows.set_index("item") for key, rows in view["trade_structure"].groupby(keys)}  # type: ignore[misc]


def _figure(view: TableView, flow: str, country: str, dimension: str, item: str, column: str) -> float:
    rows = view.derived(_rows).get((flow, country, dimension))
    return 0.0 if rows is None or item not in rows.index else float(rows.at[item, column])  # type: ignore[arg-type]


def _concentration(view: TableView, flow: str, country: str, dimension: str) -> float:
    rows = view.derived(_rows).get((flow, country, dimension))
    return math.nan if rows is None else float(rows["concentration"].sum())


def _of_region(view: TableView) -> set[str]:
    zone = view["zone"]
    return set(zone.loc[zone["kind"] == "internal", "country"])


def _countries(view: TableView) -> Iterable[tuple[str, ...]]:
    """Countries of the region that trade."""
    return [(code,) for code in sorted(_of_region(view) & set(view["trade_structure"]["country"]))]


def _items(flow: str, dimension: str, *, region: bool) -> Listing:
    """Countries with the items of their exports or imports."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        table = view["trade_structure"]
        rows = table[(table["flow"] == flow) & (table["dimension"] == dimension) & (table["item"] != "")]
        known = _of_region(view)
        pairs = zip(rows["country"], rows["item"], strict=True)
        return [pair for pair in pairs if not region or pair[0] in known]

    return listing


def _shares(flow: str, dimension: str, name: str, what: str) -> None:
    @STRUCTURE.indicator(
        f"country.{flow}s_{name}_share",
        arguments=f"country,{name}",
        unit="share",
        meaning=f"Share of {what} in the value of a country's {flow}s. {_DEMAND}",
        tables=_TABLES,
        listing=_items(flow, dimension, region=True),
        every=_items(flow, dimension, region=False),
        fixed_when_demand_fixed=_always,
    )
    def share(view: TableView, country: str, item: str) -> float:
        return _figure(view, flow, country, dimension, item, "value_share")


def _indices(flow: str, dimension: str, name: str, what: str) -> None:
    @STRUCTURE.indicator(
        f"country.{flow}s_{name}_hhi",
        arguments="country",
        unit="",
        meaning=f"Concentration of a country's {flow}s on {what}. {_HHI} {_DEMAND}",
        tables=_TABLES,
        listing=_countries,
        fixed_when_demand_fixed=_always,
    )
    def index(view: TableView, country: str) -> float:
        return _concentration(view, flow, country, dimension)


def _unit_values(flow: str) -> None:
    @STRUCTURE.indicator(
        f"country.{flow}s_unit_value_usd_per_t",
        arguments="country[,partner]",
        unit="USD/t",
        meaning=f"Value of a tonne of a country's {flow}s, with all partners or one. {_DEMAND}",
        tables=_TABLES,
        listing=_countries,
        every=_items(flow, "partner", region=False),
        fixed_when_demand_fixed=_always,
    )
    def unit_value(view: TableView, country: str, partner: str = "") -> float:
        rows = view.derived(_rows).get((flow, country, "partner"))
        if rows is None or (partner and partner not in rows.index):
            return math.nan
        chosen = rows.loc[[partner]] if partner else rows
        return float(chosen["value_usd_per_year"].sum() / chosen["tonnes_per_year"].sum())


def _exposures(flow: str) -> None:
    @STRUCTURE.indicator(
        EXPOSURES[flow],
        arguments="country[,commodity[,family]]",
        unit="share",
        meaning=f"Largest share of the value of a country's {flow}s that passes one crossing, for all commodities"
        f" ({EVERY_COMMODITY}) or one, by any family of modes ({EVERY_FAMILY}) or one.",
        tables=("crossing_exposure", "zone"),
        listing=_exposed(flow, region=True),
        every=_exposed(flow, region=False),
    )
    def exposure(view: TableView, country: str, commodity: str = EVERY_COMMODITY, family: str = EVERY_FAMILY) -> float:
        return view.derived(_largest).get((flow, country, commodity, family), 0.0)


def _largest(view: TableView) -> dict[tuple[str, str, str, str], float]:
    table = view["crossing_exposure"]
    keys = zip(*(table[name] for name in ("flow", "country", "commodity_id", "family")), strict=True)
    return dict(zip(keys, table["value_share"].tolist(), strict=True))


def exposed_countries(view: TableView) -> list[str]:
    """Countries of the region whose exports or imports pass crossings, in the order of the result."""
    known = _of_region(view)
    return [country for country in dict.fromkeys(key[1] for key in view.derived(_largest)) if country in known]


def _exposed(flow: str, *, region: bool) -> Listing:
    """Countries of the region with each commodity by any family; or every country, commodity and family."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        known = _of_region(view)
        keys = [key[1:] for key in view.derived(_largest) if key[0] == flow]
        whole = [(country,) for country, commodity, family in keys if (commodity, family) == _WHOLE]
        parts = [key if key[2] != EVERY_FAMILY else key[:2] for key in keys if key[1:] != _WHOLE]
        shown = [*whole, *(key for key in parts if not region or len(key) == 2)]
        return [key for key in shown if not region or key[0] in known]

    return listing


_WHOLE: Final = (EVERY_COMMODITY, EVERY_FAMILY)

for _flow in ("export", "import"):
    _shares(_flow, "group", "group", "a group of commodities")
    _shares(_flow, "processing_stage", "stage", "a stage of processing (raw, intermediate, final)")
    _indices(_flow, "commodity", "goods", "commodities")
    _indices(_flow, "partner", "partners", "partner countries")
    _unit_values(_flow)
    _exposures(_flow)


@STRUCTURE.indicator(
    "country.trade_balance_musd_per_year",
    arguments="country[,partner]",
    unit="million USD/year",
    meaning=f"Exports of a country minus its imports, with all partners or one. {_DEMAND}",
    tables=_TABLES,
    listing=_countries,
    every=_items("import", "partner", region=False),
    fixed_when_demand_fixed=_always,
)
def _balance(view: TableView, country: str, partner: str = "") -> float:
    found = [view.derived(_rows).get((flow, country, "partner")) for flow in ("export", "import")]
    sums = [_value(rows, partner) for rows in found]
    return (sums[0] - sums[1]) / 1e6


def _value(rows: pd.DataFrame | None, partner: str) -> float:
    if rows is None:
        return 0.0
    values = rows["value_usd_per_year"]
    return float(values.get(partner, 0.0) if partner else values.sum())


def _traded(view: TableView) -> Iterable[tuple[str, ...]]:
    """Pairs of countries that trade, one of the region first."""
    known = _of_region(view)
    table = view["trade_structure"]
    rows = table[table["dimension"] == "partner"]
    pairs = dict.fromkeys(sorted(zip(rows["country"], rows["item"], strict=True)))
    return [(one, other) for one, other in pairs if one in known and (other not in known or one < other)]


@STRUCTURE.indicator(
    "country_pair.trade_imbalance",
    arguments="country,country",
    unit="share",
    meaning="Exports minus imports between two countries, whatever the sign, as a share of their sum: 0 is balance,"
    f" 1 is trade in one direction only. {_DEMAND}",
    tables=_TABLES,
    every=_traded,
    fixed_when_demand_fixed=_always,
)
def _imbalance(view: TableView, one: str, other: str) -> float:
    sent, got = (_figure(view, flow, one, "partner", other, "value_usd_per_year") for flow in ("export", "import"))
    return abs(sent - got) / (sent + got) if sent + got > 0 else math.nan


def _goods_of_pairs(view: TableView) -> dict[frozenset[str], float]:
    """Concentration of the trade of two countries, both directions together, on commodities."""
    rows = view["carried_trade"]
    pairs = [frozenset(pair) for pair in zip(rows["exporter"], rows["importer"], strict=True)]
    keys = [pd.Series(pairs, rows.index, dtype=object, name="pair"), rows["commodity_id"]]
    sums = rows.groupby(keys)["value_usd_per_year"].sum()
    share = sums / sums.groupby(level="pair").transform("sum")
    return dict(((100.0 * share) ** 2).groupby(level="pair").sum())


@STRUCTURE.indicator(
    "country_pair.trade_goods_hhi",
    arguments="country,country",
    unit="",
    meaning=f"Concentration of the trade between two countries, both directions together, on commodities. {_HHI}"
    f" {_DEMAND}",
    tables=("carried_trade", *_TABLES),
    every=_traded,
    subject="trade_structure",
    fixed_when_demand_fixed=_always,
)
def _pair_goods(view: TableView, one: str, other: str) -> float:
    return view.derived(_goods_of_pairs).get(frozenset((one, other)), math.nan)


_Loads = dict[tuple[str, str, str, str], tuple[float, float]]


def _loads(view: TableView) -> _Loads:
    """Loads there and back on a mean day, by basis, countries from and to, and mode or all modes."""
    table, found = view["load_balance"], _Loads()
    columns = ["loaded_ab_per_day", "loaded_ba_per_day"]
    for frame in (table, table.assign(mode=EVERY_FAMILY)):
        sums = frame.groupby(["basis", "country_a", "country_b", "mode"])[columns].sum()
        for (basis, one, other, mode), (there, back) in zip(sums.index.tolist(), sums.to_numpy().tolist(), strict=True):
            found[basis, one, other, mode] = (there, back)
            found[basis, other, one, mode] = (back, there)
    return found


def _pairs(basis: str, *, every: bool) -> Callable[[TableView], Iterable[tuple[str, ...]]]:
    """Pairs of countries with a mode; or, for the trade of all modes, the pairs alone."""

    def listing(view: TableView) -> Iterable[tuple[str, ...]]:
        rows = view["load_balance"][view["load_balance"]["basis"] == basis]
        keys = list(zip(rows["country_a"], rows["country_b"], rows["mode"], strict=True))
        both = [key for one, other, mode in keys for key in ((one, other, mode), (other, one, mode))]
        return [*dict.fromkeys(key[:2] for key in both), *both] if every else both

    return listing


def _declare_loads(scope: str, basis: str, mode: str, what: str) -> None:
    """Declare ratio and implied empties of one basis; without a mode, of all modes together."""
    optional = basis == "trade"
    arguments = f"from,to[,{mode}]" if optional else f"from,to,{mode}"

    @STRUCTURE.indicator(
        f"{scope}.load_ratio",
        arguments=arguments,
        unit="share",
        meaning=f"{what}: those of the weaker direction divided by those of the stronger; 1 is balance.",
        tables=_BALANCES,
        every=_pairs(basis, every=optional),
        fixed_when_demand_fixed=(lambda given: len(given) == 2) if optional else None,
    )
    def ratio(view: TableView, start: str, end: str, way: str = EVERY_FAMILY) -> float:
        there, back = view.derived(_loads).get((basis, start, end, way), (0.0, 0.0))
        return min(there, back) / max(there, back) if max(there, back) > 0 else math.nan

    @STRUCTURE.indicator(
        f"{scope}.implied_empties_per_day",
        arguments=arguments,
        unit="vehicles/day",
        meaning=f"{what}: empties from the first country to the second on a mean day if every load finds one for the"
        " way back, by what is loaded in the other direction beyond this one.",
        tables=_BALANCES,
        every=_pairs(basis, every=optional),
        fixed_when_demand_fixed=(lambda given: len(given) == 2) if optional else None,
    )
    def empties(view: TableView, start: str, end: str, way: str = EVERY_FAMILY) -> float:
        there, back = view.derived(_loads).get((basis, start, end, way), (0.0, 0.0))
        return max(back - there, 0.0)


_declare_loads("border", "border", "family", "Loaded vehicles at the border between two countries")
_declare_loads("country_pair", "trade", "alternative", "Truckloads or 40-foot containers of the trade of two countries")
