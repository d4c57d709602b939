"""Towns at many times their capacity: few rounds to a gap at the limit of rounding."""

from __future__ import annotations

import landlink as ll
from benchmarks.town import town


def test_loads_of_many_times_capacity_converge_in_few_rounds() -> None:
    network, demand = town(20, 20, 20, trips=9000.0)
    solved = ll.assign(network, demand, gap=1e-12, max_iterations=60)
    assert solved.converged
    assert solved.relative_gap <= 1e-12
    assert (solved.flow / network.capacity).max() > 40
