"""The convergence criterion of a solution, by its certificate alone."""

from __future__ import annotations

from typing import Final

from landlink.equilibrium.certificate import Certificate

#: Tolerance for rounding: imbalance at a node relative to a class's demand.
CONSERVED: Final = 1e-9


def is_converged(certificate: Certificate, target: float) -> bool:
    """Whether flows reach a relative gap and are conserved.

    Parameters
    ----------
    certificate
        Certificate of the flows.
    target
        Target of the relative gap.
    """
    sound = certificate.conservation <= CONSERVED
    return bool(sound and certificate.relative_gap <= target)
