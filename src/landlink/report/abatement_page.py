"""A page of an abatement cost curve: the picture, wide and for telephones, the table behind it, and how to read it."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from landlink.appraisal.abatement_curve import AbatementCurve
from landlink.core.display import Drawing
from landlink.report.abatement_picture import abatement_figure, curve_title, measure_name, rough
from landlink.report.page import rendered
from landlink.report.section import Section
from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.words import Words
from landlink.tables.frames import Row, records

__all__ = ["ABATEMENT_PAGE", "abatement_body", "abatement_page"]

#: Width of the chart on a telephone, pixels.
_SLIM: Final = 364.0
_T: Final = "t/year"
_MILLION: Final = 1e6


def abatement_page(curve: AbatementCurve, *, language: str = "en", names: str = "") -> str:
    """Write the page; see :meth:`AbatementCurve.save`."""
    words = Words(language, names=names, further=dict.fromkeys(curve.languages))
    how = [tag("p", words("abatement.how")), *(tag("p", note, class_="soft", dir="auto") for note in curve.notes)]
    sections = [
        Section("curve", words("abatement.heading"), "", abatement_body("abatement", curve, words)),
        Section("method", words("abatement.method"), "", join(how)),
    ]
    return rendered(words, curve_title(curve, words), [curve.label], sections, over=curve.title, kind="abatement")


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


ABATEMENT_PAGE: Final = Drawing("abatement_page", abatement_page)
