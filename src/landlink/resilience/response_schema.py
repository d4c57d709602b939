"""The table of a choice of response sites, as it is saved: what its columns are."""

from __future__ import annotations

import os
from typing import Final

import pandas as pd

from landlink.core.errors import InputError
from landlink.resilience.record_files import record_file
from landlink.tables.column import Column, Table
from landlink.tables.read import read_table
from landlink.tables.shared_columns import NAMES

__all__ = ["LIFE_YEARS", "RESPONSE", "RESPONSE_FILE", "SHEETS", "UNITS", "read_response", "saved_as_agreed"]

#: Years over which costs once are spread, with the discount rate of appraisals.
LIFE_YEARS: Final = 20

_CASES: Final = ("nobody", "everybody", "only", "refused", "alone", "group")

RESPONSE: Final = Table(
    "response",
    "Where response units are best kept: for each kind of units a row in all, one for each site, each place that they"
    " are called to, each node of their network (for maps of times), and each set of agreements to share units.",
    (
        Column("scenario", "text", "Scenario: its identifier, else its label.", required=True, key=True),
        Column("record", "text", "What the row is about.", required=True, key=True,
               allowed=("total", "site", "place", "node", "sharing")),
        Column("unit_id", "text", "Kind of units.", required=True, key=True),
        Column("row", "text", "The site, the place (with table, as in effects), the node, or the countries of a set of"
               " agreements joined by -; of totals, the kind.", key=True),
        Column("hazard_id", "text", "Hazard that strikes the place; empty where places are weighted by freight.",
               key=True),
        Column("case", "text", "Agreements: nobody shares, everybody, only this pair, all but this pair (refused), all"
               " but this country (alone), or this group alone.", key=True),
        Column("name", "text", "Name of the kind, site, place or node."),
        *NAMES,
        Column("table", "text", "Table of the place."),
        Column("node_id", "text", "Node of the site."),
        Column("countries", "list", "Country of the site; countries in which the place lies."),
        Column("x_coord", "number", "Longitude.", unit="degree"),
        Column("y_coord", "number", "Latitude.", unit="degree"),
        Column("units_now", "integer", "Units that stand there now; of totals, all."),
        Column("units", "integer", "Units chosen."),
        Column("hours_now", "number", "Expected time until a place is served, or of the nearest unit to a node, by the"
               " units that stand now; of totals, the mean by weight; of sharing, empty.", unit="h"),
        Column("hours", "number", "The same by the units chosen.", unit="h"),
        Column("reached_now", "number", "Probability that the place is served within within_h; of totals, the share of"
               " the weight."),
        Column("reached", "number", "The same by the units chosen."),
        Column("served_by", "list", "Sites of the units called to the place, the nearest first."),
        Column("events_per_year", "number", "Mean number of events at the place.", unit="1/year"),
        Column("usd_per_h", "number", "What an hour of one event costs; empty where response does not reopen places.",
               unit="USD/h"),
        Column("weight", "number", "Weight of an hour of delay in a year: USD/h where response reopens places, events"
               " where it helps people, t km/day where no hazard calls the units."),
        Column("loss_now_usd_per_year", "number", "What the time until places are served costs, by the units that stand"
               " now.", unit="USD/year"),
        Column("loss_usd_per_year", "number", "The same by the units chosen.", unit="USD/year"),
        Column("worth_usd_per_year", "number", "Loss avoided: of a site, what would be lost without its chosen units;"
               " else by all changes.", unit="USD/year"),
        Column("cost_musd", "number", "Cost once of what is chosen beyond what stands.", unit="million USD"),
        Column("cost_musd_per_year", "number", "Cost of keeping the units chosen.", unit="million USD/year"),
        Column("added_keeping_musd_per_year", "number", "Of totals: cost of keeping what is chosen beyond what stands.",
               unit="million USD/year"),
        Column("added_cost_musd_per_year", "number", "The same and the cost once, spread over 20 years at the discount"
               " rate of appraisals; to be set against worth_usd_per_year.", unit="million USD/year"),
        Column("value_now", "number", "Objective by the units that stand now: hours by weight, weight reached, or the"
               " longest time."),
        Column("value", "number", "Objective by the units chosen; of agreements, the best for them."),
        Column("bound", "number", "Proven bound of the objective."),
        Column("gap", "number", "Relative gap between the two."),
        Column("refusing_costs", "number", "How much worse the objective is than with everybody sharing."),
        Column("needed", "boolean", "Pairs that are refused: whether the optimum needs them whatever others do.",
               default=False),
        Column("objective", "text", "What was made best: median, cover or centre."),
        Column("within_h", "number", "Time in which places should be reached.", unit="h"),
        Column("shared", "list", "Pairs of countries that let each other's units in."),
        Column("year", "integer", "Year of the scenario."),
        Column("study_hash", "text", "SHA-256 of the study with the scenario's measures."),
    ),
)  # fmt: skip

#: Unit of each column; empty where it has none.
UNITS: Final = {column.name: column.unit for column in RESPONSE.columns}
#: Sheets of a workbook by the kind of rows.
SHEETS: Final = {
    "total": ("totals", "Each kind of units in all."),
    "site": ("sites", "Sites of units, with those that stand there and those chosen."),
    "place": ("places", "Places that units are called to."),
    "node": ("nodes", "Hours of the nearest unit to each node of the network."),
    "sharing": ("agreements", "Agreements to share units, with what refusing them costs."),
}
#: The file that a choice of sites is.
RESPONSE_FILE: Final = record_file("a choice of response sites", RESPONSE)


def read_response(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Read a table that :meth:`.ResponsePlan.save` wrote.

    Raises
    ------
    InputError
        The file is no choice of response sites, with all its problems.
    """
    frame, problems = read_table(path, RESPONSE)
    if problems:
        raise InputError(problems)
    return frame


def saved_as_agreed(objective: str, agreed: float, everybody: float, nobody_costs: float) -> float:
    """What agreements to share save against nobody sharing, in the unit of the objective; 0 or more.

    Parameters
    ----------
    objective
        ``median``, ``cover`` or ``centre``; of the second, more is better.
    agreed, everybody
        Objective for the agreements, and with everybody sharing.
    nobody_costs
        How much worse it is if nobody shares than if everybody does.

    Examples
    --------
    >>> saved_as_agreed("median", 70.0, 50.0, 30.0), saved_as_agreed("cover", 7.0, 9.0, 5.0)
    (10.0, 3.0)
    """
    missed = everybody - agreed if objective == "cover" else agreed - everybody
    return max(nobody_costs - max(missed, 0.0), 0.0)
