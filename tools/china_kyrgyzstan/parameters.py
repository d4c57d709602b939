"""Table ``parameter``: inputs that a calibration may change, with what is not known about them."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tools.china_kyrgyzstan.maps import names_of_countries
from tools.china_kyrgyzstan.sources import Sources

Row = dict[str, Any]


def build(_: Path, sources: Sources, __: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Rows of ``parameter``: those written out, then tonnes by commodity and by pair of countries."""
    choices = tomllib.loads((Path(__file__).parent / "parameters.toml").read_text("utf-8"))
    common = {"operation": "multiply", "quality": "estimated", "source": sources.add(choices["source"])}
    rows = [*choices["parameter"], *_of_commodities(choices), *_of_pairs(choices)]
    return {"parameter": [{"row": "*"} | row | common for row in rows]}


def _of_commodities(choices: Row) -> Iterator[Row]:
    for entry in choices["commodity"]:
        yield {
            "parameter_id": "-".join(["tonnes", *entry["ids"][:1]]).replace("_", "-"),
            **{key: text for key, text in entry.items() if key.startswith("name")},
            "table": "demand",
            "where": "commodity_id=" + "|".join(entry["ids"]),
            "column": "tonnes_per_year",
            "prior_sd": choices["demand"]["commodity_sd"],
            "note": "Value densities are estimates, common to all pairs.",
        }


def _of_pairs(choices: Row) -> Iterator[Row]:
    countries = {row["country"]: row for row in names_of_countries().values()}
    for entry in choices["pair"]:
        both = "|".join(entry["countries"])
        yield {
            "parameter_id": "demand-" + "-".join(entry["countries"]).lower(),
            **_pair_names(choices["pair_names"], [countries[code] for code in entry["countries"]]),
            "table": "demand",
            "where": f"origin_zone_id.country={both};destination_zone_id.country={both}",
            "column": "tonnes_per_year",
            "prior_sd": choices["demand"]["pair_sd"],
            "note": "The partners' figures of the same trade differ.",
        }


def _pair_names(patterns: dict[str, str], countries: list[dict[str, str]]) -> dict[str, str]:
    """Names of the freight between two countries, in every language of the patterns."""
    return {
        key: pattern.format(*(country[key.removeprefix("name").lstrip("_") or "en"] for country in countries))
        for key, pattern in patterns.items()
    }
