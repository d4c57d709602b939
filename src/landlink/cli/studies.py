"""``landlink init`` and ``landlink check``: create and check a study folder."""

from __future__ import annotations

import argparse
import shutil
import sys
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.cli.outputs import checked_new_folder
from landlink.cli.program import command_line
from landlink.core.atomic_files import new_folder
from landlink.core.file_names import as_file_name
from landlink.core.input_files import open_input, read_input, reason_of
from landlink.core.progress import TerminalProgress

if TYPE_CHECKING:
    import pandas as pd

    from landlink.formats.gmns import ImportOptions
    from landlink.study import Study

_SOURCE = "china-kyrgyzstan"


def add_verbs(verbs: Verbs) -> None:
    """Register ``init`` and ``check``."""
    _add_init(verbs)
    _add_check(verbs)


def _add_init(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "init",
        _init,
        summary="create a study folder",
        description="Create a study folder to edit: a copy of another study, or the tables of a GMNS network.\n"
        "Existing files are never overwritten.",
        example="landlink init my-study --from china-kyrgyzstan\nlandlink init my-study --gmns path/to/gmns",
    )
    parser.add_argument("folder", metavar="MYSTUDY", type=Path, help="folder to create")
    source = parser.add_mutually_exclusive_group()
    source.add_argument("--from", dest="source", metavar="STUDY", default=_SOURCE, help=f"study to copy ({_SOURCE})")
    source.add_argument("--gmns", metavar="DIR", type=Path, help="folder with the node.csv and link.csv of a network")
    parser.add_argument("--id", metavar="ID", help="id of a copy (the name of the folder)")
    parser.add_argument("--title", metavar="TEXT", help="title of a copy; asked for on a terminal")
    gmns = parser.add_argument_group("what the files of a network do not say")
    gmns.add_argument("--length-unit", choices=("km", "mi", "m", "ft"), help="unit of link lengths")
    gmns.add_argument("--speed-unit", choices=("kph", "mph", "m/s"), help="unit of free speeds")
    gmns.add_argument("--crs", metavar="CODE", help="reference system of coordinates, such as EPSG:32643; or drawing")
    gmns.add_argument(
        "--class",
        dest="classes",
        metavar="WORD=MODE",
        type=_pair,
        action="append",
        help="mode of a class of links, or none; may be repeated",
    )
    gmns.add_argument(
        "--demand-columns", metavar="A,B", type=arguments.ids, help="columns of demand.csv with tonnes, by commodity"
    )
    arguments.add_unreachable(gmns, "demand that has no route: an error, or left out and listed (refuse)")


def _pair(text: str) -> tuple[str, str]:
    word, equals, mode = text.rpartition("=")
    if not equals or not word.strip() or not mode.strip():
        raise argparse.ArgumentTypeError(f"{text} is not WORD=MODE")
    return word.strip(), mode.strip()


_pair.__name__ = "pair"


def _add_check(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "check",
        _check,
        summary="list every problem of a study, or summarise it",
        description="Read and check a study: every cell, every reference between tables, and whether all demand\n"
        "has a route. All problems are listed at once. A study of borders alone needs only their tables.",
        example="landlink check my-study",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)
    parser.add_argument("--all", action="store_true", help="also the rows of every table, and all names in notes")


