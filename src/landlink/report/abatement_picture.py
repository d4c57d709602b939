"""Abatement cost curves in the words of a language: the picture, and what a notebook shows."""

from __future__ import annotations

import math
from typing import Any, Final

from markupsafe import Markup

from landlink.appraisal.abatement_curve import AbatementCurve
from landlink.core.display import Display, Drawing
from landlink.formats.picture import Picture
from landlink.report.abatement_chart import AbatementBar, AbatementTexts, abatement_chart
from landlink.report.svg import tag
from landlink.report.words import Words
from landlink.tables.frames import records

__all__ = [
    "ABATEMENT_DISPLAY", "ABATEMENT_DRAWING", "abatement_figure", "abatement_picture", "curve_title", "measure_name",
    "rough",
]  # fmt: skip

_T: Final = "t/year"
_USD_PER_T: Final = "USD/t"


def measure_name(curve: AbatementCurve, measure: str, words: Words) -> str:
    """Name of a measure in the language of names."""
    row = {str(key): value for key, value in curve.register.loc[measure].items()}
    return words.name(row, "measure_id")


def abatement_figure(
    identifier: str, curve: AbatementCurve, words: Words, *, alone: bool = False, width: float = 760.0
) -> Markup:
    """The chart of a curve as an element of a page.

    Parameters
    ----------
    identifier
        Prefix of element ids.
    curve
        The curve.
    words
        Words of the page.
    alone
        Whether it stands by itself, with a heading of its own.
    width
        Its width, pixels.
    """
    rows = records(curve.steps)
    money = curve.money.factor(_USD_PER_T)
    most = max([abs(float(row["abated_t_per_year"])) for row in [*rows, curve.total]], default=0.0)
    divisor, unit = words.scale_of(most, _T)
    told_unit, usd = words.unit(unit), words.unit(curve.money.unit_of(_USD_PER_T))

    def figures(row: dict[str, Any]) -> tuple[str, str]:
        return rough(words, row["abated_t_per_year"] / divisor), rough(words, row["usd_per_t"] * money)

    bars = [
        AbatementBar(
            measure_name(curve, str(row["measure_id"]), words),
            float(row["abated_t_per_year"]) / divisor,
            float(row["usd_per_t"]) * money if row["abated_t_per_year"] > 0 else math.nan,
            figures(row),
        )
        for row in rows
    ]
    texts = AbatementTexts(
        across=words("abatement.across", unit=told_unit),
        up=words("abatement.up", unit=usd),
        heads=(told_unit, usd),
        saves=words("abatement.saves"),
        costs=words("abatement.costs"),
        cut=words("abatement.cut"),
        total=(words("abatement.total"), *figures(curve.total)),
        number=words.plain,
        rtl=words.direction == "rtl",
    )
    title = curve_title(curve, words)
    heading = (title, curve.label) if alone else ()
    return abatement_chart(identifier, title, words("abatement.description"), bars, texts, heading=heading, width=width)


def rough(words: Words, value: float) -> str:
    """A figure to two digits, as well as the model knows it."""
    if not math.isfinite(value) or value == 0:
        return words.number(value)
    places = 1 - math.floor(math.log10(abs(value)) + 1e-9)
    return words.number(round(value, places), decimals=max(0, places))


def abatement_picture(
    curve: AbatementCurve, *, language: str = "en", names: str = "", width: float = 760.0
) -> Picture:  # fmt: skip
    """Draw a curve as a picture; see :meth:`AbatementCurve.chart`."""
    words = Words(language, names=names, further=dict.fromkeys(curve.languages))
    return Picture(str(abatement_figure("abatement", curve, words, alone=True, width=width)), curve_title(curve, words))


def curve_title(curve: AbatementCurve, words: Words) -> str:
    """What the picture shows."""
    return words("abatement.title", year=str(curve.year), rate=words.plain(curve.rate_percent))


def _html(curve: AbatementCurve) -> str:
    drawn = abatement_picture(curve)
    notes = [tag("div", note, style="opacity:.7;text-align:start") for note in curve.notes]
    return str(tag("div", tag("strong", drawn.title), Markup(drawn._repr_html_()), *notes))  # noqa: S704


ABATEMENT_DRAWING: Final = Drawing("abatement", abatement_picture)
ABATEMENT_DISPLAY: Final = Display("AbatementCurve", _html)
