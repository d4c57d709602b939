"""``landlink calibrate``: fit a study to its observations."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.outputs import add_force, checked_new_folder, checked_output
from landlink.cli.pools import add_pool, opened_pool
from landlink.cli.program import command_line
from landlink.core.languages import LANGUAGES

if TYPE_CHECKING:
    import pandas as pd

    from landlink.study import Study
    from landlink.tables.destinations import OutputFile

#: Observations and factors that are printed; the fit page has all.
_LISTED: Final = 8
#: Longest name in a printed table.
_WIDTH: Final = 52


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
        example="landlink calibrate my-study -o my-study-calibrated --page fit.html\n"
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
    add_pool(parser, "trials")
    parser.add_argument("-o", "--output", metavar="STUDY2", type=Path, required=True, help="folder to create")
    page = parser.add_argument_group("fit page")
    page.add_argument("--page", metavar="FILE", type=Path, help="HTML file to write about the fit; works offline")
    page.add_argument("--language", choices=LANGUAGES, default="en", help="language of the page (en)")
    add_force(page)


def _calibrate(args: argparse.Namespace) -> int:
    from landlink.report.fit_page import FIT_PAGE

    checked_new_folder(args, args.output)
    if args.page is not None:
        _check_page(args, FIT_PAGE)
    with opened_pool(args) as pool, showing_compilation() as progress:
        opened = ll.open_study(args.study)
        compile_for_study(opened, progress)
        study = ll.calibrate(
            opened,
            args.output,
            year=args.year,
            parameters=arguments.joined_ids(args.parameters) or None,
            folds=args.folds,
            members=args.members,
            demand=args.demand,
            workers=pool,
            progress=progress,
        )
    if args.page is not None:
        ll.fit_page(study, args.page, language=args.language, force=args.force)
    if args.json:
        printing.say_json({"ok": True, "study": args.output, "page": args.page, **_facts(study)})
        return 0
    _say(study)
    _say_what_next(args)
    return 0


def _check_page(args: argparse.Namespace, kind: OutputFile) -> None:
    """Refuse a place of the page before anything is computed; the new study is no place for it either."""
    checked_output(args, args.page, kind)
    if args.page.resolve().is_relative_to(args.output.resolve()):
        raise ll.OutputError(f"cannot write {args.page}: it would lie in the new study; choose a place outside it")


def _facts(study: Study) -> dict[str, Any]:
    """Everything that a calibration found but the members, for machines."""
    return {
        "score": _scores(study),
        "parameters": _with_lists(_estimates(study), "observations"),
        "adjustment": _rows(study.tables["adjustment"]),
        "observations": _with_lists(_observations(study), "contradicts"),
    }


def _with_lists(rows: list[dict[str, Any]], column: str) -> list[dict[str, Any]]:
    """Rows with a list of identifiers as a list, and without blank names."""
    from landlink.tables.lists import split_list

    kept = [{name: cell for name, cell in row.items() if cell or not name.startswith("name")} for row in rows]
    return [{**row, column: list(split_list(row[column]))} for row in kept]


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): cell for name, cell in row.items()} for row in frame.to_dict("records")]


def _estimates(study: Study) -> list[dict[str, Any]]:
    from landlink.results.calibration_tables import estimate_table

    return _rows(estimate_table(study.tables))


def _observations(study: Study) -> list[dict[str, Any]]:
    from landlink.results.calibration_tables import fit_table

    return _rows(fit_table(study.tables))


def _scores(study: Study) -> dict[str, float]:
    frame = study.tables["calibration_score"]
    return dict(zip(frame["quantity"].tolist(), frame["value"].tolist(), strict=True))


# What is printed


def _say(study: Study) -> None:
    score = _scores(study)
    _say_parameters(study)
    _say_factors(study, score)
    _say_observations(study)
    printing.say(["", "How well it fits (1 is exact)"])
    printing.say(
        printing.grid(_fit_rows(score), headers=("median factor of", "before", "after", "left out"), right=(1, 2, 3))
    )
    printing.say(
        f"80 % intervals hold {score['coverage_all']:.0%} of what was left out; the model's own error is a factor of"
        f" about {math.exp(score['discrepancy']):.2f}."
    )
    members = (
        f"{int(score['members'])} members of the posterior, worth {score['effective_members']:.0f} independent ones"
    )
    printing.say(f"{members}; {int(score['solves'])} solves.")


def _say_parameters(study: Study) -> None:
    rows = [
        [row["parameter_id"], f"{row['prior']:.4g}", f"{row['estimate']:.4g}", f"{row['p10']:.3g} to {row['p90']:.3g}",
         f"{row['moved']:+.1f}", "at its limit" if row["at_bound"] else ""]
        for row in _estimates(study)
    ]  # fmt: skip
    head = ["parameter", "prior", "estimate", "80 % interval", "moved (sd)", ""]
    printing.say("Parameters")
    printing.say(printing.grid(rows, headers=head, right=(1, 2, 3, 4)))


def _say_factors(study: Study, score: dict[str, float]) -> None:
    printing.say(["", "Demand"])
    alone = _factor(score["held_out_parameters"])
    if score["demand_refused"]:
        tried = _factor(score["held_out_demand"])
        printing.say(
            f"Factors were refused: with them the model misses what was left out by {tried}, without by {alone}."
        )
        return
    rows = sorted(_rows(study.tables["adjustment"]), key=lambda row: -abs(math.log(row["factor"])))
    if not rows:
        printing.say("No factors: demand is as it was.")
        return
    cells = [
        [
            f"{row['origin_country']} to {row['destination_country']}",
            row["commodity_id"],
            f"{row['factor']:.2f}",
            row["note"],
        ]
        for row in rows[:_LISTED]
    ]
    printing.say(printing.grid(cells, headers=("between", "commodity", "factor", ""), right=(2,)))
    _say_more(len(rows) - _LISTED, "adjustment.csv")


def _say_observations(study: Study) -> None:
    """Print the observations that the model misses most when it has not seen their group."""
    rows = sorted(_observations(study), key=_miss, reverse=True)
    cells = [
        [_cut(row["what"]), row["role"],
         *(_ratio(row[name], row["observed"]) for name in ("before", "after", "held_out")),
         "" if row["held_out_p10"] <= row["observed"] <= row["held_out_p90"] else "outside"]
        for row in rows[:_LISTED]
    ]  # fmt: skip
    heads = ("largest misses, model / observed", "role", "before", "after", "left out", "80 % interval")
    printing.say("")
    printing.say(printing.grid(cells, headers=heads, right=(2, 3, 4)))
    _say_more(len(rows) - _LISTED, "fit.csv")


def _miss(row: dict[str, Any]) -> float:
    ratio = float(row["held_out"]) / float(row["observed"])
    return abs(math.log(ratio)) if ratio > 0 else math.inf


def _ratio(model: float, observed: float) -> str:
    return f"{model / observed:.2f}"


def _fit_rows(score: dict[str, float]) -> list[list[str]]:
    fits = f"{int(score['observations_fit'])} fitted observations"
    rows = [[fits, _factor(score["miss_before_fit"]), _factor(score["miss_after_fit"]), _factor(score["held_out_all"])]]
    if "miss_after_validation" in score:
        never = f"{int(score['observations_validation'])} never fitted"
        # They are left out of every fit.
        after = _factor(score["miss_after_validation"])
        rows.append([never, _factor(score["miss_before_validation"]), "", after])
    return rows


def _factor(log_ratio: float) -> str:
    return f"{math.exp(log_ratio):.2f}"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDTH else text[: _WIDTH - 1] + "…"


def _say_more(count: int, file: str) -> None:
    if count > 0:
        printing.say(f"{count} more in {file} of the study")


def _say_what_next(args: argparse.Namespace) -> None:
    printing.say(["", f"Study: {args.output}"])
    if args.page is not None:
        printing.say(f"Page: {args.page}")
    printing.say("Next: " + command_line("landlink", "run", args.output, "--ensemble"))
