"""The pairs of places of an analysis by what they cost together and apart, for everybody or for one country."""

from __future__ import annotations

from typing import Final

import pandas as pd

__all__ = ["pair_losses"]

_KEYS: Final = ["scenario", "table", "row"]
_OTHER: Final = ["scenario", "with_table", "with_row"]
_COST: Final = "added_cost_usd_per_day"


def pair_losses(table: pd.DataFrame, country: str = "") -> pd.DataFrame:
    """Pairs of places in each scenario, those first by which a country loses most.

    Pairs of two places of which one stands for others in line are kept, those of the others are left out.

    Parameters
    ----------
    table
        The table of an analysis, see :data:`landlink.resilience.criticality_schema.CRITICALITY`.
    country
        The country whose own losses count; everybody's if empty.

    Returns
    -------
    pandas.DataFrame
        Rows of pairs as a whole, of which ``added_cost_usd_per_day``, ``waiting_tonnes_per_day`` and
        ``interaction_usd_per_day`` are those of the country, beside ``apart_usd_per_day``, the sum of the losses of
        both places alone, and ``rank`` by what it loses.
    """
    whole, own = table["country"] == "", table["country"] == country
    alone, paired = table["with_row"] == "", table["with_row"] != ""
    for_itself = pd.MultiIndex.from_frame(table.loc[whole & alone & (table["same_as"] == ""), _KEYS])
    pairs = table[whole & paired]
    pairs = pairs.loc[
        pd.MultiIndex.from_frame(pairs[_KEYS]).isin(for_itself)
        & pd.MultiIndex.from_frame(pairs[_OTHER]).isin(for_itself)
    ]
    # A country without a row has no part in the closure.
    single = table[own & alone].set_index(_KEYS)[_COST]
    together = table[own & paired].set_index([*_KEYS, *_OTHER[1:]])
    keys = pd.MultiIndex.from_frame(pairs[[*_KEYS, *_OTHER[1:]]])
    apart = sum(
        single.reindex(pd.MultiIndex.from_frame(pairs[of])).fillna(0.0).to_numpy() for of in (_KEYS, _OTHER)
    )  # fmt: skip
    found = pairs.assign(
        **{
            name: together[name].reindex(keys).fillna(0.0).to_numpy()
            for name in (_COST, "waiting_tonnes_per_day")
        },
        apart_usd_per_day=apart,
    )  # fmt: skip
    found["interaction_usd_per_day"] = found[_COST] - found["apart_usd_per_day"]
    found = found.sort_values(_COST, ascending=False, kind="stable")
    found["rank"] = found.groupby("scenario")[_COST].rank(method="min", ascending=False).astype("int64")
    return found.reset_index(drop=True)
