"""Tables ``response_unit`` and ``response_site``: units of ``response.toml`` at nodes of the network."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]

_NAMES: Final = ("name_ru", "name_zh", "name_ky", "name_ar")
#: Sources that are the study's own.
_OWN: Final = "own"


def build(_: Path, sources: Sources, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of both tables.

    Raises
    ------
    SystemExit
        A site is at a node that the network does not have.
    """
    told = tomllib.loads((Path(__file__).parent / "response.toml").read_text("utf-8"))
    known = {key: sources.add(title, url=told["url"].get(key, "")) for key, title in told["source"].items()}
    nodes = {row["node_id"]: row for row in tables["node"]}
    units = [row | {"quality": "estimated", "source": known[_OWN]} for row in told["unit"]]
    return {"response_unit": units, "response_site": list(_sites(told, known, nodes))}


def _sites(told: Row, known: dict[str, str], nodes: dict[str, Row]) -> Iterator[Row]:
    for group in told["site"]:
        opening, each, yearly = told["cost"][group["unit_id"]]
        for node, country, status, units, most, keys, note in group["sites"]:
            if node not in nodes:
                raise SystemExit(f"no node {node} for a site of {group['unit_id']}")
            existing = status == "existing"
            yield {
                "site_id": f"{group['unit_id']}-{node}".lower().replace("_", "-"),
                "name": nodes[node]["name"], **{name: nodes[node].get(name, "") for name in _NAMES},
                "unit_id": group["unit_id"], "node_id": node, "country": country, "status": status, "units": units,
                "most_units": most if existing else "", "cost_musd": 0.0 if existing else opening,
                "unit_cost_musd": each, "cost_musd_per_year": yearly,
                # Published is who clears which section; the rest of every row is estimated.
                "quality": "estimated", "source": ";".join(known[key] for key in (*keys.split(),)),
                "note": note,
            }  # fmt: skip
