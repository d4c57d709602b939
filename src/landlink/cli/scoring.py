"""``landlink statement score``: score commitments against scenarios, observations and later events."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import add_output, checked_output
from landlink.cli.statement_exports import is_office_file
from landlink.core.progress import TerminalProgress

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from landlink.results.result import Result
    from landlink.statement.package_search import SmallestPackage
    from landlink.statement.register import Register
    from landlink.statement.score_line import Assessment, ScoreLine
    from landlink.statement.scoreboard import Scoreboard
    from landlink.study import Study
    from landlink.tables.destinations import OutputFile

#: Longest text of a clause in the printed table.
_WIDTH = 46
_SIGNS = {
    "met": "met", "not_met": "NOT MET", "right_way": "right way", "wrong_way": "WRONG WAY", "no_change": "no change",
    "not_testable": "–", "before_text": "before the text",
}  # fmt: skip
_DIRECTIONS = {
    "at_least": "at least", "at_most": "at most", "more_than": "more than", "less_than": "less than",
    "equal": "exactly", "increase": "direction only: up from", "decrease": "direction only: down from",
}  # fmt: skip
_MOVES = {"right_way": "moves the right way", "wrong_way": "moves the wrong way", "no_change": "does not move"}


def add_score(verbs: Verbs) -> None:
    """Register ``score``."""
    parser = arguments.add_verb(
        verbs,
        "score",
        _score,
        summary="score a register against scenarios and observations",
        description="Test each accepted, measurable commitment against solved scenarios, observations and later\n"
        "events. Reports by how much a target is missed, or why a commitment cannot be tested.",
        example="landlink statement score china-kyrgyzstan\n"
        "landlink statement score china-kyrgyzstan --scenarios base-2023,cku-2030 -o scoreboard.csv\n"
        "landlink statement score china-kyrgyzstan --result resilience/result --result resilience-cku/result\n"
        "landlink statement score china-kyrgyzstan --scenarios base-2023 --smallest-package --given pandemic-one-way",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("--register", metavar="FILE", type=Path, help="register (default: register.yaml of the study)")
    parser.add_argument(
        "--scenarios",
        metavar="A,B",
        type=arguments.ids,
        action="append",
        help="scenarios to solve (default: all of the study)",
    )
    parser.add_argument(
        "--years", metavar="Y,Y", type=_years, help="years at which to solve each scenario (default: its own)"
    )
    parser.add_argument(
        "--observed", action="store_true", help="score against observations and later events only; solve nothing"
    )
    parser.add_argument(
        "--result", metavar="DIR", type=Path, action="append",
        help="result folders to score instead of scenarios, such as those of landlink resilience; solve nothing",
    )  # fmt: skip
    parser.add_argument(
        "--response", metavar="FILE", type=Path, action="append", default=[],
        help="what `landlink response --coordination -o FILE` wrote of scenarios that are scored",
    )  # fmt: skip
    add_output(parser, help="scoreboard to write: .json, .csv, .xlsx or .docx")
    parser.add_argument(
        "--language", metavar="LANGUAGE", default="en", help="language of an .xlsx or .docx (default: en)"
    )
    package = parser.add_argument_group("smallest package")
    package.add_argument(
        "--smallest-package", action="store_true", help="also find the smallest package that keeps the most commitments"
    )
    package.add_argument(
        "--given", metavar="A,B", type=arguments.ids, action="append", help="measures taken as given, such as a shock"
    )
    package.add_argument(
        "--measures", metavar="A,B", type=arguments.ids, action="append",
        help="measures to choose from (default: all projects and policies in force)",
    )  # fmt: skip
    package.add_argument(
        "--year", metavar="Y", type=arguments.whole_number, help="year to solve (default: the study's base year)"
    )
    package.add_argument(
        "--max-solves", metavar="N", type=arguments.positive_integer, default=100,
        help="solves after which the search stops (default: 100)",
    )  # fmt: skip


def _years(text: str) -> list[int]:
    return [arguments.whole_number(part) for part in arguments.ids(text)]


_years.__name__ = "list of years"


def _score(args: argparse.Namespace) -> int:
    from landlink.statement.register_check import check_register
    from landlink.statement.score import score_results, score_study

    if args.observed and args.response:
        raise ll.InputError("--response goes with scenarios or results, not with --observed")
    if args.result and (args.scenarios or args.years or args.observed or args.smallest_package):
        raise ll.InputError("--result: not with --scenarios, --years, --observed or --smallest-package")
    if args.output is not None:
        checked_output(args, args.output, _kind_of(args.output))
    study = ll.open_study(args.study)
    register = register_of(study, args.register)
    if problems := check_register(register, study=study):
        raise ll.InputError(problems)
    scenarios = [] if args.observed else arguments.joined_ids(args.scenarios) or None
    given = _Responses(args.response)
    with TerminalProgress() as progress:
        if args.result:
            results = given.added_to([ll.open_result(one) for one in args.result])
            board = score_results(register, results, study=study.settings.title)
        else:
            board = score_study(
                study, register, scenarios=scenarios, years=args.years, amended=given.added, progress=progress
            )
            given.check()
        found = _smallest_package(study, register, board, args, progress) if args.smallest_package else None
    if args.output is not None:
        _save(board, args)
    if args.json:
        printing.say_json(
            {"ok": True, "output": args.output, **board.as_dict(), "smallest_package": _package_facts(found)}
        )
        return 0
    _say_board(board)
    if found is not None:
        _say_package(found, study)
    if args.output is not None:
        printing.say(["", f"Scoreboard: {args.output}"])
    return 0


class _Responses:
    """Choices of response sites that are scored with the results of their scenarios."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._results: list[Result] = []
        self._tables: list[pd.DataFrame] = []
        if paths:
            from landlink.resilience.response_schema import read_response

            self._tables = [read_response(path) for path in paths]

    def added_to(self, results: list[Result]) -> list[Result]:
        """Results with the choices of their scenarios.

        Raises
        ------
        InputError
            A choice is one of none of them.
        """
        if not self._tables:
            return results
        from landlink.resilience.response_result import with_responses

        return with_responses(results, self._tables)

    def added(self, result: Result) -> Result:
        """A result with the choices of its scenario, if any were given."""
        if not self._tables:
            return result
        from landlink.resilience.response_result import is_of, with_responses

        self._results.append(result)
        return with_responses([result], [table for table in self._tables if is_of(result, table)])[0]

    def check(self) -> None:
        """Refuse choices of scenarios that were not scored."""
        if self._tables and self._results:
            from landlink.resilience.response_result import of_none

            if problems := of_none(self._results, self._tables):
                raise ll.InputError(problems)


