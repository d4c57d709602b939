"""Response units of the bundled study: whose they are, where they can go, and that they are told as what they are."""

from __future__ import annotations

import pytest

import landlink as ll
from landlink.tables.lists import split_list

LOSSES = {"link:RD008": 70_000.0, "link:RD012": 65_000.0, "link:RD016": 9_000.0, "link:RD020": 11_000.0}


@pytest.fixture(scope="module")
def study() -> ll.Study:
    return ll.open_study("china-kyrgyzstan")


def test_every_row_has_a_source_and_is_marked_estimated(study: ll.Study) -> None:
    for name in ("response_unit", "response_site"):
        frame = study.tables[name]
        assert all(split_list(cell) for cell in frame["source"])
        assert set(frame["quality"]) == {"estimated"}
    sites = study.tables["response_site"]
    assert {"existing", "candidate"} == set(sites["status"])
    assert set(sites["unit_id"]) == set(study.tables["response_unit"]["unit_id"])


def test_road_clearing_is_added_on_the_road_to_torugart(study: ll.Study) -> None:
    found = ll.response_sites(study, units=2, kinds=["road_clearing"], losses=LOSSES, coordination=True)
    (plan,) = found.kinds
    assert plan.chosen.gap <= 1e-6
    added = [
        site.node
        for site, more in zip(plan.kind.sites, (plan.chosen.units - plan.now.units).tolist(), strict=True)
        if more
    ]
    assert set(added) <= {"AKBE", "DOLO", "KOCH", "TORU", "ATBA", "NARY"}
    assert plan.worth_usd_per_year > 0
    hours = found.rows("node").set_index("row")["hours"]
    assert hours["TOOA"] == 1.0
    assert hours["BISH"] == 1.0
    assert found.rows("place").set_index(["hazard_id", "row"]).loc[("winter-too-ashuu", "RD016"), "served_by"]
