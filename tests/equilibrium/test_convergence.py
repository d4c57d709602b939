"""When an answer counts as converged, and how rounds are reported."""

from __future__ import annotations

import pytest

from landlink.equilibrium.certificate import Certificate
from landlink.equilibrium.convergence import CONSERVED, is_converged
from landlink.equilibrium.rounds import report_round


@pytest.mark.parametrize(
    ("gap", "conservation", "converged"),
    [(1e-6, 0.0, True), (1.1e-6, 0.0, False), (0.0, CONSERVED, True), (0.0, 2 * CONSERVED, False)],
)
def test_a_gap_counts_only_where_flows_are_conserved(gap: float, conservation: float, converged: bool):
    assert is_converged(Certificate(gap, conservation, 1.0), 1e-6) is converged


def test_rounds_are_reported_with_the_share_done_on_a_log_scale():
    told: list[tuple[str, float | None]] = []
    report_round(lambda *news: told.append(news), 7, 1e-3, 1e-6)
    report_round(lambda *news: told.append(news), 8, 0.25, 1e-6, what="violation")
    report_round(None, 9, 0.1, 1e-6)
    assert [what for what, _ in told] == ["round 7, relative gap 1.0e-03", "round 8, violation 2.5e-01"]
    assert told[0][1] == pytest.approx(0.5)
