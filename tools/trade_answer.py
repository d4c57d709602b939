"""What the railway and the border do to trade in the bundled study, as tables for docs/study/trade-answer.md.

Run ``python -m tools.trade_answer [-o FILE]``. It solves the scenarios of 2030 with trade in general equilibrium, which
takes a few minutes. With ``-o`` the tables are written between the marks of FILE, as by :mod:`tools.validation`.

All scenarios respond from one reference, the study without measures in 2030. The border of a day is made of the dated
rules of the posts: those in force on the day are kept, all others are closed, counts of traffic among them.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import landlink as ll
from landlink.model.held_delays import solve_with_delays_of
from landlink.model.solve import result_of, solution_of
from landlink.results.result_tables import LazyTables
from landlink.study.study import Scenario, Study
from landlink.tables.frames import Tables
from tools.published_effects import DATA, package
from tools.trade_answer_cases import Case
from tools.trade_answer_tables import all_tables
from tools.validation import placed

YEAR: Final = 2030
POSTS: Final = ("TORU", "IRKE")
#: Days whose border is put into 2030: before the pandemic, and when the programme was signed.
BEFORE, SIGNED = "2019-06-01", "2020-11-15"
#: Measures of the base scenario that are not at these posts.
ELSEWHERE: Final = ("khorgos-road-doubling", "dostyk-road-terminal")
RAILWAY: Final = "cku-railway"
#: Elasticity of substitution of all mining by Caliendo & Parro (2015), theta 13.53.
MINING: Final = 14.53
OPTIONS: Final = ll.SolverOptions(trade="general", trade_starts=1)


def main(words: Sequence[str] | None = None) -> None:
    """Solve and write the tables."""
    parser = argparse.ArgumentParser(prog="python -m tools.trade_answer", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, help="file to write; printed if not given")
    output = parser.parse_args(words).output
    text = "\n".join(report()) + "\n"
    if output is None:
        print(text, end="")
    else:
        output.write_text(placed(text, output), encoding="utf-8", newline="\n")


def report() -> Iterator[str]:
    """All tables."""
    study = ll.open_study("china-kyrgyzstan")
    reference = ll.solve(study.at(YEAR))
    cases = solved(scenarios(study), reference)
    yield from all_tables(cases, held_tables(study, cases["base"], reference))


def scenarios(study: Study) -> dict[str, Scenario]:
    """The scenarios by name."""
    before, signed = (with_border_of(study, day) for day in (BEFORE, SIGNED))
    return {
        "base": study.scenario("base-2030"),
        "railway": study.scenario("cku-2030"),
        "border 2020": signed.apply(*ELSEWHERE).at(YEAR),
        "railway, border 2020": signed.apply(*ELSEWHERE, RAILWAY).at(YEAR),
        "border 2019": before.apply(*ELSEWHERE).at(YEAR),
        "railway, border 2019": before.apply(*ELSEWHERE, RAILWAY).at(YEAR),
        "every project": every_project(study),
        "railway, coal as mining": with_elasticity(study, "coal", MINING).scenario("cku-2030"),
        "faster": faster(study).apply(*study.scenario("base-2030").measures).at(YEAR),
    }


def with_border_of(study: Study, day: str) -> Study:
    """The study with the posts as their dated rules have them on a day, in every year."""
    for rule in study.tables["rule"].to_dict("records"):
        begin, end = str(rule["open_from"]), str(rule["open_to"])
        here = set(POSTS) & set(str(rule["crossing_id"]).split(";"))
        if not here or rule["status"] == "planned" or not (begin or end):
            continue
        in_force = begin <= day and (not end or day < end)
        study = study.with_change("rule", rule["rule_id"], "", "open" if in_force else "close", "")
    return study


def every_project(study: Study) -> Scenario:
    """The base scenario with every project of the study that changes its network, those to come among them."""
    projects = package(study, tomllib.loads(DATA.read_text("utf-8")))
    for project in projects:
        study = study.with_change("measure", project, "open_from", "set", str(study.settings.base_year))
    measures = dict.fromkeys([*study.scenario("base-2030").measures, *projects])
    return study.apply(*measures).at(YEAR)


def with_elasticity(study: Study, good: str, sigma: float) -> Study:
    """The study with another elasticity of substitution of a commodity."""
    return study.with_change("elasticity", good, "sigma", "set", repr(sigma))


def faster(study: Study, factor: float = 0.9) -> Study:
    """The study with less time at every border, and as much less between its mean and its 95th percentile."""
    changes = {"crossing": ("time_ab_h", "time_ba_h", "p95_extra_h"), "stage": ("mean_h",), "service": ("mean_h",)}
    for table, columns in changes.items():
        for column in columns:
            study = study.with_change(table, "*", column, "multiply", repr(factor))
    return study


def solved(chosen: Mapping[str, Scenario], reference: ll.Result) -> dict[str, Case]:
    """Solve scenarios one from the other; one that does not converge is an error."""
    options = replace(OPTIONS, require_convergence=True)
    found: dict[str, Case] = {}
    start = reference
    for name, scenario in chosen.items():
        solution, provenance = solution_of(scenario, options=options, start=start, trade_reference=reference)
        start = result_of(scenario, solution, provenance)
        found[name] = Case(start, solution)
    return found


def held_tables(study: Study, base: Case, reference: ll.Result) -> Tables:
    """Tables of the railway at the delays of the base scenario."""
    scenario = study.scenario("cku-2030")
    found = solve_with_delays_of(scenario, base.result, OPTIONS, trade_reference=reference)
    if found.trade is None or not found.trade.converged:
        raise SystemExit("the railway at held delays has not converged")
    return LazyTables(scenario, *found.parts)


if __name__ == "__main__":
    main()
