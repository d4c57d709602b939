"""Result tables of all floors, in order of relevance."""

from __future__ import annotations

from landlink.appraisal import measure_cost
from landlink.appraisal import result_tables as appraisal_tables
from landlink.carbon import grid_saving, payment_table
from landlink.carbon import result_tables as carbon_tables
from landlink.ensemble import ensemble
from landlink.freight import output_tables
from landlink.model import border_tables
from landlink.resilience import output_tables as resilience_tables
from landlink.results import result_tables
from landlink.tables.outputs import OUTPUTS
from landlink.trade import result_tables as trade_tables

OUTPUTS.include(result_tables.OUTPUT_TABLES)
OUTPUTS.include(ensemble.OUTPUT_TABLES)
OUTPUTS.include(output_tables.OUTPUT_TABLES)
OUTPUTS.include(border_tables.OUTPUT_TABLES)
OUTPUTS.include(trade_tables.OUTPUT_TABLES)
OUTPUTS.include(carbon_tables.OUTPUT_TABLES)
OUTPUTS.include(grid_saving.OUTPUT_TABLES)
OUTPUTS.include(payment_table.PAYMENT_TABLES)
OUTPUTS.include(appraisal_tables.OUTPUT_TABLES)
OUTPUTS.include(measure_cost.OUTPUT_TABLES)
OUTPUTS.include(resilience_tables.OUTPUT_TABLES)
