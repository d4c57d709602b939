"""Several results together."""

from __future__ import annotations

import pytest

import landlink as ll
from tests.support.report_fixture import bare_results


@pytest.fixture(scope="module")
def cases() -> ll.Results:
    return ll.Results(bare_results())


def test_they_iterate_and_slice_by_place_and_by_name(cases):
    assert len(cases) == len(list(cases)) == 4
    assert cases[0] is next(iter(cases))
    assert cases["bypass-2030"] is cases["2030 with the bypass"] is cases[2]
    assert len(cases[1:3]) == 2
    assert cases["2030":"bypass-2030"].names == ("2030", "bypass-2030")
    with pytest.raises(ll.UnknownNameError, match="bypass"):
        cases["2030 + bypas"]
    with pytest.raises(IndexError):
        cases[9]


def test_none_is_refused():
    with pytest.raises(ll.InputError):
        ll.Results([])


def test_compare_report_export_and_save(cases, tmp_path):
    assert cases.compare().equals(ll.compare(*cases))
    assert cases.report(tmp_path / "out.html").read_text("utf-8").startswith("<!doctype html>")
    files = cases.export(tmp_path / "out", to="csv")
    assert len({file.name for file in files}) == 4
    assert all((file / "link.csv").is_file() for file in files)
    saved = cases[:2].save(tmp_path / "saved")
    assert [ll.open_result(folder).label for folder in saved] == [cases[0].label, cases[1].label]
