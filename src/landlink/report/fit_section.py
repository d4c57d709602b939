"""What a report says of a calibration: observations before and after, parameters, demand, contradictions, sureness."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.report.fit_chart import observation_chart, parameter_chart
from landlink.report.fit_facts import Fit, fit_of
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, folded, table
from landlink.report.words import Words
from landlink.study.parameters import EIGHTY
from landlink.tables.frames import Row, records
from landlink.tables.lists import split_list

__all__ = ["fit_sections", "section"]

#: Factors on demand shown before the others, which are folded.
_OPEN: Final = 12
#: Signs of what a parameter does to its column.
_TIMES: Final = "×"


def section(tables: Mapping[str, pd.DataFrame], words: Words) -> Section | None:
    """Build the section of a report; ``None`` if the study was not calibrated."""
    fit = fit_of(tables, words)
    if fit is None:
        return None
    first, *others = fit_sections(fit)
    parts = [folded(first.heading, first.body)]
    parts += [join([tag("h3", one.heading), _told(one.finding), _folded(fit, one.body)]) for one in others]
    return Section("fit", words("fit.heading"), first.finding, join(parts))


def fit_sections(fit: Fit) -> list[Section]:
    """Build the sections of a page of its own, the finding with the first."""
    return [_observations(fit), _parameters(fit), _demand(fit), _contradictions(fit), _sureness(fit)]


def _folded(fit: Fit, body: Markup) -> Markup:
    return folded(fit.words("common.numbers"), body) if "<table" in body or "<li" in body else body


def _told(finding: str) -> Markup:
    return tag("p", finding) if finding else Markup("")


# Observations


def _observations(fit: Fit) -> Section:
    words = fit.words
    heads = [
        Head(words("fit.observation"), numeric=False),
        Head(words("held.observed")),
        Head(words("fit.before")),
        Head(words("fit.after")),
        Head(words("fit.held_out")),
        Head(words("fit.interval")),
        Head(words("common.unit"), numeric=False),
        Head(words("held.ratio")),
    ]
    frame = fit.observations
    groups = [
        Group(words(key), [_observation(fit, row) for row in records(frame[frame["fitted"] == fitted])])
        for fitted, key in ((True, "fit.fitted"), (False, "fit.unfitted"))
    ]
    listed = table(words("fit.observations"), heads, groups, class_="told")
    body = [tag("p", words("fit.how")), observation_chart(fit), folded(words("common.numbers"), listed)]
    return Section("fit-observations", words("fit.observations"), _finding(fit), join(body))


def _finding(fit: Fit) -> str:
    words = fit.words
    rows = words.count(fit.score("observations_fit"))
    before, held = fit.factor("miss_before_fit"), fit.factor("held_out_all")
    found = [words("fit.finding", rows=rows, before=before, held=held)]
    if fit.score("observations_validation") > 0:
        never = {"rows": words.count(fit.score("observations_validation"))}
        before, after = fit.factor("miss_before_validation"), fit.factor("miss_after_validation")
        found.append(words("fit.finding_never", **never, before=before, after=after))
    found.append(words("fit.finding_coverage", share=words.percent(fit.score("coverage_all"))))
    return " ".join(found)


def _observation(fit: Fit, row: Row) -> list[str | Markup]:
    words = fit.words
    under = ""
    if str(row["group"]) in fit.shared_groups:
        under = words("fit.group", name=str(row["group"]))
    about = join([tag("span", fit.observation(str(row["observed_id"]))), tag("span", under, class_="under")])
    shown = [_number(words, float(row[name])) for name in ("observed", "before", "after", "held_out")]
    low, high = (_number(words, float(row[name])) for name in ("held_out_p10", "held_out_p90"))
    unit = words.unit(str(row.get("unit") or ""))
    return [about, *shown, f"{low} – {high}", unit, words.number(float(row["held_out_ratio"]), decimals=2)]


def _number(words: Words, value: float) -> str:
    return words.number(value, decimals=0 if abs(value) >= 1000 else None)


# Parameters


def _parameters(fit: Fit) -> Section:
    words = fit.words
    limited = [fit.parameter(row) for row in fit.parameters if row["at_bound"]]
    finding = words("fit.limits_none")
    if limited:
        finding = words("fit.limits_some", names=words("common.list_separator").join(limited))
    heads = [
        Head(words("fit.parameter"), numeric=False),
        Head(words("fit.prior")),
        Head(words("fit.estimate")),
        Head(words("fit.interval")),
        Head(words("fit.moved")),
        Head(words("fit.moved_by"), numeric=False),
    ]
    rows = [_parameter(fit, row) for row in fit.parameters]
    listed = table(words("fit.parameters"), heads, [Group("", rows)], class_="told notes")
    return Section("fit-parameters", words("fit.parameters"), finding, join([parameter_chart(fit), listed]))


def _parameter(fit: Fit, row: Row) -> list[str | Markup]:
    words = fit.words
    place = ".".join(str(row[name]).replace(";", ", ") for name in ("table", "column") if row.get(name))
    notes = [words.isolated(place), words("fit.at_limit") if row["at_bound"] else ""]
    about = tag("span", "; ".join(filter(None, notes)), class_="under")
    low, high = (_value(words, row, row[name]) for name in ("p10", "p90"))
    return [
        join([tag("span", fit.parameter(row)), about]),
        _value(words, row, row["prior"]),
        _value(words, row, row["estimate"], unit=True),
        f"{low} – {high}",
        words.number(row["moved"], decimals=1, signed=True),
        fit.observation_list(str(row["observations"])),
    ]


def _value(words: Words, row: Row, value: float, *, unit: bool = False) -> str:
    """Format a value of a parameter: a factor, an addition with its sign, or a number."""
    if row["operation"] == "multiply":
        return _TIMES + words.number(value, decimals=2)
    text = words.number(value, signed=row["operation"] == "add")
    return f"{text}\u00a0{words.unit(str(row['unit']))}" if unit and row.get("unit") else text


# Demand


def _demand(fit: Fit) -> Section:
    words, factors = fit.words, fit.factors
    alone = fit.factor("held_out_parameters")
    if fit.score("demand_refused"):
        tried = fit.factor("held_out_demand") if math.isfinite(fit.score("held_out_demand")) else ""
        finding = words("fit.demand_refused", tried=tried, alone=alone) if tried else words("fit.demand_worse")
    elif factors:
        count = words.count(len(factors))
        finding = words("fit.demand_kept", count=count, held=fit.factor("held_out_all"), alone=alone)
    else:
        finding = words("fit.demand_none")
    body = []
    if factors:
        body.append(_factors(fit, factors[:_OPEN]))
    if factors[_OPEN:]:
        body.append(folded(words("fit.demand_more"), _factors(fit, factors[_OPEN:])))
    return Section("fit-demand", words("fit.demand"), finding, join(body))


def _factors(fit: Fit, rows: list[Row]) -> Markup:
    words = fit.words
    heads = [
        Head(words("fit.origin"), numeric=False),
        Head(words("fit.destination"), numeric=False),
        Head(words("fit.commodity"), numeric=False),
        Head(words("fit.factor")),
        Head(words("fit.interval")),
    ]
    return table(words("fit.demand_caption"), heads, [Group("", [_factor(fit, row) for row in rows])])


def _factor(fit: Fit, row: Row) -> list[str | Markup]:
    words, factor = fit.words, float(row["factor"])
    spread = EIGHTY * float(row["standard_error"])
    ends = [_TIMES + words.number(factor * math.exp(side * spread), decimals=2) for side in (-1, 1)]
    limit = words("fit.at_limit") if row["note"] else ""
    return [
        fit.country(str(row["origin_country"])),
        fit.country(str(row["destination_country"])),
        join([tag("span", fit.commodity(str(row["commodity_id"]))), tag("span", limit, class_="under")]),
        _TIMES + words.number(factor, decimals=2),
        " – ".join(ends) if math.isfinite(spread) else words("common.no_value"),
    ]


# Contradictions, sureness


def _contradictions(fit: Fit) -> Section:
    words = fit.words
    sentences = [
        words("fit.contradicts", name=fit.observation(name), others=fit.observation_list(others))
        for name, others in _opposed(fit.observations)
    ]
    finding = words("fit.contradictions_some" if sentences else "fit.contradictions_none")
    body = tag("ul", *(tag("li", one) for one in sentences), class_="plain") if sentences else Markup("")
    return Section("fit-contradictions", words("fit.contradictions"), finding, body)


def _opposed(frame: pd.DataFrame) -> Iterable[tuple[str, list[str]]]:
    """Observations and those that contradict them, each pair once."""
    told: set[frozenset[str]] = set()
    for row in records(frame):
        name = str(row["observed_id"])
        others = [other for other in split_list(row["contradicts"]) if frozenset((name, other)) not in told]
        told.update(frozenset((name, other)) for other in others)
        if others:
            yield name, others


def _sureness(fit: Fit) -> Section:
    words = fit.words
    discrepancy = words("fit.discrepancy", factor=fit.factor("discrepancy"))
    members, effective = words.count(fit.score("members")), words.count(fit.score("effective_members"))
    told = [words("fit.members", members=members, effective=effective)]
    if not fit.score("weighted"):
        told.append(words("fit.unweighted"))
    return Section("fit-sureness", words("fit.sureness"), discrepancy, tag("p", " ".join(told)))
