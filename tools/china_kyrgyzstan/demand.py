"""Demand of the bundled study: tonnes by commodity between zones, and related tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan.commodities import commodity_rows
from tools.china_kyrgyzstan.flow_ends import FlowEnds
from tools.china_kyrgyzstan.flows import Flow, country_flows
from tools.china_kyrgyzstan.gateways import GROUP_OF, GROUPS, gateway_rows
from tools.china_kyrgyzstan.growth import growth_rows
from tools.china_kyrgyzstan.neighbours import neighbour_flows
from tools.china_kyrgyzstan.reexports import split_reexports
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.trade_matrix import read_baci
from tools.china_kyrgyzstan.trade_regions import trade_ends
from tools.china_kyrgyzstan.transit import transit_flows
from tools.china_kyrgyzstan.value_densities import Densities
from tools.china_kyrgyzstan.zone_pairs import pair_shares
from tools.china_kyrgyzstan.zone_shares import Part, Zones

#: A zone pair with fewer tonnes a year of a commodity is dropped, and the rest of its country pair scaled up.
SMALLEST_T = 3000.0
#: A flow between two countries (or blocks of countries) with fewer tonnes is left out; together they are nothing.
#: Re-exports of any size are kept, so that market inflows equal outflows.
LEAST_FLOW_T = 100.0
_SURE = {"published": 0, "measured": 1, "estimated": 2}


def build(facts: Path, sources: Sources, tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """Tables ``commodity``, ``growth``, ``gateway`` and ``demand``."""
    modes = {row["mode"] for row in tables.get("vehicle", [])}
    countries = {country for pair in read_baci(facts) for country in pair}
    return {
        "commodity": commodity_rows(facts, sources, modes),
        "growth": growth_rows(sources),
        "gateway": gateway_rows(countries, sources),
        "demand": zone_rows(all_flows(facts, sources), Zones(facts), Densities(facts)),
    }


def all_flows(facts: Path, sources: Sources) -> list[Flow]:
    """Every flow between countries: trade with re-exports in legs, transit, and what neighbours trade with each other."""
    trade = split_reexports(country_flows(facts, sources), Densities(facts), sources)
    return trade + transit_flows(facts, sources) + neighbour_flows(facts, sources)


def zone_rows(flows: Iterable[Flow], zones: Zones, worth: Densities) -> list[dict[str, Any]]:
    """The table ``demand``: flows spread over zones, the smallest cut, tonnes in whole numbers."""
    merged: dict[tuple[str, str, str, str], tuple[float, str, dict[str, None], str]] = {}
    ends: dict[tuple[str, str, str, str], FlowEnds] = defaultdict(FlowEnds)
    for flow in join_blocks(flows, worth):
        cells = spread(flow, zones)
        sure = _spread_quality(flow, len(cells))
        for (origin, destination), tonnes in cells.items():
            key = (origin, destination, flow.commodity, flow.kind)
            before, quality, names, note = merged.get(key, (0.0, sure, {}, flow.note))
            quality = max(quality, sure, key=_SURE.__getitem__)
            names |= dict.fromkeys(flow.source)
            merged[key] = (before + tonnes, quality, names, note if note == flow.note else "")
            ends[key].add(tonnes, flow.exporter, flow.importer, flow.usd_per_t)
    return [
        {
            "origin_zone_id": key[0], "destination_zone_id": key[1], "commodity_id": key[2], "kind": key[3],
            "tonnes_per_year": round(tonnes), **trade_cells(key, ends[key], zones, worth), "quality": quality,
            "source": ";".join(names), "note": note,
        }
        for key, (tonnes, quality, names, note) in sorted(merged.items())
        if round(tonnes) > 0
    ]  # fmt: skip


def trade_cells(key: tuple[str, str, str, str], ends: FlowEnds, zones: Zones, worth: Densities) -> dict[str, Any]:
    """Countries at the ends of a row and its value density, where they are not those of its zones and commodity."""
    usd_per_t = float(f"{ends.usd_per_t:.4g}")
    return {
        "exporter": "" if ends.exporter == zones.country[key[0]] else ends.exporter,
        "importer": "" if ends.importer == zones.country[key[1]] else ends.importer,
        "value_usd_per_t": "" if usd_per_t == worth.working[key[2]] else f"{usd_per_t:g}",
    }


def join_blocks(flows: Iterable[Flow], worth: Densities) -> list[Flow]:
    """Merge flows of countries behind the same gateways, so that small partners are not dropped individually.

    Each has its exporters and importers, and the mean value of a tonne.
    """
    joined: dict[tuple[str, str, str, str], Flow] = {}
    ends: dict[tuple[str, str, str, str], FlowEnds] = defaultdict(FlowEnds)
    for flow in flows:
        origin, destination = GROUP_OF.get(flow.origin, flow.origin), GROUP_OF.get(flow.destination, flow.destination)
        key = (origin, destination, flow.commodity, flow.kind)
        held = joined.get(key)
        tonnes = flow.tonnes + (held.tonnes if held else 0.0)
        source = tuple(dict.fromkeys((held.source if held else ()) + flow.source))
        quality = max(held.quality if held else flow.quality, flow.quality, key=_SURE.__getitem__)
        joined[key] = Flow(origin, destination, flow.commodity, flow.kind, tonnes, quality, source, flow.note)
        exporter, importer = trade_ends(flow.exporter, origin), trade_ends(flow.importer, destination)
        ends[key].add(flow.tonnes, exporter, importer, flow.usd_per_t or worth.of_flow(flow))
    joined = {
        key: replace(flow, exporter=ends[key].exporter, importer=ends[key].importer, usd_per_t=ends[key].usd_per_t)
        for key, flow in joined.items()
    }
    kept = {key: flow for key, flow in joined.items() if flow.tonnes >= LEAST_FLOW_T or flow.kind == "reexport"}
    return [kept[key] for key in sorted(kept)]


def spread(flow: Flow, zones: Zones) -> dict[tuple[str, str], float]:
    """Tonnes of a flow by pair of zones; pairs below the minimum are dropped, unless none would remain."""
    origins = _gateways(flow.origin) or zones.sends(flow.origin, flow.commodity, to=flow.destination)
    ends = _gateways(flow.destination) or zones.takes(flow.destination, flow.commodity, origin=flow.origin)
    # Where transit passes, not how far apart its ends lie, has decided what of it is in the study.
    shares = pair_shares(origins, ends, zones.places, by_distance=flow.kind != "transit")
    cells = {pair: flow.tonnes * share for pair, share in shares.items()}
    kept = {pair: tonnes for pair, tonnes in cells.items() if tonnes >= SMALLEST_T}
    if not kept:
        largest = max(cells, key=lambda pair: (cells[pair], pair))
        kept = {largest: cells[largest]}
    scale = flow.tonnes / sum(kept.values())
    return {pair: tonnes * scale for pair, tonnes in kept.items()}


def _gateways(place: str) -> Part | None:
    return Part(GROUPS[place][0], held=True) if place in GROUPS else None


def _spread_quality(flow: Flow, cells: int) -> str:
    """Quality of a flow: a published total distributed over several pairs of zones is an estimate for each pair."""
    return "measured" if flow.quality == "published" and cells > 1 else flow.quality
