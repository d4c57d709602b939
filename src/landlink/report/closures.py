"""What closures cost: a map, the worst places with who loses, and what a programme changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.report.close_windows import close_to_closures
from landlink.report.closure_flows import closure_flows
from landlink.report.closure_pairs import closure_pairs
from landlink.report.criticality_map import closed_place, closed_within, criticality_map, days_text
from landlink.report.maps import Atlas
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View
from landlink.tables.frames import Row, records
from landlink.tables.lists import split_list

__all__ = ["closures", "worst_closure"]

#: Places that are listed, and countries that are named as those that lose.
_SHOWN, _LOSERS = 10, 3
#: Share of a place's loss from which a country is named.
_NAMED: Final = 0.1
_UNIT: Final = "million USD"


def closures(
    views: Sequence[View], view: View, atlas: Atlas, found: pd.DataFrame, flows: pd.DataFrame | None = None
) -> Markup:
    """What the closures of an analysis cost: how they were found, the map, and tables.

    Parameters
    ----------
    views
        The results of the report.
    view
        The result of its first scenario.
    atlas
        Base maps.
    found
        The analysis, see :data:`landlink.resilience.criticality_schema.CRITICALITY`.
    flows
        Where freight goes meanwhile, see :data:`landlink.resilience.closure_flow_schema.CLOSURE_FLOW`.
    """
    words = view.words
    scenarios = list(dict.fromkeys(found["scenario"].astype(str)))
    every = _alone(found, scenarios[0])
    first = _single(found, scenarios[0])
    parts = [
        tag("h3", words("security.closures")),
        tag("p", words.sentences(words("security.how", days=_days(view, first)), *_restrictions(view, found))),
        _map(view, atlas, every),
        _worst(view, found, first),
    ]
    if flows is not None and len(first):
        parts.append(closure_flows(view, _listed(view, found, first), flows))
    parts.append(closure_pairs(view, found, _focus(view, found)))
    if len(scenarios) > 1:
        parts.append(_changes(views, view, found, scenarios))
    return join(parts)


def _restrictions(view: View, found: pd.DataFrame) -> Iterator[str]:
    """Say which closures were solved, and whose losses counted, where not all."""
    yield closed_within(view, found)
    if country := str(found["losses_of"].iloc[0]):
        yield view.words("security.sought", country=view.name("country", country))


def _focus(view: View, found: pd.DataFrame) -> str:
    """Country whose losses count: that of the report, else that of the analysis; empty for everybody's."""
    return view.focus or str(found["losses_of"].iloc[0])


def worst_closure(view: View, found: pd.DataFrame) -> str:
    """Say which single closure costs most, of those solved, and whom; for the country of the report or the analysis."""
    first = _single(found, str(found["scenario"].iloc[0]))
    how, among = _among(view, first)
    if focus := _focus(view, found):
        own = _own(found, first, focus)
        if len(own) and float(own["own"].iloc[0]) > 0:
            row = records(own.head(1))[0]
            cost = view.words.rough(_millions(view, row["own"]), view.unit(_UNIT))
            country = view.name("country", focus)
            return view.words(
                f"security.finding_own{how}", place=closed_place(view, row), cost=cost, country=country,
                label=view.label, among=among,
            )  # fmt: skip
    if not len(first) or not float(first["added_cost_usd_per_day"].iloc[0]) > 0:
        return view.words("security.finding_none")
    row = records(first.head(1))[0]
    cost = view.words.rough(_millions(view, row["added_cost_usd_per_day"]), view.unit(_UNIT))
    return view.words(
        f"security.finding{how}", place=closed_place(view, row), cost=cost, losers=_losers(view, found, row),
        label=view.label, among=among,
    )  # fmt: skip


def _among(view: View, first: pd.DataFrame) -> tuple[str, str]:
    """Ending of the message on the worst place, and among which places it is; empty if all were closed."""
    if not len(first):
        return "", ""
    words, row = view.words, records(first.head(1))[0]
    if row["closed_only"]:
        # One place that was asked for is not the worst of any.
        return ("_one", "") if len(first) == 1 else ("_among", words("security.among_only"))
    if codes := split_list(str(row["closed_in"])):
        countries = words("common.comma").join(view.name("country", code) for code in codes)
        return "_among", words("security.among_within", countries=countries)
    return "", ""


def _own(found: pd.DataFrame, first: pd.DataFrame, country: str) -> pd.DataFrame:
    """Closures with what a country loses by each, the worst for it first."""
    parts = found[(found["country"] == country) & (found["with_row"] == "")]
    of_place = parts.set_index(["scenario", "table", "row"])["added_cost_usd_per_day"]
    keys = pd.MultiIndex.from_frame(first[["scenario", "table", "row"]])
    return first.assign(own=of_place.reindex(keys).fillna(0.0).to_numpy()).sort_values(
        "own", ascending=False, kind="stable"
    )


