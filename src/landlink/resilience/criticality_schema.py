"""The table of a criticality analysis, as it is saved: what its columns are."""

from __future__ import annotations

from typing import Final

from landlink.formats.authorship import any_of, csv_header_is, marked_parquet, marked_workbook
from landlink.formats.picture import PICTURE
from landlink.tables.column import Column, Table
from landlink.tables.destinations import OutputFile

__all__ = ["COUNTRY_COLUMNS", "CRITICALITY", "CRITICALITY_FILE", "UNITS"]

CRITICALITY: Final = Table(
    "criticality",
    "What closures of links, crossings and terminals cost, and whom: a row for each closure as a whole (without a"
    " country) and for each country that has a part in it. Figures are those of a day while it lasts.",
    (
        Column("scenario", "text", "Scenario: its identifier, else its label.", required=True, key=True),
        Column("table", "text", "Table of the closed place.", required=True, key=True,
               allowed=("link", "crossing", "terminal")),
        Column("row", "text", "Key of its row, as in effects; with the table, the key of its geometry.", required=True,
               key=True),
        Column("with_table", "text", "Table of the other place of a pair; empty for a place closed alone.", key=True),
        Column("with_row", "text", "Key of the other place of a pair.", key=True),
        Column("country", "text", "Country; empty for the whole.", key=True),
        Column("name", "text", "Name of the place."),
        Column("with_name", "text", "Name of the other place of a pair."),
        Column("rank", "integer", "Rank by the added cost in the scenario, 1 is the worst; pairs by themselves."),
        Column("same_as", "text",
               "Place whose closure is the same, as table:row: the same freight passes both, one after the other."),
        Column("freight_tonnes_per_day", "number", "Freight that passes undisturbed.", unit="t/day"),
        Column("freight_share", "number", "Its share of all freight of the scenario."),
        Column("added_cost_usd_per_day", "number",
               "What freight costs more, waiting and what is lost included; a country has its part at both ends.",
               unit="USD/day"),
        Column("added_cost_p10_usd_per_day", "number", "Lower end of its 80 % interval over the posterior ensemble.",
               unit="USD/day"),
        Column("added_cost_p50_usd_per_day", "number", "Median.", unit="USD/day"),
        Column("added_cost_p90_usd_per_day", "number", "Upper end.", unit="USD/day"),
        Column("rank_p10", "number", "Lower end of the 80 % interval of the rank among the places with intervals."),
        Column("rank_p90", "number", "Upper end."),
        Column("worst_five_probability", "number", "Share of the members in which it is one of the worst five."),
        Column("waiting_tonnes_per_day", "number",
               "Freight that waits at the closed place, or is lost, since no other way is cheaper.", unit="t/day"),
        Column("waiting_exports_usd_per_day", "number", "Exports that wait, at their value.", unit="USD/day"),
        Column("waiting_imports_usd_per_day", "number", "Imports that wait, at their value.", unit="USD/day"),
        Column("added_tkm_per_day", "number", "Tonne-kilometres more, of a country on its land.", unit="tkm/day"),
        Column("added_co2e_t_per_day", "number", "Emissions more, well to wheel.", unit="t/day"),
        Column("isolated_zones", "number", "Zones all of whose freight waits: cut off while the place is closed."),
        Column("lost_exports_usd_per_day", "number", "Exports that are not traded any more; where trade responds.",
               unit="USD/day"),
        Column("lost_imports_usd_per_day", "number", "Imports that are not traded any more.", unit="USD/day"),
        Column("real_income_usd_per_day", "number", "Change of real income, where trade is in general equilibrium.",
               unit="USD/day"),
        Column("real_income_percent", "number", "The same over the income.", unit="%"),
        Column("interaction_usd_per_day", "number",
               "Added cost of a pair less those of its places alone: above 0, each is the way round the other; of a"
               " country by its parts.",
               unit="USD/day"),
        Column("new", "boolean", "Whether the first scenario does not have the place.", default=False),
        Column("change_usd_per_day", "number", "Added cost less that in the first scenario.", unit="USD/day"),
        Column("change_p10_usd_per_day", "number", "Lower end of its 80 % interval, member by member of the ensemble.",
               unit="USD/day"),
        Column("change_p90_usd_per_day", "number", "Upper end.", unit="USD/day"),
        Column("rank_before", "integer", "Rank in the first scenario."),
        Column("betweenness", "number",
               "Share of pairs of zones whose cheapest way passes, without traffic and borders."),
        Column("reroute_usd_per_day", "number",
               "Added cost by removing the place and taking shortest ways: without borders, congestion or choice.",
               unit="USD/day"),
        Column("waiting_step_usd_per_day", "number", "What it changes that freight may wait.", unit="USD/day"),
        Column("border_step_usd_per_day", "number", "What borders and calibrated constants change.", unit="USD/day"),
        Column("congestion_step_usd_per_day", "number", "What delays before the closure change.", unit="USD/day"),
        Column("choice_step_usd_per_day", "number",
               "The rest: choice of modes and routes, and congestion that detours make.", unit="USD/day"),
        Column("countries", "list", "Countries in which the place lies, or on whose border."),
        Column("x_coord", "number", "Longitude of the place.", unit="degree"),
        Column("y_coord", "number", "Latitude of the place.", unit="degree"),
        Column("year", "integer", "Year of the scenario."),
        Column("closed_days", "number", "Days that places are closed; empty: for good.", unit="days"),
        Column("closed_in", "list", "Countries in which, or on whose borders, places were closed; empty: all places."),
        Column("closed_only", "list", "Places that alone were closed, in the words of hazards; empty: all places."),
        Column("losses_of", "text", "Country by whose own loss the worst places were sought; empty: everybody's."),
        Column("trade", "text", "How demand responds in lost trade and real income: fixed, elastic or general."),
        Column("members", "integer", "Members of the posterior ensemble behind the intervals; 0: none."),
        Column("study_hash", "text", "SHA-256 of the study with the scenario's measures."),
    ),
)  # fmt: skip

#: Unit of each column; empty where it has none.
UNITS: Final = {column.name: column.unit for column in CRITICALITY.columns}
#: Columns of rows of countries, with the figures of a shock that they are.
COUNTRY_COLUMNS: Final = {
    "added_cost_usd_per_day": "added_cost", "waiting_tonnes_per_day": "waiting_tonnes",
    "waiting_exports_usd_per_day": "waiting_exports", "waiting_imports_usd_per_day": "waiting_imports",
    "added_tkm_per_day": "tonne_km",
}  # fmt: skip

_HEADER: Final = tuple(column.name for column in CRITICALITY.columns)
#: The file that a criticality analysis is.
CRITICALITY_FILE: Final = OutputFile(
    "a criticality analysis",
    (".csv", ".parquet", ".xlsx", ".svg"),
    any_of({
        ".csv": csv_header_is(_HEADER), ".xlsx": marked_workbook("export"), ".parquet": marked_parquet("criticality"),
        ".svg": PICTURE.wrote,
    }),
)  # fmt: skip
