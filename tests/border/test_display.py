"""Displays of crossings, simulations and recovery plans: short in a console, a table in a notebook."""

from __future__ import annotations

import re
from datetime import date

import pytest

import landlink as ll
from landlink.core.errors import UnknownNameError
from tests.support.bundled import bundled_study
from tests.support.recovery_study import EFFECTS, HEALTH, MEASURES
from tests.support.small_border import write_small_border

DAY = date(2024, 6, 3)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> ll.Study:
    folder = tmp_path_factory.mktemp("display") / "study"
    return ll.open_study(write_small_border(folder, measure=MEASURES, effect=EFFECTS, **HEALTH))


def fits_a_screen(text: str) -> bool:
    lines = text.splitlines()
    return len(lines) <= 10 and all(len(line) <= 80 for line in lines)


def cells(html: str) -> list[str]:
    return re.findall(r"<td>(.*?)</td>", html)


def test_a_crossing_names_its_stages_and_classes(study: ll.Study) -> None:
    gate = ll.crossing(study, "gate")
    assert fits_a_screen(repr(gate))
    assert "Crossing GATE (road) of study: Gate, AAA – BBB" in repr(gate)
    assert "3 stages: documents, scales, swap" in repr(gate)
    assert "vehicle classes: loaded, fresh" in repr(gate)
    assert {"documents", "scales", "swap"} <= set(cells(gate._repr_html_()))
    assert "cannot be simulated" in repr(ll.crossing(study, "gate", family="rail"))


def test_a_family_without_a_row_is_refused(study: ll.Study) -> None:
    with pytest.raises(UnknownNameError, match=r"no row for this family .found 'air'.; allowed: road, rail"):
        ll.crossing(study, "gate", family="air")


def test_bundled_crossings_fit_a_screen() -> None:
    torugart = ll.crossing(bundled_study().apply("cku-railway"), "torugart")
    assert fits_a_screen(repr(torugart))
    assert "cku-railway" in repr(torugart)


def test_a_simulation_shows_waits_by_direction_with_intervals(study: ll.Study) -> None:
    found = ll.crossing(study, "gate").simulate(start=DAY, days=7, replications=3)
    assert fits_a_screen(repr(found))
    times = found.times()
    row = times[(times["stage"] == "*") & (times["vehicle_class"] == "*") & (times["measure"] == "wait")]
    for way in ("*", "ab", "ba"):
        mean = row[(row["direction"] == way) & (row["statistic"] == "mean")].iloc[0]
        shown = f"{mean['hours']:.3g} ({mean['low']:.3g}–{mean['high']:.3g})"
        assert shown in repr(found)
        assert shown in cells(found._repr_html_())


def test_an_unstable_simulation_says_so_and_shows_no_times(study: ll.Study) -> None:
    found = ll.crossing(study, "gate").simulate(start=DAY, days=7, replications=2, load=8.0)
    assert fits_a_screen(repr(found))
    assert "Unstable: the vehicles inside grow by" in repr(found)
    assert cells(found._repr_html_())[2] == "–"


@pytest.mark.parametrize(
    ("text", "shown"), [("gate >= 140/day", "cheapest"), ("gate >= 5000/day", "capacity is binding")]
)
def test_a_recovery_shows_its_plans_or_what_is_binding(study: ll.Study, text: str, shown: str) -> None:
    options = ll.border.RecoveryOptions(DAY, limit=20.0)
    found = ll.border.recover(study, ll.border.parse_target(text, study), options)
    assert fits_a_screen(repr(found))
    assert shown in repr(found)
    assert "at most 20 infectious entries per week" in repr(found).replace("\n", " ")
    assert f"{found.now.entries_per_week:.3g}" in found._repr_html_()
