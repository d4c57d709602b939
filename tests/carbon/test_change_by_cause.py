"""Why emissions change: parts that add up, closed cases, and both directions alike."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landlink.carbon.change_by_cause import CAUSES, change_by_cause, divisia

AMOUNTS = st.lists(st.floats(1e-3, 1e9), min_size=3, max_size=3)
SOME = st.lists(st.one_of(st.just(0.0), st.floats(1e-3, 1e9)), min_size=3, max_size=3)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_parts_add_up_and_the_way_back_is_the_opposite(before, after, tkm, tkm_after):
    co2e, freight = np.array([before, after]), np.array([tkm, tkm_after])
    parts = divisia(co2e, freight)
    size = max(co2e.sum(axis=1)) + sum(map(abs, parts))
    assert sum(parts) == pytest.approx(co2e[1].sum() - co2e[0].sum(), abs=1e-9 * size)
    back = divisia(co2e[::-1], freight[::-1])
    assert back == pytest.approx([-one for one in parts], abs=1e-9 * size)


@given(SOME, SOME)
def test_families_that_come_or_go_leave_no_rest(before, after):
    co2e = np.array([before, after])
    parts = divisia(co2e, co2e * 10.0)
    size = max(co2e.sum(axis=1)) + sum(map(abs, parts)) + 1.0
    assert sum(parts) == pytest.approx(co2e[1].sum() - co2e[0].sum(), abs=1e-9 * size)
    # Where a tonne-kilometre takes the same in both, nothing is intensity.
    assert parts[2] == pytest.approx(0.0, abs=1e-9 * size)


def test_one_cause_alone_takes_all():
    co2e, tkm = np.array([60.0, 20.0]), np.array([500.0, 1000.0])
    more = divisia(np.array([co2e, 1.5 * co2e]), np.array([tkm, 1.5 * tkm]))
    assert more == pytest.approx([40.0, 0.0, 0.0])
    cleaner = divisia(np.array([co2e, 0.5 * co2e]), np.array([tkm, tkm]))
    assert cleaner == pytest.approx([0.0, 0.0, -40.0])
    # 250 tkm go from the family at 0.12 to that at 0.02.
    shifted = divisia(np.array([co2e, [30.0, 25.0]]), np.array([tkm, [250.0, 1250.0]]))
    assert shifted == pytest.approx([0.0, -25.0, 0.0])


def _tables(rows: list[tuple[str, str, float]], tkm: dict[str, float]) -> dict[str, pd.DataFrame]:
    country = pd.DataFrame({"family": [*tkm, "all"], "tkm_per_year": [*tkm.values(), sum(tkm.values())]})
    return {
        "emission_country": pd.DataFrame(rows, columns=["family", "element", "co2e_t_per_year"]),
        "country": country,
    }


def test_waits_and_terminals_stand_beside_what_carries():
    before = _tables([("road", "running", 100.0), ("road", "waiting", 30.0)], {"road": 1000.0})
    after = _tables(
        [("road", "running", 100.0), ("road", "waiting", 10.0), ("terminal", "handling", 2.0)], {"road": 1000.0}
    )
    found = change_by_cause(before, after)
    assert tuple(found) == CAUSES
    assert found == pytest.approx(
        {"activity": 0.0, "mode_shift": 0.0, "intensity": 0.0, "waiting": -20.0, "terminals": 2.0}
    )
