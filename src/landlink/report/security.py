"""Section on security: what breaks, what it costs and whom, how fast it mends, and what a programme does to that."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from markupsafe import Markup

from landlink.core.errors import InputError, Problem
from landlink.report.closure_map import closure_map, days_of, million, written
from landlink.report.maps import Atlas
from landlink.report.resilience_files import ResilienceFiles
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.view import View
from landlink.tables.frames import Row, records

__all__ = ["check_analyses", "section"]

#: Places that are listed, and countries that are named as those that lose.
_SHOWN, _LOSERS = 10, 3
#: Share of a place's loss from which a country is named.
_NAMED = 0.1


def section(views: Sequence[View], atlas: Atlas, files: ResilienceFiles | None) -> Section | None:
    """Build the section; ``None`` if no analysis of closures was given."""
    if files is None or files.criticality is None:
        return None
    found = files.criticality
    if not len(found):
        return None
    view = _view_of(views, found)
    words = view.words
    scenarios = list(dict.fromkeys(found["scenario"].astype(str)))
    first = _single(found, scenarios[0])
    parts = [tag("p", words("security.how", days=_days(view, first))), _map(view, atlas, first)]
    parts.append(_worst(view, found, scenarios))
    if len(scenarios) > 1:
        parts.append(_changes(view, found, scenarios))
    return Section("security", words("security.heading"), _finding(view, found, first), join(parts))


def check_analyses(views: Sequence[View], files: ResilienceFiles) -> None:
    """Refuse analyses whose first scenario is none of the results.

    Raises
    ------
    InputError
        No result has the study, the measures and the year of the scenario.
    """
    if files.criticality is not None and len(files.criticality):
        _view_of(views, files.criticality)


def _view_of(views: Sequence[View], found: pd.DataFrame) -> View:
    """The result of the first scenario of an analysis."""
    first = records(found.head(1))[0]
    for view in views:
        if (view.provenance.run.study_hash, view.year) == (first["study_hash"], int(first["year"])):
            return view
    shown = "; ".join(dict.fromkeys(view.label for view in views))
    message = "closures of none of the results of this report"
    allowed = f"an analysis of the study, the measures and the year of one of them ({shown})"
    raise InputError(Problem("resilience", message, column="scenario", value=str(first["scenario"]), allowed=allowed))


def _single(found: pd.DataFrame, scenario: str) -> pd.DataFrame:
    """Closures of single places as a whole in a scenario, the worst first."""
    rows = found[(found["scenario"] == scenario) & (found["country"] == "") & (found["with_row"] == "")]
    return rows.sort_values("rank", kind="stable")


def _days(view: View, rows: pd.DataFrame) -> str:
    days = rows["closed_days"].iloc[0] if len(rows) else float("nan")
    return (
        view.words("security.for_good")
        if pd.isna(days)
        else view.words("security.days", days=view.words.plain(days))
    )


def _name(view: View, row: Row) -> str:
    name = view.place_name(str(row["table"]), str(row["row"]).partition("/")[0])
    family = str(row["row"]).partition("/")[2]
    if family and row["table"] == "crossing":
        return view.words("common.with_note", value=name, note=view.words.term("family", family))
    return name if name != str(row["row"]) else str(row["name"])


def _finding(view: View, found: pd.DataFrame, first: pd.DataFrame) -> str:
    if not len(first) or not float(first["added_cost_usd_per_day"].iloc[0]) > 0:
        return view.words("security.finding_none")
    row = records(first.head(1))[0]
    amount = written(view, float(million(first).iloc[0]))
    return view.words(
        "security.finding",
        place=_name(view, row),
        days=_days(view, first),
        cost=amount,
        losers=_losers(view, found, row),
    )


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
    title = view.words("security.map_title", days=_days(view, rows), label=view.head)
    drawn = closure_map(atlas.sheets["region"], view, rows, identifier="closures-map", title=title)
    return atlas.figure(drawn, view, title)


def _worst(view: View, found: pd.DataFrame, scenarios: Sequence[str]) -> Markup:
    """The worst places: cost, interval, what waits, who loses."""
    words, first = view.words, _single(found, scenarios[0]).head(_SHOWN)
    known = bool(first["added_cost_p10_usd_per_day"].notna().any())
    money = words.unit(view.unit("million USD"))
    heads = [
        Head(words("security.place"), numeric=False), Head(words("security.cost", unit=money)),
        *([Head(words("security.interval"))] if known else []),
        Head(words("security.waiting", unit=words.unit("kt"))), Head(words("security.co2e", unit=words.unit("kt"))),
        Head(words("security.zones")), Head(words("security.losers"), numeric=False),
    ]  # fmt: skip
    costed = first.assign(cost=million(first), days=days_of(first))
    rows = [_cells(view, found, row, known=known) for row in records(costed)]
    return table(words("security.caption", days=_days(view, first)), heads, [Group("", rows)], class_="wide")


def _cells(view: View, found: pd.DataFrame, row: Row, *, known: bool) -> list[str | Markup]:
    words, per_day = view.words, view.currency.factor("million USD")
    days = float(row["days"])
    cells: list[str | Markup] = [_name(view, row), words.rough_number(float(row["cost"]) * per_day)]
    if known:
        ends = [float(row[f"added_cost_{end}_usd_per_day"]) * days / 1e6 * per_day for end in ("p10", "p90")]
        cells.append(words("security.ends", low=words.rough_number(ends[0]), high=words.rough_number(ends[1])))
    cells += [
        words.rough_number(float(row["waiting_tonnes_per_day"]) * days / 1e3),
        words.rough_number(float(row["added_co2e_t_per_day"]) * days / 1e3),
        words.number(float(row["isolated_zones"]), decimals=0),
        _losers(view, found, row),
    ]
    return cells


def _changes(view: View, found: pd.DataFrame, scenarios: Sequence[str]) -> Markup:
    """What a programme changes, place by place: those that change most."""
    words = view.words
    before, after = (_single(found, one).set_index(["table", "row"]) for one in scenarios[:2])
    moved = after["change_usd_per_day"].abs().sort_values(ascending=False, kind="stable").index[:_SHOWN]
    factor, money = view.currency.factor("million USD"), words.unit(view.unit("million USD"))
    heads = [
        Head(words("security.place"), numeric=False), Head(words("security.before", unit=money)),
        Head(words("security.after", unit=money)), Head(words("security.change", unit=money)),
    ]  # fmt: skip
    rows = []
    for key in moved:
        now = after.loc[[key]].reset_index()
        cost = float(million(now).iloc[0])
        was = float(million(before.loc[[key]]).iloc[0]) if key in before.index else None
        rows.append([
            _name(view, records(now)[0]),
            words("security.new") if was is None else words.rough_number(was * factor),
            words.rough_number(cost * factor), words.rough_number((cost - (was or 0.0)) * factor, signed=True),
        ])  # fmt: skip
    return folded(
        words("security.programme_fold"),
        table(words("security.programme", label=scenarios[1]), heads, [Group("", rows)]),
    )
