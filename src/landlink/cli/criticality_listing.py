"""What ``landlink criticality`` prints of an analysis."""

from __future__ import annotations

import argparse
import math
from typing import TYPE_CHECKING, Any, Final

from landlink.cli import printing
from landlink.cli.closure_flows import say_flows
from landlink.cli.criticality_pairs import say_pairs
from landlink.cli.criticality_words import (
    ROUNDING,
    amount,
    country_text,
    lasting_text,
    money_a_day,
    place_text,
    within_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from landlink.resilience.criticality_result import Criticality

__all__ = ["say_criticality", "worst_of"]

#: Countries that are named as those that lose.
_LOSERS: Final = 3
#: What makes the difference to removal and rerouting, in words.
_REASONS: Final = {
    "waiting": "freight may wait", "border": "borders", "congestion": "delays before",
    "choice": "choice and new delays", "": "",
}  # fmt: skip


def say_criticality(found: Criticality, args: argparse.Namespace) -> None:
    """Print the worst places of each scenario, where their freight goes, and what else was asked for."""
    for one in found.scenarios:
        alone = _alone(found, one.label)
        where = f" {within_text(found.within)}" if found.within else ""
        asked = " asked for" if found.only else ""
        which = f"each place{asked}{where}" if alone is None else place_text(alone)
        day = "one such day" if math.isfinite(found.days) else "a day"
        printing.say(f"{one.title}: {which} closed {lasting_text(found.days)}; figures are those of {day}")
        printing.say()
        if alone is None and found.losses_of:
            _say_own(found, worst_of(found, one.label, args.top), asked=bool(found.only))
        _say_worst(found, one.label, args.top, ranked=alone is None)
        printing.say()
        if alone is not None:
            _say_whole(found, alone)
        say_flows(found, worst_of(found, one.label, args.top), each=bool(args.closure))
    if len(found.scenarios) > 1:
        _say_programme(found, args.top, ranked=any(_alone(found, one.label) is None for one in found.scenarios))
    if args.pairs:
        say_pairs(found, args.top)
    if args.compare:
        _say_topology(found)
    for note in found.notes:
        printing.say(f"Note: {note}.")


def _of_scenario(found: Criticality, label: str) -> pd.DataFrame:
    every = found.worst()
    return every[every["scenario"] == label]


def worst_of(found: Criticality, label: str, top: int) -> pd.DataFrame:
    """The worst places of a scenario, of those in line the first."""
    every = _of_scenario(found, label)
    return every[every["same_as"] == ""].head(top)


def _alone(found: Criticality, label: str) -> dict[Any, Any] | None:
    """The place as a whole that alone was asked for and closed; ``None`` for several, which have a worst and ranks."""
    places = found.places
    rows = places[(places["scenario"] == label) & (places["same_as"] == "")].to_dict("records")
    return rows[0] if found.only and len(rows) == 1 else None


def _say_whole(found: Criticality, row: dict[Any, Any]) -> None:
    """What one closure costs in all its days, and those who lose most, or the country that was asked for."""
    if found.days == 1 or not math.isfinite(found.days):
        return
    parts = found.countries
    parts = parts[(parts["scenario"] == row["scenario"]) & (parts["table"] == row["table"])]
    losses = parts[parts["row"] == row["row"]].set_index("country")["added_cost_usd_per_day"]
    own = [found.losses_of] if found.losses_of else losses[losses > ROUNDING].index[:_LOSERS]
    scale, money = found.days * found.money.factor("USD"), found.money.unit_of("USD")
    whose = ", ".join(f"{country_text(str(one))} {amount(losses.get(one, 0.0) * scale)}" for one in own)
    whole = f"{amount(row['added_cost_usd_per_day'] * scale)} {money}"
    printing.say(f"All {found.days:g} days cost {whole}{f', of which {whose}' if whose else ''}")
    printing.say()


def _say_worst(found: Criticality, label: str, top: int, *, ranked: bool) -> None:
    """The worst places and who loses most by each; of those in line with the same freight, the first."""
    worst, same = worst_of(found, label, top), _of_scenario(found, label)["same_as"].value_counts()
    parts = found.countries[found.countries["scenario"] == label].groupby(["table", "row"], sort=False)
    columns = _columns(found, with_members=bool((worst["members"] > 0).any()), ranked=ranked)
    rows = []
    for row in worst.to_dict("records"):
        place = row["table"], row["row"]
        more = int(same.get(":".join(place), 0))
        name = _in_line(str(row["name"]), more)
        losers = _losers(parts.get_group(place)) if place in parts.groups else ""
        if found.trade == "general" and place in parts.groups:
            losers = " | ".join((losers, _poorer(parts.get_group(place))))
        figures = (figure(row) for figure in columns.values())
        rows.append((str(row["rank"]) if ranked else "", " ".join(place), name, *figures, losers))
    who = "who loses | real income" if found.trade == "general" else "who loses"
    heads = ("", "place", "", *columns, who)
    # The first column is the rank, of which one place has none.
    first = 0 if ranked else 1
    shown, right = [row[first:] for row in rows], range(3 - first, 3 - first + len(columns))
    printing.say(printing.grid(shown, headers=heads[first:], right=(0, *right) if ranked else right))


def _say_own(found: Criticality, worst: pd.DataFrame, *, asked: bool) -> None:
    """The place by which one country loses most, of those that were closed."""
    losing = worst[worst["added_cost_usd_per_day"] > ROUNDING]
    name = country_text(found.losses_of)
    if not len(losing):
        printing.say(f"No closure costs {name} anything.")
        return
    first = losing.to_dict("records")[0]
    among = " among the places asked for" if asked else ""
    if found.within:
        among = f"{among or ' among places'} {within_text(found.within)}"
    cost = money_a_day(found, first["added_cost_usd_per_day"])
    printing.say(f"Worst for {name}{among}: {place_text(first)}, {cost} of its own loss")
    printing.say()


def _columns(found: Criticality, *, with_members: bool, ranked: bool) -> dict[str, Callable[[dict[Any, Any]], str]]:
    """Columns of figures of a place by their headings."""
    money, factor = found.money.unit_of("USD"), found.money.factor("USD")

    def interval(row: dict[Any, Any]) -> str:
        low, high = (row[f"added_cost_{end}_usd_per_day"] * factor for end in ("p10", "p90"))
        return _between(low, high)

    columns: dict[str, Callable[[dict[Any, Any]], str]] = {
        "t passing": lambda row: amount(row["freight_tonnes_per_day"]),
        (f"{found.losses_of} loses, {money}" if found.losses_of else f"cost more, {money}"): (
            lambda row: amount(row["added_cost_usd_per_day"] * factor)
        ),
    }
    if found.losses_of:
        columns["of all loss"] = lambda row: _share(row["share_of_all"])
        if ranked:
            columns["rank among closed by all loss"] = lambda row: _rank(row["rank_of_all"])
    if with_members:
        columns["P10 to P90"] = interval
    if with_members and ranked:
        columns["rank"] = lambda row: f"{row['rank_p10']:.0f} to {row['rank_p90']:.0f}"
        columns["worst five"] = lambda row: f"{row['worst_five_probability']:.0%}"
    columns[f"{found.losses_of} t waiting".strip()] = lambda row: amount(row["waiting_tonnes_per_day"])
    columns["zones cut off"] = lambda row: f"{row['isolated_zones']:.0f}"
    if found.trade != "fixed":
        columns[f"exports lost, {money}" if found.losses_of else f"trade lost, {money}"] = lambda row: amount(
            row["lost_exports_usd_per_day"] * factor
        )
    return columns


def _losers(parts: pd.DataFrame) -> str:
    """Countries that lose most, each with its share."""
    loss = parts.loc[parts["added_cost_usd_per_day"] > 0].head(_LOSERS)
    total = float(parts["added_cost_usd_per_day"].sum())
    return ", ".join(
        f"{country} {value / total:.0%}"
        for country, value in zip(loss["country"], loss["added_cost_usd_per_day"], strict=True)
    )


def _poorer(parts: pd.DataFrame) -> str:
    """Countries whose real income falls most, in percent."""
    falling = parts[parts["real_income_percent"] < 0].sort_values("real_income_percent", kind="stable").head(_LOSERS)
    return ", ".join(
        f"{country} {percent:.2g}%"
        for country, percent in zip(falling["country"], falling["real_income_percent"], strict=True)
    )


def _say_programme(found: Criticality, top: int, *, ranked: bool) -> None:
    """Places whose closure the programme makes cheaper or dearer."""
    money, factor = found.money.unit_of("USD"), found.money.factor("USD")
    printing.say("What the programme changes" + (f" for {found.losses_of}" if found.losses_of else ""))
    printing.say()
    every = found.before_after
    every["key"] = every["table"] + ":" + every["row"]
    every["stands"] = every["same_as"].where(every["same_as"] != "", every["key"])
    distinct, count = every[every["same_as"] == ""].head(top), every["stands"].value_counts()
    # All in line have the same freight, and had none before: new, though only some of them are.
    new = set(every.loc[every["new"], "stands"])
    rows: list[tuple[str, ...]] = [
        (
            f"{row['table']} {row['row']}", _in_line(str(row["name"]), int(count[row["key"]]) - 1),
            "new" if row["key"] in new else amount(row["added_cost_usd_per_day_before"] * factor),
            amount(row["added_cost_usd_per_day_after"] * factor), amount(row["change_usd_per_day"] * factor),
            _between(row["change_p10_usd_per_day"] * factor, row["change_p90_usd_per_day"] * factor),
            _rank(row["rank_before"]), _rank(row["rank_after"]),
        )
        for row in distinct.to_dict("records")
    ]  # fmt: skip
    heads: tuple[str, ...] = (
        "place", "", f"before, {money}", "with it", "change", "P10 to P90", "rank before", "with it",
    )  # fmt: skip
    if not any(row[5] for row in rows):
        heads, rows = (*heads[:5], *heads[6:]), [(*row[:5], *row[6:]) for row in rows]
    if not ranked:
        heads, rows = heads[:-2], [row[:-2] for row in rows]
    printing.say(printing.grid(rows, headers=heads, right=range(2, len(heads))))
    printing.say()


def _say_topology(found: Criticality) -> None:
    """Places that removal and shortest ways rank most differently, and why."""
    money, factor = found.money.unit_of("USD"), found.money.factor("USD")
    if not len(found.differing):
        printing.say("Removal and shortest ways find what the equilibrium does.")
        printing.say()
        return
    printing.say("Where removal and shortest ways differ most from the equilibrium")
    printing.say()
    rows = [
        (
            f"{row['table']} {row['row']}", str(row["name"]), str(row["rank"]), str(row["reroute_rank"]),
            amount(row["added_cost_usd_per_day"] * factor), amount(row["reroute_usd_per_day"] * factor),
            _REASONS[row["reason"]],
        )
        for row in found.differing.to_dict("records")
    ]  # fmt: skip
    heads = ("place", "", "rank", "by removal", f"cost more, {money}", "by removal", "mostly by")
    printing.say(printing.grid(rows, headers=heads, right=(2, 3, 4, 5)))
    printing.say()


def _between(low: float, high: float) -> str:
    """An interval; empty if there is none."""
    return f"{amount(low)} to {amount(high)}" if low == low else ""  # noqa: PLR0124  no number


def _in_line(name: str, more: int) -> str:
    """Name of a place that stands for some more in line with it."""
    return f"{name} (+{more} in line)" if more else name


def _share(value: float) -> str:
    return f"{value:.0%}" if value == value else ""  # noqa: PLR0124  no number


def _rank(value: object) -> str:
    return "" if str(value) in ("<NA>", "nan", "None") else str(int(float(str(value))))
