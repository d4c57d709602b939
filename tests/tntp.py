"""Networks of the Transportation Networks collection, read for tests."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from landlink.equilibrium.problem import Assignment
from tests.networks import Link, single_class

FOLDER = Path(__file__).parents[2] / "shared" / "reference" / "tntp"


@dataclass(frozen=True)
class Network:
    """Links, trips and the number of zones that are not passed through; nodes from 0."""

    links: list[Link]
    trips: list[tuple[int, int, float]]
    centroids: int

    def assignment(self) -> Assignment:
        return single_class(self.links, self.trips, centroids=self.centroids)


def read_network(folder: str, name: str) -> Network:
    head, body = _text(folder, f"{name}_net").split("<END OF METADATA>")
    rows = [line.split() for line in body.replace(";", " ").splitlines() if line.strip() and "~" not in line]
    first_through = re.search(r"<FIRST THRU NODE>\s*(\d+)", head)
    assert first_through is not None
    links = [
        (int(start) - 1, int(end) - 1, float(time), float(capacity), float(factor), float(power))
        for start, end, capacity, _, time, factor, power, *_ in rows
    ]
    return Network(links, _trips(_text(folder, f"{name}_trips")), int(first_through.group(1)) - 1)


def _trips(text: str) -> list[tuple[int, int, float]]:
    found = []
    for block in text.split("<END OF METADATA>")[1].split("Origin")[1:]:
        origin, cells = block.split(maxsplit=1)
        for destination, demand in re.findall(r"(\d+)\s*:\s*([\d.]+)", cells):
            if float(demand) > 0 and destination != origin:
                found.append((int(origin) - 1, int(destination) - 1, float(demand)))
    return found


def read_flows(folder: str, name: str) -> dict[tuple[int, int], float]:
    """Published flow of each link by its ends, nodes from 0."""
    rows = [line.split() for line in _text(folder, f"{name}_flow").splitlines()[1:] if line.strip()]
    return {(int(row[0]) - 1, int(row[1]) - 1): float(row[2]) for row in rows}


def _text(folder: str, name: str) -> str:
    return (FOLDER / folder / f"{name}.tntp").read_text()
