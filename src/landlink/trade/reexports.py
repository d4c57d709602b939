"""Re-exports taken out of trade: goods that pass through a hub are trade of their origin with their destination."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landlink.core.arrays import Floats
from landlink.core.errors import InputError, Problem
from landlink.core.problem_list import ProblemList
from landlink.trade.flow_tables import PairTable, flow_matrix
from landlink.trade.long_tables import (
    LongTable,
    Missing,
    check_names,
    check_numbers,
    check_rows,
    raise_problems,
    read_long,
    row_name,
)

__all__ = ["net_reexports"]

_KEYS = ("exporter", "hub", "importer")
_TABLE = "re-exports"
#: Share of a flow by which rounded re-exports may exceed it; the flow is 0 then.
_ROUNDING = 1e-9


def net_reexports(flows: PairTable, reexports: LongTable, *, missing: Missing = "refuse") -> pd.DataFrame:
    """Take re-exports out of flows: from the exporter to the hub and from there on, they become one flow.

    Output of the exporter and expenditure of the importer stay; the hub neither makes nor uses what passes through.
    Domestic flows are those of own goods (gross output less exports of own goods), and stay as they are.

    Parameters
    ----------
    flows
        Gross flows as for :func:`landlink.trade.counterfactual`.
    reexports
        Columns exporter, hub, importer and value: what the hub bought from the exporter and sold on to the importer, in
        the unit of the flows. Goods that return to their origin have it as importer too.
    missing
        ``zero`` if blank and unlisted flows are zero; by default they are refused.

    Returns
    -------
    pandas.DataFrame
        exporter, importer, value: every pair of countries.

    Raises
    ------
    InputError
        Invalid tables, unknown countries, or re-exports beyond the flows that they are part of.

    Examples
    --------
    >>> flows = [("A", "A", 80), ("A", "B", 20), ("A", "C", 1), ("B", "A", 5), ("B", "B", 50), ("B", "C", 15)]
    >>> flows += [("C", "A", 2), ("C", "B", 3), ("C", "C", 40)]
    >>> net = net_reexports(flows, [("A", "B", "C", 12)])
    >>> net[net["exporter"] != net["importer"]].values.tolist()[:4]
    [['A', 'B', 8.0], ['A', 'C', 13.0], ['B', 'A', 5.0], ['B', 'C', 3.0]]
    """
    countries, gross = flow_matrix(flows, missing=missing)
    frame = read_long(reexports, _TABLE, _KEYS, ("value",))
    problems = ProblemList(by_column=True)
    check_rows(frame, _TABLE, _KEYS, problems, what="route through a hub")
    check_names(frame, _TABLE, dict.fromkeys(_KEYS, countries), problems, where="the flows")
    wrong = ~(np.isfinite(frame["number"]) & (frame["number"] >= 0))
    fault = "invalid re-export"
    check_numbers(frame, _TABLE, _KEYS, wrong.to_numpy(), problems, (fault, fault, "a finite number, 0 or more"))
    for row in frame[frame["hub"].eq(frame["exporter"]) | frame["hub"].eq(frame["importer"])].itertuples():
        allowed = "another country than the exporter and the importer"
        message = "the hub is an end of the route"
        problems.add(Problem(_TABLE, message, row_name(row, _KEYS), "hub", str(row.hub), allowed))
    raise_problems(problems)
    net = _netted(countries, gross, frame)
    size = len(countries)
    names = np.array(countries, dtype=object)
    return pd.DataFrame({"exporter": np.repeat(names, size), "importer": np.tile(names, size), "value": net.ravel()})


def _netted(countries: list[str], gross: Floats, frame: pd.DataFrame) -> Floats:
    place = {country: i for i, country in enumerate(countries)}
    exporter, hub, importer = (frame[key].map(place).to_numpy() for key in _KEYS)
    through, direct = np.zeros_like(gross), np.zeros_like(gross)
    np.add.at(through, (exporter, hub), frame["number"].to_numpy())
    np.add.at(through, (hub, importer), frame["number"].to_numpy())
    np.add.at(direct, (exporter, importer), frame["number"].to_numpy())
    # A flow may carry goods to a hub and be trade between ends as well: what is added to it can be sold on too.
    left = gross + direct - through
    over = left < -_ROUNDING * gross
    if over.any():
        raise InputError(
            [
                Problem(
                    _TABLE,
                    "re-exports exceed the flow that they are part of",
                    f"{countries[i]},{countries[j]}",
                    "value",
                    f"{through[i, j]:g}",
                    f"at most {gross[i, j] + direct[i, j]:g}, the flow of the pair",
                )
                for i, j in np.argwhere(over).tolist()
            ]
        )
    return np.maximum(left, 0.0)
