"""Checks of domestic freight, of the totals it is made from, and of the cars on roads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from landlink.core.errors import Problem, hint
from landlink.study.settings import Settings, default_alternatives
from landlink.tables.frames import Tables, numbers, texts
from landlink.tables.lists import split_list

__all__ = ["alternatives_of_demand", "domestic_problems"]

#: Faults of one kind that are told row by row.
_TOLD: Final = 20


def domestic_problems(tables: Tables) -> Iterable[Problem]:
    """Find domestic freight that leaves its country, totals without zones or bands, and cars on no kind of link."""
    yield from _over_borders(tables)
    yield from _totals(tables)
    yield from _shares(tables)
    yield from _classes(tables)


def _over_borders(tables: Tables) -> Iterator[Problem]:
    zone = tables["zone"]
    country = dict(zip(texts(zone, "zone_id"), texts(zone, "country"), strict=True))
    columns = (texts(tables["demand_domestic"], name) for name in ("origin_zone_id", "destination_zone_id"))
    for told, (start, end) in enumerate(pair for pair in zip(*columns, strict=True) if _leaves(pair, country)):
        if told == _TOLD:
            return
        allowed = f"another zone of {country[start]}"
        what = "origin and destination are the same zone" if start == end else "the destination is in another country"
        yield Problem("demand_domestic", what, start, "destination_zone_id", end, allowed)


def _leaves(pair: tuple[str, str], country: dict[str, str]) -> bool:
    return pair[0] == pair[1] or country[pair[0]] != country[pair[1]]


def _totals(tables: Tables) -> Iterator[Problem]:
    frame, zone = tables["domestic_total"], tables["zone"]
    inner = zone.loc[zone["kind"] == "internal", "country"]
    count = inner.value_counts()
    rows = zip(
        texts(frame, "country"), texts(frame, "commodity_id"), *(numbers(frame, n) for n in ("from_km", "to_km")),
        strict=True,
    )  # fmt: skip
    for country, good, start, end in rows:
        where = f"{country}/{good}"
        if count.get(country, 0) < 2:
            allowed = "a country with two internal zones or more" + hint(country, count.index[count > 1])
            yield Problem("domestic_total", "no two zones are in this country", where, "country", country, allowed)
        if end <= start:
            yield Problem(
                "domestic_total", "to_km is not above from_km", where, "to_km", f"{end:g}", f"above {start:g}"
            )


def _shares(tables: Tables) -> Iterator[Problem]:
    frame = tables["zone_share"]
    for zone, good, made, used in zip(
        texts(frame, "zone_id"), texts(frame, "commodity_id"), numbers(frame, "produces"), numbers(frame, "consumes"),
        strict=True,
    ):  # fmt: skip
        if made != made and used != used:  # noqa: PLR0124  NaN: neither is given
            allowed = "a weight in one of the two columns"
            yield Problem(
                "zone_share", "neither produces nor consumes is given", f"{zone}/{good}", "produces", "", allowed
            )


def _classes(tables: Tables) -> Iterator[Problem]:
    link, frame = tables["link"], tables["background"]
    known = set(zip(texts(link, "mode"), texts(link, "facility_type"), strict=True))
    for mode, kind in zip(texts(frame, "mode"), texts(frame, "facility_type"), strict=True):
        if (mode, kind) not in known:
            there = sorted({k for m, k in known if m == mode and k})
            allowed = "a class of links of the mode: " + ", ".join(there) + hint(kind, there)
            yield Problem("background", "no link of the mode is of this class", mode, "facility_type", kind, allowed)


def alternatives_of_demand(settings: Settings, tables: Tables) -> Iterator[Problem]:
    """Find freight limited to alternatives that do not exist, or that cannot carry it."""
    alternatives = settings.alternatives or default_alternatives(texts(tables["vehicle"], "mode"))
    modes = {one.id: set(one.must_use or one.modes) for one in alternatives}
    goods = tables["commodity"]
    carried = dict(zip(texts(goods, "commodity_id"), map(split_list, texts(goods, "modes")), strict=True))
    for table, column in (
        ("demand", "alternatives"),
        ("demand_domestic", "alternatives"),
        ("domestic_total", "alternative"),
    ):
        frame = tables[table]
        for good, named in dict.fromkeys(zip(texts(frame, "commodity_id"), texts(frame, column), strict=True)):
            chosen = split_list(named)
            unknown = [name for name in chosen if name not in modes]
            for name in unknown:
                allowed = ", ".join(modes) + hint(name, modes)
                yield Problem(table, "unknown alternative", good, column, name, allowed)
            ways = [modes[name] & (set(carried.get(good, ())) or modes[name]) for name in chosen if name in modes]
            if chosen and not unknown and not any(ways):
                allowed = "an alternative with a mode that can carry the commodity, or empty for all"
                yield Problem(table, f"no alternative named can carry {good}", good, column, named, allowed)
