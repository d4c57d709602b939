"""Tables ``domestic_total``, ``zone_share`` and ``background``; and ``demand_domestic``, which landlink makes of them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan.sources import Sources
from tools.china_kyrgyzstan.zone_shares import SENDS

Row = dict[str, Any]

#: A pair of zones with fewer tonnes a year of a commodity is left out: three trucks every two days.
SMALLEST_T = 10_000.0
#: Growth of cars after the base year, % a year.
_GROWTH_PCT = 3.0


def build(_: Path, sources: Sources, __: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of the tables from which domestic freight is made, and cars on roads."""
    facts = tomllib.loads((Path(__file__).parent / "domestic.toml").read_text("utf-8"))
    texts = {one.pop("id"): one for one in facts["source"]}
    known = {name: sources.add(**one) for name, one in texts.items()}
    return {
        "domestic_total": [row for total in facts["total"] for row in _rows(total, facts, known)],
        "zone_share": _places(facts, known["places"]),
        "background": _cars(facts["background"], known),
    }


def demand_rows() -> list[Row]:
    """Rows of ``demand_domestic``, from the other tables of the study as they were written."""
    import landlink as ll  # noqa: PLC0415  after the study is there

    return ll.domestic_demand(ll.open_study("china-kyrgyzstan"), smallest_t=SMALLEST_T).table.to_dict("records")


def _rows(total: Row, facts: Row, known: dict[str, str]) -> list[Row]:
    """A total of a country by mode as rows by commodity, with one mean haul for all."""
    shares = facts["road_shares"] if total["shares"] == "road" else total["shares"]
    whole = sum(shares.values())
    kept = 1 - total.get("left_out", 0.0)
    tkm = total["bn_tkm"] - total.get("bn_tkm_international", 0.0)
    spread = total.get("spread", facts["haul_spread"][total["alternative"]])
    used = [*total["source"], *(["shares"] if total["shares"] == "road" else [])]
    international = total.get("bn_tkm_international")
    note = f"{total['bn_tkm']:g} bn tkm less {international:g} over borders, as solved" if international else ""
    return [
        {
            "country": total["country"], "alternative": total["alternative"], "commodity_id": commodity,
            "tonnes_per_year": round(total["mt_domestic"] * 1e6 * kept * share / whole, -3),
            "tkm_per_year": round(tkm * 1e9 * kept * share / whole, -6),
            "group": "all",
            "haul_spread": spread or "", "year": total["year"], "quality": "estimated",
            "source": ";".join(known[name] for name in used), "note": note,
        }
        for commodity, share in shares.items()
    ]  # fmt: skip


def _places(facts: Row, source: str) -> list[Row]:
    """Weights of zones in production, as for exports, and in consumption."""
    wanted = {
        (total["country"], commodity)
        for total in facts["total"]
        for commodity in (facts["road_shares"] if total["shares"] == "road" else total["shares"])
    }
    weights: dict[tuple[str, str], dict[str, float]] = {}
    for country, commodity in sorted(wanted):
        for zone, weight in SENDS.get((country, commodity), {}).items():
            weights.setdefault((zone, commodity), {})["produces"] = weight
        for zone, weight in facts["consumes"].get(country, {}).get(commodity, {}).items():
            weights.setdefault((zone, commodity), {})["consumes"] = weight
    return [
        {"zone_id": zone, "commodity_id": commodity, **cells, "quality": "estimated", "source": source}
        for (zone, commodity), cells in sorted(weights.items())
    ]


def _cars(rows: list[Row], known: dict[str, str]) -> list[Row]:
    used = ";".join(known[name] for name in ("cars", "equivalents", "curves"))
    common = {"mode": "road", "growth_pct_per_year": _GROWTH_PCT, "curve": "bpr", "quality": "estimated"}
    return [common | row | {"source": used} for row in rows]
