"""Tables of an appraisal in the report: results, shares of the cost, surplus, inputs, years."""

from __future__ import annotations

import math
from typing import Final

from markupsafe import Markup

from landlink.appraisal.coalitions import least_subsidy
from landlink.appraisal.headline import DIGITS, paid_back_in
from landlink.report.appraisal_facts import AppraisalFacts
from landlink.report.intervals import Figure, interval_text
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.tables.frames import numbers, records

__all__ = ["inputs_table", "shares_table", "summary_table", "surplus_table", "years_table"]

#: Quantities of the summary in the order of the table, with how each is written.
_QUANTITIES: Final = {
    "npv_usd": "money", "eirr_percent": "percent", "bcr": "ratio", "payback_year": "year", "fnpv_usd": "money",
    "firr_percent": "percent", "abated_t": "tonnes",
}  # fmt: skip
#: Years of the table of years are every fifth after the opening.
_STEP: Final = 5


def summary_table(facts: AppraisalFacts) -> Markup:
    """Table of the results with P10 and P90."""
    words = facts.words
    kind_of_value = words("appraisal.ranged" if facts.is_drawn else "appraisal.central")
    heads = [Head(words("appraisal.quantity"), numeric=False), Head(kind_of_value)]
    rows = []
    for quantity, kind in _QUANTITIES.items():
        value, low, high = facts.spread(quantity)
        if math.isfinite(value) or quantity in ("eirr_percent", "payback_year"):
            written = _written(facts, kind, value, low, high)
            rows.append([words(f"appraisal.{quantity}", unit=facts.scale[1]), written])
    return table(words("appraisal.summary"), heads, [Group("", rows)])


def _written(facts: AppraisalFacts, kind: str, value: float, low: float, high: float) -> str:
    """A quantity with its interval, as its kind is written."""
    words = facts.words
    if not math.isfinite(value):
        return words("appraisal.never") if kind == "year" else words("common.no_value")
    if kind == "money":
        return facts.cell(value, low, high)
    if kind == "year":
        years = [words.year(paid_back_in(one)) for one in (value, low, high) if math.isfinite(one)]
        ranged = len(years) == 3 and years[1] != years[2]
        return words("uncertainty.range", value=years[0], low=years[1], high=years[2]) if ranged else years[0]
    unit = {"percent": "%", "tonnes": "t"}.get(kind, "")
    return interval_text(words, Figure(value, low, high, unit), most=DIGITS)


def shares_table(facts: AppraisalFacts) -> Markup:
    """Table of what each country bears under each rule, and the least subsidy; empty where nothing is shared."""
    words, shares = facts.words, facts.found["cost_share"]
    if not len(shares):
        return Markup("")
    columns = ("cost_usd", "benefit_usd", "net_usd", "least_subsidy_usd")
    heads = [Head(words("appraisal.country"), numeric=False)]
    heads += [Head(words(f"appraisal.{column}", unit=facts.scale[1])) for column in columns]
    groups = [
        Group(
            words(f"appraisal.rule_{rule}"),
            [
                [facts.country(str(row["country"])), *(facts.cell(float(row[name])) for name in columns)]
                for row in records(part)
            ],
        )
        for rule, part in shares.groupby("rule", sort=False)
    ]
    told = tag("p", words.sentences(*_share_sentences(facts)))
    return join([table(words("appraisal.shares_caption"), heads, groups), told])


def _share_sentences(facts: AppraisalFacts) -> list[str]:
    """Who could make up what partners lose under the agreed split, and what countries gain that bear no cost."""
    words, shares, gains = facts.words, facts.found["cost_share"], facts.found["by_country"]
    agreed = shares[shares["rule"] == "agreed"]
    needed = least_subsidy(numbers(agreed, "benefit_usd"), numbers(agreed, "cost_usd"))
    told = []
    if needed.received.sum() > 0:
        parts = {
            "needed": float(needed.received.sum()), "partners": needed.from_partners, "outside": needed.from_outside,
        }  # fmt: skip
        told.append(words("appraisal.subsidy", **{name: facts.money(usd) for name, usd in parts.items()}))
    others = float(numbers(gains[~gains["country"].isin(shares["country"])], "present_value_usd").sum())
    if others:
        told.append(words(f"appraisal.others_{'gain' if others > 0 else 'lose'}", amount=facts.money(abs(others))))
    return told


