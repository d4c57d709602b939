"""Whether the railway and other projects of the bundled study are green and worth it: docs/study/green-answer.md.

Run ``python -m tools.green_answer [-o FILE] [--keep FOLDER] [--members N]``. It solves the study with and without each
project, which takes half an hour of processor time; with ``--keep`` results stay in a folder and are not solved again.
With ``-o`` the tables are written between the marks of FILE, as by :mod:`tools.validation`.

Every project is appraised on top of the base scenario of 2030, at its published cost, in prices of 2024 and at 9 %.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

from landlink.core.atomic_files import write_text
from landlink.core.progress import TerminalProgress
from tools.green_answer_cases import PROJECTS, Solver, appraised
from tools.green_answer_revenue import revenue_tables
from tools.green_answer_tables import emission_table, income_table, overview, railway_tables, turning_table
from tools.validation import placed

#: Members of the calibrated ensemble that the railway is solved for.
MEMBERS = 8


def main(words: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m tools.green_answer", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, help="file to write; printed if not given")
    parser.add_argument("--keep", type=Path, help="folder in which results stay from one run to the next")
    parser.add_argument("--members", type=int, default=MEMBERS, help=f"members of the ensemble ({MEMBERS})")
    args = parser.parse_args(words)
    if args.keep:
        args.keep.mkdir(parents=True, exist_ok=True)
    with TerminalProgress() as progress:
        text = "\n".join(report(Solver(args.keep, args.members, progress))) + "\n"
    if args.output is None:
        print(text, end="")
    else:
        write_text(args.output, placed(text, args.output))


def report(solver: Solver) -> Iterator[str]:
    """All tables."""
    found = {project.name: appraised(solver, project) for project in PROJECTS}
    railway = next(project for project in PROJECTS if project.is_sampled)
    base, plan = solver.pair(railway)
    yield from ("### Every project", "", *overview(found), "")
    yield from ("### What would turn the sign of each", "", *turning_table(found), "")
    yield from railway_tables(solver, railway, found)
    yield from ("### Emissions of freight, without and with the railway", "", *emission_table(base, plan), "")
    yield from ("### Users' surplus beside real income", "", *income_table(solver, railway), "")
    yield from ("### Revenue of the Kyrgyz section", "", *revenue_tables(solver, plan[0]), "")


if __name__ == "__main__":
    main()
