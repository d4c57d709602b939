"""``landlink calibrate``: fit a study to its observations."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.outputs import checked_new_folder

if TYPE_CHECKING:
    from landlink.study import Study


def add_verb(verbs: Verbs) -> None:
    """Register ``calibrate``."""
    parser = arguments.add_verb(
        verbs,
        "calibrate",
        _calibrate,
        summary="fit a study to its observations, and say how sure it is",
        description="Estimate the parameters of a study, then adjust its demand within bounds, and judge both by\n"
        "groups of observations left out in turn. Writes a study with the estimates in tables of their own; its\n"
        "inputs stay as they were. An interrupted calibration goes on where it stopped.",
        example="landlink calibrate my-study -o my-study-calibrated\n"
        "landlink calibrate my-study --parameters truck-km,gate-wait --folds 5 -o trial",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument(
        "--parameters", metavar="A,B", type=arguments.ids, action="append", help="parameters to estimate (all)"
    )
    parser.add_argument(
        "--folds", metavar="K", type=arguments.whole_number, help="parts to leave out in turn (each group alone)"
    )
    parser.add_argument(
        "--members", metavar="N", type=arguments.whole_number, default=200, help="members of the posterior (200)"
    )
    parser.add_argument(
        "--year", metavar="Y", type=arguments.whole_number, help="year compared with observations (the base year)"
    )
    parser.add_argument("--no-demand", dest="demand", action="store_false", help="leave the demand as it is")
    parser.add_argument("--workers", metavar="N", type=arguments.thread_count, help="processes to use (all cores)")
    parser.add_argument("-o", "--output", metavar="STUDY2", type=Path, required=True, help="folder to create")


def _calibrate(args: argparse.Namespace) -> int:
    checked_new_folder(args, args.output)
    with showing_compilation() as progress:
        compile_for_study(progress)
        study = ll.calibrate(
            ll.open_study(args.study),
            args.output,
            year=args.year,
            parameters=arguments.joined_ids(args.parameters) or None,
            folds=args.folds,
            members=args.members,
            demand=args.demand,
            workers=args.workers,
            progress=progress,
        )
    if args.json:
        printing.say_json({"ok": True, "study": args.output, **_scores(study)})
        return 0
    _say(study)
    printing.say(f"Study: {args.output}")
    printing.say("Next: " + printing.command_line("landlink", "run", args.output))
    return 0


def _scores(study: Study) -> dict[str, float]:
    frame = study.tables["calibration_score"]
    return dict(zip(frame["quantity"].tolist(), frame["value"].tolist(), strict=True))


def _say(study: Study) -> None:
    score, estimates = _scores(study), study.tables["calibration"]
    rows = [
        [str(row.parameter_id), f"{row.prior:.4g}", f"{row.estimate:.4g}", f"{row.standard_error:.2g}",
         f"{row.moved:+.1f}", "at its limit" if row.at_bound else ""]
        for row in estimates.itertuples()
    ]  # fmt: skip
    head = ["parameter", "prior", "estimate", "error", "moved (sd)", ""]
    printing.say(printing.grid(rows, headers=head, right=(1, 2, 3, 4)))
    fits = int(score["observations_fit"])
    printing.say(
        f"Median |log ratio| of {fits} fitted observations: {score['miss_before_fit']:.2f} before,"
        f" {score['miss_after_fit']:.2f} after; left out by group {score['held_out_all']:.2f}."
    )
    if "miss_after_validation" in score:
        printing.say(
            f"Of {int(score['observations_validation'])} never fitted: {score['miss_before_validation']:.2f} before,"
            f" {score['miss_after_validation']:.2f} after."
        )
    printing.say(
        f"80 % intervals hold {score['coverage_all']:.0%} of what was left out; the model's own error is a factor of"
        f" about {math.exp(score['discrepancy']):.2f}."
    )
    if score["demand_refused"]:
        printing.say("Factors on demand were refused: they made what was left out worse.")
    printing.say(
        f"{int(score['members'])} members, effective {score['effective_members']:.0f}; {int(score['solves'])} solves."
    )
