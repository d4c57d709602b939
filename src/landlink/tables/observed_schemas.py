"""Declaration of the table ``observed``: what was observed, what it is comparable with, and what it is used for."""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import EARLIEST_YEAR, LATEST_YEAR, NAMES, PROVENANCE

__all__ = ["BOUNDS", "COMPARED", "DIRECTIONS", "OBSERVED", "OBSERVED_COLUMNS", "ROLES", "SCOPES", "YEARS_APART"]

#: What an observation is used for.
ROLES: Final = ("validation", "fit", "input", "bound")
#: How an observation limits the model.
BOUNDS: Final = ("value", "lower", "upper")
#: What an observation counts, compared with its indicator.
SCOPES: Final = (
    "international", "sample", "all_freight", "all_vehicles", "wider", "part", "one_service", "one_day",
)  # fmt: skip
#: Directions of an observation.
DIRECTIONS: Final = ("both", "ab", "ba", "one_way")
#: What a row is compared with: the value in one result; what measures save; the value in a result with measures.
COMPARED: Final = ("value", "saving", "scenario")
#: Years before and after its own to which an observation may be brought, unless it says otherwise.
YEARS_APART: Final = 2

#: Optional columns of the table ``observed``, left out of the hash of a study if empty.
OBSERVED_COLUMNS: Final = (
    Column(
        "role",
        "text",
        "What it is used for. fit: calibration may fit parameters to it; validation: it only scores the model; input: it is, or was used for, an input of the study, so it neither fits nor scores; bound: it gives only a lower or upper limit (see bound), which never enters a score.",
        allowed=ROLES,
        default="validation",
    ),
    Column("begins", "date", "First day of its period."),
    Column("ends", "date", "First day after its period."),
    Column(
        "to_year",
        "text",
        "How it is brought to a model year other than its own. same: the value holds for other years too; growth: the value grows by growth_pct_per_year; none: it is compared with its own year only.",
        allowed=("none", "same", "growth"),
        default="none",
    ),
    Column(
        "growth_pct_per_year",
        "number",
        "Growth of the series that the observation belongs to; source or note say whence.",
        unit="%/year",
        minimum=-50,
        maximum=100,
    ),
    Column(
        "years_apart",
        "integer",
        f"How many years before or after its own it may be brought to by to_year; empty: {YEARS_APART}.",
        unit="years",
        minimum=0,
        maximum=100,
    ),
    Column(
        "standard_error",
        "number",
        "Standard error of the observation as a measure of the indicator, as a share of the value (of its logarithm); required for the role fit.",
        above=0,
        maximum=5,
    ),
    Column("error_reason", "text", "Why the standard error is what it is."),
    Column(
        "scope",
        "text",
        "What it counts. international: what the indicator counts; sample: a sample of it; all_freight: domestic freight too; all_vehicles: vehicles other than those of freight too; wider: goods or traffic that the study leaves out; part: only a part; one_service: a single service, shipment or convoy; one_day: a single day or a peak. Only international and sample are compared as values; the others may be bounds.",
        allowed=SCOPES,
        default="international",
    ),
    Column(
        "direction",
        "text",
        "Direction observed: both, ab or ba as at its crossing, or one_way; empty: as the indicator counts.",
        allowed=DIRECTIONS,
    ),
    Column(
        "group",
        "text",
        "Observations that share a source or a quantity: they are left out together when a fit is tested, and an indicator that a group repeats counts once. Empty: alone.",
    ),
    Column("scale_unit", "text", "Unit of the scale, unless it is a pure number or a period, such as t/FEU."),
    Column(
        "compares",
        "text",
        "What the indicator is compared with. value: its value in a result; saving: by how much measures lower it; scenario: its value in a result with measures. The last two are claims about measures: reports set them against each scenario and its baseline, and no single result is scored by them.",
        allowed=COMPARED,
        default="value",
    ),
    *NAMES,
)
(
    _ROLE,
    _BEGINS,
    _ENDS,
    _TO_YEAR,
    _GROWTH,
    _APART,
    _ERROR,
    _REASON,
    _SCOPE,
    _DIRECTION,
    _GROUP,
    _SCALE_UNIT,
    _COMPARES,
) = OBSERVED_COLUMNS[:13]

OBSERVED: Final = Table(
    "observed",
    "Observed counts, times and other statistics, to which the model is fitted or against which it is validated.",
    (
        Column("observed_id", "text", "Identifier.", required=True, key=True),
        Column("what", "text", "What was observed.", required=True),
        *NAMES,
        Column("heading", "text", "Heading under which the observation is shown in reports.", default="other"),
        Column("place", "text", "Place of the observation."),
        _ROLE,
        Column("period", "text", "Period of the observation, as a description."),
        _BEGINS,
        _ENDS,
        Column("year", "integer", "Year of the observation, in which most of its period lies; it is compared with results of this year. Empty: with results of every year.", minimum=EARLIEST_YEAR, maximum=LATEST_YEAR),
        _TO_YEAR,
        _GROWTH,
        _APART,
        Column("value", "number", "Observed value.", required=True, minimum=-1e15, maximum=1e15),
        Column("unit", "text", "Unit of the value; empty: that of the indicator."),
        Column("tolerance", "number", "Accepted relative deviation of the model from the value; empty: none stated.", minimum=0, maximum=100),
        Column("bound", "text", "value: the model should reproduce the observation; lower or upper: the observation is a lower or upper bound for the model, and its role is bound.", allowed=BOUNDS, default="value"),
        _ERROR,
        _REASON,
        _SCOPE,
        _DIRECTION,
        _GROUP,
        Column("indicator", "text", "Indicator that corresponds to the observation; several are summed with +, and one sum may be divided by another with /; empty: no counterpart in the model, for the reason given in the note."),
        Column("scale", "number", "Factor that converts the indicator to the unit of the observation; empty or 1: the factor between the two units, where a rate stands for the amount of a year.", default=1.0, minimum=1e-15, maximum=1e15),
        _SCALE_UNIT,
        _COMPARES,
        *PROVENANCE,
    ),
)  # fmt: skip
