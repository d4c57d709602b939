"""Cells with one name, or several with their shares."""

from __future__ import annotations

import pytest

from landlink.tables.share_cells import parse_shares


def test_one_name_has_all():
    assert parse_shares("CHN") == {"CHN": 1.0}


def test_rounded_shares_are_scaled_to_one():
    shares = parse_shares("CHN=0.333; JPN=0.333;KOR=0.333")
    assert list(shares) == ["CHN", "JPN", "KOR"]
    assert sum(shares.values()) == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("CHN;JPN", "CHN has no share"),
        ("CHN=0.5;CHN=0.5", "CHN is named twice"),
        ("CHN=0.5;JPN=0.4", "the shares add to 0.9"),
        ("CHN=1.5;JPN=-0.5", "the share of CHN is not a number above 0"),
        ("CHN=half;JPN=0.5", "the share of CHN is not a number above 0"),
        ("CHN=0_5;JPN=0.5", "the share of CHN is not a number above 0"),
        ("=1", "a name is missing"),
        ("CHN;", "CHN has no share"),
    ],
)
def test_faults_are_told(text: str, told: str):
    with pytest.raises(ValueError, match=told):
        parse_shares(text)
