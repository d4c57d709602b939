"""The trade answer in the terms of published work: see :mod:`tools.trade_answer`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import pandas as pd

import landlink as ll
from tools.markdown import grid
from tools.trade_answer_cases import Case, income

#: Countries of Central Asia.
REGION: Final = ("KAZ", "KGZ", "TJK", "TKM", "UZB")
#: Economies of the programme CAREC that the trade accounts hold.
CAREC: Final = ("AFG", "AZE", "CHN", "GEO", "KAZ", "KGZ", "MNG", "PAK", "TJK", "TKM", "UZB")
_MARKET: Final = ["origin_zone_id", "destination_zone_id", "commodity_id"]


def published_tables(cases: Mapping[str, Case]) -> Iterator[str]:
    """Times, costs and income by the railway and by every project, and what faster borders do to trade."""
    base, less = cases["base"], cases["faster"]
    rows = []
    for name in ("railway", "every project"):
        after = cases[name]
        for country in REGION:
            hours = mean_change(base, after, "time_h", country)
            cost = mean_change(base, after, "generalised_cost_usd_per_t", country)
            price = trade_cost_change(base, after, country)
            gain = income(base, after)[country]
            rows.append((name, country, f"{hours:+.1f} %", f"{cost:+.1f} %", f"{price:+.2f} %", f"{gain:+.2f} %"))
        rows.append((name, "Central Asia", "", "", "", f"{region_income(base, after):+.2f} %"))
    heads = ("against the base", "country", "shipment times", "freight cost", "price at arrival", "real income")
    yield from grid(heads, rows, right=range(2, 6))
    yield ""
    borders = []
    for what, members in (("CAREC", CAREC), ("CAREC without China", tuple(c for c in CAREC if c != "CHN"))):
        before, after = (inner_trade(case, members) for case in (base, less))
        share = border_share(base, members)
        borders.append((what, f"{before / 1e9:,.1f}", f"{100 * (after / before - 1):+.2f} %", f"{share:.2%}"))
    heads = ("10 % less time at all borders", "trade in goods, bn USD", "change", "border time in the price at arrival")
    yield from grid(heads, borders, right=range(1, 4))


def mean_change(before: Case, after: Case, column: str, country: str) -> float:
    """Change of a mean over the shipments of a country, percent; weighted by their value before."""
    was, now = means(before, after, column, country, "")
    return 100 * (now / was - 1)


def means(before: Case, after: Case, column: str, one: str, other: str) -> tuple[float, float]:
    """Means over international shipments before and after, weighted by their value before.

    Shipments are those from a country to another, or all of one country if the other is empty.
    """
    value = before.result["commodity"].set_index("commodity_id")["value_usd_per_t"]
    zone = before.result["zone"].set_index("zone_id")["country"]
    sums = []
    for case in (before, after):
        od = case.result["od"]
        ends = [od[f"{end}_zone_id"].map(zone) for end in ("origin", "destination")]
        mine = (ends[0] == one) & (ends[1] == other) if other else (ends[0] == one) | (ends[1] == one)
        rows = od[mine & (ends[0] != ends[1])]
        spent = rows.assign(spent=rows[column] * rows["tonnes_per_year"])
        sums.append(spent.groupby(_MARKET)[["tonnes_per_year", "spent"]].sum())
    goods = sums[0].index.get_level_values("commodity_id")
    weight = sums[0]["tonnes_per_year"] * value.reindex(goods).to_numpy()
    mean = [table["spent"] / table["tonnes_per_year"] for table in sums]
    joined = pd.concat([*mean, weight], axis=1, keys=("before", "after", "weight")).dropna()
    total = float(joined["weight"].sum())
    was, now = (float((joined[name] * joined["weight"]).sum()) / total for name in ("before", "after"))
    return was, now


def trade_cost_change(before: Case, after: Case, country: str) -> float:
    """Change of the trade cost of a country's international trade, percent; weighted by value."""
    names = before.flows.index
    mine = (names.get_level_values("exporter") == country) | (names.get_level_values("importer") == country)
    weight = before.flows["value_usd_per_year"][mine]
    ratio = after.flows["trade_cost_ratio"].reindex(weight.index) / before.flows["trade_cost_ratio"][mine]
    return float(100 * ((ratio * weight).sum() / weight.sum() - 1))


def inner_trade(case: Case, members: Sequence[str]) -> float:
    """Trade in goods among some countries, USD a year."""
    return float(_inner(case.flows, members)["value_usd_per_year"].sum())


def _inner(flows: pd.DataFrame, members: Sequence[str]) -> pd.DataFrame:
    names = flows.index
    among = names.get_level_values("exporter").isin(members) & names.get_level_values("importer").isin(members)
    return flows[among & (names.get_level_values("commodity_id") != "other")]


def border_share(case: Case, members: Sequence[str]) -> float:
    """Share of what time at borders costs in the price at arrival of freight among countries."""
    tables = case.result
    good = tables["commodity"].set_index("commodity_id")
    zone = tables["zone"].set_index("zone_id")["country"]
    od = tables["od"]
    among = [od[f"{end}_zone_id"].map(zone).isin(members) for end in ("origin", "destination")]
    abroad = od["origin_zone_id"].map(zone) != od["destination_zone_id"].map(zone)
    inner = od[among[0] & among[1] & abroad]
    value, hour = (
        good[name].reindex(inner["commodity_id"]).to_numpy(dtype=float)
        for name in ("value_usd_per_t", "value_of_time_usd_per_t_h")
    )
    tonnes = inner["tonnes_per_year"]
    hours = (tonnes * inner["crossing_h"] * hour).sum()
    spread = (tonnes * inner["reliability_usd_per_t"]).sum()
    price = (tonnes * (value + inner["generalised_cost_usd_per_t"])).sum()
    return float((hours + spread) / price)


def region_income(before: Case, after: Case) -> float:
    """Change of real income of Central Asia, percent; weighted by GDP."""
    gdp = ll.open_study("china-kyrgyzstan").tables["trade_country"].set_index("country")["gdp_usd_per_year"]
    weight = gdp[list(REGION)]
    return float((income(before, after)[list(REGION)] * weight).sum() / weight.sum())
