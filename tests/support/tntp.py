"""Networks of the standard test collection: a folder beside the checkout, and files written for one test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from landlink.traffic.road_network import RoadNetwork
from landlink.traffic.tntp import read_tntp, read_tntp_flows

FOLDER = Path(__file__).parents[3] / "shared" / "reference" / "tntp"

#: For tests that need the folder.
needs_folder = [
    pytest.mark.facts,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="needs the shared folder beside the checkout"),
]

HEADER = "~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;"

#: Four nodes, two of them zones, and five links, by hand.
LINKS = (
    "\t1\t3\t2\t1\t1\t1\t1\t0\t0\t1\t;",
    "\t1\t4\t1\t1\t50\t0.02\t1\t0\t0\t1\t;",
    "\t3\t2\t1\t1\t50\t0.02\t1\t0\t0\t1\t;",
    "\t3\t4\t1\t1\t10\t0.1\t1\t0\t0\t1\t;",
    "\t4\t2\t2\t1\t1\t1\t1\t0\t0\t1\t;",
)


def collected(folder: str, name: str) -> RoadNetwork:
    """A network of the collection with its trips."""
    return read_tntp(FOLDER / folder / f"{name}_net.tntp", FOLDER / folder / f"{name}_trips.tntp")


def published(folder: str, name: str, network: RoadNetwork) -> np.ndarray:
    """Published flow of each link; the collection's file has its own order of links."""
    table = read_tntp_flows(FOLDER / folder / f"{name}_flow.tntp").set_index(["from", "to"])["flow"]
    return table.loc[list(zip(network.from_node, network.to_node, strict=True))].to_numpy()


def net_text(
    links: Sequence[str] = LINKS,
    *,
    header: str = HEADER,
    metadata: Mapping[str, object] | None = None,
    zones: int = 2,
    nodes: int = 4,
    first_thru_node: int = 1,
) -> str:
    """Text of a network file."""
    values = {
        "NUMBER OF ZONES": zones,
        "NUMBER OF NODES": nodes,
        "FIRST THRU NODE": first_thru_node,
        "NUMBER OF LINKS": len(links),
        **(metadata or {}),
    }
    head = [f"<{name}> {value}" for name, value in values.items() if value is not None]
    return "\n".join([*head, "<END OF METADATA>", "", header, *links, ""])


def trips_text(body: str, *, zones: int = 2, total: float | None = None) -> str:
    """Text of a trips file."""
    flow = [] if total is None else [f"<TOTAL OD FLOW> {total}"]
    return "\n".join([f"<NUMBER OF ZONES> {zones}", *flow, "<END OF METADATA>", "", body, ""])


def link(start: int, end: int, *numbers: float) -> str:
    """A line of a network file: capacity, length, time, b, power, toll; what is not given is usual."""
    usual = [100.0, 0.0, 1.0, 0.15, 4.0, 0.0]
    capacity, length, time, b, power, toll = [*numbers, *usual[len(numbers) :]]
    return f"\t{start}\t{end}\t{capacity}\t{length}\t{time}\t{b}\t{power}\t0\t{toll}\t1\t;"
