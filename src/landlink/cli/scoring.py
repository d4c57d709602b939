"""``landlink statement score``: commitments against scenarios, observations and later events."""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.core.atomic_files import check_file
from landlink.core.progress import TerminalProgress

if TYPE_CHECKING:
    from landlink.statement.register import Register
    from landlink.statement.scoreboard import Line, Mark, Scoreboard
    from landlink.statement.smallest_package import SmallestPackage
    from landlink.study import Study

#: Longest text of a clause in the table of a terminal.
_WIDTH = 46
_SIGNS = {"met": "met", "not_met": "NOT MET", "not_testable": "–"}
_DIRECTIONS = {"at_least": "at least", "at_most": "at most", "more_than": "more than", "less_than": "less than"}


def add_score(verbs: Verbs) -> None:
    """Register ``score``."""
    parser = arguments.add_verb(
        verbs,
        "score",
        _score,
        summary="score a register against scenarios and observations",
        description="Put each accepted, measurable commitment to the test: in solved scenarios, in what was observed,\n"
        "and in what happened later. Says how far it is missed, or why it cannot be tested.",
        example="landlink statement score china-kyrgyzstan\n"
        "landlink statement score china-kyrgyzstan --scenarios base-2023,cku-2030 -o scoreboard.csv\n"
        "landlink statement score china-kyrgyzstan --scenarios base-2023 --least --given pandemic-one-way",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("--register", metavar="FILE", type=Path, help="register (the study's own register.yaml)")
    parser.add_argument(
        "--scenarios", metavar="A,B", type=arguments.ids, action="append", help="scenarios to solve (all of the study)"
    )
    parser.add_argument(
        "--years", metavar="Y,Y", type=_years, help="years at which to solve each scenario (its own year)"
    )
    parser.add_argument(
        "--observed", action="store_true", help="only hold it against observations and later events; solve nothing"
    )
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="scoreboard; .json or .csv")
    least = parser.add_argument_group("least measures")
    least.add_argument("--least", action="store_true", help="also find the least measures that keep the most")
    least.add_argument(
        "--given", metavar="A,B", type=arguments.ids, action="append", help="measures taken as given, such as a shock"
    )
    least.add_argument(
        "--measures", metavar="A,B", type=arguments.ids, action="append",
        help="measures to choose from (all projects and policies in force)",
    )  # fmt: skip
    least.add_argument("--year", metavar="Y", type=int, help="year to search in (the study's base year)")
    least.add_argument(
        "--most-solves", metavar="N", type=arguments.positive_integer, default=100, help="when to stop (100)"
    )


def _years(text: str) -> list[int]:
    return [int(part) for part in arguments.ids(text)]


_years.__name__ = "list of years"


def _score(args: argparse.Namespace) -> int:
    from landlink.statement.register_check import check_register
    from landlink.statement.score import score_study

    if args.output is not None:
        check_file(args.output, (".json", ".csv"))
    study = ll.open_study(args.study)
    register = register_of(study, args.register)
    if problems := check_register(register, study=study):
        raise ll.InputError(problems)
    scenarios = [] if args.observed else arguments.joined_ids(args.scenarios) or None
    with TerminalProgress() as progress:
        board = score_study(study, register, scenarios=scenarios, years=args.years, progress=progress)
        least = _least(study, register, board, args, progress) if args.least else None
    if args.output is not None:
        board.save(args.output)
    if args.json:
        printing.say_json({"ok": True, "output": args.output, **board.as_dict(), "least": _least_facts(least)})
        return 0
    _say_board(board)
    if least is not None:
        _say_least(least, study)
    if args.output is not None:
        printing.say(f"\nScoreboard: {args.output}")
    return 0


def register_of(study: Study, path: Path | None) -> Register:
    """Open a register: the one given, else the study's own."""
    from landlink.statement.register import open_register

    own = study.path / "register.yaml"
    if path is None and not own.is_file():
        raise ll.InputError(f"the study {study.path} has no register.yaml; give one with --register")
    return open_register(path or own)


def _least(
    study: Study, register: Register, board: Scoreboard, args: argparse.Namespace, progress: TerminalProgress
) -> SmallestPackage:
    from landlink.statement.smallest_package import smallest_package

    return smallest_package(
        study.apply(*arguments.joined_ids(args.given)),
        register,
        year=args.year or study.settings.base_year,
        candidates=arguments.joined_ids(args.measures) or None,
        baselines=board,
        most_solves=args.most_solves,
        progress=progress,
    )


