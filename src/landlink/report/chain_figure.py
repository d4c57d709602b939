"""Figures of chains: the chart of one alternative in several results, and its tables leg by leg."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from landlink.analysis.chain_profile import ChainEnds, Profile
from landlink.analysis.crossing_spread import PROBABILITIES
from landlink.ensemble.quantiles import quantiles
from landlink.report.chain_chart import Curve, Layout, Panel, Stop, Vertex, chain_chart
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.view import View, without_crossing
from landlink.report.words import Words
from landlink.tables.frames import Row, records, row_of

__all__ = ["chart", "chart_title", "frame_of", "framed", "leg_name", "leg_tables", "notes"]

#: Hours from which the axis of time is in days.
_DAYS_FROM: Final = 96.0
#: Hours from which a total is in days.
_DURATION_IN_DAYS: Final = 48.0
#: Heights of the panels of time and money, pixels: of a page or picture, and of a report.
_TALL: Final = (210.0, 130.0)
_LOW: Final = (150.0, 80.0)

#: Width of a chart on a telephone, pixels.
_SLIM: Final = 364.0
#: A profile with the view of its result.
Seen = tuple[View, Profile]


def chart_title(view: View, ends: ChainEnds, alternative: str) -> str:
    """Title of a chart: the pair, the commodity and the alternative."""
    return view.words.headed(_pair(view, ends), view.words.term("mode", alternative))


def _pair(view: View, ends: ChainEnds) -> str:
    origin, destination = view.name("zone", ends.origin), view.name("zone", ends.destination)
    commodity = view.name("commodity", ends.commodity)
    return view.words("times.pair", origin=origin, destination=destination, commodity=commodity)


def framed(
    identifier: str, ends: ChainEnds, seen: Sequence[Seen], styles: Sequence[int], *, low: bool = False
) -> Markup:
    """Put a chart into a frame of a page, once for wide and once for narrow screens; see :func:`chart`."""
    title = chart_title(seen[0][0], ends, seen[0][1].alternative)
    wide = tag("div", chart(identifier, ends, seen, styles, low=low), class_="broad")
    slim = tag("div", chart(f"{identifier}-slim", ends, seen, styles, low=low, width=_SLIM), class_="slim")
    return tag("div", wide, slim, class_="chain-frame", role="region", aria_label=title, tabindex=0)


def chart(
    identifier: str,
    ends: ChainEnds,
    seen: Sequence[Seen],
    styles: Sequence[int],
    *,
    low: bool = False,
    width: float = 760.0,
) -> Markup:
    """Draw the chart of one alternative.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    ends
        The pair and the commodity.
    seen
        A profile of the alternative for each result that has one.
    styles
        Number of the colour and pattern of each, the same in all charts of a page.
    low
        Whether it is one of many charts of a report.
    width
        Its width, pixels.
    """
    heights = _LOW if low else _TALL
    view = seen[0][0]
    words = view.words
    most = max(float(profile.legs["at_p95_h"].iloc[-1]) for _, profile in seen)
    divisor, unit = (24.0, "days") if most >= _DAYS_FROM else (1.0, "h")
    curves = [_curve(one, profile, style, divisor) for (one, profile), style in zip(seen, styles, strict=True)]
    band = words("chain.band") if any(profile.has_band for _, profile in seen) else ""
    title = chart_title(view, ends, seen[0][1].alternative)
    layout = Layout(
        time=Panel(words("chain.time", unit=words.unit(unit)), heights[0], words.plain),
        money=Panel(words("chain.money", unit=words.unit(view.unit("USD/t"))), heights[1], words.plain),
        distance=(words("times.distance"), words.plain),
        crossing=words("chain.crossing"),
        terminal=words("chain.terminal"),
        band=band,
        rtl=words.direction == "rtl",
        width=width,
    )
    return chain_chart(identifier, title, words("chain.description", pair=title), curves, layout)


def _curve(view: View, profile: Profile, style: int, divisor: float) -> Curve:
    rows, factor = records(profile.legs), view.currency.factor("USD/t")
    time = _vertices(rows, ("at_h", "at_p05_h", "at_p95_h"), 1 / divisor)
    money = _vertices(rows, ("at_usd_per_t",) * 3, factor)
    stops = [
        Stop(row["at_km"], stop_name(view, row), row["kind"] == "crossing", row["at_h"] / divisor,
             row["at_usd_per_t"] * factor)
        for row in rows
        if row["kind"] in ("crossing", "terminal")
    ]  # fmt: skip
    return Curve(view.titled, _totals(view, profile), style, time, money, stops)


def _vertices(rows: Sequence[Row], columns: Sequence[str], factor: float) -> list[Vertex]:
    """Corners of a line: goods are loaded before they leave, and unloaded after they have arrived."""
    km, values = 0.0, (0.0, 0.0, 0.0)
    found: list[Vertex] = [(km, *values)]
    for place, row in enumerate(rows):
        low, middle, high = (factor * float(row[column]) for column in (columns[1], columns[0], columns[2]))
        after = (middle, low, high)
        if row["kind"] != "run" and row["distance_km"] > 0:
            unloading = place == len(rows) - 1
            found.append((row["at_km"], *values) if unloading else (km, *after))
        km, values = float(row["at_km"]), after
        found.append((km, *values))
    return found


def stop_name(view: View, row: Row) -> str:
    """Short name of a crossing or terminal of a leg."""
    return without_crossing(view.place(row["name"] or row["from_name"]))


def _totals(view: View, profile: Profile) -> str:
    """Time, money and distance of a whole chain in words."""
    words, end = view.words, profile.legs.iloc[-1]
    divisor, unit = (24.0, "days") if float(end["at_h"]) >= _DURATION_IN_DAYS else (1.0, "h")
    middle, low, high = (
        words.number(float(end[name]) / divisor, decimals=1) for name in ("at_h", "at_p05_h", "at_p95_h")
    )
    told = {
        "time": f"{middle}\u00a0{words.unit(unit)}",
        "money": words.quantity(_money(view, float(end["at_usd_per_t"])), view.unit("USD/t")),
        "distance": words.quantity(float(end["at_km"]), "km"),
    }
    return words("chain.total_range", low=low, high=high, **told) if profile.has_band else words("chain.total", **told)


def _money(view: View, usd_per_t: float) -> float:
    return view.currency.amount(usd_per_t, "USD/t")


def leg_tables(ends: ChainEnds, seen: Sequence[Seen]) -> Markup:
    """Tables of one alternative, leg by leg, one for each result."""
    return join([_leg_table(view, ends, profile) for view, profile in seen])


def _leg_table(view: View, ends: ChainEnds, profile: Profile) -> Markup:
    words, legs = view.words, profile.legs
    money, here = words.unit(view.unit("USD/t")), words("chain.so_far")
    heads = [
        Head(words("times.leg"), numeric=False),
        Head(words("common.mode"), numeric=False),
        *(Head(text, over=words("chain.leg")) for text in (words("common.km"), words.unit("h"), money)),
        *(Head(text, over=here) for text in (words("common.km"), words.unit("h"), words("chain.range"), money)),
    ]
    rows = [
        [
            leg_name(view, row),
            words.term("mode", str(row["mode"])),
            words.count(row["distance_km"]),
            words.number(row["time_h"], decimals=1),
            words.number(_money(view, row["money_usd_per_t"]), decimals=1),
            words.count(row["at_km"]),
            words.number(row["at_h"], decimals=1),
            _range(words, row),
            words.number(_money(view, row["at_usd_per_t"]), decimals=1),
        ]
        for row in records(legs)
    ]
    title = words.headed(chart_title(view, ends, profile.alternative), view.titled)
    share = words(
        "chain.share", share=words.percent(profile.share), alternative=words.term("mode", profile.alternative)
    )
    return table(f"{title}. {share}", heads, [Group("", rows)], class_="wide")


def _range(words: Words, row: Row) -> str:
    if not row["at_p05_h"] < row["at_p95_h"]:
        return words("common.no_value")
    return words("chain.from_to", **{n: words.number(row[f"at_{n}_h"], decimals=1) for n in ("p05", "p95")})


def leg_name(view: View, row: Row) -> str:
    """Name of a leg: its ends and countries, or the place where it happens."""
    kind = view.words.term("leg", str(row["kind"]))
    if row["kind"] == "run":
        where = view.countries(row["country"])
        return f"{view.place(row['from_name'])} – {view.place(row['to_name'])}" + (f" ({where})" if where else "")
    return view.words.headed(kind, view.place(row["name"] or row["from_name"]))


def notes(ends: ChainEnds, profiles: Sequence[Mapping[str, Profile]], views: Sequence[View]) -> Markup:
    """How the chart is made, where its band comes from, and what a vehicle carries."""
    words = views[0].words
    every = [profile for of_result in profiles for profile in of_result.values()]
    seed = views[0].provenance.run.seed
    told = [words("chain.how")]
    told.append(words("chain.band_how", seed=seed) if any(p.has_band for p in every) else words("chain.no_band"))
    if carried := _payloads(views[0], ends.commodity, every):
        told.append(words("chain.payload", commodity=views[0].name("commodity", ends.commodity), payloads=carried))
    for view, of_result in zip(views, profiles, strict=True):
        told += _doubts(view, ends, list(of_result))
    return join([tag("p", text, class_="soft") for text in told])


def _payloads(view: View, commodity: str, profiles: Sequence[Profile]) -> str:
    """Tonnes of a commodity in a vehicle of each mode used; empty where the result does not hold vehicles."""
    vehicle, goods = view.table("vehicle"), view.table("commodity")
    if "payload_t" not in vehicle or "load_factor" not in goods:
        return ""
    factor = float(row_of(goods.set_index("commodity_id"), commodity)["load_factor"])
    payload = dict(zip(vehicle["mode"], vehicle["payload_t"], strict=True))
    modes = dict.fromkeys(str(mode) for profile in profiles for mode in profile.legs["mode"])
    words = view.words
    told = [f"{words.term('mode', m)} {words.quantity(payload[m] / factor, 't')}" for m in modes if m in payload]
    return words("common.list_separator").join(told)


def _doubts(view: View, ends: ChainEnds, alternatives: Sequence[str]) -> list[str]:
    """What the ensemble of a result says of the mean time of all goods between the zones."""
    if view.ensemble is None:
        return []
    told = []
    for name in alternatives:
        indicator = f"od.time_h[{ends.origin},{ends.destination},{name}]"
        if indicator in view.ensemble.place_of:
            found = quantiles(view.ensemble.values_of(indicator).reshape(-1, 1), PROBABILITIES).ravel()
            low, high = (view.words.duration(float(value)) for value in found)
            alternative = view.words.term("mode", name)
            told.append(view.words("chain.ensemble", label=view.titled, alternative=alternative, low=low, high=high))
    return told


def frame_of(profiles: Sequence[Mapping[str, Profile]], labels: Sequence[str], view: View) -> pd.DataFrame:
    """All legs as one table of plain columns, money also in the currency of the study where it has its own."""
    columns = [
        "result", "alternative", "leg", "kind", "mode", "name", "from_name", "to_name", "country", "distance_km",
        "run_h", "stop_h", "terminal_h", "crossing_h", "access_h", "time_h", "money_usd_per_t", "at_km", "at_h",
        "at_p05_h", "at_p95_h", "at_usd_per_t",
    ]  # fmt: skip
    parts: list[pd.DataFrame] = [
        profile.legs.assign(result=label)[columns]
        for label, of_result in zip(labels, profiles, strict=True)
        for profile in of_result.values()
    ]
    whole = pd.concat(parts, ignore_index=True)
    if view.currency.is_own:
        own: dict[str, Any] = {
            view.currency.name_of(name): whole[name] * view.currency.factor("USD/t")
            for name in ("money_usd_per_t", "at_usd_per_t")
        }
        whole = whole.assign(**own)
    return whole
