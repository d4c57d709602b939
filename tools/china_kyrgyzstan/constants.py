"""Tables ``corridor`` and ``constant``: named corridors, and resistances with their priors."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]


def build(_: Path, sources: Sources, tables: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of ``corridor`` and ``constant``: values at the prior mean, every corridor that a link names.

    Raises
    ------
    SystemExit
        When a link names a corridor without an entry.
    """
    choices = tomllib.loads((Path(__file__).parent / "constants.toml").read_text("utf-8"))
    carec, source = choices["carec"], sources.add(choices["corridor_source"])
    titles = {key: text for key, text in carec.items() if key.startswith("name")}
    corridors = [
        {"corridor_id": code} | {key: text.format(code) for key, text in titles.items()} for code in carec["ids"]
    ]
    corridors = [row | {"quality": "estimated", "source": source} for row in [*corridors, *choices["corridor"]]]
    named = {name for link in tables.get("link", ()) for name in str(link.get("corridor", "")).split(";") if name}
    if missing := named - {row["corridor_id"] for row in corridors}:
        raise SystemExit(f"constants.toml: no corridor {', '.join(sorted(missing))}")
    reason = sources.add(choices["source"])
    common = {"value": 0, "unit": "usd_per_t", "prior_mean": 0, "quality": "estimated", "source": reason}
    return {"corridor": corridors, "constant": [common | row for row in choices["constant"]]}
