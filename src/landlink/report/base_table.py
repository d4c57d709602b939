"""Section comparing the base case with scenarios: selected indicators with units and changes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence

from landlink.report.intervals import change_of, changed_text, figure_of, interval_cell
from landlink.report.section import Section
from landlink.report.subject import subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.times import pairs_of
from landlink.report.view import View, baseline_of, with_key
from landlink.report.written_number import WrittenNumber

__all__ = ["change_text", "section"]

#: Groups of rows: catalogue key and patterns of indicators, matched in this order.
_GROUPS = (
    ("totals", (r"total\.",)),
    ("modes", (r"mode\.tkm_per_year\[", r"alternative\.tonnes_per_year\[")),
    ("transit", (r"country\.transit_tonnes_per_year\[{inner}(,all)?\]",)),
    ("countries", (r"country\.tkm_per_year\[{inner},(rail|road|water|air)\]",)),
    ("speeds", (r"country\.speed_without_delay_kmh\[{area},road\]", r"country\.speed_with_delay_kmh\[{area},road\]")),
    ("pairs", ()),
)
#: Number of groups shown open; the others are collapsed.
_OPEN = 2
_PAIR_INDICATORS = ("od.time_h", "od.distance_km", "od.cost_usd_per_t", "od.generalised_cost_usd_per_t")


#: Share of a value below which a change is told as under a tenth of a per cent.
_TINY = 5e-4


def section(views: Sequence[View]) -> Section:
    """Build the section."""
    words = views[0].words
    heads = [Head(words("base.indicator"), numeric=False), Head(words("common.unit"), numeric=False)]
    for position, view in enumerate(views):
        baseline = baseline_of(views, position)
        heads.append(
            Head(view.head if baseline is None else words("base.value"), over="" if baseline is None else view.head)
        )
        if baseline is not None:
            heads.append(Head(words("base.change_from", label=baseline.head), over=view.head))
    groups = [Group(words(f"base.{key}"), [_row(views, name) for name in names]) for key, names in _chosen(views)]
    if not any(group.rows for group in groups):
        return Section("base", words("base.heading"), "", tag("p", words("base.none")))
    body = [table(with_key(words("base.caption"), views), heads, groups[:_OPEN], class_="wide")]
    if any(group.rows for group in groups[_OPEN:]):
        body.append(
            folded(
                words("common.more"),
                table(with_key(words("base.more_caption"), views), heads, groups[_OPEN:], class_="wide"),
            )
        )
    if len(views) == 1:
        body.append(tag("p", words("base.single"), class_="soft"))
    elif len({view.year for view in views}) > 1:
        body.append(tag("p", words("base.years"), class_="soft"))
    return Section("base", words("base.heading"), _finding(views), join(body))


def change_text(view: View, before: float, after: float, unit: str, divisor: float) -> str:
    """Format a change in its unit and in per cent, roughly."""
    words = view.words
    if not (math.isfinite(before) and math.isfinite(after)):
        return words("common.no_value")
    change = after - before
    # A change far below the solver's accuracy is shown as no change.
    if abs(change) <= 1e-6 * max(abs(before), abs(after)):
        return WrittenNumber(words("common.same"), 0.0)
    if abs(change) < _TINY * abs(before):
        return WrittenNumber(words("common.tiny"), change / divisor)
    text = words.rough_number(change / divisor, signed=True)
    if before and unit != "%":
        text += f" ({words.percent(change / abs(before), signed=True)})"
    return text


def _chosen(views: Sequence[View]) -> Iterable[tuple[str, list[str]]]:
    names = list(dict.fromkeys(name for view in views for name in view.indicators))
    zones = views[0].table("zone")
    inner = sorted(set(zones.country[zones.kind == "internal"].astype(str)) or set(zones.country.astype(str)))
    inner_pattern = "(" + "|".join(re.escape(code) for code in inner) + ")" if inner else r"([^,\]]+)"
    for key, patterns in _GROUPS:
        found: list[str] = []
        for pattern in patterns:
            area = inner_pattern.replace("(", "(ALL|", 1)
            matcher = re.compile(pattern.replace("{inner}", inner_pattern).replace("{area}", area))
            matched = [name for name in names if matcher.match(name) and name not in found and _moves(views, name)]
            found += matched
        if key == "pairs":
            ends = dict.fromkeys((origin, destination) for origin, destination, _ in pairs_of(views))
            found = [f"{name}[{o},{d}]" for o, d in ends for name in _PAIR_INDICATORS if f"{name}[{o},{d}]" in names]
        yield key, found


def _moves(views: Sequence[View], name: str) -> bool:
    """Whether the indicator is positive in any result."""
    return any(math.isfinite(value) and value != 0 for value in (view.value(name) for view in views))


def _row(views: Sequence[View], name: str) -> list[str]:
    words = views[0].words
    values = [view.value(name) for view in views]
    unit = next((view.indicators[name][1] for view in views if name in view.indicators), "")
    divisor, shown = words.scale_of(max((abs(value) for value in values if math.isfinite(value)), default=0.0), unit)
    cells: list[str] = [views[0].indicator_label(name), words.unit(shown)]
    places = _places_of_changes(views, name, divisor)
    for position, view in enumerate(views):
        figure = figure_of(view, name)
        plain = places is not None and not figure.has_interval and math.isfinite(figure.value)
        cells.append(
            words.number(figure.value / divisor, decimals=places) if plain else interval_cell(words, figure, divisor)
        )
        baseline = baseline_of(views, position)
        if baseline is not None:
            cells.append(_change_cell(view, baseline, name, unit, divisor))
    return cells


def _places_of_changes(views: Sequence[View], name: str, divisor: float) -> int | None:
    """Decimals with which values tell the changes beside them; ``None`` where the usual digits do."""
    changes = []
    for position, view in enumerate(views):
        baseline = baseline_of(views, position)
        if baseline is not None:
            before, after = baseline.value(name), view.value(name)
            if math.isfinite(before) and math.isfinite(after) and abs(after - before) >= _TINY * abs(before):
                changes.append(abs(after - before) / divisor)
    least = min(filter(None, changes), default=0.0)
    largest = max((abs(view.value(name)) for view in views if math.isfinite(view.value(name))), default=0.0) / divisor
    if not least or least >= largest / 10:
        return None
    return max(0, -math.floor(math.log10(least)))


def _change_cell(view: View, baseline: View, name: str, unit: str, divisor: float) -> str:
    """Format a change: with its interval where both results have ensembles of the same draws."""
    change = change_of(view, baseline, name)
    if change is None or not change.has_interval or change.low == change.high:
        before, after = baseline.value(name), view.value(name)
        return change_text(view, before, after, unit, divisor)
    return interval_cell(view.words, change, divisor, signed=True)


def _finding(views: Sequence[View]) -> str:
    """Compose the finding: the mode that the scenario of the first page changes most, or else total freight."""
    words = views[0].words
    subject = subject_of(views)
    view, baseline = subject.view, subject.baseline
    if baseline is not None:
        before, after = (item.links.groupby("mode").tkm_per_year.sum() for item in (baseline, view))
        shift = after.sub(before, fill_value=0.0)
        if len(shift) and shift.abs().max() > 0:
            mode = str(shift.abs().idxmax())
            change = changed_text(view, baseline, f"mode.tkm_per_year[{mode}]", float(shift[mode]), "tkm/year")
            name = words.term("mode", mode)
            return words("base.shift_title", label=view.head, mode=name, change=change, baseline=baseline.head)
    total = views[0].value("total.tonnes_per_year")
    if math.isfinite(total):
        return words("base.total_title", label=views[0].head, total=words.rough(total, "t/year"))
    return ""
