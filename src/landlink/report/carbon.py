"""Section on carbon: emissions by country, per tonne-kilometre, on the map and along a chain, and why they change."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from landlink.report.carbon_figures import causes_figure, chain_figure, countries_figure, intensity_figure
from landlink.report.carbon_table import country_table, total_table
from landlink.report.emission_map import emission_map
from landlink.report.intervals import change_of, figure_of, interval_text
from landlink.report.maps import Atlas
from landlink.report.section import Section
from landlink.report.subject import compared_views, subject_of
from landlink.report.svg import join, tag
from landlink.report.tables import folded
from landlink.report.view import View

__all__ = ["section"]

_TOTAL = "emissions.co2e_t_per_year"
#: Change of the total below which it is none, as a share of it.
_SAME = 1e-4


def section(views: Sequence[View], atlas: Atlas) -> Section | None:
    """Build the section; ``None`` if the results were saved before emissions were computed, or nothing is emitted."""
    subject = subject_of(views)
    view, baseline = subject.view, subject.baseline
    if not _known(view) or not view.value(_TOTAL) > 0:
        return None
    baseline = baseline if baseline is not None and _known(baseline) else None
    words = view.words
    body = [
        tag("p", words.sentences(words("carbon.how", year=words.year(view.year)), _sentence(view))),
        countries_figure(view, baseline),
        intensity_figure(view, baseline),
        causes_figure(view, baseline),
        _map(view, atlas),
        folded_figure(words("carbon.chain_fold"), chain_figure(view)),
        folded(words("common.numbers"), join([total_table(_compared(views)), country_table(view, baseline)])),
    ]
    known = [one for one in views if _known(one)]
    if len(known) > len(_compared(views)):
        body.append(folded(words("common.all_results"), total_table(known)))
    return Section("carbon", words("carbon.heading"), _finding(view, baseline), join(body))


def _known(view: View) -> bool:
    """Whether a result has tables of emissions."""
    return not view.table("emission_country").empty and not view.table("emission_link").empty


def _compared(views: Sequence[View]) -> list[View]:
    return [view for view in compared_views(views) if _known(view)]


def folded_figure(title: str, figure: Markup) -> Markup:
    """A figure that is folded; empty if it is."""
    return folded(title, figure) if figure else Markup("")


def _finding(view: View, baseline: View | None) -> str:
    words, total = view.words, figure_of(view, _TOTAL)
    amount = interval_text(words, total)
    if baseline is None:
        return words("carbon.finding", label=view.label, total=amount)
    change = change_of(view, baseline, _TOTAL)
    moved = view.value(_TOTAL) - baseline.value(_TOTAL)
    if change is None and abs(moved) < _SAME * view.value(_TOTAL):
        return words("carbon.finding_same", label=view.label, total=amount, baseline=baseline.label)
    text = words.rough(moved, "t/year", signed=True) if change is None else interval_text(words, change, signed=True)
    return words("carbon.finding_change", label=view.label, total=amount, change=text, baseline=baseline.label)


def _sentence(view: View) -> str:
    """Emissions of a tonne-kilometre, and the share of waits at borders."""
    words, intensity = view.words, figure_of(view, "emissions.g_per_tkm[all]")
    waiting = view.value("emissions.waiting_share")
    if not math.isfinite(intensity.value) or not math.isfinite(waiting):
        return ""
    return words("carbon.sentence", intensity=interval_text(words, intensity), waiting=words.percent(waiting))


def _map(view: View, atlas: Atlas) -> Markup:
    """The map of emissions of the region; empty where there is no map."""
    if "region" not in atlas.sheets:
        return Markup("")
    drawn = emission_map(atlas.sheets["region"], view, atlas.classes, identifier="emissions-map")
    figure = atlas.figure(drawn, view, drawn.title)
    return folded(view.words("carbon.map_fold"), figure)