def _init(args: argparse.Namespace) -> int:
    checked_new_folder(args, args.folder)
    left_to_do: list[str] = []
    rows: list[dict[Any, Any]] = []
    if args.gmns is not None:
        from landlink.formats.gmns import import_gmns

        _refuse_names_of_copies(args)
        report = import_gmns(args.gmns, args.folder, options=_import_options(args), validate=partial(_unserved, args))
        rows = report.frame().astype(object).where(report.frame().notna(), None).to_dict("records")
        left_to_do, source = report.notes, str(args.gmns)
    else:
        from landlink.study import bundled_studies

        _refuse_gmns_options(args)
        study = ll.open_study(args.source)
        if str(args.source) not in bundled_studies():
            _unserved(args, study.path)
        names = _names_of_copy(args, study)
        _copy(study.path, args.folder, names)
        left_to_do = [f"it is called {names[1]!r} (id {names[0]}): change that in study.toml"]
        source = args.source
    if args.json:
        facts = {"ok": True, "folder": args.folder, "source": source, "left_to_do": left_to_do}
        printing.say_json(facts | ({"import": rows} if rows else {}))
        return 0
    printing.say(f"Made {args.folder} from {source}.")
    printing.say([f"  {note}" for note in left_to_do] if args.gmns is None else [])
    for row in rows:
        kind = "still to do" if row["kind"] == "to do" else row["kind"]
        table = f"{row['table']}.csv, " if row["table"] else ""
        printing.say(f"  {kind}: {table if row['kind'] == 'taken over' else ''}{row['what']}")
    printing.say("Next: edit its tables, then  " + command_line("landlink", "check", args.folder))
    return 0


def _import_options(args: argparse.Namespace) -> ImportOptions:
    from landlink.formats.gmns import ImportOptions

    return ImportOptions(
        length_unit=args.length_unit or "",
        speed_unit=args.speed_unit or "",
        crs=args.crs or "",
        classes=dict(args.classes or ()),
        demand_columns=tuple(args.demand_columns or ()),
    )


def _refuse_names_of_copies(args: argparse.Namespace) -> None:
    given = [option for option in ("--id", "--title") if getattr(args, option.removeprefix("--"))]
    if given:
        raise ll.InputError([ll.Problem("", f"{option} has no effect with --gmns") for option in given])


def _refuse_gmns_options(args: argparse.Namespace) -> None:
    names = {"length_unit": "--length-unit", "speed_unit": "--speed-unit", "crs": "--crs", "classes": "--class"}
    names |= {"demand_columns": "--demand-columns"}
    given = [option for name, option in names.items() if getattr(args, name) is not None]
    given += ["--unreachable"] if args.unreachable != "refuse" else []
    if given:
        raise ll.InputError([ll.Problem("", f"{option} has no effect without --gmns") for option in given])


def _unserved(args: argparse.Namespace, folder: Path) -> pd.DataFrame:
    """Check a study as ``check`` does; return the demand to leave out, if that is asked."""
    from landlink.model.problem import unserved_demand, unserved_rows

    with TerminalProgress() as progress:
        progress("checking the study, and the routes of all demand")
        study = ll.open_study(folder)
        base = study.at(study.settings.base_year)
        problems = study.problems()
        lost = study.tables["demand"] if study.border_alone else unserved_rows(base)
        if len(lost) and args.unreachable == "refuse":
            problems += unserved_demand(base)
            drop = " or --unreachable drop, which leaves this demand out and lists it" if args.gmns else ""
            allowed = f"a network that connects it{drop}"
            problems.append(ll.Problem("demand", "some demand has no route", allowed=allowed))
        if problems:
            raise ll.InputError(problems)
    return lost


def _names_of_copy(args: argparse.Namespace, study: Study) -> tuple[str, str]:
    """Id and title of a copy: those given, else asked for on a terminal, else the name of the folder."""
    plain = as_file_name(args.folder.resolve().name)
    study_id = args.id or plain
    if args.title:
        return study_id, args.title
    if args.json or not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        return study_id, plain
    printing.say(f"A copy of {study.settings.title} needs a title of its own. Title [{plain}]:", sys.stderr)
    return study_id, sys.stdin.readline().strip() or plain


def _copy(source: Path, target: Path, names: tuple[str, str]) -> None:
    """Copy a study's files, including comments and order of columns; its settings under other names."""
    from landlink.study.renamed_copy import renamed_settings
    from landlink.study.settings import FILE_NAME, read_settings

    text = read_input(source / FILE_NAME).decode("utf-8-sig")
    settings = renamed_settings(text, study_id=names[0], title=names[1])
    with new_folder(target) as folder:
        for file in sorted(source.iterdir()):
            if file.is_file() and not file.name.startswith("."):
                _copy_file(file, folder / file.name)
        (folder / FILE_NAME).write_text(settings, encoding="utf-8", newline="\n")
        read_settings(folder / FILE_NAME)


