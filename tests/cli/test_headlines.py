"""Places of indicators in the shell's tables: which are told from one to the other, and which between two."""

from __future__ import annotations

import pandas as pd
import pytest

from landlink.cli.headlines import focus_of, headlines, link_names, place_of
from tests.support.report_fixture import bare_results

NAMES = {"W": "West", "E": "East"}


@pytest.mark.parametrize(
    ("indicator", "place"),
    [
        ("border.tonnes_per_year[CHN,KGZ,rail]", "China → Kyrgyzstan"),
        ("border.trucks_per_day[CHN,KGZ]", "China – Kyrgyzstan"),
        ("od.time_h[W,E]", "West → East"),
        ("crossing.trucks_per_day[W]", "West"),
    ],
)
def test_one_direction_is_told_from_both(indicator: str, place: str) -> None:
    assert place_of(indicator, NAMES) == place


def test_places_in_focus_come_before_busier_ones_and_the_headline_before_all() -> None:
    busy = {f"crossing.trucks_per_day[C{place}]": 1000.0 - place for place in range(9)}
    values = {
        "total.tonnes_per_year": 5.0,
        **busy,
        "crossing.trucks_per_day[OURS]": 3.0,
        "crossing.tonnes_per_year[OURS]": 0.0,
    }
    frame = pd.DataFrame({"indicator": list(values), "value": list(values.values()), "unit": "x"})
    shown = headlines(frame, {"OURS"}, "crossing.tonnes_per_year[OURS]").indicator.tolist()
    assert shown[:4] == [
        "crossing.tonnes_per_year[OURS]", "total.tonnes_per_year", "crossing.trucks_per_day[OURS]",
        "crossing.trucks_per_day[C0]",
    ]  # fmt: skip
    assert len(shown) == 2 + 6
    assert headlines(frame).indicator.tolist()[:2] == ["total.tonnes_per_year", "crossing.trucks_per_day[C0]"]


def test_the_focus_is_what_the_measures_change() -> None:
    _, base, bypass, _ = bare_results()
    assert focus_of(bypass) - focus_of(base)
    assert set(bypass.provenance.run.changed_crossings) <= focus_of(bypass)
    assert all(" – " in name for name in link_names(base).values())