def _kind_of(path: Path) -> OutputFile:
    if is_office_file(path):
        from landlink.report.statement_export import STATEMENT_FILE

        return STATEMENT_FILE
    from landlink.statement.scoreboard import SCOREBOARD

    return SCOREBOARD


def _save(board: Scoreboard, args: argparse.Namespace) -> None:
    if is_office_file(args.output):
        from landlink.report.statement_export import export_scoreboard

        export_scoreboard(board, args.output, language=args.language, force=args.force)
    else:
        board.save(args.output, force=args.force)


def register_of(study: Study, path: Path | None) -> Register:
    """Open the register given, or else the study's own."""
    from landlink.statement.register import open_register

    own = study.path / "register.yaml"
    if path is None and not own.is_file():
        raise ll.InputError(ll.Problem(str(study.path), "the study has no register.yaml", allowed="--register FILE"))
    return open_register(path or own)


def _smallest_package(
    study: Study, register: Register, board: Scoreboard, args: argparse.Namespace, progress: TerminalProgress
) -> SmallestPackage:
    from landlink.statement.package_search import smallest_package

    return smallest_package(
        study.apply(*arguments.joined_ids(args.given)),
        register,
        year=args.year or study.settings.base_year,
        candidates=arguments.joined_ids(args.measures) or None,
        baselines=board,
        max_solves=args.max_solves,
        progress=progress,
    )


def _say_board(board: Scoreboard) -> None:
    source = board.register.source
    tests = f"{len(board.testable)} with a test of a number, {len(board.directional)} of a direction only"
    printing.say(f"{source.title or 'Register'}: {len(board.lines)} clauses, {tests}")
    for number, (case, label) in enumerate(board.cases):
        printing.say(f"{_letter(number)}  {label}: {_tally(board.tally(case))}")
    printing.say(f"observed since: {_tally(board.tally_observed())}")
    printing.say()
    heads = ("clause", "text", "test", *(_letter(number) for number in range(len(board.cases))), "observed since")
    printing.say(printing.grid([_cells(line, board) for line in board.lines], headers=heads))
    for line in (*board.testable, *board.directional):
        _say_evidence(line)


def _tally(counts: dict[str, int]) -> str:
    tally = f"{counts['met']} met, {counts['not_met']} not met, {counts['not_testable']} not testable"
    return tally + _movements(counts)


