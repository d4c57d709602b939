"""Columns of the tables about links: delay curves and interactions."""

from __future__ import annotations

from typing import Final

from landlink.tables.column import Column, Table

__all__ = ["CURVES", "INTERACTIONS"]


def _link(prefix: str, which: str) -> tuple[Column, ...]:
    return (
        Column(f"{prefix}link", "number", f"Row number of {which} in the network, from 0."),
        Column(f"{prefix}from_node", "number", f"Node where {which} begins; with the other end, in place of the row."),
        Column(f"{prefix}to_node", "number", f"Node where {which} ends."),
    )


CURVES: Final = Table(
    "curves",
    "Delay curves of links, a row for each point; the points of a curve follow one another by ratio, from 0.",
    (
        *_link("", "the link"),
        Column("link_type", "number", "Type of the links, in place of a single link."),
        Column("ratio", "number", "Flow over capacity.", required=True, minimum=0),
        Column("relative_delay", "number", "Delay over free-flow time.", required=True, minimum=0),
    ),
    required=True,
)

INTERACTIONS: Final = Table(
    "interactions",
    "Links whose delay depends on the flow of others.",
    (
        *_link("", "the link whose delay is affected"),
        *_link("other_", "the link whose flow affects it"),
        Column("weight", "number", "Flow of the link equivalent to one of the other.", required=True, minimum=0),
    ),
)
