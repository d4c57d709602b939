"""Places of indicators in the shell's tables: which are told from one to the other, and which between two."""

from __future__ import annotations

import pytest

from landlink.cli.headlines import place_of

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
