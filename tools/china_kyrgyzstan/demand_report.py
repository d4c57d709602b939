"""Print a summary of the demand, as tables for docs/study/demand.md.

Run ``python -m tools.china_kyrgyzstan.demand_report FACTS``.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from tools.china_kyrgyzstan.commodities import COMMODITIES
from tools.china_kyrgyzstan.demand import all_flows, join_blocks, zone_rows
from tools.china_kyrgyzstan.flows import Flow
from tools.china_kyrgyzstan.gateways import GROUP_OF
from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.trade_matrix import CENTRAL_ASIA, GOLD, PATCHES, read_arrivals, read_baci, regional_values
from tools.china_kyrgyzstan.transit import EUROPE_BACK_RATIO, EUROPE_LAND_KTEU, EUROPE_OUT_KTEU, TONNES_PER_TEU
from tools.china_kyrgyzstan.value_densities import Densities
from tools.china_kyrgyzstan.zone_shares import Zones

#: What tonnes.csv says of flows that are not inputs: origins, destinations, commodities, Mt, period and source.
BESIDE: tuple[tuple[str, str, str, str, float, str], ...] = (
    ("all goods, KAZ to RUS, by rail", "KAZ", "RUS G-SPB G-ROST", "", 34.6, "2023, KTZ"),
    ("all goods, KAZ to UZB, by rail", "KAZ", "UZB", "", 10.0, "2023, KTZ"),
    ("grain and flour, all exports of KAZ, by rail", "KAZ", "*", "grain", 10.4, "2024, 8.1 grain and 2.3 flour"),
    ("oil cargo, exports of KAZ, by rail", "KAZ", "*", "petroleum", 5.4, "2024, twice the first half"),
    ("fertiliser, exports of KAZ, by rail", "KAZ", "*", "fertiliser", 1.3, "2024, twice the first half"),
    ("iron and steel, exports of KAZ, by rail", "KAZ", "*", "metals", 3.2, "2024, twice the first half"),
    ("fruit and vegetables, exports of UZB", "UZB", "*", "fruit_vegetables", 1.7, "2023"),
    ("oil products, RUS to Central Asia, MNG and AFG", "RUS", "KGZ UZB KAZ TJK TKM AFG", "petroleum", 6.66, "2023, with Mongolia"),
    ("oil products, imports of TJK", "*", "TJK", "petroleum", 1.41, "2023"),
    ("cement and other building goods, imports of UZB from CIS", "KAZ KGZ TJK TKM", "UZB", "building_materials", 2.5, "2021, eleven months, cement"),
    ("all exports of KAZ, by rail", "KAZ", "*", "", 82.0, "2024, twice the first half"),
)  # fmt: skip


def main(facts: Path) -> None:
    """Print the tables."""
    flows = all_flows(facts, Sources())
    rows = zone_rows(flows, Zones(facts), Densities(facts))
    total = sum(row["tonnes_per_year"] for row in rows)
    print(f"demand: {len(rows)} rows, {total / 1e6:.1f} Mt a year\n")
    _values(facts)
    by_kind: defaultdict[str, float] = defaultdict(float)
    for row in rows:
        by_kind[row["kind"]] += row["tonnes_per_year"]
    _table(("kind", "Mt"), ((kind, f"{tonnes / 1e6:.1f}") for kind, tonnes in sorted(by_kind.items())))
    _goods(flows)
    _pairs(flows, Densities(facts))
    _beside(flows)
    pool = EUROPE_OUT_KTEU * (1 + EUROPE_BACK_RATIO)
    land = EUROPE_LAND_KTEU * TONNES_PER_TEU / 1e3
    print(f"China-Europe, contestable: {pool:.0f} thousand TEU, {pool * TONNES_PER_TEU / 1e3:.1f} Mt")
    print(f"by land in 2023: {EUROPE_LAND_KTEU} thousand TEU, {land:.1f} Mt, {EUROPE_LAND_KTEU / pool:.0%}")


def _values(facts: Path) -> None:
    raw = read_baci(facts)
    central = {pair: value for pair, value in raw.items() if set(pair) & set(CENTRAL_ASIA)}
    behind = sum(value for pair, value in central.items() if set(pair) & set(GROUP_OF))
    arrived = read_arrivals(facts, raw)
    kept = regional_values(raw, arrived)
    less = sum(raw.get(pair, 0.0) - patch.musd for pair, patch in arrived.items() if raw.get(pair))
    gold = sum(raw.get(pair, 0.0) * share for pair, share in GOLD.items())
    patched = sum(patch.musd for pair, patch in PATCHES.items() if not raw.get(pair))
    _table(
        ("value, bn USD", "2023"),
        (
            ("BACI, one end in Central Asia", f"{sum(central.values()) / 1e3:.0f}"),
            ("of it with partners behind a gateway", f"{behind / 1e3:.0f}"),
            ("gold taken out", f"{gold / 1e3:.1f}"),
            ("booked by exporters and not seen by the importer", f"{less / 1e3:.1f}"),
            ("patched where BACI is empty", f"{patched / 1e3:.1f}"),
            ("used", f"{sum(kept.values()) / 1e3:.0f}"),
        ),
    )


def _goods(flows: Iterable[Flow]) -> None:
    tonnes: defaultdict[str, float] = defaultdict(float)
    sure: defaultdict[str, float] = defaultdict(float)
    for flow in flows:
        tonnes[flow.commodity] += flow.tonnes
        if flow.quality != "estimated":
            sure[flow.commodity] += flow.tonnes
    _table(
        ("commodity", "Mt", "of it from published tonnes"),
        ((name, f"{tonnes[name] / 1e6:.2f}", f"{sure[name] / tonnes[name]:.0%}") for name in COMMODITIES),
    )


def _pairs(flows: list[Flow], worth: Densities) -> None:
    pairs: defaultdict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    for flow in join_blocks(flows, worth):
        pairs[flow.origin, flow.destination, flow.kind][flow.commodity] = flow.tonnes
    ranked = sorted(pairs.items(), key=lambda item: (-sum(item[1].values()), item[0]))
    _table(
        ("from", "to", "kind", "Mt", "largest commodities, Mt"),
        (
            (
                origin, destination, kind, f"{sum(goods.values()) / 1e6:.2f}",
                ", ".join(f"{name} {t / 1e6:.2f}" for name, t in sorted(goods.items(), key=lambda g: (-g[1], g[0]))[:4]),
            )
            for (origin, destination, kind), goods in ranked
            if sum(goods.values()) >= 0.5e6
        ),
    )  # fmt: skip


def _beside(flows: Iterable[Flow]) -> None:
    trade = [flow for flow in flows if flow.kind == "trade"]

    def sums(origins: str, ends: str, commodity: str) -> float:
        return sum(
            flow.tonnes
            for flow in trade
            if (origins == "*" or flow.origin in origins.split())
            and (ends == "*" or flow.destination in ends.split())
            and commodity in ("", flow.commodity)
        )

    _table(
        ("flow", "demand, Mt", "tonnes.csv, Mt", "ratio", "period"),
        (
            (what, f"{(model := sums(origins, ends, commodity) / 1e6):.2f}", f"{known:g}", f"{model / known:.2f}", when)
            for what, origins, ends, commodity, known, when in BESIDE
        ),
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    print("| " + " | ".join(head) + " |")
    print("|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")
    print()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m tools.china_kyrgyzstan.demand_report FACTS")
    main(Path(sys.argv[1]))
