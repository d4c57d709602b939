"""``landlink assign`` and ``landlink skim``: traffic assignment on networks of the standard test collection."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_network, showing_compilation
from landlink.cli.outputs import add_output, checked_output

if TYPE_CHECKING:
    from landlink.traffic.assign import Assigned
    from landlink.traffic.road_network import RoadNetwork


def add_verbs(verbs: Verbs) -> None:
    """Register ``assign`` and ``skim``."""
    _add_assign(verbs)
    _add_skim(verbs)


def _add_assign(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "assign",
        _assign,
        summary="assign trips to a road network of the standard test collection",
        description="Solve a network of the Transportation Networks collection (TNTP files, also .gz) to user\n"
        "equilibrium. Prints the objective and the certified relative gap; with interactions, for which\n"
        "there is no objective, whether the equilibrium is unique. Exit code 1 if the gap was\n"
        "missed; the flows are written nevertheless.",
        example="landlink assign SiouxFalls_net.tntp SiouxFalls_trips.tntp --gap 1e-12 -o flows.csv\n"
        "landlink assign town_net.tntp town_trips.tntp --curves curves.csv --interactions interactions.csv\n"
        "landlink assign ChicagoSketch_net.tntp ChicagoSketch_trips.tntp --length-weight 0.04 --toll-weight 0.02",
    )
    parser.add_argument("net", metavar="NET", type=Path, help="network file, NAME_net.tntp")
    parser.add_argument("trips", metavar="TRIPS", type=Path, help="trips file, NAME_trips.tntp")
    parser.add_argument(
        "--gap", metavar="G", type=arguments.positive_number, default=1e-6, help="relative gap to reach (1e-6)"
    )
    parser.add_argument(
        "--max-iterations",
        metavar="N",
        type=arguments.positive_integer,
        default=1000,
        help="maximum number of iterations (1000)",
    )
    _add_shared(parser)
    add_output(parser, help="flows by link: from, to, flow, cost; .csv or .parquet")


def _add_skim(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "skim",
        _skim,
        summary="skim a road network of the standard test collection",
        description="Write matrices of cost, time, length and toll along the cheapest routes between all zones,\n"
        "without traffic or, with TRIPS, at equilibrium flows.",
        example="landlink skim SiouxFalls_net.tntp -o skims.omx\n"
        "landlink skim SiouxFalls_net.tntp SiouxFalls_trips.tntp --gap 1e-8 -o congested.omx",
    )
    parser.add_argument("net", metavar="NET", type=Path, help="network file, NAME_net.tntp")
    parser.add_argument("trips", metavar="TRIPS", type=Path, nargs="?", help="trips file, to skim with traffic")
    parser.add_argument(
        "--gap", metavar="G", type=arguments.positive_number, default=1e-6, help="relative gap with traffic (1e-6)"
    )
    parser.add_argument(
        "--max-iterations",
        metavar="N",
        type=arguments.positive_integer,
        default=1000,
        help="maximum number of iterations (1000)",
    )
    _add_shared(parser)
    add_output(parser, required=True, help="matrices; .omx, .csv or .parquet")


def _add_shared(parser: argparse.ArgumentParser) -> None:
    for what in ("length", "toll"):
        parser.add_argument(
            f"--{what}-weight",
            metavar="W",
            type=arguments.number_from_zero,
            help=f"time that a unit of {what} is worth (from the network file, else 0)",
        )
    parser.add_argument("--nodes", metavar="FILE", type=Path, help="node coordinates, NAME_node.tntp")
    parser.add_argument(
        "--curves", metavar="FILE", type=Path, help="delay curves by points, of links or link types (CSV)"
    )
    parser.add_argument(
        "--interactions", metavar="FILE", type=Path, help="links whose delay depends on the flow of others (CSV)"
    )
    parser.add_argument("--threads", metavar="N", type=arguments.positive_integer, help="threads to use (all cores)")
    parser.add_argument(
        "--memory-limit",
        metavar="MB",
        type=arguments.positive_number,
        help="memory limit for routes; above it, Frank-Wolfe steps compute link flows without routes",
    )


def _assign(args: argparse.Namespace) -> int:
    from landlink.formats.matrices import FLOWS, save_flows

    if args.output is not None:
        checked_output(args, args.output, FLOWS)
    network = _network(args)
    solved = _solved(network, args)
    if args.output is not None:
        save_flows(args.output, solved.flows, force=args.force)
    if args.json:
        printing.say_json({"ok": solved.converged, "flows": args.output, **_network_facts(network), **_facts(solved)})
    else:
        _say_network(network)
        _say_solved(solved)
        if args.output is not None:
            printing.say(f"Flows: {args.output}")
    return 0 if solved.converged else 1


def _skim(args: argparse.Namespace) -> int:
    from landlink.formats.matrices import MATRICES
    from landlink.traffic.skims import QUANTITIES

    checked_output(args, args.output, MATRICES)
    network = _network(args)
    weights = {"length_weight": args.length_weight, "toll_weight": args.toll_weight}
    solved = _solved(network, args, skims=True) if args.trips else None
    with showing_compilation() as progress:
        if solved:
            solved.skim_to(args.output, threads=args.threads, progress=progress, force=args.force)
        else:
            compile_for_network(network, progress, traffic=False, skims=True)
            ll.skim_to(args.output, network, **weights, threads=args.threads, progress=progress, force=args.force)
    skims = ("cost", *QUANTITIES)
    facts = _facts(solved) if solved else {}
    if args.json:
        printing.say_json(
            {"ok": facts.get("converged", True), "skims": args.output, "matrices": list(skims)}
            | _network_facts(network)
            | facts
        )
    else:
        _say_network(network)
        if solved:
            _say_solved(solved)
        printing.say(f"Skims ({', '.join(skims)}): {args.output}")
    return 0 if facts.get("converged", True) else 1


def _network(args: argparse.Namespace) -> RoadNetwork:
    return ll.read_tntp(args.net, args.trips, args.nodes, curves=args.curves, interactions=args.interactions)


def _solved(network: RoadNetwork, args: argparse.Namespace, *, skims: bool = False) -> Assigned:
    with showing_compilation() as progress:
        compile_for_network(network, progress, traffic=True, skims=skims)
        return ll.assign(
            network,
            gap=args.gap,
            length_weight=args.length_weight,
            toll_weight=args.toll_weight,
            max_iterations=args.max_iterations,
            threads=args.threads,
            memory_limit_mb=args.memory_limit,
            progress=progress,
        )


def _say_network(network: RoadNetwork) -> None:
    counts = [f"{network.zones:,} zones", f"{network.nodes:,} nodes", f"{len(network):,} links"]
    if network.demand is not None:
        counts.append(f"{network.demand.total:,.10g} trips")
    printing.say(", ".join(counts))
    if network.curves is not None:
        links = int(network.curves.tabulated.sum())
        printing.say(f"{len(network.curves.first) - 1:,} curves by points, for {links:,} links")
    if network.interactions is not None:
        printing.say(f"{len(network.interactions):,} interactions between links")
    for note in network.notes:
        printing.say(f"Note: {note}")


def _say_solved(solved: Assigned) -> None:
    missed = "" if solved.converged else f" (MISSED the target of {solved.target_gap:.1e})"
    asymmetric = solved.objective is None
    rows = [
        (
            "objective",
            "none: the time of links depends on the flow of others" if asymmetric else f"{solved.objective:.15g}",
        ),
        ("relative gap", f"{solved.relative_gap:.2e}{missed}"),
        ("rounds" if asymmetric else "iterations", f"{solved.iterations:,}"),
        ("seconds", f"{solved.seconds:.3f}"),
    ]
    if asymmetric:
        rows.insert(2, ("unique", _uniqueness(solved)))
    if not solved.keeps_routes:
        rows.insert(0, ("routes", "none kept: they would need more than the memory limit (Frank-Wolfe steps instead)"))
    if solved.peak_memory_mb is not None:
        rows.append(("peak memory", f"{solved.peak_memory_mb:,.0f} MB"))
    if solved.length_weight or solved.toll_weight:
        rows.insert(0, ("cost", f"time + {solved.length_weight:g} length + {solved.toll_weight:g} toll"))
    printing.say(printing.grid(rows))


def _uniqueness(solved: Assigned) -> str:
    """Say whether the certificate excludes other equilibria."""
    if solved.unique:
        return "yes, near these flows: the times are monotone there"
    found = solved.monotonicity
    if solved.unique is None or found is None:
        return "not decided: too many links interact"
    return f"not shown: the times of {len(found.groups):,} links are not monotone at these flows"


def _network_facts(network: RoadNetwork) -> dict[str, Any]:
    return {"zones": network.zones, "nodes": network.nodes, "links": len(network), "notes": network.notes}


def _facts(solved: Assigned) -> dict[str, Any]:
    """Collect the figures of a solution for ``--json``."""
    names = (
        "objective", "relative_gap", "target_gap", "conservation", "converged", "keeps_routes", "iterations",
        "seconds", "threads", "peak_memory_mb", "length_weight", "toll_weight", "unique",
    )  # fmt: skip
    facts = {name: getattr(solved, name) for name in names}
    trips = {"trips": solved.demand.total, "intrazonal_trips": solved.demand.intrazonal}
    total = float(sum(solved.flow * solved.network.time(solved.flow)))
    return trips | facts | {"total_time": total if math.isfinite(total) else None}
