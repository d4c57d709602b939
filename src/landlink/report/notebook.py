"""How studies, scenarios and results show themselves in a notebook: headline figures and a small map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.core.arrays import Floats
from landlink.core.display import Display
from landlink.indicators.amounts import compared_in_both, shown_rows
from landlink.report.cases import Results
from landlink.report.projection import fit
from landlink.report.svg import join, tag
from landlink.results.result import Result
from landlink.study import Scenario, Study
from landlink.tables.frames import Tables, numbers

__all__ = ["NOTEBOOK_DISPLAYS"]

#: Colours that the colour-blind can tell apart (Okabe & Ito 2008), by family of modes.
_COLOURS: Final = {"road": "#d55e00", "rail": "#0072b2", "water": "#56b4e9", "air": "#cc79a7"}
_WIDTH: Final = 480
_COUNTED: Final = ("zone", "link", "crossing", "measure")
_HEADLINES: Final = ("total.", "mode.tonnes_per_year[")


def _study(study: Study) -> str:
    settings = study.settings
    rows = [
        ("Base year", str(settings.base_year)),
        *(
            (f"{name.capitalize()}s", f"{len(study.tables[name]):,}")
            for name in ("zone", "link", "crossing", "measure")
        ),
        ("Scenarios", ", ".join(study.scenarios) or "none"),
        ("Applied", ", ".join(study.measures) or "no measures"),
    ]
    return _card(settings.title, rows, _map(study.tables, study.tables["link"]))


def _scenario(scenario: Scenario) -> str:
    measures = scenario.study.tables["measure"].set_index("measure_id")["name"]
    inactive = set(scenario.inactive_measures)
    named = [f"{measures[m]}{' (not in force)' if m in inactive else ''}" for m in scenario.measures]
    rows = [
        ("Study", scenario.study.settings.title),
        ("Year", str(scenario.year)),
        ("Measures", "; ".join(named) or "none"),
    ]
    return _card(scenario.label, rows, _map(scenario.tables, scenario.tables["link"]))


def _result(result: Result) -> str:
    certificate = result.provenance.certificate
    state = "converged" if result.converged else f"missed {certificate.target_gap:.1e}"
    link = result.tables["link"]
    both = link.groupby("link_id", sort=False)["tonnes_per_year"].sum()
    once = link.drop_duplicates("link_id")
    drawn = once.assign(tonnes_per_year=both.reindex(once["link_id"]).to_numpy())
    rows = [*_headlines(result), ("Relative gap", f"{certificate.relative_gap:.1e}, {state}")]
    return _card(result.label, rows, _map(result.tables, drawn))


def _results(results: Results) -> str:
    shown = compared_in_both(results.compare(), results[0].currency)
    wanted = [name for name in shown.index if str(name).startswith(_HEADLINES)]
    columns = ["unit", *shown.columns[: len(results)]]
    heads = tag("tr", *(tag("th", text) for text in ("", *results.names, "unit")))
    rows = [
        tag(
            "tr",
            tag("th", str(name), style="text-align:start"),
            *(tag("td", _number(value), style="text-align:end") for value in values),
            tag("td", unit),
        )
        for name, (unit, *values) in zip(wanted, shown.loc[wanted, columns].itertuples(index=False), strict=True)
    ]
    return str(tag("table", heads, *rows))


def _headlines(result: Result) -> list[tuple[str, str]]:
    table = shown_rows(result.tables["indicator"], result.currency)
    chosen = table[table["indicator"].str.startswith(_HEADLINES) & (table["value"] != 0)]
    return [
        (str(name), f"{_number(value)} {unit}")
        for name, value, unit in zip(chosen["indicator"], chosen["value"], chosen["unit"], strict=True)
    ]


def _number(value: Any) -> str:
    for size, word in ((1e9, " billion"), (1e6, " million")):
        if abs(value) >= size:
            return f"{value / size:,.4g}{word}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def _card(title: str, rows: Iterable[tuple[str, str]], picture: Markup) -> str:
    lines = [tag("tr", tag("th", name, style="text-align:start"), tag("td", text)) for name, text in rows]
    table = tag("table", *lines)
    return str(
        tag(
            "div",
            tag("strong", title, dir="auto"),
            tag("div", table, picture, style="display:flex;gap:1.5em;flex-wrap:wrap;align-items:flex-start"),
        )
    )


def _map(tables: Tables, links: pd.DataFrame) -> Markup:
    """Draw the links as straight lines between their nodes, as wide as their tonnes where those are known."""
    node = tables["node"].set_index("node_id")[["x_coord", "y_coord"]]
    ends = [node.reindex(links[column]).to_numpy(dtype=np.float64) for column in ("from_node_id", "to_node_id")]
    drawn = np.isfinite(np.hstack(ends)).all(axis=1)
    if not drawn.any():
        return Markup("")
    points = np.vstack([end[drawn] for end in ends])
    frame = fit(points)
    placed = frame.place(points)
    begin, end = placed[: len(placed) // 2], placed[len(placed) // 2 :]
    families = _families(tables, links)[drawn]
    tonnes = (numbers(links, "tonnes_per_year") if "tonnes_per_year" in links else np.zeros(len(links)))[drawn]
    widths = 0.6 + 5.4 * tonnes / max(float(tonnes.max()), 1.0)
    paths = [_lines(family, begin, end, widths, families == family) for family in dict.fromkeys(families)]
    box = _box(placed)
    label = "Map of the network" + (", lines as wide as their tonnes" if tonnes.any() else "")
    return tag("svg", *paths, viewBox=box, width=_WIDTH, role="img", aria_label=label)


def _families(tables: Tables, links: pd.DataFrame) -> np.ndarray:
    """Family of each link's mode."""
    if "family" in links:
        return np.asarray(links["family"], dtype=object)
    family = dict(zip(tables["vehicle"]["mode"], tables["vehicle"]["family"], strict=True))
    return np.asarray(links["mode"].map(family), dtype=object)


def _lines(family: str, begin: Floats, end: Floats, widths: Floats, chosen: np.ndarray) -> Markup:
    segments: Sequence[Markup] = [
        tag("path", d=f"M{x:.0f} {y:.0f}L{u:.0f} {v:.0f}", stroke_width=f"{width:.1f}")
        for (x, y), (u, v), width in zip(begin[chosen], end[chosen], widths[chosen], strict=True)
    ]
    colour = _COLOURS.get(str(family), "#777777")
    return tag("g", tag("title", str(family)), join(segments), stroke=colour, fill="none", stroke_linecap="round")


def _box(placed: Floats) -> str:
    low, high = placed.min(axis=0), placed.max(axis=0)
    margin = 8.0
    size = high - low + 2 * margin
    return f"{low[0] - margin:.0f} {low[1] - margin:.0f} {size[0]:.0f} {size[1]:.0f}"


NOTEBOOK_DISPLAYS: Final = (
    Display("Study", _study),
    Display("Scenario", _scenario),
    Display("Result", _result),
    Display("Results", _results),
)
