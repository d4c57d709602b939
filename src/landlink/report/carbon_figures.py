"""Figures on carbon: bars by country and family, intensities beside published ones, a chain, and causes of a change."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.carbon.arc_places import HUBS
from landlink.carbon.change_by_cause import CAUSES, change_by_cause
from landlink.carbon.published_factors import PublishedFactor, published_factors
from landlink.report.chain_figure import leg_name
from landlink.report.change_plot import Dot, change_plot, change_sign
from landlink.report.intervals import Figure, figure_of, interval_cell, interval_text
from landlink.report.stacked_bars import Bar, BarRow, Part, stacked_bars
from landlink.report.svg import tag
from landlink.report.view import View
from landlink.report.waterfall import Step, waterfall
from landlink.tables.frames import records

__all__ = ["causes_figure", "chain_figure", "countries_figure", "family_classes", "intensity_figure", "region_of_view"]

_CO2E: Final = "co2e_t_per_year"
#: Colour class of the bars of each family; terminals are grey.
_CLASSES: Final = {"road": "high", "rail": "c-blue", "water": "c-sky", "air": "c-yellow", HUBS: "c-grey"}
#: Countries in the bars.
_SHOWN: Final = 8
#: Change of a cause below which it is none, as a share of all emissions.
_NOTHING: Final = 1e-6


def family_classes() -> dict[str, str]:
    """Colour class of the bars of each family."""
    return dict(_CLASSES)


def region_of_view(view: View) -> list[str]:
    """Countries that a report is about: those with a zone that is no gateway, or the one that was asked for."""
    if view.focus:
        return [view.focus]
    zone = view.table("zone")
    return sorted(set(zone[zone["kind"] == "internal"]["country"].astype(str)) - {""})


def countries_figure(view: View, baseline: View | None) -> Markup:
    """Draw emissions by country and family, those of the baseline above."""
    words = view.words
    sums = view.table("emission_country").groupby("country")[_CO2E].sum()
    region = [country for country in region_of_view(view) if country in sums.index]
    countries = sorted(region or list(sums.index), key=lambda country: -float(sums[country]))[:_SHOWN]
    shown = [one for one in (baseline, view) if one is not None]
    figures = {(one, country): _country(one, country) for one in shown for country in countries}
    most = max((_top(found) for found in figures.values()), default=0.0)
    divisor, unit = words.scale_of(most, "t/year")
    rows = [
        BarRow(
            view.name("country", country),
            [_bar(one, country, figures[one, country], divisor, pale=one is baseline) for one in shown],
        )
        for country in countries
    ]
    title = words("carbon.countries_title", unit=words.unit(unit))
    drawn = stacked_bars(
        "carbon-countries", title, words("carbon.countries_description"), rows, rtl=words.direction == "rtl"
    )
    elsewhere = float(sums.sum() - sums.reindex(countries).sum())
    note = words("carbon.countries_note", elsewhere=words.rough(max(0.0, elsewhere), "t/year"))
    if baseline is not None:
        note = words.sentences(words("carbon.bars_note", label=view.label, baseline=baseline.label), note)
    return tag("figure", tag("h3", title), _key(view, shown), drawn, tag("figcaption", note))


def _country(view: View, country: str) -> Figure:
    return figure_of(view, f"emissions.co2e_t_per_year[{country}]")


def _top(figure: Figure) -> float:
    return max(one for one in (figure.value, figure.high, 0.0) if math.isfinite(one))


def _bar(view: View, country: str, figure: Figure, divisor: float, *, pale: bool) -> Bar:
    """Bar of a country; parts are those of the study as it stands, scaled to the median of an ensemble."""
    words, table = view.words, view.table("emission_country")
    sums = table[table["country"] == country].groupby("family")[_CO2E].sum()
    total = float(sums.sum())
    scale = figure.value / total if total > 0 and math.isfinite(figure.value) else 1.0
    parts = [
        Part(
            scale * float(sums.get(family, 0.0)) / divisor,
            class_,
            words.headed(words.term("family", family), words.rough(scale * float(sums.get(family, 0.0)), "t/year")),
        )
        for family, class_ in _CLASSES.items()
    ]
    text = interval_cell(words, figure, divisor)
    return Bar(parts, text, figure.low / divisor, figure.high / divisor, pale=pale)


def _key(view: View, shown: Sequence[View]) -> Markup:
    families = {str(name) for one in shown for name in one.table("emission_country")["family"]}
    items = [
        tag("li", tag("span", "", class_=f"chip {class_}", aria_hidden="true"), " ", view.words.term("family", family))
        for family, class_ in _CLASSES.items()
        if family in families
    ]
    return tag("ul", *items, class_="key")


def intensity_figure(view: View, baseline: View | None) -> Markup:
    """Plot emissions of a tonne-kilometre by family, with the baseline's and published factors."""
    words, table = view.words, view.table("country")
    tkm = table[table["family"] != "all"].groupby("family")["tkm_per_year"].sum().sort_values(ascending=False)
    families = [str(family) for family, amount in tkm.items() if amount > 0]
    rows = [_dot(view, baseline, family) for family in families]
    if not rows:
        return Markup("")
    title = words("carbon.intensity_title", unit=words.unit("g/tkm"))
    plot = change_plot(
        "carbon-intensity", title, words("carbon.intensity_description"), rows, words.count(0),
        rtl=words.direction == "rtl",
    )  # fmt: skip
    published = [one for one in published_factors() if one.family in families]
    kinds = {
        "value": (True, view.label),
        "other": (baseline is not None, baseline.label if baseline is not None else ""),
        "inner": (any(math.isfinite(row.inner[0]) for row in rows), words("carbon.key_interval")),
        "outer": (bool(published), words("carbon.key_published")),
    }
    key = tag(
        "ul", *(tag("li", change_sign(kind), " ", text) for kind, (on, text) in kinds.items() if on), class_="key"
    )
    return tag("figure", tag("h3", title), key, plot, _published(view, published))


