"""``landlink run --ensemble`` and ``landlink ask``: how sure a figure is."""

from __future__ import annotations

import argparse
import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.headlines import headlines, place_names, place_of
from landlink.cli.pools import add_pool, check_pool, opened_pool

if TYPE_CHECKING:
    from collections.abc import Sequence

    from landlink.core.progress import Progress
    from landlink.ensemble.ensemble import Ensemble
    from landlink.ensemble.question import Answer
    from landlink.results.result import Result
    from landlink.study.study import Scenario

_OF_ENSEMBLES = ("members", "workers", "scheduler")


def add_ensemble(parser: argparse.ArgumentParser) -> None:
    """Add the options of an ensemble to ``run``."""
    group = parser.add_argument_group("uncertainty, where the study has a posterior ensemble")
    group.add_argument(
        "--ensemble",
        action="store_true",
        help="solve each scenario again for every posterior member; interrupted, the same command goes on",
    )
    group.add_argument("--members", metavar="N", type=arguments.positive_integer, help="members to solve (all)")
    add_pool(group)


def check_ensemble(args: argparse.Namespace) -> None:
    """Refuse options of an ensemble without one."""
    if not args.ensemble and (given := [f"--{name}" for name in _OF_ENSEMBLES if getattr(args, name) is not None]):
        raise ll.InputError(f"{' and '.join(given)}: only with --ensemble")
    check_pool(args)


def solved_ensemble(
    scenario: Scenario, folder: Path, options: ll.SolverOptions, args: argparse.Namespace, progress: Progress
) -> Result:
    """Solve a scenario with its ensemble and save it; finished members are kept beside the result until then."""
    from landlink.ensemble.run_folder import remove_run_folder

    kept = folder.with_name(f"{folder.name}-members")
    with opened_pool(args) as pool:
        result = ll.run_ensemble(
            scenario, members=args.members, workers=pool, folder=kept, options=options, progress=progress
        )
    progress("writing the result", None)
    result.save(folder, force=args.force)
    remove_run_folder(kept)
    return result


def say_ensemble(result: Result) -> None:
    """Print the median and the interval of the headline figures."""
    from landlink.ensemble.ensemble import ensemble_of
    from landlink.indicators.amounts import values_in

    ensemble, run = ensemble_of(result), result.provenance.ensemble
    if ensemble is None or run is None:
        return
    names = place_names([result])
    chosen = [str(name) for name in headlines(result.indicators)["indicator"]]
    headline = result.provenance.presentation.headline
    table = result.tables["quantile"].set_index("indicator", drop=False)
    shown = [name for name in dict.fromkeys([headline, *chosen]) if name in table.index]
    rows = []
    for row in values_in(table.loc[shown], result.currency, "p10", "p50", "p90").to_dict("records"):
        low, median, high = _as_borne(row["p10"], row["p50"], row["p90"])
        rows.append(
            (str(row["indicator"]), median, low, high, str(row["unit"]), place_of(str(row["indicator"]), names))
        )
    printing.say(f"Ensemble of {_members(result)}: eight members in ten lie between P10 and P90")
    heads = ("indicator", "median", "P10", "P90", "unit", "")
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3)))
    printing.say()


def change_intervals(results: Sequence[Result], indicators: Sequence[str]) -> list[list[str]]:
    """P10 to P90 of the change of indicators from the first result to each other, member by member.

    None if the results have no ensembles of the same draws.
    """
    from landlink.ensemble.ensemble import ensemble_of

    base, *others = [ensemble_of(result) for result in results]
    if base is None or any(one is None or one.draws != base.draws for one in others):
        return []
    return [[_change_interval(other, base, indicator) for indicator in indicators] for other in others if other]


def _change_interval(ensemble: Ensemble, base: Ensemble, indicator: str) -> str:
    """P10 to P90 of a change; empty for a place that one of the scenarios lacks."""
    from landlink.ensemble.quantiles import quantiles

    try:
        changes = ensemble.differences(base, indicator)[1]
    except ll.UnknownNameError:
        return ""
    low, median, high = quantiles(changes.reshape(-1, 1)).ravel().tolist()
    low_text, _, high_text = _as_borne(low, median, high)
    return f"{low_text} to {high_text}"


def _members(result: Result) -> str:
    run = result.provenance.ensemble
    if run is None:
        return "no members"
    failed = f", {len(run.failures)} failed" if run.failures else ""
    return f"{run.members} members (worth {run.effective:.0f} independent ones{failed})"


def _as_borne(low: float, median: float, high: float) -> tuple[str, str, str]:
    """Figures to the digits that the interval bears; a time without an end is never over."""
    from landlink.ensemble.digits import digit_place, rounded

    place = digit_place(low, high)
    texts = ["never" if value == math.inf else printing.number(rounded(value, place)) for value in (low, median, high)]
    return texts[0], texts[1], texts[2]


def add_ask(verbs: Verbs) -> None:
    """Register ``ask``."""
    parser = arguments.add_verb(
        verbs,
        "ask",
        _ask,
        summary="ask the ensemble of a result how likely something is",
        description="Say how likely a statement about an indicator is, by the ensemble of a result made with\n"
        "landlink run --ensemble. Without > or <, the median and the 80 % interval.",
        example='landlink ask results/railway "crossing.tonnes_per_year[TORU,rail] > 10 Mt"\n'
        'landlink ask results/railway "total.expected_cost_musd_per_year < 0 million USD/year" --against results/base',
    )
    parser.add_argument("result", metavar="DIR", type=Path, help="result folder with an ensemble")
    parser.add_argument("question", metavar="QUESTION", help="indicator, > or <, and an amount with its unit")
    parser.add_argument(
        "--against", metavar="DIR", type=Path, help="ask about the difference from this result, member by member"
    )


def _ask(args: argparse.Namespace) -> int:
    result = ll.open_result(args.result)
    against = None if args.against is None else ll.open_result(args.against)
    answer = ll.ask(result, args.question, against=against)
    if args.json:
        printing.say_json({"ok": True, "result": args.result, "against": args.against, **asdict(answer)})
    else:
        _say_answer(answer)
    return 0


def _say_answer(answer: Answer) -> None:
    if answer.probability is not None and answer.standard_error is not None:
        printing.say(f"probability: {answer.probability:.3f}, standard error {answer.standard_error:.3f}")
    low, median, high = _as_borne(answer.p10, answer.p50, answer.p90)
    printing.say(f"median: {median}, 80 % interval {low} to {high} {answer.unit}".rstrip())
    printing.say(f"members: {answer.members}, worth {answer.effective:.0f} independent ones")
    if answer.undefined:
        printing.say(f"in {answer.undefined} further members nothing flows that the indicator could describe")
