"""Tables of constants: what shippers avoid or prefer beyond money and time, and the corridors that constants are on.

A constant is charged where its kind says: ``mode`` and ``pair`` to whole shipments, ``border`` at crossings,
``corridor`` along a corridor, and a ``policy`` at any of these for a period. See the documentation of the model.
"""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table
from landlink.tables.shared_columns import FAMILIES, NAMES, OPEN, PROVENANCE

__all__ = ["CONSTANT", "CONSTANT_TABLES", "CONSTANT_UNITS", "CORRIDOR", "KINDS"]

#: What a constant is about; a policy may be on any of the places of the others.
KINDS: Final = ("mode", "pair", "border", "corridor", "policy")
#: Units of values: USD/t, or a share of the commodity's ``value_usd_per_t``.
CONSTANT_UNITS: Final = ("usd_per_t", "ad_valorem")
#: Largest constant, USD/t or share.
MOST: Final = 1e6

CORRIDOR: Final = Table(
    "corridor",
    "Corridors: named sets of links, and of crossings where freight enters them. A link belongs to a corridor if its column `corridor` names it.",
    (
        Column("corridor_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("crossing_id", "list", "Crossings at which constants of the corridor are charged, whole at each passage; empty: they are spread over the links by length.", references="crossing.crossing_id"),
        Column("length_km", "number", "Length of one passage of the corridor, over which a constant is spread; empty: the length of its links of one family of modes together. Give it where the links branch or run side by side.", unit="km", above=0, maximum=100_000),
        *PROVENANCE,
    ),
)

CONSTANT: Final = Table(
    "constant",
    "Constants of generalised cost: resistances and attractions that are neither money nor time, by mode, country pair, border, corridor or policy. Several that concern the same freight add up.",
    (
        Column("constant_id", "text", "Identifier.", required=True, key=True, named=True),
        Column("name", "text", "Name in any language."),
        *NAMES,
        Column("kind", "text", "mode: a way to ship; pair: freight between countries; border: passage of crossings; corridor: use of a corridor; policy: any of these, for the period from open_from to open_to.", required=True, allowed=KINDS),
        Column("modes", "list", "Modes concerned; empty: all. With a place: the modes of links and crossings that were in service in the base year.", references="vehicle.mode"),
        Column("families", "list", f"Families of modes concerned, likewise ({', '.join(FAMILIES)}); empty: all."),
        Column("alternatives", "list", "Alternatives of study.toml concerned, for constants of modes and pairs; empty: those whose routes always use one of the modes."),
        Column("commodities", "list", "Commodities concerned; empty: all.", references="commodity.commodity_id"),
        Column("country_a", "list", "Countries on the first side, as ISO 3166-1 alpha-3 codes. Pair: of origin; empty: any. Border: all crossings between them and country_b, or the sides that direction speaks of."),
        Column("country_b", "list", "Countries on the second side. Pair: of destination; empty: any."),
        Column("direction", "text", "ab: from country_a to country_b; ba: the opposite; both: either. Of crossings without countries here, as in the table crossing.", allowed=("both", "ab", "ba"), default="both"),
        Column("crossing_id", "list", "Crossings whose passage is concerned, at each passage.", references="crossing.crossing_id"),
        Column("corridor_id", "text", "Corridor whose use is concerned, once for its whole length or at each of its crossings.", references="corridor.corridor_id"),
        Column("value", "number", "Value, in `unit`: above 0 a resistance, below 0 an attraction.", required=True, minimum=-MOST, maximum=MOST),
        Column("unit", "text", "usd_per_t: USD/t; ad_valorem: share of the commodity's value_usd_per_t.", allowed=CONSTANT_UNITS, default="usd_per_t"),
        Column("prior_mean", "number", "Mean of the prior distribution for a calibration, in `unit`; empty: the value.", minimum=-MOST, maximum=MOST),
        Column("prior_sd", "number", "Standard deviation of the prior distribution, in `unit`; 0: the constant is not estimated.", minimum=0, maximum=MOST, default=0.0),
        Column("low", "number", "Lowest value that a calibration may take; empty: none.", minimum=-MOST, maximum=MOST),
        Column("high", "number", "Highest value that a calibration may take; empty: none.", minimum=-MOST, maximum=MOST),
        Column("carries_over", "number", "Share of the constant that links and crossings take, of whatever mode, that were not in service in the base year: 1: whole, 0: not at all. Required for constants of borders and corridors.", minimum=0, maximum=1),
        Column("carries_to", "list", f"Families of modes of new links and crossings that take this share ({', '.join(FAMILIES)}); the others take nothing. Empty: all."),
        Column("resource", "number", "Share of the constant that is a resource cost; the rest is a resistance that costs nobody anything.", minimum=0, maximum=1, default=0.0),
        *OPEN,
        *PROVENANCE,
    ),
)  # fmt: skip

CONSTANT_TABLES: Final = (CORRIDOR, CONSTANT)
