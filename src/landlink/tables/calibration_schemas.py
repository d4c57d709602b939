"""Tables of a calibration: what may be estimated and within what limits, what was estimated, and how sure it is.

``parameter`` is written by a person. ``calibration``, ``adjustment`` and ``posterior`` are written by a calibration and
read by every later solve; the inputs that they act on stay as they were.
"""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import NAMES, PROVENANCE

#: Tables that a parameter can act on.
ESTIMATED_TABLES: Final = (
    "link", "zone", "terminal", "crossing", "commodity", "vehicle", "demand", "vehicle_class", "stage", "service",
    "arrival",
)  # fmt: skip
#: Largest value, prior deviation and change of a parameter.
LARGEST: Final = 1e6
#: Limits of a factor on demand.
LEAST_FACTOR: Final = 0.01
MOST_FACTOR: Final = 100.0

PARAMETER: Final = Table(
    "parameter",
    "Inputs that a calibration may change, each with the prior knowledge of it. A parameter changes some columns of some rows.",
    (
        Column("parameter_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("table", "text", "Table that it changes.", required=True, allowed=ESTIMATED_TABLES),
        Column("row", "list", "Keys of the rows that it changes, with the parts of a key joined by /; * for all rows.", default="*"),
        Column("where", "list", "Further conditions on the rows, such as `commodity_id=coal|petroleum`. A column that refers to another table may be followed by a column of that table: `origin_zone_id.country=KAZ`."),
        Column("column", "list", "Columns that it changes alike.", required=True),
        Column("operation", "text", "multiply: the parameter is a factor, with a lognormal prior; add: it is added, with a normal prior.", allowed=("multiply", "add"), default="multiply"),
        Column("prior_mean", "number", "Prior median of the factor or mean of the addition; empty: 1 or 0, which is the input as it stands.", minimum=-LARGEST, maximum=LARGEST),
        Column("prior_sd", "number", "Prior standard deviation: of the logarithm of a factor, or of an addition in the unit of the column.", required=True, above=0, maximum=LARGEST),
        Column("low", "number", "Smallest value; empty: four deviations below the prior.", minimum=-LARGEST, maximum=LARGEST),
        Column("high", "number", "Largest value; empty: four deviations above the prior.", minimum=-LARGEST, maximum=LARGEST),
        *PROVENANCE,
    ),
)

CALIBRATION: Final = Table(
    "calibration",
    "Estimates of parameters, written by a calibration. Every solve applies them to the inputs, before any measure.",
    (
        Column("parameter_id", "text", "Parameter, or constant with a prior, that was estimated.", required=True, key=True),
        Column("prior", "number", "Prior median or mean.", required=True, minimum=-LARGEST, maximum=LARGEST),
        Column("prior_sd", "number", "Prior standard deviation; of the logarithm if the parameter is a factor.", required=True, above=0, maximum=LARGEST),
        Column("estimate", "number", "Estimate.", required=True, minimum=-LARGEST, maximum=LARGEST),
        Column("standard_error", "number", "Standard deviation of the posterior; of the logarithm if the parameter is a factor.", required=True, minimum=0, maximum=LARGEST),
        Column("moved", "number", "Difference between estimate and prior, in prior standard deviations.", minimum=-LARGEST, maximum=LARGEST),
        Column("at_bound", "boolean", "Whether the estimate lies at its limit.", default=False),
        Column("observations", "list", "Observations that moved it most, the largest first."),
        Column("note", "text", "Free-text remark."),
    ),
)

ADJUSTMENT: Final = Table(
    "adjustment",
    "Factors on demand between countries, written by a calibration. Every solve applies them to the demand.",
    (
        Column("origin_country", "text", "Country of the origin zones, as an ISO 3166-1 alpha-3 code.", required=True, key=True),
        Column("destination_country", "text", "Country of the destination zones.", required=True, key=True),
        Column("commodity_id", "text", "Commodity.", required=True, key=True, references="commodity.commodity_id"),
        Column("factor", "number", "Factor on the tonnes of all pairs of zones between the countries.", required=True, minimum=LEAST_FACTOR, maximum=MOST_FACTOR),
        Column("standard_error", "number", "Standard deviation of the logarithm of the factor.", minimum=0, maximum=LARGEST),
        Column("note", "text", "Free-text remark."),
    ),
)

POSTERIOR: Final = Table(
    "posterior",
    "Members of the posterior ensemble, written by a calibration: equally likely values of all parameters together.",
    (
        Column("member", "integer", "Number of the member.", required=True, key=True, minimum=1, maximum=100_000),
        Column("parameter_id", "text", "Parameter, or `demand:ORIGIN:DESTINATION:COMMODITY` for a factor on demand.", required=True, key=True),
        Column("value", "number", "Value of the parameter in this member.", required=True, minimum=-LARGEST, maximum=LARGEST),
    ),
)

#: Largest value of an observed quantity.
MOST_OBSERVED: Final = 1e15

FIT: Final = Table(
    "fit",
    "Observations before and after a calibration, written by it, in the unit of each observation.",
    (
        Column("observed_id", "text", "Observation.", required=True, key=True, references="observed.observed_id"),
        Column("role", "text", "fit: it was fitted; validation: the calibration never used it.", allowed=("fit", "validation")),
        Column("group", "text", "Observations that were left out together with it."),
        Column("observed", "number", "Observed value, brought to the year of the calibration.", required=True, minimum=-MOST_OBSERVED, maximum=MOST_OBSERVED),
        Column("before", "number", "Model with the inputs as they stand.", minimum=-MOST_OBSERVED, maximum=MOST_OBSERVED),
        Column("after", "number", "Model with the estimates.", minimum=-MOST_OBSERVED, maximum=MOST_OBSERVED),
        Column("held_out", "number", "Model estimated without the observation's group.", minimum=-MOST_OBSERVED, maximum=MOST_OBSERVED),
        Column("held_out_p10", "number", "Tenth percentile of what the model without the group says of the observation, errors included.", minimum=-MOST_OBSERVED, maximum=MOST_OBSERVED),
        Column("held_out_p90", "number", "Ninetieth percentile of the same.", minimum=-MOST_OBSERVED, maximum=MOST_OBSERVED),
        Column("log_error", "number", "Standard error of the observation's logarithm, without the discrepancy of the model.", minimum=0, maximum=LARGEST),
        Column("contradicts", "list", "Observations that pull the parameters the other way."),
    ),
)

CALIBRATION_SCORE: Final = Table(
    "calibration_score",
    "What a calibration found as a whole, written by it.",
    (
        Column("quantity", "text", "Name of the quantity.", required=True, key=True),
        Column("value", "number", "Its value.", minimum=-MOST_OBSERVED, maximum=MOST_OBSERVED),
        Column("note", "text", "What it means."),
    ),
)

#: Tables that a calibration writes.
WRITTEN_TABLES: Final = (CALIBRATION, ADJUSTMENT, POSTERIOR, FIT, CALIBRATION_SCORE)
CALIBRATION_TABLES: Final = (PARAMETER, *WRITTEN_TABLES)
