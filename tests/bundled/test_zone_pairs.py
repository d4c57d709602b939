"""How flows split over pairs of zones: by masses and distance, with known shares kept."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.china_kyrgyzstan.map_shapes import great_circle_km
from tools.china_kyrgyzstan.zone_pairs import NEAREST_KM, pair_shares
from tools.china_kyrgyzstan.zone_shares import Part

PLACES = {"a": (60.0, 50.0), "b": (75.0, 43.0), "x": (61.0, 52.0), "y": (38.0, 56.0), "z": (76.0, 44.0)}
ORIGINS, ENDS = {"a": 0.3, "b": 0.7}, {"x": 0.2, "y": 0.5, "z": 0.3}


def sums(shares: dict[tuple[str, str], float], end: int) -> dict[str, float]:
    total: dict[str, float] = {}
    for pair, share in shares.items():
        total[pair[end]] = total.get(pair[end], 0.0) + share
    return total


def test_two_masses_and_an_inverse_distance():
    shares = pair_shares(Part(ORIGINS, held=False), Part(ENDS, held=False), PLACES, by_distance=True)
    assert sum(shares.values()) == pytest.approx(1.0)

    def weight(o: str, d: str) -> float:
        return ORIGINS[o] * ENDS[d] / max(NEAREST_KM, great_circle_km(PLACES[o], PLACES[d]))

    assert shares["a", "y"] / shares["b", "z"] == pytest.approx(weight("a", "y") / weight("b", "z"))


def test_without_distance_shares_multiply():
    shares = pair_shares(Part(ORIGINS, held=False), Part(ENDS, held=True), PLACES, by_distance=False)
    assert shares["b", "y"] == pytest.approx(0.35)


def test_known_shares_hold():
    shares = pair_shares(Part(ORIGINS, held=True), Part(ENDS, held=False), PLACES, by_distance=True)
    assert sums(shares, 0) == pytest.approx(ORIGINS)
    assert sums(shares, 1)["z"] > ENDS["z"]  # near to the heavier origin


@given(
    st.lists(st.floats(0.05, 1.0), min_size=2, max_size=4),
    st.lists(st.floats(0.05, 1.0), min_size=2, max_size=4),
    st.randoms(use_true_random=False),
)
def test_shares_of_both_ends_hold_together(sent, taken, random):
    rows = {f"o{i}": share / sum(sent) for i, share in enumerate(sent)}
    columns = {f"d{i}": share / sum(taken) for i, share in enumerate(taken)}
    places = {zone: (random.uniform(30, 90), random.uniform(30, 60)) for zone in (*rows, *columns)}
    shares = pair_shares(Part(rows, held=True), Part(columns, held=True), places, by_distance=True)
    assert sums(shares, 0) == pytest.approx(rows, rel=1e-6)
    assert sums(shares, 1) == pytest.approx(columns, rel=1e-6)


def test_a_zone_trades_nothing_with_itself():
    both = Part({"a": 0.5, "b": 0.5}, held=False)
    shares = pair_shares(both, both, PLACES, by_distance=True)
    assert set(shares) == {("a", "b"), ("b", "a")}
    assert np.isclose(shares["a", "b"], 0.5)
