"""Figures of the parts of an effect: the same freight on other routes, by other modes, and new trade."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.core.errors import InputError, Problem, UnknownNameError, hint
from landlink.formats.picture import Picture
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.report.standalone import standalone
from landlink.report.svg import join, tag
from landlink.report.view import View, views_of
from landlink.report.waterfall import Step, waterfall, waterfall_pieces
from landlink.report.words import Words
from landlink.results.result import Result
from landlink.tables.frames import numbers

__all__ = ["check_steps", "parts_figures", "parts_picture", "parts_waterfall"]

#: Steps in their order, after that of the scenario that is compared with.
PARTS: Final = ("rerouting", "mode_shift", "new_trade")
#: Indicators that are drawn, one of each kind where several are given.
_KINDS: Final = ("crossing.tonnes_per_year", "mode.tonnes_per_year", "total.tkm_per_year")
#: Share of the largest step below which one is rounding.
_NOTHING: Final = 1e-6
#: Width of a picture that stands by itself.
_WIDTH: Final = 640.0
#: Relative difference of a figure in two files that is rounding.
_ROUNDING: Final = 1e-6


def check_steps(view: View, others: Sequence[View], steps: pd.DataFrame) -> None:
    """Refuse steps of the effect of other results: they end at the figures of the view, and begin at those of another.

    Parameters
    ----------
    view
        The result whose effect is divided.
    others
        Results that it may be compared with; none: where the steps begin is not checked.
    steps
        As for :func:`parts_figures`.

    Raises
    ------
    InputError
        No step is given, or a value is that of another result.
    """
    if not len(steps):
        raise InputError(Problem("effect_step", "there are no steps", allowed="what `landlink decompose -o` writes"))
    for (indicator, key), rows in steps.fillna({"key": ""}).groupby(["indicator", "key"], sort=False):
        name = f"{indicator}[{key}]" if key != "" else str(indicator)
        values = numbers(rows, "value").tolist()
        for found, known, what in ((values[-1], [view], "end"), (values[0], others, "begin")):
            there = [_value(one, name) for one in known]
            if known and not any(abs(found - one) <= _ROUNDING * max(map(abs, values)) for one in there):
                allowed = "steps of the results of this report: " + ", ".join(f"{one:.6g}" for one in there)
                message = f"the steps {what} at a figure that none of the results has"
                raise InputError(Problem("effect_step", message, name, "value", f"{found:.6g}", allowed))


def _value(view: View, name: str) -> float:
    """An indicator of the study as it stands, as a decomposition takes it; NaN if the result does not know it."""
    try:
        return parse_expression(name).value(TableView(view.result.tables, currency=view.provenance.presentation.money))
    except UnknownNameError:
        return math.nan


def parts_figures(view: View, steps: pd.DataFrame | None) -> Markup:
    """Draw what is divided of freight at crossings, by mode and in all, the largest change of each; empty without.

    Parameters
    ----------
    view
        The result whose effect is divided.
    steps
        Steps of indicators: columns step (``before``, ``rerouting``, ``mode_shift``, ``new_trade``), indicator, key,
        value, change, unit.
    """
    if steps is None or not len(steps):
        return Markup("")
    words = view.words
    figures = [parts_waterfall(view, steps, *found) for kind in _KINDS if (found := _largest(steps, kind)) is not None]
    if not figures:
        return Markup("")
    return join([tag("h3", words("trade_response.parts")), tag("p", words("trade_response.parts_how")), *figures])


def parts_waterfall(view: View, steps: pd.DataFrame, indicator: str, key: str) -> Markup:
    """Draw the parts of the change of an indicator as a waterfall, with its name as title."""
    title, found, total = _parts(view, steps, indicator, key)
    identifier = "parts-" + "".join(one if one.isalnum() else "-" for one in f"{indicator}-{key}".lower())
    description, rtl = view.words("trade_response.parts_description"), view.words.direction == "rtl"
    return tag("figure", tag("h4", title), waterfall(identifier, title, description, found, total, rtl=rtl))


def parts_picture(
    result: Result, steps: pd.DataFrame, indicator: str, *, language: str = "en", names: str = ""
) -> Picture:
    """Draw the parts of the change of an indicator; see :meth:`landlink.analysis.decomposition.Decomposition.plot`."""
    further = result.provenance.presentation.languages
    (view,) = views_of([result], Words(language, names=names, further=dict.fromkeys(further)))
    name, _, inside = indicator.partition("[")
    title, found, total = _parts(view, steps, name, inside.rstrip("]"))
    rtl = view.words.direction == "rtl"
    pieces, height = waterfall_pieces(found, total, rtl=rtl)
    # Outside a page nothing else says how texts are read.
    drawing = tag("svg", *pieces, class_="chart", direction="rtl" if rtl else "ltr")
    note = view.words("trade_response.parts_how")
    return standalone(title, drawing, (_WIDTH, float(height)), [], note, rtl=rtl)


def _parts(view: View, steps: pd.DataFrame, indicator: str, key: str) -> tuple[str, list[Step], Step]:
    """Title, parts and whole of the change of an indicator.

    Raises
    ------
    UnknownNameError
        The steps do not have the indicator.
    """
    words = view.words
    rows = steps[(steps["indicator"] == indicator) & (steps["key"].fillna("") == key)]
    whole_name = f"{indicator}[{key}]" if key else indicator
    if not len(rows):
        every = [f"{a}[{b}]" if b else str(a) for a, b in zip(steps["indicator"], steps["key"].fillna(""), strict=True)]
        known = list(dict.fromkeys(every))
        message = "the decomposition has no such indicator" + hint(whole_name, known)
        raise UnknownNameError(Problem("indicator", message, value=whole_name, allowed="an indicator of its table"))
    by_step = dict(zip(rows["step"], numbers(rows, "change").tolist(), strict=True))
    changes = [by_step[part] for part in PARTS]
    largest = max(map(abs, changes))
    changes = [value if abs(value) > _NOTHING * largest else 0.0 for value in changes]
    divisor, unit = words.scale_of(max(largest, abs(sum(changes))), str(rows["unit"].iloc[0]))

    def step(part: str, value: float) -> Step:
        return Step(words(f"trade_response.{part}"), value, words.rough_number(value / divisor, signed=True))

    found = [step(part, value) for part, value in zip(PARTS, changes, strict=True)]
    title = f"{view.indicator_label(whole_name)} ({words.unit(unit)})"
    return title, found, step("effect", sum(changes))


def _largest(steps: pd.DataFrame, kind: str) -> tuple[str, str] | None:
    """Indicator of a kind that changes most, with its arguments; ``None`` if there is none or none changes."""
    rows = steps[(steps["indicator"] == kind) & (steps["step"] != "before")]
    if not len(rows):
        return None
    moved = rows.assign(key=rows["key"].fillna("")).groupby("key", sort=False)["change"].sum().abs()
    top = str(moved.idxmax())
    return (kind, top) if float(moved[top]) > 0 else None
