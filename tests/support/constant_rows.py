"""Rows of constants on the small study, and what is on its way."""

from __future__ import annotations

from tests.support.small_study import TABLES

CONSTANT_COLUMNS = (
    "constant_id", "kind", "families", "alternatives", "commodities", "country_a", "country_b", "direction",
    "crossing_id", "corridor_id", "value", "unit", "carries_over", "carries_to", "resource", "open_from", "open_to",
)  # fmt: skip
#: No capacities, so that every cost is known in closed form.
FREE = {
    "link": TABLES["link"].replace(",200,", ",,").replace(",20,", ",,"),
    "crossing": TABLES["crossing"].replace(",150,", ",,").replace(",20,", ",,"),
}
CORRIDOR = "corridor_id,name,crossing_id,length_km\nway,The way,,\n"


def constant(*rows: dict[str, object]) -> str:
    """Text of the table ``constant``."""
    named = [{"constant_id": f"c{number}"} | row for number, row in enumerate(rows)]
    lines = [",".join(str(row.get(name, "")) for name in CONSTANT_COLUMNS) for row in named]
    return "\n".join([",".join(CONSTANT_COLUMNS), *lines])


def in_corridor(*links: str, link: str = FREE["link"]) -> str:
    """The table of links with some of them in the corridor ``way``."""
    header, *lines = link.strip().splitlines()
    marked = [line + (",way" if line.partition(",")[0] in links else ",") for line in lines]
    return "\n".join([header + ",corridor", *marked])


GATE = {"kind": "border", "crossing_id": "GATE", "families": "road", "carries_over": 1}
