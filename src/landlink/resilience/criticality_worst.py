"""The worst closures for one country, by its own loss, and what a programme changes, of an analysis."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.ensemble.quantiles import quantiles
from landlink.resilience.closure_losses import ClosureLosses
from landlink.resilience.ranks import rank_intervals, ranks_of

__all__ = ["changes", "check_country", "worst_for"]

_KEYS = ["table", "row"]
#: Columns of the whole that a country's rows take over.
_OF_WHOLE = [
    "same_as", "freight_tonnes_per_day", "freight_share", "isolated_zones", "x_coord", "y_coord", "countries",
]  # fmt: skip


def check_country(known: Collection[str], country: str) -> None:
    """Refuse a country that has no losses: none of the zones lies in it. An empty one is all.

    Raises
    ------
    InputError
        Lists the countries that have zones.
    """
    if country and country not in known:
        message = "no zone of the study lies in the country, so that it has no losses"
        raise InputError(
            Problem("criticality", message, column="losses_of", value=country, allowed=", ".join(sorted(known)))
        )


def worst_for(table: pd.DataFrame, scenarios: Sequence[ClosureLosses], country: str) -> pd.DataFrame:
    """Closures of single places in each scenario, those first by which a country loses most.

    Parameters
    ----------
    table
        The table of the analysis.
    scenarios
        Losses of its scenarios.
    country
        The country.

    Returns
    -------
    pandas.DataFrame
        The country's rows, those of closures without a part of it left out, with ``rank`` by its own loss,
        ``rank_of_all`` by everybody's, ``share_of_all`` of everybody's loss that it bears, and the interval, over the
        posterior ensemble, of its own loss and rank where there is one; beside what only the whole has.
    """
    single = table[table["with_row"] == ""]
    parts = []
    for found in scenarios:
        rows = single[single["scenario"] == found.label]
        whole = rows[rows["country"] == ""].set_index(_KEYS)
        own = rows[rows["country"] == country].set_index(_KEYS)
        ranks = pd.Series(ranks_of(found.loss_of(country), found.accuracy), _index(found), dtype="int64")
        own = own.assign(**{column: whole[column].reindex(own.index) for column in _OF_WHOLE})
        own["rank_of_all"] = whole["rank"].reindex(own.index)
        own["rank"] = ranks.reindex(own.index)
        all_cost = whole["added_cost_usd_per_day"].reindex(own.index)
        own["share_of_all"] = (own["added_cost_usd_per_day"] / all_cost).where(all_cost > found.accuracy)
        for name, values in _interval_columns(found, country):
            own[name] = values.reindex(own.index)
        own["members"] = own["members"].where(own["added_cost_p50_usd_per_day"].notna(), 0)
        parts.append(own.sort_values("added_cost_usd_per_day", ascending=False, kind="stable").reset_index())
    return pd.concat(parts, ignore_index=True)


def _index(found: ClosureLosses, numbers: Sequence[int] | None = None) -> pd.MultiIndex:
    chosen = range(len(found.places)) if numbers is None else numbers
    return pd.MultiIndex.from_tuples([found.places[number].key for number in chosen], names=_KEYS)


def _interval_columns(found: ClosureLosses, country: str) -> Iterator[tuple[str, pd.Series]]:
    known = found.intervals
    if known is None:
        return
    over = rank_intervals(known.of_country(found.countries.index(country)), found.accuracy)
    index = _index(found, known.places.tolist())
    for at, end in enumerate(("p10", "p50", "p90")):
        yield f"added_cost_{end}_usd_per_day", pd.Series(over.loss[at], index)
    yield "rank_p10", pd.Series(over.rank[0], index)
    yield "rank_p90", pd.Series(over.rank[2], index)
    yield "worst_five_probability", pd.Series(over.worst, index)


def changes(before: ClosureLosses, after: ClosureLosses, country: str = "") -> pd.DataFrame:
    """Added cost and rank of each place before and with a programme, the largest change first; with its interval.

    Parameters
    ----------
    before, after
        Losses without and with it.
    country
        Country whose own losses are compared; everybody's if empty.

    Returns
    -------
    pandas.DataFrame
        A row for each place that has freight in either. ``same_as`` names the place that stands for it where both
        closures are the same in both; ``new`` tells places that there were not.
    """
    sides = (before, after)
    keys = list(dict.fromkeys(place.key for one in sides for place in one.places))
    frame = pd.DataFrame(index=pd.MultiIndex.from_tuples(keys, names=_KEYS))
    names = {place.key: place.name for one in reversed(sides) for place in one.places}
    frame["name"] = [names[key] for key in keys]
    for end, one in zip(("before", "after"), sides, strict=True):
        loss = one.loss_of(country)
        rank = ranks_of(loss, one.accuracy)
        # Places without freight cost nothing; those that are not there have no cost.
        frame[f"added_cost_usd_per_day_{end}"] = [
            float(loss[one.number[key]]) if key in one.number else 0.0 if key in one.unused else np.nan for key in keys
        ]
        frame[f"rank_{end}"] = pd.array(
            [int(rank[one.number[key]]) if key in one.number else None for key in keys], dtype="Int64"
        )
    costs = [frame[f"added_cost_usd_per_day_{end}"] for end in ("before", "after")]
    frame["change_usd_per_day"] = costs[1].fillna(0.0) - costs[0].fillna(0.0)
    frame["new"] = costs[0].isna()
    intervals = [_change_interval(before, after, key, country) for key in keys]
    for at, end in enumerate(("p10", "p90")):
        frame[f"change_{end}_usd_per_day"] = [ends[at] for ends in intervals]
    frame["same_as"] = _standing(sides, keys)
    order = frame["change_usd_per_day"].abs().sort_values(ascending=False, kind="stable").index
    return frame.loc[order].reset_index()


def _standing(sides: Sequence[ClosureLosses], keys: Sequence[tuple[str, str]]) -> list[str]:
    """Place that stands for each whose closure is the same in all scenarios; empty where it stands for itself.

    To be without freight, and not to be there, is the same to freight.
    """
    firsts = [
        tuple(one.places[int(one.same[one.number[key]])].key if key in one.number else None for one in sides)
        for key in keys
    ]
    stands: dict[tuple[tuple[str, str] | None, ...], tuple[str, str]] = {}
    for key, first in zip(keys, firsts, strict=True):
        # Whoever stands for the others in a scenario does so here too, the later scenario before the first.
        best = next((one for one in reversed(first) if one is not None), key)
        if first not in stands or key == best:
            stands[first] = key
    return ["" if stands[first] == key else ":".join(stands[first]) for key, first in zip(keys, firsts, strict=True)]


def _change_interval(
    before: ClosureLosses, after: ClosureLosses, key: tuple[str, str], country: str
) -> tuple[float, float]:
    """Ends of the interval of a change: the doubt that both scenarios share cancels."""
    now, then = _member_losses(after, key, country), _member_losses(before, key, country)
    both = sorted(now.keys() & then.keys())
    if not both:
        return float("nan"), float("nan")
    differences = np.array([[now[one] - then[one]] for one in both])
    low, _, high = quantiles(differences).ravel().tolist()
    return low, high


def _member_losses(found: ClosureLosses, key: tuple[str, str], country: str) -> dict[int, float]:
    """Loss of a place in each member; nothing where it was not solved in them."""
    known = found.intervals
    if known is None or key not in found.number:
        return {}
    at = np.flatnonzero(known.places == found.number[key])
    if not len(at):
        return {}
    losses: Floats = known.of_country(found.countries.index(country)) if country else known.losses
    return dict(zip(known.members, losses[:, int(at[0])].tolist(), strict=True))
