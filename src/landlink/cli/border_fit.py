"""Command ``landlink border fit``: stages from time stamps, and a service rate from hourly counts."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import showing_compilation
from landlink.cli.outputs import add_output, checked_output

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from landlink.border.count_check import SimulatedQueue
    from landlink.border.count_fit import CountFit
    from landlink.border.count_reading import HourlyCounts
    from landlink.border.log_reading import StageLog
    from landlink.border.stage_fit import StageEstimate
    from landlink.tables.csv_text import RawTable

__all__ = ["add_fit"]


def add_fit(verbs: Verbs) -> None:
    """Register ``border fit``."""
    parser = arguments.add_verb(
        verbs,
        "fit",
        _fit,
        summary="fit stages to time stamps, or a service rate to hourly counts",
        description="Fit service times, shares and servers of stages to time stamps by vehicle and stage (columns\n"
        "vehicle_id, stage_id, arrival, begin, end: a Time Release Study), or to an event log (case_id, activity,\n"
        "timestamp, lifecycle); or a service rate to hourly counts (hour, and arrivals, departures or queue). The\n"
        "columns say which it is. Prints estimates with 95 % intervals, a test of the fit and what was left out;\n"
        "with -o writes rows for the table stage of a study.",
        example="landlink border fit stamps.csv --crossing GATE -o stage.csv\n"
        "landlink border fit counts.csv --service-h 0.4 --json",
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="time stamps, an event log or hourly counts, as CSV")
    parser.add_argument("--crossing", metavar="ID", default="", help="crossing of the rows (the name of the file)")
    parser.add_argument(
        "--service-h", metavar="H", type=arguments.positive_number, help="mean service time, to find servers of counts"
    )
    parser.add_argument(
        "--samples", metavar="N", type=arguments.positive_integer, default=199, help="samples of the test (199)"
    )
    parser.add_argument(
        "--seed", metavar="N", type=arguments.seed, default=1, help="seed of the test and the simulations (1)"
    )
    add_output(parser, help="file of rows for the table stage")


def _fit(args: argparse.Namespace) -> int:
    from landlink.border.count_reading import is_counts
    from landlink.border.stage_fit import STAGE_ROWS
    from landlink.tables.csv_text import read_rows

    if args.output is not None:
        checked_output(args, args.output, STAGE_ROWS)
    raw = read_rows(args.file, args.file.name)
    with showing_compilation() as progress:
        if is_counts(raw.header):
            rows, facts, lines = _of_counts(args, raw)
        else:
            rows, facts, lines = _of_stamps(args, raw, progress)
    if args.output is not None:
        _write(rows, args.output)
    if args.json:
        printing.say_json({"ok": True, **facts, "rows": rows.to_dict("records"), "file": args.output})
        return 0
    printing.say(lines)
    if args.output is not None:
        printing.say(f"Rows: {args.output}")
    return 0


def _write(rows: pd.DataFrame, path: Path) -> None:
    from landlink.core.atomic_files import write_text

    write_text(path, rows.to_csv(index=False, lineterminator="\n"))


def _name(args: argparse.Namespace) -> str:
    return str(args.crossing or args.file.stem)


def _of_stamps(
    args: argparse.Namespace, raw: RawTable, progress: Any
) -> tuple[pd.DataFrame, dict[str, Any], list[str]]:
    from landlink.border.log_reading import log_of
    from landlink.border.stage_fit import fit_stages, stage_rows

    log = log_of(raw, args.file.name)
    found = fit_stages(log, samples=args.samples, seed=args.seed, progress=progress)
    rows = stage_rows(found, crossing_id=_name(args), source=args.file.name)
    facts = {
        "kind": "stamps",
        "vehicles": log.vehicles,
        "records": len(log),
        "resolution_h": log.resolution_h,
        "unused_rows": dict(log.unused),
        "stages": [_stage_facts(one) for one in found],
    }
    return rows, facts, list(_stage_lines(log, found))


def _stage_facts(one: StageEstimate) -> dict[str, Any]:
    from dataclasses import asdict

    counts = one.passage
    return {
        "stage": one.stage,
        "direction": one.direction,
        "law": one.law if one.mean_h else None,
        "mean_h": asdict(one.mean_h) if one.mean_h else None,
        "cv": asdict(one.cv) if one.cv else None,
        "share": asdict(one.share),
        "p_value": one.p_value,
        "aic": {law.name: law.aic for law in one.laws},
        "servers": one.servers,
        "servers_known": one.servers_known,
        "servers_while_waiting": [one.servers_low, one.servers_high],
        "wait_h": one.wait_h,
        "mean_h_by_class": {name: asdict(value) for name, value in one.by_class.items()},
        "services": len(counts.hours),
        "cut_off": len(counts.cut_off_h),
        "left_out": dict(counts.left_out),
        "begun_and_ended_at_once": counts.rounded,
        "vehicles_seen_twice": counts.repeated,
    }


def _stage_lines(log: StageLog, found: list[StageEstimate]) -> Iterator[str]:
    from landlink.border.stage_fit import LEAST

    yield f"{log.name}: {log.vehicles:,} vehicles, {len(log):,} records at {len(log.stages)} stages"
    rows = [
        (one.stage, one.direction, one.law if one.mean_h else "–", str(one.mean_h or "–"), str(one.cv or "–"),
         "–" if math.isnan(one.p_value) else f"{one.p_value:.2g}", str(one.share),
         f"{one.servers}" if one.servers_known else f"at least {one.servers}",
         f"{len(one.passage.hours):,}", f"{len(one.passage.cut_off_h):,}", f"{sum(one.passage.left_out.values()):,}")
        for one in found
    ]  # fmt: skip
    heads = ("stage", "way", "law", "mean, h", "cv", "p", "share", "servers", "services", "cut off", "left out")
    yield from printing.grid(rows, headers=heads, right=(5, 8, 9, 10))
    yield "Brackets are 95 % intervals; p tests the law (Anderson-Darling, parametric bootstrap)."
    for reason, number in log.unused.items():
        yield f"{number:,} rows not used: {reason}"
    for one in found:
        yield from _remarks(one, LEAST)


def _remarks(one: StageEstimate, least: int) -> Iterator[str]:
    counts = one.passage
    for reason, number in counts.left_out.items():
        yield f"{one.stage}: {number:,} records left out: {reason}"
    if one.mean_h is None:
        yield f"{one.stage}: no law fitted to fewer than {least} services that ended"
    if one.p_value < 0.05:
        yield f"{one.stage}: no law fits well; look for vehicle classes or days that differ"
    if counts.rounded:
        yield f"{one.stage}: {counts.rounded:,} services begin and end at one stamp; half its unit of time was taken"
    if counts.repeated:
        yield f"{one.stage}: {counts.repeated:,} vehicles were there more than once, which a share cannot show"
    if not one.servers_known:
        yield f"{one.stage}: {one.servers} services at once were seen; whether there are more servers is not known"
    for name, mean in one.by_class.items():
        yield f"{one.stage}: vehicles of the class {name} take {mean} h"


def _of_counts(args: argparse.Namespace, raw: RawTable) -> tuple[pd.DataFrame, dict[str, Any], list[str]]:
    from dataclasses import asdict

    from landlink.border.count_check import simulated_queue
    from landlink.border.count_fit import fit_counts
    from landlink.border.count_reading import counts_of
    from landlink.border.count_rows import count_rows

    counts = counts_of(raw, args.file.name)
    found = fit_counts(counts, seed=args.seed)
    simulated = None if found.bound else simulated_queue(counts, found, seed=args.seed)
    rows = count_rows(found, crossing_id=_name(args), source=args.file.name, service_h=args.service_h)
    check = None if found.check is None else {k: v for k, v in asdict(found.check).items() if k != "queue"}
    facts = {
        "kind": "counts",
        "hours": len(counts),
        "series": counts.has,
        "rate_per_h": asdict(found.rate_per_h),
        "only_a_bound": found.bound,
        "cv": found.cv,
        "saturated_hours": found.saturated,
        "days": found.days,
        "steady_p": found.steady_p,
        "missing_hours": found.missing,
        "contradictions": found.contradictions,
        "operators_wait": bool((counts.wait_h == counts.wait_h).any()),
        "deterministic_queue": check,
        "simulated_queue": simulated
        and {
            "hours": simulated.hours,
            "mean": simulated.mean,
            "counted_mean": simulated.counted_mean,
            "inside": simulated.inside,
        },
    }
    return rows, facts, list(_count_lines(counts, found, simulated))


def _count_lines(counts: HourlyCounts, found: CountFit, simulated: SimulatedQueue | None) -> Iterator[str]:
    yield f"{counts.name}: {len(counts):,} hours with {', '.join(counts.has)}; {found.missing:,} without a count"
    if found.bound:
        yield f"At least {found.rate_per_h.value:.3g} vehicles an hour pass: {found.bound}."
    else:
        yield (
            f"Service rate {found.rate_per_h} vehicles an hour, from {found.saturated:,} saturated hours on"
            f" {found.days:,} days; as one server, cv {found.cv:.2g}"
        )
    if found.steady_p < 0.05:
        yield f"The rate differs between days (p {found.steady_p:.2g}): look for shifts, holidays and other rules."
    if found.contradictions:
        yield f"{found.contradictions:,} hours contradict themselves: more left than were there, or fewer than none."
    if (check := found.check) is not None:
        of_simulation = "" if simulated is None else printing.number(simulated.mean)
        rows = [
            ("vehicles waiting, mean", printing.number(check.counted_mean), printing.number(check.mean), of_simulation),
            (
                "hours until a queue has drained",
                printing.number(check.counted_drain_h),
                printing.number(check.drain_h),
                "",
            ),
        ]
        yield from printing.grid(rows, headers=("", "counted", "deterministic", "simulated"), right=(1, 2, 3))
        yield (
            f"Closest deterministic queue: {check.rate_per_h:.3g} vehicles an hour; {check.queues:,} queues drained;"
            f" rhythm of the week correlates by {check.rhythm:.2f}"
        )
    if simulated is not None:
        inside = f"{simulated.inside:.0%} of {simulated.hours:,} hours"
        yield f"The counted queue lies within the simulated ones in {inside}."
    if (counts.wait_h == counts.wait_h).any():
        yield "wait_h is what the operator states: an estimate, to which nothing is fitted and which tests nothing."
