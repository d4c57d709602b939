"""Effects of a scenario on tonnes: by border crossing or else by mode, and the indicator that tells them best."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from landlink.core.errors import UnknownNameError
from landlink.report.intervals import Figure, change_of, figure_of, interval_text, tonnes_at
from landlink.report.view import View
from landlink.report.words import Words

__all__ = ["Effect", "crossing_tonnes", "headline_title_of", "largest_effect", "mode_tkm"]

#: Changes below this share of what there was are taken as none.
NOTHING = 1e-4


@dataclass(frozen=True, slots=True)
class Effect:
    """What a scenario does to one indicator.

    Attributes
    ----------
    indicator
        Indicator or sum of indicators.
    title
        Its name in words.
    before, after
        Its value in the baseline and in the scenario.
    """

    indicator: str
    title: str
    before: Figure
    after: Figure

    @property
    def is_any(self) -> bool:
        """Whether it changes at all."""
        before, after = self.before.value, self.after.value
        if not (math.isfinite(before) and math.isfinite(after)):
            return False
        return abs(after - before) > NOTHING * max(abs(before), abs(after))

    def is_told(self, words: Words) -> bool:
        """Whether the digits that are shown tell the change."""
        after, before = self.texts(words)
        return self.is_any and after != before

    def texts(self, words: Words) -> tuple[str, str]:
        """Write the value after and before, with one digit more where two do not tell them apart."""
        after = interval_text(words, self.after)
        before = interval_text(words, self.before) if self.before.value else words.number(0)
        if after == before and not self.after.has_interval:
            after, before = (words.quantity(one.value, one.unit) for one in (self.after, self.before))
        return after, before

    def change_text(self, view: View, baseline: View) -> str:
        """The change with its interval, else in per cent of what there was; empty where there was nothing."""
        if not self.before.value:
            return ""
        change = change_of(view, baseline, self.indicator)
        if change is not None and change.has_interval:
            return interval_text(view.words, change, signed=True)
        share = (self.after.value - self.before.value) / abs(self.before.value)
        return view.words.percent(share, signed=True)


def crossing_tonnes(view: View) -> pd.Series:
    """Annual tonnes by border crossing, both directions and all families together."""
    frame = view.table("crossing")
    return frame.groupby("crossing_id").tonnes_per_year.sum()


def mode_tkm(view: View) -> pd.Series:
    """Annual tonne-kilometres by mode."""
    return view.links.groupby("mode").tkm_per_year.sum()


def headline_title_of(view: View, indicator: str) -> str:
    """Title of an indicator: the study's own if it is the headline."""
    presentation, words = view.provenance.presentation, view.words
    if indicator == presentation.headline:
        title = words.translated(presentation.headline_titles, presentation.headline_title)
        return title or view.indicator_label(indicator)
    return view.indicator_label(indicator)


def largest_effect(view: View, baseline: View, *, indicator: str = "") -> Effect | None:
    """Effect on the headline or, if it hardly changes, the largest one on a crossing or mode.

    Parameters
    ----------
    view, baseline
        The scenario and what it is compared with.
    indicator
        The headline; empty if there is none.
    """
    words = view.words
    found = [_effect(view, baseline, indicator, headline_title_of(view, indicator))] if indicator else []
    for series, name in ((crossing_tonnes, _crossing), (mode_tkm, _mode)):
        change = series(view).sub(series(baseline), fill_value=0.0)
        if len(change) and math.isfinite(change.abs().max()):
            expression, title = name(view, baseline, str(change.abs().idxmax()))
            found.append(_effect(view, baseline, expression, title))
    found.append(_effect(view, baseline, "total.tonnes_per_year", words("indicator.total.tonnes_per_year.0")))
    told = (effect for effect in found if effect.is_told(words))
    return next(told, None) or next((effect for effect in found if effect.is_any), None)


def _crossing(view: View, baseline: View, crossing: str) -> tuple[str, str]:
    owner: Sequence[View] = [one for one in (view, baseline) if crossing in set(one.table("crossing").crossing_id)]
    title = view.words("first.at_crossing", name=owner[0].crossing_name(crossing))
    return tonnes_at(owner[0], crossing), title


def _mode(view: View, baseline: View, mode: str) -> tuple[str, str]:
    del baseline
    indicator = f"mode.tkm_per_year[{mode}]"
    return indicator, view.indicator_label(indicator)


def _effect(view: View, baseline: View, indicator: str, title: str) -> Effect:
    before, after = (_figure(one, indicator) for one in (baseline, view))
    # A place that one of the two does not have carries nothing there.
    if math.isnan(before.value) != math.isnan(after.value):
        nothing = Figure(0.0, math.nan, math.nan, (before if math.isfinite(before.value) else after).unit)
        before, after = (nothing if math.isnan(one.value) else one for one in (before, after))
    return Effect(indicator, title, before, after)


def _figure(view: View, indicator: str) -> Figure:
    try:
        return figure_of(view, indicator)
    except UnknownNameError:
        return Figure(math.nan, math.nan, math.nan, "")
