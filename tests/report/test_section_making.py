"""Reports made in two processes: the bytes of one process, also where the other fails."""

from __future__ import annotations

import subprocess
import sys

import pytest

from landlink.ensemble.side_process import SideProcess
from landlink.report.page import write_report
from landlink.report.section_making import Sources, made_sections
from landlink.report.section_registry import SECTIONS
from landlink.results.compare import open_lazily
from landlink.results.result import Result
from tests.support.report_fixture import SENSITIVITY, rich_results


def written(path, results, beside=None, language="en"):
    return write_report(Sources(results, language, sensitivity=SENSITIVITY), path, beside=beside).read_bytes()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_processes_write_the_bytes_of_one(tmp_path, language):
    results = rich_results()
    with SideProcess() as beside:
        both = written(tmp_path / "both.html", results, beside, language)
    assert both == written(tmp_path / "one.html", results, language=language)


def test_the_other_process_draws_the_maps_and_this_one_does_not():
    sources = Sources(rich_results(), "en")
    material = sources.material(sources.words())
    with SideProcess() as beside:
        sections, definitions = made_sections(sources, material, beside)
    assert "atlas" not in vars(material), "base maps were made here too"
    assert 'id="sheet-region' in definitions
    on_maps = [maker.name for maker in SECTIONS.values() if maker.on_maps]
    assert on_maps
    assert {"answer", "flows", "differences"} <= {section.identifier for section in sections}


def test_a_process_that_is_killed_is_done_without(tmp_path):
    results = rich_results()
    with SideProcess() as beside:
        beside._process.stop()
        both = written(tmp_path / "both.html", results, beside)
    assert both == written(tmp_path / "one.html", results)


def test_saved_results_are_read_by_both(tmp_path):
    saved = [
        Result(dict(one.tables), one.provenance).save(tmp_path / str(place)) for place, one in enumerate(rich_results())
    ]
    with SideProcess() as beside:
        both = written(tmp_path / "both.html", [open_lazily(folder) for folder in saved], beside)
    assert both == written(tmp_path / "one.html", [open_lazily(folder) for folder in saved])


@pytest.mark.parametrize("module", ["landlink.floors.sections", "landlink.floors.indicators"])
def test_what_reports_and_comparisons_are_made_of_loads_no_solver(module: str) -> None:
    heavy = {"numba", "scipy", "landlink.equilibrium.solve"}
    code = f"import sys, {module}; sys.exit(','.join({heavy} & set(sys.modules)))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.stderr.strip() == ""
