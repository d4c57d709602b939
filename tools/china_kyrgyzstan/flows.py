"""Tonnes between countries: value times share divided by value density, or published tonnes where available."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from tools.china_kyrgyzstan.gateways import GROUP_OF
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.tonnes_inputs import UZB_FRUIT_T, read_inputs, read_totals
from tools.china_kyrgyzstan.trade_matrix import PATCHES, read_arrivals, read_baci, regional_values
from tools.china_kyrgyzstan.trade_shares import Shares
from tools.china_kyrgyzstan.value_densities import Densities


@dataclass(frozen=True, slots=True)
class Flow:
    """Tonnes a year of one commodity between two countries (or a country and one gateway zone).

    ``exporter`` and ``importer`` are set where goods are from or for other countries than those of the two ends, such
    as re-exports; ``usd_per_t`` where their value differs from what :class:`Densities` says.
    """

    origin: str
    destination: str
    commodity: str
    kind: str
    tonnes: float
    quality: str
    source: tuple[str, ...]
    note: str = ""
    exporter: str = ""
    importer: str = ""
    usd_per_t: float = 0.0


#: Goods from China to Kyrgyzstan: mean value of a tonne (trade.csv, 2024: exports over the tonnes of Torugart and an
#: estimate for Irkeshtam). The tonnes of the two posts are so far not independent of the demand.
_CHINA_KYRGYZSTAN_USD_PER_T = 7100.0


def country_flows(facts: Path, sources: Sources) -> list[Flow]:
    """Trade with a Central Asian country at either end, before zones, gateways and re-exports."""
    worth = Densities(facts)
    shares = Shares(facts)
    baci = sources.add(
        "CEPII BACI 2023",
        licence="Etalab 2.0",
        note="Gaulier and Zignago; trade between countries, both reporters reconciled.",
    )
    structure = {
        True: sources.add("Commodity shares of trade_structure.csv", note="Estimates, uncertain by 30 to 50 % a cell."),
        False: sources.add(
            "Commodity shares by exporter", note="Own estimates for pairs without a published structure."
        ),
    }
    flows: dict[tuple[str, str, str], Flow] = {}
    values = read_baci(facts)
    arrived = read_arrivals(facts, values)
    stands_in = PATCHES | arrived
    for (exporter, importer), musd in regional_values(values, arrived).items():
        patch = stands_in.get((exporter, importer))
        value_source = sources.add(patch.title) if patch else baci
        parts, known = shares.commodities(exporter, importer)
        e, i = GROUP_OF.get(exporter, exporter), GROUP_OF.get(importer, importer)
        pair = []
        for commodity, share in parts.items():
            usd_per_t = worth.usd_per_t(commodity, e, i)
            tonnes = musd * 1e6 * share / usd_per_t
            origin = (value_source, structure[known])
            pair.append(Flow(exporter, importer, commodity, "trade", tonnes, "estimated", origin, usd_per_t=usd_per_t))
        if (exporter, importer) == ("CHN", "KGZ"):
            pair = _scaled(pair, musd * 1e6 / _CHINA_KYRGYZSTAN_USD_PER_T)
        flows |= {(row.origin, row.destination, row.commodity): row for row in pair}
    _put_inputs(flows, facts, sources)
    return [flows[key] for key in sorted(flows)]


def _put_inputs(flows: dict[tuple[str, str, str], Flow], facts: Path, sources: Sources) -> None:
    """Replace computed flows by published ones, then scale pairs whose total is published."""
    fixed: set[tuple[str, str, str]] = set()
    for row in read_inputs(facts):
        key = (row.exporter, row.importer, row.commodity)
        fixed.add(key)
        note = f"{row.tonnes / 1e6:.3g} Mt {row.exporter} to {row.importer}" + (f": {row.note}" if row.note else "")
        flows[key] = Flow(*key, "trade", row.tonnes, row.quality, (sources.add(row.title),), note)
    _scale_uzbek_fruit(flows, fixed)
    for pair, (total, title) in read_totals(facts).items():
        free = [key for key in flows if key[:2] == pair and key not in fixed]
        held = sum(row.tonnes for key, row in flows.items() if key[:2] == pair and key in fixed)
        for scaled in _scaled([flows[key] for key in free], total - held):
            flows[scaled.origin, scaled.destination, scaled.commodity] = replace(
                scaled,
                source=(*scaled.source, sources.add(title)),
                note=f"scaled to {total / 1e6:.3g} Mt of all goods",
            )


def _scale_uzbek_fruit(flows: dict[tuple[str, str, str], Flow], fixed: set[tuple[str, str, str]]) -> None:
    """Scale what Uzbekistan sells to its smaller customers, so that all its fruit and vegetables are as published."""
    fruit = [key for key in flows if key[0] == "UZB" and key[2] == "fruit_vegetables"]
    held = sum(flows[key].tonnes for key in fruit if key in fixed)
    for row in _scaled([flows[key] for key in fruit if key not in fixed], UZB_FRUIT_T - held):
        flows[row.origin, row.destination, row.commodity] = row


def _scaled(rows: list[Flow], total: float) -> list[Flow]:
    """Flows that add to a total, at their value."""
    factor = total / sum(row.tonnes for row in rows)
    return [replace(row, tonnes=row.tonnes * factor, usd_per_t=row.usd_per_t / factor) for row in rows]