def _movements(counts: dict[str, int]) -> str:
    """Counts of the clauses of which only the direction is tested; empty if there are none."""
    shown = ", ".join(f"{counts[name]} {words}" for name, words in _MOVES.items() if counts[name])
    return f"; direction only: {shown}" if shown else ""


def _letter(number: int) -> str:
    return chr(ord("A") + number % 26)


def _cells(line: ScoreLine, board: Scoreboard) -> list[str]:
    entry = line.entry
    shown = _cut(entry.glosses.get("en") or entry.gloss or entry.quote or "", _WIDTH)
    by_case = {item.case: item for item in line.of("scenario")}
    return [entry.id, shown, _test(line), *(_verdict(by_case.get(case)) for case, _ in board.cases), _since(line)]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _test(line: ScoreLine) -> str:
    if line.criterion is None:
        kind = "proxy; " if line.proxy else ""
        return kind + (_cut(str(line.reason), _WIDTH + 20) if line.reason else "")
    criterion = line.criterion
    return f"{_DIRECTIONS[criterion.direction]} {printing.number(criterion.target)} {criterion.unit}".rstrip()


def _verdict(item: Assessment | None) -> str:
    if item is None:
        return _SIGNS["not_testable"]
    if item.verdict == "not_testable":
        return f"({printing.number(item.value)}){_range(item)}" if math.isfinite(item.value) else _SIGNS["not_testable"]
    early = "" if item.due else ", not due yet"
    distance = f" {_signed(item.distance)}" if math.isfinite(item.distance) else ""
    return f"{_SIGNS[item.verdict]}{distance}{_range(item)}{early}"


def _range(item: Assessment) -> str:
    """P10 and P90 of a value, where they are known."""
    if not item.has_interval:
        return ""
    return f" (P10 {printing.number(item.low)}, P90 {printing.number(item.high)})"


def _signed(value: float) -> str:
    return ("+" if value >= 0 else "-") + printing.number(abs(value))


def _since(line: ScoreLine) -> str:
    since, last = line.met_since, line.latest_verdict
    if (moving := line.moving_since) is not None:
        return f"{_MOVES[moving.verdict]}, since {moving.when}"
    if since is not None:
        return f"kept, since {since.when}"
    if last is not None:
        return f"not kept, {last.when}"
    return "open" if line.evidence else _SIGNS["not_testable"]


def _say_evidence(line: ScoreLine) -> None:
    """Print the observations and outcomes of a commitment with a test."""
    assessments = line.of("observed", "outcome")
    if not assessments or line.criterion is None:
        return
    printing.say(["", f"{line.entry.id}: {_test(line)}, observed"])
    bounds = {"lower": "at least ", "upper": "at most ", "value": ""}
    rows = []
    for item in assessments:
        value = bounds[item.bound] + printing.number(item.value) if math.isfinite(item.value) else ""
        judged, reason = line.judged(item)
        verdict = _verdict(item) if judged not in ("before_text", "not_testable") else _SIGNS[judged]
        rows.append((item.when, value, verdict, _cut(item.label, 60), _cut(str(reason or ""), 60)))
    printing.say(printing.grid(rows, headers=("when", "value", "verdict", "event", "remark"), right=(1,)))


def _say_package(found: SmallestPackage, study: Study) -> None:
    from landlink.indicators.amounts import shown_amount

    names = study.tables["measure"].set_index("measure_id")["name"]
    tests = len(found.testable)
    printing.say(["", f"Smallest package: {len(found.solved)} packages of {len(found.candidates)} measures solved"])
    printing.say(f"no measures: {len(found.without_measures.kept)} of {tests} tests met")
    best = found.best
    none = "no measures needed" if best.kept else "no measures help"
    measures = ", ".join(f"{names[name]} ({name})" for name in best.measures) or none
    spent, unit = shown_amount(best.cost_musd, "million USD", study.settings.money)
    cost = f"; {printing.number(spent)} {unit}" if spent else ""
    printing.say(f"best package: {measures}: {len(best.kept)} of {tests} tests met{cost}")
    printing.say(found.conclusion)


def _package_facts(found: SmallestPackage | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "measures": found.best.measures,
        "kept": found.best.kept,
        "kept_without_measures": found.without_measures.kept,
        "testable": found.testable,
        "cost_musd": found.best.cost_musd,
        "proven": found.proven,
        "conclusion": found.conclusion,
        "solves": len(found.solved),
        "candidates": found.candidates,
    }
