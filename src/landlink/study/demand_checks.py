"""Consistency checks of demand, its growth and its gateways, and of traffic within countries."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from landlink.core.errors import Problem
from landlink.study.check_registry import looks_at
from landlink.study.domestic_checks import domestic_problems
from landlink.study.growth import EVERY
from landlink.tables.frames import Tables, cells_of, texts


@looks_at(growth="year_to", commodity="")
def growth_of_nothing(tables: Tables) -> Iterable[Problem]:
    """Find growth of unknown commodities, or over empty periods."""
    known = set(texts(tables["commodity"], "commodity_id"))
    for commodity, begin, end in cells_of(tables["growth"], "commodity_id", "year_from", "year_to"):
        row = f"{commodity}/{begin}"
        if commodity != EVERY and commodity not in known:
            yield Problem(
                "growth", "unknown commodity_id", row, "commodity_id", str(commodity),
                "commodity_id of a row of commodity.csv, or * for all others",
            )  # fmt: skip
        if end <= begin:
            yield Problem("growth", "year_to is not after year_from", row, "year_to", str(end), f"a year after {begin}")


@looks_at(gateway="share")
def gateway_shares(tables: Tables) -> Iterable[Problem]:
    """Find countries whose gateway shares do not sum to 1."""
    shares = tables["gateway"].groupby("country")["share"].sum()
    for country, total in shares[(shares - 1).abs() > 1e-6].items():
        yield Problem(
            "gateway", f"shares of {country} do not sum to 1", column="share", value=f"{total:g}",
            allowed="shares with the sum 1",
        )  # fmt: skip


@looks_at(demand="tonnes_per_year")
def trips_to_self(tables: Tables) -> Iterable[Problem]:
    """Find intrazonal demand, which cannot be assigned."""
    demand = tables["demand"]
    same = (demand["origin_zone_id"] == demand["destination_zone_id"]) & (demand["tonnes_per_year"] > 0)
    for i in np.flatnonzero(same.to_numpy()).tolist():
        yield Problem(
            "demand", "origin and destination are the same zone", str(demand["origin_zone_id"].iat[i]),
            "destination_zone_id",
            str(demand["destination_zone_id"].iat[i]), "a zone other than the origin; leave out freight within a zone",
        )  # fmt: skip


@looks_at(
    demand_domestic="origin_zone_id destination_zone_id", domestic_total="to_km", zone_share="produces consumes",
    background="", zone="country kind", link="mode facility_type",
)  # fmt: skip
def traffic_within_countries(tables: Tables) -> Iterable[Problem]:
    """Find faults of domestic freight, of its totals and of the cars on roads."""
    yield from domestic_problems(tables)
