"""``landlink init`` and ``landlink check``: create and check a study folder."""

from __future__ import annotations

import argparse
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import landlink as ll
from landlink.cli import arguments, printing
from landlink.cli.arguments import Verbs
from landlink.core.atomic_files import new_folder
from landlink.core.progress import TerminalProgress

if TYPE_CHECKING:
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


def _add_check(verbs: Verbs) -> None:
    parser = arguments.add_verb(
        verbs,
        "check",
        _check,
        summary="list every problem of a study, or summarise it",
        description="Read and check a study: every cell, every reference between tables, and whether all demand\n"
        "has a route. All problems are listed at once.",
        example="landlink check my-study",
    )
    parser.add_argument("study", metavar="STUDY", help=arguments.STUDY_HELP)


def _init(args: argparse.Namespace) -> int:
    if args.gmns is not None:
        from landlink.formats.gmns import study_from_gmns

        left_to_do = study_from_gmns(args.gmns, args.folder)
        source = str(args.gmns)
    else:
        study = ll.open_study(args.source)
        _copy(study.path, args.folder)
        left_to_do, source = [], args.source
    if args.json:
        printing.say_json({"ok": True, "folder": args.folder, "source": source, "left_to_do": left_to_do})
        return 0
    printing.say(f"Made {args.folder} from {source}.")
    for task in left_to_do:
        printing.say(f"  still to do: {task}")
    printing.say("Next: edit its tables, then  " + printing.command_line("landlink", "check", args.folder))
    return 0


def _copy(source: Path, target: Path) -> None:
    """Copy a study's files unchanged, including comments and order of columns."""
    with new_folder(target) as folder:
        for file in sorted(source.iterdir()):
            if file.is_file() and not file.name.startswith("."):
                shutil.copyfile(file, folder / file.name)


def _check(args: argparse.Namespace) -> int:
    from landlink.model.problem import unserved_demand
    from landlink.study.price_years import price_year_notes

    study = ll.open_study(args.study)
    with TerminalProgress() as progress:
        progress("checking every measure, and the routes of all demand")
        if problems := study.problems() + unserved_demand(study.at(study.settings.base_year)):
            raise ll.InputError(problems)
    summary, notes = _summary(study), [*_notes(study), *price_year_notes(study)]
    if args.json:
        printing.say_json({"ok": True, "problems": [], "notes": notes, **summary})
        return 0
    settings = study.settings
    printing.say(f"{settings.title} ({settings.id}): no problems found")
    if settings.money.is_own:
        printing.say(f"amounts: {settings.money}")
    printing.say()
    rows = [(name, f"{count:,}") for name, count in summary["rows"].items() if count]
    printing.say(printing.grid(rows, headers=("table", "rows"), right=(1,)))
    printing.say()
    for head, names in (("measures", summary["measures"]), ("scenarios", summary["scenarios"])):
        if names:
            printing.say(f"{head}: {', '.join(names)}")
    for note in notes:
        printing.say(f"note: {note}")
    printing.say("Next: " + printing.command_line("landlink", "run", args.study, "--year", settings.base_year))
    return 0


def _notes(study: Study) -> list[str]:
    """List what is allowed but may be unintended."""
    from landlink.study.checks import unguarded_borders

    free = unguarded_borders(study.tables)
    shown = ", ".join(free[:5]) + (f" and {len(free) - 5} more" if len(free) > 5 else "")
    return [f"links that cross a border without a crossing, so without time and charge: {shown}"] if free else []


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
