"""Results for the tests of the report: the small study solved, bare and with everything a report can show."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

import landlink as ll
from landlink.report import report
from landlink.results.result import Result
from tests.support.made_once import made_once
from tests.support.small_study import TABLES, write_small_study

#: A name that would do harm if it reached the page as markup.
HOSTILE = '<script>alert(1)</script> & "quotes" \'n all'

#: Sections that a report on these results has.
SECTIONS = [
    "answer", "summary", "base", "differences", "flows", "crossings", "bottleneck", "times", "carbon", "trade",
    "structure", "uncertainty", "held", "inputs", "sources", "provenance",
]  # fmt: skip

SENSITIVITY = pd.DataFrame(
    {
        "title": ["Truck cost", HOSTILE],
        "title_ru": ["Цена грузовика", ""],
        "low": [0.8, 0.5],
        "high": [1.2, 2.0],
        "headline_base": 1e6,
        "headline_low": [0.9e6, 2.0e6],
        "headline_high": [1.3e6, 0.4e6],
        "unit": "t/year",
    }
)

_BOUNDARY = """
boundary_id,country,name,name_ru,name_ar,geometry
AAA,AAA,Westland,Западная,الغرب,"MULTIPOLYGON (((69 39, 71 39, 71 41, 69 41, 69 39)))"
BBB,BBB,Eastland,Восточная,الشرق,"POLYGON ((71 39, 73 39, 73 41, 71 41, 71 39))"
"""

_OBSERVED = """
observed_id,what,heading,value,unit,tolerance,bound,indicator,scale,compares,role,standard_error,error_reason,quality,source,note
O1,Trucks at the Gate,Crossings,100,trucks/day,0.2,value,crossing.trucks_per_day[GATE],1,value,validation,,,published,,
O2,Trucks at the Gate at least,Crossings,1,trucks/day,0,lower,crossing.trucks_per_day[GATE],1,value,bound,,,published,,
O3,Distance by road,Distances,200,km,0.02,value,"distance.km[N1,N2,road]",1,value,input,,,measured,,An input
O4,All freight,Tonnes,0.7,Mt,,value,total.tonnes_per_year,0.000001,value,fit,0.2,two sources differ,estimated,,
O5,Easier checks save,Claims,9,h,,value,"od.time_h[Z1,Z2,road]",1,saving,validation,,,published,,
O6,The bypass carries at full use,Claims,15,Mt,,upper,,1,value,bound,,,published,,A claim of capacity
"""

_SOURCE = """
source_id,title,licence,url
S1,Yearbook 2023,CC BY 4.0,https://example.org/yearbook
S2,An address that is none,,javascript:alert(1)
"""


def _solve(folder: Path, **replaced: str) -> tuple[Result, ...]:
    study = ll.open_study(write_small_study(folder, **replaced))
    return (
        ll.solve(study.at(2023)),
        ll.solve(study.at(2030)),
        ll.solve(study.apply("bypass").at(2030)),
        ll.solve(study.apply("easy-gate").at(2030)),
    )


@cache
def bare_results() -> tuple[Result, ...]:
    """Today, 2030, 2030 with the bypass, 2030 with faster checks; no outlines, observations or sources."""
    with TemporaryDirectory() as folder:
        return _solve(Path(folder) / "bare")


@cache
def rich_results() -> tuple[Result, ...]:
    """The same with outlines, observations, claims, sources and a hostile name for each kind of thing."""
    quoted = '"' + HOSTILE.replace('"', '""') + '"'
    with TemporaryDirectory() as folder:
        return _solve(
            Path(folder) / "rich",
            boundary=_BOUNDARY,
            observed=_OBSERVED.replace("Trucks at the Gate,", f"{quoted},"),
            source=_SOURCE,
            zone=TABLES["zone"].replace("West", quoted),
            node=TABLES["node"].replace("Westport", quoted),
            crossing=TABLES["crossing"].replace(",Gate,", f",{quoted},"),
            commodity=TABLES["commodity"].replace("Machinery", quoted),
            measure=TABLES["measure"].replace("Western bypass", quoted),
        )


def rich_page(language: str = "en") -> Path:
    """The report on the rich results with their sensitivity, written once for all tests; they only read it."""

    def write(folder: Path) -> None:
        report(rich_results(), folder / f"{language}.html", language=language, sensitivity=SENSITIVITY)

    return made_once(f"rich-page-{language}", write) / f"{language}.html"


def bare_page(language: str = "en") -> Path:
    """The report on the bare results, in the same way."""

    def write(folder: Path) -> None:
        report(bare_results(), folder / f"{language}.html", language=language)

    return made_once(f"bare-page-{language}", write) / f"{language}.html"
