"""landlink: an open planning workbench for cross-border corridors.

    >>> import landlink as ll
    >>> study = ll.open_study("china-kyrgyzstan")
    >>> base = ll.solve(study.scenario("base-2030"))  # doctest: +SKIP
    >>> plan = ll.solve(study.scenario("cku-2030"))  # doctest: +SKIP
    >>> ll.Results([base, plan]).compare()  # doctest: +SKIP

The names below are loaded when first used, so that ``import landlink`` and
``landlink --help`` stay quick.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from landlink.core.registry import load_with
from landlink.core.version import VERSION

if TYPE_CHECKING:
    from landlink import border, statement, trade
    from landlink.analysis.decomposition import Decomposition, decompose_effect
    from landlink.analysis.emissions import Emissions, emissions
    from landlink.analysis.ileap_export import export_ileap
    from landlink.analysis.sensitivity import sensitivity
    from landlink.appraisal.abatement import abatement_curve
    from landlink.appraisal.abatement_curve import AbatementCurve
    from landlink.appraisal.appraisal import Appraisal, open_appraisal
    from landlink.appraisal.appraise import appraise
    from landlink.border.crossing import Crossing, crossing
    from landlink.border.simulate import Simulation
    from landlink.calibration.calibrate_study import calibrate
    from landlink.core.errors import (
        ConvergenceError,
        EnsembleError,
        InputError,
        LandlinkError,
        OutputError,
        Problem,
        ResultError,
        StudyNotFoundError,
        UnknownNameError,
    )
    from landlink.ensemble.question import Answer, ask
    from landlink.ensemble.scenario_run import run_ensemble
    from landlink.freight.domestic_demand import DomesticDemand, domestic_demand
    from landlink.model.options import SolverOptions
    from landlink.model.solve import solve
    from landlink.report.border_page import BorderFacts, border_page
    from landlink.report.cases import Results
    from landlink.report.chain import Chain, chain
    from landlink.report.fit_page import fit_page
    from landlink.report.page import report
    from landlink.resilience.assess import replay, resilience
    from landlink.resilience.criticality import criticality
    from landlink.resilience.criticality_result import Criticality
    from landlink.resilience.response import response_sites
    from landlink.resilience.response_plan import ResponsePlan
    from landlink.results.compare import compare, open_result
    from landlink.results.export import export
    from landlink.results.provenance import Provenance
    from landlink.results.result import Result
    from landlink.study import Scenario, Study, open_study
    from landlink.traffic.assign import Assigned, assign
    from landlink.traffic.elastic import ElasticAssigned, assign_elastic
    from landlink.traffic.junctions import give_way
    from landlink.traffic.road_network import RoadNetwork
    from landlink.traffic.skims import Skims, read_skims, skim, skim_to
    from landlink.traffic.tntp import read_tntp, read_tntp_flows
    from landlink.traffic.trip_table import TripTable

__version__ = VERSION

__all__ = [
    "AbatementCurve",
    "Answer",
    "Appraisal",
    "Assigned",
    "BorderFacts",
    "Chain",
    "ConvergenceError",
    "Criticality",
    "Crossing",
    "Decomposition",
    "DomesticDemand",
    "ElasticAssigned",
    "Emissions",
    "EnsembleError",
    "InputError",
    "LandlinkError",
    "OutputError",
    "Problem",
    "Provenance",
    "ResponsePlan",
    "Result",
    "ResultError",
    "Results",
    "RoadNetwork",
    "Scenario",
    "Simulation",
    "Skims",
    "SolverOptions",
    "Study",
    "StudyNotFoundError",
    "TripTable",
    "UnknownNameError",
    "__version__",
    "abatement_curve",
    "appraise",
    "ask",
    "assign",
    "assign_elastic",
    "border",
    "border_page",
    "calibrate",
    "chain",
    "compare",
    "criticality",
    "crossing",
    "decompose_effect",
    "domestic_demand",
    "emissions",
    "export",
    "export_ileap",
    "fit_page",
    "give_way",
    "open_appraisal",
    "open_result",
    "open_study",
    "read_skims",
    "read_tntp",
    "read_tntp_flows",
    "replay",
    "report",
    "resilience",
    "response_sites",
    "run_ensemble",
    "sensitivity",
    "skim",
    "skim_to",
    "solve",
    "statement",
    "trade",
]

#: Module of each public name.
_HOME = {
    "AbatementCurve": "landlink.appraisal.abatement_curve",
    "Answer": "landlink.ensemble.question",
    "Appraisal": "landlink.appraisal.appraisal",
    "Assigned": "landlink.traffic.assign",
    "BorderFacts": "landlink.report.border_page",
    "Chain": "landlink.report.chain",
    "ConvergenceError": "landlink.core.errors",
    "Criticality": "landlink.resilience.criticality_result",
    "Crossing": "landlink.border.crossing",
    "Decomposition": "landlink.analysis.decomposition",
    "DomesticDemand": "landlink.freight.domestic_demand",
    "ElasticAssigned": "landlink.traffic.elastic",
    "Emissions": "landlink.analysis.emissions",
    "EnsembleError": "landlink.core.errors",
    "TripTable": "landlink.traffic.trip_table",
    "InputError": "landlink.core.errors",
    "LandlinkError": "landlink.core.errors",
    "OutputError": "landlink.core.errors",
    "Problem": "landlink.core.errors",
    "Provenance": "landlink.results.provenance",
    "ResponsePlan": "landlink.resilience.response_plan",
    "Result": "landlink.results.result",
    "ResultError": "landlink.core.errors",
    "Results": "landlink.report.cases",
    "RoadNetwork": "landlink.traffic.road_network",
    "Scenario": "landlink.study",
    "Simulation": "landlink.border.simulate",
    "Skims": "landlink.traffic.skims",
    "SolverOptions": "landlink.model.options",
    "Study": "landlink.study",
    "StudyNotFoundError": "landlink.core.errors",
    "UnknownNameError": "landlink.core.errors",
    "abatement_curve": "landlink.appraisal.abatement",
    "appraise": "landlink.appraisal.appraise",
    "ask": "landlink.ensemble.question",
    "assign": "landlink.traffic.assign",
    "assign_elastic": "landlink.traffic.elastic",
    "border_page": "landlink.report.border_page",
    "calibrate": "landlink.calibration.calibrate_study",
    "chain": "landlink.report.chain",
    "compare": "landlink.results.compare",
    "criticality": "landlink.resilience.criticality",
    "crossing": "landlink.border.crossing",
    "decompose_effect": "landlink.analysis.decomposition",
    "domestic_demand": "landlink.freight.domestic_demand",
    "emissions": "landlink.analysis.emissions",
    "export": "landlink.results.export",
    "export_ileap": "landlink.analysis.ileap_export",
    "fit_page": "landlink.report.fit_page",
    "give_way": "landlink.traffic.junctions",
    "open_appraisal": "landlink.appraisal.appraisal",
    "open_result": "landlink.results.compare",
    "open_study": "landlink.study",
    "read_skims": "landlink.traffic.skims",
    "read_tntp": "landlink.traffic.tntp",
    "read_tntp_flows": "landlink.traffic.tntp",
    "replay": "landlink.resilience.assess",
    "report": "landlink.report.page",
    "resilience": "landlink.resilience.assess",
    "response_sites": "landlink.resilience.response",
    "run_ensemble": "landlink.ensemble.scenario_run",
    "sensitivity": "landlink.analysis.sensitivity",
    "skim": "landlink.traffic.skims",
    "skim_to": "landlink.traffic.skims",
    "solve": "landlink.model.solve",
}

#: Packages with their own public names.
_FACES = ("border", "statement", "trade")


# Registries are filled by the composition root, each when it is first read.
load_with(lambda registry: import_module(f"landlink.floors.{registry}"))


class _Package(ModuleType):
    """The package as a module whose ``report`` remains the function after the package of that name is loaded."""

    def __setattr__(self, name: str, value: object) -> None:
        # The import system sets every loaded submodule as an attribute, but these names are functions.
        if not (isinstance(value, ModuleType) and name in _HOME):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> object:
    if name in _FACES:
        return import_module(f"landlink.{name}")
    if name not in _HOME:
        message = f"module 'landlink' has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
