"""Pictures of an appraisal: where its net present value comes from, who gains, what it hangs on, how likely it is."""

from __future__ import annotations

from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.appraisal.readable import GROUP_ORDER
from landlink.report.appraisal_facts import AppraisalFacts
from landlink.report.charts import Swing, tornado
from landlink.report.distribution import Mark, distribution
from landlink.report.gain_bars import Stack, bar_key, gain_bars
from landlink.report.svg import tag
from landlink.report.waterfall import Step, waterfall
from landlink.tables.frames import numbers, records

__all__ = ["country_bars", "npv_distribution", "npv_tornado", "npv_waterfall"]

#: Items in the order of the waterfall; those of transfers cancel, and are shown by group only.
_ITEMS: Final = (
    "construction", "operation", "renewal", "residual", "revenue", "time", "reliability", "money", "energy", "other",
    "real_income", "co2e", "co2e_grid", "casualties",
)  # fmt: skip
#: Share of the largest amount below which an item, or a country, is shown with others.
_LITTLE: Final = 0.01
_COUNTRIES: Final = 8
_SWINGS: Final = 8


def npv_waterfall(facts: AppraisalFacts) -> Markup:
    """Draw the net present value as the sum of its items."""
    words, present = facts.words, facts.present_values
    sums = present.groupby("item")["usd"].sum()
    largest = float(sums.abs().max())
    shown = [item for item in _ITEMS if abs(float(sums.get(item, 0.0))) >= _LITTLE * largest]
    steps = [Step(facts.item(item), float(sums[item]), facts.cell(float(sums[item]), signed=True)) for item in shown]
    rest = float(sums.sum()) - sum(step.value for step in steps)
    if abs(rest) > 1e-9 * largest:
        steps.append(Step(words("appraisal.further_items"), rest, facts.cell(rest, signed=True)))
    total = Step(words("appraisal.npv"), float(sums.sum()), facts.cell(float(sums.sum()), signed=True))
    title = words("appraisal.waterfall_title", unit=facts.scale[1])
    drawn = waterfall(
        "appraisal-waterfall", title, words("appraisal.waterfall_description"), steps, total,
        rtl=words.direction == "rtl",
    )  # fmt: skip
    if not facts.is_drawn:
        return tag("figure", tag("h3", title), drawn)
    central, median = (facts.money(one) for one in (total.value, facts.spread("npv_usd")[0]))
    note = words.sentences(
        words("appraisal.waterfall_note", npv=central), words("appraisal.waterfall_median", median=median)
    )
    return tag("figure", tag("h3", title), drawn, tag("figcaption", note))


def country_bars(facts: AppraisalFacts) -> Markup:
    """Draw what each country and group gains or pays; the countries add up to the net present value."""
    words, table = facts.words, facts.found["by_country"]
    sums = table.pivot_table(index="country", columns="group", values="present_value_usd", aggfunc="sum").fillna(0.0)
    size = sums.abs().sum(axis=1).sort_values(ascending=False, kind="stable")
    shown = [str(one) for one in size.index[:_COUNTRIES] if size[one] >= _LITTLE * size.iloc[0]]
    parts = {country: sums.loc[[country]].iloc[0] for country in shown}
    names = {group: facts.group(group) for group in GROUP_ORDER if group in sums and sums[group].abs().max() > 0}
    rows = [_stack(facts, facts.country(country), row) for country, row in parts.items()]
    rest = sums.drop(index=shown).sum()
    if float(rest.abs().sum()) > 0:
        rows.append(_stack(facts, words("appraisal.further_countries"), rest))
    title = words("appraisal.countries_title", unit=facts.scale[1])
    drawn = gain_bars(
        "appraisal-countries", title, words("appraisal.countries_description"), rows, names,
        rtl=words.direction == "rtl",
    )  # fmt: skip
    note = tag("figcaption", words("appraisal.countries_note", share=words.percent(facts.found.terms.users_split)))
    return tag("figure", tag("h3", title), bar_key(names, words("appraisal.sum")), drawn, note)


def _stack(facts: AppraisalFacts, name: str, row: pd.Series[float]) -> Stack:
    parts = {str(group): float(value) for group, value in row.items()}
    texts = {group: facts.cell(value, signed=True) for group, value in parts.items()}
    return Stack(name, facts.cell(sum(parts.values()), signed=True), parts, texts)


def npv_tornado(facts: AppraisalFacts) -> Markup:
    """Draw what the net present value hangs on; empty where no input has a range."""
    words, table = facts.words, facts.found["tornado"].head(_SWINGS)
    if not len(table):
        return Markup("")
    swings = [
        Swing(
            facts.input(str(row["input"])), float(row["npv_low_usd"]), float(row["npv_high_usd"]),
            facts.cell(float(row["npv_low_usd"])), facts.cell(float(row["npv_high_usd"])),
        )
        for row in records(table)
    ]  # fmt: skip
    title = words("appraisal.tornado_title", unit=facts.scale[1])
    drawn = tornado(
        "appraisal-tornado", title, words("appraisal.tornado_description"), swings, base=facts.found.npv,
        base_text=facts.cell(facts.found.npv), rtl=words.direction == "rtl",
    )  # fmt: skip
    chips = [
        tag("li", tag("span", class_=f"chip {end}"), " ", words(f"appraisal.tornado_{end}")) for end in ("low", "high")
    ]
    return tag("figure", tag("h3", title), tag("ul", *chips, class_="key"), drawn)


def npv_distribution(facts: AppraisalFacts) -> Markup:
    """Draw how likely each net present value is; empty without draws."""
    words, table = facts.words, facts.found["distribution"]
    if len(table) < 3 or not facts.found.terms.trials:
        return Markup("")
    pairs = list(zip((numbers(table, "percent") / 100).tolist(), numbers(table, "npv_usd").tolist(), strict=True))
    low, median, high = facts.found.interval("npv_usd")
    marks = [Mark(one, f"{name} {facts.cell(one)}") for name, one in (("P10", low), ("P50", median), ("P90", high))]
    title = words("appraisal.distribution_title", unit=facts.scale[1])
    drawn = distribution(
        "appraisal-distribution", title, words("appraisal.distribution_description"), pairs, marks,
        words.number(0.0, decimals=0), rtl=words.direction == "rtl",
    )  # fmt: skip
    terms = facts.found.terms
    note = words("appraisal.distribution_note", trials=words.count(terms.trials))
    if terms.members:
        note = words.sentences(note, words("appraisal.distribution_members", members=words.count(terms.members)))
    return tag("figure", tag("h3", title), drawn, tag("figcaption", note))
