"""Section on what measures abate and what a tonne costs: a saved abatement cost curve beside the results."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from markupsafe import Markup

from landlink.appraisal.abatement_curve import AbatementCurve
from landlink.core.errors import InputError, Problem
from landlink.report.abatement_picture import abatement_figure, curve_title, measure_name, rough
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.view import View
from landlink.report.words import Words
from landlink.tables.frames import Row, records

__all__ = ["abatement_body", "check_curve", "section"]

#: Width of the chart on a telephone, pixels.
_SLIM: Final = 364.0
_T: Final = "t/year"
_MILLION: Final = 1e6
_TOTAL: Final = "emissions.co2e_t_per_year"
#: Relative difference of emissions of the same scenario, solved to other gaps.
_SAME: Final = 0.01


def check_curve(views: Sequence[View], curve: AbatementCurve) -> None:
    """Refuse a curve that does not start from one of the results.

    Raises
    ------
    InputError
        No result has the study, the measures and the year on top of which the curve was built; or its emissions are
        others, as where demand responds.
    """
    start = [
        view
        for view in views
        if (view.provenance.run.study_hash, view.provenance.run.year) == (curve.study_hash, curve.year)
    ]
    if not start:
        shown = "; ".join(dict.fromkeys(view.label for view in views))
        message = "the curve starts from none of the results of this report"
        started = curve.label if str(curve.year) in curve.label else f"{curve.year}: {curve.label}"
        allowed = f"a curve on top of the measures, in the year and of the study of one of them ({shown})"
        raise InputError(Problem("abatement", message, value=started, allowed=allowed))
    known = [view.value(_TOTAL) for view in start]
    if not any(abs(one - curve.base_t) <= _SAME * curve.base_t for one in known):
        message = "emissions without the measures are not those of the result that the curve starts from"
        allowed = ", ".join(f"{one:.6g}" for one in known) + " t/year, and demand that is fixed, as in every curve"
        raise InputError(
            Problem("abatement", message, column="base_t_per_year", value=f"{curve.base_t:.6g}", allowed=allowed)
        )


def section(views: Sequence[View], curve: AbatementCurve | None) -> Section | None:
    """Build the section; ``None`` without a curve."""
    if curve is None:
        return None
    words, total = views[0].words, curve.total
    cost, finding = float(total["usd_per_t"]), ""
    if math.isfinite(cost):
        finding = words(
            "abatement.finding",
            abated=words.rough(float(total["abated_t_per_year"]), "t/year"),
            base=words.rough(curve.base_t, "t/year"),
            cost=words.rough(curve.money.amount(cost, "USD/t"), curve.money.unit_of("USD/t")),
        )
    body = join([
        tag("p", words("abatement.how")),
        abatement_body("abatement", curve, words),
    ])  # fmt: skip
    return Section("abatement", words("abatement.heading"), finding, body)


def abatement_body(identifier: str, curve: AbatementCurve, words: Words) -> Markup:
    """The chart for wide and for narrow screens, and its table: what a section of a report holds.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    curve
        The curve.
    words
        Words of the page.
    """
    wide = tag("div", abatement_figure(identifier, curve, words), class_="broad")
    slim = tag("div", abatement_figure(f"{identifier}-slim", curve, words, width=_SLIM), class_="slim")
    frame = tag(
        "div", wide, slim, class_="chain-frame", role="region", aria_label=curve_title(curve, words), tabindex=0
    )
    amount = f"{rough(words, curve.base_t / 1e3)}\u00a0{words.unit('kt/year')}"
    left_out = [
        tag("p", words.headed(measure_name(curve, str(row["measure_id"]), words), _left_out(curve, row, words)))
        for row in records(curve.table)
        if row["excluded_by"]
    ]
    return join([
        tag("figure", frame), tag("p", words("abatement.without", amount=amount)), *left_out, _table(curve, words),
    ])  # fmt: skip


def _left_out(curve: AbatementCurve, row: Row, words: Words) -> str:
    return words("abatement.excluded", measure=measure_name(curve, str(row["excluded_by"]), words))


def _table(curve: AbatementCurve, words: Words) -> Markup:
    """Figures of the steps, of each measure alone, and of all together."""
    money = curve.money
    usd, per_t = words.unit(money.unit_of("million USD/year")), words.unit(money.unit_of("USD/t"))
    added, alone = words("abatement.added"), words("abatement.alone")
    heads = [
        Head(words("abatement.measure"), numeric=False),
        *(Head(text, over=added) for text in (words.unit(_T), usd, per_t)),
        *(Head(text, over=alone) for text in (words.unit(_T), per_t)),
        Head(usd, over=words("abatement.users")),
        Head(words.unit(_T), over=words("abatement.grid")),
    ]
    rows = [
        _cells(curve, row, measure_name(curve, str(row["measure_id"]), words), words) for row in records(curve.steps)
    ]
    total = _cells(curve, curve.total, words("abatement.total"), words)
    return table(curve_title(curve, words), heads, [Group("", [*rows, total])], class_="wide")


def _cells(curve: AbatementCurve, row: Row, name: str, words: Words) -> list[str]:
    factor = curve.money.factor("USD/t")
    alone = row["measure_id"] != ""
    return [
        name,
        rough(words, row["abated_t_per_year"]),
        rough(words, row["net_usd_per_year"] * factor / _MILLION),
        rough(words, row["usd_per_t"] * factor),
        rough(words, row["alone_abated_t_per_year"]) if alone else "",
        rough(words, row["alone_usd_per_t"] * factor) if alone else "",
        rough(words, row["users_gain_usd_per_year"] * factor / _MILLION),
        rough(words, row["abated_grid_t_per_year"]),
    ]
