"""How studies, scenarios and results show themselves in a notebook: headline figures and a small map."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from markupsafe import Markup

from landlink.analysis.emissions import Emissions
from landlink.appraisal.appraisal import Appraisal
from landlink.appraisal.readable import country_rows, headline_rows, terms_line
from landlink.core.arrays import Floats
from landlink.core.countries import country_name
from landlink.core.display import Display
from landlink.indicators.amounts import compared_in_both, shown_rows
from landlink.report.cases import Results
from landlink.report.labels import Label, Labeller
from landlink.report.projection import Frame, fit
from landlink.report.svg import join, tag
from landlink.report.view import indicator_title, views_of
from landlink.report.words import Words
from landlink.report.zone_marks import short_name
from landlink.results.changes import NOT_KNOWN
from landlink.results.compare import columns_of_values
from landlink.results.result import Result
from landlink.study import Scenario, Study
from landlink.tables.frames import Tables, numbers, records

__all__ = ["NOTEBOOK_DISPLAYS"]

#: Colours that the colour-blind can tell apart (Okabe & Ito 2008), by family of modes.
_COLOURS: Final = {
    "road": "#d55e00",
    "rail": "#0072b2",
    "water": "#56b4e9",
    "air": "#cc79a7",
    "gain": "#0072b2",
    "loss": "#d55e00",
}
_WIDTH: Final = 480
#: Size of letters on it, pixels, and the most places that are named.
_LETTERS: Final = 11.0
_NAMED: Final = 12
#: Rows of a comparison that are shown.
_MOST: Final = 25
#: Countries of emissions that are shown.
_EMITTERS: Final = 8
#: Ratios that are written as multiples, and one so large that there was next to nothing before.
_TIMES: Final = 10.0
_MOST_TIMES: Final = 1000
_BESIDE: Final = "display:flex;gap:1.5em;flex-wrap:wrap;align-items:flex-start"
_SOFT: Final = "opacity:.7;text-align:start"
_CODE: Final = _SOFT + ";font-family:monospace"
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
    rows = [*_headlines(result), ("Relative gap", f"{certificate.relative_gap:.1e}, {state}")]
    return _card(result.label, rows, _map(result.tables, _flows(result)))


def _flows(result: Result) -> pd.DataFrame:
    """Links, each once, with the tonnes of both directions."""
    link = result.tables["link"]
    both = link.groupby("link_id", sort=False)["tonnes_per_year"].sum()
    once = link.drop_duplicates("link_id")
    return once.assign(tonnes_per_year=both.reindex(once["link_id"]).to_numpy())


def _results(results: Results) -> str:
    table = compared_in_both(results.compare(), results[0].currency)
    names = columns_of_values(list(results))
    wanted = [name for name in table.index if str(name).startswith(_HEADLINES)]
    labels = [
        (name, result.label) for name, result in zip(names, results, strict=True) if name != result.label
    ]  # fmt: skip
    key = [tag("div", tag("strong", name), f": {label}", dir="auto") for name, label in labels]
    shown = tag("div", _figures(table.loc[wanted], names, results), *key)
    return str(tag("div", shown, _changes(results[0], results[-1]), style=_BESIDE))


def _changes(first: Result, last: Result) -> Markup:
    """Map of the last result, its lines as wide as the change from the first."""
    if first is last:
        return _map(last.tables, _flows(last))
    before, after = (_flows(one).set_index("link_id") for one in (first, last))
    links = after.combine_first(before)
    change = after["tonnes_per_year"].sub(before["tonnes_per_year"], fill_value=0.0).reindex(links.index)
    drawn = links.assign(tonnes_per_year=change.abs(), shade=np.where(change >= 0, "gain", "loss")).reset_index()
    return _map(last.tables, drawn, f"Map of changes: blue lines gain in {last.label}, orange ones lose")


def _comparison(table: pd.DataFrame) -> str:
    """The rows that changed most, in round figures; any other frame as pandas shows it."""
    names = [str(name) for name in table.attrs.get("labels", {})]
    if not names or not {*names, "unit"} <= set(table) or table.index.name not in (None, "indicator"):
        return pd.DataFrame(table).to_html(max_rows=10, max_cols=20, show_dimensions=True)
    labels = [(name, label) for name, label in table.attrs["labels"].items() if name != label]
    key = [tag("div", tag("strong", name), f": {label}", dir="auto") for name, label in labels]
    more = len(table) - _MOST
    note = tag("div", f"{more:,} more rows, in the table itself", style=_SOFT) if more > 0 else Markup("")
    results = getattr(table, "_results", ())
    return str(tag("div", _figures(table.head(_MOST), names, results), *key, note))


def _figures(table: pd.DataFrame, names: Sequence[str], results: Sequence[Result]) -> Markup:
    """Values, changes from the first result, and units of some indicators: titles first, where results name them."""
    views = views_of(results, Words("en")) if results else []
    several = len(names) > 2
    heads = ["", names[0]]
    for name in names[1:]:
        heads += [name, f"change {name}" if several else "change", "%"]
    noted = "note" in table and bool(table["note"].astype(bool).any())
    rows = []
    for indicator, row in zip(table.index, table.to_dict("records"), strict=True):
        before, note = row[names[0]], str(row.get("note") or "")
        cells = [_number(before)]
        for name in names[1:]:
            after = row[name]
            cells += [_number(after), _number(after - before, signed=True)]
            cells.append("" if note == NOT_KNOWN else _percent(before, after))
        figures = [tag("td", cell, style="text-align:end;white-space:nowrap;padding:0 .5em") for cell in cells]
        title = indicator_title(views, str(indicator)) if views else str(indicator)
        name_cell = tag("th", title, scope="row", dir="auto", style="text-align:start;font-weight:500")
        further = [tag("td", str(row["unit"]), style="text-align:start")]
        further += [tag("td", note, style=_SOFT)] if noted else []
        further += [tag("td", str(indicator), style=_CODE)] if views else []
        rows.append(tag("tr", name_cell, *figures, *further))
    last = ["unit", *(["note"] if noted else []), *(["indicator"] if views else [])]
    head = tag(
        "tr",
        *(tag("th", text, scope="col", style="text-align:end") for text in heads),
        *(tag("th", text, scope="col", style="text-align:start") for text in last),
    )
    return tag("table", tag("thead", head), tag("tbody", *rows))


def _percent(before: float, after: float) -> str:
    """Relative change; what begins at nothing or ends there is said in a word, and what grows tenfold as a multiple."""
    nothing = (not math.isfinite(before) or before == 0, not math.isfinite(after) or after == 0)
    if any(nothing):
        return "" if all(nothing) else "new" if nothing[0] else "gone"
    if (ratio := after / before) >= _TIMES:
        return f"×{ratio:,.0f}" if ratio <= _MOST_TIMES else f"> ×{_MOST_TIMES:,}"
    return f"{100 * (after - before) / abs(before):+,.1f}".replace("-", "\u2212")


def _appraisal(found: Appraisal) -> str:
    """Results with their intervals, and who gains and pays."""
    drawn = bool(found.terms.trials or found.terms.members)
    kept = slice(1, 5) if drawn else slice(1, 2)
    heads = ("", "median", "P10", "P90", "central") if drawn else ("", "central")
    rows = [(row[0], *row[kept], row[5], row[6]) for row in headline_rows(found)]
    country_heads, countries = country_rows(found)
    tables = [
        _plain_table((*heads, "", ""), rows, len(heads)),
        _plain_table(country_heads, countries, len(country_heads)),
    ]
    title = f"{found.terms.title}: {', '.join(found.terms.measures)}"
    notes = [tag("div", note, style=_SOFT) for note in found.notes]
    line = tag("div", terms_line(found), style=_SOFT)
    return str(tag("div", tag("strong", title), line, tag("div", *tables, style=_BESIDE), *notes, dir="auto"))


def _plain_table(heads: Sequence[str], rows: Sequence[Sequence[str]], figures: int) -> Markup:
    """A table whose first column names rows, followed by some columns of figures and then text."""
    end, start = "text-align:end;white-space:nowrap;padding:0 .5em", "text-align:start"
    body = [
        tag(
            "tr",
            tag("th", row[0], scope="row", style="text-align:start;font-weight:500"),
            *(tag("td", cell, style=end if place < figures else start) for place, cell in enumerate(row[1:], 1)),
        )
        for row in rows
    ]
    head = tag("tr", *(tag("th", text, scope="col", style="text-align:end") for text in heads))
    return tag("table", tag("thead", head), tag("tbody", *body))


def _headlines(result: Result) -> list[tuple[str, str]]:
    table = shown_rows(result.tables["indicator"], result.currency)
    chosen = table[table["indicator"].str.startswith(_HEADLINES) & (table["value"] != 0)]
    view = views_of([result], Words("en"))[0]
    return [
        (view.indicator_label(str(name)), f"{_number(value)} {unit}")
        for name, value, unit in zip(chosen["indicator"], chosen["value"], chosen["unit"], strict=True)
    ]


def _number(value: Any, *, signed: bool = False) -> str:
    """A number in four digits, with a word for millions and billions."""
    if value is None or not math.isfinite(value):
        return ""
    sign = "\u2212" if value < 0 else "+" if signed and value > 0 else ""
    size = abs(value)
    for least, word in ((1e9, " billion"), (1e6, " million")):
        if size >= least:
            return f"{sign}{size / least:,.4g}{word}"
    return sign + (f"{size:,.0f}" if size >= 1000 else f"{size:.4g}")


def _card(title: str, rows: Iterable[tuple[str, str]], picture: Markup) -> str:
    lines = [tag("tr", tag("th", name, style="text-align:start"), tag("td", text)) for name, text in rows]
    table = tag("table", *lines)
    return str(
        tag(
            "div",
            tag("strong", title, dir="auto"),
            tag("div", table, picture, style=_BESIDE),
        )
    )


def _map(tables: Tables, links: pd.DataFrame, label: str = "") -> Markup:
    """Draw the links as straight lines between their nodes, as wide as their tonnes where those are known."""
    node = tables["node"].set_index("node_id")[["x_coord", "y_coord"]]
    ends = [node.reindex(links[column]).to_numpy(dtype=np.float64) for column in ("from_node_id", "to_node_id")]
    drawn = np.isfinite(np.hstack(ends)).all(axis=1)
    if not drawn.any():
        return Markup("")
    points = np.vstack([end[drawn] for end in ends])
    families = _families(tables, links)
    land = ~np.isin(families, ["water", "air"])
    # Long lines at sea would make all others small; the window cuts them.
    frame = fit(np.vstack([end[drawn & land] for end in ends]) if (drawn & land).any() else points)
    placed = frame.place(points)
    begin, end = placed[: len(placed) // 2], placed[len(placed) // 2 :]
    shown = np.asarray(links["shade"], dtype=object)[drawn] if "shade" in links else families[drawn]
    tonnes = (numbers(links, "tonnes_per_year") if "tonnes_per_year" in links else np.zeros(len(links)))[drawn]
    widths = 0.6 + 5.4 * tonnes / max(float(tonnes.max()), 1.0)
    paths = [_lines(family, begin, end, widths, shown == family) for family in dict.fromkeys(shown)]
    box = f"0 0 {frame.width:.0f} {frame.height:.0f}"
    label = label or "Map of the network" + (", lines as wide as their tonnes" if tonnes.any() else "")
    names = _names(tables, frame)
    return tag("svg", *paths, names, viewBox=box, width=_WIDTH, role="img", aria_label=label)


def _names(tables: Tables, frame: Frame) -> Markup:
    """Name the places with most people, where there is room; those without a population come last."""
    nodes = tables["node"]
    if "name" not in nodes or not len(nodes):
        return Markup("")
    people = numbers(nodes, "population") if "population" in nodes else np.zeros(len(nodes))
    zoned = nodes["node_id"].isin(tables["zone"]["node_id"]).to_numpy(dtype=np.bool_)
    rank = -np.nan_to_num(people) - zoned
    placed = frame.place(np.column_stack([numbers(nodes, "x_coord"), numbers(nodes, "y_coord")]))
    labels = [
        Label(short_name(str(name)), float(x), float(y), "minor", float(order))
        for name, (x, y), order in zip(nodes["name"], placed, rank, strict=True)
        if order < 0 and isinstance(name, str) and 0 <= x <= frame.width and 0 <= y <= frame.height
    ]
    size = _LETTERS * frame.width / _WIDTH
    drawn = Labeller(frame, size, _NAMED).draw(labels)
    return tag("g", drawn, fill="currentColor", font_size=round(size, 1), font_family="sans-serif")


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


def _emissions(found: Emissions) -> str:
    """Total, and emissions by family and by the countries that emit most."""
    words = Words("en")
    figures = [
        ("CO2e, well to wheel", words.rough(found.total, "t/year")),
        ("Energy", words.rough(found.energy_mj, "MJ/year")),
        ("By tonne-kilometre", words.rough(found.g_per_tkm, "g/tkm")),
        *((str(row["family"]), words.rough(row["co2e_t_per_year"], "t/year")) for row in records(found.by("mode"))),
    ]
    countries = [
        (country_name(str(row["country"])) or str(row["country"]), words.rough(row["co2e_t_per_year"], "t/year"))
        for row in records(found.by("country").head(_EMITTERS))
    ]
    return _card(f"Emissions: {found.result.label}", [*figures, *countries], Markup(""))


NOTEBOOK_DISPLAYS: Final = (
    Display("Emissions", _emissions),
    Display("Study", _study),
    Display("Scenario", _scenario),
    Display("Result", _result),
    Display("Results", _results),
    Display("Comparison", _comparison),
    Display("Appraisal", _appraisal),
)
