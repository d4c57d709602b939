"""Skims: matrices of time, length, toll and other quantities along the cheapest routes between zones."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem, listed
from landlink.core.memory import check_memory
from landlink.formats.matrices import read_matrices, save_matrices
from landlink.traffic.labels import aligned_values
from landlink.traffic.road_graph import RoadGraph, fixed_cost
from landlink.traffic.road_network import RoadNetwork, weight_problems
from landlink.traffic.trip_table import frozen

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Links", "Skims", "chosen_links", "read_skims", "skim", "skim_at"]

#: Links as row numbers of the network, or as pairs of their ends.
Links = Sequence[int] | Sequence[tuple[int, int]] | Ints

#: Quantities that can be skimmed besides the cost.
QUANTITIES: Final = ("time", "length", "toll")


@dataclass(frozen=True, eq=False)
class Skims(Mapping[str, Floats]):
    """Named matrices between zones with origins in rows; shape (zones, zones) each.

    ``skims["time"]`` is a matrix. It is infinite where there is no route, and 0 on the diagonal, since trips within a
    zone use no links.

    Attributes
    ----------
    zones
        Numbers of the zones, in the order of rows and columns; shape (zones,).
    """

    zones: Ints
    _matrices: Mapping[str, Floats]

    def __getitem__(self, name: str) -> Floats:
        return self._matrices[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._matrices)

    def __len__(self) -> int:
        return len(self._matrices)

    def __repr__(self) -> str:
        return f"Skims({len(self.zones):,} zones: {', '.join(self)})"

    def frame(self, name: str) -> pd.DataFrame:
        """Return a matrix with its zones as labels of rows and columns, such as trips for :func:`landlink.assign`."""
        import pandas as pd  # noqa: PLC0415  skims need no tables

        return pd.DataFrame(self._matrices[name], index=self.zones, columns=self.zones)

    def save(self, path: str | os.PathLike[str], *, force: bool = False) -> Path:
        """Write the matrices atomically: as ``.omx`` (Open Matrix), or as a long table in ``.csv`` or ``.parquet``.

        Parameters
        ----------
        path
            The file; older skims are replaced. A CSV file has no mark, and is known by the columns cost, time, length
            and toll alone.
        force
            Whether to replace a file that landlink did not write.

        Raises
        ------
        InputError
            The file name has another extension.
        OutputError
            The file cannot be written, or holds something else.
        """
        return save_matrices(path, self._matrices, self.zones, force=force)


def read_skims(path: str | os.PathLike[str], *, lookup: str | None = None) -> Skims:
    """Read matrices from an Open Matrix file, written by :meth:`Skims.save` or another program.

    Parameters
    ----------
    path
        The file: ``.omx``, ``.csv`` or ``.parquet``.
    lookup
        Name of the lookup with the zone numbers, for an Open Matrix file that has several; an empty text numbers the
        zones from 1.

    Raises
    ------
    InputError
        The file does not exist or contains no matrices, its labels are not whole numbers, or it has several lookups
        and none is named.
    """
    zones, matrices = read_matrices(path, lookup=lookup)
    return _skims(zones, matrices)


def skim(
    network: RoadNetwork,
    *,
    length_weight: float | None = None,
    toll_weight: float | None = None,
    quantities: Sequence[str] | Mapping[str, Floats] = QUANTITIES,
    select_link: Links | None = None,
    threads: int | None = None,
) -> Skims:
    """Skim a network without traffic; :meth:`Assigned.skim` does the same at equilibrium.

    Parameters
    ----------
    network
        The network.
    length_weight, toll_weight
        Time that a unit of length or toll is worth; by default those of the network.
    quantities
        Quantities to sum along the cheapest routes: any of time, length and toll, or a mapping of other names to a
        number for each link, such as grams of CO2e.
    select_link
        Links, as row numbers or pairs (from, to): adds the matrix ``select_link``, 1 where the cheapest route uses
        one of them.
    threads
        Number of threads; all processors by default. The matrices do not depend on it.

    Returns
    -------
    Skims
        ``cost`` and the quantities. Among routes of equal cost, one is chosen.

    Raises
    ------
    InputError
        A quantity or a link is unknown, or a weight is invalid.

    Examples
    --------
    >>> import landlink as ll
    >>> network = ll.read_tntp("SiouxFalls_net.tntp")  # doctest: +SKIP
    >>> ll.skim(network)["time"].shape  # doctest: +SKIP
    (24, 24)
    """
    if wrong := weight_problems({"length_weight": length_weight, "toll_weight": toll_weight}):
        raise InputError(wrong)
    cost = fixed_cost(
        network,
        network.length_weight if length_weight is None else length_weight,
        network.toll_weight if toll_weight is None else toll_weight,
    )
    values = {"time": network.time(np.zeros(len(network))), "length": network.length, "toll": network.toll}
    if isinstance(quantities, Mapping):
        values = _own_quantities(network, quantities)
    graph = RoadGraph.of(network)
    return skim_at(network, graph, cost, values, quantities, select_link=select_link, threads=threads)


def skim_at(
    network: RoadNetwork,
    graph: RoadGraph,
    cost: Floats,
    values: Mapping[str, Floats],
    quantities: Iterable[str],
    *,
    select_link: Links | None,
    threads: int | None,
) -> Skims:
    """Skim at given link costs; ``values`` holds a number for each link by quantity."""
    quantities = (quantities,) if isinstance(quantities, str) else tuple(quantities)
    if unknown := [name for name in quantities if name not in values]:
        raise InputError(
            [Problem("", "unknown quantity", "", "quantities", str(name), ", ".join(values)) for name in unknown]
        )
    if threads is not None and threads < 1:
        raise InputError(Problem("", "invalid option", "", "threads", str(threads), "1 or more"))
    rows = [values[name] for name in quantities]
    names = ["cost", *quantities]
    if select_link is not None:
        used = np.zeros(len(network))
        used[chosen_links(network, select_link)] = 1.0
        rows.append(used)
        names.append("select_link")
    check_memory(8.0 * len(names) * network.zones**2, f"{len(names)} matrices of {network.zones:,} zones")
    workers = (os.cpu_count() or 1) if threads is None else threads
    best, added = _along_routes(graph, cost, rows, workers)
    matrices = dict(zip(names, [best, *added], strict=True))
    if select_link is not None:
        used = matrices["select_link"]
        matrices["select_link"] = np.where(np.isinf(used), np.inf, np.minimum(used, 1.0))
    for matrix in matrices.values():
        np.fill_diagonal(matrix, 0.0)
    return _skims(np.arange(1, network.zones + 1), matrices)


def _along_routes(
    graph: RoadGraph, cost: Floats, rows: Sequence[Floats], threads: int
) -> tuple[Floats, Sequence[Floats]]:
    """Compute the cheapest costs between zones, and the sum of each row along the routes; infinite if there is none.

    Large matrices are filled only once, since the first write to fresh memory takes longer than the computation.
    """
    # Rows that are zero or equal to the cost, as tolls and times often are, need no retracing of routes.
    traced = [row for row in rows if row.any() and not np.array_equal(row, cost)]
    per_arc = np.array([row[graph.link] for row in traced]).reshape(len(traced), len(graph.link))
    best, added = graph.router.skim(cost[graph.link], graph.begin, graph.end, quantities=per_arc, threads=threads)
    nowhere = np.isinf(best)
    cut = bool(nowhere.any())
    if cut:
        added[:, nowhere] = np.inf
    found = iter(added)
    return best, [
        _nothing(nowhere, cut=cut) if not row.any() else best if np.array_equal(row, cost) else next(found)
        for row in rows
    ]


def _nothing(nowhere: Bools, *, cut: bool) -> Floats:
    """Zero, but infinite where there is no route; memory is written only where needed."""
    matrix = np.zeros(nowhere.shape)
    if cut:
        matrix[nowhere] = np.inf
    return matrix


def chosen_links(network: RoadNetwork, links: Links) -> Ints:
    """Row numbers of the given links, without duplicates.

    Parameters
    ----------
    network
        The network.
    links
        Row numbers from 0, or pairs (from, to), each of which selects every link with these ends.

    Raises
    ------
    InputError
        A link does not exist.
    """
    found: list[int] = []
    problems: list[Problem] = []
    for link in list(links):
        if np.ndim(link) == 0:
            if isinstance(link, int | np.integer) and 0 <= link < len(network):
                found.append(int(link))
                continue
            allowed = f"a row number from 0 to {len(network) - 1}, or a pair (from, to)"
        else:
            ends = tuple(link)
            same = (
                (network.from_node == ends[0]) & (network.to_node == ends[-1]) if len(ends) == 2 else np.zeros(1, bool)
            )
            found += np.flatnonzero(same).tolist()
            if same.any():
                continue
            allowed = "a pair (from, to) of nodes that a link connects, or a row number"
        problems.append(Problem("", "unknown link", "", "links", str(link), allowed))
    if problems:
        raise InputError(listed(problems))
    return np.unique(np.array(found, dtype=np.int64))


def _skims(zones: Ints, matrices: Mapping[str, Floats]) -> Skims:
    return Skims(frozen(zones), MappingProxyType({name: frozen(matrix) for name, matrix in matrices.items()}))


def _own_quantities(network: RoadNetwork, quantities: Mapping[str, Floats]) -> dict[str, Floats]:
    values, problems = {}, []
    for name, given in quantities.items():
        if name in ("cost", "select_link"):
            problems.append(Problem("", "the name is reserved", "", "quantities", name, "another name"))
        rows = np.arange(len(network))
        values[name] = np.asarray(aligned_values(given, rows, table="", column=str(name)), dtype=np.float64)
        if values[name].shape != (len(network),) or not np.isfinite(values[name]).all():
            allowed = f"a finite number for each of {len(network)} links"
            problems.append(Problem("", "invalid quantity", "", str(name), f"shape {np.shape(given)}", allowed))
    if problems:
        raise InputError(problems)
    return values