def _copy_file(source: Path, target: Path) -> None:
    try:
        file = open_input(source)
    except OSError as error:
        message = f"cannot be copied: {reason_of(error)}"
        raise ll.InputError(ll.Problem(source.name, message, value=str(source))) from None
    with file, target.open("wb") as copy:
        shutil.copyfileobj(file, copy)


def _check(args: argparse.Namespace) -> int:
    from landlink.model.problem import bounded_constants, unserved_demand
    from landlink.study.notices import notices

    study = ll.open_study(args.study)
    with TerminalProgress() as progress:
        progress("checking every measure, and the routes of all demand")
        unserved = [] if study.border_alone else unserved_demand(study.at(study.settings.base_year))
        if problems := study.problems() + unserved:
            raise ll.InputError(problems)
    summary, notes = _summary(study), notices(study, most=None if args.all or args.json else _NAMED)
    notes += [] if study.border_alone else bounded_constants(study)
    if args.json:
        printing.say_json({"ok": True, "problems": [], "notes": notes, **summary})
        return 0
    settings = study.settings
    printing.say(f"{settings.title} ({settings.id}): no problems found")
    if settings.money.is_own:
        printing.say(f"amounts: {settings.money}")
    if args.all:
        rows = [(name, f"{count:,}") for name, count in summary["rows"].items() if count]
        printing.say(["", *printing.grid(rows, headers=("table", "rows"), right=(1,)), ""])
    else:
        printing.say(_contents(summary["rows"]))
    for kind in ("scenarios", "measures"):
        # A measure may be described before its effects are known.
        acting, number = len(summary[kind]), len(study.tables["measure"]) if kind == "measures" else len(summary[kind])
        if number:
            listed = command_line("landlink", kind, args.study)
            part = f", {acting:,} with effects" if acting < number else ""
            printing.say(f"{number:,} {kind if number > 1 else kind[:-1]}{part}: {listed}")
    if notes:
        printing.say([f"{len(notes)} {'notes' if len(notes) > 1 else 'note'}:", *(f"  {note}" for note in notes)])
    if not args.all:
        printing.say("In full: " + command_line("landlink", "check", args.study, "--all"))
    printing.say("Next: " + _next(study, args.study))
    return 0


#: Names listed in a note; the others are counted.
_NAMED = 3
#: Tables in the summary of a study, with what a row of each is called.
_COUNTED = {
    "node": "nodes", "link": "links", "terminal": "terminals", "crossing": "crossings", "stage": "stages of crossings",
    "zone": "zones", "commodity": "commodities", "demand": "rows of demand", "observed": "observations",
    "hazard": "hazards", "event": "phases of events",
}  # fmt: skip


def _contents(rows: dict[str, int]) -> str:
    """Count what a study holds, in a line."""
    return ", ".join(f"{rows[name]:,} {what}" for name, what in _COUNTED.items() if rows.get(name))


def _next(study: Study, name: str) -> str:
    """Propose the command that follows a check."""
    if study.border_alone:
        crossing = next(iter(study.tables["stage"]["crossing_id"]))
        return command_line("landlink", "border", "simulate", name, crossing)
    if named := study.settings.scenarios:
        return command_line("landlink", "run", name, "--scenario", named[0].id)
    return command_line("landlink", "run", name, "--year", study.settings.base_year)


def _summary(study: Study) -> dict[str, Any]:
    from landlink.study import measures_with_effects

    return {
        "study": study.settings.id,
        "title": study.settings.title,
        "path": study.path,
        "hash": study.hash,
        "base_year": study.settings.base_year,
        "currency": asdict(study.settings.money),
        "rows": {name: len(table) for name, table in study.tables.items()},
        "measures": measures_with_effects(study),
        "scenarios": [scenario.id for scenario in study.settings.scenarios],
    }
