"""``landlink decompose``: how much of an effect is rerouting, mode shift and new trade."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.compiling import compile_for_study, showing_compilation
from landlink.cli.outputs import add_output, checked_output
from landlink.trade.modes import TRADE_MODES

if TYPE_CHECKING:
    from landlink.results.result import Result
    from landlink.study.study import Scenario

#: Headings of the printed table, after the indicator.
_HEADS = ("before", "rerouting", "mode shift", "new trade", "effect", "after", "unit")
#: Share of a figure below which a change of it is rounding.
_ROUNDING = 1e-9


def add_verb(verbs: Verbs) -> None:
    """Register ``decompose``."""
    parser = arguments.add_verb(
        verbs,
        "decompose",
        _decompose,
        summary="how much of an effect is rerouting, mode shift and new trade",
        description="Divide the effect of a scenario against another into three steps that add up: other routes at\n"
        "the same tonnes by alternative, other alternatives at the same demand, and other demand. Give two saved\n"
        "results, the base first, or a study and two of its scenarios.",
        example="landlink decompose results/base-2030 results/cku-2030 -o steps.csv\n"
        "landlink decompose china-kyrgyzstan --scenario base-2030,cku-2030 --trade general\n"
        "landlink decompose results/base results/plan --indicator 'country.exports_tonnes_per_year[KGZ]'",
    )
    parser.add_argument(
        "source", metavar="STUDY|RESULT", nargs="+", help="two result folders, the base first, or a study"
    )
    parser.add_argument(
        "--scenario", metavar="BASE,PLAN", type=arguments.ids, action="append", help="two scenarios of the study"
    )
    parser.add_argument(
        "--trade", choices=TRADE_MODES, help="how demand responds to costs in scenarios that are solved (fixed)"
    )
    parser.add_argument(
        "--indicator",
        metavar="NAME",
        action="append",
        default=[],
        help="indicator or expression to divide; may be given several times (freight by mode and crossing, trade)",
    )
    add_output(parser, help="table to write, .csv: a row for each indicator and step")


def _decompose(args: argparse.Namespace) -> int:
    from landlink.analysis.decomposed_indicators import check_indicators
    from landlink.analysis.decomposition import EFFECT_FILE

    check_indicators(args.indicator)
    if args.output:
        checked_output(args, args.output, EFFECT_FILE)
    with showing_compilation() as progress:
        before, after = _sources(args)
        if not isinstance(after, ll.Result):
            compile_for_study(after.study, progress)
        found = ll.decompose_effect(before, after, args.indicator, trade=args.trade, progress=progress)
    if args.output:
        found.save(args.output, force=args.force)
    if args.json:
        written = {"written": args.output.resolve()} if args.output else {}
        steps = found.table.to_dict("records")
        printing.say_json({"ok": True, **written, "notes": list(found.notes), "steps": steps})
        return 0
    printing.say(f"{found.after.label} against {found.before.label}")
    rows = [(name, *_figures(row[:-1]), row[-1]) for name, *row in found.wide.itertuples(name=None)]
    printing.say(printing.grid(rows, headers=("indicator", *_HEADS), right=range(1, 7)))
    printing.say(found.notes)
    printing.say(f"Wrote {args.output}" if args.output else "Add -o steps.csv for the table.")
    return 0


def _figures(values: Sequence[float]) -> Iterator[str]:
    """Figures of one indicator; changes that are rounding are none."""
    size = max(abs(values[0]), abs(values[-1]))
    yield from (printing.number(0.0 if abs(value) < _ROUNDING * size else value) for value in values)


def _sources(args: argparse.Namespace) -> tuple[Result, Result] | tuple[Scenario, Scenario]:
    """Two results that were given, or two scenarios of a study."""
    from landlink.tables.destinations import RESULT_FILE

    names = arguments.joined_ids(args.scenario)
    if len(args.source) == 2 and all((Path(text) / RESULT_FILE).is_file() for text in args.source):
        if names or args.trade:
            raise ll.InputError("results are solved already: --scenario and --trade need a study")
        before, after = (ll.open_result(text) for text in args.source)
        return before, after
    if len(args.source) != 1 or len(names) != 2:
        raise ll.InputError("give two result folders, the base first, or one study with --scenario BASE,PLAN")
    study = ll.open_study(args.source[0])
    return study.scenario(names[0]), study.scenario(names[1])
