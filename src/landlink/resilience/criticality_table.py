"""The table of a criticality analysis from the losses of its scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from landlink.ensemble.quantiles import quantiles
from landlink.resilience.closure_losses import ClosureLosses
from landlink.resilience.criticality_schema import COUNTRY_COLUMNS, CRITICALITY
from landlink.resilience.figures import TOTAL, Figures
from landlink.resilience.ranks import ranks_of
from landlink.resilience.shock_trade import TRADE_FIGURES

__all__ = ["Context", "criticality_table"]

#: Columns of figures that only the whole has.
_WHOLE: Final = {"added_co2e_t_per_day": "added_co2e", "isolated_zones": "isolated_zones"}
#: Columns of the topology, by its attributes.
_TOPOLOGY: Final = {"betweenness": "betweenness", "reroute_usd_per_day": "reroute"}
#: What empty cells of columns hold.
_EMPTY: Final[dict[str, Any]] = {"text": "", "list": "", "boolean": False}
_STEPS: Final = ("waiting", "border", "congestion", "choice")


@dataclass(frozen=True)
class Context:
    """What all rows share.

    Attributes
    ----------
    days
        Days of a closure.
    trade
        How trade responds.
    within
        Countries in which or on whose borders places were closed; all if none is named.
    only
        Places that alone were closed, in the words of hazards; all if none is named.
    losses_of
        Country by whose own loss the worst places were sought; everybody's if empty.
    """

    days: float
    trade: str
    within: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    losses_of: str = ""


def criticality_table(scenarios: tuple[ClosureLosses, ...], context: Context) -> pd.DataFrame:
    """Rows of all closures, the worst of each scenario first, with a row for each country that has a part in one.

    Changes are those from the first scenario; places that it does not have are new.
    """
    rows = [row for found in scenarios for row in _rows(found, scenarios[0], context)]
    frame = pd.DataFrame(rows, columns=[column.name for column in CRITICALITY.columns])
    for column in CRITICALITY.columns:
        if column.type in _EMPTY:
            cells = frame[column.name].astype("object")
            frame[column.name] = cells.where(cells.notna(), _EMPTY[column.type])
    return CRITICALITY.typed(frame)


def _rows(found: ClosureLosses, first: ClosureLosses, context: Context) -> Iterator[dict[str, Any]]:
    # Empty: for good.
    days = context.days if np.isfinite(context.days) else np.nan
    shared = {
        "scenario": found.label, "year": found.year, "closed_days": days, "trade": context.trade,
        "closed_in": ";".join(context.within), "closed_only": ";".join(context.only), "losses_of": context.losses_of,
        "members": 0 if found.intervals is None else len(found.intervals.members), "study_hash": found.study_hash,
    }  # fmt: skip
    for place in found.order.tolist():
        yield from ({**shared, **row} for row in _place_rows(found, first, place))
    if found.pairs is not None:
        yield from ({**shared, **row} for row in _pair_rows(found))


def _place_rows(found: ClosureLosses, first: ClosureLosses, number: int) -> Iterator[dict[str, Any]]:
    """The row of a place as a whole, then those of countries, who loses most first."""
    place = found.places[number]
    of_place = {
        "table": place.table, "row": place.row, "name": place.name, "rank": int(found.rank[number]),
        "x_coord": place.position[0], "y_coord": place.position[1], "countries": ";".join(place.countries),
    }  # fmt: skip
    same = int(found.same[number])
    whole = {
        **of_place,
        "same_as": "" if same == number else ":".join(found.places[same].key),
        "freight_tonnes_per_day": place.tonnes_per_day,
        "freight_share": place.share,
        **_figures(found.figures, number, TOTAL),
        **{column: float(found.figures[name][number]) for column, name in _WHOLE.items()},
        **_trade(found, number, None),
        **_interval(found, number),
        **_topology(found, number),
    }
    if found is not first:
        whole |= _change(found, first, number)
    yield whole
    of_country = {
        country: {**_figures(found.figures, number, country), **_trade(found, number, place)}
        for place, country in enumerate(found.countries)
    }
    by_loss = sorted(of_country, key=lambda country: -of_country[country]["added_cost_usd_per_day"])
    for country in by_loss:
        if any(value and np.isfinite(value) for value in of_country[country].values()):
            row = {**of_place, "country": country, **of_country[country]}
            yield row | (_country_change(found, first, number, country) if found is not first else {})


def _figures(figures: Figures, number: int, place: str) -> dict[str, float]:
    return {column: float(figures[f"{name}[{place}]"][number]) for column, name in COUNTRY_COLUMNS.items()}


def _trade(found: ClosureLosses, number: int, country: int | None) -> dict[str, float]:
    """Lost trade of a country, or of all; real income is nobody's sum but money's."""
    values = found.trade.get(number)
    if values is None:
        return {}
    columns = [name if name.endswith("percent") else f"{name}_usd_per_day" for name in TRADE_FIGURES]
    if country is not None:
        return dict(zip(columns, values[:, country].tolist(), strict=True))
    sums = values.sum(axis=1)
    return dict(zip(columns[:-1], sums[:-1].tolist(), strict=True))


def _interval(found: ClosureLosses, number: int) -> dict[str, float]:
    known = found.intervals
    if known is None or number not in known.places:
        return {}
    at = int(np.flatnonzero(known.places == number)[0])
    loss, rank = known.ranks.loss[:, at].tolist(), known.ranks.rank[:, at].tolist()
    costs = {f"added_cost_{name}_usd_per_day": value for name, value in zip(("p10", "p50", "p90"), loss, strict=True)}
    return {
        **costs, "rank_p10": rank[0], "rank_p90": rank[2], "worst_five_probability": float(known.ranks.worst[at]),
    }  # fmt: skip


def _topology(found: ClosureLosses, number: int) -> dict[str, float]:
    if found.topology is None:
        return {}
    rows = {column: float(getattr(found.topology, name)[number]) for column, name in _TOPOLOGY.items()}
    steps = found.topology.steps.get(number)
    if steps is not None:
        rows |= {f"{name}_step_usd_per_day": value for name, value in zip(_STEPS, steps.tolist(), strict=True)}
    return rows


def _change(found: ClosureLosses, first: ClosureLosses, number: int) -> dict[str, Any]:
    before = first.number.get(found.places[number].key)
    if before is None:
        new = found.places[number].key not in first.unused
        return {"new": new, "change_usd_per_day": float(found.loss[number])}
    return _change_interval(found, first, number, before) | {
        "change_usd_per_day": float(found.loss[number] - first.loss[before]), "rank_before": int(first.rank[before]),
    }  # fmt: skip


def _change_interval(found: ClosureLosses, first: ClosureLosses, number: int, before: int) -> dict[str, float]:
    """Ends of the interval of a change: the doubt that both scenarios share cancels."""
    now, then = found.intervals, first.intervals
    if now is None or then is None or (losses := now.of(number)) is None or (earlier := then.of(before)) is None:
        return {}
    both = sorted(set(now.members) & set(then.members))
    changes = losses[[now.members.index(one) for one in both]] - earlier[[then.members.index(one) for one in both]]
    low, _, high = quantiles(changes.reshape(-1, 1)).ravel().tolist()
    return {"change_p10_usd_per_day": low, "change_p90_usd_per_day": high}


def _country_change(found: ClosureLosses, first: ClosureLosses, number: int, country: str) -> dict[str, Any]:
    name, before = f"added_cost[{country}]", first.number.get(found.places[number].key)
    now = float(found.figures[name][number])
    if before is None or country not in first.countries:
        new = before is None and found.places[number].key not in first.unused
        return {"new": new, "change_usd_per_day": now}
    return {"change_usd_per_day": now - float(first.figures[name][before])}


def _pair_rows(found: ClosureLosses) -> Iterator[dict[str, Any]]:
    """Rows of pairs, the worst first: each as a whole, then those of countries, who loses most first."""
    pairs = found.pairs
    assert pairs is not None  # noqa: S101  the caller looked
    loss = pairs.figures[f"added_cost[{TOTAL}]"]
    rank = ranks_of(loss)
    for number in pairs.order.tolist():
        one, other = (found.places[int(places[number])] for places in (pairs.first, pairs.second))
        of_pair = {
            "table": one.table, "row": one.row, "name": one.name, "with_table": other.table, "with_row": other.row,
            "with_name": other.name, "rank": int(rank[number]), "x_coord": one.position[0],
            "y_coord": one.position[1], "countries": ";".join(one.countries),
        }  # fmt: skip
        yield {
            **of_pair,
            **_figures(pairs.figures, number, TOTAL),
            **{column: float(pairs.figures[name][number]) for column, name in _WHOLE.items()},
            "interaction_usd_per_day": float(pairs.interaction[number]),
        }
        parts = {country: _figures(pairs.figures, number, country) for country in found.countries}
        for country in sorted(parts, key=lambda name: -parts[name]["added_cost_usd_per_day"]):
            if any(parts[country].values()):
                # What a country loses more together than apart.
                more = parts[country]["added_cost_usd_per_day"] - sum(
                    float(found.loss_of(country)[int(places[number])]) for places in (pairs.first, pairs.second)
                )
                yield {**of_pair, "country": country, **parts[country], "interaction_usd_per_day": more}
