"""The borders of the world: every country is there, places lie in their countries, and neighbours meet."""

from __future__ import annotations

import numpy as np
import pytest

from landlink.core.borders import outlines
from landlink.core.countries import countries

#: Too small for the scale of the source, part of another outline there, or left out.
ABSENT = {"ATA", "BES", "BVT", "CCK", "CXR", "GIB", "TKL", "TUV", "UMI"}

PLACES = {
    "Nairobi": (36.82, -1.29, "KEN"),
    "Kampala": (32.58, 0.32, "UGA"),
    "Kigali": (30.06, -1.94, "RWA"),
    "Juba": (31.58, 4.85, "SSD"),
    "Khartoum": (32.53, 15.5, "SDN"),
    "Maseru, within South Africa": (27.6, -29.4, "LSO"),
    "Bloemfontein": (26.2, -29.1, "ZAF"),
    "Goma's hinterland": (28.5, -1.6, "COD"),
    "Inland of Cayenne": (-53.0, 4.0, "GUF"),
    "Lyon": (4.8, 45.8, "FRA"),
    "La Paz": (-68.15, -16.5, "BOL"),
    "Asunción": (-57.3, -25.3, "PRY"),
    "Chukotka, beyond the antimeridian": (-173.0, 66.5, "RUS"),
    "Taveuni, on the antimeridian": (180.0, -16.85, "FJI"),
    "Prishtina": (21.1, 42.6, "XKX"),
    "Bishkek": (74.6, 42.85, "KGZ"),
    "Suriname": (-56.0, 4.0, "SUR"),
}


def country_at(x: float, y: float) -> str:
    """Country of a place, by counting the borders east of it; holes take their area out again."""
    crossed: dict[str, int] = {}
    for country, ring in outlines():
        ends = np.roll(ring, -1, axis=0)
        for turn in (-360.0, 0.0, 360.0):
            spans = (ring[:, 1] > y) != (ends[:, 1] > y)
            start, end = ring[spans], ends[spans]
            at = start[:, 0] + (y - start[:, 1]) / (end[:, 1] - start[:, 1]) * (end[:, 0] - start[:, 0])
            crossed[country] = crossed.get(country, 0) + int((at > x + turn).sum()) % 2
    return ";".join(sorted(country for country, times in crossed.items() if times % 2))


@pytest.mark.parametrize("name", PLACES)
def test_places_lie_in_their_countries(name):
    x, y, country = PLACES[name]
    assert country_at(x, y) == country


def test_every_country_has_an_outline():
    drawn = {outline.country for outline in outlines()} - {""}
    assert drawn <= set(countries())
    assert set(countries()) - drawn == ABSENT


def test_neighbours_share_their_border():
    def points(country):
        return {tuple(np.round(p, 3)) for c, ring in outlines() if c == country for p in ring}

    for one, other in (("KEN", "UGA"), ("UGA", "RWA"), ("ZAF", "LSO"), ("CHN", "KGZ"), ("BRA", "BOL"), ("BRA", "GUF")):
        assert len(points(one) & points(other)) > 10


def test_no_outline_runs_along_the_antimeridian_or_jumps_round_the_world():
    for _, ring in outlines():
        ends = np.roll(ring, -1, axis=0)
        along = (np.abs(np.abs(ring[:, 0]) - 180) < 0.005) & (np.abs(np.abs(ends[:, 0]) - 180) < 0.005)
        assert not (along & (np.abs(ring[:, 1] - ends[:, 1]) > 0.02)).any()
        assert np.abs(ring[:, 0] - ends[:, 0]).max() < 30


def test_outer_rings_run_clockwise_and_come_largest_first():
    first = {}
    for country, ring in outlines():
        first.setdefault(country, ring)
    for country, ring in first.items():
        x, y = ring.T
        area = np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))
        assert area < 0, country
