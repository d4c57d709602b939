"""What closures cost in the bundled study, as Markdown: ``python -m tools.criticality FOLDER``.

Closures are kept in the folder, so that an interrupted run goes on.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pandas as pd

import landlink as ll
from landlink.cli.printing import rough
from landlink.resilience.topology import STEPS
from tools.markdown import grid

DAYS: Final = 30
#: Closures in Kyrgyzstan, with and without the railway, in some members of the posterior ensemble.
COUNTRY: Final = "KGZ"
MEMBERS: Final = 8
SHOWN: Final = 10
_LOSERS: Final = 3


def report(folder: Path) -> Iterator[str]:
    study = ll.open_study("china-kyrgyzstan")
    options: dict[str, Any] = {"days": DAYS, "top": SHOWN, "progress": True}
    everywhere = ll.criticality(study.scenario("base-2023"), compare=True, folder=folder / "everywhere", **options)
    yield from ("### Beside topology, 2023", "")
    yield from _notes(everywhere)
    heads = ("place", "rank", "by removal", "USD/day", "by removal", *STEPS)
    yield from grid(heads, map(_difference, everywhere.differing.to_dict("records")), right=range(1, 9))
    plan = study.scenario("cku-2030")
    country = ll.criticality(
        study.scenario("base-2030"), programme=plan, countries=[COUNTRY], members=MEMBERS, trade="general",
        folder=folder / "country", **options,
    )  # fmt: skip
    yield from ("", "### Kyrgyzstan, 2030", "")
    yield from _notes(country)
    heads = (
        "place",
        "passing, t/day",
        "USD/day",
        "P10 to P90",
        "rank",
        "waiting, t/day",
        "exports lost, USD/day",
        "who pays",
        "real income",
    )
    yield from grid(heads, _worst(country), right=(1, 2, 3, 4, 5, 6))
    yield from ("", "With the railway:", "")
    heads = ("place", "without, USD/day", "with it", "change, P10 to P90", "rank without", "with it")
    yield from grid(heads, map(_change, country.before_after.head(SHOWN).to_dict("records")), right=range(1, 6))


def _notes(found: ll.Criticality) -> Iterator[str]:
    yield from (f"- {note}." for note in found.notes)
    yield ""


def _difference(row: dict[Any, Any]) -> tuple[str, ...]:
    steps = (rough(row[f"{step}_step_usd_per_day"]) for step in STEPS)
    costs = rough(row["added_cost_usd_per_day"]), rough(row["reroute_usd_per_day"])
    return f"{row['name']} (`{row['row']}`)", str(row["rank"]), str(row["reroute_rank"]), *costs, *steps


def _worst(found: ll.Criticality) -> Iterator[tuple[str, ...]]:
    label = found.scenarios[0].label
    places = found.places[(found.places["scenario"] == label) & (found.places["same_as"] == "")].head(SHOWN)
    parts = found.countries[found.countries["scenario"] == label].groupby(["table", "row"], sort=False)
    for row in places.to_dict("records"):
        part = parts.get_group((row["table"], row["row"]))
        total = part["added_cost_usd_per_day"].sum()
        payers = part[part["added_cost_usd_per_day"] > 0].head(_LOSERS)
        poorer = part.sort_values("real_income_percent").head(_LOSERS)
        yield (
            f"{row['name']} (`{row['row']}`)", rough(row["freight_tonnes_per_day"]), rough(row["added_cost_usd_per_day"]),
            f"{rough(row['added_cost_p10_usd_per_day'])} to {rough(row['added_cost_p90_usd_per_day'])}",
            f"{row['rank_p10']:.0f} to {row['rank_p90']:.0f}", rough(row["waiting_tonnes_per_day"]),
            rough(row["lost_exports_usd_per_day"]),
            ", ".join(f"{one} {cost / total:.0%}" for one, cost in zip(payers["country"], payers["added_cost_usd_per_day"], strict=True)),
            ", ".join(f"{one} {rough(value)} %" for one, value in zip(poorer["country"], poorer["real_income_percent"], strict=True)),
        )  # fmt: skip


def _change(row: dict[Any, Any]) -> tuple[str, ...]:
    ends = row["change_p10_usd_per_day"], row["change_p90_usd_per_day"]
    interval = f", {rough(ends[0])} to {rough(ends[1])}" if ends[0] == ends[0] else ""
    before, after = ("" if pd.isna(row[name]) else str(int(row[name])) for name in ("rank_before", "rank_after"))
    ranks = "new" if row["new"] else before, after
    costs = (rough(row[f"added_cost_usd_per_day_{end}"]) for end in ("before", "after"))
    return f"{row['name']} (`{row['row']}`)", *costs, f"{rough(row['change_usd_per_day'])}{interval}", *ranks


if __name__ == "__main__":
    print("\n".join(report(Path(sys.argv[1]))))
