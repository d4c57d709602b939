"""What ``landlink criticality`` prints of an analysis."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from landlink.cli import printing
from landlink.cli.closure_flows import say_flows

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from landlink.resilience.criticality_result import Criticality

__all__ = ["say_criticality", "worst_of"]

#: Countries that are named as those that lose.
_LOSERS: Final = 3
#: Added costs in what a pair costs more together than apart.
_ADDED_COSTS: Final = 3
#: Amounts below which a figure is rounding.
_ROUNDING: Final = 1e-6
#: What makes the difference to removal and rerouting, in words.
_REASONS: Final = {
    "waiting": "freight may wait", "border": "borders", "congestion": "delays before",
    "choice": "choice and new delays", "": "",
}  # fmt: skip


def say_criticality(found: Criticality, args: argparse.Namespace) -> None:
    """Print the worst places of each scenario, where their freight goes, and what else was asked for."""
    from landlink.resilience.criticality_notes import length_text

    where = f" in or at the border of {', '.join(found.within)}" if found.within else ""
    for one in found.scenarios:
        printing.say(f"{one.title}: closures {length_text(found.days)}{where}, a day of each")
        printing.say()
        _say_worst(found, one.label, args.top)
        printing.say()
        say_flows(found, worst_of(found, one.label, args.top), each=bool(args.closure))
    if len(found.scenarios) > 1:
        _say_programme(found, args.top)
    if args.pairs:
        _say_pairs(found, args.top)
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


def _say_worst(found: Criticality, label: str, top: int) -> None:
    """The worst places and who loses most by each; of those in line with the same freight, the first."""
    worst, same = worst_of(found, label, top), _of_scenario(found, label)["same_as"].value_counts()
    if found.losses_of:
        _say_own(found, worst)
    parts = found.countries[found.countries["scenario"] == label].groupby(["table", "row"], sort=False)
    columns = _columns(found, with_members=bool((worst["members"] > 0).any()))
    rows = []
    for row in worst.to_dict("records"):
        place = row["table"], row["row"]
        more = int(same.get(":".join(place), 0))
        name = _in_line(str(row["name"]), more)
        losers = _losers(parts.get_group(place)) if place in parts.groups else ""
        if found.trade == "general" and place in parts.groups:
            losers = " | ".join((losers, _poorer(parts.get_group(place))))
        figures = (figure(row) for figure in columns.values())
        rows.append((str(row["rank"]), " ".join(place), name, *figures, losers))
    who = "who loses | real income" if found.trade == "general" else "who loses"
    heads = ("", "place", "", *columns, who)
    printing.say(printing.grid(rows, headers=heads, right=(0, *range(3, 3 + len(columns)))))


def _say_own(found: Criticality, worst: pd.DataFrame) -> None:
    """The place by which one country loses most."""
    from landlink.core.countries import country_name

    country, losing = found.losses_of, worst[worst["added_cost_usd_per_day"] > _ROUNDING]
    name = country_name(country) or country
    if not len(losing):
        printing.say(f"No closure costs {name} anything.")
        return
    first = losing.iloc[0]
    cost = _rough(first["added_cost_usd_per_day"] * found.money.factor("USD"))
    printing.say(
        f"Worst for {name}: {first['name']} ({first['table']} {first['row']}),"
        f" {cost} {found.money.unit_of('USD')} a day of its own loss"
    )
    printing.say()


def _columns(found: Criticality, *, with_members: bool) -> dict[str, Callable[[dict[Any, Any]], str]]:
    """Columns of figures of a place by their headings."""
    money, factor = found.money.unit_of("USD"), found.money.factor("USD")

    def interval(row: dict[Any, Any]) -> str:
        low, high = (row[f"added_cost_{end}_usd_per_day"] * factor for end in ("p10", "p90"))
        return _between(low, high)

    columns: dict[str, Callable[[dict[Any, Any]], str]] = {
        "t passing": lambda row: _rough(row["freight_tonnes_per_day"]),
        (f"{found.losses_of} loses, {money}" if found.losses_of else f"cost more, {money}"): (
            lambda row: _rough(row["added_cost_usd_per_day"] * factor)
        ),
    }
    if found.losses_of:
        columns["of all loss"] = lambda row: _share(row["share_of_all"])
        columns["rank of all"] = lambda row: _rank(row["rank_of_all"])
    if with_members:
        columns["P10 to P90"] = interval
        columns["rank"] = lambda row: f"{row['rank_p10']:.0f} to {row['rank_p90']:.0f}"
        columns["worst five"] = lambda row: f"{row['worst_five_probability']:.0%}"
    columns[f"{found.losses_of} t waiting".strip()] = lambda row: _rough(row["waiting_tonnes_per_day"])
    columns["zones waiting"] = lambda row: f"{row['isolated_zones']:.0f}"
    if found.trade != "fixed":
        columns[f"exports lost, {money}" if found.losses_of else f"trade lost, {money}"] = lambda row: _rough(
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


def _say_programme(found: Criticality, top: int) -> None:
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
            "new" if row["key"] in new else _rough(row["added_cost_usd_per_day_before"] * factor),
            _rough(row["added_cost_usd_per_day_after"] * factor), _rough(row["change_usd_per_day"] * factor),
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
    printing.say(printing.grid(rows, headers=heads, right=range(2, len(heads))))
    printing.say()


def _say_pairs(found: Criticality, top: int) -> None:
    """Pairs that cost most more, or less, than their places alone."""
    money, factor = found.money.unit_of("USD"), found.money.factor("USD")
    first = found.scenarios[0]
    told = {first.places[number].key for number in first.distinct.tolist()}
    pairs = found.pairs[found.pairs["scenario"] == first.label]
    count = len(pairs)
    both = pairs[["table", "row", "with_table", "with_row"]].itertuples(index=False, name=None)
    # An empty list would choose no columns.
    pairs = pairs.loc[[row[:2] in told and row[2:] in told for row in both]]
    # What is within the accuracy of three added costs is no interaction.
    pairs = pairs[pairs["interaction_usd_per_day"].abs() > _ADDED_COSTS * first.accuracy]
    if not len(pairs):
        printing.say("No pair of places costs more or less together than apart.")
        printing.say()
        return
    for worse, heading in (
        (True, "Pairs that are worse together than apart"),
        (False, "Pairs that cost less together than apart"),
    ):
        signed = pairs[(pairs["interaction_usd_per_day"] > 0) == worse]
        shown = signed.sort_values("interaction_usd_per_day", key=abs, ascending=False, kind="stable").head(top)
        if len(shown):
            printing.say(f"{heading}: {len(signed)} of {count}")
            printing.say()
            printing.say(_pair_grid(shown, money, factor))
            printing.say()


def _pair_grid(pairs: pd.DataFrame, money: str, factor: float) -> list[str]:
    rows = []
    for row in pairs.to_dict("records"):
        together, more = row["added_cost_usd_per_day"] * factor, row["interaction_usd_per_day"] * factor
        rows.append(
            (
                f"{row['table']} {row['row']}", str(row["name"]), f"{row['with_table']} {row['with_row']}",
                str(row["with_name"]), _rough(together), _rough(together - more), _rough(more),
            )
        )  # fmt: skip
    heads = ("place", "", "and", "", f"together, {money}", "apart", "interaction")
    return printing.grid(rows, headers=heads, right=(4, 5, 6))


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
            _rough(row["added_cost_usd_per_day"] * factor), _rough(row["reroute_usd_per_day"] * factor),
            _REASONS[row["reason"]],
        )
        for row in found.differing.to_dict("records")
    ]  # fmt: skip
    heads = ("place", "", "rank", "by removal", f"cost more, {money}", "by removal", "mostly by")
    printing.say(printing.grid(rows, headers=heads, right=(2, 3, 4, 5)))
    printing.say()


def _between(low: float, high: float) -> str:
    """An interval; empty if there is none."""
    return f"{_rough(low)} to {_rough(high)}" if low == low else ""  # noqa: PLR0124  no number


def _in_line(name: str, more: int) -> str:
    """Name of a place that stands for some more in line with it."""
    return f"{name} (+{more} in line)" if more else name


def _share(value: float) -> str:
    return f"{value:.0%}" if value == value else ""  # noqa: PLR0124  no number


def _rank(value: object) -> str:
    return "" if str(value) in ("<NA>", "nan", "None") else str(int(float(str(value))))


def _rough(value: float) -> str:
    """A figure to two digits; what is rounding is none."""
    return printing.rough(0.0 if abs(value) < _ROUNDING else value)
