"""``landlink appraise``: whether measures are worth their cost, and to whom."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.outputs import add_output, checked_output
from landlink.core.languages import LANGUAGES
from landlink.core.progress import TerminalProgress
from landlink.trade.modes import TRADE_MODES

if TYPE_CHECKING:
    from landlink.appraisal.appraisal import Appraisal
    from landlink.appraisal.fair_shares import Coalitions
    from landlink.results.result import Result
    from landlink.study.study import Study

#: Options that only mean something where scenarios are solved.
_SOLVING = ("measures", "years", "scenario", "trade", "shares")


def add_verb(verbs: Verbs) -> None:
    """Register ``appraise``."""
    parser = arguments.add_verb(
        verbs,
        "appraise",
        _appraise,
        summary="whether measures are worth their cost, and to whom",
        description="Appraise measures of a study: solve it with and without them, and set what shippers, operators,\n"
        "governments and the climate gain, by country and year, against what the measures cost. Or give results that\n"
        "exist, without and with the measures, of one year or several.",
        example="landlink appraise china-kyrgyzstan --measures cku-railway --trials 10000\n"
        "landlink appraise china-kyrgyzstan --scenario cku-2030 --measures cku-railway --years 2030,2040 -o railway\n"
        "landlink appraise results/base-2030 results/cku-2030 --rate 6 -o appraisal.xlsx",
    )
    parser.add_argument("source", metavar="STUDY|RESULT", nargs="+", help="a study, or result folders")
    parser.add_argument("--measures", metavar="A,B", type=arguments.ids, action="append", help="measures to appraise")
    parser.add_argument(
        "--years",
        metavar="Y,Y",
        type=_years,
        help="years to solve (that of the opening, and the study's years after it)",
    )
    parser.add_argument(
        "--scenario", metavar="NAME", help="scenario of the study whose other measures are in both cases (none)"
    )
    parser.add_argument(
        "--rate", metavar="PERCENT", type=float, help="real discount rate, per cent a year (the study's)"
    )
    parser.add_argument(
        "--price-year", metavar="Y", type=arguments.whole_number, help="year of the constant prices (the study's)"
    )
    parser.add_argument(
        "--benefit",
        choices=("users", "income"),
        help="users' surplus, or real income in general equilibrium in its place (the study's)",
    )
    parser.add_argument("--trade", choices=TRADE_MODES, help="how demand responds to costs (fixed)")
    parser.add_argument(
        "--trials", metavar="N", type=arguments.whole_number, default=0, help="draws of the inputs for intervals (0)"
    )
    parser.add_argument("--seed", metavar="N", type=arguments.seed, default=0, help="seed of the draws (0)")
    parser.add_argument(
        "--correlation", metavar="R", type=float, help="correlation of the costs of measures with one another (0.5)"
    )
    parser.add_argument(
        "--shares",
        action="store_true",
        help="solve what each coalition of countries could build alone, for fair shares of the cost",
    )
    add_output(parser, metavar="DIR|FILE", help="folder for the tables as CSV; or a workbook with live formulas, .xlsx")
    parser.add_argument("--language", choices=LANGUAGES, default="en", help="language of the workbook (en)")


def _years(text: str) -> tuple[int, ...]:
    """Parse years separated by commas."""
    try:
        return tuple(sorted({arguments.whole_number(one.strip()) for one in text.split(",")}))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of years such as 2030,2040") from None


def _appraise(args: argparse.Namespace) -> int:
    from landlink.appraisal.inputs import CORRELATION

    _check(args)
    base, plan, study = _results(args)
    shares = _coalitions(args, study, base, plan) if args.shares and study is not None else None
    with TerminalProgress(prefix="appraisal") as progress:
        found = ll.appraise(
            base,
            plan,
            rate=args.rate,
            price_year=args.price_year,
            benefit=args.benefit,
            trials=args.trials,
            seed=args.seed,
            correlation=CORRELATION if args.correlation is None else args.correlation,
            coalitions=shares,
            progress=progress,
        )
    if args.output:
        _write(args, found)
    if args.json:
        _say_json(args, found)
    else:
        _say(args, found)
    return 0 if all(result.converged for result in (*base, *plan)) else 1


def _check(args: argparse.Namespace) -> None:
    """Refuse numbers that cannot be meant, and a place where nothing can be written, before anything is solved."""
    from landlink.appraisal.appraise import check_draws
    from landlink.appraisal.cash_flow import check_rate
    from landlink.appraisal.saved_appraisal import APPRAISAL_FOLDER

    check_draws(args.trials, args.seed)
    if args.rate is not None:
        check_rate(args.rate / 100)
    if args.output and _is_workbook(args):
        from landlink.report.appraisal_workbook import APPRAISAL_BOOK

        checked_output(args, args.output, APPRAISAL_BOOK)
    elif args.output:
        checked_output(args, args.output, APPRAISAL_FOLDER)
    if args.language != "en" and not (args.output and _is_workbook(args)):
        raise ll.InputError("--language is that of a workbook: give -o FILE.xlsx")


def _is_workbook(args: argparse.Namespace) -> bool:
    return bool(args.output.suffix.lower() == ".xlsx")


def _write(args: argparse.Namespace, found: Appraisal) -> None:
    if _is_workbook(args):
        found.to_excel(args.output, language=args.language, force=args.force)
    else:
        found.save(args.output, force=args.force)


def _results(args: argparse.Namespace) -> tuple[list[Result], list[Result], Study | None]:
    """Results without and with the measures: those given, or solved."""
    from landlink.tables.destinations import RESULT_FILE

    if all((Path(text) / RESULT_FILE).is_file() for text in args.source):
        if unused := [f"--{name}" for name in _SOLVING if getattr(args, name)]:
            raise ll.InputError(f"results are solved already: {', '.join(unused)} need a study")
        return (*_sorted_results([ll.open_result(text) for text in args.source]), None)
    if len(args.source) != 1:
        wrong = next(text for text in args.source if not (Path(text) / RESULT_FILE).is_file())
        raise ll.InputError(f"{wrong} is no result folder: give results without and with measures, or one study")
    measures = arguments.joined_ids(args.measures)
    if not measures:
        raise ll.InputError("say which measures to appraise: --measures A,B (landlink measures STUDY lists them)")
    return _solved(args, ll.open_study(args.source[0]), measures)


def _sorted_results(results: Sequence[Result]) -> tuple[list[Result], list[Result]]:
    """Results without and with measures: of each year, the one with fewer measures is the base."""
    if len(results) < 2:
        raise ll.InputError("give two results or more: without and with the measures")
    base: list[Result] = []
    plan: list[Result] = []
    for year in sorted({result.provenance.run.year for result in results}):
        here = [result for result in results if result.provenance.run.year == year]
        here.sort(key=lambda result: len(result.provenance.run.measures))
        base += here[:1]
        plan += here[1:]
    return base, plan


def _solved(
    args: argparse.Namespace, study: Study, measures: Sequence[str]
) -> tuple[list[Result], list[Result], Study]:
    """Solve a study without and with measures in each year, each plan from its base."""
    from landlink.ensemble.scenario_chains import solve_scenarios

    others = [one for one in study.scenario(args.scenario).measures if one not in measures] if args.scenario else []
    without, with_it = study.apply(*others), study.apply(*others, *measures)
    years = args.years or _default_years(study, measures)
    _check_years(study, measures, years)
    options = ll.SolverOptions(trade=args.trade or "fixed")
    scenarios = [side.at(year) for year in years for side in (without, with_it)]
    with showing_compilation(prefix=scenarios[0].title) as progress:
        compile_for_study(study, progress)
    results = list(
        solve_scenarios(
            scenarios, options, lambda scenario: showing_compilation(prefix=scenario.title or scenario.label)
        )
    )
    return results[::2], results[1::2], with_it


def _default_years(study: Study, measures: Sequence[str]) -> tuple[int, ...]:
    """The last opening of the measures, and the years of the study after it."""
    from landlink.study.appraisal_years import opening_year
    from landlink.tables.frames import records

    investment = records(study.tables["investment"])
    register = {str(row["measure_id"]): row for row in records(study.tables["measure"])}
    opening = max(
        opening_year(register[name], [row for row in investment if row["measure_id"] == name], study.settings.base_year)
        for name in measures
    )
    return (opening, *sorted(year for year in set(study.settings.years) if year > opening))


def _check_years(study: Study, measures: Sequence[str], years: Sequence[int]) -> None:
    """Refuse years that tell nothing of the measures before they are solved."""
    from landlink.study.appraisal_years import check_solved_years
    from landlink.tables.frames import records

    rows = [row for row in records(study.tables["measure"]) if row["measure_id"] in measures]
    settings = study.settings
    check_solved_years(
        years, rows, records(study.tables["investment"]),
        base_year=settings.base_year, horizon_years=settings.appraisal.horizon_years,
    )  # fmt: skip


def _coalitions(args: argparse.Namespace, study: Study, base: list[Result], plan: list[Result]) -> Coalitions:
    from landlink.appraisal.coalition_solves import solve_coalitions

    options = ll.SolverOptions(trade=args.trade or "fixed")
    with TerminalProgress(prefix="shares") as progress:
        return solve_coalitions(
            study, base, plan, rate=args.rate, price_year=args.price_year, options=options, progress=progress
        )


def _say(args: argparse.Namespace, found: Appraisal) -> None:
    from landlink.appraisal.readable import country_rows, headline_rows, share_rows, terms_line

    terms = found.terms
    printing.say(f"{terms.title}: {', '.join(terms.measures)}")
    printing.say(terms_line(found))
    printing.say()
    rows = headline_rows(found)
    drawn = bool(terms.trials or terms.members)
    heads: tuple[str, ...] = ("", "median", "P10", "P90", "central", "", "")
    if not drawn:
        heads, rows = (heads[0], *heads[4:]), [(*row[:2], *row[5:]) for row in rows]
    printing.say(printing.grid(rows, headers=heads, right=(1, 2, 3, 4) if drawn else (1,)))
    printing.say()
    printing.say("Who gains and who pays, present values" + (" at the central inputs" if drawn else ""))
    country_heads, by_country = country_rows(found)
    printing.say(printing.grid(by_country, headers=country_heads, right=range(1, len(country_heads))))
    if shares := share_rows(found):
        printing.say()
        printing.say(f"Shares of the cost, present values, million {terms.currency}")
        share_heads = ("", "benefit", "cost as agreed", "Shapley", "SCRB", "least subsidy")
        printing.say(printing.grid(shares, headers=share_heads, right=range(1, 6)))
    printing.say()
    for note in found.notes:
        printing.say(f"Note: {note}")
    if not drawn:
        printing.say("Add --trials 10000 for intervals.")
    printing.say(f"Wrote {args.output}" if args.output else "Add -o FOLDER for the yearly flows and all tables.")


def _say_json(args: argparse.Namespace, found: Appraisal) -> None:
    written = {"written": args.output.resolve()} if args.output else {}
    tables = {
        name: found.tables[name].to_dict("records")
        for name in ("summary", "by_country", "cost_share", "switching", "tornado", "surplus")
    }
    printing.say_json({"ok": True, **written, "terms": found.terms, **tables, "notes": list(found.notes)})
