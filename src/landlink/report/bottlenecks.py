"""Section on bottlenecks: where in the region a little more capacity is worth most."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from markupsafe import Markup

from landlink.freight.bottleneck_places import lie_in, region_of
from landlink.report.section import Section
from landlink.report.subject import compared_views, subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View, with_key

__all__ = ["bottleneck_sentence", "section"]

#: Places of each result that are shown.
_SHOWN: Final = 6
_KEY: Final = ["kind", "place_id", "family", "direction"]
#: Columns of worth and their messages.
_PERCENT, _VEHICLE, _HOUR = "one_percent_usd_per_year", "one_more_usd_per_year", "one_more_hour_usd_per_year"
#: Tables that tell where places lie.
_WHERE: Final = ("zone", "node", "crossing", "link", "terminal")
_UNIT: Final = "million USD/year"

#: Share of the largest worth from which a rise is told.
_NOTICED: Final = 0.01

_Key = tuple[str, ...]
_Row = Mapping[str, Any]


def section(views: Sequence[View]) -> Section | None:
    """Build the section; ``None`` if no result ranks its bottlenecks."""
    words = views[0].words
    if not any("bottleneck" in view.result.tables for view in views):
        return None
    ranked = [_ranked(view) for view in views]
    heading = words("bottleneck.heading")
    compared = compared_views(views)
    first = [ranked[list(views).index(view)] for view in compared]
    if not any(ranked):
        return Section("bottleneck", heading, "", tag("p", words("bottleneck.none")))
    area = tag("p", words("bottleneck.area", area=_area(views[0])))
    how = [words("bottleneck.how"), *([words("bottleneck.hour_how")] if _any_hours(first, _shown(first)) else [])]
    body = [tag("p", words.sentences(*how)), area, _table(compared, first)]
    if len(compared) < len(views):
        body.append(folded(words("common.all_results"), _table(views, ranked)))
    subject = subject_of(views)
    told = [view for view in (subject.baseline, subject.view) if view is not None]
    finding = _finding(told, [ranked[list(views).index(view)] for view in told])
    return Section("bottleneck", heading, finding, join(body))


def _table(views: Sequence[View], ranked: Sequence[Mapping[_Key, _Row]]) -> Markup:
    """What capacity is worth at the first places of each result."""
    words = views[0].words
    shown = _shown(ranked)
    worth = [column for column in (_PERCENT, _VEHICLE, _HOUR) if column != _HOUR or _any_hours(ranked, shown)]
    titles = {_PERCENT: "percent", _VEHICLE: "vehicle", _HOUR: "hour"}
    unit = words.unit(views[0].unit(_UNIT))
    heads = [Head(words("bottleneck.place"), numeric=False)]
    heads += [Head(view.head, over=words("bottleneck.use")) for view in views]
    heads += [
        Head(view.head, over=words(f"bottleneck.{titles[column]}", unit=unit)) for column in worth for view in views
    ]
    rows = [_cells(views, ranked, key, worth) for key in shown]
    return table(with_key(words("bottleneck.caption"), views), heads, [Group("", rows)], class_="wide")


def _shown(ranked: Sequence[Mapping[_Key, _Row]]) -> list[_Key]:
    """The first places of each result."""
    return list(dict.fromkeys(key for rows in ranked for key in list(rows)[:_SHOWN]))


def _ranked(view: View) -> dict[_Key, _Row]:
    """Rows of places in the region where more capacity is worth anything, the best first, by what they are."""
    frame = view.table("bottleneck")
    if frame.empty:
        return {}
    tables = {name: view.table(name) for name in _WHERE}
    rows = frame[(frame[_PERCENT] > 0) & lie_in(tables, frame, _countries(view))]
    return {tuple(str(row[name]) for name in _KEY): row for row in rows.to_dict("records")}  # type: ignore[misc]


def _countries(view: View) -> set[str]:
    """Countries whose places are ranked: that which the report is about, else those of the region."""
    return {view.focus} if view.focus else region_of({"zone": view.table("zone")})


def _area(view: View) -> str:
    """Countries of the region by name, in the order of the zones."""
    inside = _countries(view)
    codes = dict.fromkeys([*(str(code) for code in view.table("zone")["country"]), *sorted(inside)])
    return view.words("common.comma").join(view.name("country", code) for code in codes if code in inside)


def _any_hours(ranked: Sequence[Mapping[_Key, _Row]], shown: Sequence[_Key]) -> bool:
    return any(math.isfinite(rows[key][_HOUR]) for rows in ranked for key in shown if key in rows)


def _cells(
    views: Sequence[View], ranked: Sequence[Mapping[_Key, _Row]], key: _Key, worth: Sequence[str]
) -> list[str | Markup]:
    words = views[0].words
    view = next(view for view, rows in zip(views, ranked, strict=True) if key in rows)
    kind = words.term("family", key[2]) if key[2] else ""
    name: str | Markup = _place(view, key)
    cells: list[str | Markup] = [join([tag("span", name), tag("span", kind, class_="under")]) if kind else name]
    found = [rows.get(key) for rows in ranked]
    cells += [words.percent(row["use"]) if row else words("common.no_value") for row in found]
    for column in worth:
        cells += [words.rough_number(float(row[column]) / 1e6) if row else words("common.no_value") for row in found]
    return cells


def _place(view: View, key: _Key) -> str:
    """Name of a crossing, of a terminal, or of the ends of a link; with the direction where they queue apart."""
    kind, place, family, direction = key
    if kind == "link":
        links = view.table("link")
        first = links[links["load_group"] == place]["link_id"]
        return view.place_name("link", str(first.iloc[0]) if len(first) else place)
    name = view.place_name(kind, place)
    if direction == "both":
        return name
    frame = view.table("crossing")
    row = frame[(frame["crossing_id"] == place) & (frame["family"] == family) & (frame["direction"] == direction)]
    if row.empty:
        return name
    start, end = (view.name("country", row[column].iloc[0]) for column in ("from_country", "to_country"))
    return view.words("bottleneck.way", place=name, a=start, b=end)


def _finding(views: Sequence[View], ranked: Sequence[Mapping[_Key, _Row]]) -> str:
    """Say which place is the bottleneck of the baseline, and what changes in the scenario."""
    first, last = ranked[0], ranked[-1]
    texts = [_sentence(views[0], next(iter(first)), first)] if first else []
    if last and last is not first:
        top = next(iter(last))
        if not first or top != next(iter(first)):
            texts.append(_sentence(views[-1], top, last))
        else:
            texts += _rise(views[-1], first, last)
    return views[0].words.sentences(*texts)


def bottleneck_sentence(view: View, baseline: View | None = None) -> str:
    """Say which place of the region is its bottleneck, and where the worth of capacity changes most.

    Parameters
    ----------
    view
        The result.
    baseline
        What it is compared with; ``None`` for a single result.

    Returns
    -------
    str
        Empty if the result ranks no bottleneck.
    """
    if "bottleneck" not in view.result.tables or not (rows := _ranked(view)):
        return ""
    words, top = view.words, next(iter(rows))
    told = {"area": _area(view), "place": _titled(view, top), "percent": _money(view, rows[top][_PERCENT])}
    before = _ranked(baseline) if baseline is not None and "bottleneck" in baseline.result.tables else {}
    changes = {key: _worth(rows, key) - _worth(before, key) for key in ([*rows, *before] if before else [])}
    moved = max(changes, key=lambda one: abs(changes[one]), default=top)
    owner = view if moved in rows else baseline
    if owner is None or not changes or abs(changes[moved]) <= _NOTICED * rows[top][_PERCENT]:
        return words("first.bottleneck", **told)
    was, now = (_money(view, worth) if (worth := _worth(one, moved)) else words.number(0) for one in (before, rows))
    if moved == top:
        return words("first.bottleneck_changed", **told, before=was)
    change = words("first.bottleneck_new", place=_titled(owner, moved), before=was, after=now)
    return words.sentences(words("first.bottleneck", **told), change)


def _worth(rows: Mapping[_Key, _Row], key: _Key) -> float:
    return float(rows[key][_PERCENT]) if key in rows else 0.0


def _sentence(view: View, key: _Key, rows: Mapping[_Key, _Row]) -> str:
    message = "bottleneck.finding_terminal" if key[0] == "terminal" else "bottleneck.finding"
    percent, one = (_money(view, rows[key][column]) for column in (_PERCENT, _VEHICLE))
    return view.words(message, label=view.head, place=_titled(view, key), percent=percent, one=one)


def _rise(view: View, before: Mapping[_Key, _Row], after: Mapping[_Key, _Row]) -> list[str]:
    """Say where capacity gains most in worth."""
    rises = {key: row[_PERCENT] - (before[key][_PERCENT] if key in before else 0.0) for key, row in after.items()}
    key = max(rises, key=lambda one: rises[one])
    if rises[key] <= _NOTICED * max(row[_PERCENT] for row in after.values()):
        return []
    percent = _money(view, after[key][_PERCENT])
    return [view.words("bottleneck.finding_rise", label=view.head, place=_titled(view, key), percent=percent)]


def _titled(view: View, key: _Key) -> str:
    """Name of a place with its family of modes."""
    place = _place(view, key)
    if not key[2]:
        return place
    return view.words("common.with_note", value=place, note=view.words.term("family", key[2]))


def _money(view: View, amount: float) -> str:
    return view.words.rough(amount / 1e6, view.unit(_UNIT))
