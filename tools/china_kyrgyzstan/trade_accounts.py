"""Tables ``trade``, ``trade_country`` and ``elasticity``: what countries sell each other, and how that would answer."""

from __future__ import annotations

import csv
import math
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

from landlink.tables.trade_schemas import OTHER
from landlink.trade import published_elasticities
from tools.china_kyrgyzstan.commodities import COMMODITIES
from tools.china_kyrgyzstan.demand import all_flows
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.trade_regions import REGIONS, region_of
from tools.china_kyrgyzstan.trade_values import (
    BACI,
    HUB,
    RESOLD_IN,
    Values,
    freight_sources,
    freight_values,
    pair_titles,
    trade_values,
)
from tools.china_kyrgyzstan.value_densities import Densities

Row = dict[str, Any]

#: Smallest value that is written, million USD.
SMALLEST_MUSD = 0.001
#: Differences between freight and trade that come of tonnes in whole numbers and of dropped pairs of zones.
ROUNDING = 0.02
_FREIGHT = "the freight's tonnes are worth more than the pair's share of the commodity: its value is taken"
_MORE = "; so is the pair's total above that of the customs"
_LESS = "less than the pair's share, for other goods of it have the value of their freight"


def build(facts: Path, sources: Sources, _: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of the three tables."""
    choices = tomllib.loads((Path(__file__).parent / "trade_accounts.toml").read_text("utf-8"))
    world = choices["world"]
    flows = all_flows(facts, sources)
    freight = freight_values(flows, Densities(facts))
    trade = trade_rows(trade_values(facts, world), freight, pair_titles(facts, world), sources)
    of_freight = freight_sources(flows)
    for row in trade:
        if row["note"].startswith(_FREIGHT):
            key = row["exporter"], row["importer"], row["commodity_id"]
            row["source"] = ";".join(dict.fromkeys((*row["source"].split(";"), *of_freight[key])))
    return {
        "trade": trade,
        "trade_country": country_rows(facts, sources, choices),
        "elasticity": elasticity_rows(sources, choices["elasticities"]),
    }


def trade_rows(
    values: Values, freight: Values, titles: dict[tuple[str, str], tuple[str, ...]], sources: Sources
) -> list[Row]:
    """The table ``trade``: every pair of regions, its commodities with a value, or one row that says 0."""
    split = sources.add(
        "Commodity shares of trade between countries",
        note="Shares of trade_structure.csv for the pairs it has, else own estimates by exporter; see the chapters on demand and trade accounts.",
    )
    resold = sources.add("Re-exports of Chinese goods through Kyrgyz markets")
    found = []
    for exporter in REGIONS:
        for importer in REGIONS:
            if exporter == importer:
                continue
            goods = {key[2]: value for key, value in values.items() if key[:2] == (exporter, importer)}
            carried = {key[2]: value for key, value in freight.items() if key[:2] == (exporter, importer)}
            cells, notes = fitted_to_freight(goods, carried)
            cells = {name: value for name, value in cells.items() if value >= SMALLEST_MUSD} or {OTHER: 0.0}
            read_in = [sources.add(title) for title in titles.get((exporter, importer), (BACI,))]
            of_hub = [resold] if exporter == HUB[0] and importer in RESOLD_IN else []
            found += [
                {
                    "exporter": exporter, "importer": importer, "commodity_id": name,
                    "value_usd_per_year": int(round(cells[name] * 1e6, -3)), "quality": "estimated",
                    "source": ";".join((*read_in, split, *of_hub)), "note": notes.get(name, ""),
                }
                for name in (*COMMODITIES, OTHER) if name in cells
            ]  # fmt: skip
    return found


def fitted_to_freight(goods: dict[str, float], freight: dict[str, float]) -> tuple[dict[str, float], dict[str, str]]:
    """Raise commodities of a pair to the value of their freight, at the cost of its other goods.

    The pair keeps its total as far as its other goods and commodities hold more than their freight.
    """
    total = sum(goods.values())
    raised = goods | {name: max(value, goods.get(name, 0.0)) for name, value in freight.items()}
    spare = {name: value - freight.get(name, 0.0) for name, value in raised.items()}
    excess, slack = sum(raised.values()) - total, sum(spare.values())
    cut = min(1.0, excess / slack) if slack > 0 else 1.0
    cells = {name: value - cut * spare[name] for name, value in raised.items()}
    notes = {}
    for name, value in cells.items():
        before = goods.get(name, 0.0)
        if value > before * (1 + ROUNDING) + SMALLEST_MUSD:
            notes[name] = _FREIGHT + (_MORE if excess > slack + ROUNDING * total else "")
        elif value < before * (1 - ROUNDING):
            notes[name] = _LESS
    return cells, notes


def country_rows(facts: Path, sources: Sources, choices: dict[str, Any]) -> list[Row]:
    """The table ``trade_country``: product and gross output of every region."""
    world_bank = sources.add("World Bank, World Development Indicators: GDP in current USD, 2023", licence="CC BY 4.0")
    output = sources.add(choices["output"]["source"], note=choices["output"]["note"])
    with (facts / "gdp_194.csv").open(encoding="utf-8", newline="") as file:
        gdp, members = defaultdict[str, float](float), defaultdict[str, int](int)
        for row in csv.DictReader(file):
            region = region_of(row["iso3"])
            gdp[region] += float(row["gdp_usd"])
            members[region] += 1
    rows = []
    for region in REGIONS:
        ratio = choices["output"]["ratio"][region]
        names = choices["group"].get(region, {})
        rows.append(
            {
                "country": region, "name": names.get("en", ""),
                **{f"name_{language}": name for language, name in names.items()},
                "gdp_usd_per_year": round(gdp[region]), "gross_output_usd_per_year": round(gdp[region] * ratio),
                "goods_share": choices["output"]["goods"].get(region, ""), "quality": "estimated",
                "source": f"{world_bank};{output}",
                "note": f"gross output {ratio:g} times GDP" + (f"; {members[region]} countries" if members[region] > 1 else ""),
            }
        )  # fmt: skip
    return rows


def elasticity_rows(sources: Sources, choices: dict[str, Any]) -> list[Row]:
    """The table ``elasticity``: means over the published sectors that a commodity is mapped to."""
    origin = sources.add(choices["source"], note=choices["note"])
    table = published_elasticities(alternatives=False).set_index("sector_id")
    published = table[["sigma", "sigma_error"]].T.to_dict("list")
    rows = []
    for commodity, sectors in choices["mapping"].items():
        sigma, error = mean_estimate([published[name] for name in sectors])
        note = "elasticity of " + " and ".join(name.replace("_", " ") for name in sectors)
        if others := choices["other_estimate"].get(commodity):
            other = 1 + sum(others) / len(others)
            error = math.hypot(error, (sigma - other) / 2)
            note += f"; Caliendo and Parro (2015) have {other:.2f}"
        rows.append(_elasticity(commodity, sigma, error, origin, note))
    rest = choices["rest"]
    rows.append(_elasticity(OTHER, *published[rest["sector"]], origin, rest["note"]))
    return rows


def mean_estimate(estimates: list[list[float]]) -> tuple[float, float]:
    """Mean of estimates, and its standard error: from those of the estimates and from the spread between them."""
    n = len(estimates)
    mean = sum(value for value, _ in estimates) / n
    within = sum(error**2 for _, error in estimates) / n**2
    between = sum((value - mean) ** 2 for value, _ in estimates) / (n - 1) / n if n > 1 else 0.0
    return mean, math.sqrt(within + between)


def _elasticity(commodity: str, sigma: float, error: float, source: str, note: str) -> Row:
    return {
        "commodity_id": commodity, "sigma": round(sigma, 2), "sigma_error": round(error, 2), "quality": "estimated",
        "source": source, "note": note,
    }  # fmt: skip
