"""Tables on carbon: totals of results beside each other, and emissions by country and family."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from landlink.report.carbon_figures import family_classes
from landlink.report.intervals import figure_of, interval_text
from landlink.report.tables import Group, Head, table
from landlink.report.view import View, with_key

__all__ = ["country_table", "total_table"]

_TOTALS: Final = (
    "emissions.co2e_t_per_year",
    "emissions.waiting_t_per_year",
    "energy.mj_per_year",
    "energy.electricity_share",
    "emissions.g_per_tkm[all]",
    "emissions.g_per_tkm[road]",
    "emissions.g_per_tkm[rail]",
)
_CO2E: Final = "co2e_t_per_year"


def total_table(views: Sequence[View]) -> Markup:
    """Totals and intensities of results, with their intervals."""
    words = views[0].words
    heads = [Head(words("base.indicator"), numeric=False), *(Head(view.head) for view in views)]
    rows: list[list[str | Markup]] = [
        [views[0].indicator_label(name), *(_figure(view, name) for view in views)]
        for name in _TOTALS
        if any(view.value(name) == view.value(name) for view in views)
    ]
    return table(with_key(words("carbon.totals_caption"), views), heads, [Group("", rows)])


def _figure(view: View, name: str) -> str:
    found = figure_of(view, name)
    if found.unit == "share" and not found.has_interval:
        return view.words.percent(found.value)
    return interval_text(view.words, found)


def country_table(view: View, baseline: View | None) -> Markup:
    """Emissions by country where they arise and family, and their change from the baseline."""
    words = view.words
    own = view.table("emission_country")
    families = [family for family in family_classes() if family in set(own["family"])]
    sums = own.groupby(["country", "family"])[_CO2E].sum()
    total = own.groupby("country")[_CO2E].sum().sort_values(ascending=False, kind="stable")
    before = None if baseline is None else baseline.table("emission_country").groupby("country")[_CO2E].sum()
    divisor, unit = words.scale_of(float(total.max()), "t/year")
    heads = [
        Head(words("carbon.country"), numeric=False),
        *(Head(words.term("family", family)) for family in families),
        Head(words("carbon.sum")),
        *([] if before is None else [Head(words("common.change"))]),
    ]
    rows: list[list[str | Markup]] = []
    for country, whole in total.items():
        cells: list[str | Markup] = [view.name("country", country)]
        cells += [words.rough_number(float(sums.get((country, family), 0.0)) / divisor) for family in families]
        cells.append(words.rough_number(float(whole) / divisor))
        if before is not None:
            cells.append(words.rough_number((float(whole) - float(before.get(country, 0.0))) / divisor, signed=True))
        rows.append(cells)
    caption = words("carbon.country_caption", label=view.head, unit=words.unit(unit))
    return table(with_key(caption, [view, *([] if baseline is None else [baseline])]), heads, [Group("", rows)])
