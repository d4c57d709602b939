"""Pictures and tables of what disturbances cost in a year: by country and cause, bad years, and the dearest hazards."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.report.gain_bars import Stack, bar_key, gain_bars
from landlink.report.intervals import with_range
from landlink.report.line_chart import Line, Scale, line_chart, round_steps
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.view import View
from landlink.report.words import Words
from landlink.resilience.output_tables import EVERY_CAUSE, EVERY_COUNTRY
from landlink.tables.frames import Row, records

__all__ = ["country_losses", "expected_loss", "hazard_table", "loss_curve", "risk_sentence"]

_UNIT: Final = "million USD"
_YEARLY: Final = "million USD/year"
#: Countries, causes and hazards that are shown; further causes are one.
_COUNTRIES, _CAUSES, _HAZARDS = 6, 4, 8
_OTHER: Final = "other"
#: Return periods that are marked on the axis, years.
_PERIODS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)


def cause_name(view: View, cause: str) -> str:
    """Name of a cause."""
    return view.words.term("cause", cause)


def expected_loss(view: View) -> str:
    """Say what disturbances are expected to cost in a year; the country that the report is about, if it loses."""
    whole = _expected(view, EVERY_COUNTRY)
    own = _expected(view, view.focus) if view.focus else ""
    if not own:
        return view.words("security.finding_year", loss=whole, label=view.label)
    country = view.name("country", view.focus)
    return view.words("security.finding_year_own", country=country, loss=own, whole=whole, label=view.label)


def _expected(view: View, country: str) -> str:
    """Expected loss of a year with its interval; empty without losses."""
    found = _of(view, country)
    row = records(found[found["cause"] == EVERY_CAUSE])
    return _ranged(view, row[0]["expected_usd_per_year"], row[0]["p10"], row[0]["p90"], _YEARLY) if row else ""


def _of(view: View, country: str) -> pd.DataFrame:
    losses = view.table("loss")
    return losses[losses["country"] == country]


def _ranged(view: View, value: float, low: float, high: float, unit: str) -> str:
    """An amount and the ends of its interval, all of them in the unit that fits the largest."""
    words, amounts = view.words, [float(one) / 1e6 for one in (value, low, high)]
    divisor, larger = words.scale_of(max(abs(one) for one in amounts if math.isfinite(one)), view.unit(unit))
    return _with_ends(words, [one / divisor for one in amounts], words.unit(larger))


def _with_ends(words: Words, amounts: Sequence[float], unit: str = "") -> str:
    """An amount and the ends of its interval, where it has one."""
    text, low, high = map(words.rough_number, amounts)
    ends = (low, high) if all(map(math.isfinite, amounts[1:])) else (text, text)
    return with_range(words, text, *ends, unit)


def country_losses(view: View) -> Markup:
    """Bars of expected losses by country, divided into causes."""
    words, losses = view.words, view.table("loss")
    whole = losses[(losses["cause"] == EVERY_CAUSE) & (losses["country"] != EVERY_COUNTRY)]
    whole = whole.sort_values("expected_usd_per_year", ascending=False, kind="stable")
    whole = whole[whole["expected_usd_per_year"] > 0].head(_COUNTRIES)
    if not len(whole):
        return Markup("")
    causes = _of(view, EVERY_COUNTRY)
    causes = causes[causes["cause"] != EVERY_CAUSE].sort_values("expected_usd_per_year", ascending=False, kind="stable")
    named = [str(one) for one in causes["cause"].iloc[:_CAUSES]]
    names = {cause: cause_name(view, cause) for cause in named}
    if len(causes) > len(named):
        names[_OTHER] = words("security.other_causes")
    rows = [_stack(view, row, names) for row in records(whole)]
    title = words("security.loss_title", unit=words.unit(view.unit(_YEARLY)))
    drawn = gain_bars(
        "expected-losses", title, words("security.loss_description"), rows, names, rtl=words.direction == "rtl"
    )
    note = tag("figcaption", words("security.loss_note"))
    return tag("figure", tag("h3", title), bar_key(names, words("security.loss_sum")), drawn, note)


def _stack(view: View, row: Mapping[str, object], names: Mapping[str, str]) -> Stack:
    words, own = view.words, _of(view, str(row["country"]))
    by_cause = {str(one["cause"]): float(one["expected_usd_per_year"]) / 1e6 for one in records(own)}
    whole = by_cause.pop(EVERY_CAUSE)
    parts = {cause: by_cause.get(cause, 0.0) for cause in names if cause != _OTHER}
    if _OTHER in names:
        parts[_OTHER] = whole - math.fsum(parts.values())
    ends = [float(str(row[end])) / 1e6 for end in ("p10", "p90")]
    text = _ranged(view, whole * 1e6, ends[0] * 1e6, ends[1] * 1e6, _YEARLY)
    texts = {cause: words.rough(value, view.unit(_YEARLY)) for cause, value in parts.items()}
    return Stack(view.name("country", row["country"]), text, parts, texts, ends[0], ends[1])


def loss_curve(view: View) -> Markup:
    """The loss curve: the loss that is exceeded once in so many years, of the country that the report is about.

    Of all countries together if the report is about none, or that country has no curve.
    """
    words = view.words
    own = _curve_of(view, view.focus) if view.focus else None
    curve = _curve_of(view, EVERY_COUNTRY) if own is None else own
    if curve is None:
        return Markup("")
    x = [math.log10(years) for years in curve["return_period_years"]]
    low, y, high = ([float(one) / 1e6 for one in curve[column]] for column in ("p10", "loss_usd", "p90"))
    top = round_steps(max(one for one in (*y, *high) if math.isfinite(one)))
    periods = [(math.log10(one), words.plain(one)) for one in _PERIODS if math.log10(one) <= x[-1] + 1e-9]
    title, note = words("security.curve_title", unit=words.unit(view.unit(_UNIT))), words("security.curve_note")
    if own is not None:
        country = view.name("country", view.focus)
        title, note = words.headed(country, title), words("security.curve_note_own", country=country)
    drawn = line_chart(
        "loss-curve",
        title,
        words("security.curve_description"),
        [Line(x, y, "l-blue", words("security.curve_line"), low, high)],
        x=Scale(x[0], x[-1], periods, words("security.curve_years")),
        y=Scale(0.0, top[-1], [(one, words.plain(one)) for one in top], words.unit(view.unit(_UNIT))),
        rtl=words.direction == "rtl",
    )
    return tag("figure", tag("h3", title), drawn, tag("figcaption", note))


def _curve_of(view: View, country: str) -> pd.DataFrame | None:
    """Points of a country's loss curve, the most frequent first; ``None`` if it loses nothing or has no two points."""
    curve = view.table("loss_curve")
    curve = curve[(curve["country"] == country) & (curve["return_period_years"] >= 1) & curve["loss_usd"].notna()]
    # A curve has two ends.
    if len(curve) < 2 or not float(curve["loss_usd"].max()) > 0:
        return None
    return curve.sort_values("return_period_years", kind="stable")


