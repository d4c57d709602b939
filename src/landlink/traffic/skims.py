"""Skims: matrices of time, length, toll and other quantities along the cheapest routes between zones."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from landlink.core.arrays import Bools, Floats, Ints
from landlink.core.errors import InputError, Problem
from landlink.core.progress import Progress
from landlink.formats.matrices import MATRICES, ROWS, SUFFIXES, read_matrices, save_matrices, suffix, writing_matrices
from landlink.tables.destinations import check_output
from landlink.traffic.labels import aligned_values
from landlink.traffic.road_graph import RoadGraph, fixed_cost
from landlink.traffic.road_network import RoadNetwork, weight_problems
from landlink.traffic.trip_table import frozen, listed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["QUANTITIES", "Links", "Skim", "Skims", "chosen_links", "read_skims", "skim", "skim_to"]

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
    return free_flow_skim(network, length_weight, toll_weight, quantities, select_link, threads).skims()


def skim_to(  # noqa: PLR0913  the options of a skim and of an output
    path: str | os.PathLike[str],
    network: RoadNetwork,
    *,
    length_weight: float | None = None,
    toll_weight: float | None = None,
    quantities: Sequence[str] | Mapping[str, Floats] = QUANTITIES,
    select_link: Links | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    force: bool = False,
) -> Path:
    """Skim a network without traffic into a file, some rows at a time; :meth:`Assigned.skim_to` does so at equilibrium.

    The file is the one that :meth:`Skims.save` writes, but memory holds only some rows of each matrix.

    Parameters
    ----------
    path
        The file: ``.omx``, ``.csv`` or ``.parquet``.
    network, length_weight, toll_weight, quantities, select_link, threads
        As in :func:`skim`.
    progress
        Receives the zones done.
    force
        Whether to replace a file that landlink did not write.

    Raises
    ------
    InputError
        As in :func:`skim`, or the file name has another extension.
    OutputError
        The file cannot be written, or holds something else.
    """
    return free_flow_skim(network, length_weight, toll_weight, quantities, select_link, threads).save(
        path, progress, force=force
    )


def free_flow_skim(
    network: RoadNetwork,
    length_weight: float | None,
    toll_weight: float | None,
    quantities: Sequence[str] | Mapping[str, Floats],
    select_link: Links | None,
    threads: int | None,
) -> Skim:
    """Prepare a skim without traffic, with the arguments of :func:`skim`."""
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
    return Skim.of(network, RoadGraph.of(network), cost, values, quantities, select_link=select_link, threads=threads)


@dataclass(frozen=True, eq=False)
class Skim:
    """A skim at given link costs, computed for any range of origins.

    Attributes
    ----------
    graph, cost
        The graph, and the cost of each link.
    rows
        A number for each link by name of the matrix, besides the cost.
    threads
        Number of threads.
    """

    graph: RoadGraph
    cost: Floats
    rows: Mapping[str, Floats]
    threads: int

    @classmethod
    def of(
        cls,
        network: RoadNetwork,
        graph: RoadGraph,
        cost: Floats,
        values: Mapping[str, Floats],
        quantities: Iterable[str],
        *,
        select_link: Links | None,
        threads: int | None,
    ) -> Self:
        """Prepare a skim; ``values`` holds a number for each link by quantity."""
        quantities = (quantities,) if isinstance(quantities, str) else tuple(quantities)
        if unknown := [name for name in quantities if name not in values]:
            raise InputError(
                [Problem("", "unknown quantity", "", "quantities", str(name), ", ".join(values)) for name in unknown]
            )
        if threads is not None and threads < 1:
            raise InputError(Problem("", "invalid option", "", "threads", str(threads), "1 or more"))
        rows = {name: values[name] for name in quantities}
        if select_link is not None:
            rows["select_link"] = np.zeros(len(network))
            rows["select_link"][chosen_links(network, select_link)] = 1.0
        return cls(graph, cost, rows, (os.cpu_count() or 1) if threads is None else threads)

    @property
    def zones(self) -> Ints:
        """Numbers of the zones."""
        return np.arange(1, len(self.graph.begin) + 1)

    def skims(self) -> Skims:
        """All matrices in memory."""
        return _skims(self.zones, self.block(slice(0, len(self.zones))))

    def save(self, path: str | os.PathLike[str], progress: Progress | None, *, force: bool) -> Path:
        """Write the matrices atomically, some rows at a time, unless something else is there."""
        suffix(Path(path), SUFFIXES)
        check_output(path, MATRICES, force=force)
        count = len(self.zones)
        with writing_matrices(path, ["cost", *self.rows], self.zones) as rows:
            for start in range(0, count, ROWS):
                rows(list(self.block(slice(start, min(start + ROWS, count))).values()))
                if progress is not None:
                    done = min(start + ROWS, count)
                    progress(f"skims from {done:,} of {count:,} zones", done / count)
        return Path(path)

    def block(self, origins: slice) -> dict[str, Floats]:
        """Rows of all matrices for a range of origins, shape (origins, zones); infinite where there is no route.

        Large matrices are filled only once, since the first write to fresh memory takes longer than the computation.
        """
        graph, rows = self.graph, list(self.rows.values())
        # Rows that are zero or equal to the cost, as tolls and times often are, need no retracing of routes.
        traced = [row for row in rows if row.any() and not np.array_equal(row, self.cost)]
        per_arc = np.array([row[graph.link] for row in traced]).reshape(len(traced), len(graph.link))
        best, added = graph.router.skim(
            self.cost[graph.link], graph.begin[origins], graph.end, quantities=per_arc, threads=self.threads
        )
        nowhere = np.isinf(best)
        cut = bool(nowhere.any())
        if cut:
            added[:, nowhere] = np.inf
        found = iter(added)
        matrices = {"cost": best} | {
            name: _nothing(nowhere, cut=cut) if not row.any()
            else best if np.array_equal(row, self.cost)
            else next(found)
            for name, row in self.rows.items()
        }  # fmt: skip
        if "select_link" in self.rows:
            used = matrices["select_link"]
            matrices["select_link"] = np.where(np.isinf(used), np.inf, np.minimum(used, 1.0))
        here = np.arange(len(best))
        for matrix in matrices.values():
            matrix[here, origins.start + here] = 0.0
        return matrices


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
