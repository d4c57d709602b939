"""A small study whose observations are those of known parameters."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

import landlink as ll
from landlink.indicators.expressions import parse_expression
from landlink.indicators.registry import TableView
from landlink.model.options import SolverOptions
from landlink.model.solve import solve_flows
from landlink.results.result_tables import LazyTables
from tests.support.small_study import write_small_study

PARAMETERS = """
parameter_id,table,row,where,column,operation,prior_mean,prior_sd,low,high
truck-km,vehicle,road,,cost_usd_per_vehicle_km,multiply,,0.3,,
gate,crossing,GATE/road,,time_ab_h,add,,4,-5,20
west-grain,demand,*,origin_zone_id.country=AAA;commodity_id=grain,tonnes_per_year,multiply,,0.4,0.3,3
"""
TRUTH = {"truck-km": 1.25, "gate": 3.0, "west-grain": 0.8}
INDICATORS = {
    "road-ab": "crossing.tonnes_per_year[GATE,road,ab]",
    "road-ba": "crossing.tonnes_per_year[GATE,road,ba]",
    "rail-ab": "crossing.tonnes_per_year[GATE,rail,ab]",
    "rail-ba": "crossing.tonnes_per_year[GATE,rail,ba]",
    "trucks": "crossing.trucks_per_day[GATE]",
}


def true_values(folder: Path, truth: Mapping[str, float] = TRUTH) -> dict[str, float]:
    """What the indicators are at the true parameters."""
    study = ll.open_study(write_small_study(folder, parameter=PARAMETERS)).with_parameters(truth)
    case = study.at(2023)
    solution = solve_flows(case, SolverOptions(relative_gap=1e-10, threads=1))
    view = TableView(LazyTables(case, solution, solution.flow_summary))
    return {name: parse_expression(indicator).value(view) for name, indicator in INDICATORS.items()}


def observed_csv(values: Mapping[str, float], *, noise: float = 0.0, seed: int = 0, error: float = 0.05) -> str:
    """Table ``observed`` with these values, each in a group of its own and fitted."""
    random = np.random.default_rng(seed)
    lines = ["observed_id,what,role,year,value,indicator,standard_error,error_reason"]
    for name, value in values.items():
        seen = value * np.exp(noise * random.standard_normal())
        lines.append(f'{name},{name},fit,2023,{seen:.17g},"{INDICATORS[name]}",{error},noise')
    return "\n".join(lines)


def study_of_truth(folder: Path, values: Mapping[str, float], **more: float) -> ll.Study:
    """The study with its prior inputs and observations of the truth."""
    observed = observed_csv(values, **more)  # type: ignore[arg-type]
    settings = "relative_gap = 1e-9"
    path = write_small_study(folder, parameter=PARAMETERS, observed=observed)
    text = (path / "study.toml").read_text(encoding="utf-8")
    (path / "study.toml").write_text(text + f"\n[solver]\n{settings}\n", encoding="utf-8")
    return ll.open_study(path)