def _published(view: View, published: Sequence[PublishedFactor]) -> Markup:
    """What was published, by whom."""
    words = view.words
    if not published:
        return Markup("")
    listed = words("common.list_separator").join(
        words.headed(words(f"carbon.factor_{one.name}"), words.number(one.g_per_tkm, decimals=0)) for one in published
    )
    first = published[0]
    source = f"{first.source} {words.year(first.year)}"
    return tag("figcaption", words("carbon.intensity_note", source=source, list=listed), class_="screen-only")


def _dot(view: View, baseline: View | None, family: str) -> Dot:
    name = f"emissions.g_per_tkm[{family}]"
    figure = figure_of(view, name)
    published = [one.g_per_tkm for one in published_factors() if one.family == family]
    return Dot(
        view.words.term("family", family),
        interval_text(view.words, figure),
        figure.value,
        inner=(figure.low, figure.high),
        outer=(min(published), max(published)) if published else (math.nan, math.nan),
        other=math.nan if baseline is None else figure_of(baseline, name).value,
    )


def causes_figure(view: View, baseline: View | None) -> Markup:
    """Draw why emissions change from the baseline, as steps that add up; empty where nothing changes."""
    if baseline is None:
        return Markup("")
    words = view.words
    parts = change_by_cause(baseline.result.tables, view.result.tables)
    total, whole = sum(parts.values()), view.value("emissions.co2e_t_per_year")
    told = {cause: value for cause, value in parts.items() if abs(value) > _NOTHING * whole}
    if not told:
        return Markup("")
    divisor, unit = words.scale_of(max(abs(value) for value in (*told.values(), total)), "t/year")

    def step(name: str, value: float) -> Step:
        return Step(words(f"carbon.cause_{name}"), value / divisor, words.rough_number(value / divisor, signed=True))

    steps = [step(cause, told[cause]) for cause in CAUSES if cause in told]
    note = words("carbon.causes_note", label=view.label, baseline=baseline.label)
    title = words("carbon.causes_title", unit=words.unit(unit))
    drawn = waterfall(
        "carbon-causes", title, words("carbon.causes_description"), steps,
        step("total", sum(one.value for one in steps) * divisor), rtl=words.direction == "rtl",
    )  # fmt: skip
    return tag("figure", tag("h3", title), drawn, tag("figcaption", note))


def chain_figure(view: View) -> Markup:
    """Draw the emissions of a tonne on the first pair of the study, leg by leg; empty without pairs."""
    found = _legs(view)
    if found is None:
        return Markup("")
    words, legs = view.words, found
    first = records(legs)[0]
    steps = [
        Step(leg_name(view, row), float(row["co2e_kg_per_t"]), words.rough_number(float(row["co2e_kg_per_t"])))
        for row in records(legs)
    ]
    total = sum(step.value for step in steps)
    title = words(
        "carbon.chain_title",
        origin=view.name("zone", first["origin_zone_id"]),
        destination=view.name("zone", first["destination_zone_id"]),
        commodity=view.name("commodity", first["commodity_id"]),
        alternative=words.term("mode", str(first["alternative"])),
    )
    drawn = waterfall(
        "carbon-chain", title, words("carbon.chain_description"), steps,
        Step(words("carbon.chain_total"), total, words.rough_number(total)), rtl=words.direction == "rtl",
    )  # fmt: skip
    return tag("figure", tag("h3", title), drawn, tag("figcaption", words("carbon.chain_note")))


def _legs(view: View) -> pd.DataFrame | None:
    """Legs with emissions of the first pair by its alternative with the most tonnes; ``None`` without any."""
    uses, legs = view.table("emission_leg"), view.table("leg")
    if uses.empty or legs.empty:
        return None
    trip = ["origin_zone_id", "destination_zone_id", "commodity_id", "alternative"]
    pair = legs[(legs[trip[:3]] == legs[trip[:3]].iloc[0]).all(axis=1)]
    chosen = pair.sort_values("tonnes_per_year", ascending=False, kind="stable")["alternative"].iloc[0]
    chain: pd.DataFrame = pair[pair["alternative"] == chosen]
    sums = uses.groupby([*trip, "leg"])["co2e_kg_per_t"].sum().reset_index()
    return chain.merge(sums, on=[*trip, "leg"], how="inner", sort=False)
