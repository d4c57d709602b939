"""Sentences on trade where it responds to costs: for the first page, and on whether trade and freight agree."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from landlink.report.intervals import Figure, change_of, figure_of, interval_text
from landlink.report.trade_change import (
    FLOWS,
    Flow,
    TradeChange,
    asked_countries,
    compared,
    share_of,
    trade_change,
)  # fmt: skip
from landlink.report.view import View
from landlink.report.words import Words
from landlink.tables.frames import records
from landlink.trade.notes import FAR, LARGE, MOST_NAMED

__all__ = ["change_share", "far_sentence", "response_sentence", "settled_sentence", "trade_finding"]

#: Countries named in a sentence, and the relative change of exports and imports below which one is not.
_NAMED: Final = 3
_TOLD: Final = 5e-4
#: Difference of two starts, over the tolerance of the rounds, from which they count as two equilibria.
_APART: Final = 10.0
_LEAST: Final = 1e-4


def response_sentence(view: View, baseline: View | None, measures: Sequence[str]) -> str:
    """Say what measures do to the exports and imports of the countries that they touch, and how much trade is new.

    Empty where trade does not respond.
    """
    change = trade_change(view, baseline)
    if change is None:
        return ""
    words, told = view.words, _countries(change, asked_countries(change, measures), baseline)
    first = words("first.trade_responds", countries=told) if told else words("first.trade_same")
    return words.sentences(first, _new_trade(change, baseline))


def _new_trade(change: TradeChange, baseline: View | None) -> str:
    """Say how much freight trade adds: to that of the baseline, if trade responds in it too, else of fixed demand."""
    words, view, name = change.view.words, change.view, "total.tonnes_per_year"
    if baseline is None or not compared(view, baseline):
        (before, after), keys = change.carried_tonnes(), ("trade_new", "trade_lost")
        tonnes = words.rough(abs(after - before), "t/year")
    else:
        before, keys = figure_of(baseline, name).value, ("trade_grows", "trade_shrinks")
        figure = change_of(view, baseline, name)
        after = before + (view.value(name) - baseline.value(name) if figure is None else figure.value)
        tonnes = words.rough(abs(after - before), "t/year")
        if figure is not None and figure.has_interval and figure.low * figure.high > 0:
            tonnes = interval_text(words, figure.magnitude)
    if not before > 0 or abs(after - before) < _LEAST * before:
        return ""
    share = change_share(words, share_of(before, after))
    return words(f"first.{keys[0] if after > before else keys[1]}", tonnes=tonnes, share=share)


def trade_finding(change: TradeChange, asked: Sequence[str], baseline: View | None = None) -> str:
    """The main finding: exports and imports of the countries asked about."""
    told, words = _countries(change, asked, baseline), change.view.words
    if not told:
        return words("trade_response.same", label=change.view.label)
    return words("trade_response.finding", label=change.view.label, countries=told)


def _countries(change: TradeChange, asked: Sequence[str], baseline: View | None) -> str:
    """Countries whose trade changes, in the order given."""
    shown = [country for country in asked if change.share(country) >= _TOLD][:_NAMED]
    parts = []
    for country in shown:
        texts: dict[str, str] = {}
        for flow in FLOWS:
            texts[flow], share = _text(change, country, flow, baseline)
            texts[f"{flow}_share"] = change_share(change.view.words, share)
        name = change.view.name("country", country)
        parts.append(change.view.words("first.trade_country", country=name, **texts))
    return change.view.words("common.list_separator").join(parts)


def _text(change: TradeChange, country: str, flow: Flow, baseline: View | None) -> tuple[str, float]:
    """Change of exports or imports, and as a share of them.

    With its interval, and both of the ensemble, where both results have one of the same draws.
    """
    view, found = change.view, change.total(country, flow)
    unit, name = view.unit("million USD/year"), f"trade.{flow}_usd_per_year[{country}]"
    if baseline is not None and compared(view, baseline):
        figure = change_of(view, baseline, name)
        if figure is not None and figure.has_interval:
            millions = Figure(figure.value / 1e6, figure.low / 1e6, figure.high / 1e6, unit)
            share = figure.value / figure_of(baseline, name).value
            return interval_text(view.words, millions, signed=True), share
    before, after = float(found["before_value"]), float(found["after_value"])
    share = share_of(before, after)
    return view.words.rough(after - before, unit, signed=True), share if math.isfinite(share) else 0.0


def change_share(words: Words, share: float) -> str:
    """Write a relative change to two digits at most, and to hundredths of a percent."""
    size = abs(100 * share)
    places = 2 if size < 0.095 else 1 if size < 9.95 else 0
    return words.percent(share, signed=True, decimals=places)


def settled_sentence(view: View) -> str:
    """Say in one sentence whether trade and freight agree, and how far another start ends from there."""
    run, words = view.provenance.trade, view.words
    if run is None:
        return ""
    texts = {
        "rounds": words.count(run.rounds),
        "cost": _bound(words, run.cost_change),
        "flow": _tiny(words, run.flow_change),
    }
    if not run.converged:
        return words("trade_response.unsettled", **texts)
    cost, flow = run.other_start_cost, run.other_start_flow
    if cost is None or flow is None:
        return words("trade_response.settled", **texts)
    key = "settled_apart" if max(cost, flow) > _APART * run.tolerance else "settled_same"
    return words(f"trade_response.{key}", **texts, other_cost=_bound(words, cost), other_flow=_tiny(words, flow))


def far_sentence(view: View) -> str:
    """Name trade that grows so far that what limits it outside the model matters; empty if none does.

    By the same measure as the notes of the result.
    """
    words, frame = view.words, view.table("trade_flow")
    before, after = frame["reference_tonnes_per_year"], frame["tonnes_per_year"]
    new = float((after - before).abs().sum())
    every = frame.assign(grown=after - before, times=after / before)
    far = every[(before > 0) & (after > FAR * before) & (after - before > LARGE * new)]
    if not len(far):
        return ""
    told = []
    for row in records(far.sort_values("grown", ascending=False, kind="stable").head(MOST_NAMED)):
        pair = words("common.from_to", a=view.name("country", row["exporter"]), b=view.name("country", row["importer"]))
        what = words("common.with_note", value=pair, note=words.times(float(row["times"])))
        told.append(words.headed(view.name("commodity", row["commodity_id"]), what))
    return words("trade_response.far", list=words("common.list_separator").join(told))


def _bound(words: Words, share: float) -> str:
    """Write the most that something is as a percentage, a hundredth of a percent at least."""
    return words.percent(max(share, _LEAST), decimals=2 if share < 0.01 else 1)


def _tiny(words: Words, share: float) -> str:
    """Write a share as a percentage, one below a hundredth of a percent only as being less than that."""
    if share >= _LEAST:
        return words.percent(share, decimals=2 if share < 0.01 else 1)
    text = "<\u00a0" + words.percent(_LEAST, decimals=2)
    return f"\u2066{text}\u2069" if words.direction == "rtl" else text
