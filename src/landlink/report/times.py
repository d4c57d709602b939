"""Section on door-to-door times of the study's selected pairs, by component."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from landlink.report.charts import Bar, Segment, stacked_bars
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View, baseline_of
from landlink.tables.frames import row_of, texts

__all__ = ["PARTS", "Pair", "best_saving", "pair_label", "pairs_of", "section", "trips"]

Pair = tuple[str, str, str]

#: Components of door-to-door time: column, catalogue key, CSS class.
PARTS = (
    ("run_h", "run", "c-blue"),
    ("stop_h", "stop", "c-sky"),
    ("terminal_h", "terminal", "c-yellow"),
    ("crossing_h", "crossing", "c-vermilion"),
    ("access_h", "access", "c-grey"),
)
_KEY = ["origin_zone_id", "destination_zone_id", "commodity_id"]


@dataclass(frozen=True, slots=True)
class Saving:
    """Change in time and distance for a pair and alternative, from baseline to scenario."""

    pair: Pair
    alternative: str
    view: View
    hours: float
    km: float


def pairs_of(views: Sequence[View]) -> list[Pair]:
    """Return the pairs that any result lists leg by leg, in order."""
    found: dict[Pair, None] = {}
    for view in views:
        origin, destination, commodity = (texts(view.table("leg"), name) for name in _KEY)
        found |= dict.fromkeys(zip(origin, destination, commodity, strict=True))
    return list(found)


def trips(view: View, pair: Pair) -> pd.DataFrame:
    """Return one row per alternative of a pair: hours by component, km and USD/t.

    Averages over routes used if the result has them, otherwise the main route.
    """
    mean = _of_pair(view.journeys, pair)
    if len(mean):
        return mean.drop_duplicates("alternative").set_index("alternative")
    legs = _of_pair(view.table("leg"), pair)
    columns = [*(part[0] for part in PARTS), "distance_km", "money_usd_per_t"]
    sums = legs.groupby("alternative", sort=False)[columns].sum()
    sums["tonnes_per_year"] = legs.groupby("alternative", sort=False).tonnes_per_year.first()
    return sums.assign(time_h=sums[[part[0] for part in PARTS]].sum(axis=1))


def best_saving(views: Sequence[View]) -> Saving | None:
    """Return the largest time saving among all pairs, alternatives and scenarios."""
    savings = list(_savings(views))
    return max(savings, key=lambda saving: saving.hours, default=None)


def pair_label(view: View, pair: Pair) -> str:
    """Label of a pair: origin, destination and commodity."""
    origin, destination = (view.name("zone", zone) for zone in pair[:2])
    return view.words("times.pair", origin=origin, destination=destination, commodity=view.name("commodity", pair[2]))


def section(views: Sequence[View]) -> Section:
    """Build the section."""
    words = views[0].words
    heading = words("times.heading")
    pairs = pairs_of(views)
    if not pairs:
        return Section("times", heading, "", tag("p", words("times.none")))
    most = max(
        (float(trips(view, pair).time_h.max()) for view in views for pair in pairs if len(trips(view, pair))),
        default=1.0,
    )
    blocks = [tag("p", words("times.how")), _key(views[0])]
    blocks += [_block(views, pair, index, most) for index, pair in enumerate(pairs)]
    return Section("times", heading, _finding(views), join(blocks))


def _savings(views: Sequence[View]) -> Iterable[Saving]:
    for position, view in enumerate(views):
        baseline = baseline_of(views, position)
        if baseline is None:
            continue
        for pair in pairs_of(views):
            before, after = trips(baseline, pair), trips(view, pair)
            for alternative in after.index.intersection(before.index):
                old, new = before.loc[alternative], after.loc[alternative]
                yield Saving(
                    pair,
                    str(alternative),
                    view,
                    float(old.time_h - new.time_h),
                    float(old.distance_km - new.distance_km),
                )


def _finding(views: Sequence[View]) -> str:
    words = views[0].words
    saving = best_saving(views)
    if saving is not None and saving.hours > 0.5:
        return words(
            "times.saving_title",
            pair=pair_label(saving.view, saving.pair),
            alternative=words.term("mode", saving.alternative),
            saved=words.duration(saving.hours),
            label=saving.view.label,
        )
    if saving is not None:
        return words("times.no_saving_title")
    view = views[0]
    waiting = [(pair, row) for pair in pairs_of(views) for _, row in trips(view, pair).iterrows() if row.time_h > 0]
    if not waiting:
        return ""
    pair, row = max(waiting, key=lambda item: item[1].crossing_h / item[1].time_h)
    share = words.percent(float(row.crossing_h / row.time_h))
    return words(
        "times.border_title", pair=pair_label(view, pair), alternative=words.term("mode", str(row.name)), share=share
    )


def _key(view: View) -> Markup:
    items = [
        tag("li", tag("span", class_=f"chip {class_}", aria_hidden="true"), " ", view.words(f"times.{key}"))
        for _, key, class_ in PARTS
    ]
    return tag("ul", *items, class_="key", aria_label=view.words("times.key"))


def _block(views: Sequence[View], pair: Pair, index: int, most: float) -> Markup:
    words = views[0].words
    alternatives = dict.fromkeys(str(name) for view in views for name in trips(view, pair).index)
    bars = []
    for alternative in alternatives:
        lead = words.term("mode", alternative)
        for view in views:
            rows = trips(view, pair)
            if alternative not in rows.index:
                continue
            bars.append(_bar(view, row_of(rows, alternative), lead, most))
            lead = ""
    title = pair_label(views[0], pair)
    chart = stacked_bars(
        f"times-{index}", title, words("times.description", pair=title), bars, most=most, rtl=words.direction == "rtl"
    )
    return tag(
        "figure", tag("h3", title), chart, folded(words("times.legs"), _numbers(views, pair, list(alternatives)))
    )


def _bar(view: View, row: pd.Series, lead: str, most: float) -> Bar:
    words = view.words
    divisor, unit = (24.0, "days") if most >= 96 else (1.0, "h")
    segments = []
    for column, key, class_ in PARTS:
        hours = float(row[column])
        segments.append(Segment(hours, class_, words.number(hours / divisor, decimals=1), words(f"times.{key}")))
    total = f"{words.number(float(row.time_h) / divisor, decimals=1)}\u00a0{words.unit(unit)}"
    distance = f"{words.count(float(row.distance_km))}\u00a0{words.unit('km')}"
    return Bar(view.titled, segments, total, distance, lead)


def _numbers(views: Sequence[View], pair: Pair, alternatives: Sequence[str]) -> Markup:
    """Tables of the averages and of the main route leg by leg."""
    words = views[0].words
    hours = [Head(words(f"times.{key}"), over=words("times.hours")) for _, key, _ in PARTS]
    heads = [
        Head(words("times.result"), numeric=False),
        Head(words("common.km")),
        *hours,
        Head(words("times.total"), over=words("times.hours")),
        Head(words.unit(views[0].unit("USD/t"))),
        Head(words.unit("t/year")),
    ]
    groups = []
    for alternative in alternatives:
        rows = []
        for view in views:
            found = trips(view, pair)
            if alternative in found.index:
                row = row_of(found, alternative)
                numbers = [
                    float(row[column])
                    for column in ("distance_km", *(part[0] for part in PARTS), "time_h", "money_usd_per_t")
                ]
                tonnes = words.number(float(row.tonnes_per_year), decimals=0)
                rows.append(
                    [
                        view.label,
                        words.number(numbers[0], decimals=0),
                        *(words.number(n, decimals=1) for n in numbers[1:]),
                        tonnes,
                    ]
                )
        groups.append(Group(words.term("mode", alternative), rows))
    means = table(words("times.mean_caption", pair=pair_label(views[0], pair)), heads, groups)
    return join([means, *(_legs(view, pair) for view in views)])


def _legs(view: View, pair: Pair) -> Markup:
    words = view.words
    legs = _of_pair(view.table("leg"), pair)
    if not len(legs):
        return Markup("")
    heads = [
        Head(words("times.leg"), numeric=False),
        Head(words("common.mode"), numeric=False),
        Head(words("common.km")),
        *(Head(words(f"times.{key}"), over=words("times.hours")) for _, key, _ in PARTS),
        Head(words.unit(view.unit("USD/t"))),
    ]
    groups = []
    for alternative, part in legs.groupby("alternative", sort=False):
        share = float(part.share.iloc[0])
        title = words("times.route", alternative=words.term("mode", str(alternative)), share=words.percent(share))
        rows = [
            [
                _leg_name(view, row),
                words.term("mode", str(row["mode"])),
                words.count(row.distance_km) if row.distance_km else "",
                # Most legs have only one component of time; zeros of the others are left out for clarity.
                *(words.number(float(row[column]), decimals=1) if row[column] else "" for column, _, _ in PARTS),
                words.number(row.money_usd_per_t, decimals=1),
            ]
            for _, row in part.sort_values("leg").iterrows()
        ]
        groups.append(Group(title, rows))
    return table(words("times.legs_caption", pair=pair_label(view, pair), label=view.label), heads, groups)


def _leg_name(view: View, row: pd.Series) -> str:
    kind = view.words.term("leg", str(row.kind))
    if row.kind == "run":
        where = view.countries(row.country)
        return f"{view.place(row.from_name)} – {view.place(row.to_name)}" + (f" ({where})" if where else "")
    return view.words.headed(kind, view.place(row["name"] or row.from_name))


def _of_pair(frame: pd.DataFrame, pair: Pair) -> pd.DataFrame:
    return frame[
        (frame.origin_zone_id == pair[0]) & (frame.destination_zone_id == pair[1]) & (frame.commodity_id == pair[2])
    ]
