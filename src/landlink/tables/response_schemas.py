"""Tables of response: kinds of units that reopen or help disturbed places, and the sites where they stand or could.

Both are optional. Flows of a solve do not depend on them.
"""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import NAMES, PROVENANCE

__all__ = ["MOST_READY_H", "RESPONSE_FAMILIES", "RESPONSE_SITE", "RESPONSE_TABLES", "RESPONSE_UNIT", "SITE_STATUSES"]

#: Families on whose links units travel.
RESPONSE_FAMILIES: Final = ("road", "rail")
#: Whether units stand at a site now.
SITE_STATUSES: Final = ("existing", "candidate")
#: Longest time until a unit is under way, h.
MOST_READY_H: Final = 720

RESPONSE_UNIT: Final = Table(
    "response_unit",
    "Kinds of response units: what they are called to, how they travel, and how soon they are under way.",
    (
        Column("unit_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("family", "text", "Family of links on which units travel; they are called to links and crossings of this family, and to terminals.", required=True, allowed=RESPONSE_FAMILIES),
        Column("serves", "list", "Tables of the places that they are called to: link, crossing, terminal; empty: link.", default="link"),
        Column("causes", "list", "Causes of hazards for which they are called, as in the table hazard; empty: all."),
        Column("reopens", "boolean", "1: the place stays closed until a unit is there, so that its delay prolongs the closure; 0: units help people, and places are weighted by events alone.", default=True),
        Column("ready_h", "number", "Time from the alarm until a unit is under way.", unit="h", default=1.0, minimum=0, maximum=MOST_READY_H),
        Column("speed_factor", "number", "Speed on links over the free speed of freight there, in the season in which it counts.", default=1.0, above=0, maximum=10),
        Column("border_h", "number", "Time for a unit to pass a border, where the countries share units.", unit="h", default=1.0, minimum=0, maximum=MOST_READY_H),
        Column("busy", "number", "Probability that a unit is elsewhere when it is called, independently of the others.", default=0.0, minimum=0, maximum=0.95),
        Column("needed", "integer", "Units that a place needs before the work begins.", default=1, minimum=1, maximum=2),
        Column("outside_h", "number", "Time until a place is helped from outside, if no unit is free or near.", unit="h", default=72.0, above=0, maximum=8760),
        *PROVENANCE,
    ),
)  # fmt: skip

RESPONSE_SITE: Final = Table(
    "response_site",
    "Sites of response units, where they stand now or could stand.",
    (
        Column("site_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("unit_id", "text", "Kind of its units.", required=True, references="response_unit.unit_id"),
        Column("node_id", "text", "Node of the site.", required=True, references="node.node_id"),
        Column("country", "text", "Country whose units they are, as an ISO 3166-1 alpha-3 code; empty: that of the node."),
        Column("status", "text", "existing: units stand there; candidate: they could.", allowed=SITE_STATUSES, default="candidate"),
        Column("units", "integer", "Units that stand there now; of a candidate, the most that could.", default=1, minimum=1, maximum=100),
        Column("most_units", "integer", "Most units that an existing site can hold; empty: those that stand there.", minimum=1, maximum=100),
        Column("cost_musd", "number", "Cost of opening a candidate, once.", unit="million USD", default=0.0, minimum=0, maximum=100_000),
        Column("unit_cost_musd", "number", "Cost of each unit that is added.", unit="million USD", default=0.0, minimum=0, maximum=100_000),
        Column("cost_musd_per_year", "number", "Cost of keeping a unit.", unit="million USD/year", default=0.0, minimum=0, maximum=100_000),
        Column("ready_h", "number", "Time from the alarm until a unit is under way; empty: that of its kind.", unit="h", minimum=0, maximum=MOST_READY_H),
        Column("speed_factor", "number", "Speed over the free speed of freight; empty: that of its kind.", above=0, maximum=10),
        *PROVENANCE,
    ),
)  # fmt: skip

RESPONSE_TABLES: Final = (RESPONSE_UNIT, RESPONSE_SITE)