def risk_sentence(view: View) -> str:
    """Say what one year in twenty and one in a hundred lose at least; the country that the report is about first."""
    whole = _bad_years(view, EVERY_COUNTRY)
    own = _bad_years(view, view.focus) if view.focus else None
    if whole is None:
        return ""
    if own is None:
        return view.words("security.risk", bad=whole[0], worst=whole[1])
    country = view.name("country", view.focus)
    return view.words(
        "security.risk_own", country=country, bad=own[0], worst=own[1], all_bad=whole[0], all_worst=whole[1]
    )


def _bad_years(view: View, country: str) -> tuple[str, str] | None:
    """Losses of a country that one year in twenty and one in a hundred exceed, with their intervals, if known."""
    risk = view.table("loss_risk")
    rows = {float(one["percent"]): one for one in records(risk[risk["country"] == country])}
    if not {95.0, 99.0} <= {level for level, one in rows.items() if math.isfinite(float(one["value_at_risk_usd"]))}:
        return None
    bad, worst = (
        _ranged(view, rows[level]["value_at_risk_usd"], rows[level]["p10"], rows[level]["p90"], _UNIT)
        for level in (95.0, 99.0)
    )
    return bad, worst


def hazard_table(view: View) -> Markup:
    """The hazards that cost most, with how often they strike."""
    words, hazards = view.words, view.table("loss_hazard")
    shown = hazards[hazards["idle"] == ""].sort_values("expected_usd_per_year", ascending=False, kind="stable")
    money, yearly = (words.unit(view.unit(unit)) for unit in (_UNIT, _YEARLY))
    heads = [
        Head(words("security.hazard"), numeric=False), Head(words("security.cause"), numeric=False),
        Head(words("security.events")), Head(words("security.event_days")),
        Head(words("security.event_cost", unit=money)), Head(words("security.year_cost", unit=yearly)),
    ]  # fmt: skip
    rows: list[list[str | Markup]] = [
        [
            words.name(row, "hazard_id"), cause_name(view, str(row["cause"])),
            _with_ends(words, [float(row[name]) for name in ("events_per_year", "p10", "p90")]), _days(view, row),
            words.rough_number(row["usd_per_event"] / 1e6),
            _with_ends(words, [float(row[f"{name}_usd_per_year"]) / 1e6 for name in ("expected", "p10", "p90")]),
        ]
        for row in records(shown.head(_HAZARDS))
    ]  # fmt: skip
    return join([table(words("security.hazard_caption"), heads, [Group("", rows)], class_="wide")])


def _days(view: View, row: Row) -> str:
    """Length of an event, and of the recovery that its cost includes."""
    days = view.words.rough_number(row["days_per_event"])
    return f"{days} + {view.words.rough_number(row['recovery_days'])}" if row["recovery_days"] > 0 else days
