"""A row of three countries with hazards, whose freight from end to end has to pass both gates by road."""

from __future__ import annotations

from pathlib import Path

from landlink.study import Study, open_study
from tests.support.small_study import write_small_study
from tests.support.three_countries import THREE

#: Tables of the row without railways.
ROAD = {
    **{
        name: "\n".join(line for line in THREE[name].splitlines() if ",rail," not in line) + "\n"
        for name in ("link", "crossing")
    },
    "vehicle": "mode,family,payload_t,cost_usd_per_vehicle_km,standing_usd_per_h\nroad,road,20,1.2,6\n",
}
HEADER = (
    "hazard_id,name,cause,places,events_per_year,duration_days,capacity_factor,group,group_share,"
    "events_observed,years_observed\n"
)


def hazards(*rows: str) -> str:
    """Table of hazards; rows may be shorter than the header."""
    width = HEADER.count(",")
    return HEADER + "".join(row + "," * (width - row.count(",")) + "\n" for row in rows)


def hazard_study(folder: Path, *rows: str, **tables: str) -> Study:
    """Write and open the study with some hazards."""
    given = {**THREE, **ROAD, **({"hazard": hazards(*rows)} if rows else {}), **tables}
    path = write_small_study(folder, **given)
    settings = (path / "study.toml").read_text(encoding="utf-8").partition("[[")[0]
    (path / "study.toml").write_text(settings, encoding="utf-8")
    return open_study(path)
