"""Pictures of trade where it responds to costs: flows between countries, and real income."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from landlink.report.change_plot import Dot, change_plot, change_sign
from landlink.report.real_income import Income, income_texts, incomes_of
from landlink.report.ribbons import Caption, Ribbon, grouped, ribbons
from landlink.report.svg import tag
from landlink.report.trade_change import TradeChange
from landlink.report.view import View

__all__ = ["change_picture", "income_figure", "level_picture", "pair_picture"]

_UNIT: Final = "million USD/year"
#: Countries beyond those asked about that the plot of real income shows, and the share of the largest change from
#: which it does.
_FURTHER: Final = 4
_TOLD: Final = 0.05


def change_picture(change: TradeChange) -> Markup:
    """Draw what trade between countries gains and loses; empty where nothing changes."""
    pairs = change.by_pair()
    moved = pairs["after_value"] - pairs["before_value"]
    if float(moved.abs().sum()) <= 1e-9 * float(pairs["after_value"].sum()):
        return Markup("")
    return pair_picture(change.view, "changes", moved, signed=True)


def level_picture(change: TradeChange) -> Markup:
    """Draw the trade between countries that the freight of the study carries; empty where there is none."""
    carried = change.by_pair()["carried_value"]
    return pair_picture(change.view, "levels", carried) if float(carried.sum()) > 0 else Markup("")


def pair_picture(view: View, key: str, values: pd.Series[float], *, signed: bool = False) -> Markup:
    """Draw values by exporter and importer, million a year, as ribbons with title and key."""
    words = view.words
    ends = zip(*(values.index.get_level_values(side) for side in ("exporter", "importer")), strict=True)
    found = [Ribbon(str(a), str(b), size) for (a, b), size in zip(ends, values.tolist(), strict=True) if size]
    flows = grouped(found)
    divisor, larger = words.scale_of(max(abs(one.value) for one in flows), view.unit(_UNIT))
    unit = words.unit(larger)
    names = {one: view.name("country", one) for flow in flows for one in (flow.exporter, flow.importer)}
    names[""] = words("trade_response.other_countries")

    def number(value: float) -> str:
        return words.rough_number(value / divisor, signed=signed)

    texts = {
        (side, name): number(sum(one.value for one in flows if getattr(one, side) == name))
        for side in ("exporter", "importer")
        for name in names
    }
    told = {
        one: words.headed(
            words("common.from_to", a=names[one.exporter], b=names[one.importer]), f"{number(one.value)}\u00a0{unit}"
        )
        for one in flows
    }
    title = words(f"trade_response.{key}_title", unit=unit)
    heads = words("trade_response.exporter"), words("trade_response.importer")
    caption = Caption(title, words(f"trade_response.{key}_description"), heads, names, texts, told)
    drawn = ribbons(f"trade-{key}", flows, caption, rtl=words.direction == "rtl")
    note = tag("figcaption", words(f"trade_response.{key}_note"))
    return tag("figure", tag("h3", title), _ribbon_key(view) if signed else Markup(""), drawn, note)


def _ribbon_key(view: View) -> Markup:
    """Key of gains and losses."""
    lines = [tag("line", x1=x, y1=14, x2=x + 10, y2=2, class_="hatch") for x in (-4, 2, 8, 14)]
    samples = {
        "more": tag("rect", width=20, height=14, class_="ribbon f-blue"),
        "less": tag("g", tag("rect", width=20, height=14, fill="none", class_="ribbon lost"), *lines),
    }
    items = [
        tag("li", tag("svg", sample, width=20, height=14, aria_hidden="true", class_="swatch"), " ",
            view.words(f"trade_response.{key}"))
        for key, sample in samples.items()
    ]  # fmt: skip
    return tag("ul", *items, class_="key")


def income_figure(change: TradeChange, countries: Sequence[str]) -> Markup:
    """Plot the change of real income by country with its intervals; empty where it is not known."""
    words, found = change.view.words, incomes_of(change)
    size = {country: abs(one.exact.value) for country, one in found.items()}
    if not any(size.values()):
        return Markup("")
    shown = [country for country in countries if country in found]
    further = [one for one in sorted(size, key=lambda one: -size[one]) if one not in shown]
    shown += [one for one in further if size[one] >= _TOLD * max(size.values())][:_FURTHER]
    chosen = [found[country] for country in shown]
    names = [change.view.name("country", country) for country in shown]
    rows = list(map(_dot, names, income_texts(words, chosen), chosen))
    title = words("trade_response.income_title")
    plot = change_plot(
        "trade-income", title, words("trade_response.income_description"), rows,
        words("trade_response.no_change"), rtl=words.direction == "rtl",
    )  # fmt: skip
    joint = any(one.joint for one in chosen)
    kinds = {
        "median" if joint else "value": True,
        "outer": any(math.isfinite(row.outer[0]) for row in rows),
        "inner": any(math.isfinite(row.inner[0]) for row in rows),
        "other": any(math.isfinite(row.other) for row in rows),
    }
    key = tag("ul", *_items(change.view, kinds), class_="key")
    return tag(
        "figure",
        tag("h3", title),
        key,
        plot,
        tag("figcaption", words("trade_response.income_note", reference=change.reference)),
    )


def _items(view: View, kinds: Mapping[str, bool]) -> list[Markup]:
    return [
        tag("li", change_sign(kind), " ", view.words(f"trade_response.key_{kind}")) for kind, on in kinds.items() if on
    ]


def _dot(name: str, text: str, income: Income) -> Dot:
    ends = (income.exact.low, income.exact.high)
    kind = {"inner" if income.joint else "outer": ends}
    return Dot(name, text, income.exact.value, other=income.first_order, **kind)
