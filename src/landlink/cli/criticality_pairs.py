"""What ``landlink criticality --pairs`` prints of pairs of places closed at the same time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from landlink.cli import printing
from landlink.cli.criticality_words import amount, country_text, money_a_day, place_text, within_text

if TYPE_CHECKING:
    import pandas as pd

    from landlink.resilience.closure_losses import Pairs
    from landlink.resilience.criticality_result import Criticality

__all__ = ["say_pairs"]

#: Added costs in what a pair costs more together than apart.
_ADDED_COSTS: Final = 3


def say_pairs(found: Criticality, top: int) -> None:
    """Print the worst pair, the worst ones, and those that cost most more, or less, than their places alone.

    Losses are those of the country that was asked for, else everybody's.
    """
    first = found.scenarios[0]
    pairs = found.worst_pairs()
    pairs = pairs[pairs["scenario"] == first.label]
    whom = f" for {country_text(found.losses_of)}" if found.losses_of else ""
    if not len(pairs):
        printing.say("Fewer than two closures to make pairs of.")
        printing.say()
        return
    if not pairs["added_cost_usd_per_day"].iloc[0] > first.accuracy:
        printing.say(f"No pair of places costs {country_text(found.losses_of) if whom else 'anybody'} anything.")
        printing.say()
        return
    _say_worst(found, pairs.to_dict("records")[0], whom)
    _say_some(found, pairs.head(top), f"Worst pairs{whom}: {min(top, len(pairs))} of {len(pairs)}")
    # What is within the accuracy of three added costs is no interaction.
    known = pairs[pairs["interaction_usd_per_day"].abs() > _ADDED_COSTS * first.accuracy]
    if not len(known):
        printing.say(f"No pair of places costs more or less together than apart{whom}.")
        printing.say()
        return
    for worse, heading in (
        (True, "Pairs that are worse together than apart"),
        (False, "Pairs that cost less together than apart"),
    ):
        signed = known[(known["interaction_usd_per_day"] > 0) == worse]
        shown = signed.sort_values("interaction_usd_per_day", key=abs, ascending=False, kind="stable").head(top)
        if len(shown):
            _say_some(found, shown, f"{heading}{whom}, by the difference: {len(signed)} of {len(pairs)}")


def _say_worst(found: Criticality, pair: dict[Any, Any], whom: str) -> None:
    pairs = found.scenarios[0].pairs
    which = "" if pairs is None else f", of {_which(pairs, found)}"
    together = money_a_day(found, pair["added_cost_usd_per_day"])
    apart = amount(pair["apart_usd_per_day"] * found.money.factor("USD"))
    both = f"{place_text(pair)} and {place_text(pair, 'with_')}"
    printing.say(f"Worst pair{whom}{which}: {both}, {together} together ({apart} apart)")
    printing.say()


def _which(pairs: Pairs, found: Criticality) -> str:
    """Places that make pairs."""
    where = f" {within_text(found.within)}" if found.within else ""
    if pairs.busiest:
        return f"the {pairs.places} busiest places{where}"
    return f"{pairs.places} places{where} with more than {amount(pairs.above)} t a day"


def _say_some(found: Criticality, pairs: pd.DataFrame, heading: str) -> None:
    money, factor, country = found.money.unit_of("USD"), found.money.factor("USD"), found.losses_of
    rows = [
        (
            f"{row['table']} {row['row']}", str(row["name"]), f"{row['with_table']} {row['with_row']}",
            str(row["with_name"]), *(
                amount(row[f"{what}_usd_per_day"] * factor) for what in ("added_cost", "apart", "interaction")
            ),
            amount(row["waiting_tonnes_per_day"]), f"{row['isolated_zones']:.0f}",
        )
        for row in pairs.to_dict("records")
    ]  # fmt: skip
    heads = (
        "place", "", "and", "", f"{country} loses, {money}" if country else f"together, {money}", "apart",
        "difference", f"{country} t waiting".strip(), "zones cut off",
    )  # fmt: skip
    printing.say(heading)
    printing.say()
    printing.say(printing.grid(rows, headers=heads, right=range(4, 9)))
    printing.say()