def surplus_table(facts: AppraisalFacts) -> Markup:
    """Table of the users' surplus by solved year: exact, its parts, and the rule of half beside."""
    words, surplus = facts.words, facts.found["surplus"]
    if not len(surplus):
        return Markup("")
    heads = [Head(words("appraisal.part"), numeric=False), Head(words("appraisal.yearly"))]
    groups = []
    for year, part in surplus.groupby("year", sort=True):
        rows = []
        for row in records(part):
            whole = row["part"] == "total"
            name = words(f"appraisal.method_{row['method']}") if whole else facts.item(str(row["part"]))
            figure = facts.figure(float(row["usd"]))
            rows.append([name, words.rough(figure.value, f"{figure.unit}/year", signed=True)])
        groups.append(Group(words.year(year), rows))
    return table(words("appraisal.surplus_caption"), heads, groups)


def inputs_table(facts: AppraisalFacts) -> Markup:
    """Table of the inputs that are varied, with the value at which the plan breaks even."""
    words, found = facts.words, facts.found
    switching = {str(row["input"]): row for row in records(found["switching"])}
    heads = [Head(words("appraisal.input"), numeric=False)]
    heads += [Head(words(f"appraisal.{key}")) for key in ("value", "low", "high", "switching")]
    rows = []
    for row in records(found["input"]):
        breaks = switching.pop(str(row["name"]), {}).get("switching_value", math.nan)
        unit, cells = str(row["unit"]), [row["value"], row["low"], row["high"]]
        written = [*(_input_cell(facts, unit, one) for one in cells), _break_even(facts, unit, breaks)]
        rows.append([facts.input(str(row["name"])), *written])
    for name, row in switching.items():
        # Amounts spent once and amounts of every year have no sum, but a common factor.
        at = _break_even(facts, "factor", 1 + row["change_percent"] / 100)
        rows.append([facts.input(name), words.times(1.0), *[words("common.no_value")] * 2, at])
    return table(words("appraisal.inputs_caption", unit=facts.scale[1]), heads, [Group("", rows)], class_="wide")


def _input_cell(facts: AppraisalFacts, unit: str, value: float) -> str:
    words = facts.words
    if not math.isfinite(value):
        return words("common.no_value")
    if unit == "USD":
        return facts.cell(value)
    if unit == "%/year":
        return words.percent(value / 100, decimals=1, signed=True)
    return words.times(value)


def _break_even(facts: AppraisalFacts, unit: str, value: float) -> str:
    """The value at which the plan breaks even; never, where that lies beyond what the input can be."""
    return facts.words("appraisal.never") if value < 0 and unit != "%/year" else _input_cell(facts, unit, value)


def years_table(facts: AppraisalFacts) -> Markup:
    """Table of yearly benefits and costs: every year until the opening, then every fifth, and the last."""
    words, terms = facts.words, facts.found.terms
    columns = ("benefits", "costs", "net", "discounted", "cumulated")
    heads = [Head(words("appraisal.year"), numeric=False), *(Head(words(f"appraisal.{name}")) for name in columns)]
    rows = [
        [words.year(int(row["year"])), *(facts.cell(float(row[name])) for name in columns)]
        for row in records(facts.found["by_year"])
        if row["year"] <= terms.opening or (row["year"] - terms.opening) % _STEP == 0 or row["year"] == terms.last_year
    ]
    return table(words("appraisal.years_caption", unit=facts.scale[1]), heads, [Group("", rows)], class_="wide")
