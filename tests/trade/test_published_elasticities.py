"""The table of published elasticities: complete, within bounds, and equal to data at hand."""

from __future__ import annotations

import numpy as np
import pytest

from landlink.core.errors import InputError
from landlink.trade import published_elasticities
from tests.support.trade_worlds import REASON, REFERENCE


def test_every_sector_has_one_default_and_every_row_a_source() -> None:
    table = published_elasticities()
    assert set(table["use"]) == {"default", "alternative"}
    assert (table[table["use"] == "default"]["sector_id"].value_counts() == 1).all()
    assert set(table[table["use"] == "default"]["sector_id"]) == set(table["sector_id"])
    assert table[["sector", "estimated", "source"]].map(lambda cell: len(cell) > 3).all().all()
    assert (table["sigma"] > 1).all()
    assert (table["sigma_error"].dropna() > 0).all()
    assert published_elasticities(alternatives=False)["sigma_error"].notna().all()
    assert table["source"].str.contains(r"\((?:19|20)\d\d\)").all()


@pytest.mark.skipif(not REFERENCE.is_dir(), reason=REASON)
def test_elasticities_of_caliendo_and_parro_are_those_of_their_data() -> None:
    theirs = np.loadtxt(REFERENCE / "caliendo_parro" / "input" / "T.txt")
    table = published_elasticities()
    ours = table[table["source"].str.startswith("Caliendo")]["sigma"].to_numpy() - 1
    # Their model takes a mean of 8.22 for the two sectors of vehicles, whose estimates are low.
    for theta in theirs[~np.isclose(theirs, 8.22)]:
        assert np.abs(ours - theta).min() < 1e-9


def test_sectors_are_chosen_by_their_ids() -> None:
    coal = published_elasticities("coal")
    assert coal["sigma"].tolist() == [6.1]
    assert len(published_elasticities("goods")) > 1 == len(published_elasticities("goods", alternatives=False))
    with pytest.raises(InputError, match=r"unknown sector.*did you mean 'coal'"):
        published_elasticities("coals")
