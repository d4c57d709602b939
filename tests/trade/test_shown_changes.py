"""Changes of trade show themselves as a title and a table; what is no table of changes is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import landlink as ll
from tests.support.trade_worlds import closed_sectors

ROWS = [("A", "A", 80.0), ("A", "<B>", 20.0), ("<B>", "A", 20.0), ("<B>", "<B>", 180.0)]
SHOCK = [("A", "<B>", 0.9)]


def shown() -> list[Any]:
    world = closed_sectors(3, 2, 1)
    return [
        ll.trade.counterfactual(ROWS, SHOCK, sigma=5),
        ll.trade.draw_elasticities(ROWS, SHOCK, sigma=5, sigma_error=1, draws=3),
        ll.trade.sector_counterfactual(world, tariff=np.zeros_like(world.tariff), deficits="fixed"),
    ]


def test_a_notebook_shows_round_figures_and_no_arrays() -> None:
    for found in shown():
        text, page = repr(found), found._repr_html_()
        assert "array(" not in text
        title, heads, *rows = text.splitlines()
        assert title.startswith("Counterfactual of")
        assert title.endswith("in %")
        assert "real income" in heads
        names = found.countries if hasattr(found, "countries") else found.world.regions
        assert len(rows) == len(names)
        assert page.count("<tr") == len(names) + 1
        assert "<B>" not in page
    found = shown()[0]
    assert f"{100 * (found.real_income[1] - 1):+.2f}" in repr(found).splitlines()[3]


@pytest.mark.parametrize("shock", [5, [1, 2], {"AAA": 0.9}, ["AAA", "BBB"], [("A", "<B>")], None])
def test_what_is_no_table_is_refused(shock: Any) -> None:
    with pytest.raises(ll.InputError, match="costs: no table"):
        ll.trade.counterfactual(ROWS, shock, sigma=5)
