"""Values of trade between all countries by commodity, and what is re-exported, by region."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from landlink.tables.share_cells import parse_shares
from landlink.tables.trade_schemas import OTHER
from tools.china_kyrgyzstan.flows import Flow
from tools.china_kyrgyzstan.neighbours import OVERSEAS, PAIRS
from tools.china_kyrgyzstan.reexports import HEAVY, MARKETS, RETAINED_HEAVY, RETAINED_VALUE
from tools.china_kyrgyzstan.trade_matrix import (
    CENTRAL_ASIA,
    GOLD,
    NOT_BELIEVED,
    PATCHES,
    read_arrivals,
    read_baci,
)
from tools.china_kyrgyzstan.trade_regions import region_of, trade_ends
from tools.china_kyrgyzstan.trade_shares import GROUPS, Shares, normal, split_groups
from tools.china_kyrgyzstan.value_densities import Densities

Values = dict[tuple[str, str, str], float]

BACI = "CEPII BACI 2023"
#: The hub whose re-exports are known, and where they come from.
HUB = ("CHN", "KGZ")
#: The hub and where its re-exports end: their trade with the exporter is computed with them.
RESOLD_IN = (HUB[1], *dict.fromkeys(country for _, onward in MARKETS.values() for country in onward))
#: Pairs outside Central Asia whose goods the demand has estimates for.
_NEIGHBOURS = {(row.exporter, row.importer) for row in PAIRS}


def pair_values(facts: Path, world: dict[str, Any]) -> dict[tuple[str, str], tuple[float, str]]:
    """Values of all pairs of countries, million USD, and what they were read in.

    They are as for demand where it holds the pair, gold included.
    """
    baci = read_baci(facts)
    title = world["recalled_title"]
    recalled = {(row["exporter"], row["importer"]): (row["musd"], title) for row in world["recalled"]}
    recalled |= {(row.exporter, row.importer): (row.musd, title) for row in PAIRS if row.musd}
    recalled |= {pair: (patch.musd, patch.title) for pair, patch in PATCHES.items()}
    # What customs say of the European Union as a whole is shared among its members already.
    arrivals = read_arrivals(facts, baci).items()
    arrived = {pair: (patch.musd, patch.title) for pair, patch in arrivals if pair in baci}
    values = {pair: (musd, BACI) for pair, musd in baci.items() if musd > 0 or pair not in recalled}
    values |= {pair: value for pair, value in recalled.items() if pair not in values} | arrived
    return {pair: value for pair, value in values.items() if value[0] > 0 and pair not in NOT_BELIEVED}


def pair_titles(facts: Path, world: dict[str, Any]) -> dict[tuple[str, str], tuple[str, ...]]:
    """What the values of each pair of regions were read in, the most used first."""
    of_pair = defaultdict[tuple[str, str], dict[str, float]](dict)
    for (exporter, importer), (musd, title) in sorted(pair_values(facts, world).items()):
        titles = of_pair[region_of(exporter), region_of(importer)]
        titles[title] = titles.get(title, 0.0) + musd
    return {pair: tuple(sorted(titles, key=lambda title: -titles[title])) for pair, titles in of_pair.items()}


def trade_values(facts: Path, world: dict[str, Any]) -> Values:
    """Values by exporting and importing region and commodity, million USD; trade within a region is left out.

    What moves as freight is in the commodities; gold, uranium, and oil and gas in pipelines are ``other``. ``world``
    says what is exported outside Central Asia.
    """
    shares, values = Shares(facts), defaultdict[tuple[str, str, str], float](float)
    for (exporter, importer), (musd, _) in sorted(pair_values(facts, world).items()):
        ends = region_of(exporter), region_of(importer)
        if ends[0] == ends[1]:
            continue
        freight = musd * (1.0 - GOLD.get((exporter, importer), 0.0))
        parts = {name: freight * share for name, share in _shares(shares, exporter, importer, world).items()}
        for commodity, value in parts.items():
            values[*ends, commodity] += value
        values[*ends, OTHER] += musd - sum(parts.values())
    for key, value in list(_reexports(values)):
        values[key] += value
    return {key: value for key, value in values.items() if value > 0}


def _shares(shares: Shares, exporter: str, importer: str, world: dict[str, Any]) -> dict[str, float]:
    """Shares of commodities in a pair's value: those of the demand where it holds the pair, else the exporter's own."""
    ends = region_of(exporter), region_of(importer)
    if set(ends) & set(CENTRAL_ASIA) or ends in _NEIGHBOURS or (exporter in OVERSEAS and importer == "AFG"):
        return shares.commodities(exporter, importer)[0]
    groups = normal(dict(zip(GROUPS, world["exports"][ends[0]], strict=True)))
    return split_groups(groups, exporter, importer, energy=world["products"])


def _reexports(values: Values) -> Iterator[tuple[tuple[str, str, str], float]]:
    """Re-exports taken from trade with the hub and given to trade with the countries where they end."""
    exporter, hub = HUB
    goods = {key[2]: value for key, value in values.items() if key[:2] == HUB and key[2] != OTHER}
    heavy = sum(value for commodity, value in goods.items() if commodity in HEAVY) / sum(goods.values())
    light = max(0.0, (RETAINED_VALUE - RETAINED_HEAVY * heavy) / (1.0 - heavy))
    for commodity, value in goods.items():
        sold_on = value * (1.0 - (RETAINED_HEAVY if commodity in HEAVY else light))
        yield (exporter, hub, commodity), -sold_on
        for share, onward in MARKETS.values():
            for importer, part in onward.items():
                yield (exporter, importer, commodity), sold_on * share * part


def freight_values(flows: Iterable[Flow], worth: Densities) -> Values:
    """Value of freight by exporting and importing region and commodity, million USD; of re-exports the last leg."""
    values = defaultdict[tuple[str, str, str], float](float)
    for flow in flows:
        if flow.kind == "reexport" and flow.destination in MARKETS:
            continue
        ends = trade_ends(flow.exporter, flow.origin), trade_ends(flow.importer, flow.destination)
        value = flow.tonnes * (flow.usd_per_t or worth.of_flow(flow)) / 1e6
        for exporter, a in parse_shares(ends[0]).items():
            for importer, b in parse_shares(ends[1]).items():
                values[exporter, importer, flow.commodity] += value * a * b
    return dict(values)


def freight_sources(flows: Iterable[Flow]) -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Identifiers of the sources of freight, for flows between two regions."""
    found = defaultdict[tuple[str, str, str], dict[str, None]](dict)
    for flow in flows:
        ends = trade_ends(flow.exporter, flow.origin), trade_ends(flow.importer, flow.destination)
        found[*ends, flow.commodity] |= dict.fromkeys(flow.source)
    return {key: tuple(sources) for key, sources in found.items()}