def _alone(found: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Closures of single places as a whole in a scenario, the worst first."""
    rows = found[(found["scenario"] == scenario) & (found["country"] == "") & (found["with_row"] == "")]
    return rows.sort_values("rank", kind="stable")


def _single(found: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """The same, one for those in line, through which the same freight passes."""
    rows = _alone(found, scenario)
    return rows[rows["same_as"] == ""]


def _days(view: View, rows: pd.DataFrame) -> str:
    return days_text(view.words, float(rows["closed_days"].iloc[0])) if len(rows) else ""


def _millions(view: View, usd: float) -> float:
    return float(usd) / 1e6 * view.currency.factor(_UNIT)


def _losers(view: View, found: pd.DataFrame, row: Row) -> str:
    """Countries that bear most of what a closure costs, with their shares."""
    same = found[
        (found["scenario"] == row["scenario"]) & (found["table"] == row["table"]) & (found["row"] == row["row"])
        & (found["with_row"] == "") & (found["country"] != "")
    ]  # fmt: skip
    whole = float(row["added_cost_usd_per_day"])
    worst = same.sort_values("added_cost_usd_per_day", ascending=False, kind="stable").head(_LOSERS)
    told = [
        view.words("common.with_note", value=view.name("country", one["country"]),
                   note=view.words.percent(float(one["added_cost_usd_per_day"]) / whole, decimals=0))
        for one in records(worst)
        if whole > 0 and float(one["added_cost_usd_per_day"]) >= _NAMED * whole
    ]  # fmt: skip
    return view.words("common.comma").join(told) or view.words("common.no_value")


def _map(view: View, atlas: Atlas, rows: pd.DataFrame) -> Markup:
    if "region" not in atlas.sheets or not len(rows):
        return Markup("")
    close = close_to_closures(atlas, view, rows, "closures")
    drawn = criticality_map(close.sheet, view, rows, identifier="closures-map")
    return close.land + atlas.figure(drawn, view, drawn.title)


def _listed(view: View, found: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The worst places; for the country that the report or the analysis is about, if there is one."""
    return (_own(found, rows, focus) if (focus := _focus(view, found)) else rows).head(_SHOWN)


def _worst(view: View, found: pd.DataFrame, rows: pd.DataFrame) -> Markup:
    """The worst places: cost of a day, interval, what waits, who loses."""
    words, focus = view.words, _focus(view, found)
    first = _listed(view, found, rows)
    known = bool(first["added_cost_p10_usd_per_day"].notna().any())
    heads = [
        Head(words("security.place"), numeric=False),
        Head(words("security.cost", unit=words.unit(view.unit(_UNIT)))),
        *([Head(words("security.own_cost", country=view.name("country", focus)))] if focus else []),
        *([Head(words("security.interval"))] if known else []),
        Head(words("security.waiting", unit=words.unit("kt"))),
        Head(words("security.co2e", unit=words.unit("t"))),
        Head(words("security.zones")),
        Head(words("security.losers"), numeric=False),
    ]
    cells = [_cells(view, found, row, known=known) for row in records(first)]
    caption = words("security.caption", days=_days(view, first))
    if focus:
        caption = words.sentences(caption, words("security.caption_own", country=view.name("country", focus)))
    return table(caption, heads, [Group("", cells)], class_="wide")


def _cells(view: View, found: pd.DataFrame, row: Row, *, known: bool) -> list[str | Markup]:
    words = view.words
    cells: list[str | Markup] = [
        closed_place(view, row), words.rough_number(_millions(view, row["added_cost_usd_per_day"])),
        *([words.rough_number(_millions(view, row["own"]))] if "own" in row else []),
    ]  # fmt: skip
    if known:
        low, high = (
            words.rough_number(_millions(view, row[f"added_cost_{end}_usd_per_day"])) for end in ("p10", "p90")
        )
        cells.append(words("security.ends", low=low, high=high))
    cells += [
        words.rough_number(float(row["waiting_tonnes_per_day"]) / 1e3),
        words.rough_number(float(row["added_co2e_t_per_day"])),
        words.number(float(row["isolated_zones"]), decimals=0),
        _losers(view, found, row),
    ]
    return cells


def _changes(views: Sequence[View], view: View, found: pd.DataFrame, scenarios: Sequence[str]) -> Markup:
    """What a programme changes, place by place: those that change most."""
    words, unit = view.words, view.words.unit(view.unit(_UNIT))
    before, after = (_single(found, one).set_index(["table", "row"]) for one in scenarios[:2])
    moved = after["change_usd_per_day"].abs().sort_values(ascending=False, kind="stable").index[:_SHOWN]
    heads = [
        Head(words("security.place"), numeric=False),
        *(Head(words(f"security.{when}", unit=unit)) for when in ("before", "after", "change")),
    ]
    rows: list[list[str | Markup]] = []
    for key in moved:
        row = records(after.loc[[key]].reset_index())[0]
        cost, change = (_millions(view, row[name]) for name in ("added_cost_usd_per_day", "change_usd_per_day"))
        known = key in before.index and not row["new"]
        rows.append([
            closed_place(view, row),
            words.rough_number(cost - change) if known else words("security.new"),
            words.rough_number(cost),
            words.rough_number(change, signed=True),
        ])  # fmt: skip
    digest = str(found.loc[found["scenario"] == scenarios[1], "study_hash"].iloc[0])
    label = next((one.head for one in views if one.provenance.run.study_hash == digest), scenarios[1])
    caption = words("security.programme", label=label)
    return folded(words("security.programme_fold"), table(caption, heads, [Group("", rows)]))