def _say_board(board: Scoreboard) -> None:
    source = board.register.source
    printing.say(f"{source.title or 'Register'}: {len(board.lines)} clauses, {len(board.testable)} with a test")
    for number, (case, label) in enumerate(board.cases):
        counts = board.tally(case)
        told = f"{counts['met']} met, {counts['not_met']} not met, {counts['not_testable']} not testable"
        printing.say(f"{_letter(number)}  {label}: {told}")
    printing.say()
    heads = ("clause", "what", "test", *(_letter(number) for number in range(len(board.cases))), "seen since")
    printing.say(printing.grid([_cells(line, board) for line in board.lines], headers=heads))
    for line in board.testable:
        _say_seen(line)


def _letter(number: int) -> str:
    return chr(ord("A") + number % 26)


def _cells(line: Line, board: Scoreboard) -> list[str]:
    entry = line.entry
    shown = _cut(entry.gloss or entry.quote or "", _WIDTH)
    by_case = {mark.case: mark for mark in line.of("scenario")}
    return [entry.id, shown, _test(line), *(_verdict(by_case.get(case)) for case, _ in board.cases), _since(line)]


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def _test(line: Line) -> str:
    if line.criterion is None:
        kind = "proxy; " if line.proxy else ""
        return kind + (str(line.reason).partition(":")[0] if line.reason else "")
    criterion = line.criterion
    return f"{_DIRECTIONS[criterion.direction]} {printing.number(criterion.target)} {criterion.unit}".rstrip()


def _verdict(mark: Mark | None) -> str:
    if mark is None:
        return _SIGNS["not_testable"]
    if mark.verdict == "not_testable":
        return f"({printing.number(mark.value)})" if math.isfinite(mark.value) else _SIGNS["not_testable"]
    early = "" if mark.due else ", not due yet"
    distance = f" {_signed(mark.distance)}" if math.isfinite(mark.distance) else ""
    return f"{_SIGNS[mark.verdict]}{distance}{early}"


def _signed(value: float) -> str:
    return ("+" if value >= 0 else "-") + printing.number(abs(value))


def _since(line: Line) -> str:
    since, last = line.first_met, line.last_seen
    if since is not None:
        return f"kept, since {since.when}"
    if last is not None:
        return f"not kept, {last.when}"
    return "open" if line.seen else _SIGNS["not_testable"]


def _say_seen(line: Line) -> None:
    """The observed series of a commitment with a test."""
    marks = line.of("observed", "outcome")
    if not marks or line.criterion is None:
        return
    printing.say(f"\n{line.entry.id}: {_test(line)}, as seen")
    bounds = {"lower": "at least ", "upper": "at most ", "value": ""}
    rows = []
    for mark in marks:
        value = bounds[mark.bound] + printing.number(mark.value) if math.isfinite(mark.value) else ""
        verdict = "before the text" if mark.before else _verdict(mark) if mark.verdict != "not_testable" else "–"
        rows.append((mark.when, value, verdict, _cut(mark.label, 60), _cut(str(mark.reason or ""), 60)))
    printing.say(printing.grid(rows, headers=("when", "value", "verdict", "what", ""), right=(1,)))


def _say_least(least: SmallestPackage, study: Study) -> None:
    names = study.tables["measure"].set_index("measure_id")["name"]
    printing.say(f"\nLeast measures: sets solved: {len(least.tried)}, from {len(least.candidates)} measures")
    printing.say(f"without any: {len(least.alone.kept)} of {len(least.testable)} tests met")
    best = least.best
    told = ", ".join(f"{names[name]} ({name})" for name in best.measures) or (
        "none needed" if best.kept else "none helps"
    )
    cost = f"; {printing.number(best.cost_musd)} million USD" if best.cost_musd else ""
    printing.say(f"best: {told}: {len(best.kept)} of {len(least.testable)} tests met{cost}")
    printing.say(least.bound)


def _least_facts(least: SmallestPackage | None) -> dict[str, Any] | None:
    if least is None:
        return None
    return {
        "measures": least.best.measures,
        "kept": least.best.kept,
        "kept_alone": least.alone.kept,
        "testable": least.testable,
        "cost_musd": least.best.cost_musd,
        "exact": least.exact,
        "bound": least.bound,
        "solves": len(least.tried),
        "candidates": least.candidates,
    }
