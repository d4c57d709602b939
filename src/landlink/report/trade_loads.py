"""Table of the balance of loads between countries: loaded each way, their ratio, and the empties that it implies."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from landlink.report.svg import join, tag
from landlink.report.tables import Group, Head, table
from landlink.report.view import View
from landlink.tables.frames import records

__all__ = ["loads_table"]

#: Loads a day, both ways together, below which a pair is left out.
_FEW: Final = 1.0


def loads_table(view: View) -> Markup:
    """Show the balance of loads of countries of the region; empty where there is none."""
    frame, zone, words = view.table("load_balance"), view.table("zone"), view.words
    if frame.empty:
        return Markup("")
    own = set(zone.loc[zone["kind"] != "gateway", "country"])
    both = frame["loaded_ab_per_day"] + frame["loaded_ba_per_day"]
    rows = frame[(both >= _FEW) & (frame["country_a"].isin(own) | frame["country_b"].isin(own))]
    heads = [Head(words("structure.pair"), numeric=False)]
    heads += [Head(words(f"structure.{key}")) for key in ("there", "back", "ratio")]
    heads += [Head(words(f"structure.{way}"), over=words("structure.empties")) for way in ("there", "back")]
    parts = [
        table(
            words(f"structure.loads_{basis}", label=view.label),
            heads,
            [
                Group(words.term("mode", str(mode)), [_row(view, row) for row in records(group)])
                for mode, group in rows[rows["basis"] == basis].groupby("mode", sort=False)
            ],
            class_="wide",
        )
        for basis in ("border", "trade")
        if (rows["basis"] == basis).any()
    ]
    return join([tag("p", words("structure.loads_how")), *parts]) if parts else Markup("")


def _row(view: View, row: dict[str, object]) -> list[str | Markup]:
    words = view.words
    names = {"a": view.name("country", row["country_a"]), "b": view.name("country", row["country_b"])}
    columns = ("loaded_ab_per_day", "loaded_ba_per_day")
    empties = ("implied_empty_ab_per_day", "implied_empty_ba_per_day")
    return [
        words("common.from_to", **names),
        *(words.rough_number(float(row[name])) for name in columns),  # type: ignore[arg-type]
        words.percent(float(row["ratio"])),  # type: ignore[arg-type]
        *(words.rough_number(float(row[name])) for name in empties),  # type: ignore[arg-type]
    ]
